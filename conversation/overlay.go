package conversation

import (
	"slices"
	"strings"
	"time"
)

// care answers a word of distress: a helpline, a pause, and nobody told. It goes before
// everything else a reply may be.
func (t *turn) care() {
	t.c.Paused, t.c.Until, t.c.Preview = true, time.Time{}, nil
	t.out.Withdraw = true
	t.seal()
	t.tell(KindCare)
	t.c.Pending = VerbCall
}

// afterCare asks the contact to call, at a yes. Whatever else is written goes on where they were;
// it is not taken as an answer.
func (t *turn) afterCare(h Heard) {
	if h.Answer == Yes {
		t.toContact(KindCall)
		return
	}
	t.wake()
	t.again(KindResume)
}

// stopsTold is how long the contact is not told again: whoever holds a letter could else fill their mailbox, and the
// rep's cap with it.
const stopsTold = 7 * 24 * time.Hour

// unprovenStop pauses without a word to the address it came from, and tells the contact.
func (t *turn) unprovenStop() {
	if t.c.End != NotEnded {
		return
	}
	told := !t.c.StopTold.IsZero() && t.now.Sub(t.c.StopTold) < stopsTold
	t.c.Paused, t.c.Until, t.c.Preview = true, time.Time{}, nil
	t.out.Withdraw = true
	if !told && !t.full() {
		t.c.StopTold = t.now.UTC()
		t.toContact(KindUnprovenStop)
	}
}

// toContact writes one line to the contact. It names the rep, and nothing they said.
func (t *turn) toContact(k Kind) {
	t.send(Prompt{
		Kind: k, Key: t.key(k), Language: t.c.Rep.Language, Thread: Thread{Name: ThreadContact}, NotBefore: t.notBefore(k), ToContact: true,
		Say: &Say{Rep: t.c.Rep.Name, Manager: t.c.Rep.Manager.Name, Contact: t.p.Contact.Name, ContactAddress: t.p.Contact.Mail, Line: t.c.Rep.Address.Mail},
	})
}

// back ends an absence: the open question is put again, and its silence counted from now.
func (t *turn) back() {
	t.c.Away = time.Time{}
	t.skipMissed()
	if t.c.Asked.Kind == "" || t.c.Paused {
		return
	}
	t.again(KindBack)
	t.c.Asked.At = t.now.UTC()
	t.started()
}

// atWhyCheck takes whether the why still feels true.
func (t *turn) atWhyCheck(h Heard, rest *Heard) {
	switch {
	case h.Answer == No:
		t.archive()
		if rest != nil && rest.Verdict.Label == New {
			t.begin(rest.Text)
			return
		}
		t.ask(StageGoal, KindMatters, 0, "")
	case h.Verdict.Label == Question:
		t.clarify(h)
	case h.Verdict.Label == Deflect:
		t.reassure()
	case h.Answer == Neither && h.Verdict.Label == New:
		t.found(h.Text)
	default:
		t.stillTrue()
	}
}

// stillTrue goes on with the week: how the step went, or which comes next.
func (t *turn) stillTrue() {
	if i := t.openStep(); i >= 0 {
		t.ask(StageCheckIn, KindCheckIn, 0, t.c.Steps[i].Text)
		return
	}
	t.askStep()
}

// edit takes what the admin changed about a rep. A new manager inherits nothing that was
// agreed with the old one, and what waits for an old address does not go there any more.
func (t *turn) edit(r Rep) {
	other := r.Manager.Mail != t.c.Rep.Manager.Mail
	moved := !strings.EqualFold(r.Address.Mail, t.c.Rep.Address.Mail)
	t.c.Rep = r
	if moved && t.c.End == Bounced { // the old address ended it, not the rep
		t.c.End, t.c.EraseAt, t.c.Soft = NotEnded, time.Time{}, nil
	}
	if !other && !moved {
		return
	}
	t.out.Withdraw = true
	if other {
		t.c.Sharing, t.c.Preview = Sharing{}, nil
	} else if t.c.Preview != nil {
		t.preview().NeedsOK = true // they may not have seen it
	}
	switch {
	case t.c.End != NotEnded:
	case t.c.Stage == StageInvited:
		t.enrol(Enrolled{ID: t.c.ID})
	case other:
		t.again(KindManager)
	case !t.c.Paused && t.c.Held == "" && t.c.Asked.Kind != "":
		a := t.c.Asked
		a.Also = append(slices.Clone(a.Also), a.Letter)
		a.Letter = t.key(a.Kind)
		t.askAs(t.c.Stage, a)
	}
}

// foreignRun is how many replies in a row in another language bring the offer to write in it.
const foreignRun = 2

// offerLanguage adds one line to a letter of this turn for a rep who writes in another language. It
// is offered once, and never assumed.
func (t *turn) offerLanguage(heard string) {
	f := &t.c.Foreign
	switch {
	case heard == "":
		return
	case heard == t.c.Rep.Language || !slices.Contains(t.p.Languages, heard):
		f.Language, f.Run = "", 0
		return
	case heard != f.Language:
		f.Language, f.Run = heard, 0
	}
	f.Run++
	if f.Run < foreignRun || f.Offered == heard || len(t.out.Prompts) == 0 || t.out.Prompts[0].Say == nil || t.out.Prompts[0].ToContact {
		return
	}
	t.out.Prompts[0].Offer, f.Offered = heard, heard
}

// speak changes the language of the letters.
func (t *turn) speak(language string) {
	if !slices.Contains(t.p.Languages, language) {
		t.clarifyAs(TopicUnknown)
		return
	}
	t.c.Rep.Language, t.c.Foreign = language, Foreign{}
	t.again(KindNow)
}
