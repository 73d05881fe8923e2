package mailer

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

func bodiesIn(t testing.TB, s *mailtest.Servers, folder string) string {
	t.Helper()
	mails, err := s.Mails("coach@demo.test", folder)
	if err != nil {
		return "none"
	}
	var all []string
	for _, m := range mails {
		_, body, _ := strings.Cut(string(m.Raw), "\r\n\r\n")
		all = append(all, strings.TrimSpace(body))
	}
	return strings.Join(all, " ")
}

// TestInboxFaults meets each command with each fault: every mail is handled, in order, and none is
// lost from the server.
func TestInboxFaults(t *testing.T) {
	flood := mailtest.Fault{Raw: []byte(strings.Repeat("* OK "+strings.Repeat("x", 1000)+"\r\n", 6000))}
	faults := map[string]mailtest.Fault{
		"no": {Reply: "NO [UNAVAILABLE] later"}, "bad": {Reply: "BAD what?"}, "stall": {Stall: true}, "close": {Close: true},
		"garbage": {Raw: []byte("\x00\xff{{{(\r\n")}, "huge literal": {Raw: []byte("* 1 FETCH (UID 2 BODY[] {4294967295}\r\nxx")},
		"unasked fetch": {Raw: []byte("* 9 FETCH (UID 9 BODY[] {3}\r\nabc)\r\n* BYE\r\n")}, "flood": flood,
	}
	for _, step := range []string{"CONNECT", "AUTHENTICATE", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE", "UID MOVE"} {
		for name, f := range faults {
			if step == "CONNECT" && f.Reply != "" {
				f.Reply = "* BYE " + f.Reply
			}
			t.Run(step+"/"+name, func(t *testing.T) {
				t.Parallel()
				r := newInRig(t, mailtest.Options{}, InboxConfig{Processed: "Processed"})
				r.sync(t, 0)
				r.i.Close()
				r.deliver("one", "two")
				var hit atomic.Bool
				r.s.HookIMAP(func(s mailtest.Step) mailtest.Fault {
					if s.Name == step && hit.CompareAndSwap(false, true) {
						return f
					}
					return mailtest.Fault{}
				})
				for range 4 {
					_, _ = r.i.Sync(context10(t)) // it may fail: what counts is the end
				}
				if !hit.Load() {
					t.Fatal("the step was not reached")
				}
				got := strings.Fields(r.d.bodies())
				slices.Sort(got)
				if want := []string{"one", "two"}; !slices.Equal(slices.Compact(got), want) {
					t.Fatalf("handled %q", r.d.bodies())
				}
				here, there := bodiesIn(t, r.s, "INBOX"), bodiesIn(t, r.s, "Processed")
				if both := strings.Fields(strings.ReplaceAll(here+" "+there, "none", "")); len(both) != 2 {
					t.Fatalf("INBOX %q, Processed %q", here, there)
				}
				if len(r.l.holds()) != 0 {
					t.Fatal("mail was held for a server's fault")
				}
			})
		}
	}
}

func TestInboxMovesOnlyWhereSafe(t *testing.T) {
	for _, c := range []struct {
		name         string
		o            mailtest.Options
		inbox, moved string
		marked       bool
	}{
		{"MOVE", mailtest.Options{}, "", "one two", true},
		{"UIDPLUS", mailtest.Options{NoMove: true}, "", "one two", true},
		{"neither", mailtest.Options{NoMove: true, NoUIDPlus: true}, "one two", "none", true},
		{"no keywords", mailtest.Options{NoMove: true, NoUIDPlus: true, NoKeywords: true}, "one two", "none", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newInRig(t, c.o, InboxConfig{Processed: "Processed"})
			r.sync(t, 0)
			r.deliver("one", "two")
			r.sync(t, 2)
			r.sync(t, 0)
			if got := bodiesIn(t, r.s, "INBOX"); got != c.inbox {
				t.Errorf("INBOX holds %q", got)
			}
			if got := bodiesIn(t, r.s, "Processed"); got != c.moved {
				t.Errorf("Processed holds %q", got)
			}
			folder := "INBOX"
			if c.inbox == "" {
				folder = "Processed"
			}
			mails, err := r.s.Mails("coach@demo.test", folder)
			if err != nil || slices.Contains(mails[0].Flags, "$whyloop") != c.marked || slices.Contains(mails[0].Flags, `\seen`) {
				t.Errorf("flags %v, %v", mails[0].Flags, err)
			}
		})
	}
}

