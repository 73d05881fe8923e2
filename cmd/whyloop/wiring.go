package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer"
	"whyloop/parser"
	"whyloop/templates"
)

// newID mints an opaque name.
func newID() string { return strings.ToLower(rand.Text()) }

// newLog writes to standard error, as configured.
func (env *environ) newLog(c logConfig) *slog.Logger {
	return env.newLogAt(c.Format, c.level())
}

// newLogAt is newLog at a level that may change.
func (env *environ) newLogAt(format string, level slog.Leveler) *slog.Logger {
	o := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(env.stderr, o))
	}
	return slog.New(slog.NewTextHandler(env.stderr, o))
}

// level is one of the words that log.level may hold.
func (c logConfig) level() (level slog.Level) {
	_ = level.UnmarshalText([]byte(c.Level)) // it was checked when it was set
	return level
}

// newKeys reads the keys that everything of ours is derived from, and the secret of the hashes of those who left.
func newKeys(c Config) (mailer.Keys, []byte, error) {
	r, err := loadKey(c.Store.KeyFile)
	if err != nil {
		return mailer.Keys{}, nil, err
	}
	keys, err := r.mailKeys()
	return keys, []byte(r.left.secret), err
}

// newCoach ties the domain to its store, its ears, its words and its envelopes.
func newCoach(c Config, store conversation.Store, now func() time.Time, log *slog.Logger, wake func()) (*conversation.Coach, error) {
	keys, secret, err := newKeys(c)
	if err != nil {
		return nil, err
	}
	writer, err := newWriter(c)
	if err != nil {
		return nil, err
	}
	composer, err := mailer.NewComposer(mailer.ComposerConfig{From: c.mailbox(), PlusAddressing: c.Mailbox.PlusAddressing, Keys: keys})
	if err != nil {
		return nil, err
	}
	policy := c.policy()
	policy.Languages = writer.Languages()
	return conversation.NewCoach(conversation.CoachConfig{
		Store: store, Listener: newEars(c, log), Writer: writer, Composer: composer,
		Policy: policy, Strict: c.strict(), Domains: c.Trust.AllowedDomains, Closed: c.closed(), Secret: secret,
		NewID: newID, Now: now, Log: log, Wake: wake,
	}), nil
}

func newWriter(c Config) (*templates.Writer, error) {
	var overlay fs.FS
	if c.Templates.Dir != "" {
		overlay = os.DirFS(c.Templates.Dir)
	}
	return templates.New(templates.Options{Overlay: overlay})
}

// mailbox is whom letters come from.
func (c Config) mailbox() conversation.Address {
	return conversation.Address{Name: c.Mailbox.Name, Mail: c.Mailbox.Address}
}

// strict: some server's word on the sender is pinned, so no mail counts without it.
func (c Config) strict() bool {
	return c.Trust.AuthservID != "" || c.Trust.Profile != profileStandard
}

// server is a mail server as the mailer wants it, its password fetched.
func (c Config) server(ctx context.Context, name string, s serverConfig) (mailer.Server, error) {
	out := mailer.Server{Host: s.Server, Port: s.Port, TLS: mailer.TLSMode(s.TLS)}
	if s.CAFile != "" {
		pem, err := os.ReadFile(s.CAFile)
		if err != nil {
			return out, fmt.Errorf("%s.ca_file: %w", name, err)
		}
		out.Roots = x509.NewCertPool()
		if !out.Roots.AppendCertsFromPEM(pem) {
			return out, fmt.Errorf("%s.ca_file: %s holds no certificate in PEM form", name, s.CAFile)
		}
	}
	user := cmp.Or(s.Username, c.Mailbox.Address)
	if c.OAuth.opens(name) {
		out.Auth = mailer.XOAuth2(user, c.tokens)
		return out, nil
	}
	if !s.Password.given() {
		return out, nil
	}
	password, err := s.Password.read(ctx)
	if err != nil {
		return out, fmt.Errorf("%s password: %w", name, err)
	}
	out.Auth = mailer.Password(user, password)
	return out, nil
}

func newSender(ctx context.Context, c Config) (*mailer.Sender, error) {
	server, err := c.server(ctx, "smtp", c.SMTP.serverConfig)
	if err != nil {
		return nil, err
	}
	return mailer.NewSender(mailer.SenderConfig{Server: server, From: c.Mailbox.Address, Helo: heloName()})
}

// heloName is what we call ourselves (RFC 5321 §4.1.1.1); the mailer has a word of its own for
// a machine without a name.
func heloName() string {
	name, err := os.Hostname()
	if err != nil || !strings.Contains(name, ".") {
		return ""
	}
	return name
}

// withCoach lets a command act beside the daemon, or without one. Letters it writes wait
// in the outbox until the daemon looks, within a minute.
func (env *environ) withCoach(do func(*conversation.Coach, *sqlite.Store) error) error {
	return env.withStore(func(c Config, s *sqlite.Store) error {
		coach, err := newCoach(c, s, env.now, env.newLog(c.Log), nil)
		if err != nil {
			return err
		}
		return do(coach, s)
	})
}

// newInbox reads what arrives, and has the desk sort it.
func newInbox(ctx context.Context, d *daemon, w *work, log *slog.Logger) (*mailer.Inbox, error) {
	c := w.config
	keys, _, err := newKeys(c)
	if err != nil {
		return nil, err
	}
	server, err := c.server(ctx, "imap", c.IMAP.serverConfig)
	if err != nil {
		return nil, err
	}
	desk, err := mailer.NewDesk(newParser(c, keys), w.coach, d.store, mailer.DeskConfig{Keys: keys, Address: c.Mailbox.Address, Shared: c.Mailbox.Shared}, log, d.now)
	if err != nil {
		return nil, err
	}
	return mailer.NewInbox(d.store, desk, c.inbox(server, d.troubles.tell("imap")), log, d.now)
}

func (c Config) inbox(server mailer.Server, alarm func(mailer.Alarm)) mailer.InboxConfig {
	return mailer.InboxConfig{Server: server, Folder: c.IMAP.Folder, Junk: c.IMAP.Junk, Processed: c.IMAP.Processed, Shared: c.Mailbox.Shared, Keep: c.IMAP.DeleteAfter, Poll: c.IMAP.Poll, Alarm: alarm}
}

// newParser knows our own mail and whose word counts.
func newParser(c Config, keys mailer.Keys) *parser.Parser {
	p := &parser.Parser{ARCSealers: c.Trust.ARCSealers, Profile: parserProfile(c.Trust.Profile), Own: []string{c.Mailbox.Address}, OwnMark: keys.OwnMark}
	if c.Trust.AuthservID != "" {
		p.AuthServIDs = []string{c.Trust.AuthservID}
	}
	if c.Trust.CheckDKIM {
		p.Resolver = net.DefaultResolver.LookupTXT
	}
	return p
}
