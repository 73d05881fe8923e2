package hearing

import (
	"testing"

	"whyloop/conversation"
)

// TestBareWords holds what a reply of a word or two is heard as: a stop word stops, but
// a word that is likelier an answer does not end the coaching.
func TestBareWords(t *testing.T) {
	h := New()
	l := conversation.Ladder{Goal: "sell 20 cars", Rungs: []conversation.Rung{{Answer: "a bonus"}}}
	for _, tt := range []struct {
		text string
		verb conversation.Verb
		ans  conversation.YesNo
		pick int
	}{
		{text: "none of them", ans: conversation.No},
		{text: "None.", ans: conversation.No},
		{text: "neither, thanks", ans: conversation.No},
		{text: "geen van beide", ans: conversation.No},
		{text: "aucun", ans: conversation.No},
		{text: "none of my kids would go without", ans: conversation.Neither},
		{text: "2", pick: 2},
		{text: "enough"},
		{text: "end"},
		{text: "fin"},
		{text: "enough to live on"},
		{text: "Enough!", verb: conversation.VerbStop},
		{text: "enough of this", verb: conversation.VerbStop},
		{text: "basta", verb: conversation.VerbStop},
		{text: "stop", verb: conversation.VerbStop},
		{text: "weg", verb: conversation.VerbPath}, // the German help letter promises it
		{text: "vamos", verb: conversation.VerbOn},
		{text: "paso", verb: conversation.VerbSkip},
		{text: "espera", verb: conversation.VerbHold},
	} {
		got := h.Hear(l, tt.text)
		if got.Command.Verb != tt.verb || got.Answer != tt.ans || got.Pick != tt.pick {
			t.Errorf("%q: command %q, answer %q, pick %d; want %q, %q, %d", tt.text, got.Command.Verb, got.Answer, got.Pick, tt.verb, tt.ans, tt.pick)
		}
	}
}
