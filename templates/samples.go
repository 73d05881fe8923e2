package templates

import (
	"fmt"
	"time"

	"whyloop/conversation"
)

// Sample is one letter as it could go, made up: golden files, the lint and a page of all
// letters show the same ones.
type Sample struct {
	Name   string // "why-2", "confirm-rest": unique within a language
	Prompt conversation.Prompt
}

// Samples returns every kind of letter in each of its wordings, for one language. What
// the made-up rep writes is English in all of them.
func Samples(language string) []Sample {
	s := sampler{language: language}
	s.questions()
	s.sharing()
	s.steps()
	s.answers()
	s.weekly()
	s.seldom()
	s.lead()
	s.remote()
	return s.out
}

type sampler struct {
	language string
	out      []Sample
}

// The made-up ladder.
const (
	sampleGoal = "Close the Henkel renewal before Christmas"
	sampleWhy  = "being there when my daughter gets home from school"
	sampleStep = "Write the first three lines of the mail to Priya"
	sampleNext = "Call Priya's assistant after lunch"
)

func samplePath() []string {
	return []string{"My bonus, finally", "We could pay the loan back early", "I could go down to four days", sampleWhy}
}

// sampleAt is a Friday, 15:00 in Berlin.
func sampleAt() time.Time {
	return time.Date(2026, time.November, 27, 15, 0, 0, 0, time.FixedZone("CET", 3600))
}

// sampleSay is what every letter may know.
func sampleSay() conversation.Say {
	return conversation.Say{Rep: "Sam", Manager: "Dana", Contact: "Kim Berg", ContactAddress: "kim@example.com", Cc: true}
}

func sampleSummary() *conversation.Summary {
	return &conversation.Summary{Rep: "Sam", Manager: "Dana", Step: sampleStep, Outcome: conversation.Done, Next: sampleNext}
}

// thread returns the thread and the footer a kind of letter has.
func (s *sampler) thread(k conversation.Kind) (conversation.Thread, conversation.Footer) {
	switch k {
	case conversation.KindStep, conversation.KindShrink, conversation.KindWhen, conversation.KindCheckIn, conversation.KindDone, conversation.KindNotYet:
		return conversation.Thread{Name: conversation.ThreadSteps, Month: sampleAt()}, conversation.FooterSummary
	case conversation.KindActive:
		return conversation.Thread{Name: conversation.ThreadSteps, Month: sampleAt()}, conversation.FooterPrivate
	case conversation.KindPreview, conversation.KindAgreed, conversation.KindHold:
		return conversation.Thread{Name: conversation.ThreadPreview}, conversation.FooterPrivate
	case conversation.KindAddress, conversation.KindLinked:
		return conversation.Thread{Name: conversation.ThreadAddress}, conversation.FooterPrivate
	case conversation.KindForgotten:
		return conversation.Thread{Name: conversation.ThreadLadder}, conversation.FooterNone
	}
	return conversation.Thread{Name: conversation.ThreadLadder}, conversation.FooterPrivate
}

// prompt makes a prompt of a kind.
func (s *sampler) prompt(k conversation.Kind, variant int, fill func(*conversation.Say)) conversation.Prompt {
	say := sampleSay()
	if fill != nil {
		fill(&say)
	}
	thread, footer := s.thread(k)
	return conversation.Prompt{Kind: k, Variant: variant, Language: s.language, Thread: thread, Footer: footer, Say: &say}
}

func (s *sampler) add(name string, k conversation.Kind, variant int, fill func(*conversation.Say)) {
	s.out = append(s.out, Sample{name, s.prompt(k, variant, fill)})
}

// again adds a letter that puts a question again.
func (s *sampler) again(name string, k conversation.Kind, ask conversation.Prompt, fill func(*conversation.Say)) {
	s.add(name, k, 0, func(say *conversation.Say) {
		if fill != nil {
			fill(say)
		}
		say.Ask = &ask
	})
}

// openWhy is the question that is open in most samples.
func (s *sampler) openWhy() conversation.Prompt {
	return s.prompt(conversation.KindWhy, 0, func(say *conversation.Say) { say.Answer = samplePath()[0] })
}

func (s *sampler) openStep() conversation.Prompt {
	return s.prompt(conversation.KindStep, 0, func(say *conversation.Say) { say.Why = sampleWhy })
}

