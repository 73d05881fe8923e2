package conversation

import (
	"slices"
	"time"
)

// asks reports whether a kind puts a question of its own that a reply may answer late.
func (k Kind) asks() bool {
	switch k {
	case KindInvite, KindGoal, KindWhy, KindUnblock, KindConfirm, KindCloser, KindPick, KindShare,
		KindStep, KindShrink, KindWhen, KindCheckIn, KindDone, KindNotYet, KindNewWhy, KindFork, KindWhyCheck, KindMatters, KindLend:
		return true
	}
	return false
}

// threadOf returns the thread a kind of letter belongs to, this month. What answers a
// summary goes where the open question is: the summary's thread is the manager's too.
func (t *turn) threadOf(k Kind) Thread {
	switch k {
	case KindStep, KindShrink, KindWhen, KindActive, KindCheckIn, KindDone, KindNotYet, KindWhyCheck:
		return Thread{Name: ThreadSteps, Month: t.now}
	case KindPreview:
		return Thread{Name: ThreadPreview}
	case KindAddress, KindLinked:
		return Thread{Name: ThreadAddress}
	case "", KindSummary:
		if t.c.Asked.Kind != "" {
			return t.threadOf(t.c.Asked.Kind)
		}
	}
	return Thread{Name: ThreadLadder}
}

// ask writes a letter and makes its question the open one.
func (t *turn) ask(s Stage, k Kind, variant int, about string, fill ...func(*Say)) {
	t.askAs(s, Asked{Kind: k, Variant: variant, About: about, Letter: t.key(k)}, fill...)
}

func (t *turn) askAs(s Stage, a Asked, fill ...func(*Say)) {
	t.c.Stage = s
	t.open(a)
	t.c.Reminded, t.c.AskAt = 0, time.Time{}
	pr := t.question()
	for _, f := range fill {
		f(pr.Say)
	}
	pr.Key, pr.Thread = a.Letter, t.threadOf(a.Kind)
	t.send(*pr)
	t.c.Asked.At = pr.NotBefore.UTC()
}

// maxClosed is how many letters about closed questions are remembered: nobody answers older ones.
const maxClosed = 20

// open makes a question the open one, the zero value none. What put the one before again is remembered: by its kind alone such a
// letter cannot be told from one that puts the question that is open now.
func (t *turn) open(a Asked) {
	closed := slices.DeleteFunc(slices.Concat(t.c.Closed, t.c.Asked.Also), a.has)
	t.c.Closed = closed[max(0, len(closed)-maxClosed):]
	t.c.Asked = a
}

// tell writes a letter that leaves the open question as it is.
func (t *turn) tell(k Kind, fill ...func(*Say)) { t.tellVariant(k, 0, fill...) }

func (t *turn) tellVariant(k Kind, variant int, fill ...func(*Say)) {
	pr := t.prompt(k, variant, "")
	for _, f := range fill {
		f(pr.Say)
	}
	pr.Key, pr.Thread = t.key(k), t.besides(k)
	if pr.Say.Ask != nil {
		t.c.Asked.Also = append(slices.Clone(t.c.Asked.Also), pr.Key)
	}
	t.send(*pr)
}

// again writes a letter that puts the open question again below what it says.
func (t *turn) again(k Kind, fill ...func(*Say)) {
	if k == KindResume {
		t.c.Asked.At = t.now.UTC() // silence is counted from here: who was away is not nagged the day after
	}
	fill = append(fill, func(s *Say) {
		if t.c.Asked.Kind != "" {
			s.Ask = t.question()
		}
		s.At = t.c.Week.CheckIn.In(t.now.Location())
	})
	t.tell(k, fill...)
}

// besides is the thread of a letter that asks nothing new: the one the rep wrote in.
func (t *turn) besides(k Kind) Thread {
	if t.inReply && k != KindActive {
		return t.thread
	}
	if k == KindActive || k == KindPreview || k == KindSummary || k == KindAddress {
		return t.threadOf(k)
	}
	return t.threadOf(t.c.Asked.Kind)
}

