package hearing

import (
	"strings"
	"testing"

	"whyloop/conversation"
)

// longLadder is a ladder of ten rungs of a hundred words, each worded a little differently.
func longLadder() (conversation.Ladder, string) {
	words := strings.Fields("I keep thinking about my family and how we could finally stop worrying about money because then she would sleep and I'd be home for dinner with the kids every night. " +
		"My brother did it two years ago and he says the first thing he noticed was quiet. Last Sunday we walked by the river and nobody looked at a phone, and that is what it would get me, more of those. " +
		"It isn't the bonus itself, I never cared for cars or watches, it's not having to say no to school trips, and knowing that if the boiler breaks it is just a boiler and nothing more.")
	l := conversation.Ladder{Goal: "close eight deals this quarter"}
	for i := range 10 {
		l.Rungs = append(l.Rungs, conversation.Rung{Answer: strings.Join(append(words[i*7:100:100], words[:i*7]...), " "), Label: conversation.New})
	}
	return l, "What it really gets me is quiet, a house where nobody is shouting and where my wife and I can sit on the porch after work without looking at a phone."
}

func BenchmarkJudge(b *testing.B) {
	h := New()
	l, a := longLadder()
	b.ReportAllocs()
	defer cpuTime(b)()
	for b.Loop() {
		h.Judge(l, a)
	}
}

func BenchmarkJudgeShort(b *testing.B) {
	h := New()
	l := conversation.Ladder{Goal: "close eight deals"}
	for _, a := range []string{"a bonus", "pay off my loans", "not owing anyone", "sleep at night", "be nicer to my kids"} {
		l.Rungs = append(l.Rungs, conversation.Rung{Answer: a})
	}
	b.ReportAllocs()
	defer cpuTime(b)()
	for b.Loop() {
		h.Judge(l, "just being free of debt, like I said")
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	defer cpuTime(b)()
	for b.Loop() {
		New()
	}
}
