package mailer

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/mailer/mailtest"
)

// at makes a fault at the first occurrence of a step.
func at(step string, f mailtest.Fault) func(mailtest.Step) mailtest.Fault {
	return func(s mailtest.Step) mailtest.Fault {
		if s.Name == step && s.N == 1 {
			return f
		}
		return mailtest.Fault{}
	}
}

// TestOutboxFaults meets each step with each fault: nothing is lost, and nothing is sent twice but
// after the final dot.
func TestOutboxFaults(t *testing.T) {
	reply := func(s string) mailtest.Fault { return mailtest.Fault{Reply: s} }
	stall, cut := mailtest.Fault{Stall: true}, mailtest.Fault{Close: true}
	garbage := mailtest.Fault{Raw: []byte("\x00\xff??\r\n")}
	long := mailtest.Fault{Raw: bytes.Repeat([]byte("250-x\r\n"), 20_000)}
	stored := func(f mailtest.Fault) mailtest.Fault { f.Done = true; return f }
	for _, c := range []struct {
		step  string
		fault mailtest.Fault
		note  string
		state conversation.DeliveryState // after the first pass
		twice bool                       // the server has the letter twice in the end
	}{
		{"CONNECT", reply("421 4.3.2 busy"), "deferred", conversation.DeliveryWaiting, false},
		{"CONNECT", reply("554 5.7.1 go away"), "sign-in", conversation.DeliveryWaiting, false},
		{"CONNECT", stall, "unreachable", conversation.DeliveryWaiting, false},
		{"CONNECT", cut, "unreachable", conversation.DeliveryWaiting, false},
		{"CONNECT", garbage, "unreachable", conversation.DeliveryWaiting, false},
		{"EHLO", stall, "unreachable", conversation.DeliveryWaiting, false},
		{"EHLO", cut, "unreachable", conversation.DeliveryWaiting, false},
		{"EHLO", reply("421 4.3.2 busy"), "unreachable", conversation.DeliveryWaiting, false},
		{"AUTH", reply("535 5.7.8 no"), "sign-in", conversation.DeliveryWaiting, false},
		{"AUTH", reply("454 4.7.0 later"), "deferred", conversation.DeliveryWaiting, false},
		{"AUTH", stall, "unreachable", conversation.DeliveryWaiting, false},
		{"AUTH", cut, "unreachable", conversation.DeliveryWaiting, false},
		{"AUTH", garbage, "unreachable", conversation.DeliveryWaiting, false},
		{"MAIL", reply("451 4.3.0 later"), "deferred", conversation.DeliveryWaiting, false},
		{"MAIL", reply("421 4.3.0 closing"), "deferred", conversation.DeliveryWaiting, false},
		{"MAIL", reply("550 5.1.8 who?"), "sender", conversation.DeliveryWaiting, false},
		{"MAIL", reply("530 5.7.0 sign in"), "sender", conversation.DeliveryWaiting, false},
		{"MAIL", stall, "timeout", conversation.DeliveryWaiting, false},
		{"MAIL", cut, "network", conversation.DeliveryWaiting, false},
		{"MAIL", garbage, "network", conversation.DeliveryWaiting, false},
		{"MAIL", long, "network", conversation.DeliveryWaiting, false},
		{"RCPT", reply("450 4.2.1 greylisted"), "deferred", conversation.DeliveryWaiting, false},
		{"RCPT", reply("550 5.1.1 no such user"), "refused", conversation.DeliveryFailed, false},
		{"RCPT", reply("550 5.7.1 policy"), "policy", conversation.DeliveryWaiting, false},
		{"RCPT", reply("550 5.4.5 Daily sending quota exceeded"), "limit", conversation.DeliveryWaiting, false},
		{"RCPT", stall, "timeout", conversation.DeliveryWaiting, false},
		{"RCPT", cut, "network", conversation.DeliveryWaiting, false},
		{"RCPT", garbage, "network", conversation.DeliveryWaiting, false},
		{"DATA", reply("451 4.3.0 later"), "deferred", conversation.DeliveryWaiting, false},
		{"DATA", reply("554 5.5.1 no valid recipients"), "refused", conversation.DeliveryFailed, false},
		{"DATA", reply("503 5.5.1 sequence"), "protocol", conversation.DeliveryWaiting, false},
		{"DATA", stall, "timeout", conversation.DeliveryWaiting, false},
		{"DATA", cut, "network", conversation.DeliveryWaiting, false},
		{"DOT", reply("452 4.3.1 disk full"), "deferred", conversation.DeliveryWaiting, false},
		{"DOT", reply("552 5.3.4 too big"), "refused", conversation.DeliveryFailed, false},
		{"DOT", reply("550 5.7.1 looks like spam"), "policy", conversation.DeliveryWaiting, false},
		{"DOT", reply("450 4.7.0 daily limit reached"), "limit", conversation.DeliveryWaiting, false},
		{"DOT", stall, "ambiguous", conversation.DeliveryWaiting, false},
		{"DOT", cut, "ambiguous", conversation.DeliveryWaiting, false},
		{"DOT", garbage, "ambiguous", conversation.DeliveryWaiting, false},
		{"DOT", stored(stall), "ambiguous", conversation.DeliveryWaiting, true},
		{"DOT", stored(cut), "ambiguous", conversation.DeliveryWaiting, true},
		{"DOT", stored(garbage), "ambiguous", conversation.DeliveryWaiting, true},
	} {
		t.Run(fmt.Sprintf("%s/%s/%.12s/%v", c.step, c.note, c.fault.Reply+string(c.fault.Raw), c.fault.Stall), func(t *testing.T) {
			t.Parallel()
			r := newRig(t, mailtest.Options{}, OutboxConfig{})
			r.q.add(letter(t, 1, r.c))
			r.s.HookSMTP(at(c.step, c.fault))
			r.drain(t, 0)
			row := r.q.row(t, "why/1")
			if len(row.history) != 1 || row.history[0].Note != c.note || row.state != c.state {
				t.Fatalf("settled as %+v, state %s", row.history, row.state)
			}
			if c.state == conversation.DeliveryFailed {
				return
			}
			r.c.add(10 * time.Minute)
			r.drain(t, 1)
			if want := map[bool]int{false: 1, true: 2}[c.twice]; len(r.s.Accepted()) != want {
				t.Fatalf("accepted %d times, want %d", len(r.s.Accepted()), want)
			}
			for _, e := range r.s.Accepted() {
				if !bytes.Equal(e.Raw, row.d.Raw) {
					t.Fatal("the bytes differ")
				}
			}
		})
	}
}

