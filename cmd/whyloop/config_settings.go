package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// The provider profiles: what a provider's mail offers as proof of who sent it.
const (
	profileStandard       = "standard"
	profileExchangeOnline = "exchange-online"
)

// setting is one key of the configuration. The table of settings is the only place where keys are
// named: reading, the printed reference and docs/configuration.md all come from it.
type setting struct {
	key     string // "imap.server"
	value   value
	doc     string
	example string // as TOML, where there is no useful default
	must    bool   // no default: the daemon cannot run without it
	fixed   bool   // a reload refuses to change it
}

// text is what the reference says of it.
func (s setting) text() string {
	if s.fixed {
		return s.doc + " A restart changes it, a reload does not."
	}
	return s.doc
}

// section groups settings under a heading.
type section struct {
	name, doc string
	settings  []setting
}

// sections binds the whole table to c: setting a value writes into c.
func (c *Config) sections() []section {
	return []section{
		c.mailboxSection(), c.imapSection(), c.smtpSection(), c.oauthSection(), c.contactSection(), c.careSection(), c.storeSection(), c.scheduleSection(),
		c.hoursSection(), c.policySection(), c.trustSection(), c.judgeSection(), c.templatesSection(), c.healthSection(), c.alertsSection(), c.logSection(),
	}
}

func (c *Config) mailboxSection() section {
	m := &c.Mailbox
	return section{"mailbox", "The mailbox that whyloop speaks from. One of its own is the rule.", []setting{
		{key: "address", value: text(&m.Address, isAddress), example: `"coach@example.com"`, must: true,
			doc: "The address letters come from and replies go to."},
		{key: "name", value: text(&m.Name), doc: "The name beside it, as reps see it."},
		{key: "plus_addressing", value: yesNo(&m.PlusAddressing),
			doc: "Mail to coach+anything@ reaches coach@: replies then carry a token of the question they answer. Most providers do this."},
		{key: "shared", value: yesNo(&m.Shared),
			doc: "People use this mailbox too: whatever has no token, no Message-ID of ours and no rep's address stays untouched."},
	}}
}

// serverSettings is what both servers have in common.
func serverSettings(s *serverConfig, example string) []setting {
	return []setting{
		{key: "server", value: text(&s.Server, isHost), example: `"` + example + `"`, must: true, doc: "Host name."},
		{key: "port", value: number(&s.Port, 1, 65535), doc: "Port."},
		{key: "tls", value: text(&s.TLS, oneOf(tlsDirect, tlsStart, tlsNone)),
			doc: `"tls" from the first byte, "starttls" (refused without it), or "none", on this machine only.`},
		{key: "ca_file", value: text(&s.CAFile), doc: "Certificates (PEM) to trust instead of the system's, for a server with its own authority."},
		{key: "username", value: text(&s.Username), example: `"coach@example.com"`, doc: "Who signs in; the mailbox's address when empty."},
		{key: "password_file", value: text(&s.Password.File), example: `"password"`,
			doc: "A file that holds the password, mode 0600."},
		{key: "password_command", value: commandValue{&s.Password.Command}, example: `["pass", "show", "mail/coach"]`,
			doc: "Or a program that prints it, run without a shell."},
	}
}

func (c *Config) imapSection() section {
	m := &c.IMAP
	return section{"imap", "Where replies arrive.", append(serverSettings(&m.serverConfig, "imap.example.com"),
		setting{key: "folder", value: text(&m.Folder), doc: "The folder that is watched."},
		setting{key: "junk", value: text(&m.Junk), example: `"Junk"`, doc: "A second folder to read: replies that were taken for spam."},
		setting{key: "processed", value: text(&m.Processed),
			doc: "Where handled mail is moved, where the server can do so safely; empty leaves it where it is."},
		setting{key: "delete_after", value: span(&m.DeleteAfter, 0, 3650*aDay),
			doc: "Handled mail is deleted from the server so long after it came; 0s keeps it for ever. Without keywords on the server that is what lies in processed, and in a shared mailbox nothing."},
		setting{key: "poll", value: span(&m.Poll, 10*time.Second, time.Hour), doc: "How often to look even if the server announces nothing."},
	)}
}

func (c *Config) smtpSection() section {
	m := &c.SMTP
	return section{"smtp", "Where letters are handed over.", append(serverSettings(&m.serverConfig, "smtp.example.com"),
		setting{key: "per_minute", value: number(&m.PerMinute, 1, 100_000),
			doc: "Letters a minute at the most; Microsoft 365 takes 30."},
	)}
}

