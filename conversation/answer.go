package conversation

import "slices"

// The wordings that Decide chooses between. How often a kind can be asked in another
// way is known here, so that none comes twice running; the words are the templates'.
const (
	whyVariants     = 6
	unblockVariants = 5
	confirmRest     = 1 // "Then let's rest there. The strongest thing you said was ..."
	confirmLeads    = 2 // "That sounds like where it all leads": nothing was surely repeated
	maxStuck        = 3
	maxDeflects     = 2
)

func (t *turn) atInvite(h Heard) {
	switch {
	case h.Answer == Yes:
		t.ask(StageGoal, KindGoal, 0, "")
	case h.Answer == No:
		t.decline()
	case h.Verdict.Label == Question:
		t.clarify(h)
	case h.Verdict.Label == New && !few(h.Text, 2):
		t.begin(h.Text)
	default:
		t.clarifyAs(TopicHow)
	}
}

func (t *turn) decline() {
	t.end(Declined)
	t.tell(KindDeclined)
}

func (t *turn) atGoal(h Heard) {
	switch h.Verdict.Label {
	case Question:
		t.clarify(h)
	case Deflect:
		t.reassure()
	case Stuck:
		t.clarifyAs(TopicHow)
	default:
		t.begin(h.Text)
	}
}

// begin starts a ladder from a goal.
func (t *turn) begin(goal string) {
	t.c.Ladder = Ladder{Goal: goal, Began: t.now.UTC()}
	t.c.Stuck, t.c.Deflects, t.c.Noes = 0, 0, 0
	told := t.c.Asked.Kind == KindGoal
	t.ask(StageWhy, KindWhy, 0, goal, func(s *Say) { s.First, s.Warn = true, s.Remote && !told })
}

// atWhy is the heart: is it a different answer, or has it come round again?
func (t *turn) atWhy(h Heard) {
	v := h.Verdict
	if t.c.Asked.Kind == KindFork && h.Pick >= 1 && h.Pick <= len(t.c.Fork) {
		t.climb(t.c.Fork[h.Pick-1], Verdict{Label: New, Why: NoWhy})
		return
	}
	if h.Answer != Neither && h.Rest == "" && v.Label == New { // a bare yes or no names nothing
		v.Label = Stuck
	}
	switch v.Label {
	case Question:
		t.clarify(h)
	case Deflect:
		t.deflected()
	case Stuck:
		t.stuck()
	case Exhausted:
		t.confirm(v)
	case Commanded: // a command that means nothing here
		t.again(KindHelp, t.commands)
	default:
		if len(h.Fork) == 2 && v.Label == New && !v.Confirm && t.c.Asked.Kind != KindFork {
			t.fork(h.Fork)
			return
		}
		t.climb(h.Text, v)
	}
}

// fork asks which of two reasons in one answer is the one to go on with.
func (t *turn) fork(reasons []string) {
	t.c.Fork = slices.Clone(reasons)
	t.ask(StageWhy, KindFork, 0, t.lastAnswer())
}

// climb adds a rung, and asks again, or asks whether this is the why.
func (t *turn) climb(text string, v Verdict) {
	t.c.Ladder.Rungs = append(slices.Clone(t.c.Ladder.Rungs), Rung{Answer: text, Label: v.Label, Repeats: v.Repeats, At: t.now.UTC()})
	t.c.Stuck, t.c.Deflects = 0, 0
	switch {
	case v.Confirm || v.Label == Repeat:
		t.confirm(v)
	case len(t.c.Ladder.Rungs) >= t.p.MaxRungs:
		t.pick()
	default:
		t.askWhy(text)
	}
}

// askWhy asks "What will that get you?" of an answer, never twice running in the same words.
func (t *turn) askWhy(about string) {
	variant := 0
	if t.c.Asked.Kind == KindWhy {
		variant = (t.c.Asked.Variant + 1) % whyVariants
	} else if n := len(t.c.Ladder.Rungs); n > 0 {
		variant = n % whyVariants
	}
	explain := !t.c.Told
	t.c.Told = true
	t.ask(StageWhy, KindWhy, variant, about, func(s *Say) { s.Explain = explain })
}