func TestOutboxGoesOnAfterARefusedRecipient(t *testing.T) {
	r := newRig(t, mailtest.Options{}, OutboxConfig{})
	for n := range 3 {
		d := letter(t, n, r.c)
		if n == 1 {
			d.Recipient = "nobody@demo.test"
		}
		r.q.add(d)
	}
	r.drain(t, 2)
	if got := r.q.row(t, "why/1").history; len(got) != 1 || got[0].State != conversation.DeliveryFailed || got[0].Code != 550 {
		t.Fatalf("settled as %+v", got)
	}
	if len(*r.alarms) != 0 {
		t.Fatalf("alarms %v", *r.alarms)
	}
}

func TestOutboxPausesInsteadOfBurningLetters(t *testing.T) {
	r := newRig(t, mailtest.Options{}, OutboxConfig{})
	for n := range 10 {
		r.q.add(letter(t, n, r.c))
	}
	tried, refuse := 0, true
	r.s.HookSMTP(func(s mailtest.Step) mailtest.Fault {
		if s.Name == "AUTH" && refuse {
			tried++
			return mailtest.Fault{Reply: "535 5.7.8 no"}
		}
		return mailtest.Fault{}
	})
	r.drain(t, 0)
	r.drain(t, 0)
	if tried != 1 || r.o.Stats().Paused != "sign-in" || len(*r.alarms) != 1 || (*r.alarms)[0] != (Alarm{"sign-in", 535}) {
		t.Fatalf("%d tries, stats %+v, alarms %v", tried, r.o.Stats(), *r.alarms)
	}
	r.c.add(61 * time.Second)
	r.drain(t, 0) // a probe with one letter
	if tried != 2 || len(*r.alarms) != 1 {
		t.Fatalf("%d tries, alarms %v", tried, *r.alarms)
	}
	refuse = false
	r.c.add(20 * time.Minute)
	r.drain(t, 10)
	if r.o.Stats().Paused != "" || len(*r.alarms) != 2 || (*r.alarms)[1] != (Alarm{}) {
		t.Fatalf("stats %+v, alarms %v", r.o.Stats(), *r.alarms)
	}
	if r.q.count(conversation.DeliverySent) != 10 {
		t.Fatal("not all were sent")
	}
}