func (c *Config) contactSection() section {
	return section{"contact", "The person named in every footer, who helps reps and can read this server. Not a rep's own manager.", []setting{
		{key: "name", value: text(&c.Contact.Name), example: `"Ines"`, must: true, doc: "Their name."},
		{key: "address", value: text(&c.Contact.Address, isAddress), example: `"ines@example.com"`, must: true, doc: "Their address."},
	}}
}

func (c *Config) careSection() section {
	return section{"care", "Where somebody in distress is sent: whyloop is not the right help, and says so.", []setting{
		{key: "helpline", value: text(&c.Care.Helpline), example: `"Samaritans, 116 123, day and night"`, must: true,
			doc: "A helpline as it is to be printed: a name and a number that your reps can call."},
	}}
}

func (c *Config) storeSection() section {
	return section{"store", "What must never be lost. Relative paths begin at this file's folder.", []setting{
		{key: "path", fixed: true, value: text(&c.Store.Path), doc: "The SQLite database; its folder must be ours alone (mode 0700)."},
		{key: "key_file", fixed: true, value: text(&c.Store.KeyFile), doc: "The key that marks our own mail and signs reply tokens; made at the first start. Back it up with the database."},
		{key: "backup_dir", value: text(&c.Store.BackupDir), example: `"backups"`, doc: "A folder for a backup every night, verified, the newest 14 kept; empty makes none. Best on another disk."},
	}}
}

func (c *Config) scheduleSection() section {
	s := &c.Schedule
	return section{"schedule", "When the weekly letters go, on each rep's own clock: cron expressions (minute hour day month weekday) that ring at most once a week.", []setting{
		{key: "check_in", value: cronValue{&s.CheckIn}, doc: "How did your step go?"},
		{key: "preview", value: cronValue{&s.Preview}, doc: "The summary is shown to the rep; a workday before it goes."},
		{key: "summary", value: cronValue{&s.Summary}, doc: "The summary goes to the rep, the manager in Cc."},
		{key: "spread", value: span(&s.Spread, 0, 12*time.Hour), doc: "The letters of different reps are spread over this long."},
	}}
}

func (c *Config) hoursSection() section {
	h := &c.Hours
	return section{"hours", "When letters may go out, on each rep's own clock. Answers to stop, pause and forget me go at any hour.", []setting{
		{key: "from", value: clockValue{&h.From}, doc: "Start of the working day."},
		{key: "to", value: clockValue{&h.To}, doc: "End of the working day."},
		{key: "workdays", value: daysValue{&h.Workdays}, doc: "Days on which letters go out."},
		{key: "holidays", value: list(&h.Holidays, isDate), example: `["2026-12-25", "2027-01-01"]`, doc: "Days on which none do."},
	}}
}

func (c *Config) policySection() section {
	p := &c.Policy
	return section{"policy", "How the conversation goes.", []setting{
		{key: "think_time", value: span(&p.ThinkTime, 0, time.Hour), doc: "A reply's answer waits this long, so that a second thought can join it."},
		{key: "max_rungs", value: number(&p.MaxRungs, 3, 30), doc: "After so many answers the rep is asked to pick their why."},
		{key: "remind", value: numbersValue{to: &p.Remind, n: 2, min: 1, max: 60},
			doc: "Workdays of silence before the first reminder, and from there before the second and last."},
		{key: "share_silence", value: number(&p.ShareSilence, 1, 60), doc: "Workdays of silence after which the why stays private."},
		{key: "skip_days", value: number(&p.SkipFor, 1, 30), doc: "Workdays before a skipped question is tried another way."},
		{key: "pause_days", value: number(&p.PauseDays, 1, 365), doc: "Length of a pause that names no end, in days."},
		{key: "max_unanswered", value: number(&p.MaxUnanswered, 1, 52), doc: "Check-ins in a row without an answer before whyloop asks whether to close."},
		{key: "per_day", value: number(&p.PerDay, 2, 12), doc: "Letters to one rep in a day at the most; past it the conversation is held for you."},
		{key: "per_week", value: number(&p.PerWeek, 5, 40), doc: "The same for seven days."},
		{key: "retention", value: span(&p.Retention, aDay, 365*aDay), doc: "From stop or no thanks until everything the rep wrote is deleted."},
		{key: "cc_summary", value: yesNo(&p.CcSummary), doc: "New reps' summaries are copied to the manager, as the invite says; a rep can switch it off."},
	}}
}

