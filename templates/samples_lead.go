package templates

import "whyloop/conversation"

// lead adds the letters to a manager who goes first, and the invite with a line of
// theirs. Nobody manages them, so no letter may speak of a manager.
func (s *sampler) lead() {
	first := func(fill func(*conversation.Say)) func(*conversation.Say) {
		return func(say *conversation.Say) {
			say.Rep, say.Manager, say.Cc = "Dana", "", false
			if fill != nil {
				fill(say)
			}
		}
	}
	why := func(say *conversation.Say) { say.Why = sampleLeadWhy }
	line := func(say *conversation.Say) { say.Why, say.Line = sampleLeadWhy, sampleLeadLine }
	s.add("invite-why", conversation.KindInvite, 0, why)
	s.add("invite-line", conversation.KindInvite, 0, line)

	s.add("lead-invite", conversation.KindInvite, 0, first(nil))
	s.add("lend", conversation.KindLend, 0, first(why))
	s.add("lend-own", conversation.KindLend, 1, first(line))
	s.add("lead-step", conversation.KindStep, 0, first(why))
	s.add("lead-stopped", conversation.KindStopped, 0, first(func(say *conversation.Say) { say.At = sampleAt().AddDate(0, 0, 30) }))
	s.add("lead-private", conversation.KindPrivate, 0, first(nil))
	s.add("lead-forgotten", conversation.KindForgotten, 0, first(nil))
	s.add("lead-export", conversation.KindExport, 0, first(func(say *conversation.Say) { say.Held = sampleLeadHeld() }))

	lend := s.prompt(conversation.KindLend, 0, first(why))
	invite := s.prompt(conversation.KindInvite, 0, first(nil))
	s.again("lead-reminder", conversation.KindReminder1, invite, first(nil))
	s.again("lead-reassure", conversation.KindReassure, lend, first(nil))
	s.again("lead-who-sees", conversation.KindClarify, lend, first(func(say *conversation.Say) { say.Topic = conversation.TopicWhoSees }))
	s.again("lead-can-stop", conversation.KindClarify, lend, first(func(say *conversation.Say) { say.Topic = conversation.TopicStop }))
	s.again("lead-help", conversation.KindHelp, lend, first(func(say *conversation.Say) {
		say.Commands = []conversation.Verb{conversation.VerbPrivate, conversation.VerbShare, conversation.VerbStop}
	}))
}

const (
	sampleLeadWhy  = "a team that sleeps well on Sunday nights"
	sampleLeadLine = "I did this because I want us all home for dinner. Dana"
)

// sampleLeadHeld is everything held about a manager who lent a line.
func sampleLeadHeld() *conversation.Export {
	e := &conversation.Export{Made: sampleAt(), Why: sampleLeadWhy, Shared: conversation.Sharing{Why: true, Line: sampleLeadLine}}
	e.Rep = conversation.Rep{Name: "Dana", Address: conversation.Address{Mail: "dana@example.com"}, Lead: true, Zone: "Europe/Berlin", Language: "en"}
	return e
}
