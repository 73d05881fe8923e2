package hearing

import (
	"fmt"
	"strings"

	"whyloop/conversation"
)

// explain gives the reasons of a verdict in words.
func explain(l conversation.Ladder, r *reading, lk likeness, p float64) string {
	earlier := textAt(l, lk.at)
	a, e := &r.answer, &r.said[lk.at+1]
	var why []string
	for _, t := range lk.ties {
		if t.e < 0 || a.toks[t.a].weight < weightFaint {
			continue
		}
		x, y := a.text[a.toks[t.a].at:a.toks[t.a].end], e.text[e.toks[t.e].at:e.toks[t.e].end]
		switch {
		case t.contra:
			why = append(why, fmt.Sprintf("but %q turns %q round", x, y))
		case a.toks[t.a].stem == e.toks[t.e].stem:
			why = append(why, fmt.Sprintf("%q again", x))
		default:
			why = append(why, fmt.Sprintf("%q for %q", x, y))
		}
	}
	if lk.m[mBack] > 0 {
		why = append(why, "it says it was said before")
	}
	if lk.m[mRoles]+lk.m[mCrossed] > 0 {
		why = append(why, "but who does what to whom differs")
	}
	if lk.m[mFiller] > 0 {
		why = append(why, "but the same frame holds something else")
	} else if lk.m[mSwap] > 0.3 {
		why = append(why, "but each has a word the other has not")
	}
	verb := "says something new; nearest is"
	switch {
	case p >= sureRepeat:
		verb = "says again"
	case p >= unsure:
		verb = "may say again"
	}
	return fmt.Sprintf("%q %s %q (%.2f): %s", clip(strings.TrimSpace(a.text)), verb, clip(earlier), p, strings.Join(why, ", "))
}

// clip shortens a quotation.
func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
