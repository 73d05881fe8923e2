package hearing

import "strings"

// Who does what to whom, and what stands in the same frame.

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

// fillers is 1 where the same words stand in both and next to them, on the same side,
// something that the other has not: "control of my time", "control of my life".
func fillers(a, e *passage, u span, ties []tie) float64 {
	met := func(j int) bool {
		for _, t := range ties[u.from:u.to] {
			if t.e == j && !t.contra {
				return true
			}
		}
		return false
	}
	for i := u.from; i < u.to; i++ {
		t := ties[i]
		if t.e < 0 || a.toks[i].stem != e.toks[t.e].stem || a.toks[i].weight < weightLight {
			continue
		}
		for _, step := range [...]int{1, -1} {
			x, y := besides(a, e, i, t.e, step)
			if x >= 0 && (ties[x].e < 0 || ties[x].contra) && !met(y) {
				return 1
			}
		}
	}
	return 0
}

// besides walks away from two words in step, as long as the same small words follow,
// and returns the first words of substance there, or -1.
func besides(a, e *passage, i, j, step int) (int, int) {
	for range 4 {
		i, j = a.skipOwners(i, step), e.skipOwners(j, step)
		if i < 0 || j < 0 {
			return -1, -1
		}
		x, y := &a.toks[i], &e.toks[j]
		if fills(x) && fills(y) {
			return i, j
		}
		if x.stem != y.stem {
			return -1, -1
		}
	}
	return -1, -1
}

// fills is true for a word that can fill a frame: one of substance, or a person.
func fills(t *token) bool {
	return !t.aside && (t.weight >= weightFaint && !t.is(setAny) || t.is(setMe))
}

// skipOwners is the next token on one side that is no article, no owner and no light verb, or -1 at
// the end of the clause.
func (p *passage) skipOwners(i, step int) int {
	for j := i + step; j >= 0 && j < len(p.toks); j += step {
		if step > 0 && p.toks[j].broke != 0 || step < 0 && p.toks[j+1].broke != 0 {
			return -1
		}
		t := &p.toks[j]
		owner := step > 0 && (t.is(setI|setWe) && !t.is(setMe) || t.is(setLight) && t.weight < weightFaint)
		if article := t.weight == 0 && t.end-t.at <= 3 && !t.is(setNeg) && p.isArticle(t); !owner && !article {
			return j
		}
	}
	return -1
}

// isArticle is true for "a", "an" and "the".
func (p *passage) isArticle(t *token) bool {
	switch p.text[t.at:t.end] {
	case "a", "an", "the":
		return true
	}
	return false
}

// rolesIn finds the person a clause begins with, and the first one after its first
// word of substance.
func rolesIn(p *passage, u span) (subject, object set) {
	const who = setI | setHe | setShe | setThey | setWe
	begun, started := false, false
	for i := u.from; i < u.to; i++ {
		t := p.toks[i]
		if t.aside || !begun && t.is(setAnd|setHedge|setJust|setKind|setThat) || isPossessive(p, t) {
			continue
		}
		if s := t.word.sets & who; s != 0 && !t.is(setAny) {
			if s&setI != 0 {
				s |= setWe
			}
			if !begun {
				subject = s
			} else if started && object == 0 {
				object = s
			}
		} else if t.weight >= weightFaint {
			started = true
		}
		begun = true
	}
	return subject, object
}

// isPossessive is true for "my" and "our", which name an owner rather than one who acts.
func isPossessive(p *passage, t token) bool {
	w := p.text[t.at:t.end]
	return len(w) <= 3 && (strings.EqualFold(w, "my") || strings.EqualFold(w, "our"))
}
