package hearing

import (
	"fmt"

	"whyloop/conversation"
)

// feature is a measure that can be switched off, to see what it is worth.
type feature uint32

func (h *Listener) judge(l conversation.Ladder, answer string, ss []sentence) conversation.Verdict {
	lang, _ := h.lex.languageOf(english, l.Goal, answer)
	v := conversation.Verdict{Label: conversation.New, Why: conversation.NoWhy, Sure: 0.7}
	if c := h.list.command(ss); c.Verb != conversation.NoCommand && c.Verb != conversation.VerbOK && c.Verb != conversation.VerbOn {
		return conversation.Verdict{Label: conversation.Commanded, Why: conversation.NoWhy, Sure: 0.95, Because: fmt.Sprintf("the command %q", c.Verb)}
	}
	a := h.lex.read(lang, answer)
	best, at := float32(0), conversation.NoWhy
	for i := -1; i < len(l.Rungs); i++ {
		earlier := l.Goal
		if i >= 0 {
			earlier = l.Rungs[i].Answer
		}
		if s := cover(a.toks, h.lex.read(lang, earlier).toks); s > best {
			best, at = s, i
		}
	}
	if best > 0.7 {
		v = conversation.Verdict{Label: conversation.Repeat, Repeats: []int{at}, Why: len(l.Rungs), Wording: answer, Sure: float64(best), Confirm: true, Because: "most words were said before"}
	}
	return v
}

// cover is the share of a's weight that is found in b.
func cover(a, b []token) float32 {
	var all, found float32
	for _, t := range a {
		all += t.word.weight
		for _, u := range b {
			if t.stem == u.stem {
				found += t.word.weight
				break
			}
		}
	}
	if all == 0 {
		return 0
	}
	return found / all
}
