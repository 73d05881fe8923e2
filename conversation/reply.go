package conversation

import (
	"slices"
	"strings"
	"time"
)

// place says which question a reply belongs to.
type place int

const (
	present place = iota // the open question
	second               // the question before: a second thought, its answer not yet sent
	late                 // the question before, whose answer has left
	old                  // a question long past
	shown                // a preview that waits for its hour
	copied               // a summary: a talk between rep and manager
	asleep               // DORMANT: whether to go on at all
	doubted              // whether another address is theirs
)

// placeOf reads from the letter that was answered where a reply belongs.
func (c Conversation) placeOf(r Reply, now time.Time) place {
	last := c.Last != nil && !c.Last.Sealed
	before := last && c.Last.Before.Asked.has(r.Letter)
	switch {
	case c.Preview != nil && slices.Contains(c.Preview.Letters, r.Letter):
		return shown
	case r.LetterKind == KindSummary:
		return copied
	case r.LetterKind == KindDormant:
		return asleep
	case r.LetterKind == KindAddress, r.LetterKind == KindLinked:
		return doubted
	case last && !r.Gone && now.Before(c.Last.Out) && (before || r.Letter == ""):
		return second
	case r.Letter == "" || c.Asked.has(r.Letter):
		return present
	case before && r.Gone:
		return late
	case before:
		return second
	case r.LetterKind.asks(), slices.Contains(c.Closed, r.Letter), r.LetterKind == KindPreview: // of a summary that has gone
		return old
	}
	return present
}

// Hearing returns the ladder that a reply must be heard with, and the text it is to be
// joined to, or "" when it stands alone. Reply.Heard need not be set yet.
func (c Conversation) Hearing(r Reply, now time.Time) (l Ladder, joined string) {
	if c.placeOf(r, now) == second {
		return c.Last.Before.Ladder, c.Last.Text
	}
	return c.Ladder, ""
}

// reply takes what the rep wrote.
func (t *turn) reply(r Reply) {
	defer t.offerLanguage(r.Heard.Language)
	if t.echoes(r) {
		return
	}
	if r.Heard.Care && t.c.End == NotEnded {
		t.care()
		return
	}
	if t.command(r) {
		return
	}
	switch {
	case t.c.End != NotEnded:
		t.out.Hold = "ended"
		return
	case t.c.Held != "":
		t.out.Hold = "held"
		return
	}
	cared := t.c.Pending == VerbCall
	t.c.Pending = NoCommand
	if cared {
		t.afterCare(r.Heard)
		return
	}
	t.answer(r)
}

// echoes notices a body that came before in answer to the same letter: a machine, or
// a mail sent twice. Neither wants an answer.
func (t *turn) echoes(r Reply) bool {
	letter := r.Letter
	if letter == "" {
		letter = t.c.Asked.Letter
	}
	e := &t.c.Echo
	if r.Digest != "" && e.Letter == letter && e.Hash == r.Digest && t.now.Sub(e.At) < 24*time.Hour {
		e.Count++
		return true
	}
	machine := t.machine(r)
	*e = Echo{Letter: letter, Hash: r.Digest, Count: 1, At: t.now.UTC(), Quick: hurried(r, t.now), Machine: machine}
	return machine != "" && machine == e.Quick
}

// machine returns what a machine without a mark is known by: within a minute of our letter it says the
// same five words or more that it said within a minute of the letter before, or nothing of its own
// again. Nobody types the same sentence twice in two minutes to two questions; "yes" they may.
func (t *turn) machine(r Reply) string {
	h := hurried(r, t.now)
	if h != "" && h == t.c.Echo.Quick {
		return h
	}
	return t.c.Echo.Machine
}

// hurried is a body's hash if it came within a minute of our letter and is long enough to tell a machine by.
func hurried(r Reply, now time.Time) string {
	switch {
	case r.Digest == "" || r.LetterAt.IsZero() || now.Sub(r.LetterAt) >= quick:
		return ""
	case r.Heard.Text == "":
		return "empty"
	case few(r.Heard.Text, 4):
		return ""
	}
	return r.Digest
}

// wake ends a pause, an absence or dormancy: who writes is back.
func (t *turn) wake() {
	if t.c.Paused {
		t.skipMissed()
	}
	t.c.Paused, t.c.Until, t.c.Away, t.c.Dormant = false, time.Time{}, time.Time{}, time.Time{}
	t.c.Unanswered = 0
	t.c.Soft = nil
}