// questions adds the ladder's own letters.
func (s *sampler) questions() {
	s.add("invite", conversation.KindInvite, 0, nil)
	s.add("goal", conversation.KindGoal, 0, nil)
	s.add("why-first", conversation.KindWhy, 0, func(say *conversation.Say) { say.Answer, say.First = sampleGoal, true })
	s.add("why-explain", conversation.KindWhy, 1, func(say *conversation.Say) { say.Answer, say.Explain = samplePath()[0], true })
	for i := range 6 {
		s.add(fmt.Sprintf("why-%d", i), conversation.KindWhy, i, func(say *conversation.Say) { say.Answer = samplePath()[i%4] })
	}
	for i := range 5 {
		s.add(fmt.Sprintf("unblock-%d", i), conversation.KindUnblock, i, func(say *conversation.Say) { say.Answer = samplePath()[2] })
	}
	confirm := func(say *conversation.Say) {
		say.Answer, say.Goal, say.Path = sampleWhy, sampleGoal, samplePath()
	}
	s.add("confirm", conversation.KindConfirm, 0, confirm)
	s.add("confirm-unsure", conversation.KindConfirm, 2, confirm)
	s.add("confirm-goal", conversation.KindConfirm, 0, func(say *conversation.Say) { say.Answer, say.Goal = sampleGoal, sampleGoal })
	s.add("confirm-rest", conversation.KindConfirm, 1, func(say *conversation.Say) { confirm(say); say.Rest = true })
	s.add("closer", conversation.KindCloser, 0, nil)
	s.add("pick", conversation.KindPick, 0, func(say *conversation.Say) { say.Path = samplePath() })
	s.add("new-why", conversation.KindNewWhy, 0, nil)
}

// sharing adds what asks and says who sees what.
func (s *sampler) sharing() {
	s.add("share", conversation.KindShare, 0, func(say *conversation.Say) { say.Why = sampleWhy })
	s.add("share-own", conversation.KindShare, 1, func(say *conversation.Say) { say.Why, say.Line = sampleWhy, "Sam wants more afternoons at home." })
	s.add("private", conversation.KindPrivate, 0, nil)
	s.add("shared", conversation.KindShared, 0, nil)
}

// steps adds the letters about tiny steps.
func (s *sampler) steps() {
	step := func(say *conversation.Say) { say.Answer, say.Step = sampleStep, sampleStep }
	s.add("step", conversation.KindStep, 0, func(say *conversation.Say) { say.Why = sampleWhy })
	s.add("step-without-why", conversation.KindStep, 0, nil)
	s.add("step-stuck", conversation.KindStep, 1, func(say *conversation.Say) { say.Why = sampleWhy })
	s.add("shrink", conversation.KindShrink, 0, func(say *conversation.Say) { say.Answer = "Finish the whole territory plan" })
	s.add("when", conversation.KindWhen, 0, step)
	s.add("active", conversation.KindActive, 0, func(say *conversation.Say) { say.At = sampleAt().AddDate(0, 0, 3) })
	s.add("check-in", conversation.KindCheckIn, 0, step)
	s.add("check-in-unclear", conversation.KindCheckIn, 1, step)
	s.add("done", conversation.KindDone, 0, func(say *conversation.Say) { step(say); say.N, say.Why = 3, sampleWhy })
	s.add("done-without-why", conversation.KindDone, 0, func(say *conversation.Say) { step(say); say.N = 1 })
	s.add("not-yet", conversation.KindNotYet, 0, step)
	s.add("skip", conversation.KindSkip, 0, func(say *conversation.Say) { say.At = sampleAt().AddDate(0, 0, 4) })
}

// topics are what CLARIFY can answer; the last is none of them.
func topics() []conversation.Topic {
	return []conversation.Topic{conversation.TopicWhoSees, conversation.TopicHowLong, conversation.TopicRobot, conversation.TopicHow,
		conversation.TopicStop, conversation.TopicStored, conversation.TopicUnknown}
}

// verbs are the commands HELP can list.
func verbs() []conversation.Verb {
	return []conversation.Verb{conversation.VerbSkip, conversation.VerbWrong, conversation.VerbPath, conversation.VerbPrivate,
		conversation.VerbShare, conversation.VerbHold, conversation.VerbNewWhy, conversation.VerbPause, conversation.VerbStop, conversation.VerbForgetMe}
}

// answers adds what answers a reply.
func (s *sampler) answers() {
	why := s.openWhy()
	for _, t := range topics() {
		name := "clarify-" + string(t)
		if t == conversation.TopicUnknown {
			name = "clarify-unknown"
		}
		s.again(name, conversation.KindClarify, why, func(say *conversation.Say) { say.Topic = t })
	}
	s.again("reassure", conversation.KindReassure, why, nil)
	s.again("empty", conversation.KindEmpty, why, nil)
	s.add("empty-nothing-open", conversation.KindEmpty, 0, nil)
	s.again("now", conversation.KindNow, s.openStep(), nil)
	s.add("now-nothing-open", conversation.KindNow, 0, func(say *conversation.Say) { say.At = sampleAt().AddDate(0, 0, 3) })
	s.again("undone", conversation.KindUndone, why, func(say *conversation.Say) { say.Answer, say.Previous = samplePath()[1], samplePath()[0] })
	s.again("resume", conversation.KindResume, why, nil)
	s.add("resume-nothing-open", conversation.KindResume, 0, func(say *conversation.Say) { say.At = sampleAt().AddDate(0, 0, 3) })
	s.again("help", conversation.KindHelp, why, func(say *conversation.Say) { say.Commands = verbs() })
	s.add("help-nothing-open", conversation.KindHelp, 0, func(say *conversation.Say) { say.Commands = verbs()[6:] })
	s.again("path", conversation.KindPath, s.openStep(), samplePathSay)
	s.add("path-begun", conversation.KindPath, 0, func(say *conversation.Say) { say.Goal = sampleGoal })
	s.leaving()
}

