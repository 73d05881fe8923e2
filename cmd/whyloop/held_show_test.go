package main

import (
	"strings"
	"testing"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// TestHeldShowBody: the header alone, safe for a terminal; the words only once it is noted and the rep is told at the known
// address, and not at all where nobody can tell them.
func TestHeldShowBody(t *testing.T) {
	o := newOffice(t)
	o.must("Enrolled", "rep add sam@example.com --name Sam --zone UTC --manager", "Dana <dana@example.com>")
	const raw = "From: Eve <eve@elsewhere.example>\r\nSubject: a \x1b]0;title\x07 b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		"bXkgY2FuYXJ5IBtbMzFtcmVkIOKArmRlc3JldmVyG1swbQ0KYW5kIG1vcmU=\r\n" // my canary ESC[31mred RLO desrever ESC[0m, and more
	var theirs, unknown string
	o.withStore(func(k *conversation.Coach, s *sqlite.Store) {
		c, err := s.ByAddress(t.Context(), "sam@example.com")
		if err != nil {
			t.Fatal(err)
		}
		for key, id := range map[string]string{"theirs": c.ID, "unknown": ""} {
			if err := s.Hold(t.Context(), conversation.HeldMail{Key: key, Reason: "wrong-sender", Conversation: id, At: o.now, Raw: []byte(raw)}); err != nil {
				t.Fatal(err)
			}
		}
		all, err := s.Held(t.Context())
		if err != nil || len(all) != 2 {
			t.Fatal(all, err)
		}
		for _, h := range all {
			if h.Conversation == "" {
				unknown = h.ID
			} else {
				theirs = h.ID
			}
		}
	})
	safe := func(text string) {
		t.Helper()
		if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && unseen(r) }) {
			t.Errorf("not safe for a terminal: %q", text)
		}
	}
	head := o.must("From: Eve <eve@elsewhere.example>", "held show "+theirs)
	safe(head)
	if strings.Contains(head, "canary") || len(o.letters("read")) != 0 {
		t.Errorf("the header tells the words: %s", head)
	}
	all := o.whyloop("", "held show --body "+theirs)
	if all.code != exitOK || !strings.Contains(all.out, "my canary [31mred") || !strings.Contains(all.out, "and more") || !strings.Contains(all.errors, "is told") {
		t.Errorf("%+v", all)
	}
	safe(all.out)
	told := o.letters("read")
	if len(told) != 1 || told[0].Recipient != "sam@example.com" {
		t.Errorf("told: %+v", told)
	}
	o.must("2026-11-23 09:00\n", "held list")
	if got := o.whyloop("", "held show --body "+unknown); got.code != exitOK || !strings.Contains(got.out, "canary") || !strings.Contains(got.errors, "Nobody could be told") || len(o.letters("read")) != 1 {
		t.Errorf("%+v", got)
	}
	o.withStore(func(k *conversation.Coach, s *sqlite.Store) {
		c, err := s.ByAddress(t.Context(), "sam@example.com")
		if err != nil {
			t.Fatal(err)
		}
		c.End = conversation.Bounced
		if err := s.Apply(t.Context(), conversation.Change{Conversation: c, Handled: "bounced", At: o.now}); err != nil {
			t.Fatal(err)
		}
	})
	if got := o.whyloop("", "held show --body "+theirs); got.code == exitOK || strings.Contains(got.out, "canary") || !strings.Contains(got.errors, "could not be told") {
		t.Errorf("shown although nobody was told: %+v", got)
	}
	o.refuses("no such held mail", "held show --body nonsense")
	o.must("Dropped", "held drop "+theirs)
}

// letters are the deliveries of a kind in the outbox.
func (o *office) letters(kind conversation.Kind) []sqlite.DeliveryRow {
	o.t.Helper()
	var all []sqlite.DeliveryRow
	o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
		rows, err := s.Outbox(o.t.Context())
		if err != nil {
			o.t.Fatal(err)
		}
		for _, d := range rows {
			if d.Kind == kind {
				all = append(all, d)
			}
		}
	})
	return all
}