// TestInboxPoison: a mail that cannot be handled is held with its bytes after three tries.
func TestInboxPoison(t *testing.T) {
	r := newInRig(t, mailtest.Options{}, InboxConfig{})
	r.sync(t, 0)
	tries := 0
	r.d.fail = func(a Arrived) error {
		if strings.Contains(string(a.Raw), "poison") {
			tries++
			if tries == 2 {
				panic("poison")
			}
			return errTest
		}
		return nil
	}
	r.deliver("one", "poison", "two")
	for range 2 {
		if _, err := r.i.Sync(context10(t)); err == nil {
			t.Fatal("no error")
		}
	}
	if got := r.d.bodies(); got != "one" {
		t.Fatalf("handled %q before the third try", got)
	}
	r.sync(t, 2)
	held := r.l.holds()
	if r.d.bodies() != "one two" || tries != 3 || len(held) != 1 || held[0].Reason != "poison" || !strings.Contains(string(held[0].Raw), "poison") {
		t.Fatalf("handled %q after %d tries, held %v", r.d.bodies(), tries, held)
	}
}

// TestInboxTriesAreCountedBeforeParsing: a mail that kills the process is counted, and held by the
// process after the third death; those before and behind it are handled.
func TestInboxTriesAreCountedBeforeParsing(t *testing.T) {
	r := newInRig(t, mailtest.Options{}, InboxConfig{})
	r.sync(t, 0)
	r.deliver("one", "poison", "two")
	validity := r.l.cursors["INBOX"][0]
	for range 3 { // three processes died in the group, then in the single
		if _, err := r.l.Attempt(context10(t), "INBOX", validity, 2); err != nil {
			t.Fatal(err)
		}
	}
	r.d.fail = func(a Arrived) error {
		if strings.Contains(string(a.Raw), "poison") {
			return errTest
		}
		return nil
	}
	if _, err := r.i.Sync(context10(t)); err == nil { // the group
		t.Fatal("no error")
	}
	r.sync(t, 2)
	if r.d.bodies() != "one two" || len(r.l.holds()) != 1 {
		t.Fatalf("handled %q", r.d.bodies())
	}
}

func TestInboxDoesNothingWhileTheStoreIsDown(t *testing.T) {
	r := newInRig(t, mailtest.Options{}, InboxConfig{Processed: "Processed"})
	r.sync(t, 0)
	r.deliver("one")
	r.l.down = true
	for range 5 {
		if _, err := r.i.Sync(context10(t)); err == nil {
			t.Fatal("no error")
		}
	}
	if r.d.bodies() != "" || bodiesIn(t, r.s, "INBOX") != "one" {
		t.Fatal("something was done")
	}
	r.l.down = false
	r.sync(t, 1)
}

func TestInboxRescansARenumberedMailbox(t *testing.T) {
	r := newInRig(t, mailtest.Options{NoKeywords: true, Epoch: 100}, InboxConfig{})
	r.i.now = time.Now // the server's INTERNALDATE
	r.sync(t, 0)
	r.deliver("one", "two")
	r.sync(t, 2)
	r.s.SetEpoch(200)
	r.deliver("three")
	r.sync(t, 3) // dedup is the handler's
	if got := r.d.bodies(); got != "one two one two three" {
		t.Fatalf("handled %q", got)
	}
	if v, u, _ := r.l.Cursor(context10(t), "INBOX"); v != 201 || u != 3 {
		t.Fatalf("cursor %d %d", v, u)
	}
	r.sync(t, 0)
}

// TestInboxDoesNotAnswerOldMail: a renumbered mailbox with mail of years.
func TestInboxDoesNotAnswerOldMail(t *testing.T) {
	c := newClock()
	r := newInRig(t, mailtest.Options{Now: c.now, Epoch: 100}, InboxConfig{})
	r.i.now = c.now
	r.sync(t, 0)
	for n := range 1300 {
		r.deliver(fmt.Sprint("old", n))
	}
	r.l.cursors["INBOX"] = [2]uint32{99, 5}
	c.add(30 * 24 * time.Hour)
	r.deliver("new")
	searches, fetched := 0, 0
	r.s.HookIMAP(func(s mailtest.Step) mailtest.Fault {
		switch s.Name {
		case "UID SEARCH":
			searches++
		case "UID FETCH":
			fetched++
		}
		return mailtest.Fault{}
	})
	r.sync(t, 1)
	if r.d.bodies() != "new" || searches > 4 || fetched != 2 {
		t.Fatalf("handled %q with %d searches, %d fetches", r.d.bodies(), searches, fetched)
	}
}

