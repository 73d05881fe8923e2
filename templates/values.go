package templates

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"whyloop/conversation"
)

func itoa(n int) string { return strconv.Itoa(n) }

// missing is the error of a value that a letter speaks of and was not given.
func missing(field string) error {
	return fmt.Errorf("the letter needs %s", field)
}

// given returns a value made ready for a template, or the error that it is missing.
func given(field, value string) (string, error) {
	if value == "" {
		return "", missing(field)
	}
	return value, nil
}

// values is what the template of a coaching letter sees. Every method that returns an
// error fails on an empty value: what a template speaks of is needed, what it may go
// without it asks for with Has.
type values struct {
	b       *book
	say     conversation.Say
	variant int
	asks    bool // the letter puts an open question again
	again   bool // the letter is that question, put again
}

func newValues(b *book, p conversation.Prompt) *values {
	v := &values{b: b, say: *p.Say, variant: p.Variant, asks: p.Say.Ask != nil}
	if !v.asks || v.say.Ask.Say == nil {
		return v
	}
	ask := v.say.Ask.Say
	if line(ask.Answer) == line(v.say.Previous) {
		v.say.Previous = "" // the question below quotes it already
	}
	if p.Kind == conversation.KindPath && quotesWhy(v.say.Ask.Kind) && line(ask.Why) == line(v.say.Why) {
		v.say.Why = ""
	}
	return v
}

// quotesWhy reports whether a question, put again, shows the why above it.
func quotesWhy(k conversation.Kind) bool {
	return k == conversation.KindStep || k == conversation.KindDone
}

// Rep is the first name the rep is greeted by.
func (v *values) Rep() (string, error) { return given("Rep", line(v.say.Rep)) }

// Manager is the manager's first name.
func (v *values) Manager() (string, error) { return given("Manager", line(v.say.Manager)) }

// Contact is the name of the person who helps.
func (v *values) Contact() (string, error) { return given("Contact", line(v.say.Contact)) }

// ContactAddress is where that person is written to.
func (v *values) ContactAddress() (string, error) {
	return given("ContactAddress", line(v.say.ContactAddress))
}

// Answer is the rep's words the letter is about.
func (v *values) Answer() (string, error) { return given("Answer", line(v.say.Answer)) }

// Previous is the words before Answer.
func (v *values) Previous() (string, error) { return given("Previous", line(v.say.Previous)) }

// Goal is what the ladder started at.
func (v *values) Goal() (string, error) { return given("Goal", line(v.say.Goal)) }

// Why is the rep's why.
func (v *values) Why() (string, error) { return given("Why", line(v.say.Why)) }

// Step is the tiny step the letter is about.
func (v *values) Step() (string, error) { return given("Step", line(v.say.Step)) }

// N is how many tiny steps were taken so far.
func (v *values) N() (int, error) {
	if v.say.N < 1 {
		return 0, missing("N")
	}
	return v.say.N, nil
}

// Path is the rungs, oldest first.
func (v *values) Path() ([]string, error) {
	var path []string
	for _, p := range v.say.Path {
		if p = line(p); p != "" {
			path = append(path, p)
		}
	}
	if len(path) == 0 {
		return nil, missing("Path")
	}
	return path, nil
}

// Line is exactly what a manager would see of the why: the rep's own line, else the
// usual one.
func (v *values) Line() (string, error) {
	if own := line(v.say.Line); own != "" {
		return own, nil
	}
	blocks, err := v.b.part(conversation.KindSummary, "why", v)
	if err != nil {
		return "", err
	}
	return plain(blocks), nil
}

// Lent is the line of a manager who went first that stands in an invite: exactly the one
// LEND showed them.
func (v *values) Lent() (string, error) {
	lead := *v
	lead.say.Rep = v.say.Manager
	return lead.Line()
}

// Lines is Line with its line ends kept: a manager's answer, a helpline.
func (v *values) Lines() (string, error) { return given("Line", thinned(clean(v.say.Line))) }

// Preview is the exact text of the summary that could go.
func (v *values) Preview() (string, error) {
	if v.say.Preview == nil {
		return "", missing("Preview")
	}
	blocks, err := v.b.summary(*v.say.Preview, true)
	if err != nil {
		return "", err
	}
	return plain(blocks), nil
}

// At is the moment the letter names.
func (v *values) At() (time.Time, error) {
	if v.say.At.IsZero() {
		return time.Time{}, missing("At")
	}
	return v.say.At, nil
}

// stepValue is a tiny step as PATH lists it.
type stepValue struct{ Text, Outcome string }

// Steps is the tiny steps so far, oldest first.
func (v *values) Steps() []stepValue {
	var steps []stepValue
	for _, s := range v.say.Steps {
		if text := line(s.Text); text != "" {
			steps = append(steps, stepValue{text, string(s.Outcome)})
		}
	}
	return steps
}

