package hearing

import "math"

// How much one word may stand for another.
const (
	simStem    = 1.0  // the same stem
	simTypo    = 0.9  // the same word, misspelt
	simConcept = 0.85 // another word for the same concept
	simPerson  = 0.7  // "she" for "my wife"
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
	mSwap     // both have something the other has not: the frame is kept and the filler changed
	mContra   // the same thing, affirmed here and denied there
	mRoles    // who does it, or to whom, differs
	mCrossed  // both differ: the parts are exchanged
	mFiller   // the same frame around something else: "control of my time", "control of my life"
	mNear     // the answer just before, which an elaboration overlaps too
	mNearSame // how much it says that one again in the same words
	mNearSyn  // how much in other words
	mGoal     // it is the goal
	mBack     // "like I said"
	mJust     // "just", "simply": narrows down rather than adds
	mMass     // how much meaning is shared, in words
	mLetters  // letters in common, for what the lexicon does not know
	mRest     // how much else the answer says
	mLiteral  // how much of what is shared is shared in the same words
	measures  // how many
)

// A likeness is the measures of one comparison, and what they were taken from.
type likeness struct {
	at   int // index of the earlier answer, GoalIndex for the goal
	m    [measures]float64
	unit span    // the part of the answer that was compared
	p    float64 // the chance that it repeats
	ties []tie   // the words that met, for the explanation
}

// tie is a pair of words that say the same, or the opposite.
type tie struct {
	a, e   int
	score  float64
	contra bool
}