// question is the open question as a prompt, to be put for the first time or again.
func (t *turn) question() *Prompt {
	a := t.c.Asked
	return t.prompt(a.Kind, a.Variant, a.About)
}

// prompt fills in what a kind of letter may speak of, from the state as it is.
func (t *turn) prompt(k Kind, variant int, about string) *Prompt {
	c, p := &t.c, t.p
	say := &Say{
		Rep: c.Rep.Name, Manager: c.Rep.Manager.Name, Contact: p.Contact.Name, ContactAddress: p.Contact.Mail,
		Answer: about, Goal: c.Ladder.Goal, Path: c.Ladder.path(), Why: c.Why, Line: c.Sharing.Draft, N: c.Done, Cc: c.Sharing.Cc,
		Remote: p.RemoteJudge, Warn: p.RemoteJudge && k == KindGoal,
	}
	if n := len(c.Steps); n > 0 {
		say.Step = c.Steps[n-1].Text
	}
	switch k {
	case KindConfirm:
		say.Rest = variant == confirmRest
		say.Path = c.Ladder.pathTo(c.Asked.Rung)
		if c.Asked.Rung == GoalIndex {
			say.Path = nil
		}
	case KindFork:
		say.Path = c.Fork
	case KindCare:
		say.Line = p.Helpline
	case KindResume: // unless the question below quotes it anyway
		if a := t.lastAnswer(); c.Stage == StageWhy && a != c.Asked.About {
			say.Answer = a
		}
	}
	return &Prompt{Kind: k, Variant: variant, Language: c.Rep.Language, InReply: t.inReply, Answers: t.answers, Say: say,
		Footer: footerOf(k), NotBefore: t.notBefore(k)}
}

// footerOf says who sees the answer to a kind of letter.
func footerOf(k Kind) Footer {
	switch k {
	case KindStep, KindShrink, KindWhen, KindCheckIn, KindDone, KindNotYet:
		return FooterSummary
	case KindForgotten, KindSummary, KindCall, KindUnprovenStop:
		return FooterNone
	}
	return FooterPrivate
}

// notBefore returns when a letter may go: an answer after the time a second thought takes, all
// inside working hours, but what a person wants done at once at any hour.
func (t *turn) notBefore(k Kind) time.Time {
	switch k {
	case KindStopped, KindPaused, KindForget, KindForgotten, KindCare, KindCall, KindExport, KindRead:
		if t.inReply || k == KindExport || k == KindRead {
			return t.now.UTC()
		}
	}
	at := t.now
	if t.inReply {
		at = at.Add(t.p.ThinkTime)
	}
	return t.p.Hours.Open(at).UTC()
}

// key names a letter of this turn. There is at most one of a kind.
func (t *turn) key(k Kind) string { return string(k) + "/" + t.c.ID + "/" + t.event }

// send hands a letter out. It answers the rep's mail by In-Reply-To only inside that
// mail's own thread: a reference across would tie two threads together.
func (t *turn) send(pr Prompt) {
	if pr.Thread.Key() != t.thread.Key() {
		pr.Answers = ""
	}
	t.out.Prompts = append(t.out.Prompts, pr)
}

// path returns the answers of a ladder, oldest first.
func (l Ladder) path() []string {
	var path []string
	for _, r := range l.Rungs {
		path = append(path, r.Answer)
	}
	return path
}

// pathTo is the path as CONFIRM draws it: an answer that only says an earlier one again is not
// drawn twice.
func (l Ladder) pathTo(why int) []string {
	path := l.path()
	if n := len(path); n > 1 && why < n-1 && l.Rungs[n-1].Label == Repeat {
		path = path[:n-1]
	}
	return path
}

// has reports whether a letter put this question.
func (a Asked) has(letter string) bool {
	return letter != "" && (letter == a.Letter || slices.Contains(a.Also, letter))
}