func (c *Config) trustSection() section {
	t := &c.Trust
	return section{"trust", "Whose word counts.", []setting{
		{key: "authserv_id", value: text(&t.AuthservID), example: `"mx.example.com"`,
			doc: "The name your mail server gives itself in Authentication-Results. With it a reply counts only if that server says DMARC or aligned DKIM passed; without it a reply must answer a letter of ours from the rep's address."},
		{key: "profile", value: text(&t.Profile, oneOf(profileStandard, profileExchangeOnline)),
			doc: `"standard", or "exchange-online" where mail inside the tenant is marked instead of signed.`},
		{key: "check_dkim", value: yesNo(&t.CheckDKIM),
			doc: "Check DKIM signatures by ourselves where no trusted server says anything; this asks DNS."},
		{key: "arc_sealers", value: list(&t.ARCSealers, isDomain), example: `["lists.example.com"]`,
			doc: "Forwarders whose word on a sender is believed (ARC), where the server of authserv_id says that their seals are whole; empty believes none, and a mail whose own proof was broken on the way is held."},
		{key: "allowed_domains", value: list(&t.AllowedDomains, isDomain), example: `["example.com"]`,
			doc: "Domains that managers may have; empty allows all."},
	}}
}

func (c *Config) templatesSection() section {
	return section{"templates", "The wording.", []setting{
		{key: "dir", value: text(&c.Templates.Dir), example: `"letters"`, doc: "A folder with letters of your own; what it lacks is taken from ours."},
	}}
}

func (c *Config) healthSection() section {
	return section{"health", "For monitoring: /healthz, /readyz and /metrics.", []setting{
		{key: "listen", fixed: true, value: text(&c.Health.Listen, isLoopback), doc: "Address on this machine; empty switches it off."},
	}}
}

func (c *Config) logSection() section {
	return section{"log", "The log goes to standard error and holds no name, address or word of anyone.", []setting{
		{key: "level", value: text(&c.Log.Level, oneOf("debug", "info", "warn", "error")), doc: "debug, info, warn or error."},
		{key: "format", fixed: true, value: text(&c.Log.Format, oneOf("text", "json")), doc: "text or json."},
	}}
}

// line is a setting as it stands in a file: plain where it was chosen or the admin must decide, commented out
// where it shows a default or an example.
func (s setting) line(chosen bool) string {
	switch {
	case chosen:
		return fmt.Sprintf("%s = %s", s.key, s.value.toml())
	case s.must:
		return fmt.Sprintf("%s = %s", s.key, s.example)
	case s.example != "":
		return fmt.Sprintf("#%s = %s", s.key, s.example)
	}
	return fmt.Sprintf("#%s = %s", s.key, s.value.toml())
}

// writeReference prints every setting with what it means.
func writeReference(w io.Writer) error { return defaultConfig().write(w) }

// referenceHead is how every file that we write begins.
const referenceHead = "# whyloop's configuration. Lines beginning with # show the defaults, or an example where there is none.\n"

// write prints c as a file: every setting with what it means, those that differ from the defaults plain. The notes
// stand at its head.
func (c Config) write(w io.Writer, notes ...string) error {
	var b strings.Builder
	b.WriteString(referenceHead)
	for _, n := range notes {
		fmt.Fprintf(&b, "# %s\n", n)
	}
	def := defaultConfig()
	defaults := def.sections()
	for i, sec := range c.sections() {
		fmt.Fprintf(&b, "\n# %s\n[%s]\n", sec.doc, sec.name)
		for j, s := range sec.settings {
			fmt.Fprintf(&b, "# %s\n%s\n", s.text(), s.line(s.value.toml() != defaults[i].settings[j].value.toml()))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeSettingsTable prints the same as Markdown: docs/configuration.md holds it.
func writeSettingsTable(w io.Writer) error {
	var b strings.Builder
	c := defaultConfig()
	for _, sec := range c.sections() {
		fmt.Fprintf(&b, "\n## [%s]\n\n%s\n\n| key | default | what it is |\n|---|---|---|\n", sec.name, sec.doc)
		for _, s := range sec.settings {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.key, s.tableDefault(), s.text())
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s setting) tableDefault() string {
	switch {
	case s.must:
		return "required, e.g. `" + s.example + "`"
	case s.example != "":
		return "none, e.g. `" + s.example + "`"
	}
	return "`" + s.value.toml() + "`"
}
