package conversation

import "slices"

// summarize puts together what a manager may see of the time since the last summary.
func (t *turn) summarize() (s Summary, ok bool) {
	var told, open *Step
	for i := range t.c.Steps {
		step := &t.c.Steps[i]
		if step.Told.After(t.c.Week.Covered) {
			told = step
		}
		if step.Outcome == Unsaid && step.At.After(t.c.Week.Covered) {
			open = step
		}
	}
	s = Summary{Rep: t.c.Rep.Name, Manager: t.c.Rep.Manager.Name}
	switch {
	case told != nil:
		s.Step, s.Outcome = told.Text, told.Outcome
		if open != nil {
			s.Next = open.Text
		}
	case open != nil:
		s.Step = open.Text
	default:
		return s, false
	}
	if t.c.Sharing.Why && !t.c.Rep.Lead {
		s.Why, s.WhyLine = t.c.Why, t.c.Sharing.Line
	}
	return s, true
}

// showPreview shows the rep what would go, at least a workday before it goes.
func (t *turn) showPreview(week string) bool {
	s, ok := t.summarize()
	if !ok || t.c.Week.LastSummary == week {
		return false
	}
	cc := t.c.Sharing.Cc && t.c.Rep.Manager.Mail != ""
	v := &Preview{Week: week, Summary: s, NeedsOK: !t.c.Sharing.OK, At: t.c.ring(t.p.Summary, t.p, t.now)}
	if cc {
		key := string(KindPreview) + "/" + t.c.ID + "/" + week
		shown := t.p.Hours.Open(t.now)
		if earliest := t.p.Hours.AddWorkdays(shown, 1); v.At.Before(earliest) {
			v.At = t.p.Hours.Open(earliest)
		}
		v.Letters = []string{key}
		t.c.Preview = v
		t.sendPreview(key, 0)
	}
	v.At = v.At.UTC()
	t.c.Preview = v
	t.c.Week.Covered = t.now.UTC()
	return cc
}

// sendPreview writes the letter that shows the waiting summary.
func (t *turn) sendPreview(key string, variant int) {
	v := t.c.Preview
	pr := t.prompt(KindPreview, variant, "")
	pr.Key, pr.Thread = key, t.threadOf(KindPreview)
	pr.Say.First = v.NeedsOK
	pr.Say.Preview = &v.Summary
	pr.Say.At = v.At.In(t.now.Location())
	t.send(*pr)
}

// atPreview takes what a rep says to a preview. Anything but an ok, a hold or a private is
// taken as their own version, shown back, and goes to nobody else without an ok.
func (t *turn) atPreview(r Reply) {
	h := r.Heard
	switch {
	case h.Text == "" || r.Absence:
		t.preview().NeedsOK = true
	case h.Answer == Yes && few(h.Rest, 3):
		t.agree()
	case h.Answer == No:
		t.hold()
	case h.Verdict.Label == Question:
		t.preview().NeedsOK = true
		t.clarify(h)
	case h.Verdict.Label == Deflect, h.Verdict.Label == Stuck:
		t.hold()
	default:
		v := t.preview()
		v.Summary.Version, v.NeedsOK, v.OK, v.Hold = h.Text, true, false, false
		key := t.key(KindPreview)
		v.Letters = append(slices.Clone(v.Letters), key)
		t.sendPreview(key, 1)
	}
}

// agree is an explicit ok to the text as it was shown.
func (t *turn) agree() {
	v := t.preview()
	v.OK, v.Hold = true, false
	t.c.Sharing.OK = true
	t.tell(KindAgreed, func(s *Say) { s.At = v.At.In(t.now.Location()) })
}

// hold keeps this week's summary back. One that has left already cannot be held, and the letter says so.
func (t *turn) hold() {
	if t.c.Rep.Lead {
		t.again(KindNow)
		return
	}
	week := isoWeek(t.now)
	switch {
	case t.c.Preview != nil:
		t.preview().Hold = true
	case t.c.Week.LastSummary == week && t.gone:
		t.tellVariant(KindHold, 1)
		return
	case t.c.Week.LastSummary == week:
		t.out.Revoke = append(t.out.Revoke, t.summaryKey(week))
	default:
		t.c.Week.LastSummary = week // none will be made
	}
	t.tell(KindHold)
}

func (t *turn) summaryKey(week string) string {
	return string(KindSummary) + "/" + t.c.ID + "/" + week
}

// private keeps from the manager what the question was about: the copy at a preview, else all of it.
func (t *turn) private(at place) {
	if t.c.Rep.Lead { // what they lent the invites is taken back; nothing else was ever shown
		t.c.Sharing = Sharing{}
		t.tell(KindPrivate)
		return
	}
	t.c.Sharing.Cc = false
	if at != shown {
		t.c.Sharing.Why, t.c.Sharing.Line = false, ""
	}
	if t.c.Preview != nil {
		v := t.preview()
		v.OK, v.Letters = false, nil
		v.Summary.Why, v.Summary.WhyLine = "", ""
	}
	t.out.Withdraw = true
	t.tell(KindPrivate)
}

// share switches the manager's copy on again; the next one needs an ok like the first.
func (t *turn) share() {
	if t.c.Rep.Lead {
		t.again(KindNow)
		return
	}
	if !t.c.Sharing.Cc {
		t.c.Sharing.Cc, t.c.Sharing.OK = true, false
		t.tell(KindShared)
		return
	}
	if t.c.Why != "" && !t.c.Sharing.Why && t.openStep() < 0 {
		t.ask(StageShare, t.shareKind(), 0, t.c.Why)
		return
	}
	t.again(KindNow)
}

// sendSummary sends what was previewed, to both where that was agreed, else to the rep alone.
func (t *turn) sendSummary() bool {
	v := *t.c.Preview
	t.c.Preview = nil
	if v.Hold || t.c.Week.LastSummary == v.Week {
		return false
	}
	t.c.Week.LastSummary = v.Week
	cc := t.c.Sharing.Cc && t.c.Rep.Manager.Mail != "" && len(v.Letters) > 0 && (v.OK || !v.NeedsOK) && !t.c.Away.After(t.now)
	t.send(Prompt{
		Kind: KindSummary, Key: t.summaryKey(v.Week), Language: t.c.Rep.Language,
		Thread: Thread{Name: ThreadSummary}, NotBefore: t.p.Hours.Open(t.now).UTC(), Summary: &v.Summary, Cc: cc,
	})
	return true
}