// samplePathSay is a whole path: ladder, why and steps.
func samplePathSay(say *conversation.Say) {
	say.Goal, say.Path, say.Why = sampleGoal, samplePath(), sampleWhy
	say.Steps = []conversation.Step{
		{Text: "Find Priya's number", Outcome: conversation.Done},
		{Text: "Draft the whole offer", Outcome: conversation.NotYet},
		{Text: sampleStep, Outcome: conversation.Half},
		{Text: sampleNext},
	}
}

// leaving adds pauses, ends and returns.
func (s *sampler) leaving() {
	s.add("declined", conversation.KindDeclined, 0, nil)
	s.add("paused", conversation.KindPaused, 0, func(say *conversation.Say) { say.At = sampleAt().AddDate(0, 0, 17) })
	s.add("paused-until-start", conversation.KindPaused, 0, nil)
	s.add("stopped", conversation.KindStopped, 0, func(say *conversation.Say) { say.At = sampleAt().AddDate(0, 0, 30) })
	s.add("restart", conversation.KindRestart, 0, nil)
	s.add("forget", conversation.KindForget, 0, nil)
	s.add("forgotten", conversation.KindForgotten, 0, nil)
	s.add("dormant", conversation.KindDormant, 0, func(say *conversation.Say) { say.At = sampleAt().AddDate(0, 0, 30) })
}

// weekly adds what time brings.
func (s *sampler) weekly() {
	s.again("reminder-1", conversation.KindReminder1, s.openWhy(), nil)
	s.again("reminder-1-share", conversation.KindReminder1, s.prompt(conversation.KindShare, 0, func(say *conversation.Say) { say.Why = sampleWhy }), nil)
	s.again("reminder-1-invite", conversation.KindReminder1, s.prompt(conversation.KindInvite, 0, nil), nil)
	s.again("reminder-2", conversation.KindReminder2, s.openWhy(), nil)
	s.again("reminder-2-done", conversation.KindReminder2, s.prompt(conversation.KindDone, 0, func(say *conversation.Say) { say.N, say.Why = 2, sampleWhy }), nil)
	preview := func(first bool, sum *conversation.Summary) func(*conversation.Say) {
		return func(say *conversation.Say) { say.First, say.Preview, say.At = first, sum, sampleAt() }
	}
	s.add("preview-first", conversation.KindPreview, 0, preview(true, sampleSummary()))
	s.add("preview", conversation.KindPreview, 0, preview(false, sampleSummary()))
	s.add("preview-own", conversation.KindPreview, 1, preview(true, sampleVersion()))
	s.add("agreed", conversation.KindAgreed, 0, func(say *conversation.Say) { say.At = sampleAt() })
	s.add("hold", conversation.KindHold, 0, nil)
	s.add("hold-late", conversation.KindHold, 1, nil)
	s.summaries()
}

func sampleVersion() *conversation.Summary {
	v := sampleSummary()
	v.Version = "I wrote the first lines to Priya.\n\nNext week: her assistant.\nSam"
	return v
}

// summaries adds the one letter a manager may be copied on.
func (s *sampler) summaries() {
	add := func(name string, cc bool, change func(*conversation.Summary)) {
		sum := sampleSummary()
		if change != nil {
			change(sum)
		}
		s.out = append(s.out, Sample{name, conversation.Prompt{Kind: conversation.KindSummary, Language: s.language,
			Thread: conversation.Thread{Name: conversation.ThreadSummary}, Summary: sum, Cc: cc}})
	}
	add("summary", true, nil)
	add("summary-why", true, func(v *conversation.Summary) { v.Why = sampleWhy })
	add("summary-why-line", true, func(v *conversation.Summary) { v.Why, v.WhyLine = sampleWhy, "Sam wants more afternoons at home." })
	add("summary-not-yet", true, func(v *conversation.Summary) { v.Outcome = conversation.NotYet })
	add("summary-untold", true, func(v *conversation.Summary) { v.Outcome, v.Next = conversation.Unsaid, "" })
	add("summary-alone", false, nil)
	add("summary-version", true, func(v *conversation.Summary) { *v = *sampleVersion() })
	add("summary-version-alone", false, func(v *conversation.Summary) { *v = *sampleVersion() })
}
