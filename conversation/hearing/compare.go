package hearing

import (
	"math"
	"slices"
)

// How much one word may stand for another.
const (
	simStem    = 1.0  // the same stem
	simTypo    = 0.9  // the same word, misspelt
	simConcept = 0.85 // another word for the same concept
	simPerson  = 0.7  // "she" for "my wife"
	simPart    = 0.85 // a word of the other's phrase
	simKin     = 0.8  // the same beginning: "protect", "protection"
)

// The measures of how an answer stands to an earlier one. Each is between 0 and 1,
// or nearly, so that their weights can be compared.
const (
	mBias     = iota
	mCoverA   // how much of the claim was said there
	mCoverE   // how much of what was said there the claim takes up
	mBoth     // both at once
	mExact    // nothing on either side is left over
	mClean    // the claim holds next to nothing that was not said there
	mNone     // next to nothing is shared
	mFresh    // how much of the claim was not said there, in words
	mNovel    // a whole word's worth of it is new
	mAdds     // it says the earlier answer whole, and adds to it
	mSwap     // both have something the other has not: the frame is kept and the filler changed
	mContra   // the same thing, affirmed here and denied there
	mRoles    // who does it, or to whom, differs
	mCrossed  // both differ: the parts are exchanged
	mFiller   // the same frame around something else: "control of my time", "control of my life"
	mNear     // the answer just before, which an elaboration overlaps too
	mGoal     // it is the goal
	mBack     // "like I said"
	mJust     // "just", "simply": narrows down rather than adds
	mMass     // how much meaning is shared, in words
	mRest     // how much else the answer says
	mLiteral  // how much of what is shared is shared in the same words
	mRareA    // the share of its words that were said there, by their rarity
	mRareE    // the share of that one's words that it says
	mRareTop  // the rarity of the rarest word both have
	mKinA     // the share of its words that come near some there
	mKinE     // and of the words there
	mKinBoth  // both at once
	mKinGist  // how near the two are as wholes
	mKinGist2 // its square
	mKinOver  // how much nearer than the other earlier answers are
	mKinSqA   // as mKinA, where half a meeting counts as a quarter
	mKinSqE   // and as mKinE
	mKinMass  // how much comes near at all
	mKinTop   // the most that one word that comes near tells
	mKinNew   // the most that one word tells that comes near none
	mKinLost  // and of the words there
	mKinLeft  // how much comes near none
	mKinRest  // and of the words there
	mGrams    // letters in common over the whole text, small words included
	mPairs    // pairs of words in common
	mInA      // letters of it that stand there
	mInE      // and letters there that stand in it

	// How far a measure is ahead of the best that another earlier answer reaches.
	mAheadBoth
	mAheadCover
	mAheadMass
	mAheadKin
	mAheadGrams
	mAheadIn

	measures // how many
)

// A likeness is the measures of one comparison, and what they were taken from.
type likeness struct {
	at   int // index of the earlier answer, GoalIndex for the goal
	m    [measures]float64
	unit span    // the part of the answer that was compared
	odds float64 // the logarithm of the odds that this is what is repeated, if any
	ties []tie   // the words that met, for the explanation
	hit  hits    // room for the meter
}

// tie is a pair of words that say the same, or the opposite.
type tie struct {
	a, e   int
	score  float64
	contra bool
}

// likenessOf compares an answer with one earlier answer, by the part of it that fits best.
// It uses the room of an earlier likeness.
func (l *lexicon) likenessOf(a, e *passage, units []span, off feature, room *likeness) likeness {
	ties := tiesOf(a, e, off, room.ties)
	m := meter{a: a, e: e, ties: ties, hit: room.hit.cleared(len(e.toks))}
	m.sum()
	best, score := likeness{}, math.Inf(-1)
	for _, u := range units {
		lk := m.measure(u)
		if s := lk.m[mCoverA] + lk.m[mCoverE] - 0.3*lk.m[mRest]; s > score {
			best, score = lk, s
		}
	}
	best.ties, best.hit = ties, m.hit
	best.m[mBias] = 1
	best.m[mBack] = truth(a.hasBack())
	best.m[mJust] = truth(a.any(best.unit.from, best.unit.to, setJust))
	differ := rolesDiffer(a, e, best.unit)
	best.m[mRoles] = truth(differ == 1) * best.m[mCoverA]
	best.m[mCrossed] = truth(differ == 2) * best.m[mCoverA]
	best.m[mFiller] = fillers(a, e, best.unit, ties)
	l.kinships(&best.m, a, e)
	return best
}

