package conversation

import (
	"fmt"
	"testing"
	"time"
)

// TestMachinesWithoutAMark: one that says the same sentence, or nothing, at once to every letter is not
// answered after the second time; a person who says "yes" twice, or takes their time, is.
func TestMachinesWithoutAMark(t *testing.T) {
	const sentence = "thank you we answer within two days"
	for _, c := range []struct {
		name  string
		texts []string
		after time.Duration
		want  []bool // a letter answers it
	}{
		{"a sentence at once", []string{sentence, sentence, sentence, "a garden of my own for once", sentence}, 30 * time.Second, []bool{true, false, false, true, false}},
		{"a sentence the next hour", []string{sentence, sentence, sentence}, time.Hour, []bool{true, true, true}},
		{"a short word at once", []string{"more money", "more money", "more money"}, 30 * time.Second, []bool{true, true, true}},
		{"nothing at once", []string{"", "", ""}, 30 * time.Second, []bool{true, false, false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
			p := DefaultPolicy()
			conv := Conversation{ID: "c", Rep: Rep{Name: "Sam", Zone: "UTC", Manager: Address{Name: "Dana"}}}
			conv.Stage, conv.Ladder.Goal = StageWhy, "close twenty deals"
			conv.Asked = Asked{Kind: KindWhy, Letter: "why/c/first", About: "close twenty deals", At: now}
			for k, text := range c.texts {
				sent := now
				now = now.Add(c.after)
				r := Reply{ID: fmt.Sprint(k), Letter: conv.Asked.Letter, LetterKind: conv.Asked.Kind, LetterAt: sent, Digest: "#" + text,
					Heard: Heard{Text: text, Verdict: Verdict{Label: New}}}
				d := Decide(conv, r, p, now)
				if got := len(d.Prompts) > 0; got != c.want[k] {
					t.Errorf("%q, number %d: answered %v", text, k, got)
				}
				conv = d.Conversation
				now = now.Add(10 * time.Minute)
			}
		})
	}
}
