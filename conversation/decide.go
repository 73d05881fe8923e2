package conversation

import (
	"slices"
	"strings"
	"time"
)

// Decision is what follows from one event.
type Decision struct {
	Conversation Conversation
	Prompts      []Prompt
	Revoke       []string // keys of letters that must not go; when one has left already, decide again with Reply.Gone
	Withdraw     bool     // besides, whatever else waits is withdrawn
	Left         bool     // their address must never be invited by an import again
	Ruled        *Ruled   // the rep said whether what was offered is their why; nil: they did not
	Late         *Late    // an answer to a question that is closed: kept, and no part of the coaching
	Linked       bool     // another address is theirs now: what is held from there is to be judged again
	Hold         string   // the mail must be kept for the admin: a fixed token saying why
}

// Decide is the whole coaching loop: what an event makes of a conversation, and what is
// said. It reads no clock and does no I/O; the same arguments give the same decision.
func Decide(c Conversation, ev Event, p Policy, now time.Time) Decision {
	t := newTurn(c, ev, p, now)
	switch ev := ev.(type) {
	case Enrolled:
		t.enrol(ev)
	case Reply:
		t.reply(ev)
	case Due:
		t.due()
		return t.closeDue()
	case Notice:
		t.notice(ev)
	case Act:
		t.act(ev)
	case Encouraged:
		t.tell(KindPassedOn, func(s *Say) { s.Line = ev.Text })
	case ManagerLeft:
		t.c.Sharing.Cc = false
	case UnprovenStop:
		t.unprovenStop()
	case Stranger:
		t.stranger(ev)
	}
	return t.close()
}

// turn is one decision in the making.
type turn struct {
	c   Conversation
	p   Policy
	now time.Time // in the rep's zone

	event   string // names the letters of this turn
	answers string // Message-ID of the mail that is answered
	thread  Thread // the thread that mail came in; a letter beside the question stays in it
	inReply bool
	gone    bool // a letter that was to be revoked has left
	out     Decision
}

func newTurn(c Conversation, ev Event, p Policy, now time.Time) *turn {
	t := &turn{c: c, p: p, now: now.In(c.location()), event: eventName(ev.Key())}
	if r, ok := ev.(Reply); ok {
		t.inReply, t.answers, t.gone = true, r.MessageID, r.Gone
		t.thread = t.threadOf(r.LetterKind)
		if !r.LetterAt.IsZero() {
			t.thread.Month = r.LetterAt.In(t.now.Location())
		}
	}
	return t
}

// eventName shortens an event's key to what a letter's key needs of it.
func eventName(key string) string {
	name := key[strings.LastIndex(key, "/")+1:]
	return name[:min(len(name), 24)]
}

func (t *turn) close() Decision {
	t.obeyCaps()
	t.c.DueAt = t.nextDue()
	t.out.Conversation = t.c
	return t.out
}

// closeDue closes a turn of the clock. What could not be done today, because today's letter
// is written or a more important one is to come, is tried again tomorrow.
func (t *turn) closeDue() Decision {
	d := t.close()
	if due := &d.Conversation.DueAt; !due.IsZero() && !due.After(t.now) {
		*due = t.p.Hours.Open(wall(t.now.Year(), t.now.Month(), t.now.Day()+1, t.p.Hours.From, t.now.Location())).UTC()
	}
	return d
}

// obeyCaps keeps the promise that no rep gets more than so many letters, whatever
// happens: a loop between machines that shows no header ends here.
func (t *turn) obeyCaps() {
	t.c.Sent = slices.DeleteFunc(slices.Clone(t.c.Sent), func(at time.Time) bool {
		return t.now.Sub(at) >= 7*24*time.Hour
	})
	if len(t.out.Prompts) == 0 {
		return
	}
	if t.full() {
		t.out.Prompts = nil
		if t.c.End == NotEnded {
			t.c.Held = "too-many-letters"
		}
		return
	}
	t.c.Sent = append(t.c.Sent, t.now.UTC())
}

