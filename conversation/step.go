package conversation

import (
	"slices"
	"time"
)

// askStep asks for a tiny step towards the why, or without one.
func (t *turn) askStep() {
	t.c.Shrunk = false
	t.ask(StageStep, KindStep, 0, t.c.Why)
}

// sureNoStep is how sure it has to be that a reply names no step: "ask Jo one too" does.
const sureNoStep = 0.85

func (t *turn) atStep(h Heard) {
	label := h.Verdict.Label
	if h.Verdict.Sure < sureNoStep {
		label = New
	}
	switch {
	case label == Question:
		t.clarify(h)
	case label == Deflect:
		t.reassure()
	case label == Stuck && !t.c.Shrunk:
		t.c.Shrunk = true
		t.ask(StageStep, KindStep, 1, t.c.Why)
	case label == Stuck && t.c.Asked.Kind == KindShrink:
		t.takeStep(t.c.Asked.About)
	case label == Stuck:
		t.clarifyAs(TopicHow)
	case h.Size != Fits && !t.c.Shrunk:
		t.ask(StageStep, KindShrink, 0, h.Text)
		t.c.Shrunk = true
	default:
		t.takeStep(h.Text)
	}
}

// takeStep keeps a step and asks when it will be done.
func (t *turn) takeStep(text string) {
	t.c.Steps = append(slices.Clone(t.c.Steps), Step{Text: text, At: t.now.UTC()})
	t.c.Shrunk = false
	t.startWeeks()
	t.ask(StageWhen, KindWhen, 0, text)
}

// atWhen takes any answer: the step stands, with or without its hour.
func (t *turn) atWhen(h Heard) {
	switch {
	case h.Verdict.Label == Question:
		t.clarify(h)
		return
	case h.Answer == No, h.Verdict.Label == Stuck, h.Verdict.Label == Deflect:
	default:
		t.changeStep(func(s *Step) { s.When = h.Text })
	}
	t.rest()
}

// rest waits for the next check-in; nothing is asked until then.
func (t *turn) rest() {
	t.c.Stage = StageActive
	t.open(Asked{})
	t.c.Reminded, t.c.AskAt = 0, time.Time{}
	t.tell(KindActive, func(s *Say) { s.At = t.checkInFor(t.now).In(t.now.Location()) })
}

// atActive takes what comes unasked: how a step went is heard early, thanks need no answer.
func (t *turn) atActive(h Heard) {
	switch {
	case h.Outcome != Unsaid && t.openStep() >= 0:
		t.wentAs(h)
	case h.Verdict.Label == Question:
		t.clarify(h)
	case few(h.Text, 3) || h.Answer == Yes:
	default:
		t.again(KindNow)
	}
}

// atCheckIn takes how a step went; where that cannot be told it is asked, not guessed.
func (t *turn) atCheckIn(h Heard) {
	switch {
	case h.Outcome != Unsaid:
		t.wentAs(h)
	case h.Verdict.Label == Question:
		t.clarify(h)
	case h.Answer == Yes:
		h.Outcome = Done
		t.wentAs(h)
	case h.Answer == No, h.Verdict.Label == Deflect:
		h.Outcome = NotYet
		t.wentAs(h)
	default:
		t.ask(StageCheckIn, KindCheckIn, 1, t.c.Asked.About)
	}
}

// wentAs keeps the outcome of the open step. A next step named in the same breath is taken too.
func (t *turn) wentAs(h Heard) {
	i := t.openStep()
	if i < 0 {
		t.askStep()
		return
	}
	t.changeStep(func(s *Step) { s.Outcome, s.Told = h.Outcome, t.now.UTC() })
	kind := KindNotYet
	if h.Outcome != NotYet {
		t.c.Done++
		kind = KindDone
	}
	t.c.Shrunk = false
	if h.Next != "" {
		t.takeStep(h.Next)
		return
	}
	t.ask(StageStep, kind, 0, t.c.Steps[i].Text)
}

// openStep returns the index of the step whose outcome is not told yet; -1 when there is none.
func (t *turn) openStep() int {
	if n := len(t.c.Steps); n > 0 && t.c.Steps[n-1].Outcome == Unsaid {
		return n - 1
	}
	return -1
}

// changeStep changes the last step, leaving the state before it whole.
func (t *turn) changeStep(change func(*Step)) {
	steps := slices.Clone(t.c.Steps)
	if n := len(steps); n > 0 {
		change(&steps[n-1])
	}
	t.c.Steps = steps
}
