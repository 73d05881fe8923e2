package conversation_test

import (
	"errors"
	"testing"
	"time"

	"whyloop/conversation"
)

// toSummary is the way to the first summary that a manager reads.
const toSummary = `! enrol
@ +1h
Sam: yes
@ +1h
Sam: win back the Lakeside account
@ +1h
Sam: show that I can fix what I broke
@ +1h
Sam: fixing what I broke, like I said
@ +1h
Sam: yes
@ +1h
Sam: share
@ 2026-11-24 09:00
Sam: Write down what went wrong in March
@ +1h
Sam: After lunch I will write the list
@ 2026-11-26 16:00
Sam (preview): ok
@ 2026-11-28 10:00
`

// unreadable is a mail whose words cannot be had.
type unreadable struct{}

func (unreadable) Visible(conversation.Known) (conversation.Visible, error) {
	return conversation.Visible{}, errors.New("unreadable")
}

// TestWhoElseMaySay: what mails of others than the rep still do, and what they do not.
func TestWhoElseMaySay(t *testing.T) {
	type change = func(*conversation.Inbound)
	from := func(a string) change { return func(in *conversation.Inbound) { in.Ref.From = a } }
	failed := func(in *conversation.Inbound) { in.Proof = conversation.ProofFail }
	noToken := func(in *conversation.Inbound) { in.Ref.Tokens = nil }
	toAll := func(in *conversation.Inbound) { in.To = []string{"coach@example.com", "SAM@example.com"} }
	cannot := func(in *conversation.Inbound) { in.Mail = unreadable{} }
	for _, c := range []struct {
		name    string
		text    string
		summary bool // it answers the summary; else a question of the rep's
		change  []change
		hold    string
		done    bool
		ccEnds  bool
		paused  bool
		told    bool // the rep is told what was said
	}{
		{name: "the manager answers the summary", text: "Well done.", summary: true, change: []change{from("robin@example.com")}, done: true, told: true},
		{name: "the manager answers all", text: "Well done.", summary: true, change: []change{from("robin@example.com"), toAll}, done: true},
		{name: "the manager sends no words", summary: true, change: []change{from("robin@example.com")}, done: true},
		{name: "the manager wants no more of them", text: "stop", summary: true, change: []change{from("robin@example.com")}, done: true, ccEnds: true},
		{name: "somebody writes as the manager", text: "Well done.", summary: true, change: []change{from("robin@example.com"), failed}, hold: "manager"},
		{name: "somebody stops as the manager", text: "stop", summary: true, change: []change{from("robin@example.com"), failed}, hold: "manager"},
		{name: "the manager's words cannot be had", summary: true, change: []change{from("robin@example.com"), cannot}, hold: "manager"},
		{name: "a stranger answers the summary", text: "Well done.", summary: true, change: []change{from("jo@example.com")}, hold: "wrong-sender"},
		{name: "a stranger stops the summary", text: "stop", summary: true, change: []change{from("jo@example.com")}, hold: "wrong-sender"},
		{name: "the manager answers a letter of the rep's", text: "Well done.", change: []change{from("robin@example.com")}, hold: "manager"},
		{name: "a stranger sends no words", change: []change{from("jo@example.com")}, hold: "wrong-sender"},
		{name: "a stranger stops", text: "stop", change: []change{from("jo@example.com")}, hold: "wrong-sender", paused: true},
		{name: "somebody stops as the rep, and names no letter", text: "stop", change: []change{failed, noToken}, hold: "failed-proof"},
		{name: "somebody stops as the rep", text: "stop", change: []change{failed}, hold: "failed-proof", paused: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			s.play(toSummary)
			in := s.mail(c.text)
			s.answerTo(&in.Ref, map[bool]conversation.Kind{true: conversation.KindSummary, false: conversation.KindWhen}[c.summary])
			for _, f := range c.change {
				f(&in)
			}
			res, err := s.coach.Receive(t.Context(), in)
			s.must(err)
			after, _ := s.conversation()
			if res.Hold != c.hold || res.Done != c.done || after.Sharing.Cc == c.ccEnds || after.Paused != c.paused {
				t.Errorf("held as %q, done %v, copied %v, paused %v", res.Hold, res.Done, after.Sharing.Cc, after.Paused)
			}
			read := len(s.read)
			s.until(s.now.Add(72 * time.Hour))
			if told := len(s.read) > read && s.read[read].Kind == conversation.KindPassedOn; told != c.told {
				t.Errorf("the rep was told: %v", told)
			}
		})
	}
}

// TestUnprovenStopAfterTheEnd: who has stopped is not paused once more, and nobody is told.
func TestUnprovenStopAfterTheEnd(t *testing.T) {
	s := enrolled(t)
	s.line("@ +1h")
	s.say("Sam: yes")
	s.line("@ +1h")
	s.say("Sam: stop")
	s.line("@ +1h")
	before, _ := s.conversation()
	res, err := s.coach.Receive(t.Context(), s.mail("stop", func(in *conversation.Inbound) { in.Ref.From = "jo@example.com" }))
	s.must(err)
	if after, _ := s.conversation(); before.End != conversation.Stopped || after.Version != before.Version || res.Hold != "wrong-sender" {
		t.Errorf("ended %q; version %d, then %d; held as %q", before.End, before.Version, after.Version, res.Hold)
	}
}
