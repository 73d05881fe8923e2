package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// TestOutbox: a letter is shown, tried again and dropped by its ID, and none by a wrong one.
func TestOutbox(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	id := strings.Fields(strings.Split(o.must("waiting  invite", "outbox list"), "\n")[1])[0]
	o.must("could go since  2026-11-23 09:00", "outbox show "+id)
	o.refuses("waits for its hour", "outbox retry "+id)
	o.must("Nothing to try again.", "outbox retry --all")
	o.refuses("want the letters' IDs", "outbox retry")
	o.refuses("no such letter", "outbox show 0123")
	o.settle(conversation.Settlement{State: conversation.DeliveryRetry, Code: 451, Note: "refused", Next: o.now.Add(time.Hour)})
	o.must("is tried again by itself", "outbox show "+id)
	o.must("Tried again when the daemon next looks: invite to sam@example.com", "outbox retry "+id)
	o.settle(conversation.Settlement{State: conversation.DeliveryFailed, Code: 550, Note: "refused"})
	o.must("refuses it for good", "outbox show "+id)
	o.must("Tried again", "outbox retry --all")
	o.must("waiting  invite", "outbox")
	o.must("Dropped: invite to sam@example.com", "outbox drop "+id)
	o.must("The outbox is empty.", "outbox")
}

// TestHeldShow: nothing that was written reaches the terminal, and no control of a stranger's.
func TestHeldShow(t *testing.T) {
	o := newOffice(t)
	raw := "From: \x1b[2JSam <sam@elsewhere.example>\r\nTo: coach@example.com\r\nSubject: Re: hello\u202e\r\n folded\r\nMessage-ID: <1@elsewhere.example>\r\n" +
		"Authentication-Results: mx.example.com; dmarc=pass header.from=elsewhere.example\r\n\r\nNote: " + confided + "\r\n"
	hold := func(raw string) (id string) {
		o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
			if err := s.Hold(context.Background(), conversation.HeldMail{Key: newID(), Reason: "unknown-sender", At: o.now, Raw: []byte(raw)}); err != nil {
				t.Fatal(err)
			}
			all, err := s.Held(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			id = all[len(all)-1].ID
		})
		return id
	}
	id := hold(raw)
	out := o.must("unknown-sender", "held") + o.must("From: ?[2JSam <sam@elsewhere.example>", "held show "+id)
	if strings.Contains(out, confided) || strings.ContainsAny(out, "\x1b\r\u202e") || !strings.Contains(out, "folded") {
		t.Errorf("%q", out)
	}
	o.refuses("it stays held: unknown-sender", "held release "+id)
}

// TestHeldRelease: what was mended lets a mail in, by the same rules as any other.
func TestHeldRelease(t *testing.T) {
	o := newOffice(t, "[trust]\nauthserv_id = \"mx.example.com\"\n")
	o.enrol()
	o.settleAll()
	raw := "Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\nReceived: from x by mx.example.com; Mon, 23 Nov 2026 09:00:00 +0000\r\n" +
		"From: Sam <sam@example.com>\r\nTo: coach@example.com\r\nSubject: Re: A question\r\nMessage-ID: <1@example.com>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nstop\r\n"
	var id string
	o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
		if err := s.Hold(context.Background(), conversation.HeldMail{Key: "k", Reason: "wrong-sender", At: o.now, Raw: []byte(raw)}); err != nil {
			t.Fatal(err)
		}
		all, _ := s.Held(context.Background())
		id = all[0].ID
	})
	o.must("Released", "held release "+id)
	o.must("No mail is held.", "held")
	if c := o.rep("sam@example.com"); c.End == conversation.NotEnded {
		t.Errorf("the stop was not heard: %+v", c.End)
	}
	o.refuses("no such held mail", "held drop "+id)
}

// TestHeaderOf: what has no header shows nothing.
func TestHeaderOf(t *testing.T) {
	for raw, want := range map[string]string{
		"":                               "",
		"I have a secret: it is this":    "",
		"A: b\nI have a secret: it is\n": "A: b\n",
		"A: b\n\nC: d\n":                 "A: b\n",
		"A: \xff\x00b\r\n\tc\r\n\r\nd":   "A: ??b\n c\n",
		strings.Repeat("A: b\n", 1000):   strings.Repeat("A: b\n", longestHeader),
	} {
		if got := headerOf([]byte(raw)); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}
