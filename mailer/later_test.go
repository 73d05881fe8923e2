package mailer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
	"whyloop/parser"
)

// newLaterRig handles all but mails with "later" in them, while dns is down.
func newLaterRig(t *testing.T) (inRig, *sync.Map) {
	t.Helper()
	r := newInRig(t, mailtest.Options{NoMove: true, NoUIDPlus: true}, InboxConfig{})
	down := &sync.Map{}
	down.Store("dns", true)
	r.d.fail = func(a Arrived) error {
		if _, is := down.Load("dns"); is && strings.Contains(string(a.Raw), "later") {
			return fmt.Errorf("sender's proof: %w", ErrLater)
		}
		return nil
	}
	r.sync(t, 0)
	return r, down
}

// TestInboxPutsOff: a mail that waits for DNS waits for itself alone, and its tries do not count.
func TestInboxPutsOff(t *testing.T) {
	r, down := newLaterRig(t)
	r.deliver("one", "later", "two")
	r.sync(t, 2)
	r.deliver("three", "later again")
	r.sync(t, 1)
	for range 60 { // ten hours, in which nothing is handled twice
		r.c.add(10 * time.Minute)
		r.sync(t, 0)
	}
	if got := r.d.bodies(); got != "one two three" {
		t.Fatalf("handled %q", got)
	}
	down.Delete("dns")
	r.c.add(time.Hour)
	r.sync(t, 2)
	r.c.add(time.Hour)
	r.sync(t, 0)
	if got := r.d.bodies(); got != "one two three later later again" || len(r.l.holds()) != 0 {
		t.Fatalf("handled %q, held %v", got, r.l.holds())
	}
	if _, uid, _ := r.l.Cursor(context10(t), "INBOX"); uid != 5 {
		t.Errorf("the cursor stands at %d", uid)
	}
}

// TestInboxPutsOffForADay: then it is held, with its bytes.
func TestInboxPutsOffForADay(t *testing.T) {
	r, _ := newLaterRig(t)
	r.deliver("later", "one")
	r.sync(t, 1)
	tries := 0
	fail := r.d.fail
	r.d.fail = func(a Arrived) error { tries++; return fail(a) }
	for range 24*6 - 1 {
		r.c.add(10 * time.Minute)
		r.sync(t, 0)
	}
	if len(r.l.holds()) != 0 {
		t.Fatal("held before the day is over")
	}
	r.c.add(10 * time.Minute)
	r.sync(t, 1)
	held := r.l.holds()
	if len(held) != 1 || held[0].Reason != "dns" || !strings.Contains(string(held[0].Raw), "later") {
		t.Fatalf("held %v", held)
	}
	if tries < 20 || tries > 35 {
		t.Errorf("tried %d times in a day", tries)
	}
	if _, uid, _ := r.l.Cursor(context10(t), "INBOX"); uid != 2 {
		t.Errorf("the cursor stands at %d", uid)
	}
}

// TestInboxPutsOffAcrossRestarts: the cursor stays before a mail that waits, so that no restart loses it; and
// however often it is offered anew, neither it nor what lies behind it becomes poison.
func TestInboxPutsOffAcrossRestarts(t *testing.T) {
	r, down := newLaterRig(t)
	r.deliver("one", "later")
	for n := range 80 { // a second group begins behind
		r.deliver(fmt.Sprint("n", n))
	}
	r.sync(t, 81)
	for range 6 {
		r.i.Close()
		next, err := NewInbox(r.l, r.d, r.i.c, quietLog(), r.c.now)
		if err != nil {
			t.Fatal(err)
		}
		r.i = next
		r.sync(t, 80) // the handler knows them
		if _, uid, _ := r.l.Cursor(context10(t), "INBOX"); uid != 1 {
			t.Fatalf("the cursor stands at %d", uid)
		}
	}
	down.Delete("dns")
	r.c.add(time.Hour)
	r.sync(t, 1)
	r.i.Close()
	if _, uid, _ := r.l.Cursor(context10(t), "INBOX"); uid != 82 || len(r.l.holds()) != 0 {
		t.Errorf("cursor %d, held %v", uid, r.l.holds())
	}
}

// TestInboxPutsOffAndPoison: a mail that fails of itself after it waited is counted, and held as poison.
func TestInboxPutsOffAndPoison(t *testing.T) {
	r, down := newLaterRig(t)
	r.deliver("later", "one")
	r.sync(t, 1)
	down.Delete("dns")
	r.d.fail = func(a Arrived) error {
		if strings.Contains(string(a.Raw), "later") {
			return errTest
		}
		return nil
	}
	r.c.add(time.Hour)
	for range 2 {
		if _, err := r.i.Sync(context10(t)); err == nil {
			t.Fatal("no error")
		}
	}
	r.sync(t, 1)
	if held := r.l.holds(); len(held) != 1 || held[0].Reason != "poison" {
		t.Errorf("held %v", held)
	}
}

// TestInboxPutsOffWhatIsRenumbered: what waited is offered by the rescan, and waits on.
func TestInboxPutsOffWhatIsRenumbered(t *testing.T) {
	r, down := newLaterRig(t)
	r.i.now = time.Now // the server's INTERNALDATE
	r.deliver("later", "one")
	r.sync(t, 1)
	r.s.SetEpoch(4_000_000_000)
	r.sync(t, 0) // one is marked
	r.deliver("two")
	r.sync(t, 1)
	down.Delete("dns")
	later := time.Now().Add(2 * time.Hour)
	r.i.now = func() time.Time { return later }
	r.sync(t, 1)
	if got := r.d.bodies(); got != "one two later" {
		t.Errorf("handled %q", got)
	}
}

func TestUntilNext(t *testing.T) {
	r, _ := newLaterRig(t)
	if got := r.i.untilNext(time.Hour); got != time.Hour {
		t.Error(got)
	}
	r.deliver("later")
	r.sync(t, 0)
	if got := r.i.untilNext(time.Hour); got != time.Minute {
		t.Error(got)
	}
	r.c.add(time.Hour)
	if got := r.i.untilNext(time.Hour); got != time.Second {
		t.Error(got)
	}
}

// TestDeskWaitsForDNS: a reply whose proof needs a name server that does not answer is put off, not failed.
func TestDeskWaitsForDNS(t *testing.T) {
	p := &parser.Parser{Own: []string{"coach@demo.test"}, Resolver: func(context.Context, string) ([]string, error) {
		return nil, &net.DNSError{Err: "server misbehaving", Name: "demo.test", IsTemporary: true}
	}}
	d, err := NewDesk(p, &coach{}, newLedger(), DeskConfig{Address: "coach@demo.test"}, quietLog(), newClock().now)
	if err != nil {
		t.Fatal(err)
	}
	raw := "DKIM-Signature: v=1; a=rsa-sha256; d=demo.test; s=k; h=from:to:subject; bh=" + strings.Repeat("A", 43) + "=; b=AAAA\r\n" +
		"From: Sam <sam@demo.test>\r\nTo: coach@demo.test\r\nSubject: Re: x\r\nMessage-ID: <1@demo.test>\r\nIn-Reply-To: <2@demo.test>\r\n\r\nMore time\r\n"
	_, err = d.Handle(context10(t), Arrived{UID: 1, At: newClock().now(), Raw: []byte(raw)})
	if !errors.Is(err, ErrLater) {
		t.Errorf("%v", err)
	}
}
