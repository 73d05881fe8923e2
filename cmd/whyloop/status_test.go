package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer"
)

func TestDue(t *testing.T) {
	o := newOffice(t)
	o.must("Nothing goes out until then.", "due")
	o.enrol()
	o.confide()
	o.must("2026-11-23 09:00  invite  sam@example.com  written", "due")
	o.settleAll()
	o.change("sam@example.com", func(c *conversation.Conversation) {
		c.Preview, c.Week.CheckIn, c.Week.Preview = nil, o.now.Add(20*time.Hour), o.now.Add(72*time.Hour)
		c.DueAt = c.Week.CheckIn
	})
	out := o.must("2026-11-24 05:00  check-in  sam@example.com  planned", "due")
	o.must("Nothing goes out until then.", "due --hours 3")
	o.refuses("--hours: want", "due --hours 0")
	if strings.Contains(out, confided) {
		t.Error(out)
	}
}

// TestPlanned: what a due moment brings is named by its date.
func TestPlanned(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for want, c := range map[string]conversation.Conversation{
		"deletion of their answers": {EraseAt: at, End: conversation.Stopped},
		"":                          {End: conversation.Stopped},
		"end of the pause":          {Paused: true, Until: at},
		"word after the absence":    {Away: at},
		"summary":                   {Preview: &conversation.Preview{At: at}},
		"preview":                   {Week: conversation.Week{Preview: at}},
		"check-in":                  {Week: conversation.Week{CheckIn: at, Preview: at.Add(time.Hour)}},
		"reminder":                  {Week: conversation.Week{CheckIn: at.Add(time.Hour)}},
	} {
		if got := planned(c, at); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestStatus: what needs the admin is said, and how to see to it.
func TestStatus(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	o.confide()
	got := o.whyloop("", "status")
	for _, want := range []string{"daemon           does not run", "reps             1, 1 going on, 0 held, 0 bounced", "1 waiting, 0 overdue", "! The daemon does not run"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in\n%s", want, got.out)
		}
	}
	if got.code != exitFailure {
		t.Errorf("exit %d", got.code)
	}
	if all := got.out + got.errors; strings.Contains(all, confided) || strings.Contains(all, "sam@") {
		t.Error(all)
	}
	o.now = o.now.Add(time.Hour)
	if got := o.whyloop("", "status"); !strings.Contains(got.out, "! 1 letter should have gone since 2026-11-23 09:00: whyloop outbox") {
		t.Error(got.out)
	}
	o.change("sam@example.com", func(c *conversation.Conversation) { c.Held = "too-many-letters" })
	o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
		if err := s.Hold(context.Background(), conversation.HeldMail{Key: "k", Reason: "wrong-sender", At: o.now, Raw: []byte(confided)}); err != nil {
			t.Fatal(err)
		}
	})
	var v status
	if err := json.Unmarshal([]byte(o.whyloop("", "status --json").out), &v); err != nil {
		t.Fatal(err)
	}
	if v.Runs || v.OnHold != 1 || v.Held != 1 || v.Ready != 1 || len(v.Needs) != 4 {
		t.Errorf("%+v", v)
	}
	o.refuses("--watch", "status --watch 1ms")
}

// TestStatusOfADaemon: a daemon that runs is told with when the servers last did their part.
func TestStatusOfADaemon(t *testing.T) {
	s, _ := setStage(t, demoPolicy)
	s.playUntil(t, "2026-11-23 09:00")
	if err := s.daemon.beat(context.Background()); err != nil {
		t.Fatal(err)
	}
	o := &office{t, s.config, s.clock.Now()}
	out := o.must("daemon           runs, pid", "status")
	for _, want := range []string{"mailbox read     2026-11-23", "letter accepted  2026-11-23", "Nothing needs you."} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	s.daemon.troubles.tell("smtp")(trouble("sign-in"))
	if err := s.daemon.beat(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := o.whyloop("", "status"); !strings.Contains(got.out, "! smtp: sign-in; ") {
		t.Error(got.out)
	}
	o.now = o.now.Add(time.Hour)
	if got := o.whyloop("", "status"); !strings.Contains(got.out, "it may hang") {
		t.Error(got.out)
	}
}

// trouble is what a part tells of.
func trouble(what string) mailer.Alarm { return mailer.Alarm{What: what} }

// TestStatusTellsOfLongTries: a letter that a server puts off for more than four hours is told of, well before it is given up.
func TestStatusTellsOfLongTries(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	const told = "1 letter tried again and again, the oldest since 2026-11-23 09:00"
	enrolled := o.now
	o.settle(conversation.Settlement{State: conversation.DeliveryRetry, Code: 451, Note: "refused", Next: o.now.Add(5 * time.Hour)})
	for after, want := range map[time.Duration]bool{4 * time.Hour: false, 4*time.Hour + time.Minute: true} {
		o.now = enrolled.Add(after)
		if got := o.whyloop("", "status").out; strings.Contains(got, told) != want {
			t.Errorf("after %v:\n%s", after, got)
		}
	}
}
