package conversation

import (
	"slices"
	"time"
)

// due does what time has brought. At most one letter a day is started by us: where two fall
// on one day the summary goes before the preview, that before the check-in, that before a
// reminder, and the others are dropped.
func (t *turn) due() {
	if t.passed(t.c.EraseAt) {
		t.erase()
		return
	}
	if t.c.End != NotEnded || t.c.Held != "" {
		return
	}
	if t.passed(t.c.Away) {
		t.back()
	}
	if t.c.Paused {
		t.endPause()
		return
	}
	if t.passed(t.c.Dormant) {
		t.erase()
		return
	}
	if len(t.out.Prompts) > 0 {
		return // "hope the break was good" is today's letter
	}
	t.dueSummary()
	t.duePreview()
	t.dueCheckIn()
	t.dueSilence()
}

// passed reports whether a moment was set and has come.
func (t *turn) passed(at time.Time) bool { return !at.IsZero() && !at.After(t.now) }

func (t *turn) today() string { return t.now.Format(time.DateOnly) }

// mayStart reports whether a letter of our own may go today, unless one of the moments, which
// matter more, comes later the same day.
func (t *turn) mayStart(before ...time.Time) bool {
	if t.c.Initiative == t.today() || t.c.Away.After(t.now) {
		return false
	}
	for _, at := range before {
		if at.After(t.now) && at.In(t.now.Location()).Format(time.DateOnly) == t.today() {
			return false
		}
	}
	return true
}

// started notes that today's letter was written.
func (t *turn) started() { t.c.Initiative = t.p.Hours.Open(t.now).Format(time.DateOnly) }

func (t *turn) endPause() {
	if !t.passed(t.c.Until) {
		return
	}
	t.c.Paused, t.c.Until = false, time.Time{}
	t.skipMissed()
	t.again(KindResume)
	t.started()
}

// skipMissed moves weekly moments that passed during a pause on, without their letters.
func (t *turn) skipMissed() {
	w := &t.c.Week
	for _, m := range []struct {
		at *time.Time
		s  Schedule
	}{{&w.CheckIn, t.p.CheckIn}, {&w.Preview, t.p.Preview}} {
		if t.passed(*m.at) {
			*m.at = t.c.ring(m.s, t.p, t.now).UTC()
		}
	}
}

// startWeeks sets the weekly moments, once there is something to ask about.
func (t *turn) startWeeks() {
	w := &t.c.Week
	if w.CheckIn.IsZero() || t.passed(w.CheckIn) {
		w.CheckIn = t.c.ring(t.p.CheckIn, t.p, t.now).UTC()
	}
	if w.Preview.IsZero() || t.passed(w.Preview) {
		w.Preview = t.c.ring(t.p.Preview, t.p, t.now).UTC()
	}
}

// checkInFor is when a step named at a moment is asked about: in a later week.
func (t *turn) checkInFor(named time.Time) time.Time {
	at := t.c.ring(t.p.CheckIn, t.p, named)
	if isoWeek(at.In(t.now.Location())) == isoWeek(named.In(t.now.Location())) {
		at = t.c.ring(t.p.CheckIn, t.p, at)
	}
	return at
}

func (t *turn) dueSummary() {
	if t.c.Preview == nil || !t.passed(t.c.Preview.At) {
		return
	}
	if t.sendSummary() {
		t.started()
	}
}

func (t *turn) duePreview() {
	at := t.c.Week.Preview
	if !t.passed(at) {
		return
	}
	week := isoWeek(at.In(t.now.Location()))
	t.c.Week.Preview = t.c.ring(t.p.Preview, t.p, t.now).UTC()
	if t.c.Week.LastPreview == week || t.c.Preview != nil || !t.mayStart() {
		return
	}
	t.c.Week.LastPreview = week
	if t.showPreview(week) {
		t.started()
	}
}

func (t *turn) dueCheckIn() {
	at := t.c.Week.CheckIn
	if !t.passed(at) {
		return
	}
	week := isoWeek(at.In(t.now.Location()))
	t.c.Week.CheckIn = t.c.ring(t.p.CheckIn, t.p, t.now).UTC()
	if t.c.Week.LastCheckIn == week || !t.mayStart(t.nextPreview(), t.nextSummary()) {
		return
	}
	if t.checkIn(week) {
		t.c.Week.LastCheckIn = week
		t.started()
	}
}

// nextPreview is when a preview goes, if there is anything to show.
func (t *turn) nextPreview() time.Time {
	if _, ok := t.summarize(); !ok || !t.c.Sharing.Cc || t.c.Preview != nil {
		return time.Time{}
	}
	return t.c.Week.Preview
}

// nextSummary is when the previewed summary goes.
func (t *turn) nextSummary() time.Time {
	if t.c.Preview == nil || t.c.Preview.Hold {
		return time.Time{}
	}
	return t.c.Preview.At
}