// stuck comes at it another way; the third time the last real answer is offered.
func (t *turn) stuck() {
	t.c.Stuck++
	if t.c.Stuck >= maxStuck {
		t.c.Stuck = 0
		t.offer(len(t.c.Ladder.Rungs)-1, Verdict{Label: Stuck}, confirmRest)
		return
	}
	variant := len(t.c.Ladder.Rungs) % unblockVariants
	if t.c.Asked.Kind == KindUnblock {
		variant = (t.c.Asked.Variant + 1) % unblockVariants
	}
	t.ask(StageWhy, KindUnblock, variant, t.lastAnswer())
}

// lastAnswer is the answer the next question is about: the last rung, or the goal.
func (t *turn) lastAnswer() string {
	if n := len(t.c.Ladder.Rungs); n > 0 {
		return t.c.Ladder.Rungs[n-1].Answer
	}
	return t.c.Ladder.Goal
}

// deflected says once who sees what; the second time the why is left alone.
func (t *turn) deflected() {
	t.c.Deflects++
	if t.c.Deflects >= maxDeflects {
		t.leaveWhy()
		return
	}
	t.reassure()
}

func (t *turn) reassure() { t.again(KindReassure) }

// leaveWhy goes on to a step without a why.
func (t *turn) leaveWhy() {
	t.c.Deflects, t.c.Why = 0, ""
	t.askStep()
}

func (t *turn) clarify(h Heard) { t.clarifyAs(h.Topic) }

func (t *turn) clarifyAs(topic Topic) {
	t.again(KindClarify, func(s *Say) { s.Topic = topic })
}

// confirm offers the why that a verdict proposes.
func (t *turn) confirm(v Verdict) {
	why := v.Why
	if why == NoWhy || why < GoalIndex || why >= len(t.c.Ladder.Rungs) {
		why = len(t.c.Ladder.Rungs) - 1
	}
	variant := 0
	if v.Label != Repeat {
		variant = confirmLeads
	}
	t.offer(why, v, variant)
}

// offer asks whether an answer is the why. One that was rejected is not offered again: the
// newest that was not stands for it, or the rep picks.
func (t *turn) offer(why int, v Verdict, variant int) {
	l, wording := t.c.Ladder, v.Wording
	for why >= 0 && l.Rungs[why].Ruling == Rejected {
		wording = ""
		why = l.newest()
		if why < 0 {
			t.pick()
			return
		}
	}
	if wording == "" {
		wording = l.Goal
		if why >= 0 {
			wording = l.Rungs[why].Answer
		}
	}
	t.askAs(StageConfirm, Asked{Kind: KindConfirm, Variant: variant, About: wording, Rung: why, Label: v.Label, Letter: t.key(KindConfirm)})
}

// newest returns the last rung that was not rejected as the why; GoalIndex when there is none.
func (l Ladder) newest() int {
	for i := len(l.Rungs) - 1; i >= 0; i-- {
		if l.Rungs[i].Ruling != Rejected {
			return i
		}
	}
	return GoalIndex
}

// rule keeps what the rep said of the why that was offered.
func (t *turn) rule(r Ruling) {
	if l := t.c.Asked.Label; l != "" {
		t.out.Ruled = &Ruled{l, r}
	}
	i := t.c.Asked.Rung
	if i < 0 || i >= len(t.c.Ladder.Rungs) {
		return
	}
	rungs := slices.Clone(t.c.Ladder.Rungs)
	rungs[i].Ruling = r
	t.c.Ladder.Rungs = rungs
}

