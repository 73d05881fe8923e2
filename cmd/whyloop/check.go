package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"whyloop/mailer"
)

type checkCmd struct {
	Mail   bool          `negatable:"" default:"true" help:"Send two small mails from the mailbox to itself, and see what arrives; they are deleted again."`
	Listen bool          `help:"Wait for a mail from a rep's account as well: it tells which setting proves who wrote."`
	Wait   time.Duration `placeholder:"1m" help:"How long to wait for a mail of its own; one that a person writes is given ten minutes."`
	JSON   bool          `name:"json" help:"For a program: one object."`
}

// Help is shown under the command's own --help.
func (checkCmd) Help() string {
	return `One line for each thing looked at: ok, warn or fail, the last two with what mends it. It may be called before the daemon runs and while it does: nobody's mail is touched, and the daemon knows the mails of this command and leaves them alone.

Exit code: 0 if nothing failed (there may be warnings), 1 if anything did, 2 if the command was called wrongly.`
}

// checkWithin bounds one look.
const checkWithin = 30 * time.Second

// How a finding stands.
const (
	stateOK   = "ok"
	stateWarn = "warn" // it runs, but not as well as it could
	stateFail = "fail"
)

// finding is one thing looked at.
type finding struct {
	Check string `json:"check"`
	State string `json:"state"`
	Found string `json:"found"`
	Mend  string `json:"mend,omitempty"`
}

func well(format string, args ...any) finding {
	return finding{State: stateOK, Found: fmt.Sprintf(format, args...)}
}

func warned(mend, format string, args ...any) finding {
	return finding{State: stateWarn, Found: fmt.Sprintf(format, args...), Mend: mend}
}

func failed(err error, mend string) finding {
	return finding{State: stateFail, Found: err.Error(), Mend: mend}
}

// checkUp is one call of the command.
type checkUp struct {
	checkCmd
	env      *environ
	c        Config
	findings []finding
	mailbox  *mailer.Mailbox // once it could be opened
	sender   *mailer.Sender  // once it could be signed in with
	arrived  *mailer.Arrived // the mail to itself, once it came
}

// Run looks at everything, so that one call shows all that is to be mended.
func (cmd checkCmd) Run(env *environ) error {
	u := &checkUp{checkCmd: cmd, env: env}
	defer u.close()
	if u.begin() {
		for _, look := range []struct {
			what string
			look func(context.Context) finding
		}{
			{"files", u.files}, {"disk", u.disk}, {"store", u.store}, {"key", u.key}, {"daemon", u.daemon}, {"zones", u.zones}, {"letters", u.letters},
			{"oauth", func(ctx context.Context) finding { return u.c.lookAtOAuth(ctx) }},
			{"imap", u.imap}, {"smtp", u.smtp}, {"alerts", u.alerts},
			{"judge", func(ctx context.Context) finding { return u.c.lookAtJudge(ctx) }},
		} {
			u.look(look.what, look.look)
		}
		u.roundTrip()
		u.domain()
		u.listen()
	}
	return u.end()
}

// look does one thing and notes it.
func (u *checkUp) look(what string, do func(context.Context) finding) {
	ctx, cancel := context.WithTimeout(u.env.ctx, checkWithin)
	defer cancel()
	u.note(what, do(ctx))
}

// note prints a finding at once: some take their time.
func (u *checkUp) note(what string, f finding) {
	f.Check = what
	u.findings = append(u.findings, f)
	if !u.JSON {
		f.print(u.env.stdout)
	}
}

func (f finding) print(w io.Writer) {
	const under = "\n                     "
	fmt.Fprintf(w, "%-5s %-14s %s\n", f.State, f.Check, strings.ReplaceAll(f.Found, "\n", under))
	if f.Mend != "" {
		fmt.Fprintf(w, "%21smend: %s\n", "", strings.ReplaceAll(f.Mend, "\n", under+"      "))
	}
}

// count tells how many findings are in a state.
func (u *checkUp) count(state string) (n int) {
	for _, f := range u.findings {
		if f.State == state {
			n++
		}
	}
	return n
}

// failed tells whether something was found to fail.
func (u *checkUp) failed(check string) bool {
	return slices.ContainsFunc(u.findings, func(f finding) bool { return f.Check == check && f.State == stateFail })
}

// errCheck is a check that failed; what did was printed.
var errCheck = errors.New("check failed")

// end sums up.
func (u *checkUp) end() error {
	fails, warns := u.count(stateFail), u.count(stateWarn)
	var err error
	if fails > 0 {
		err = errCheck
	}
	if u.JSON {
		return errors.Join(err, u.json(fails, warns))
	}
	switch {
	case fails > 0:
		fmt.Fprintf(u.env.stdout, "\n%s, %s. Mend what failed, and check again.\n", count(fails, "failure"), count(warns, "warning"))
	case warns > 0:
		fmt.Fprintf(u.env.stdout, "\n%s; nothing keeps whyloop from running. Next: whyloop --config %s run\n", count(warns, "warning"), u.env.config)
	default:
		fmt.Fprintf(u.env.stdout, "\nAll is well. Next: whyloop --config %s run\n", u.env.config)
	}
	return err
}

func (u *checkUp) json(fails, warns int) error {
	state := stateOK
	if warns > 0 {
		state = stateWarn
	}
	if fails > 0 {
		state = stateFail
	}
	return json.NewEncoder(u.env.stdout).Encode(struct {
		At       time.Time `json:"at"`
		Version  string    `json:"version"`
		Config   string    `json:"config"`
		State    string    `json:"state"`
		Findings []finding `json:"findings"`
	}{u.env.now().UTC(), release, u.env.config, state, u.findings})
}

func (u *checkUp) close() {
	if u.mailbox != nil {
		u.mailbox.Close()
	}
	if u.sender != nil {
		u.sender.Close()
	}
}