// checkIn asks how the step of an earlier week went; without one, for a step.
func (t *turn) checkIn(week string) bool {
	i := t.openStep()
	switch t.c.Stage {
	case StageWhen, StageActive, StageCheckIn:
	default:
		return false
	}
	if !t.c.Dormant.IsZero() || t.c.Stage == StageCheckIn && t.wroteToday() {
		return false
	}
	if t.c.Why != "" && t.now.Sub(t.c.WhyAt) >= t.p.WhyCheck {
		t.c.WhyAt = t.now.UTC()
		t.askAs(StageCheck, Asked{Kind: KindWhyCheck, About: t.c.Why, Letter: t.weekly(KindWhyCheck, week)})
		return true
	}
	if i < 0 {
		t.askAs(StageStep, Asked{Kind: KindStep, About: t.c.Why, Letter: t.weekly(KindStep, week)})
		return true
	}
	if named := t.c.Steps[i].At.In(t.now.Location()); isoWeek(named) == isoWeek(t.now) {
		return false
	}
	if t.c.Stage == StageCheckIn {
		t.c.Unanswered++
		if t.c.Unanswered >= t.p.MaxUnanswered {
			t.dormant()
			return true
		}
	}
	a := Asked{Kind: KindCheckIn, About: t.c.Steps[i].Text, Letter: t.weekly(KindCheckIn, week)}
	if t.c.Stage == StageCheckIn { // last week's letter put the same question
		a.Also = append(slices.Clone(t.c.Asked.Also), t.c.Asked.Letter)
	}
	t.askAs(StageCheckIn, a)
	return true
}

// wroteToday reports whether a letter was written since yesterday, which then put the question again.
func (t *turn) wroteToday() bool {
	n := len(t.c.Sent)
	return n > 0 && t.now.Sub(t.c.Sent[n-1]) < 24*time.Hour
}

// weekly names a letter that goes once a week.
func (t *turn) weekly(k Kind, week string) string { return string(k) + "/" + t.c.ID + "/" + week }

// dormant asks once whether to keep their place.
func (t *turn) dormant() {
	t.c.Dormant = t.p.Hours.Open(t.now.Add(t.p.CloseAfter)).UTC()
	t.tell(KindDormant, func(s *Say) { s.At = t.c.Dormant.In(t.now.Location()) })
}

// dueSilence does what an unanswered question leads to.
func (t *turn) dueSilence() {
	if !t.passed(t.silenceEnds()) {
		return
	}
	switch {
	case t.c.Stage == StageInvited && t.c.Reminded > 0:
		t.end(Declined)
		return
	case t.c.Stage == StageShare:
		if t.mayStart(t.nextPreview(), t.nextSummary()) {
			t.keepWhy()
			t.started()
		}
		return
	case t.c.Reminded >= len(t.p.Remind):
		if t.mayStart() {
			t.dormant()
			t.started()
		}
		return
	}
	may := t.mayStart(t.nextPreview(), t.nextSummary(), t.c.Week.CheckIn)
	if !t.c.AskAt.IsZero() {
		t.askSkipped(may)
		return
	}
	t.remind(may)
}

// askSkipped tries a skipped question another way.
func (t *turn) askSkipped(may bool) {
	if !may {
		return
	}
	switch a := t.c.Asked; a.Kind {
	case KindWhy:
		t.askWhy(a.About)
	case KindUnblock:
		t.ask(StageWhy, KindUnblock, (a.Variant+1)%unblockVariants, a.About)
	default:
		t.askAs(t.c.Stage, Asked{Kind: a.Kind, Variant: a.Variant, About: a.About, Rung: a.Rung, Letter: t.key(a.Kind)})
	}
	t.started()
}

// remind puts the question again; dropped where something of more weight goes the same day.
func (t *turn) remind(may bool) {
	kinds := [2]Kind{KindReminder1, KindReminder2}
	kind := kinds[t.c.Reminded]
	t.c.Reminded++
	if may {
		t.again(kind)
		t.started()
	}
}

// silenceEnds is when the silence after the open question has lasted long enough for
// something to follow; the zero time when nothing does.
func (t *turn) silenceEnds() time.Time {
	asked, h := t.c.Asked.At.In(t.now.Location()), t.p.Hours
	if t.c.Asked.Kind == "" || t.c.Asked.At.IsZero() || !t.c.Dormant.IsZero() {
		return time.Time{}
	}
	if !t.c.AskAt.IsZero() {
		return t.c.AskAt
	}
	switch t.c.Stage {
	case StageShare:
		return h.AddWorkdays(asked, t.p.ShareSilence)
	case StageWhen, StageActive, StageCheckIn:
		return time.Time{}
	}
	first := h.AddWorkdays(asked, t.p.Remind[0])
	second := h.AddWorkdays(first, t.p.Remind[1])
	switch t.c.Reminded {
	case 0:
		return first
	case 1:
		return second
	}
	return second.Add(t.p.DormantAfter)
}

// nextDue is the earliest moment at which due has something to do.
func (t *turn) nextDue() time.Time {
	c := &t.c
	if c.End != NotEnded || c.Held != "" {
		return c.EraseAt
	}
	if c.Paused {
		return earliest(c.EraseAt, c.Until)
	}
	next := earliest(c.EraseAt, c.Week.CheckIn, c.Week.Preview, c.Dormant, t.silenceEnds())
	if c.Preview != nil {
		next = earliest(next, c.Preview.At)
	}
	if c.Away.After(t.now) {
		next = c.Away // nothing before it, and the return itself: what falls due later that week is not missed
	}
	return next.UTC()
}

// earliest returns the first of the moments that are set.
func earliest(times ...time.Time) time.Time {
	var first time.Time
	for _, at := range times {
		if !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}