// likenessOf compares an answer with one earlier answer, by the part of it that fits best.
func (l *lexicon) likenessOf(a, e *passage, off feature) likeness {
	ties := tiesOf(a, e, off)
	best, score := likeness{}, math.Inf(-1)
	for _, u := range a.units(off) {
		lk := measure(a, e, u, ties)
		if s := lk.m[mCoverA] + lk.m[mCoverE] - 0.3*lk.m[mRest]; s > score {
			best, score = lk, s
		}
	}
	best.ties = ties
	best.m[mBias] = 1
	best.m[mLetters] = diceOf(a, e, best.unit)
	best.m[mBack] = truth(a.any(0, len(a.toks), 0) || a.hasBack())
	best.m[mJust] = truth(a.any(best.unit.from, best.unit.to, setJust))
	differ := rolesDiffer(a, e, best.unit)
	best.m[mRoles] = truth(differ == 1) * best.m[mCoverA]
	best.m[mCrossed] = truth(differ == 2) * best.m[mCoverA]
	best.m[mFiller] = fillers(a, e, best.unit, ties)
	return best
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

// tiesOf pairs each claimed word of the answer with the word of the earlier one that is nearest to it.
func tiesOf(a, e *passage, off feature) []tie {
	out := make([]tie, len(a.toks))
	for i := range a.toks {
		t := &a.toks[i]
		out[i] = tie{a: i, e: -1}
		if t.aside || t.weight == 0 {
			continue
		}
		for j := range e.toks {
			u := &e.toks[j]
			if u.aside || u.weight == 0 {
				continue
			}
			s, contra := alike(t, u, off)
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
		return simStem * even(t, u), flip
	}
	best, contra := 0.0, false
	if off&offConcepts == 0 {
		for _, s := range t.word.senses {
			for _, r := range u.word.senses {
				same := (s.pole == r.pole) != flip
				if s.concept == r.concept && (best < simConcept || contra && same) {
					best, contra = simConcept, !same
				}
			}
		}
	}
	if p := setHe | setShe | setThey; best < simPerson && t.word.sets&u.word.sets&p != 0 {
		best, contra = simPerson, false
	}
	return best * even(t, u), contra
}

// even lowers the likeness of a weighty word to a light one.
func even(t, u *token) float64 {
	a, b := t.weight, u.weight
	return math.Min(1, 2*math.Min(a, b)/(a+b)+0.2)
}

// measure takes the measures that are counted in words.
func measure(a, e *passage, u span, ties []tie) likeness {
	lk := likeness{unit: u}
	var all, found, contra, literal, rest float64
	hit := make([]float64, len(e.toks))
	for i, t := range a.toks {
		if t.aside {
			continue
		}
		w := t.weight
		if i < u.from || i >= u.to {
			if ties[i].contra || ties[i].score < simPerson {
				rest += w
			}
			continue
		}
		all += w
		switch tie := ties[i]; {
		case tie.contra:
			contra += w * tie.score
		case tie.e >= 0:
			found += w * tie.score
			hit[tie.e] = math.Max(hit[tie.e], tie.score)
			if t.stem == e.toks[tie.e].stem {
				literal += w
			}
		}
	}
	said, taken := 0.0, 0.0
	for j, t := range e.toks {
		if !t.aside {
			w := t.weight
			said += w
			taken += w * hit[j]
		}
	}
	lk.m[mCoverA] = share(found, all)
	lk.m[mCoverE] = share(taken, said)
	lk.m[mBoth] = lk.m[mCoverA] * lk.m[mCoverE]
	lk.m[mExact] = truth(lk.m[mCoverA] > 0.95 && lk.m[mCoverE] > 0.95)
	lk.m[mClean] = truth(lk.m[mCoverA] > 0.8)
	lk.m[mNone] = truth(found < 0.35)
	lk.m[mFresh] = math.Min(all-found-contra, 3) / 3
	lk.m[mNovel] = truth(all-found-contra >= 0.7)
	lk.m[mSwap] = math.Min(1, all-found) * math.Min(1, said-taken) * truth(found > 0.3)
	lk.m[mContra] = share(contra, all)
	lk.m[mMass] = math.Min(found, 3) / 3
	lk.m[mRest] = math.Min(rest, 6) / 6
	lk.m[mLiteral] = share(literal, found)
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

// diceOf is the share of letter trigrams in common (Dice 1945), over the unit's claim.
func diceOf(a, e *passage, u span) float64 {
	var seen [512]uint8
	n := trigrams(a, u, func(h uint32) { seen[h%512] = 1 })
	both := 0
	m := trigrams(e, span{0, len(e.toks)}, func(h uint32) {
		if seen[h%512] == 1 {
			both++
		}
	})
	if n+m == 0 {
		return 0
	}
	return math.Min(1, 2*float64(both)/float64(n+m))
}

// trigrams calls f with a hash of every three letters of the words that carry meaning.
func trigrams(p *passage, u span, f func(uint32)) int {
	n := 0
	for _, t := range p.toks[u.from:u.to] {
		if t.aside || t.weight < weightFaint {
			continue
		}
		w := p.text[t.at:t.end]
		h := uint32(0)
		for i := 0; i < len(w); i++ {
			h = (h<<8 | uint32(w[i]|0x20)) & 0xffffff
			if i >= 2 || i == len(w)-1 {
				f(h * 2654435761 >> 7)
				n++
			}
		}
	}
	return n
}

// rolesDiffer compares who acts in the unit with who acts in the earlier answer, and
// on whom: "she'd stop worrying" is not "I'd stop worrying".
func rolesDiffer(a, e *passage, u span) float64 {
	as, ao := rolesIn(a, u)
	es, eo := rolesIn(e, span{0, len(e.toks)})
	differ := 0.0
	if as != 0 && es != 0 && as&es == 0 {
		differ++
	}
	if ao != 0 && eo != 0 && ao&eo == 0 {
		differ++
	}
	return differ
}

// fillers is 1 where the same word stands in both, and next to it, on the same side,
// something that the other has not.
func fillers(a, e *passage, u span, ties []tie) float64 {
	taken := make([]bool, len(e.toks))
	for _, t := range ties[u.from:u.to] {
		if t.e >= 0 && !t.contra {
			taken[t.e] = true
		}
	}
	other := func(i int) bool { return ties[i].e < 0 || ties[i].contra }
	for i := u.from; i < u.to; i++ {
		t := ties[i]
		if t.e < 0 || a.toks[i].stem != e.toks[t.e].stem || a.toks[i].weight < weightLight {
			continue
		}
		for _, step := range [...]int{1, -1} {
			x, y := a.beside(i, step, u), e.beside(t.e, step, span{0, len(e.toks)})
			if x >= 0 && y >= 0 && other(x) && !taken[y] {
				return 1
			}
		}
	}
	return 0
}

// beside is the next word of substance on one side of the i-th, within its clause, or -1.
func (p *passage) beside(i, step int, u span) int {
	for j := i + step; j >= u.from && j < u.to; j += step {
		if step > 0 && p.toks[j].broke != 0 || step < 0 && p.toks[j+1].broke != 0 {
			return -1
		}
		if t := p.toks[j]; !t.aside && (t.weight >= weightFaint || t.is(setMe) && step > 0) {
			return j
		}
	}
	return -1
}

// rolesIn finds the person before the first word of substance, and the last one after it.
func rolesIn(p *passage, u span) (subject, object set) {
	const who = setI | setHe | setShe | setThey | setWe
	started := false
	for i := u.from; i < u.to; i++ {
		t := p.toks[i]
		if t.aside {
			continue
		}
		if s := t.word.sets & who; s != 0 && !t.is(setAny) {
			owner := s&(setI|setWe) != 0 && i+1 < u.to && !p.toks[i+1].is(setCan|setIs|setLight|setFunc|setNeg) && isPossessive(p, t)
			if owner {
				continue
			}
			if s&setI != 0 {
				s |= setWe
			}
			if !started && subject == 0 {
				subject = s
			} else if started {
				object = s
			}
			continue
		}
		if t.weight >= weightFaint || started && t.weight > 0 {
			started = true
		}
	}
	return subject, object
}

// isPossessive is true for "my" and "our", which name an owner rather than one who acts.
func isPossessive(p *passage, t token) bool {
	switch w := p.text[t.at:t.end]; len(w) {
	case 2, 3:
		return w[0]|0x20 == 'm' && w[1]|0x20 == 'y' || w[0]|0x20 == 'o' && w[1]|0x20 == 'u' && w[2]|0x20 == 'r'
	}
	return false
}
