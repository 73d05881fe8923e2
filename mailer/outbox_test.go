package mailer

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"go.uber.org/goleak"

	"whyloop/conversation"
	"whyloop/mailer/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// short timeouts let a stalling server be noticed within a test.
func short() SMTPTimeouts {
	d := 700 * time.Millisecond
	return SMTPTimeouts{Connect: d, Command: d, Body: d, Dot: d, Grace: d}
}

func testSender(t testing.TB, s *mailtest.Servers) *Sender {
	t.Helper()
	x, err := NewSender(SenderConfig{Server: server(t, s.SMTPAddr, TLSNone, coachAuth()), From: "coach@demo.test", Limits: short()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	return x
}

func letter(t testing.TB, n int, c *clock) conversation.Delivery {
	t.Helper()
	key := fmt.Sprintf("why/%d", n)
	l, err := testComposer(t).Compose(conversation.Head{
		Key: key, To: []conversation.Address{{Name: "Sam", Mail: "sam@demo.test"}}, Date: c.now(), Replies: true,
	}, conversation.Wording{Subject: "A question", Text: "Hi Sam.\n.\n.. dots\nWhat will that get you?", HTML: "<p>Hi</p>"})
	if err != nil {
		t.Fatal(err)
	}
	return conversation.Delivery{Letter: key, MessageID: l.MessageID, Recipient: "sam@demo.test", Raw: l.Raw, Since: c.now()}
}

type rig struct {
	s      *mailtest.Servers
	q      *queue
	c      *clock
	o      *Outbox
	alarms *[]Alarm
}

func newRig(t testing.TB, o mailtest.Options, oc OutboxConfig) rig {
	t.Helper()
	r := rig{s: servers(t, o), q: &queue{}, c: newClock(), alarms: new([]Alarm)}
	oc.Alarm = func(a Alarm) { *r.alarms = append(*r.alarms, a) }
	r.o = NewOutbox(r.q, testSender(t, r.s), oc, quietLog(), r.c.now)
	return r
}

func (r rig) drain(t testing.TB, want int) {
	t.Helper()
	n, err := r.o.Drain(context10(t))
	if err != nil || n != want {
		t.Fatalf("Drain = %d, %v; want %d", n, err, want)
	}
}

func TestOutboxSendsStoredBytesOverOneConnection(t *testing.T) {
	r := newRig(t, mailtest.Options{}, OutboxConfig{})
	conns := map[int]bool{}
	r.s.HookSMTP(func(s mailtest.Step) mailtest.Fault { conns[s.Conn] = true; return mailtest.Fault{} })
	for n := range 120 {
		r.q.add(letter(t, n, r.c))
	}
	r.drain(t, 120)
	r.drain(t, 0)
	got := r.s.Accepted()
	if len(got) != 120 || len(conns) != 1 {
		t.Fatalf("%d mails over %d connections", len(got), len(conns))
	}
	for n, e := range got {
		if want := r.q.rows[n].d; !bytes.Equal(e.Raw, want.Raw) || e.From != "coach@demo.test" || len(e.To) != 1 || e.EnvID != want.MessageID || e.Return != "HDRS" || fmt.Sprint(e.Notify) != "[FAILURE DELAY]" {
			t.Fatalf("mail %d differs: %+v", n, e)
		}
	}
}

func TestOutboxRunIsWoken(t *testing.T) {
	r := newRig(t, mailtest.Options{}, OutboxConfig{Tick: time.Hour})
	ctx, cancel := context.WithCancel(context10(t))
	done := make(chan struct{})
	go func() { defer close(done); r.o.Run(ctx) }()
	r.q.add(letter(t, 1, r.c))
	r.o.Wake()
	if _, err := r.s.WaitAccepted(ctx, 1); err != nil {
		t.Fatal(err)
	}
	cancel()
	<-done
}