// answer takes a reply that is no command to the question it belongs to.
func (t *turn) answer(r Reply) {
	at := t.c.placeOf(r, t.now)
	if at == copied {
		return // theirs to talk about; kept out of the coaching, and never quoted
	}
	if at == doubted {
		t.atSecond(r)
		return
	}
	t.wake()
	h, text := r.Heard, r.Heard.Text
	switch at {
	case shown:
		t.atPreview(r)
		return
	case asleep:
		t.atDormant(h)
		return
	case old:
		t.tooLate(r)
		return
	case late:
		t.joinLate(r)
		return
	case second:
		h, text = t.amend(r)
	}
	if text == "" || r.Absence {
		t.again(KindEmpty)
		return
	}
	before := t.c.State
	t.atStage(r, h)
	t.remember(r, text, before)
}

// amend goes back to before the last reply, withdraws its answer, and returns what
// is to be decided now: both replies together, or the second alone where it chooses by itself.
func (t *turn) amend(r Reply) (Heard, string) {
	t.out.Revoke = append(t.out.Revoke, t.c.Last.Letters...)
	t.takeBack()
	if r.Joined == nil || t.chooses(r.Heard) {
		return r.Heard, r.Heard.Text
	}
	return *r.Joined, r.Joined.Text
}

// chooses reports whether a reply settles the open question whatever was said before it.
func (t *turn) chooses(h Heard) bool {
	switch t.c.Stage {
	case StageInvited, StageConfirm, StageShare:
		return h.Answer != Neither
	case StagePick:
		return h.Pick > 0
	case StageCheckIn:
		return h.Outcome != Unsaid
	}
	return false
}

// takeBack restores the state before the last reply. What the rep has since kept private stays private.
func (t *turn) takeBack() {
	now := t.c.Sharing
	t.c.State = t.c.Last.Before
	s := &t.c.Sharing
	s.Why, s.Cc, s.OK = s.Why && now.Why, s.Cc && now.Cc, s.OK && now.OK
}

// joinLate adds a second thought to the rung or the goal it belongs to, after our answer has left.
func (t *turn) joinLate(r Reply) {
	text := r.Heard.Text
	before := t.c.Last.Before.Ladder
	switch n, was := len(t.c.Ladder.Rungs), len(before.Rungs); {
	case n > was && text != "":
		rungs := slices.Clone(t.c.Ladder.Rungs)
		rungs[was].Answer += "\n" + text
		t.c.Ladder.Rungs = rungs
	case before.Goal == "" && t.c.Ladder.Goal != "" && text != "":
		t.c.Ladder.Goal += "\n" + text
	default:
		t.tooLate(r)
	}
}

// longAgo is how old a question is that nobody has in mind any more.
const longAgo = 30 * 24 * time.Hour

// tooLate keeps an answer to a question that is closed, and says where we are now; after a long time it is a welcome back.
func (t *turn) tooLate(r Reply) {
	if r.Heard.Text != "" && !r.Absence {
		t.out.Late = &Late{Letter: r.Letter, Kind: r.LetterKind, Asked: r.LetterAt, At: t.now.UTC(), Text: r.Heard.Text}
	}
	if !r.LetterAt.IsZero() && t.now.Sub(r.LetterAt) > longAgo {
		t.again(KindResume)
		return
	}
	t.again(KindNow)
}

// remember keeps what a reply led to, for a second thought and for "that's wrong".
func (t *turn) remember(r Reply, text string, before State) {
	letter := r.Letter
	if letter == "" {
		letter = before.Asked.Letter
	}
	last := &Turn{Event: r.ID, Question: letter, Text: text, Before: before}
	for _, p := range t.out.Prompts {
		last.Letters = append(last.Letters, p.Key)
		last.Out = p.NotBefore
	}
	t.c.Last = last
}

// atStage hands a reply to the stage it answers.
func (t *turn) atStage(r Reply, h Heard) {
	switch t.c.Stage {
	case StageInvited:
		t.atInvite(h)
	case StageGoal:
		t.atGoal(h)
	case StageWhy:
		t.atWhy(h)
	case StageConfirm:
		t.atConfirm(h, r.Rest)
	case StagePick:
		t.atPick(h)
	case StageShare:
		t.atShare(h)
	case StageStep:
		t.atStep(h)
	case StageWhen:
		t.atWhen(h)
	case StageActive:
		t.atActive(h)
	case StageCheckIn:
		t.atCheckIn(h)
	case StageCheck:
		t.atWhyCheck(h, r.Rest)
	}
}

// atDormant closes at a no; whatever else is written, their place was kept.
func (t *turn) atDormant(h Heard) {
	if h.Answer == No {
		t.stop()
		return
	}
	t.again(KindResume)
}

// few reports whether a text is at most n words long.
func few(text string, n int) bool { return len(strings.Fields(text)) <= n }