// forInvites marks the verbs that mean something else to a manager who went first: theirs
// is a line in the invites, and nobody sees anything besides.
const forInvites = " invites"

// Commands is the verbs HELP explains.
func (v *values) Commands() ([]string, error) {
	var verbs []string
	for _, c := range v.say.Commands {
		verb := string(c)
		if alone := line(v.say.Manager) == ""; alone && (c == conversation.VerbPrivate || c == conversation.VerbShare) {
			verb += forInvites
		}
		verbs = append(verbs, verb)
	}
	if len(verbs) == 0 {
		return nil, missing("Commands")
	}
	return verbs, nil
}

// Variant is which wording of the letter it is.
func (v *values) Variant() int { return v.variant }

// Topic is what the rep asked about.
func (v *values) Topic() string { return string(v.say.Topic) }

// First, Explain, Rest and Cc are the flags of the same name.
func (v *values) First() bool { return v.say.First }

// Explain says that WHY explains how it goes on.
func (v *values) Explain() bool { return v.say.Explain }

// Rest says that CONFIRM follows a third stuck reply.
func (v *values) Rest() bool { return v.say.Rest }

// Cc says that the manager is copied on summaries at present.
func (v *values) Cc() bool { return v.say.Cc }

// Remote says that a model on another machine may get the ladder.
func (v *values) Remote() bool { return v.say.Remote }

// Warn says that the letter itself must say so, not its footer alone.
func (v *values) Warn() bool { return v.say.Warn }

// Again says that the question was asked before.
func (v *values) Again() bool { return v.again }

// Asks says that the open question follows.
func (v *values) Asks() bool { return v.asks }

// Has reports whether a value was given.
func (v *values) Has(field string) (bool, error) {
	switch field {
	case "Path":
		return slices.ContainsFunc(v.say.Path, func(p string) bool { return line(p) != "" }), nil
	case "Steps":
		return len(v.Steps()) > 0, nil
	case "At":
		return !v.say.At.IsZero(), nil
	}
	text, ok := map[string]string{
		"Rep": v.say.Rep, "Manager": v.say.Manager, "Contact": v.say.Contact, "ContactAddress": v.say.ContactAddress,
		"Answer": v.say.Answer, "Previous": v.say.Previous, "Goal": v.say.Goal, "Why": v.say.Why, "Line": v.say.Line, "Step": v.say.Step,
	}[field]
	if !ok {
		return false, fmt.Errorf("no field %q", field)
	}
	return line(text) != "", nil
}

// summaryValues is what the template of the summary sees: what a manager may, and
// nothing else can be named in it.
type summaryValues struct {
	s  conversation.Summary
	cc bool
}

// Rep is the rep's first name.
func (v *summaryValues) Rep() (string, error) { return given("Summary.Rep", line(v.s.Rep)) }

// Manager is the manager's first name; a summary for the rep alone must not name it.
func (v *summaryValues) Manager() (string, error) {
	if !v.cc {
		return "", fmt.Errorf("a summary for the rep alone must not speak to the manager")
	}
	return given("Summary.Manager", line(v.s.Manager))
}

// Step is the tiny step.
func (v *summaryValues) Step() (string, error) { return given("Summary.Step", line(v.s.Step)) }

// Next is the next one.
func (v *summaryValues) Next() (string, error) { return given("Summary.Next", line(v.s.Next)) }

// Why is the why, shared.
func (v *summaryValues) Why() (string, error) { return given("Summary.Why", line(v.s.Why)) }

// WhyLine is the rep's own line about it, as it is.
func (v *summaryValues) WhyLine() (string, error) {
	return given("Summary.WhyLine", line(v.s.WhyLine))
}

// Version is the rep's own text, its line ends kept.
func (v *summaryValues) Version() (string, error) {
	return given("Summary.Version", thinned(clean(v.s.Version)))
}

// Outcome is "done", "half", "not yet" or "".
func (v *summaryValues) Outcome() string { return string(v.s.Outcome) }

// Cc says that the manager is copied.
func (v *summaryValues) Cc() bool { return v.cc }

// Has reports whether a value was given.
func (v *summaryValues) Has(field string) (bool, error) {
	text, ok := map[string]string{"Next": v.s.Next, "Why": v.s.Why, "WhyLine": v.s.WhyLine, "Version": v.s.Version}[field]
	if !ok {
		return false, fmt.Errorf("no field %q", field)
	}
	return line(text) != "", nil
}

// thinned leaves at most one empty line between two lines, and no blanks at their ends.
func thinned(s string) string {
	var kept []string
	for _, l := range strings.Split(s, "\n") {
		l = strings.TrimRight(l, " ")
		if l == "" && len(kept) > 0 && kept[len(kept)-1] == "" {
			continue
		}
		kept = append(kept, l)
	}
	return strings.Join(kept, "\n")
}
