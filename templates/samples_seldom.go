package templates

import (
	"whyloop/conversation"
)

// seldom adds the letters that few reps ever get.
func (s *sampler) seldom() {
	why := s.openWhy()
	s.offer()
	s.add("fork", conversation.KindFork, 0, func(say *conversation.Say) { say.Path = samplePath()[1:3] })
	s.add("why-check", conversation.KindWhyCheck, 0, func(say *conversation.Say) { say.Answer = sampleWhy })
	s.add("matters", conversation.KindMatters, 0, nil)
	s.again("back", conversation.KindBack, why, nil)
	s.add("passed-on", conversation.KindPassedOn, 0, func(say *conversation.Say) { say.Line = "That took some courage, Sam.\n\nWell done.\nDana" })
	s.again("manager", conversation.KindManager, why, nil)
	s.add("care", conversation.KindCare, 0, func(say *conversation.Say) { say.Line = "Example Helpline, 0800 000 0000, day and night" })
	s.add("export", conversation.KindExport, 0, func(say *conversation.Say) { say.Held = sampleHeld() })
	s.add("export-copied", conversation.KindExport, 1, func(say *conversation.Say) { say.Held = sampleHeld() })
	s.addresses()
	toContact := func(say *conversation.Say) { say.Line = "sam@example.com" }
	s.add("call", conversation.KindCall, 0, toContact)
	s.add("unproven-stop", conversation.KindUnprovenStop, 0, toContact)
}

// addresses adds the letters about another address of theirs.
func (s *sampler) addresses() {
	other := func(say *conversation.Say) { say.Line = "sam.home@example.org" }
	s.add("read", conversation.KindRead, 0, func(say *conversation.Say) { say.At = sampleAt() })
	s.add("address", conversation.KindAddress, 0, other)
	s.add("linked", conversation.KindLinked, 0, other)
	s.add("linked-no-more", conversation.KindLinked, 1, other)
}

// offer adds a letter to somebody who writes in another language.
func (s *sampler) offer() {
	other := "de"
	if s.language == other {
		other = "en"
	}
	s.add("why-offer", conversation.KindWhy, 0, func(say *conversation.Say) { say.Answer = samplePath()[0] })
	s.out[len(s.out)-1].Prompt.Offer = other
}

// sampleHeld is everything held about the made-up rep.
func sampleHeld() *conversation.Export {
	e := &conversation.Export{Made: sampleAt(), Why: sampleWhy, Last: "done", Footers: []string{"Example Ltd, Register 1"}}
	e.Rep = conversation.Rep{Name: "Sam", Address: conversation.Address{Mail: "sam@example.com"},
		Manager: conversation.Address{Name: "Dana", Mail: "dana@example.com"}, Zone: "Europe/Berlin", Language: "en"}
	e.Rep.Aliases = []string{"sam.home@example.org"}
	e.Seconds = []conversation.Second{{Mail: "kim@example.org", At: sampleAt(), Answer: conversation.No}}
	e.Ladder.Goal = sampleGoal
	for _, a := range samplePath() {
		e.Ladder.Rungs = append(e.Ladder.Rungs, conversation.Rung{Answer: a})
	}
	e.Steps = []conversation.Step{{Text: sampleStep, When: "after lunch", Outcome: conversation.Done, At: sampleAt()}}
	e.Late = []conversation.Late{{Kind: conversation.KindGoal, Asked: sampleAt().AddDate(0, 0, -2), At: sampleAt(), Text: "any goal at all would do"}}
	return e
}
