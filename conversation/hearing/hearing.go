// Package hearing hears what a salesperson's reply says, whatever was asked: a
// command, a yes or a no, how a step went; and, in a ladder, whether an answer is
// different from everything said before it or has come round again.
//
// The model. A text is cut into words; each word is known by its stem and by what
// the lexicon (data/*.txt, one file a language) says of it: the sets it belongs to,
// which tell what it does in a dialogue, and the concepts it names, each with two
// poles (calm, stress). A negation turns the pole, so that "not having to move" meets
// "stay put".
//
// What a reply does in the dialogue (answers, asks back, points back, declines) is told
// by its words, their classes and how much substance they leave (acts.go). An answer is
// reduced to its claim (premises such as "once I have the bonus" and asides such as "like
// I said" are laid aside) and compared with every earlier answer and with the goal: how
// much of the claim was said before, how much of what was said the claim takes up again,
// how rare the words are that both have, how near those are that differ (kinship.go), who
// does what to whom, what stands in the same frame. These measures, weighed (weigh.go), find
// the earlier answer that it is nearest to; how that one stands out among all of them
// (standing.go) gives the chance that it repeats (forest.go).
//
// What it promises: the same verdict for the same ladder, always; a verdict for any
// bytes, in bounded time; no clock, no network, no state. When unsure it says so
// (Verdict.Confirm), because asking "is this your why?" is a good move either way.
//
// What it refuses: to use how deep a ladder is, or how somebody likes to write.
package hearing

import (
	"strings"
	"sync"

	"whyloop/conversation"
)

// Listener hears replies with the embedded lexicon. Its zero value is not usable;
// make one with New. It is safe for concurrent use.
type Listener struct {
	lex      *lexicon
	list     listing
	care     func() *care // its patterns take long to compile, and a verdict does not need them
	acts     *actModel
	again    *forest    // whether an answer says an earlier one again
	closings []string   // what closes an answer, folded
	readings *sync.Pool // of *reading, for their room

	off feature // measures switched off, for tests and ablation

	fitted *[pairings][measures]float64 // weights to use instead of weights(), for cross-validation
}

var (
	_ conversation.Listener = (*Listener)(nil)
	_ conversation.Judge    = (*Listener)(nil)
)

// New reads the embedded tables, which takes some milliseconds.
func New() *Listener {
	lex, _ := loadLexicon() // TestData holds the embedded files to being readable
	return &Listener{
		lex: lex, list: readListing(), care: sync.OnceValue(readCare),
		acts: readActs(actTable), again: readForest(againTable), closings: readClosings(closingTable),
		readings: &sync.Pool{New: func() any { return new(reading) }},
	}
}

// Hear implements conversation.Listener.
func (h *Listener) Hear(l conversation.Ladder, text string) conversation.Heard {
	text = strings.ToValidUTF8(strings.TrimSpace(text), "")
	ss := sentences(bothEnds(text, readMost))
	out := conversation.Heard{Text: text, Size: stepSize(ss)}
	if lang, ok := h.lex.languageOf(english, text); ok {
		out.Language = lang.code()
	}
	out.Command = h.list.command(ss)
	out.Answer, out.Rest = h.list.yesNo(text, ss)
	out.Outcome, out.Next = h.list.outcome(text, ss)
	out.Pick = h.list.pick(ss)
	out.Verdict = h.judge(l, text, ss)
	out.Fork, out.Care = fork(text), h.care().heard(text)
	if out.Verdict.Label == conversation.Question || strings.Contains(text, "?") {
		out.Topic = topicOf(ss)
	}
	return out
}

// Judge implements conversation.Judge.
func (h *Listener) Judge(l conversation.Ladder, answer string) conversation.Verdict {
	answer = strings.ToValidUTF8(answer, "")
	return h.judge(l, answer, sentences(bothEnds(answer, readMost)))
}

// Walk judges the answers of a whole ladder in turn, each only from what came before
// it, and gives back one verdict an answer. Answers that are none do not become rungs;
// the indexes in the verdicts are those of answers, as are GoalIndex and NoWhy.
func Walk(j conversation.Judge, goal string, answers []string) []conversation.Verdict {
	ladder := conversation.Ladder{Goal: goal}
	var turns []int // the answer each rung came from
	out := make([]conversation.Verdict, 0, len(answers))
	for i, a := range answers {
		v := j.Judge(ladder, a)
		rung := conversation.Rung{Answer: a, Label: v.Label, Repeats: v.Repeats}
		out = append(out, inTurns(v, turns, i))
		switch v.Label {
		case conversation.New, conversation.Repeat:
			ladder.Rungs = append(ladder.Rungs, rung)
			turns = append(turns, i)
		}
	}
	return out
}

// inTurns translates a verdict's indexes from rungs to answers.
func inTurns(v conversation.Verdict, turns []int, this int) conversation.Verdict {
	at := func(i int) int {
		switch {
		case i < 0:
			return i
		case i < len(turns):
			return turns[i]
		}
		return this
	}
	repeats := v.Repeats
	v.Repeats = nil
	for _, r := range repeats {
		v.Repeats = append(v.Repeats, at(r))
	}
	v.Why = at(v.Why)
	return v
}