// kinships takes the measures that do not need the lexicon.
func (l *lexicon) kinships(m *[measures]float64, a, e *passage) {
	k := l.kin.kinOf(a.terms, e.terms)
	m[mRareA], m[mRareE], m[mRareTop] = k.literalA, k.literalE, k.top
	m[mKinA], m[mKinE], m[mKinBoth] = k.a.share, k.e.share, k.a.share*k.e.share
	m[mKinSqA], m[mKinSqE] = k.a.squared, k.e.squared
	m[mKinMass], m[mKinTop] = k.a.mass/massMost, k.a.top
	m[mKinNew], m[mKinLost] = k.a.leftMost, k.e.leftMost
	m[mKinLeft], m[mKinRest] = k.a.left/massMost, k.e.left/massMost
	m[mGrams], m[mInA], m[mInE] = a.grams.overlap(&e.grams)
	m[mPairs], _, _ = a.pairs.overlap(&e.pairs)
	g := a.gist.near(&e.gist)
	m[mKinGist], m[mKinGist2] = g, max(0, g)*max(0, g)
}

// units lists the parts of an answer that could each be its substance: the whole,
// every sentence, and every clause.
func (p *passage) units(off feature) []span {
	out := []span{{0, len(p.toks)}}
	if off&offClauses != 0 || len(p.clause) < 2 {
		return out
	}
	for i, c := range p.clause {
		if len(out) > 24 {
			break
		}
		if p.claimed(c) >= weightFaint {
			out = append(out, c)
		}
		if i > 0 && p.toks[c.from].broke == ',' { // the sentence so far
			if two := (span{p.clause[i-1].from, c.to}); p.claimed(two) >= weightFaint {
				out = append(out, two)
			}
		}
	}
	return out
}

// claimed is the weight of what is claimed in a range.
func (p *passage) claimed(s span) float64 {
	sum := 0.0
	for _, t := range p.toks[s.from:s.to] {
		if !t.aside {
			sum += t.weight
		}
	}
	return sum
}

// tiesOf pairs each claimed word of the answer with the word of the earlier one that is nearest to it, in
// the room of earlier ones.
func tiesOf(a, e *passage, off feature, room []tie) []tie {
	out := slices.Grow(room[:0], len(a.toks))[:len(a.toks)]
	for i := range out {
		out[i] = tie{a: i, e: -1}
	}
	letters := off&offLetters == 0
	for m := range a.solid {
		i := a.solid[m].i
		t := &a.toks[i]
		for n := range e.solid {
			if !a.solid[m].mayMeet(&e.solid[n], letters) {
				continue
			}
			j := e.solid[n].i
			u := &e.toks[j]
			s, contra := alike(t, u, off)
			if s < simPart && letters {
				if k := spelledAlike(a, e, t, u); k > s {
					s, contra = k, t.neg != u.neg && off&offNegation == 0
				}
			}
			if s > out[i].score || s == out[i].score && s > 0 && out[i].contra && !contra {
				out[i] = tie{a: i, e: j, score: s, contra: contra}
			}
		}
	}
	return out
}

// alike tells how much two words say the same, and whether one denies what the other affirms.
func alike(t, u *token, off feature) (float64, bool) {
	flip := t.neg != u.neg && off&offNegation == 0
	if t.stem == u.stem {
		return simStem * even(t, u), flip && !t.neutral()
	}
	best, contra := 0.0, false
	if off&offConcepts == 0 {
		for _, s := range t.word.senses {
			for _, r := range u.word.senses {
				same := (s.pole == r.pole) != flip
				if s.concept == r.concept && s.neutral && s.pole == r.pole {
					same = true
				}
				if s.concept == r.concept && (best < simConcept || contra && same) {
					best, contra = simConcept, !same
				}
			}
		}
	}
	if best < simPart && (u.parts.holds(t.stem) || t.parts.holds(u.stem)) {
		best, contra = simPart, false
	}
	if p := setHe | setShe | setThey; best < simPerson && t.word.sets&u.word.sets&p != 0 {
		best, contra = simPerson, false
	}
	return best * even(t, u), contra
}

// neutral is true for a word that names things only, or nothing the lexicon knows.
func (t *token) neutral() bool {
	for _, s := range t.word.senses {
		if !s.neutral {
			return false
		}
	}
	return true
}

// holds reports whether a phrase has a weighty word of this stem.
func (p *phrase) holds(stem uint64) bool {
	if p == nil {
		return false
	}
	for _, s := range p.solid {
		if s == stem {
			return true
		}
	}
	return false
}

