package mailer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// desk is a Handler that remembers.
type desk struct {
	mu   sync.Mutex
	got  []Arrived
	fail func(Arrived) error
	came chan struct{}
}

func newDesk() *desk { return &desk{came: make(chan struct{}, 100_000)} }

func (d *desk) Handle(_ context.Context, a Arrived) (Handled, error) {
	d.mu.Lock()
	fail := d.fail
	d.mu.Unlock()
	if fail != nil {
		if err := fail(a); err != nil {
			return Handled{}, err
		}
	}
	d.mu.Lock()
	d.got = append(d.got, a)
	d.mu.Unlock()
	d.came <- struct{}{}
	return Handled{Foreign: strings.Contains(string(a.Raw), "foreign")}, nil
}

func (d *desk) bodies() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []string
	for _, a := range d.got {
		_, body, _ := strings.Cut(string(a.Raw), "\r\n\r\n")
		all = append(all, strings.TrimSpace(body))
	}
	return strings.Join(all, " ")
}

func mailTo(to, body string) mailtest.Envelope {
	raw := fmt.Sprintf("From: sam@demo.test\r\nTo: %s\r\nSubject: Re: x\r\nMessage-ID: <%s@demo.test>\r\n\r\n%s\r\n", to, strings.ReplaceAll(body, " ", "-"), body)
	return mailtest.Envelope{From: "sam@demo.test", To: []string{to}, User: "sam@demo.test", Raw: []byte(raw)}
}

type inRig struct {
	s *mailtest.Servers
	l *ledger
	d *desk
	c *clock
	i *Inbox
}

func newInRig(t testing.TB, o mailtest.Options, ic InboxConfig) inRig {
	t.Helper()
	r := inRig{s: servers(t, o), l: newLedger(), d: newDesk(), c: newClock()}
	ic.Server = server(t, r.s.IMAPAddr, TLSNone, coachAuth())
	if ic.Limits == (IMAPTimeouts{}) {
		d := 700 * time.Millisecond
		ic.Limits = IMAPTimeouts{Connect: d, Command: d, Fetch: d, Grace: d}
	}
	var err error
	if r.i, err = NewInbox(r.l, r.d, ic, quietLog(), r.c.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.i.Close)
	return r
}

func (r inRig) sync(t testing.TB, want int) {
	t.Helper()
	n, err := r.i.Sync(context10(t))
	if err != nil || n != want {
		t.Fatalf("Sync = %d, %v; want %d", n, err, want)
	}
}

func (r inRig) deliver(bodies ...string) {
	for _, b := range bodies {
		r.s.Deliver(mailTo("coach@demo.test", b))
	}
}

func TestInboxBeginsAtUIDNext(t *testing.T) {
	r := newInRig(t, mailtest.Options{}, InboxConfig{Processed: "Processed"})
	r.deliver("old")
	r.sync(t, 0)
	r.deliver("one", "two", "a foreign")
	r.sync(t, 3)
	r.sync(t, 0)
	if got := r.d.bodies(); got != "one two a foreign" {
		t.Fatalf("handled %q", got)
	}
	left, err := r.s.Mails("coach@demo.test", "INBOX")
	if err != nil || len(left) != 2 || len(left[1].Flags) != 0 {
		t.Fatalf("INBOX holds %v, %v", left, err)
	}
	moved, err := r.s.Mails("coach@demo.test", "Processed")
	if err != nil || len(moved) != 2 || fmt.Sprint(moved[0].Flags) != "[$whyloop]" {
		t.Fatalf("Processed holds %v, %v", moved, err)
	}
}

func TestInboxRunHearsOfMail(t *testing.T) {
	r := newInRig(t, mailtest.Options{}, InboxConfig{})
	r.sync(t, 0)
	ctx, cancel := context.WithCancel(context10(t))
	done := make(chan struct{})
	go func() { defer close(done); r.i.Run(ctx) }()
	for n := range 20 {
		r.deliver(fmt.Sprint(n))
		<-r.d.came
	}
	cancel()
	<-done
}

var errTest = errors.New("test")
