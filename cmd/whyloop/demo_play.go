package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/smtp"
	"strings"
	"time"

	"whyloop/mailer/mailtest"
)

// provider is where the mailboxes are: in the process, or, in a test, real servers.
type provider interface {
	// Mails returns what lies in a user's folder, oldest first.
	Mails(address, folder string) ([]mailtest.Mail, error)
	// Submit takes a mail from somebody who signed in.
	Submit(from, to string, raw []byte) error
	Close() error
}

// inProcess is the provider of the demo and of most tests.
type inProcess struct{ *mailtest.Servers }

// Submit hands a mail in over a real socket, as a mail program does.
func (p inProcess) Submit(from, to string, raw []byte) error {
	host, _, _ := strings.Cut(p.SMTPAddr, ":")
	return smtp.SendMail(p.SMTPAddr, smtp.PlainAuth("", from, demoPassword, host), from, []string{to}, raw)
}

// stage is where the demo is played: a provider, a daemon, a clock and people.
type stage struct {
	cast    cast
	servers provider
	daemon  *daemon
	clock   *clock
	changed chan struct{} // the store was written to
	page    *transcript
	loc     *time.Location
	log     *slog.Logger
	config  string // path of the configuration

	script  []line
	ask     func(letter mailText) (string, error) // interactive: the rep at the prompt; nil plays the script
	pending []answer                              // replies on their way, oldest first
	read    map[string]int                        // how many mails of a mailbox were read
	mails   [][]byte                              // sent to the coach
	said    []string                              // everything the rep wrote

	sentBefore int // letters that daemons before this one sent
}

// answer is a reply that will be sent at its time.
type answer struct {
	at     time.Time
	letter mailText
	client string
	text   string
}

// stuckAfter is how long one turn of the play may take in real time before something
// is broken.
const stuckAfter = 20 * time.Second

// play goes from event to event until the end, or until nothing more is to come.
func (s *stage) play(ctx context.Context, end time.Time) error {
	for {
		if err := s.settle(ctx); err != nil {
			return err
		}
		if err := s.arrived(ctx); err != nil {
			return err
		}
		if err := s.readLetters(); err != nil {
			return err
		}
		next, err := s.nextMoment(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(end) {
			return nil
		}
		s.clock.Set(next)
		if err := s.act(ctx); err != nil {
			return err
		}
	}
}

// nextMoment is when something happens next: a reply is sent, a letter is due or may go.
func (s *stage) nextMoment(ctx context.Context) (time.Time, error) {
	stats, err := s.daemon.store.Stats(ctx)
	if err != nil {
		return time.Time{}, err
	}
	next := earlier(stats.NextDue, stats.NextReady)
	if len(s.pending) > 0 {
		next = earlier(next, s.pending[0].at)
	}
	return next, nil
}

// earlier returns the earlier of two moments; the zero time is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// act sends the reply whose time has come, or rings the alarm.
func (s *stage) act(ctx context.Context) error {
	if len(s.pending) == 0 || s.pending[0].at.After(s.clock.Now()) {
		return s.daemon.ring(ctx)
	}
	a := s.pending[0]
	s.pending = s.pending[1:]
	raw := clients()[a.client](s.cast.rep.String(), a.letter, a.text, a.at.In(s.loc))
	s.page.reply(a.at, s.cast.rep.name+" to whyloop", a.text, fmt.Sprintf("%s, %d bytes with quote and all", a.client, len(raw)))
	s.said = append(s.said, a.text)
	return s.submit(raw, a.letter)
}

// submit hands a reply to the provider, as the rep's mail program does.
func (s *stage) submit(raw []byte, letter mailText) error {
	to := letter.ReplyTo
	if to == "" {
		to = letter.From
	}
	s.mails = append(s.mails, raw)
	return s.servers.Submit(s.cast.rep.mail, bareAddress(to), raw)
}

// bareAddress takes the address out of "Name <address>".
func bareAddress(s string) string {
	if i := strings.LastIndexByte(s, '<'); i >= 0 {
		s = strings.TrimSuffix(s[i+1:], ">")
	}
	return s
}

// settle waits until every mail was taken in and every letter that may go has gone: the
// clock must not move before. It is told of each write to the store.
func (s *stage) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stuckAfter)
	defer cancel()
	for {
		idle, err := s.idle(ctx)
		if idle || err != nil {
			return err
		}
		select {
		case <-s.changed:
		case <-ctx.Done():
			return errors.Join(errors.New("the daemon did not come to rest"), ctx.Err())
		}
	}
}

