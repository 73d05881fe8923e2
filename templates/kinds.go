package templates

import (
	"reflect"

	"whyloop/conversation"
)

// Need is what a letter of one kind must be given. Fields are named as in
// [conversation.Say]; a field not named here may be left empty.
type Need struct {
	Kind     conversation.Kind
	Asks     bool     // it ends in a question of its own, which can be put again
	Variants int      // how many wordings it has, told apart by Prompt.Variant
	Fields   []string // needed whatever the variant
	When     string   // what else is needed, and when; "" for nothing
	Takes    string   // what changes the wording and may be left zero
}

// needs is the table; Write fails by it. Footers need more: Contact. Ask is the open
// question, put again: where a letter takes it and gets none, it says that nothing is open,
// or just ends. A letter to a manager who went first takes no Manager: where the table does
// not ask for one, the letter then speaks of nobody; with Cc there is somebody to be named,
// and every letter needs the name.
var needs = []Need{
	{Kind: conversation.KindInvite, Asks: true, Fields: []string{"Rep"}, Takes: "Manager; and of a manager who went first, Line or Why"},
	{Kind: conversation.KindGoal, Asks: true, Fields: []string{"Rep"}},
	{Kind: conversation.KindWhy, Asks: true, Variants: 6, Fields: []string{"Answer"}, Takes: "First, Explain"},
	{Kind: conversation.KindUnblock, Asks: true, Variants: 5, Fields: []string{"Answer"}},
	{Kind: conversation.KindConfirm, Asks: true, Variants: 3, Fields: []string{"Answer"},
		When: "Goal, when Path is given and Rest is not", Takes: "Path; Rest; variant 2: nothing was repeated, they said that's it or it is unsure"},
	{Kind: conversation.KindCloser, Asks: true},
	{Kind: conversation.KindPick, Asks: true, Fields: []string{"Path"}},
	{Kind: conversation.KindShare, Asks: true, Variants: 2, Fields: []string{"Manager"},
		When: "variant 0: Rep and Why, which the usual line is made of; variant 1, their own line shown back: Line"},
	{Kind: conversation.KindLend, Asks: true, Variants: 2, When: "variant 0: Rep and Why, which the usual line is made of; variant 1, their own line shown back: Line"},
	{Kind: conversation.KindStep, Asks: true, Variants: 2, Takes: "Why; variant 1: after a stuck reply"},
	{Kind: conversation.KindShrink, Asks: true, Fields: []string{"Answer"}},
	{Kind: conversation.KindWhen, Asks: true, Fields: []string{"Answer"}},
	{Kind: conversation.KindCheckIn, Asks: true, Variants: 2, Fields: []string{"Answer"}, When: "variant 0: Rep", Takes: "variant 1: they did not say how it went"},
	{Kind: conversation.KindDone, Asks: true, When: "N, when put for the first time", Takes: "Why"},
	{Kind: conversation.KindNotYet, Asks: true, Takes: "Answer"},
	{Kind: conversation.KindRestart, Asks: true},
	{Kind: conversation.KindForget, Asks: true},
	{Kind: conversation.KindNewWhy, Asks: true},
	{Kind: conversation.KindDormant, Asks: true, Fields: []string{"At"}},

	{Kind: conversation.KindActive, Fields: []string{"At"}},
	{Kind: conversation.KindDeclined},
	{Kind: conversation.KindStopped, Fields: []string{"At"}, Takes: "Manager"},
	{Kind: conversation.KindPaused, Takes: "At: zero is until start"},
	{Kind: conversation.KindResume, Takes: "Answer, Ask"},
	{Kind: conversation.KindSkip, Fields: []string{"At"}},
	{Kind: conversation.KindHold, Variants: 2, Fields: []string{"Manager"}, Takes: "variant 1: it had gone already"},
	{Kind: conversation.KindPrivate, Takes: "Manager"},
	{Kind: conversation.KindShared, Fields: []string{"Manager"}, Takes: "Ask"},
	{Kind: conversation.KindForgotten, Takes: "Manager"},
	{Kind: conversation.KindUndone, Fields: []string{"Answer"}, Takes: "Previous, Ask"},
	{Kind: conversation.KindHelp, Fields: []string{"Commands"}, Takes: "Manager, Ask"},
	{Kind: conversation.KindReassure, Takes: "Manager, Ask"},
	{Kind: conversation.KindClarify, Fields: []string{"Contact"}, When: "Topic unknown: ContactAddress", Takes: "Manager, Topic, Cc, Ask"},
	{Kind: conversation.KindEmpty, Takes: "Ask"},
	{Kind: conversation.KindNow, Takes: "Ask, At"},
	{Kind: conversation.KindPath, Takes: "Goal, Path, Why, Steps, Ask: what is empty is left out"},
	{Kind: conversation.KindAgreed, Fields: []string{"Manager", "At"}, Takes: "Cc"},

	{Kind: conversation.KindFork, Asks: true, Fields: []string{"Path"}},
	{Kind: conversation.KindWhyCheck, Asks: true, Fields: []string{"Answer"}, When: "Rep, when put for the first time"},
	{Kind: conversation.KindMatters, Asks: true},
	{Kind: conversation.KindBack, Takes: "Ask"},
	{Kind: conversation.KindPassedOn, Fields: []string{"Manager", "Line"}},
	{Kind: conversation.KindManager, Fields: []string{"Manager"}, Takes: "Ask"},
	{Kind: conversation.KindCare, Asks: true, Fields: []string{"Line", "Contact"}},
	{Kind: conversation.KindExport, Variants: 2, Fields: []string{"Held"}, Takes: "variant 1: the admin has a copy; Contact"},
	{Kind: conversation.KindRead, Fields: []string{"At", "Contact"}},
	{Kind: conversation.KindAddress, Asks: true, Fields: []string{"Line"}},
	{Kind: conversation.KindLinked, Variants: 2, Fields: []string{"Line"}, Takes: "variant 1: it counts no longer"},
	{Kind: conversation.KindCall, Fields: []string{"Rep", "Contact", "Line"}},
	{Kind: conversation.KindUnprovenStop, Fields: []string{"Rep", "Contact", "Line"}},

	{Kind: conversation.KindReminder1, Fields: []string{"Ask"}},
	{Kind: conversation.KindReminder2, Fields: []string{"Ask"}},
	{Kind: conversation.KindPreview, Asks: true, Variants: 2, Fields: []string{"Manager", "At", "Preview"}, Takes: "First: needs an ok; variant 1: their own version shown back"},
	{Kind: conversation.KindSummary, Fields: nil, When: "Prompt.Summary with Rep and Manager, and Step or Version", Takes: "Prompt.Cc, Outcome, Next, WhyLine"},
}

// Needs returns what each kind of letter must be given, in the order of the kinds.
func Needs() []Need {
	return append([]Need(nil), needs...)
}

// need finds the row of a kind.
func need(k conversation.Kind) (Need, bool) {
	for _, n := range needs {
		if n.Kind == k {
			return n, true
		}
	}
	return Need{}, false
}

// check fails when a value is missing that the kind needs whatever the variant. What a
// wording needs besides, its template finds out.
func (n Need) check(say *conversation.Say) error {
	v := reflect.ValueOf(*say)
	for _, f := range n.Fields {
		if v.FieldByName(f).IsZero() {
			return missing(f)
		}
	}
	if say.Cc && line(say.Manager) == "" {
		return missing("Manager")
	}
	return nil
}

// variants is how many wordings a kind has, at least one.
func (n Need) variants() int {
	return max(1, n.Variants)
}