// spelledAlike compares two words by their letters, where the lexicon does not know
// both: one letter wrong, or one word grown from the other.
func spelledAlike(a, e *passage, t, u *token) float64 {
	if t.weight < weightFull || u.weight < weightFull || len(t.word.senses) > 0 && len(u.word.senses) > 0 || t.parts != nil || u.parts != nil {
		return 0
	}
	x, y := a.text[t.at:t.end], e.text[u.at:u.end]
	if len(x) < 4 || len(y) < 4 || len(x) > 24 || len(y) > 24 {
		return 0
	}
	same := 0
	for same < len(x) && same < len(y) && x[same]|0x20 == y[same]|0x20 {
		same++
	}
	tail := 0
	for tail < len(x)-same && tail < len(y)-same && x[len(x)-1-tail]|0x20 == y[len(y)-1-tail]|0x20 {
		tail++
	}
	long, short := max(len(x), len(y)), min(len(x), len(y))
	switch {
	case long-same-tail <= 1 && same > 0, len(x) == len(y) && long-same-tail == 2 && swapped(x, y, same):
		return simTypo
	case same >= 4 && same*10 >= long*6 && short-same <= 3:
		return simKin
	}
	return 0
}

// swapped is true where two neighbouring letters changed places.
func swapped(x, y string, at int) bool {
	return x[at]|0x20 == y[at+1]|0x20 && x[at+1]|0x20 == y[at]|0x20
}

// even lowers the likeness of a weighty word to a light one.
func even(t, u *token) float64 {
	a, b := t.weight, u.weight
	return min(1, 2*min(a, b)/(a+b)+0.2)
}

// hits are how well each word of an earlier answer was met.
type hits []float64

func (h hits) cleared(n int) hits {
	h = slices.Grow(h[:0], n)[:n]
	clear(h)
	return h
}

// A meter takes the measures that are counted in words, unit by unit.
type meter struct {
	a, e *passage
	ties []tie
	hit  hits    // cleared between units
	said float64 // the weight of what the earlier answer claims
	rest float64 // the weight of what the whole answer claims and the earlier one does not
}

// sum adds up what is the same for all units.
func (m *meter) sum() {
	for _, s := range m.e.solid {
		m.said += m.e.toks[s.i].weight
	}
	for _, s := range m.a.solid {
		if m.stray(s.i) {
			m.rest += m.a.toks[s.i].weight
		}
	}
}

// stray is true for a word of the answer that meets none of the earlier one.
func (m *meter) stray(i int) bool { return m.ties[i].contra || m.ties[i].score < simPerson }

// measure takes the measures of one unit.
func (m *meter) measure(u span) likeness {
	lk := likeness{unit: u}
	var all, found, contra, literal, taken float64
	rest := m.rest
	for _, s := range m.a.solid {
		i := s.i
		if i < u.from || i >= u.to {
			continue
		}
		t := &m.a.toks[i]
		all += t.weight
		if m.stray(i) {
			rest -= t.weight
		}
		switch tie := m.ties[i]; {
		case tie.contra:
			contra += t.weight * tie.score
		case tie.e >= 0:
			found += t.weight * tie.score
			if tie.score > m.hit[tie.e] {
				taken += m.e.toks[tie.e].weight * (tie.score - m.hit[tie.e])
				m.hit[tie.e] = tie.score
			}
			if u := &m.e.toks[tie.e]; t.stem == u.stem || u.parts.holds(t.stem) || t.parts.holds(u.stem) {
				literal += t.weight
			}
		}
	}
	clear(m.hit)
	lk.m[mCoverA] = share(found, all)
	lk.m[mCoverE] = share(taken, m.said)
	lk.m[mBoth] = lk.m[mCoverA] * lk.m[mCoverE]
	lk.m[mExact] = truth(lk.m[mCoverA] > 0.95 && lk.m[mCoverE] > 0.95)
	lk.m[mClean] = truth(lk.m[mCoverA] > 0.8)
	lk.m[mLiteral] = share(literal, found)
	if all > 0 && all < 1 { // a claim of small words is a whole claim all the same
		k := min(1/all, 2.5)
		found, contra, all = found*k, contra*k, all*k
	}
	lk.m[mNone] = truth(found < 0.35)
	fresh := all - found - contra
	lk.m[mFresh] = min(fresh, 3) / 3
	lk.m[mNovel] = truth(fresh >= 0.7)
	lk.m[mAdds] = truth(fresh >= 0.45 && lk.m[mCoverE] > 0.8)
	lk.m[mSwap] = min(1, all-found) * min(1, m.said-taken) * truth(found > 0.3)
	lk.m[mContra] = share(contra, all)
	lk.m[mMass] = min(found, 3) / 3
	lk.m[mRest] = min(max(rest, 0), 6) / 6
	return lk
}

func share(part, all float64) float64 {
	if all <= 0 {
		return 0
	}
	return part / all
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (p *passage) hasBack() bool {
	for _, t := range p.toks {
		if t.back {
			return true
		}
	}
	return false
}
