package conversation

import (
	"context"
	"slices"
	"strings"
)

// distrust returns why a mail may not speak for the rep it names, or "" when it may.
// A token or a Message-ID of ours says which question is meant; it proves nothing by itself.
func (k *Coach) distrust(in Inbound, f Found) string {
	rep := f.Conversation.Rep
	unproven := k.unproven(in, f)
	switch {
	case strings.EqualFold(in.Ref.From, rep.Manager.Mail):
		return "manager"
	case !rep.wrote(in.Ref.From):
		return HoldWrongSender
	}
	return unproven
}

// unproven returns what is wanting in a mail's proof of its own sender, or "".
func (k *Coach) unproven(in Inbound, f Found) string {
	switch {
	case in.Proof == ProofFail:
		return "failed-proof"
	case in.Proof != ProofPass && k.Strict:
		return "no-proof"
	case in.Proof != ProofPass && f.Letter == "":
		return "no-token"
	}
	return ""
}

// fromOthers takes a mail that may not speak for the rep. Three kinds of it still do something: a
// manager's answer to a summary; a stop from an address that could not be proven, which must
// not go unheard; and an answer from an address that could be the rep's second one, which they are asked about.
func (k *Coach) fromOthers(ctx context.Context, in Inbound, f Found, res Result) (Result, error) {
	c := f.Conversation
	manager := res.Hold == "manager" && f.LetterKind == KindSummary && k.unproven(in, f) == ""
	if !manager && (f.Letter == "" || f.LetterKind == KindSummary) {
		return res, nil
	}
	v, err := in.Mail.Visible(Known{Sent: f.Sent, Name: c.Rep.Manager.Name, Address: in.Ref.From})
	if err != nil {
		return res, nil
	}
	stop := k.Listener.Hear(Ladder{}, v.Text).Command.Verb == VerbStop
	var ev Event
	switch {
	case manager && stop:
		ev = ManagerLeft{ID: in.Key}
	case manager && (v.Text == "" || slices.ContainsFunc(in.To, func(a string) bool { return strings.EqualFold(a, c.Rep.Address.Mail) })):
		res.Hold, res.Done = "", true // a reply-all: the rep has it
		return res, nil
	case manager:
		ev = Encouraged{ID: in.Key, Text: v.Text}
	case stop && c.End == NotEnded:
		return res, k.apply(ctx, UnprovenStop{ID: in.Key}, Decide(c, UnprovenStop{ID: in.Key}, k.Policy, k.Now()))
	case res.Hold == HoldWrongSender:
		return res, k.ask(ctx, in, f)
	default:
		return res, nil
	}
	d := Decide(c, ev, k.Policy, k.Now())
	res.Hold, res.Done = "", true
	return res, k.apply(ctx, ev, d)
}
