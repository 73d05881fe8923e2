package hearing

import (
	"slices"

	"whyloop/conversation"
)

// How sure the judge has to be: from sureRepeat on an answer is called a repetition,
// from unsure on the CONFIRM letter is worth its question.
const (
	sureRepeat = 0.72
	unsure     = 0.67

	alsoRepeats = 0.75 // how likely another has to be, by itself, that is said to be repeated as well
)

// reading is a ladder and an answer, cut into tokens.
type reading struct {
	lang   language
	answer passage
	said   []passage // the goal, then every rung
	known  []bool    // of each word of the answer, whether its substance was said before
	cues   cuer      // what tells whether it is an answer at all
	likes  []likeness
}

func (h *Listener) judge(l conversation.Ladder, answer string, ss []sentence) conversation.Verdict {
	if head, ok := h.closed(answer, ss); ok {
		if v, ok := h.judgeClosed(l, head); ok {
			return v
		}
	}
	r := h.readings.Get().(*reading)
	defer h.readings.Put(r)
	h.read(r, l, answer)
	if v, ok := h.noAnswer(h.inOwn(r, l, answer), l, ss); ok {
		return v
	}
	return h.verdict(l, r, h.compare(r))
}

// inOwn is the reading in the language the answer itself is in: a Dutch "dat is alles" may
// stand under English answers.
func (h *Listener) inOwn(r *reading, l conversation.Ladder, answer string) *reading {
	own, ok := h.lex.languageOf(r.lang, answer)
	if !ok || own == r.lang {
		return r
	}
	other := &reading{lang: own}
	h.readIn(other, l, answer)
	return other
}

// read cuts the ladder and the answer into tokens, in the language they seem to be in.
func (h *Listener) read(r *reading, l conversation.Ladder, answer string) {
	texts := make([]string, 0, len(l.Rungs)+2)
	texts = append(texts, answer, l.Goal)
	for _, r := range l.Rungs {
		texts = append(texts, r.Answer)
	}
	r.lang, _ = h.lex.languageOf(english, texts...)
	h.readIn(r, l, answer)
}

// readIn cuts the ladder and the answer into tokens of the reading's language. It
// reuses the room of an earlier reading.
func (h *Listener) readIn(r *reading, l conversation.Ladder, answer string) {
	n := len(l.Rungs) + 1
	for cap(r.said) < n {
		r.said = append(r.said[:cap(r.said)], passage{})
	}
	r.said = r.said[:n]
	h.lex.read(r.lang, answer, &r.answer)
	h.lex.read(r.lang, l.Goal, &r.said[0])
	for i, rung := range l.Rungs {
		h.lex.read(r.lang, rung.Answer, &r.said[i+1])
	}
	h.settle(&r.answer)
	for i := range r.said {
		h.settle(&r.said[i])
	}
	for i := range r.said {
		if r.answer.light {
			r.said[i].lighten()
		}
	}
}

// settle finds what a passage claims.
func (h *Listener) settle(p *passage) {
	if h.off&offPremise != 0 {
		p.weigh()
		return
	}
	p.claim()
}

// compare measures the answer against the goal and every rung.
func (h *Listener) compare(r *reading) []likeness {
	r.likes = slices.Grow(r.likes[:0], len(r.said))[:len(r.said)]
	out := r.likes
	w := weights()
	if h.fitted != nil {
		w = *h.fitted
	}
	units := r.answer.units(h.off)
	for i := range r.said {
		lk := h.lex.likenessOf(&r.answer, &r.said[i], units, h.off, &out[i])
		lk.at = i - 1
		if i == len(r.said)-1 {
			lk.m[mNear] = 1
		}
		lk.m[mGoal] = truth(i == 0)
		out[i] = lk
	}
	beyond(out, mKinGist, mKinOver)
	for _, a := range aheads {
		ahead(out, a.of, a.to)
	}
	for i := range out {
		lk := &out[i]
		lk.odds = odds(&lk.m, &w[pairing(&lk.m, h.off)], h.off)
	}
	return out
}

// aheads are the measures of which it tells how far one is ahead of the rest.
var aheads = [...]struct{ of, to int }{
	{mBoth, mAheadBoth}, {mCoverA, mAheadCover}, {mMass, mAheadMass}, {mKinBoth, mAheadKin}, {mGrams, mAheadGrams}, {mInA, mAheadIn},
}

// ahead sets a measure to how far another is ahead of the best of the other earlier answers.
func ahead(out []likeness, of, to int) {
	best, second := 0.0, 0.0
	for i := range out {
		switch x := out[i].m[of]; {
		case x > best:
			best, second = x, best
		case x > second:
			second = x
		}
	}
	for i := range out {
		x := out[i].m[of]
		if x < best {
			out[i].m[to] = x - best
		} else {
			out[i].m[to] = x - second
		}
	}
}

// beyond sets a measure to how far another is beyond its mean over the other earlier answers:
// who writes long, or always of the same thing, comes near everything.
func beyond(out []likeness, of, to int) {
	n := float64(len(out) - 1)
	if n < 1 {
		return
	}
	sum := 0.0
	for i := range out {
		sum += out[i].m[of]
	}
	for i := range out {
		out[i].m[to] = out[i].m[of] - (sum-out[i].m[of])/n
	}
}

// verdict decides from the likenesses.
func (h *Listener) verdict(l conversation.Ladder, r *reading, likes []likeness) conversation.Verdict {
	best := nearest(likes)
	t := standingOf(likes, best, h.off)
	p := h.again.chance(&t)
	v := conversation.Verdict{Label: conversation.New, Why: conversation.NoWhy, Sure: 1 - p}
	if p >= sureRepeat {
		v.Label, v.Sure = conversation.Repeat, p
		for i, lk := range likes {
			if i == best || logistic(lk.odds) >= alsoRepeats {
				v.Repeats = append(v.Repeats, lk.at)
			}
		}
	}
	if v.Confirm = p >= unsure; v.Confirm {
		v.Why, v.Wording = h.wording(l, r, likes[best])
	}
	v.Because = explain(l, r, likes[best], p)
	return v
}
