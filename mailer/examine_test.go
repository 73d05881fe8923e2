package mailer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/google/go-cmp/cmp"

	"whyloop/mailer/mailtest"
)

func lookAt(t *testing.T, s *mailtest.Servers, c InboxConfig) (*Mailbox, error) {
	t.Helper()
	c.Server = server(t, s.IMAPAddr, TLSNone, coachAuth())
	m, err := OpenMailbox(context10(t), c)
	if err == nil {
		t.Cleanup(m.Close)
	}
	return m, err
}

// TestMailboxReport: what the server can do is what is said.
func TestMailboxReport(t *testing.T) {
	folders := []Folder{{"INBOX", false}, {"Junk", true}}
	for _, c := range []struct {
		name string
		o    mailtest.Options
		want MailboxReport
	}{
		{"all", mailtest.Options{}, MailboxReport{Idle: true, Move: true, UIDPlus: true, Keywords: true, Folders: folders}},
		{"bare", mailtest.Options{NoMove: true, NoUIDPlus: true, NoKeywords: true}, MailboxReport{Idle: true, Folders: folders}},
	} {
		m, err := lookAt(t, servers(t, c.o), InboxConfig{Junk: "Junk", Processed: "Processed"})
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(m.Folders, func(a, b Folder) int { return strings.Compare(a.Name, b.Name) })
		if diff := cmp.Diff(c.want, m.MailboxReport); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestMailboxWithoutFolder(t *testing.T) {
	_, err := lookAt(t, servers(t, mailtest.Options{}), InboxConfig{Junk: "Spam"})
	if !errors.Is(err, ErrFolder) || !strings.Contains(err.Error(), `"Spam"; there are "INBOX", "Junk"`) {
		t.Errorf("%v", err)
	}
}

// TestMailboxNew: a mail with the mark is found in whichever folder it lies, also one that a daemon moves to
// a folder made meanwhile; what is older, or has no mark, is not fetched; and it can be deleted alone.
func TestMailboxNew(t *testing.T) {
	s := servers(t, mailtest.Options{})
	deliver := func(subject string) {
		s.Deliver(mailtest.Envelope{From: "sam@demo.test", To: []string{"coach@demo.test"}, Raw: []byte("From: sam@demo.test\r\nSubject: " + subject + "\r\n\r\nhello\r\n")})
	}
	deliver("old check-1")
	var fetched []string
	s.HookIMAP(func(st mailtest.Step) mailtest.Fault {
		if st.Name == "UID FETCH" && strings.Contains(st.Line, "BODY.PEEK[]") {
			fetched = append(fetched, st.Line)
		}
		return mailtest.Fault{}
	})
	m, err := lookAt(t, s, InboxConfig{Processed: "Processed"})
	if err != nil {
		t.Fatal(err)
	}
	look := func(want ...string) (all []Arrived) {
		t.Helper()
		all, err := m.New(context10(t), "check-1")
		var got []string
		for _, a := range all {
			got = append(got, fmt.Sprintf("%s %v", a.Folder, strings.Contains(string(a.Raw), "hello")))
		}
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q, %v; want %q", got, err, want)
		}
		return all
	}
	look()
	deliver("nothing")
	deliver("=?utf-8?B?d2h5bG9vcCBjaGVjay0x?=")
	all := look("INBOX true")
	look()
	if len(fetched) != 1 {
		t.Errorf("fetched: %q", fetched)
	}
	deliver("whyloop\r\n check-1")
	moveAll(t, s)
	look("Processed true", "Processed true", "Processed true") // the old one has come there now
	if err := m.Remove(context10(t), all[0]); err != nil {     // gone from there: nothing happens
		t.Fatal(err)
	}
	deliver("check-1 again")
	if err := m.Remove(context10(t), look("INBOX true")[0]); err != nil {
		t.Fatal(err)
	}
	if left, err := s.Mails("coach@demo.test", "INBOX"); err != nil || len(left) != 0 {
		t.Errorf("%d left, %v", len(left), err)
	}
	if moved, err := s.Mails("coach@demo.test", "Processed"); err != nil || len(moved) != 4 {
		t.Errorf("%d in Processed, %v", len(moved), err)
	}
}

// moveAll is a daemon that has handled everything.
func moveAll(t *testing.T, s *mailtest.Servers) {
	t.Helper()
	i, err := NewInbox(newLedger(), newDesk(), InboxConfig{Server: server(t, s.IMAPAddr, TLSNone, coachAuth()), Processed: "Processed"}, quietLog(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if err := i.connect(context10(t)); err != nil {
		t.Fatal(err)
	}
	data, err := i.open.choose("INBOX")
	if err != nil {
		t.Fatal(err)
	}
	p := &pass{Inbox: i, s: i.open, folder: "INBOX"}
	if p.tidy, err = i.open.search(1, uint32(data.UIDNext), imap.SearchCriteria{}); err != nil {
		t.Fatal(err)
	}
	if err := p.move(); err != nil {
		t.Fatal(err)
	}
}

// TestMailboxStalls: a server that falls silent holds nobody.
func TestMailboxStalls(t *testing.T) {
	for _, step := range []string{mailtest.StepConnect, "LIST", "SELECT", "IDLE", "UID FETCH"} {
		s := servers(t, mailtest.Options{})
		s.HookIMAP(func(st mailtest.Step) mailtest.Fault { return mailtest.Fault{Stall: st.Name == step} })
		short := 100 * time.Millisecond
		m, err := lookAt(t, s, InboxConfig{Limits: IMAPTimeouts{Connect: short, Command: short, Fetch: short}})
		switch {
		case step == "IDLE" && err == nil && m.Idle:
			t.Error("IDLE does not work, and is said to")
		case step == "UID FETCH" && err == nil:
			s.Deliver(mailtest.Envelope{From: "sam@demo.test", To: []string{"coach@demo.test"}, Raw: []byte("Subject: x\r\n\r\n")})
			if _, err := m.New(context10(t), "x"); !errors.Is(err, errSilent) {
				t.Errorf("%s: %v", step, err)
			}
		case step != "IDLE" && !errors.Is(err, errSilent):
			t.Errorf("%s: %v", step, err)
		}
	}
}

// TestMailboxEnds: a context that ends frees a look under way.
func TestMailboxEnds(t *testing.T) {
	s := servers(t, mailtest.Options{})
	ctx, cancel := context.WithCancel(context10(t))
	s.HookIMAP(func(st mailtest.Step) mailtest.Fault {
		if st.Name == "LIST" {
			cancel()
			return mailtest.Fault{Stall: true}
		}
		return mailtest.Fault{}
	})
	if _, err := OpenMailbox(ctx, InboxConfig{Server: server(t, s.IMAPAddr, TLSNone, coachAuth())}); err == nil || context10(t).Err() != nil {
		t.Errorf("%v", err)
	}
}

func TestExamineSender(t *testing.T) {
	s := servers(t, mailtest.Options{TLS: true})
	srv := server(t, s.SMTPAddr, TLSStart, coachAuth())
	srv.Roots = s.Roots()
	x, err := NewSender(SenderConfig{Server: srv, From: "coach@demo.test", Limits: short()})
	if err != nil {
		t.Fatal(err)
	}
	r, err := x.Examine(context10(t))
	if err != nil || !r.DSN || r.Version != "TLS 1.3" || !r.Expires.After(time.Now()) {
		t.Errorf("%+v, %v", r, err)
	}
	s = servers(t, mailtest.Options{})
	if x, err = NewSender(SenderConfig{Server: server(t, s.SMTPAddr, TLSNone, coachAuth()), From: "coach@demo.test", Limits: short()}); err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	s.HookSMTP(func(st mailtest.Step) mailtest.Fault {
		if st.Name == "MAIL" {
			return mailtest.Fault{Reply: "553 5.7.1 Sender address rejected: not owned by user"}
		}
		return mailtest.Fault{}
	})
	if _, err := x.Examine(context10(t)); !errors.Is(err, ErrSender) || !strings.Contains(err.Error(), "not owned by user") {
		t.Errorf("%v", err)
	}
	s.HookSMTP(nil)
	if got := s.Accepted(); len(got) != 0 {
		t.Errorf("%d mails were sent", len(got))
	}
	if out := x.Send(context10(t), letter(t, 1, newClock())); out.Verdict != Sent {
		t.Errorf("afterwards: %+v", out)
	}
}

// TestTrialMark: good for two days, only with the key, wherever in a subject.
func TestTrialMark(t *testing.T) {
	keys, other := testComposer(t).c.Keys, testKeys(t, "b")
	now := newClock().now()
	mark := keys.TrialMark(now)
	for _, c := range []struct {
		name, subject string
		keys          Keys
		at            time.Time
		want          bool
	}{
		{"alone", mark, keys, now, true},
		{"in a reply", "AW: whyloop " + mark + ".", keys, now, true},
		{"the next day", mark, keys, now.AddDate(0, 0, 1), true},
		{"two days on", mark, keys, now.AddDate(0, 0, 2), false},
		{"the day before", mark, keys, now.AddDate(0, 0, -1), false},
		{"another key", mark, other, now, false},
		{"another nonce", strings.Replace(mark, "check-", "check-a", 1), keys, now, false},
		{"forged", mark[:len(mark)-1] + "!", keys, now, false},
		{"none", "Re: A question", keys, now, false},
		{"many forged", strings.Repeat("check-aaaaaa-aaaaaaaaaaaa ", 1000), keys, now, false},
	} {
		if got := c.keys.IsTrial(c.subject, c.at); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if keys.TrialMark(now) == mark {
		t.Error("two marks are the same")
	}
}

// TestDeskTrial: a rep's trial answers no question and is held by nobody; with a mark that is not ours it is
// a mail like any other.
func TestDeskTrial(t *testing.T) {
	keys := testComposer(t).c.Keys
	for _, mark := range []string{keys.TrialMark(newClock().now()), testKeys(t, "b").TrialMark(newClock().now())} {
		r := newDeskRig(t, false)
		r.d.c.Keys = keys
		raw := "From: Sam <sam@demo.test>\r\nTo: coach@demo.test\r\nIn-Reply-To: <" + r.our.MessageID + ">\r\nSubject: " + mark + "\r\nMessage-ID: <t@demo.test>\r\n\r\nMore money\r\n"
		got, err := r.d.Handle(t.Context(), Arrived{Raw: []byte(raw)})
		if err != nil || got.Foreign {
			t.Fatal(got, err)
		}
		if ours := keys.IsTrial(mark, newClock().now()); (len(r.c.got) == 0) != ours || len(r.l.held) > 0 {
			t.Errorf("ours %v: %d reached the coach, %d held", ours, len(r.c.got), len(r.l.held))
		}
	}
}
