package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

type repCmd struct {
	Add    repAddCmd    `cmd:"" help:"Enrol a rep: they get the invite when the daemon runs."`
	List   repListCmd   `cmd:"" help:"List reps: where they stand and what is due, never their words."`
	Show   repShowCmd   `cmd:"" help:"Show one rep's states and dates, never their words."`
	Silent repSilentCmd `cmd:"" name:"why-silent" help:"Say in a sentence or two why a rep hears nothing, from states alone."`
	Edit   repEditCmd   `cmd:"" help:"Change a rep's name, address, manager, time zone or language."`
	Import repImportCmd `cmd:"" help:"Enrol and change many reps from a CSV file: first shown, sent only when you say so."`
	Pause  repPauseCmd  `cmd:"" help:"Send nothing until a date, or until resumed."`
	Resume repResumeCmd `cmd:"" help:"End a pause or a hold."`
	Stop   repStopCmd   `cmd:"" help:"End a rep's coaching: nothing more is sent, and their answers are deleted in time."`
	Forget repForgetCmd `cmd:"" aliases:"remove" help:"Delete everything held about a rep, for good."`
	Export repExportCmd `cmd:"" help:"Copy everything held about a rep to files. It shows their words, and they are told."`
}

type repAddCmd struct {
	Address  string `arg:"" help:"The rep's address."`
	Name     string `required:"" help:"How the rep is greeted: a first name."`
	Manager  string `placeholder:"'NAME <ADDRESS>'" help:"Who is copied on the weekly summary."`
	Lead     bool   `name:"as-manager" help:"A manager who goes first, instead of --manager: nobody is copied. Their own line may stand in the invites of their team, if they lend it."`
	Zone     string `required:"" placeholder:"ZONE" help:"The rep's time zone, like Europe/Berlin."`
	Language string `default:"en" help:"Language of the letters."`
	Again    bool   `help:"Invite them although they once stopped, declined or were removed: they asked to be invited again."`
}

// Run enrols the rep; the daemon, if it runs, sends the invite within a minute in working hours.
func (cmd repAddCmd) Run(env *environ) error {
	rep, err := cmd.rep()
	if err != nil {
		return usageError{err}
	}
	return env.withCoach(func(k *conversation.Coach, s *sqlite.Store) error {
		if left, err := s.HasLeft(env.ctx, k.LeftHash(rep.Address.Mail)); err != nil {
			return err
		} else if left && !cmd.Again {
			return errors.New("this address asked not to be written to, or was removed. They can write start to come back; if they asked you to be invited again, add --again")
		}
		_, err := k.Enrol(env.ctx, rep)
		if errors.Is(err, conversation.ErrExists) {
			return fmt.Errorf("%s is enrolled already; see \"whyloop rep show %s\"", rep.Address.Mail, rep.Address.Mail)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "Enrolled %s. The invite goes out in working hours in %s, when the daemon runs.\n", rep.Address.Mail, rep.Zone)
		return err
	})
}

func (cmd repAddCmd) rep() (conversation.Rep, error) {
	rep := conversation.Rep{Zone: cmd.Zone, Language: cmd.Language, Lead: cmd.Lead}
	if cmd.Lead == (cmd.Manager != "") {
		return rep, errors.New("want one of --manager and --as-manager")
	}
	if err := setName(&rep, cmd.Name); err != nil {
		return rep, err
	}
	if err := setAddress(&rep, cmd.Address); err != nil {
		return rep, err
	}
	if cmd.Lead {
		return rep, nil
	}
	return rep, setManager(&rep, cmd.Manager)
}

type repListCmd struct{}

// Run lists everyone.
func (repListCmd) Run(env *environ) error {
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		all, err := s.List(env.ctx)
		if err != nil {
			return err
		}
		rows := make([]string, len(all))
		for i, r := range all {
			rows[i] = fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s", r.Address, r.Name, r.Stage, state(r.End, r.Paused, r.Held), day(r.DueAt), day(r.Active))
		}
		return table(env.stdout, "No reps yet; \"whyloop rep add --help\" says how to enrol one.",
			"ADDRESS\tNAME\tSTAGE\tSTATE\tNEXT (UTC)\tLAST REPLY (UTC)", rows)
	})
}

// state is what overlays the stage, in one word.
func state(end conversation.End, paused bool, held string) string {
	switch {
	case end != conversation.NotEnded:
		return string(end)
	case held != "":
		return "held: " + held
	case paused:
		return "paused"
	}
	return "going on"
}

type repShowCmd struct {
	Address string `arg:"" help:"The rep's address."`
}

