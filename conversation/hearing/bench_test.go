package hearing

import (
	"strings"
	"testing"

	"whyloop/conversation"
)

// longLadder is a ladder of ten rungs of a hundred words.
func longLadder() (conversation.Ladder, string) {
	text := strings.Repeat("I keep thinking about my family and how we could finally stop worrying about money, because then she would sleep and I'd be home for dinner with the kids every night. ", 4)
	l := conversation.Ladder{Goal: "close eight deals this quarter"}
	for range 10 {
		l.Rungs = append(l.Rungs, conversation.Rung{Answer: text[:len(text)-30*len(l.Rungs)/10], Label: conversation.New})
	}
	return l, strings.Repeat("What it really gets me is quiet, a house where nobody is shouting and where my wife and I can sit on the porch after work without looking at a phone. ", 3)
}

func BenchmarkJudge(b *testing.B) {
	h := New()
	l, a := longLadder()
	b.ReportAllocs()
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
	for b.Loop() {
		h.Judge(l, "just being free of debt, like I said")
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		New()
	}
}