// atConfirm takes a yes, the rep's own wording, or a no with what it is instead.
func (t *turn) atConfirm(h Heard, rest *Heard) {
	switch {
	case h.Answer == No:
		t.rejected(rest)
	case h.Answer == Yes, h.Verdict.Label == Exhausted && t.c.Asked.Kind == KindConfirm:
		t.rule(Agreed)
		t.found(t.c.Asked.About)
	case h.Verdict.Label == Question:
		t.clarify(h)
	case h.Verdict.Label == Deflect:
		t.deflected()
	case h.Verdict.Label == Stuck, h.Verdict.Label == Exhausted:
		t.unsure()
	case h.Pick > 0 && few(h.Text, 1): // a bare number is nobody's why
		t.again(KindNow)
	default:
		t.found(h.Text)
	}
}

// rejected goes on from a no: with what it is instead, if that was said.
func (t *turn) rejected(rest *Heard) {
	if t.c.Asked.Kind == KindConfirm {
		t.rule(Rejected)
	}
	if rest != nil && (rest.Verdict.Label == New || rest.Verdict.Label == Repeat) {
		t.c.Noes = 0
		t.climb(rest.Text, rest.Verdict)
		return
	}
	t.unsure()
}

// unsure asks what would come closer; the second time the rep picks.
func (t *turn) unsure() {
	t.c.Noes++
	if t.c.Noes >= 2 {
		t.pick()
		return
	}
	was := t.c.Asked
	t.ask(StageConfirm, KindCloser, 0, was.About)
	t.c.Asked.Rung, t.c.Asked.Label = was.Rung, was.Label
}

// pick lists everything that was said; with a single answer there is nothing to choose from.
func (t *turn) pick() {
	if len(t.c.Ladder.Rungs) < 2 {
		t.leaveWhy()
		return
	}
	t.ask(StagePick, KindPick, 0, "")
}

func (t *turn) atPick(h Heard) {
	rungs := t.c.Ladder.Rungs
	switch {
	case h.Pick >= 1 && h.Pick <= len(rungs):
		t.c.Asked.Rung = h.Pick - 1
		t.rule(Agreed)
		t.found(rungs[h.Pick-1].Answer)
	case h.Pick > len(rungs):
		t.again(KindNow)
	case h.Verdict.Label == Stuck:
		t.clarifyAs(TopicHow)
	case h.Verdict.Label == Question:
		t.clarify(h)
	case h.Answer == No, h.Verdict.Label == Deflect:
		t.leaveWhy()
	default:
		t.found(h.Text)
	}
}

// found keeps the why, in the rep's words, and asks who may see it.
func (t *turn) found(why string) {
	t.c.Why, t.c.WhyAt = why, t.now.UTC()
	t.c.Stuck, t.c.Deflects, t.c.Noes = 0, 0, 0
	t.c.Sharing.Why, t.c.Sharing.Line, t.c.Sharing.Draft = false, "", ""
	t.ask(StageShare, t.shareKind(), 0, why)
}

// shareKind is which letter asks who may see the why: the manager of a rep, the team of a manager.
func (t *turn) shareKind() Kind {
	if t.c.Rep.Lead {
		return KindLend
	}
	return KindShare
}

// atShare takes share, private, or a line of the rep's own, which is shown back
// before anybody sees it: a remark must not become a line to the manager.
func (t *turn) atShare(h Heard) {
	switch {
	case h.Answer == Yes:
		t.shareWhy()
	case h.Answer == No, h.Verdict.Label == Deflect:
		t.keepWhy()
	case h.Verdict.Label == Question:
		t.clarify(h)
	case h.Verdict.Label == Stuck, h.Verdict.Label == Exhausted:
		t.clarifyAs(TopicWhoSees)
	default:
		t.c.Sharing.Draft = h.Text
		t.ask(StageShare, t.shareKind(), 1, h.Text)
	}
}

func (t *turn) shareWhy() {
	s := &t.c.Sharing
	s.Why, s.Line, s.Draft = true, s.Draft, ""
	t.askStep()
}

func (t *turn) keepWhy() {
	s := &t.c.Sharing
	s.Why, s.Line, s.Draft = false, "", ""
	t.askStep()
}
