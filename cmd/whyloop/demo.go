package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer/mailtest"
)

type demoCmd struct {
	Interactive bool   `help:"You are the rep: answer at the prompt."`
	Keep        string `placeholder:"DIR" help:"Keep configuration and store in this folder, to be looked at afterwards."`
	Web         bool   `help:"Open a page on this machine to play in: both inboxes, a clock to push, and what was heard."`
	Addr        string `default:"127.0.0.1:0" placeholder:"HOST:PORT" help:"Where that page listens; loopback only."`
}

// Help is shown under the command's own --help.
func (demoCmd) Help() string {
	return `Starts an IMAP and an SMTP server in the process, on loopback, and runs the daemon against them with a clock that jumps from one event to the next. A rep named Sam answers from Gmail, Outlook, Thunderbird and a phone, for three weeks; the last page is his manager's whole inbox. Nothing is left behind, unless you say --keep. With --web you are Sam yourself, in a browser.`
}

// demoPassword opens the demo's mailboxes, which live for some seconds on loopback.
const demoPassword = "demo"

// Run plays the demo.
func (cmd demoCmd) Run(env *environ) (err error) {
	dir, remove, err := cmd.folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	if err := probeStore(dir); err != nil {
		return err
	}
	if cmd.Web {
		return cmd.web(env, dir)
	}
	s, err := newStage(env.ctx, staging{dir: dir, out: env.stdout, log: slog.New(slog.DiscardHandler), script: demoScript(), config: demoPolicy})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return cmd.play(env, s)
}

// folder is where the demo keeps its store: a temporary one, removed at the end, or one to keep.
func (cmd demoCmd) folder() (dir string, remove func() error, err error) {
	if cmd.Keep != "" {
		if err := os.MkdirAll(cmd.Keep, 0o700); err != nil {
			return "", nil, err
		}
		if _, err := os.Stat(filepath.Join(cmd.Keep, "whyloop.toml")); err == nil {
			return "", nil, fmt.Errorf("%s has a whyloop.toml already; name another folder", cmd.Keep)
		}
		return cmd.Keep, func() error { return nil }, nil
	}
	dir, err = os.MkdirTemp("", "whyloop-demo-")
	return dir, func() error { return os.RemoveAll(dir) }, err
}

// demoConfig is a daemon's configuration as an admin would have written it.
const demoConfig = `[mailbox]
address = %q
[contact]
name = %q
address = %q
[care]
helpline = "Samaritans, 116 123, day and night"
[schedule]
spread = "0s"
[health]
listen = ""
`

// serversConfig is its part about the in-process servers.
const serversConfig = `[imap]
server = "127.0.0.1"
port = %s
tls = "none"
password_file = "password"
[smtp]
server = "127.0.0.1"
port = %s
tls = "none"
password_file = "password"
per_minute = 10000
[trust]
authserv_id = "mx.example.com"
check_dkim = false
`

// demoPolicy lets answers go at once: nobody waits for a second thought of a script's.
const demoPolicy = "[policy]\nthink_time = \"0s\"\n"

// probeStore finds out before anything else starts whether there can be a store.
func probeStore(dir string) error {
	s, err := sqlite.Open(filepath.Join(dir, "state", "whyloop.db"))
	if err != nil {
		return err
	}
	return s.Close()
}

// staging is how a stage is set.
type staging struct {
	dir    string
	out    io.Writer // the transcript
	log    *slog.Logger
	script []line
	config string // more configuration

	password string // of the coaching mailbox; "" is the demo's
}

// newStage starts mail servers in the process, and the daemon.
func newStage(ctx context.Context, o staging) (*stage, error) {
	c := demoCast()
	s, err := emptyStage(c, o)
	if err != nil {
		return nil, err
	}
	servers, err := mailtest.New(mailtest.Options{Domain: "example.com", AuthServID: "mx.example.com", Now: s.clock.Now})
	if err != nil {
		return nil, err
	}
	for _, address := range []string{c.coach, c.rep.mail, c.manager.mail, c.contact.mail} {
		servers.AddUser(address, demoPassword)
	}
	s.servers = inProcess{servers}
	o.config = inProcessConfig(servers) + o.config
	return s, s.open(ctx, o)
}

// emptyStage has people and a clock, and neither servers nor a daemon.
func emptyStage(c cast, o staging) (*stage, error) {
	loc, err := time.LoadLocation(c.zone)
	if err != nil {
		return nil, err
	}
	return &stage{cast: c, clock: newClock(demoStart(loc)), changed: make(chan struct{}, 1), page: newTranscript(o.out, loc), loc: loc,
		script: o.script, read: map[string]int{}, log: o.log, config: filepath.Join(o.dir, "whyloop.toml")}, nil
}