func (s *stage) idle(ctx context.Context) (bool, error) {
	read, err := s.passed(ctx)
	if err != nil || read < len(s.mails) {
		return false, err
	}
	stats, err := s.daemon.store.Stats(ctx)
	if err != nil || stats.Claimed > 0 {
		return false, err
	}
	return stats.NextReady.IsZero() || stats.NextReady.After(s.clock.Now()), nil
}

// arrived waits until what was sent lies in the mailboxes, where the provider takes its time.
func (s *stage) arrived(ctx context.Context) error {
	w, ok := s.servers.(interface {
		Await(ctx context.Context, n int, addresses ...string) error
	})
	if !ok {
		return nil
	}
	return w.Await(ctx, s.sentBefore+s.daemon.outbox.Stats().Sent, s.cast.rep.mail, s.cast.manager.mail)
}

// passed is how many mails the inbox is through with: the provider counts UIDs from 1. Below 0:
// it has not begun to look.
func (s *stage) passed(ctx context.Context) (int, error) {
	validity, uid, err := s.daemon.store.Cursor(ctx, s.daemon.config.IMAP.Folder)
	if validity == 0 {
		return -1, err
	}
	return int(uid), err
}

// readLetters prints what arrived at the rep and the manager, and lets the rep think of an
// answer.
func (s *stage) readLetters() error {
	for _, who := range []person{s.cast.rep, s.cast.manager} {
		mails, err := s.servers.Mails(who.mail, "INBOX")
		if err != nil {
			return err
		}
		for _, m := range mails[s.read[who.mail]:] {
			s.read[who.mail]++
			letter, err := readMail(m.Raw)
			if err != nil {
				return fmt.Errorf("a letter that cannot be read: %w", err)
			}
			if who == s.cast.manager {
				s.page.say("  (a copy of it lies in %s's inbox)", who.name)
				continue
			}
			s.page.letter(s.clock.Now(), who.name, letter)
			if err := s.consider(letter); err != nil {
				return err
			}
		}
	}
	return nil
}

// consider decides what the rep will answer to a letter, and when.
func (s *stage) consider(letter mailText) error {
	if s.ask != nil {
		text, err := s.ask(letter)
		if text != "" {
			s.pending = append(s.pending, answer{s.clock.Now().Add(5 * time.Minute), letter, "Gmail", text})
		}
		return err
	}
	if len(s.script) == 0 || !s.script[0].asked.MatchString(letter.Text) {
		return nil
	}
	l := s.script[0]
	s.script = s.script[1:]
	if l.says == "" {
		s.page.say("  (%s does not answer)", s.cast.rep.name)
		return nil
	}
	s.pending = append(s.pending, answer{s.clock.Now().Add(l.after), letter, l.client, l.says})
	return nil
}

// managerSaw prints the manager's whole inbox, and proves what was not shown: none of the
// private words is anywhere in its bytes.
func (s *stage) managerSaw(private []string) error {
	mails, err := s.servers.Mails(s.cast.manager.mail, "INBOX")
	if err != nil {
		return err
	}
	s.page.heading(fmt.Sprintf("%s's whole inbox: %s", s.cast.manager.name, count(len(mails), "mail")))
	var all bytes.Buffer
	for _, m := range mails {
		letter, err := readMail(m.Raw)
		if err != nil {
			return err
		}
		s.page.inbox(letter)
		all.Write(m.Raw)
		all.WriteString(letter.Text)
	}
	for _, words := range private {
		if strings.Contains(strings.ToLower(all.String()), strings.ToLower(words)) {
			return fmt.Errorf("%s can read %q", s.cast.manager.name, words)
		}
	}
	return nil
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
