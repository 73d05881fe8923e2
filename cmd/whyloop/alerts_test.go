package main

import (
	"bytes"
	"context"
	"net/mail"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/mailer"
	"whyloop/mailer/mailtest"
)

// TestAlertState: once a day at most, only what lasts, and one word when it is over.
func TestAlertState(t *testing.T) {
	const m = time.Minute
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for name, looks := range map[string][]struct {
		at     time.Duration
		needed bool
		want   alertMail
	}{
		"nothing":        {{0, false, alertNone}, {20 * m, false, alertNone}},
		"it passes":      {{0, true, alertNone}, {10 * m, true, alertNone}, {15 * m, false, alertNone}, {20 * m, true, alertNone}, {30 * m, true, alertNone}},
		"it lasts":       {{0, true, alertNone}, {15 * m, true, alertNeeded}, {20 * m, true, alertNone}, {23 * 60 * m, true, alertNone}, {24*60*m + 15*m, true, alertNeeded}},
		"it is over":     {{0, true, alertNone}, {15 * m, true, alertNeeded}, {20 * m, false, alertNone}, {35 * m, false, alertWell}, {60 * m, false, alertNone}},
		"over for once":  {{0, true, alertNone}, {15 * m, true, alertNeeded}, {20 * m, false, alertNone}, {30 * m, true, alertNone}, {36 * m, false, alertNone}},
		"again that day": {{0, true, alertNone}, {15 * m, true, alertNeeded}, {20 * m, false, alertNone}, {40 * m, false, alertWell}, {50 * m, true, alertNone}, {80 * m, true, alertNone}, {24*60*m + 20*m, true, alertNeeded}},
	} {
		var a alertState
		for _, l := range looks {
			var got alertMail
			if a, got = a.look(l.needed, start.Add(l.at)); got != l.want {
				t.Errorf("%s, after %v: %v, want %v", name, l.at, got, l.want)
			}
		}
	}
}

// alerted is what the provider was handed for the admin so far.
func (s *stage) alerted(t *testing.T) (all []mailText, raw []byte) {
	t.Helper()
	if err := s.settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, e := range s.servers.(inProcess).Accepted() {
		if e.To[0] == "ops@example.com" {
			m, err := readMail(e.Raw)
			if err != nil {
				t.Fatal(err)
			}
			all, raw = append(all, m), e.Raw
		}
	}
	return all, raw
}

