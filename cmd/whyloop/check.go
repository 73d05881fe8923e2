package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"whyloop/conversation/sqlite"
	"whyloop/mailer"
)

type checkCmd struct{}

// Help is shown under the command's own --help.
func (checkCmd) Help() string {
	return `One line for each thing looked at: ok, or fail with what mends it. Nothing is sent and nothing in the mailbox changes; it may be called while the daemon runs. The exit code is 1 if anything failed.`
}

// checkWithin bounds one look at a mail server.
const checkWithin = 30 * time.Second

// checkUp is one thing to look at.
type checkUp struct {
	what string
	look func(context.Context) (found string, err error)
	mend func(error) string // what mends it, where the error does not say so itself; nil: it does
}

// Run looks at everything, so that one call shows all that is to be mended.
func (checkCmd) Run(env *environ) error {
	c, err := loadConfig(env.config)
	report(env.stdout, "configuration", env.config, err, "")
	if err != nil {
		return errors.New("check failed")
	}
	failed := false
	for _, u := range c.checkUps() {
		ctx, cancel := context.WithTimeout(env.ctx, checkWithin)
		found, err := u.look(ctx)
		cancel()
		mend := ""
		if err != nil && u.mend != nil {
			mend = u.mend(err)
		}
		report(env.stdout, u.what, found, err, mend)
		failed = failed || err != nil
	}
	if failed {
		return errors.New("check failed")
	}
	_, err = fmt.Fprintf(env.stdout, "\nAll is well. Next: whyloop --config %s run\n", env.config)
	return err
}

func report(w io.Writer, what, found string, err error, mend string) {
	if err == nil {
		fmt.Fprintf(w, "ok    %-14s %s\n", what, found)
		return
	}
	fmt.Fprintf(w, "fail  %-14s %s\n", what, strings.ReplaceAll(err.Error(), "\n", "\n                     "))
	if mend != "" {
		fmt.Fprintf(w, "                     mend: %s\n", mend)
	}
}

func (c Config) checkUps() []checkUp {
	return []checkUp{
		{"store", c.lookAtStore, nil},
		{"key", c.lookAtKey, nil},
		{"letters", c.lookAtLetters, nil},
		{"oauth", c.lookAtOAuth, nil},
		{"imap", c.lookAtIMAP, func(err error) string { return c.mend("imap", c.IMAP.serverConfig, err) }},
		{"smtp", c.lookAtSMTP, func(err error) string { return c.mend("smtp", c.SMTP.serverConfig, err) }},
		{"alerts", c.lookAtAlerts, nil},
		{"judge", c.lookAtJudge, func(err error) string { return mendJudge(c.Judge, err) }},
	}
}

func (c Config) lookAtStore(ctx context.Context) (string, error) {
	s, err := sqlite.Open(c.Store.Path)
	if err != nil {
		return "", err
	}
	stats, err := s.Stats(ctx)
	err = errors.Join(err, s.Check(ctx), s.Close())
	return fmt.Sprintf("%s, %s, %s", c.Store.Path, count(stats.Conversations, "conversation"), size(stats.FileBytes)), err
}

func size(bytes int64) string { return fmt.Sprintf("%d kB", (bytes+1023)/1024) }

func (c Config) lookAtKey(context.Context) (string, error) {
	r, err := loadKey(c.Store.KeyFile)
	if err != nil {
		return "", err
	}
	return c.Store.KeyFile + ": " + r.tells(), nil
}

func (c Config) lookAtLetters(context.Context) (string, error) {
	w, err := newWriter(c)
	if err != nil {
		return "", err
	}
	found := "in " + strings.Join(w.Languages(), ", ")
	if c.Templates.Dir != "" {
		found += ", with yours from " + c.Templates.Dir
	}
	return found, nil
}

func (c Config) lookAtIMAP(ctx context.Context) (string, error) {
	server, err := c.server(ctx, "imap", c.IMAP.serverConfig)
	if err != nil {
		return "", err
	}
	quiet := slog.New(slog.DiscardHandler)
	inbox, err := mailer.NewInbox(nil, nil, c.inbox(server, nil), quiet, time.Now)
	if err != nil {
		return "", err
	}
	return "signed in to " + c.IMAP.address() + ", folder " + c.IMAP.Folder, inbox.Check(ctx)
}

func (c Config) lookAtSMTP(ctx context.Context) (string, error) {
	s, err := newSender(ctx, c)
	if err != nil {
		return "", err
	}
	return "signed in to " + c.SMTP.address(), s.Check(ctx)
}

// mendServer says what usually mends such an error.
func mendServer(name string, s serverConfig, err error) string {
	var dns *net.DNSError
	var unknown x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	text := err.Error()
	switch {
	case errors.As(err, &dns):
		return fmt.Sprintf("no such host: look at %s.server, or at this machine's DNS", name)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nothing listens at %s: look at %s.server and %s.port", s.address(), name, name)
	case errors.As(err, &unknown):
		return fmt.Sprintf("the certificate is signed by an authority this machine does not know: name its certificate in %s.ca_file", name)
	case errors.As(err, &wrongName):
		return fmt.Sprintf("the certificate is for another name: write that name as %s.server", name)
	case strings.Contains(text, "first record does not look like a TLS handshake"):
		return fmt.Sprintf("that port speaks no TLS from the start: try %s.tls = \"starttls\", or the port for TLS", name)
	case errors.Is(err, mailer.ErrUnprotected), strings.Contains(text, "STARTTLS"):
		return fmt.Sprintf("the server offers no STARTTLS there: try %s.tls = \"tls\" and its port", name)
	case errors.Is(err, mailer.ErrSignIn), strings.Contains(text, "535"), strings.Contains(text, "534"):
		return fmt.Sprintf("look at %s.username and the password; with two-step sign-in most providers want an app password", name)
	case strings.Contains(text, "folder"):
		return fmt.Sprintf("look at %s.folder and %s.junk: folders are named as the server lists them", name, name)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("%s does not answer: a firewall, the wrong port, or \"tls\" where it wants \"starttls\"", s.address())
	}
	return ""
}
