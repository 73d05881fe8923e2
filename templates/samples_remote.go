package templates

import "whyloop/conversation"

// remote adds the letters that say that a model on another machine may get the answers, where one
// is asked: the first a rep gets, both footers, and every promise that would be untrue without it.
func (s *sampler) remote() {
	far := func(fill func(*conversation.Say)) func(*conversation.Say) {
		return func(say *conversation.Say) {
			say.Remote = true
			if fill != nil {
				fill(say)
			}
		}
	}
	warn := func(say *conversation.Say) { say.Warn = true }
	s.add("remote-invite", conversation.KindInvite, 0, far(nil))
	s.add("remote-lead-invite", conversation.KindInvite, 0, far(func(say *conversation.Say) { say.Manager, say.Cc = "", false }))
	s.add("remote-goal", conversation.KindGoal, 0, far(warn))
	s.add("remote-why-first", conversation.KindWhy, 0, far(func(say *conversation.Say) { warn(say); say.Answer, say.First = sampleGoal, true }))
	s.add("remote-step", conversation.KindStep, 0, far(func(say *conversation.Say) { say.Why = sampleWhy }))
	why := s.openWhy()
	for _, t := range []conversation.Topic{conversation.TopicWhoSees, conversation.TopicRobot, conversation.TopicStored} {
		s.again("remote-clarify-"+string(t), conversation.KindClarify, why, far(func(say *conversation.Say) { say.Topic = t }))
	}
	s.again("remote-reassure", conversation.KindReassure, why, far(nil))
}