// lookAfter lets time pass and the daemon look whether something needs the admin.
func (s *stage) lookAfter(t *testing.T, d time.Duration) {
	t.Helper()
	s.clock.Set(s.clock.Now().Add(d))
	s.daemon.store.pulse.note(func(r *pulseReport) { r.IMAP = s.clock.Now() }) // the mailbox is read by the wall clock
	if err := s.daemon.alert(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// TestAlert: what waits for the admin is mailed to them once a day, over a restart too, without a name or a word of
// anybody's; then that all is well.
func TestAlert(t *testing.T) {
	s, book := setStage(t, demoPolicy+"[alerts]\nto = \"ops@example.com\"\n", canaryScript()[:3]...)
	s.servers.(inProcess).AddUser("ops@example.com", demoPassword)
	s.playUntil(t, "2026-11-23 12:00")
	s.lookAfter(t, 0)
	if all, _ := s.alerted(t); len(all) != 0 {
		t.Fatalf("all is well, and yet: %q", all)
	}
	ctx := context.Background()
	held := conversation.HeldMail{Key: "k", Reason: "wrong-sender", At: s.clock.Now(), Raw: []byte("Subject: canarysubject\r\n\r\ncanaryheld\r\n")}
	if err := s.daemon.store.Hold(ctx, held); err != nil {
		t.Fatal(err)
	}
	for range 6 {
		s.lookAfter(t, 5*time.Minute)
	}
	if err := s.restart(); err != nil {
		t.Fatal(err)
	}
	for range 6 {
		s.lookAfter(t, 5*time.Minute)
	}
	all, raw := s.alerted(t)
	if len(all) != 1 || all[0].Subject != "whyloop needs you: 1 thing" || !strings.Contains(all[0].Text, "- 1 mail held: whyloop held.") {
		t.Fatalf("%q", all)
	}
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("Auto-Submitted") != "auto-generated" || !strings.Contains(m.Header.Get("Reply-To"), "ops@example.com") || m.Header.Get("X-Whyloop") == "" {
		t.Errorf("%v", m.Header)
	}
	for _, word := range []string{"Sam", "sam@", "Dana", "canary"} {
		if strings.Contains(string(raw), word) {
			t.Errorf("it holds %q:\n%s", word, raw)
		}
	}
	s.lookAfter(t, 24*time.Hour)
	if all, _ := s.alerted(t); len(all) != 2 {
		t.Errorf("%d mails on the second day", len(all))
	}
	rows, err := s.daemon.store.Held(ctx)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	if err := s.daemon.store.DropHeld(ctx, rows[0].ID); err != nil {
		t.Fatal(err)
	}
	for range 6 {
		s.lookAfter(t, 5*time.Minute)
	}
	all, _ = s.alerted(t)
	if len(all) != 3 || all[2].Subject != "whyloop: all well again" {
		t.Errorf("%q", all)
	}
	if strings.Contains(book.String(), "ops@") {
		t.Error("the log names an address")
	}
}

// TestAlertWaits: while the server refuses us, the newest word waits alone and leaves when it may.
func TestAlertWaits(t *testing.T) {
	s, _ := setStage(t, demoPolicy+"[alerts]\nto = \"ops@example.com\"\n")
	s.playUntil(t, "2026-11-23 09:00")
	ctx := context.Background()
	s.servers.(inProcess).AddUser("ops@example.com", demoPassword)
	var down atomic.Bool
	down.Store(true)
	s.servers.(inProcess).HookSMTP(func(step mailtest.Step) (f mailtest.Fault) {
		if down.Load() && step.Name == "MAIL" {
			f.Reply = "451 4.3.0 later"
		}
		return f
	})
	s.daemon.troubles.tell(aboutBackup)(trouble("failed"))
	for range 5 {
		s.lookAfter(t, 5*time.Minute)
	}
	if err := s.settle(ctx); err != nil { // what is being sent this moment is left to it
		t.Fatal(err)
	}
	s.lookAfter(t, 24*time.Hour)
	if err := s.settle(ctx); err != nil {
		t.Fatal(err)
	}
	waiting, err := s.daemon.store.Outbox(ctx)
	n := 0
	for _, d := range waiting {
		if d.Kind == kindAlert {
			n++
		}
	}
	if err != nil || n != 1 {
		t.Errorf("%d wait, %v", n, err)
	}
	down.Store(false)
	s.clock.Set(s.clock.Now().Add(6 * time.Hour))
	if err := s.daemon.ring(ctx); err != nil {
		t.Fatal(err)
	}
	if all, _ := s.alerted(t); len(all) != 1 || !strings.Contains(all[0].Text, "backup: failed") {
		t.Errorf("%q", all)
	}
}

// TestAlertRefused: that the admin's own server refuses the mail is said where they look next.
func TestAlertRefused(t *testing.T) {
	var w watched
	var now mailer.Alarm
	w.told = func(a mailer.Alarm) { now = a }
	w.settledAlert("why/x/1", conversation.Settlement{State: conversation.DeliveryFailed})
	if now.What != "" {
		t.Error("a rep's letter is no alert")
	}
	w.settledAlert("alert/2026-11-23", conversation.Settlement{State: conversation.DeliveryFailed})
	if now.What == "" {
		t.Error("nothing is said")
	}
	w.settledAlert("alert/2026-11-24", conversation.Settlement{State: conversation.DeliverySent})
	if now.What != "" {
		t.Error("it is over")
	}
}

// TestAlertAddress: not the mailbox, not a rep's and not a manager's, whichever of the two was there first.
func TestAlertAddress(t *testing.T) {
	o := newOffice(t, "[alerts]\nto = \"ops@example.com\"\n")
	o.refuses("refused: ops@example.com is whyloop's own mailbox, or where the admin hears", "rep add ops@example.com --name Ops --zone UTC --manager", "Dana <dana@example.com>")
	o.refuses("refused: ops@example.com", "rep add sam@example.com --name Sam --zone UTC --manager", "Ops <ops@example.com>")
	o.refuses("refused: coach@example.com", "rep add coach@example.com --name Coach --zone UTC --manager", "Dana <dana@example.com>")
	o.refuses("line 2: refused: ops@example.com", "rep import --send", csvFile(t, csvHead+"Ops,ops@example.com,Dana,dana@example.com,UTC\n"))
	s, _ := setStage(t, demoPolicy)
	ctx := context.Background()
	c := s.daemon.present().config
	for _, taken := range []string{"sam@example.com", "Dana@example.com"} {
		c.Alerts.To = taken
		if _, err := s.daemon.newWork(ctx, c); err == nil || !strings.Contains(err.Error(), "alerts.to is the address of a rep or of a manager") {
			t.Errorf("%s: %v", taken, err)
		}
	}
	c.Alerts.To = "ines@example.com"
	if _, err := s.daemon.newWork(ctx, c); err != nil {
		t.Error(err)
	}
}

// TestAlertNeeds: each thing that can need the admin is said, and none of them names anybody.
func TestAlertNeeds(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	c := defaultConfig()
	c.Store.Path, c.Store.BackupDir = t.TempDir()+"/whyloop.db", t.TempDir()
	c.OAuth.SecretExpires = "2026-12-01"
	fine := pulseReport{At: now, Started: now.Add(-100 * time.Hour), IMAP: now, Checked: now, BackedUp: now}
	for name, x := range map[string]struct {
		v    status
		then func(*pulseReport)
		want string
	}{
		"held":      {v: status{Held: 3, Poison: 1}, want: "2 mails held: whyloop held."},
		"strangers": {v: status{Held: 4, Strange: 3}, want: "1 mail held: whyloop held."},
		"poison":    {v: status{Held: 1, Poison: 1}, want: "1 mail could not be handled at all"},
		"overdue":   {v: status{Ready: 2, Oldest: now.Add(-time.Hour)}, want: "2 letters should have gone since 2026-11-23 08:00"},
		"retried":   {v: status{Retried: 2, Tried: now.Add(-5 * time.Hour)}, want: "2 letters tried again and again, the oldest since 2026-11-23 04:00"},
		"failed":    {v: status{Failed: 1}, want: "1 letter failed for good"},
		"bounced":   {v: status{Bounced: 2}, want: "2 conversations ended because letters came back"},
		"on hold":   {v: status{OnHold: 1}, want: "1 conversation held for you"},
		"sign-in":   {then: func(r *pulseReport) { r.Troubles = map[string]string{"imap": "sign-in"} }, want: `imap: sign-in; "whyloop check" says more.`},
		"damaged":   {then: func(r *pulseReport) { r.Troubles = map[string]string{aboutStore: "damaged"} }, want: "store: damaged; "},
		"unread":    {then: func(r *pulseReport) { r.IMAP = now.Add(-time.Hour) }, want: "The mailbox was last read at 2026-11-23 08:00"},
		"backup":    {then: func(r *pulseReport) { r.BackedUp = now.Add(-51 * time.Hour) }, want: "The last nightly backup is of 2026-11-21 06:00"},
		"unchecked": {then: func(r *pulseReport) { r.Checked = time.Time{} }, want: "The store was last read through at -"},
		"secret":    {want: "oauth: the client secret expires on 2026-12-01"},
	} {
		t.Run(name, func(t *testing.T) {
			v := x.v
			v.At, v.Runs, v.LastRun = now, true, fine
			if x.then != nil {
				x.then(&v.LastRun)
			}
			if got := strings.Join(v.needs(c), "\n"); !strings.Contains(got, x.want) {
				t.Errorf("no %q in\n%s", x.want, got)
			}
		})
	}
	c.OAuth.SecretExpires = "2026-12-10"
	if got := (status{At: now, Runs: true, LastRun: fine, Held: 2, Strange: 2, Retried: 1, Tried: now.Add(-4 * time.Hour)}).needs(c); len(got) != 0 {
		t.Errorf("all is well, and yet: %q", got)
	}
}