// full reports whether no letter more may be written for now.
func (t *turn) full() bool {
	day, week := 0, 0
	for _, at := range t.c.Sent {
		switch since := t.now.Sub(at); {
		case since < 24*time.Hour:
			day, week = day+1, week+1
		case since < 7*24*time.Hour:
			week++
		}
	}
	return day >= t.p.PerDay || week >= t.p.PerWeek
}

func (t *turn) enrol(e Enrolled) {
	t.c.Sharing.Cc = t.p.CcSummary && t.c.Rep.Manager.Mail != ""
	t.ask(StageInvited, KindInvite, 0, "", func(s *Say) { s.Line, s.Why = e.Line, e.Why })
}

// notice takes what machines say about our letters.
func (t *turn) notice(n Notice) {
	if n.Letter != "" && t.c.Preview != nil && slices.Contains(t.c.Preview.Letters, n.Letter) {
		// It was not seen by a person: silence after it is no consent.
		t.preview().NeedsOK = true
	}
	manager := n.Recipient != "" && strings.EqualFold(n.Recipient, t.c.Rep.Manager.Mail)
	switch {
	case n.Kind == NoticeAbsence && manager: // their absence is no matter of the rep's coaching
	case n.Kind == NoticeAbsence:
		t.responded()
		t.away(n.Back)
	case n.Kind == NoticeSoft && (manager || !t.soft()):
	case manager:
		t.c.Sharing.Cc = false // they end only their own copy
	default:
		t.end(Bounced)
	}
}

// soft counts a soft bounce, and reports whether it is the third in fourteen days.
func (t *turn) soft() bool {
	t.c.Soft = slices.DeleteFunc(append(slices.Clone(t.c.Soft), t.now.UTC()), func(at time.Time) bool {
		return t.now.Sub(at) > 14*24*time.Hour
	})
	return len(t.c.Soft) >= 3
}

// responded notes an automatic reply. A responder answers no automatic mail, and nobody more than once in some days (RFC 3834
// §2): one that does is told by "Precedence: bulk" from now on, which older ones obey.
func (t *turn) responded() {
	if !t.c.Auto.IsZero() && t.now.Sub(t.c.Auto) < 24*time.Hour {
		t.c.Bulk = true
	}
	t.c.Auto = t.now.UTC()
}

func (t *turn) away(back time.Time) {
	if back.IsZero() || !back.After(t.now) {
		back = t.now.AddDate(0, 0, t.p.AwayDays)
	}
	t.c.Away = t.p.Hours.Open(back.In(t.now.Location())).UTC()
}

func (t *turn) act(a Act) {
	switch a.Verb {
	case ActPause:
		t.pause(When{Days: a.Days})
		if a.Days == 0 {
			t.c.Until = time.Time{}
		}
	case ActResume:
		t.c.Held, t.c.Paused, t.c.Until = "", false, time.Time{}
		if t.c.End == NotEnded {
			t.again(KindResume)
		}
	case ActStop:
		t.end(Stopped)
	case ActErase:
		t.erase()
	case ActEdit:
		t.edit(a.Rep)
	case ActRead:
		t.tell(KindRead, func(s *Say) { s.At = a.At.In(t.now.Location()) })
	case ActExport:
		t.tellVariant(KindExport, exportCopied, func(s *Say) { s.Held = t.c.export(t.now) })
	}
}

// end closes the conversation: nothing more is sent but a closing letter, and the
// answers are deleted after the retention time.
func (t *turn) end(e End) {
	t.c.End = e
	t.c.EraseAt = t.p.Hours.Open(t.now.Add(t.p.Retention)).UTC()
	t.c.Paused, t.c.Until, t.c.Preview, t.c.Pending, t.c.Dormant = false, time.Time{}, nil, NoCommand, time.Time{}
	t.out.Withdraw = true
	t.out.Left = true
}

// erase forgets everything but what names the conversation; the store then removes that too.
func (t *turn) erase() {
	t.c = Conversation{ID: t.c.ID, Version: t.c.Version, Rep: t.c.Rep, End: Erased, Sent: t.c.Sent}
	t.out.Withdraw = true
	t.out.Left = true
}

// preview returns the waiting preview, as a copy that may be changed.
func (t *turn) preview() *Preview {
	v := *t.c.Preview
	t.c.Preview = &v
	return &v
}
