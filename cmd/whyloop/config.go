package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"

	"whyloop/conversation"
)

// Config is everything an admin decides. It is read at the start, and again at a reload; its
// zero value is not usable, defaultConfig is where it begins.
type Config struct {
	Mailbox   mailboxConfig
	IMAP      imapConfig
	SMTP      smtpConfig
	OAuth     oauthConfig
	Store     storeConfig
	Contact   contactConfig
	Care      careConfig
	Schedule  scheduleConfig
	Hours     hoursConfig
	Policy    policyConfig
	Trust     trustConfig
	Judge     judgeConfig
	Templates templatesConfig
	Health    healthConfig
	Alerts    alertsConfig
	Log       logConfig

	tokens  *tokens  // of [oauth], shared by all who sign in; nil: passwords
	opinion *opinion // of [judge]; nil: the embedded judge alone
}

type mailboxConfig struct {
	Address, Name  string
	Shared         bool
	PlusAddressing bool
}

// serverConfig is what both mail servers need to be reached.
type serverConfig struct {
	Server   string
	Port     int
	TLS      string // tlsDirect, tlsStart or tlsNone
	CAFile   string
	Username string
	Password Secret
}

// The ways to a server.
const (
	tlsDirect = "tls"
	tlsStart  = "starttls"
	tlsNone   = "none"
)

// address is host:port.
func (s serverConfig) address() string { return net.JoinHostPort(s.Server, fmt.Sprint(s.Port)) }

type imapConfig struct {
	serverConfig
	Folder, Junk, Processed string
	Poll, DeleteAfter       time.Duration
}

type smtpConfig struct {
	serverConfig
	PerMinute int
}

type storeConfig struct {
	Path, KeyFile, BackupDir string
}

type contactConfig struct{ Name, Address string }

type careConfig struct{ Helpline string }

type scheduleConfig struct {
	CheckIn, Preview, Summary cronExpr
	Spread                    time.Duration
}

type hoursConfig struct {
	From, To time.Duration // after midnight
	Workdays []time.Weekday
	Holidays []string
}

type policyConfig struct {
	ThinkTime       time.Duration
	MaxRungs        int
	Remind          []int
	ShareSilence    int
	SkipFor         int
	PauseDays       int
	MaxUnanswered   int
	PerDay, PerWeek int
	Retention       time.Duration
	CcSummary       bool
}

type trustConfig struct {
	AuthservID, Profile string
	CheckDKIM           bool
	ARCSealers          []string
	AllowedDomains      []string
}

type templatesConfig struct{ Dir string }

type healthConfig struct{ Listen string }

type logConfig struct{ Level, Format string }

// defaultConfig is the configuration of an empty file; what has no default in it must
// be given.
func defaultConfig() Config {
	p := conversation.DefaultPolicy()
	return Config{
		Mailbox: mailboxConfig{Name: "Whyloop", PlusAddressing: true},
		IMAP: imapConfig{serverConfig: serverConfig{Port: 993, TLS: tlsDirect},
			Folder: "INBOX", Processed: "Processed", Poll: 5 * time.Minute, DeleteAfter: 30 * 24 * time.Hour},
		SMTP:     smtpConfig{serverConfig: serverConfig{Port: 587, TLS: tlsStart}, PerMinute: 30},
		OAuth:    oauthConfig{SecretIn: secretInBody, TokenFile: "state/whyloop.token", Servers: []string{"imap", "smtp"}},
		Store:    storeConfig{Path: "state/whyloop.db", KeyFile: "state/whyloop.key"},
		Schedule: scheduleConfig{CheckIn: "30 8 * * 1", Preview: "0 15 * * 4", Summary: "0 15 * * 5", Spread: p.Spread},
		Hours:    hoursConfig{From: p.Hours.From, To: p.Hours.To, Workdays: weekdaysOf(p.Hours.Workdays)},
		Policy: policyConfig{ThinkTime: p.ThinkTime, MaxRungs: p.MaxRungs, Remind: p.Remind[:], ShareSilence: p.ShareSilence,
			SkipFor: p.SkipFor, PauseDays: p.PauseDays, MaxUnanswered: p.MaxUnanswered, PerDay: p.PerDay, PerWeek: p.PerWeek,
			Retention: p.Retention, CcSummary: p.CcSummary},
		Trust:  trustConfig{Profile: profileStandard, CheckDKIM: true},
		Judge:  judgeConfig{Timeout: maxOpinion},
		Health: healthConfig{Listen: "127.0.0.1:9465"},
		Log:    logConfig{Level: "info", Format: "text"},
	}
}

