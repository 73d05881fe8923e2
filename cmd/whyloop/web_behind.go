package main

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"whyloop/conversation"
)

// behind is what happened to one reply: what was sent, what was read of it, what was heard.
type behind struct {
	ID      string // of the sent mail
	Program string
	Bytes   int
	Read    string
	Heard   string   // what it was taken for, in a few words
	Sure    int      // percent; 0 where the judge had no say
	Because string   // the judge's own reasons
	Also    []string // what else was heard
	Leads   string   // the why that is offered now; "" when none
	Held    string   // why nothing was done
}

// behind tells of the reply that is open, or else of the last.
func (g *game) behind(open string) *behind {
	n := len(g.sent)
	if id, ok := strings.CutPrefix(open, "s"); ok {
		n, _ = strconv.Atoi(id)
	}
	if n < 1 || n > len(g.sent) {
		return nil
	}
	m := g.sent[n-1]
	b := &behind{ID: "s" + strconv.Itoa(n), Program: m.program, Bytes: len(m.raw), Held: m.held}
	if len(m.heard) == 0 {
		return b
	}
	first := m.heard[0]
	b.Read = first.text
	b.hear(m.stage, first.heard)
	return b
}

// hear puts into words what the listener made of a reply, by what had been asked.
func (b *behind) hear(stage conversation.Stage, h conversation.Heard) {
	b.Heard = heardAs(stage, h)
	if b.Heard == "" {
		b.Heard = labelName(h.Verdict.Label)
		b.Sure = min(99, int(math.Round(h.Verdict.Sure*100))) // a judge is no oracle
		b.Because = curly(strings.TrimRight(h.Verdict.Because, ": "))
		if h.Verdict.Confirm {
			b.Leads = h.Verdict.Wording
		}
	}
	b.Also = alsoHeard(stage, h)
}

// curly sets the judge's Go quotations as a person would.
func curly(s string) string {
	return regexp.MustCompile(`"(?:[^"\\]|\\.)*"`).ReplaceAllStringFunc(s, func(q string) string {
		words, err := strconv.Unquote(q)
		if err != nil {
			return q
		}
		return "“" + words + "”"
	})
}

// heardAs is what a reply was taken for where the question was not one of the ladder's; "" where
// the judge decides.
func heardAs(stage conversation.Stage, h conversation.Heard) string {
	switch {
	case h.Text == "":
		return "no words of Sam’s own"
	case h.Care:
		return "distress: whyloop steps back and names people to talk to"
	case h.Command.Verb != conversation.NoCommand:
		return "the command “" + string(h.Command.Verb) + "”"
	}
	switch stage {
	case conversation.StageInvited, conversation.StageConfirm, conversation.StageShare, conversation.StageCheck, conversation.StageActive:
		if h.Answer != conversation.Neither {
			return "a " + string(h.Answer)
		}
	case conversation.StageGoal:
		if h.Verdict.Label == conversation.New {
			return "a goal"
		}
	case conversation.StagePick:
		if h.Pick > 0 {
			return "number " + strconv.Itoa(h.Pick)
		}
	case conversation.StageStep, conversation.StageWhen:
		return sizeName(stage, h)
	case conversation.StageCheckIn:
		if h.Outcome != conversation.Unsaid {
			return "the step went: " + string(h.Outcome)
		}
	}
	return ""
}

func sizeName(stage conversation.Stage, h conversation.Heard) string {
	switch {
	case h.Verdict.Label == conversation.Stuck || h.Verdict.Label == conversation.Question || h.Verdict.Label == conversation.Deflect:
		return ""
	case stage == conversation.StageWhen:
		return "a moment for the step"
	case h.Size == conversation.TooBig:
		return "a step, too big to be tiny"
	case h.Size == conversation.Vague:
		return "a step, too vague to be tiny"
	}
	return "a tiny step"
}

func labelName(l conversation.Label) string {
	switch l {
	case conversation.New:
		return "a different answer"
	case conversation.Repeat:
		return "the same answer again"
	case conversation.Exhausted:
		return "that there is nothing underneath"
	case conversation.Stuck:
		return "that Sam is stuck"
	case conversation.Question:
		return "a question to whyloop"
	case conversation.Deflect:
		return "that Sam would rather not say"
	}
	return string(l)
}

// alsoHeard is what the same reply gave besides.
func alsoHeard(stage conversation.Stage, h conversation.Heard) []string {
	var also []string
	if stage == conversation.StageCheckIn && h.Next != "" {
		also = append(also, fmt.Sprintf("the next step: “%s”", h.Next))
	}
	if len(h.Fork) == 2 {
		also = append(also, fmt.Sprintf("two reasons in one: “%s” and “%s”", h.Fork[0], h.Fork[1]))
	}
	if h.Answer != conversation.Neither && h.Rest != "" && h.Rest != h.Text {
		also = append(also, fmt.Sprintf("after that %s: “%s”", h.Answer, h.Rest))
	}
	if h.Topic != conversation.TopicUnknown {
		also = append(also, "what the question is about: "+strings.ReplaceAll(string(h.Topic), "-", " "))
	}
	return also
}