// open starts the daemon.
func (s *stage) open(ctx context.Context, o staging) error {
	if err := errors.Join(s.writeConfig(o), s.start(ctx)); err != nil {
		return errors.Join(err, s.servers.Close())
	}
	return nil
}

// writeConfig writes what an admin would have written.
func (s *stage) writeConfig(o staging) error {
	text := fmt.Sprintf(demoConfig, s.cast.coach, s.cast.contact.name, s.cast.contact.mail) + o.config
	password := cmp.Or(o.password, demoPassword)
	return errors.Join(writeNew(s.config, []byte(text)), writeNew(filepath.Join(o.dir, "password"), []byte(password+"\n")))
}

// inProcessConfig says how the in-process servers are reached.
func inProcessConfig(servers *mailtest.Servers) string {
	_, imapPort, _ := net.SplitHostPort(servers.IMAPAddr)
	_, smtpPort, _ := net.SplitHostPort(servers.SMTPAddr)
	return fmt.Sprintf(serversConfig, imapPort, smtpPort)
}

// start starts a daemon with it: the very wiring of run, with another clock.
func (s *stage) start(ctx context.Context) error {
	config, err := loadConfig(s.config)
	if err != nil {
		return err
	}
	s.daemon, err = startDaemon(ctx, config, parts{now: s.clock.Now, log: s.log, changed: s.nudge})
	return err
}

// nudge says that the store was written to; a nudge that waits already is enough.
func (s *stage) nudge() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// close ends what runs. The daemon goes first, as its provider outlives it.
func (s *stage) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	return errors.Join(s.daemon.stop(ctx), s.servers.Close())
}

// play enrols the rep and lets the weeks pass.
func (cmd demoCmd) play(env *environ, s *stage) error {
	began := time.Now()
	s.page.say("%s enrols %s, whose manager is %s. Servers, daemon and mails are real, the people and the clock are not.",
		s.cast.contact.name, s.cast.rep.name, s.cast.manager.name)
	if cmd.Interactive {
		s.ask = prompt(env)
	}
	if _, err := s.daemon.coach.Enrol(env.ctx, s.cast.enrolled()); err != nil {
		return err
	}
	if err := s.play(env.ctx, demoEnd(s.loc)); err != nil && !errors.Is(err, errQuit) {
		return err
	}
	if len(s.script) > 0 && !cmd.Interactive {
		return fmt.Errorf("the demo went another way than its script: %q was never asked", s.script[0].asked)
	}
	return cmd.ending(s, began)
}

func (c cast) enrolled() conversation.Rep {
	return conversation.Rep{Name: c.rep.name, Address: conversation.Address{Name: c.rep.name, Mail: c.rep.mail},
		Manager: conversation.Address{Name: c.manager.name, Mail: c.manager.mail}, Zone: c.zone, Language: "en"}
}

// ending is the last page.
func (cmd demoCmd) ending(s *stage, began time.Time) error {
	var private []string
	if !cmd.Interactive {
		private = demoPrivate()
	}
	if err := s.managerSaw(private); err != nil {
		return err
	}
	for _, words := range private {
		s.page.check("nowhere in it: %q", words)
	}
	s.page.say("\n%s by %s, %s to the manager, %.1f s.", count(len(s.said), "mail"), s.cast.rep.name,
		count(s.read[s.cast.manager.mail], "mail"), time.Since(began).Seconds())
	if cmd.Keep != "" {
		s.page.say("Kept in %s; try: whyloop --config %s rep list", cmd.Keep, filepath.Join(cmd.Keep, "whyloop.toml"))
	}
	return nil
}

// errQuit is the rep at the prompt leaving.
var errQuit = errors.New("quit")

// prompt lets the person at the terminal be the rep.
func prompt(env *environ) func(mailText) (string, error) {
	in := bufio.NewReader(env.stdin)
	return func(mailText) (string, error) {
		fmt.Fprint(env.stdout, "\nYour reply (Enter to let it lie, quit to end): ")
		text, err := in.ReadString('\n')
		text = strings.TrimSpace(text)
		switch {
		case text == "quit", errors.Is(err, io.EOF) && text == "":
			return "", errQuit
		case errors.Is(err, io.EOF):
			err = nil
		}
		return text, err
	}
}