// Run shows what an admin needs to answer "why do I hear nothing?", and no word of the rep's.
func (cmd repShowCmd) Run(env *environ) error {
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		c, err := find(env.ctx, s, cmd.Address)
		if err != nil {
			return err
		}
		local := time.UTC
		if loc, err := time.LoadLocation(c.Rep.Zone); err == nil {
			local = loc
		}
		at := func(t time.Time) string {
			if t.IsZero() {
				return "-"
			}
			return t.In(local).Format("Mon 2 Jan 2006 15:04 MST")
		}
		for _, l := range [][2]string{
			{"rep", c.Rep.Name + " <" + c.Rep.Address.Mail + ">"},
			{"also writes from", also(c.Rep)},
			{"asked about others", asked(c, at)},
			{"manager", managerOf(c.Rep)},
			{"zone", c.Rep.Zone},
			{"conversation", c.ID},
			{"stage", string(c.Stage)},
			{"state", state(c.End, c.Paused, c.Held)},
			{"paused until", at(c.Until)},
			{"away until", at(c.Away)},
			{"open question", question(c)},
			{"asked", at(c.Asked.At)},
			{"reminders sent", fmt.Sprint(c.Reminded)},
			{"something is due", at(c.DueAt)},
			{"next check-in", at(c.Week.CheckIn)},
			{"next preview", at(c.Week.Preview)},
			{"next summary", at(c.Week.Summary)},
			{"unanswered check-ins", fmt.Sprint(c.Unanswered)},
			{"deleted on", at(c.EraseAt)},
		} {
			fmt.Fprintf(env.stdout, "%-21s %s\n", l[0], l[1])
		}
		return nil
	})
}

// also lists the addresses that the rep said are theirs too.
func also(r conversation.Rep) string { return cmp.Or(strings.Join(r.Aliases, ", "), "-") }

// asked says when the rep was last asked whether another address is theirs; it does not say which.
func asked(c conversation.Conversation, at func(time.Time) string) string {
	n := len(c.Seconds)
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%s, last %s: %s", count(n, "time"), at(c.Seconds[n-1].At), cmp.Or(string(c.Seconds[n-1].Answer), "no answer"))
}

// question names the open question by its kind; "-" when none is open.
func question(c conversation.Conversation) string {
	if c.Asked.Kind == "" {
		return "-"
	}
	return string(c.Asked.Kind)
}

type repPauseCmd struct {
	Address string `arg:"" help:"The rep's address."`
	Days    int    `placeholder:"N" help:"For so many days; until resumed without it."`
}

// Run pauses without telling anyone but the rep's own mailbox, which falls silent.
func (cmd repPauseCmd) Run(env *environ) error {
	if cmd.Days < 0 || cmd.Days > 366 {
		return usageError{errors.New("--days: want a number from 1 to 366")}
	}
	return env.act(cmd.Address, conversation.Act{Verb: conversation.ActPause, Days: cmd.Days}, "Paused.")
}

type repResumeCmd struct {
	Address string `arg:"" help:"The rep's address."`
}

// Run lets the conversation go on where it was.
func (cmd repResumeCmd) Run(env *environ) error {
	return env.act(cmd.Address, conversation.Act{Verb: conversation.ActResume}, "Resumed.")
}

type repForgetCmd struct {
	Address string `arg:"" help:"The rep's address."`
	Yes     bool   `help:"Do not ask."`
}

// Run erases. What was sent already is in its readers' mailboxes and stays there.
func (cmd repForgetCmd) Run(env *environ) error {
	if !cmd.Yes {
		fmt.Fprintf(env.stderr, "This deletes everything held about %s and cannot be undone.\nType the address again to go on: ", cmd.Address)
		line, _ := bufio.NewReader(env.stdin).ReadString('\n')
		if !strings.EqualFold(strings.TrimSpace(line), cmd.Address) {
			return errors.New("nothing was deleted")
		}
	}
	return env.act(cmd.Address, conversation.Act{Verb: conversation.ActErase}, "Deleted.")
}

// maxActs bounds how often an act is tried again because the daemon was quicker.
const maxActs = 5

// act carries out an admin's act on one rep.
func (env *environ) act(address string, a conversation.Act, done string) error {
	a.ID = newID()
	err := env.onRep(address, func(k *conversation.Coach, c conversation.Conversation) error {
		_, err := k.Act(env.ctx, c, a)
		return err
	})
	if err == nil {
		_, err = fmt.Fprintln(env.stdout, done)
	}
	return err
}

// onRep does something to one rep's conversation, as it stands when it is done.
func (env *environ) onRep(address string, do func(*conversation.Coach, conversation.Conversation) error) error {
	return env.withCoach(func(k *conversation.Coach, s *sqlite.Store) error {
		for range maxActs {
			c, err := find(env.ctx, s, address)
			if err != nil {
				return err
			}
			if err := do(k, c); !errors.Is(err, conversation.ErrConflict) {
				return err
			}
		}
		return errors.New("the conversation kept changing meanwhile; try again")
	})
}
