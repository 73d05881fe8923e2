package main

import (
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
)

// TestRepSilent: each state is told in a sentence, with its dates, and no word of the rep's.
func TestRepSilent(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		name   string
		change func(*conversation.Conversation)
		want   string
	}{
		{"its invite waits", nil, "The invite letter goes on Mon 23 November 09:00 GMT"},
		{"paused", func(c *conversation.Conversation) { c.Paused, c.Until = true, at("2026-12-01 08:00") }, "Paused until Tue 1 December 2026."},
		{"paused for good", func(c *conversation.Conversation) { c.Paused = true }, "Paused until they write start"},
		{"away", func(c *conversation.Conversation) { c.Away = at("2026-12-02 08:00") }, "Away: their mailbox answered with an absence, so nothing goes before Wed 2 December"},
		{"held", func(c *conversation.Conversation) { c.Held = "too-many-letters" }, "Held for you (too-many-letters): nothing is sent until \"whyloop rep resume sam@example.com\""},
		{"stopped", func(c *conversation.Conversation) { c.End, c.EraseAt = conversation.Stopped, at("2026-12-23 09:00") }, "their answers are deleted on Wed 23 December 2026"},
		{"declined", func(c *conversation.Conversation) { c.End = conversation.Declined }, "Declined"},
		{"bounced", func(c *conversation.Conversation) { c.End = conversation.Bounced }, "their address refuses our mail"},
		{"overdue", func(c *conversation.Conversation) { c.DueAt = at("2026-11-23 08:00") }, "Something has been due to them since Mon 23 November 08:00 GMT"},
		{"their turn", func(c *conversation.Conversation) {
			c.Asked = conversation.Asked{Kind: conversation.KindWhy, At: at("2026-11-20 10:00"), About: confided}
			c.Reminded, c.DueAt = 1, at("2026-11-30 10:00")
		}, "It is their turn: the why question of Fri 20 November 10:00 GMT is not answered, and was reminded of 1 time. The next letter of ours may come on Mon 30 November"},
		{"active", func(c *conversation.Conversation) {
			c.Stage, c.Asked, c.DueAt = conversation.StageActive, conversation.Asked{}, at("2026-11-30 08:30")
		}, "no question is open. The next letter of ours may come on Mon 30 November 08:30"},
	} {
		if raceEnabled && c.name != "their turn" { // one goroutine, and one way through it
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			o.enrol()
			if c.change != nil {
				o.settleAll()
				o.change("sam@example.com", c.change)
			}
			out := o.must(c.want, "rep why-silent sam@example.com")
			if strings.Contains(out, confided) || !strings.Contains(out, "The daemon does not run") {
				t.Error(out)
			}
		})
	}
}

// TestRepSilentLetters: a letter that does not get through is the reason.
func TestRepSilentLetters(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	o.settle(conversation.Settlement{State: conversation.DeliveryRetry, Code: 451, Note: "refused", Next: o.now.Add(15 * time.Minute)})
	o.must("has been tried 1 time without success (451 refused); next try Mon 23 November 09:15", "rep why-silent sam@example.com")
	o.now = o.now.Add(time.Hour)
	o.settle(conversation.Settlement{State: conversation.DeliveryFailed, Code: 550, Note: "refused"})
	o.must("failed for good on Mon 23 November 10:00 GMT (550 refused)", "rep why-silent sam@example.com")
}