func TestInboxCutsALargeMail(t *testing.T) {
	r := newInRig(t, mailtest.Options{}, InboxConfig{MaxMail: 3 << 20, Limits: IMAPTimeouts{Fetch: 10 * time.Second}})
	r.sync(t, 0)
	r.deliver("one", strings.Repeat("x", 4<<20), "two")
	r.sync(t, 3)
	r.d.mu.Lock()
	defer r.d.mu.Unlock()
	big := r.d.got[1]
	if len(big.Raw) != cutAt || !big.Cut || big.Size < 4<<20 || r.d.got[2].Cut || string(big.Raw[:12]) != "Return-Path:" {
		t.Fatalf("fetched %d bytes of %d, cut %v", len(big.Raw), big.Size, big.Cut)
	}
}

func TestInboxReadsJunk(t *testing.T) {
	r := newInRig(t, mailtest.Options{}, InboxConfig{Junk: "Junk"})
	r.sync(t, 0)
	r.deliver("one")
	r.sync(t, 1)
	missing := newInRig(t, mailtest.Options{}, InboxConfig{Junk: "Spam"})
	missing.sync(t, 0)
	missing.deliver("one")
	missing.sync(t, 1)
}

func TestInboxManyMails(t *testing.T) {
	r := newInRig(t, mailtest.Options{}, InboxConfig{Limits: IMAPTimeouts{Fetch: 10 * time.Second}})
	r.sync(t, 0)
	for n := range 1200 {
		r.deliver(fmt.Sprint(n))
	}
	r.sync(t, 1200)
	for n, b := range strings.Fields(r.d.bodies()) {
		if b != fmt.Sprint(n) {
			t.Fatalf("mail %d is %s", n, b)
		}
	}
}

func TestInboxWays(t *testing.T) {
	s := servers(t, mailtest.Options{TLS: true})
	for name, c := range map[string]struct {
		addr string
		mode TLSMode
		auth Auth
		ok   bool
	}{
		"none":            {s.IMAPAddr, TLSNone, coachAuth(), true},
		"STARTTLS":        {s.IMAPAddr, TLSStart, coachAuth(), true},
		"direct":          {s.IMAPSAddr, TLSDirect, coachAuth(), true},
		"wrong password":  {s.IMAPSAddr, TLSDirect, Password("coach@demo.test", "x"), false},
		"plain port, TLS": {s.IMAPAddr, TLSDirect, coachAuth(), false},
	} {
		srv := server(t, c.addr, c.mode, c.auth)
		srv.Roots = s.Roots()
		d := 300 * time.Millisecond
		m, err := OpenMailbox(context10(t), InboxConfig{Server: srv, Limits: IMAPTimeouts{Connect: d, Command: d}})
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		m.Close()
		if protected := m.Version != "" && m.Expires.After(time.Now()); protected != (c.mode != TLSNone) {
			t.Errorf("%s: %+v", name, m.Protection)
		}
	}
}

// TestInboxHundredThousand: the first new reply of a renumbered mailbox of 100,000 old mails is handled
// without reading them, in bounded memory.
func TestInboxHundredThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	c := newClock()
	r := newInRig(t, mailtest.Options{Now: c.now, Epoch: 100}, InboxConfig{Limits: IMAPTimeouts{Command: 30 * time.Second, Fetch: 30 * time.Second}})
	r.i.now = c.now
	r.sync(t, 0)
	for range 100_000 {
		r.deliver("old")
	}
	r.l.cursors["INBOX"] = [2]uint32{99, 5}
	c.add(30 * 24 * time.Hour)
	r.deliver("new")
	fetched := 0
	r.s.HookIMAP(func(s mailtest.Step) mailtest.Fault {
		if s.Name == "UID FETCH" {
			fetched++
		}
		return mailtest.Fault{}
	})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	r.sync(t, 1)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 || fetched != 2 || r.d.bodies() != "new" {
		t.Errorf("heap grew by %d bytes, %d fetches, handled %q", grown, fetched, r.d.bodies())
	}
	t.Logf("%v", time.Since(start))
}

func BenchmarkInbox(b *testing.B) {
	r := newInRig(b, mailtest.Options{}, InboxConfig{Limits: IMAPTimeouts{Command: time.Minute, Fetch: time.Minute}})
	if _, err := r.i.Sync(context10(b)); err != nil {
		b.Fatal(err)
	}
	for n := range b.N {
		r.deliver(fmt.Sprint(n, strings.Repeat("x", 3000)))
	}
	b.ResetTimer()
	if n, err := r.i.Sync(context.Background()); n != b.N || err != nil {
		b.Fatal(n, err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
