package hearing

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

// TestHard judges the last answer of hard ladders and looks for the reason given.
func TestHard(t *testing.T) {
	for _, tt := range []struct {
		name    string
		goal    string
		answers []string
		want    conversation.Label
		repeats []int
		because string // part of the explanation
	}{
		{"other words", "book 15 demos", []string{"commission", "pay off my student loans", "not owing anybody anything", "just being out of debt i guess. not owing anyone"}, "repeat", []int{1, 2}, `"not owing" again`},
		{"converse", "Get the mill contract", []string{"I keep my region", "my kids stay put", "they've had enough change", "them not having to move"}, "repeat", []int{1}, `"move" for "stay put"`},
		{"like I said", "12 closings", []string{"retire early", "fish every day", "clear my head", "fishing, like I said"}, "repeat", []int{1}, "it says it was said before"},
		{"typo", "hit my quota", []string{"bonus", "pya of my credti cards", "no stress", "pay off my credit cards"}, "repeat", []int{1}, "credit card"},
		{"same frame, other filler", "become a closer", []string{"control of the conversation", "control of my paycheck", "control of my time"}, "new", nil, "the same frame holds something else"},
		{"parts exchanged", "hit my quota", []string{"She'd stop worrying about me", "I'd stop worrying about her"}, "new", nil, "who does what to whom differs"},
		{"premise echo", "renew everyone", []string{"a bonus", "if I had the bonus I could finally visit my sister"}, "new", nil, ""},
		{"grumble, then an answer", "sell more", []string{"money", "no idea... well, maybe peace and quiet"}, "new", nil, ""},
		{"stop is an answer", "sell more", []string{"a raise", "stop worrying about money"}, "new", nil, ""},
		{"no-answer without a formula", "sell the backlog", []string{"clear the warehouse", "I feel honest", "nothing further behind that one, really"}, "exhausted", nil, "speaks of the dialogue only"},
		{"idk that is an answer", "5 shops", []string{"money", "idk maybe confidence?"}, "new", nil, ""},
		{"said-before that is an answer", "keep the account", []string{"money", "I said money before but it's really about respect"}, "new", nil, ""},
		{"question to us", "more demos", []string{"pipeline", "who is going to read this?"}, "question", nil, ""},
		{"refusal that names what it refuses", "finish at plan", []string{"my bonus", "None of your business what I do with my bonus."}, "deflect", nil, ""},
		{"another language", "sell more", []string{"more time at home", "dat is alles"}, "exhausted", nil, ""},
		{"shout", "provide for my family", []string{"THEY ARE SAFE", "I SLEEP", "they are safe."}, "repeat", []int{0}, ""},
		{"symbols", "close 5 a week", []string{"$$$", "$$"}, "repeat", []int{0}, ""},
	} {
		h := New()
		vs := Walk(h, tt.goal, tt.answers)
		v := vs[len(vs)-1]
		if v.Label != tt.want || !cmp.Equal(v.Repeats, tt.repeats) || !strings.Contains(v.Because, tt.because) {
			t.Errorf("%s: %s %v, want %s %v because %q: %s", tt.name, v.Label, v.Repeats, tt.want, tt.repeats, tt.because, v.Because)
		}
		t.Logf("%s: %s", tt.name, v.Because)
	}
}

// TestWording wants the fuller of two ways to say the same.
func TestWording(t *testing.T) {
	h := New()
	for _, tt := range []struct {
		answers []string
		why     int
		want    string
	}{
		{[]string{"financial security for my family", "my wife can rest", "more years together", "security"}, 0, "financial security for my family"},
		{[]string{"a bonus", "peace", "sleep", "peace and quiet at home, like I said"}, 3, "peace and quiet at home"},
		{[]string{"a bonus", "time with my boys", "that's all there is"}, 1, "time with my boys"},
	} {
		vs := Walk(h, "sell more", tt.answers)
		v := vs[len(vs)-1]
		if v.Why != tt.why || v.Wording != tt.want || !v.Confirm {
			t.Errorf("%q: %+v, want %d %q", tt.answers, v, tt.why, tt.want)
		}
	}
}

// TestClosing wants an answer asked back that is closed as the letters teach, in every language, and nothing
// asked where the same words close nothing.
func TestClosing(t *testing.T) {
	h := New()
	lad := conversation.Ladder{Goal: "sell more", Rungs: []conversation.Rung{{Answer: "a bonus"}}}
	for _, tt := range []struct{ text, wording string }{
		{"my kids proud of me, that's it", "my kids proud of me"},
		{"A garden of my own. That’s it.", "A garden of my own"},
		{"Meine Kinder sind stolz auf mich. Das ist alles", "Meine Kinder sind stolz auf mich"},
		{"une maison au bord de la mer, c’est tout", "une maison au bord de la mer"},
		{"ver crecer a mis hijos. eso es todo", "ver crecer a mis hijos"},
		{"een tuin voor mijn moeder, dat is alles", "een tuin voor mijn moeder"},
		{"ver o mar todos os dias. é isso", "ver o mar todos os dias"},
		{"that's it for the summer then", ""},
		{"if that's it, my kids proud of me", ""},
	} {
		v := h.Judge(lad, tt.text)
		if v.Confirm != (tt.wording != "") || tt.wording != "" && (v.Why != 1 || v.Wording != tt.wording) {
			t.Errorf("%q: %+v, want %q", tt.text, v, tt.wording)
		}
	}
}

// TestWalk keeps no-answers off the ladder and speaks in indexes of answers.
func TestWalk(t *testing.T) {
	vs := Walk(New(), "sell more", []string{"freedom", "??", "what do you mean?", "travel", "freedom"})
	v := vs[4]
	if v.Label != conversation.Repeat || !cmp.Equal(v.Repeats, []int{0}) || v.Why != 4 {
		t.Errorf("%+v", v)
	}
	if got := []conversation.Label{vs[0].Label, vs[1].Label, vs[2].Label, vs[3].Label}; !cmp.Equal(got, []conversation.Label{"new", "stuck", "question", "new"}) {
		t.Errorf("labels %v", got)
	}
	if got := Walk(New(), "", nil); len(got) != 0 {
		t.Errorf("no answers: %v", got)
	}
}

func TestEmptyLadder(t *testing.T) {
	for _, a := range []string{"", "freedom", "same as before", "stop"} {
		v := New().Judge(conversation.Ladder{}, a)
		if v.Label == "" || v.Because == "" {
			t.Errorf("%q: %+v", a, v)
		}
	}
}
