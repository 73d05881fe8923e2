package hearing

// What a negation governs, and which part of an answer is claimed rather than taken
// for granted.

// The reach of a negation, in words that carry meaning, if no new clause ends it before.
const (
	negReach  = 1
	lessReach = 1
)

// negate marks every token that an odd number of negations governs. In the Romance
// languages a second negation goes with the first ("no debo nada a nadie").
func (p *passage) negate(lang language) {
	concord := lang == french || lang == spanish || lang == portuguese
	left, both := 0, 0
	for i := range p.toks {
		t := &p.toks[i]
		switch {
		case t.broke != 0:
			left, both = 0, 0
		case t.is(setAnd) && left > 0 && !t.is(setNeg):
			left = min(left, 1)
		}
		t.neg = left > 0 != (both > 0)
		if t.is(setNeg|setLess) && !p.idle(i) {
			reach := negReach
			if t.is(setLess) {
				reach = lessReach
			}
			if left > 0 && t.is(setNeg) && !concord { // "never not": two negations
				both = left
			}
			left = reach
			continue
		}
		if t.word.weight > weightKin {
			left, both = max(0, left-1), max(0, both-1)
		}
	}
}

// idle is true for a "no" or "nope" that answers by itself and turns nothing round.
func (p *passage) idle(i int) bool {
	return p.toks[i].is(setNo) && i+1 < len(p.toks) && p.toks[i+1].broke != 0
}

// claim marks the premises and asides of a passage, so that what remains is what it
// claims: "once I have the bonus, I could ...", "X means ...", "like I said".
func (p *passage) claim() {
	for from := 0; from < len(p.toks); {
		to := from + 1
		for to < len(p.toks) && p.toks[to].broke != '.' && p.toks[to].broke != '?' {
			to++
		}
		if from > 0 && p.toks[from].is(setMeans) && p.heavy(from, to) {
			p.setAside(0, from) // "I hate the cold calls. So I'd be happier"
		}
		p.claimIn(from, to)
		if to < len(p.toks) && p.toks[to].broke == '?' && p.toks[from].is(setAsk) {
			p.setAside(from, to) // it says our question back before it answers
		}
		from = to
	}
	if !p.claims() {
		for i := range p.toks { // nothing else is left: the whole is the claim
			p.toks[i].aside = p.toks[i].back
		}
	}
	p.weigh()
}

// claims reports whether anything of substance is claimed.
func (p *passage) claims() bool {
	for i := range p.toks {
		if !p.toks[i].aside && p.toks[i].word.weight >= weightLight && !p.toks[i].is(setThat) {
			return true
		}
	}
	return false
}

// weigh gives every token its weight and lists those that count. Where a claim holds
// no weighty word, the light ones carry it: in "look better" they are all there is.
func (p *passage) weigh() {
	sum := 0.0
	for i := range p.toks {
		t := &p.toks[i]
		t.weight = float64(t.word.weight)
		if !t.aside {
			sum += t.weight
		}
	}
	if p.light = sum < weightKin; p.light {
		p.lighten()
	}
	p.list()
}

// lighten gives the small words weight.
func (p *passage) lighten() {
	for i := range p.toks {
		switch t := &p.toks[i]; {
		case t.aside:
		case t.weight >= weightLight && !t.is(setPeople):
			t.weight = max(t.weight, weightFull/2.0)
		case t.is(setCan|setIs) && !t.is(setHedge):
			t.weight = weightFull / 4.0
		}
	}
	p.list()
}

// list collects the tokens that count.
func (p *passage) list() {
	if cap(p.solid) == 0 {
		p.solid = make([]mark, 0, len(p.toks)/2+4)
	}
	p.solid = p.solid[:0]
	for i := range p.toks {
		if t := &p.toks[i]; !t.aside && t.weight > 0 {
			p.solid = append(p.solid, p.markOf(i))
		}
	}
}

// claimIn marks the asides of one sentence.
func (p *passage) claimIn(from, to int) {
	p.markBack(from, to)
	if i := p.hinge(from, to); i > from {
		p.setAside(from, i)
		return
	}
	first := from
	for first < to && p.toks[first].is(setAnd|setHedge|setYes|setNo|setKind) {
		first++
	}
	if first < to && p.toks[first].is(setIf) {
		if i := p.endOfPremise(first, to); i < to {
			p.setAside(from, i)
		}
	}
}

// hinge finds the last word that leads from a premise to a claim, with words of
// substance on both sides of it.
func (p *passage) hinge(from, to int) int {
	for i := to - 2; i > from; i-- {
		if p.toks[i].is(setMeans) && p.heavy(from, i) && p.says(i+1, to) {
			return i
		}
	}
	return from
}

// says reports whether some word in the range carries any meaning, if only a little.
func (p *passage) says(from, to int) bool {
	for _, t := range p.toks[from:to] {
		if t.word.weight >= weightLight && !t.is(setThat) {
			return true
		}
	}
	return false
}

// heavy reports whether some word in the range carries meaning.
func (p *passage) heavy(from, to int) bool {
	for _, t := range p.toks[from:to] {
		if t.word.weight >= weightFaint {
			return true
		}
	}
	return false
}

// endOfPremise is where what follows an "if" begins: after a comma, or at a new subject.
func (p *passage) endOfPremise(from, to int) int {
	seen := false
	for i := from + 1; i < to; i++ {
		t := p.toks[i]
		subject := t.is(setI|setWe|setHe|setShe|setThey) && i+1 < to && p.toks[i+1].is(setCan|setIs)
		if seen && (t.broke != 0 || subject) && p.heavy(i, to) {
			return i
		}
		seen = seen || t.word.weight >= weightFaint
	}
	return to
}

// markBack marks "like I said", "as I mentioned before", "I already told you".
func (p *passage) markBack(from, to int) {
	for i := from; i < to; i++ {
		if !p.toks[i].is(setSaid) || p.toks[i].neg {
			continue
		}
		if p.toks[i].is(setEcho) { // a whole phrase: "like I said"
			p.toks[i].back, p.toks[i].aside = true, true
			continue
		}
		lo := i
		for lo > from && i-lo < 4 && p.toks[lo].broke == 0 && p.toks[lo-1].is(setI|setBack|setCan|setIs|setFunc|setHedge|setJust) && !p.toks[lo-1].is(setMeans) {
			lo--
		}
		hi := i + 1
		for hi < to && hi-i < 4 && p.toks[hi].broke == 0 && p.toks[hi].is(setYou|setBack|setThat|setMany) {
			hi++
		}
		if p.any(lo, i, setI) && (p.any(lo, hi, setBack) || p.any(lo, i, setFunc|setHedge)) || p.any(i, hi, setBack) && lo == from {
			for j := lo; j < hi; j++ {
				p.toks[j].back, p.toks[j].aside = true, true
			}
		}
	}
}

func (p *passage) any(from, to int, s set) bool {
	for _, t := range p.toks[from:to] {
		if t.is(s) {
			return true
		}
	}
	return false
}

func (p *passage) setAside(from, to int) {
	for i := from; i < to; i++ {
		p.toks[i].aside = true
	}
}
