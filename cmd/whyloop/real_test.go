package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"whyloop/mailer/mailtest"
)

// realServers are the Dovecot and Postfix that .ci/real-servers starts on loopback. Any user of
// demo.test has the password "pw".
type realServers struct{}

const (
	realIMAP = "127.0.0.1:11143"
	realSMTP = "127.0.0.1:11025"
)

// Mails is a person's own mail program, looking.
func (realServers) Mails(address, folder string) (mails []mailtest.Mail, err error) {
	c, err := imapclient.DialInsecure(realIMAP, nil)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if err := c.Login(address, "pw").Wait(); err != nil {
		return nil, err
	}
	box, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || box.NumMessages == 0 {
		return nil, err
	}
	section := &imap.FetchItemBodySection{Peek: true}
	all, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	for _, m := range all {
		mails = append(mails, mailtest.Mail{UID: uint32(m.UID), Raw: m.FindBodySection(section)})
	}
	return mails, err
}

// Submit hands a mail in from this machine, in the clear: smtp.SendMail would insist on a certificate
// that the system knows.
func (realServers) Submit(from, to string, raw []byte) error {
	c, err := smtp.Dial(realSMTP)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := errors.Join(c.Mail(from), c.Rcpt(to)); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	_, err = w.Write(raw)
	return errors.Join(err, w.Close(), c.Quit())
}

// Close leaves them to whoever started them.
func (realServers) Close() error { return nil }

// Await looks until n mails lie in the inboxes: a real server delivers after it has said 250.
func (r realServers) Await(ctx context.Context, n int, addresses ...string) error {
	ctx, cancel := context.WithTimeout(ctx, stuckAfter)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		have := 0
		for _, a := range addresses {
			mails, err := r.Mails(a, "INBOX")
			if err != nil {
				return err
			}
			have += len(mails)
		}
		if have >= n {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d letters arrived: %w", have, n, ctx.Err())
		}
	}
}

const realConfig = `[imap]
server = "localhost"
port = 11993
tls = "tls"
ca_file = %q
password_file = "password"
[smtp]
server = "localhost"
port = 11587
tls = "starttls"
ca_file = %q
password_file = "password"
per_minute = 10000
[policy]
think_time = "0s"
[trust]
check_dkim = false
`

// TestRealServers is the whole job against Dovecot and Postfix over TLS: invite to summary, with a
// restart in the middle and every mail delivered twice.
func TestRealServers(t *testing.T) {
	dir := os.Getenv("WHYLOOP_REAL_SERVERS")
	if dir == "" {
		t.Skip("needs Dovecot and Postfix: .ci/real-servers starts them and sets WHYLOOP_REAL_SERVERS")
	}
	s := realStage(t, dir)
	s.playUntil(t, "2026-11-23 08:58")
	if err := s.restart(); err != nil {
		t.Fatal(err)
	}
	s.playUntil(t, "2026-11-28 09:00")
	s.deliverAgain(t)
	s.playUntil(t, "2026-12-04 18:00")
	if len(s.script) > 0 {
		t.Fatalf("the rep was never asked %q; they got %q", s.script[0].asked, heads(s.letters(t, s.cast.rep)))
	}
	s.checkManager(t)
	mails, err := s.servers.Mails(s.cast.manager.mail, "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mails {
		if l, err := readMail(m.Raw); err != nil || bytes.Contains(m.Raw, []byte("canary")) || strings.Contains(l.Text, "canary") {
			t.Errorf("private words in the manager's mail, or none that can be read: %v", err)
		}
	}
	left, err := s.servers.Mails(s.cast.coach, "INBOX")
	if err != nil || len(left) > 0 {
		t.Errorf("%d mails were not moved out of the inbox, %v", len(left), err)
	}
	if got := call(t, "", "--config", s.config, "check"); got.code != exitOK {
		t.Errorf("check: %+v", got)
	}
}

// realStage has people whose mailboxes nobody used before.
func realStage(t *testing.T, dir string) *stage {
	t.Helper()
	run := strings.ToLower(rand.Text()[:8])
	at := func(name string) string { return name + "-" + run + "@demo.test" }
	c := cast{coach: at("coach"), rep: person{"Sam", at("sam")}, manager: person{"Dana", at("dana")}, contact: person{"Ines", at("ines")}, zone: "Europe/London"}
	book := &logBook{}
	log := slog.New(slog.NewTextHandler(book, &slog.HandlerOptions{Level: slog.LevelDebug}))
	ca := filepath.Join(dir, "cert.pem")
	o := staging{dir: t.TempDir(), out: io.Discard, log: log, script: canaryScript(), config: fmt.Sprintf(realConfig, ca, ca), password: "pw"}
	s, err := emptyStage(c, o)
	if err != nil {
		t.Fatal(err)
	}
	s.servers = realServers{}
	if err := s.open(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Log(book.String())
		}
	})
	if _, err := s.daemon.coach.Enrol(context.Background(), c.enrolled()); err != nil {
		t.Fatal(err)
	}
	return s
}
