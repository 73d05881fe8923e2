package conversation

import (
	"context"
	"strings"
	"time"
)

// Adviser is a Listener that can ask for a second opinion where it is unsure. It may leave
// the machine and take seconds, so it is asked about the one verdict of a reply that decides
// something, and about no other text: a tiny step, a command or a question never reaches it.
type Adviser interface {
	Listener

	// Advise returns the verdict of h, or another in its place: an answer that is new in
	// place of one that repeats, or the reverse. It never fails; when it cannot tell, the
	// verdict stays as it was heard. names are the words that must not be told to anybody:
	// whose they are is nothing the opinion needs.
	Advise(ctx context.Context, l Ladder, h Heard, names []string) Verdict
}

// advise asks for a second opinion on the verdict that decides, where the listener has one to ask.
func (k *Coach) advise(ctx context.Context, c Conversation, l Ladder, r *Reply, now time.Time) {
	a, ok := k.Listener.(Adviser)
	if !ok || c.End != NotEnded || c.Held != "" || r.Absence {
		return
	}
	if h := c.weighed(r, now); h != nil {
		h.Verdict = a.Advise(ctx, l, *h, c.names(k.Policy.Contact))
	}
}

// weighed returns what was heard of a reply that ends in "a different answer, or has it come round
// again?": nil for a reply in which nothing hangs on that.
func (c Conversation) weighed(r *Reply, now time.Time) *Heard {
	if r.Heard.Care || r.Heard.Command.Verb != NoCommand || r.Joined != nil && r.Joined.Care {
		return nil
	}
	at := c.State
	switch c.placeOf(*r, now) {
	case present:
	case second:
		at = c.Last.Before
	default:
		return nil
	}
	switch {
	case at.Stage == StageWhy && r.Joined != nil:
		return r.Joined
	case at.Stage == StageWhy:
		return &r.Heard
	case at.Stage == StageConfirm && r.Rest != nil:
		return r.Rest
	}
	return nil
}

// names are all the words a conversation's people are called by: names, and what stands
// before the @ of an address, which is often one.
func (c Conversation) names(contact Address) []string {
	var names []string
	for _, a := range []Address{{Name: c.Rep.Name}, c.Rep.Address, c.Rep.Manager, contact} {
		local, _, _ := strings.Cut(a.Mail, "@")
		names = append(names, a.Name, local)
	}
	for _, alias := range c.Rep.Aliases {
		local, _, _ := strings.Cut(alias, "@")
		names = append(names, local)
	}
	return names
}