func TestOutboxObeysPerMinute(t *testing.T) {
	r := newRig(t, mailtest.Options{}, OutboxConfig{PerMinute: 30})
	for n := range 70 {
		r.q.add(letter(t, n, r.c))
	}
	var sent []int
	for range 4 {
		n, err := r.o.Drain(context10(t))
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, n)
		r.c.add(59 * time.Second)
		if n, err := r.o.Drain(context10(t)); n != 0 || err != nil {
			t.Fatalf("%d sent within the minute, %v", n, err)
		}
		r.c.add(time.Second)
	}
	if !slices.Equal(sent, []int{30, 30, 10, 0}) {
		t.Fatalf("sent %v", sent)
	}
}

// TestOutboxDoesNotSendTwiceWhenTheStoreFails: the server has it, the store would not take that down.
func TestOutboxDoesNotSendTwiceWhenTheStoreFails(t *testing.T) {
	r := newRig(t, mailtest.Options{}, OutboxConfig{})
	r.q.add(letter(t, 1, r.c))
	r.q.failNext = 1
	if _, err := r.o.Drain(context10(t)); err == nil {
		t.Fatal("no error")
	}
	r.c.add(time.Hour) // the lease is over
	r.q.failNext = 1
	if _, err := r.o.Drain(context10(t)); err == nil {
		t.Fatal("no error")
	}
	r.drain(t, 0)
	if got := len(r.s.Accepted()); got != 1 || r.q.count(conversation.DeliverySent) != 1 {
		t.Fatalf("accepted %d times", got)
	}
}

// TestOutboxFinishesTheLetterInHand: the context ends while the server thinks after the dot.
func TestOutboxFinishesTheLetterInHand(t *testing.T) {
	r := newRig(t, mailtest.Options{}, OutboxConfig{})
	r.q.add(letter(t, 1, r.c))
	r.q.add(letter(t, 2, r.c))
	ctx, cancel := context.WithCancel(context10(t))
	r.s.HookSMTP(func(s mailtest.Step) mailtest.Fault {
		if s.Name == mailtest.StepDot {
			cancel()
		}
		return mailtest.Fault{}
	})
	if n, err := r.o.Drain(ctx); n != 1 || err != nil {
		t.Fatalf("Drain = %d, %v", n, err)
	}
	if one, two := r.q.row(t, "why/1"), r.q.row(t, "why/2"); one.state != conversation.DeliverySent || two.state != conversation.DeliveryWaiting {
		t.Fatalf("states %s, %s", one.state, two.state)
	}
}

// TestOutboxStopsWithinGrace: the server never answers, and the process wants to go.
func TestOutboxStopsWithinGrace(t *testing.T) {
	s := servers(t, mailtest.Options{})
	x, err := NewSender(SenderConfig{Server: server(t, s.SMTPAddr, TLSNone, coachAuth()), From: "coach@demo.test",
		Limits: SMTPTimeouts{Grace: 20 * time.Millisecond}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context10(t))
	s.HookSMTP(func(st mailtest.Step) mailtest.Fault {
		if st.Name == mailtest.StepDot {
			cancel()
			return mailtest.Fault{Stall: true}
		}
		return mailtest.Fault{}
	})
	if out := x.Send(ctx, letter(t, 1, newClock())); out.Verdict != Ambiguous {
		t.Fatalf("outcome %+v", out)
	}
}

func TestSchedule(t *testing.T) {
	c := newClock()
	d := conversation.Delivery{Letter: "k", Recipient: "r", Since: c.now()}
	now, var0 := c.now(), time.Duration(0)
	var gaps []time.Duration
	for d.Attempt = 1; ; d.Attempt++ {
		s := settlement(d, Outcome{Verdict: Retry, Note: "deferred"}, now)
		if s.State == conversation.DeliveryFailed {
			break
		}
		gaps = append(gaps, s.Next.Sub(now))
		now = s.Next
	}
	want := []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 8 * time.Hour}
	for k, w := range want {
		if off := gaps[k] - w; off > w/10 || off < -w/10 {
			t.Errorf("wait %d is %v, want %v ± 10 %%", k, gaps[k], w)
		}
	}
	for _, g := range gaps {
		var0 += g
	}
	if var0 != giveUp {
		t.Errorf("given up after %v, want %v", var0, giveUp)
	}
}
