package hearing

import (
	"strings"

	"whyloop/conversation"
)

// wording chooses between the two ways the same thing was said the one that says
// more in few words: "Financial security for my family" rather than "Security".
func (h *Listener) wording(l conversation.Ladder, r *reading, lk likeness) (int, string) {
	earlier := textAt(l, lk.at)
	a, e := &r.answer, &r.said[lk.at+1]
	this := quotable(a, lk.unit)
	if lk.m[mClean] > 0 && lk.m[mLiteral] > 0.5 && fitness(e) > fitness(a)+0.5 && len(e.toks) <= 14 {
		return lk.at, earlier
	}
	return len(l.Rungs), this
}

// fitness is how well a text serves as a why: substance counts, length beyond a line does not.
func fitness(p *passage) float64 {
	return min(p.claimed(span{0, len(p.toks)}), 4) - 0.1*float64(max(0, len(p.toks)-14))
}

// quotable is the part of an answer to quote: all of a short one without its asides,
// of a long one the sentence that was compared.
func quotable(p *passage, u span) string {
	if len(p.toks) == 0 {
		return strings.TrimSpace(p.text)
	}
	from, to := 0, len(p.toks)
	if len(p.toks) > 30 {
		from, to = u.from, u.to
	}
	for from < to-1 && p.toks[from].back {
		from++
	}
	cut := to
	for to-1 > from && p.toks[to-1].back {
		to--
	}
	start, end := int(p.toks[from].at), int(p.toks[to-1].end)
	if to == len(p.toks) && cut == to {
		end = len(p.text)
	}
	if from == 0 {
		start = 0
	}
	return strings.Trim(p.text[start:end], " \t\r\n,;–—-")
}

func textAt(l conversation.Ladder, at int) string {
	if at < 0 || at >= len(l.Rungs) {
		return l.Goal
	}
	return l.Rungs[at].Answer
}