// loadConfig reads the file at path. Everything wrong with it is reported at
// once, each with its line and its mend. Relative paths in it begin at its own folder.
func loadConfig(path string) (Config, error) {
	text, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, fmt.Errorf("no configuration at %s; write one with \"whyloop init %s\", or name yours with --config", path, path)
	}
	if err != nil {
		return Config{}, err
	}
	c := defaultConfig()
	if err := c.parse(path, string(text)); err != nil {
		return Config{}, err
	}
	c.resolvePaths(filepath.Dir(path))
	c.tokens = newTokens(c, time.Now)
	c.opinion = newOpinion(c.Judge, time.Now)
	return c, nil
}

// resolvePaths makes paths independent of the directory whyloop was started in.
func (c *Config) resolvePaths(dir string) {
	for _, p := range []*string{&c.Store.Path, &c.Store.KeyFile, &c.Store.BackupDir, &c.Templates.Dir, &c.IMAP.CAFile, &c.SMTP.CAFile, &c.IMAP.Password.File, &c.SMTP.Password.File,
		&c.OAuth.Secret.File, &c.OAuth.CAFile, &c.OAuth.TokenFile, &c.Judge.Key.File, &c.Alerts.Ping.File} {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
}

// readPrivate reads a file that only its owner may read: it holds secrets, or says
// where they are.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others (mode %04o); mend it with: chmod 600 %s", path, info.Mode().Perm(), path)
	}
	return os.ReadFile(path)
}

// policy is what the coach obeys.
func (c Config) policy() conversation.Policy {
	p := conversation.DefaultPolicy()
	p.ThinkTime = c.Policy.ThinkTime
	p.Hours = c.hours()
	p.CheckIn, p.Preview, p.Summary = c.Schedule.CheckIn.schedule(), c.Schedule.Preview.schedule(), c.Schedule.Summary.schedule()
	p.Spread = c.Schedule.Spread
	p.MaxRungs = c.Policy.MaxRungs
	p.Remind = [2]int(c.Policy.Remind)
	p.ShareSilence = c.Policy.ShareSilence
	p.SkipFor = c.Policy.SkipFor
	p.PauseDays = c.Policy.PauseDays
	p.MaxUnanswered = c.Policy.MaxUnanswered
	p.PerDay, p.PerWeek = c.Policy.PerDay, c.Policy.PerWeek
	p.Retention = c.Policy.Retention
	p.CcSummary = c.Policy.CcSummary
	p.Contact = conversation.Address{Name: c.Contact.Name, Mail: c.Contact.Address}
	p.Helpline = c.Care.Helpline
	p.RemoteJudge = c.Judge.remote()
	return p
}

// hours is when letters may go out.
func (c Config) hours() conversation.Hours {
	h := conversation.Hours{From: c.Hours.From, To: c.Hours.To, Holidays: map[string]bool{}}
	for _, d := range c.Hours.Workdays {
		h.Workdays[d] = true
	}
	for _, day := range c.Hours.Holidays {
		h.Holidays[day] = true
	}
	return h
}

// weekdaysOf lists the days that are set, Monday first.
func weekdaysOf(set [7]bool) []time.Weekday {
	var days []time.Weekday
	for i := 1; i <= 7; i++ {
		if d := time.Weekday(i % 7); set[d] {
			days = append(days, d)
		}
	}
	return days
}
