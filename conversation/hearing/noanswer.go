package hearing

import (
	"fmt"
	"strings"

	"whyloop/conversation"
)

// A reply is no answer when its words are about the dialogue and not about the
// speaker's life. That is a matter of classes of words: a list of fixed phrases hears
// one fresh non-answer in seven, the vocabulary two in three.

// How much substance a reply may hold and still be no answer, in words.
const (
	emptyMost  = 0.8 // beside a plain pattern
	askedMost  = 4.0 // in a question to us: "in terms of money or in general?"
	deniedMost = 1.6 // beside an outright refusal, which names what it refuses
)

// talkMost is how many words a reply has at most that is no answer.
const talkMost = 60

// A kind of non-answer, in the order they are believed: who has not followed us says
// so even where they also say that they have told us already.
type kind struct {
	name  string // in the data files
	label conversation.Label
}

const (
	kindDeflect = iota
	kindQuestion
	kindLost
	kindExhausted
	kindStuck
	kindCount
)

func kinds() [kindCount]kind {
	return [kindCount]kind{
		{"deflect", conversation.Deflect}, {"question", conversation.Question}, {"lost", conversation.Stuck},
		{"exhausted", conversation.Exhausted}, {"stuck", conversation.Stuck},
	}
}

// talk is what was heard of the dialogue in a reply.
type talk struct {
	found [kindCount]string // the pattern that spoke for each kind, "" for none
	plain [kindCount]bool   // it was one that content beside it does not refute
	fresh float64           // substance that nothing said before holds
	all   float64           // substance at all
	last  float64           // fresh substance after the last pattern
}

// noAnswer tells the replies that are no answer: commands, and those whose words all
// talk about the dialogue.
func (h *Listener) noAnswer(r *reading, l conversation.Ladder, ss []sentence) (conversation.Verdict, bool) {
	v := conversation.Verdict{Why: conversation.NoWhy, Sure: 0.9}
	if c := h.list.command(ss); c.Verb != conversation.NoCommand && c.Verb != conversation.VerbOK {
		v.Label, v.Because = conversation.Commanded, fmt.Sprintf("the command %q", c.Verb)
		return v, true
	}
	if h.off&offNoAnswer != 0 {
		return v, false
	}
	if r.answer.onlyNo() {
		v.Label, v.Because = conversation.Deflect, "it only says no"
		return v, true
	}
	if len(r.answer.toks) == 0 {
		v.Label, v.Because = conversation.Stuck, "there are no words in it"
		return v, true
	}
	if countWords(ss) > talkMost {
		return v, false
	}
	a, sure, because := h.act(r, ss)
	if a == actAnswer {
		return v, false
	}
	v.Label, v.Sure = a.label(), sure
	v.Because = fmt.Sprintf("%q speaks of the dialogue only (%s)", clip(strings.TrimSpace(r.answer.text)), because)
	if v.Label != conversation.Exhausted {
		return v, true
	}
	if substanceOf(&r.answer) > emptyMost { // "fishing, like I said": it names again what it points to
		if again := h.verdict(l, r, h.compare(r)); again.Label == conversation.Repeat {
			return again, true
		}
	}
	h.point(&v, r, l)
	return v, true
}

// act is what a reply does in the dialogue, how sure that is, and by which words.
func (h *Listener) act(r *reading, ss []sentence) (act, float64, string) {
	c := &r.cues
	h.cuesOf(c, r, ss)
	p := h.acts.chances(c.cues)
	a := likeliest(p)
	if a == actAnswer {
		return a, p[a], ""
	}
	return a, 1 - p[actAnswer], h.acts.loudest(c.cues, a)
}

// onlyNo is true for a bare "no", however it is said.
func (p *passage) onlyNo() bool {
	no := false
	for _, t := range p.toks {
		if !t.is(setNo | setHedge | setKind) {
			return false
		}
		no = no || t.is(setNo)
	}
	return no
}

// kind chooses among the kinds heard, or -1 when the reply answers after all. A plain
// pattern may stand beside words that were said before ("no other answer, a clear
// conscience"); any other needs a reply that holds nothing else.
func (t *talk) kind() int {
	for i, f := range t.found {
		if f == "" {
			continue
		}
		left := t.all
		if t.plain[i] {
			left = t.fresh
		}
		most := emptyMost
		switch {
		case i == kindDeflect && t.plain[i]:
			most = deniedMost
		case i == kindQuestion && t.plain[i]:
			most = askedMost
		}
		if left <= most && !(i == kindStuck && t.all > emptyMost && t.last > 0) { // "no idea... well, maybe peace and quiet"
			return i
		}
	}
	return -1
}

// talkIn finds the patterns of every clause and weighs the substance beside them.
func (h *Listener) talkIn(r *reading) talk {
	a := &r.answer
	t := talk{}
	if len(a.toks) == 0 {
		return t
	}
	heard := make([]bool, len(a.clause))
	any := a.marks || a.opensAsking() || a.toks[0].is(setAsk)
	for n, c := range a.clause {
		heard[n] = h.hearClause(&t, h.lex.lang[r.lang].patterns, a, c)
		any = any || heard[n]
	}
	if !any {
		return t
	}
	for n, c := range a.clause {
		for i := c.from; i < c.to; i++ {
			w := substance(&a.toks[i])
			t.all += w
			if w > 0 && !r.known[i] {
				t.fresh += w
				t.last += w
			}
		}
		if t.fresh > askedMost { // it says too much to be no answer
			t.found = [kindCount]string{}
			return t
		}
		if heard[n] {
			t.last = 0
		}
	}
	h.hearQuestion(&t, a)
	return t
}

// hearQuestion hears what is asked of us: a last sentence with a question mark or a
// question's order of words, and little but words about the dialogue in it.
func (h *Listener) hearQuestion(t *talk, a *passage) {
	about := a.any(0, len(a.toks), setYou|setTalk|setAsk|setThat|setSee|setBot|setMany|setClarify)
	opens := a.opensAsking()
	switch {
	case t.found[kindQuestion] != "" && (a.asks || opens):
		t.plain[kindQuestion] = true
	case a.asks && opens && a.any(0, len(a.toks), setMany|setTalk|setSee|setYou) && t.fresh <= deniedMost:
		t.found[kindQuestion], t.plain[kindQuestion] = "it asks about this dialogue", true
	case opens && a.any(0, len(a.toks), setMany) && t.all < emptyMost:
		t.found[kindQuestion], t.plain[kindQuestion] = "it asks about this dialogue", true
	case a.asks && opens && t.fresh <= deniedMost && t.found[kindExhausted] == "":
		t.found[kindQuestion], t.plain[kindQuestion] = "it asks", true
	case a.asks && a.any(0, len(a.toks), setClarify):
		t.found[kindQuestion], t.plain[kindQuestion] = "it asks what we mean", true
	case a.asks && about && t.all < emptyMost && t.found[kindExhausted] == "" && t.found[kindStuck] == "":
		t.found[kindQuestion] = "it asks"
	case a.toks[0].is(setAsk) && a.any(1, len(a.toks), setThat|setYou) && t.all < emptyMost && t.found[kindExhausted] == "" && t.found[kindStuck] == "":
		t.found[kindQuestion] = "it asks"
	default:
		t.found[kindQuestion] = ""
	}
}

// hearClause looks for every pattern in a clause.
func (h *Listener) hearClause(t *talk, patterns []pattern, a *passage, c span) bool {
	var have set
	for _, tok := range a.toks[c.from:c.to] {
		have |= tok.word.sets
	}
	heard := false
	for _, p := range patterns {
		k := p.kind
		if t.found[k] != "" && (t.plain[k] || !p.plain) {
			continue
		}
		if matchPattern(p, have, a.toks[c.from:c.to]) {
			t.found[k], t.plain[k] = p.text, p.plain
			heard = true
		}
	}
	return heard
}

func kindIndex(name string) int {
	for i, k := range kinds() {
		if k.name == name {
			return i
		}
	}
	return -1
}

// patternGap is how many words may stand between two elements of a pattern.
const patternGap = 4

// matchPattern finds the sets of a pattern in this order, each close to the one before.
func matchPattern(p pattern, have set, toks []token) bool {
	for _, s := range p.seq {
		if have&s == 0 {
			return false
		}
	}
	for i := range toks {
		if toks[i].fits(p.seq[0]) && follows(p.seq[1:], toks[i+1:]) {
			return true
		}
	}
	return false
}

// fits is whether the token can stand for an element of a pattern: "stop" denies
// nothing in a dialogue.
func (t token) fits(s set) bool { return t.is(s) && !(s&setNeg != 0 && t.is(setHalt)) }

func follows(seq []set, toks []token) bool {
	if len(seq) == 0 {
		return true
	}
	for i := 0; i < len(toks) && i <= patternGap; i++ {
		if toks[i].fits(seq[0]) && follows(seq[1:], toks[i+1:]) {
			return true
		}
	}
	return false
}

// substance is the weight of a word that is not of the dialogue.
func substance(t *token) float64 {
	if t.is(setDialogue) || t.is(setFaint) {
		return 0
	}
	if t.word.weight < weightFaint || t.is(setNum) {
		return 0
	}
	return float64(t.word.weight)
}

// knownMost is up to how many words of a reply it is looked whether they were said before: what
// is longer is hardly no answer.
const knownMost = 40

// markKnown finds the words of substance that the goal or a rung holds already.
func (r *reading) markKnown() {
	n := len(r.answer.toks)
	r.known = append(r.known[:0], make([]bool, n)...)
	if n > knownMost {
		return
	}
	for i := range r.answer.toks {
		t := &r.answer.toks[i]
		r.known[i] = substance(t) > 0 && r.saidBefore(t)
	}
}

// saidBefore is true when the goal or a rung holds the word, or another for the same.
func (r *reading) saidBefore(t *token) bool {
	for i := range r.said {
		for j := range r.said[i].toks {
			u := &r.said[i].toks[j]
			if t.stem != u.stem && !t.word.bloom.meets(&u.word.bloom) {
				continue
			}
			if s, _ := alike(t, u, offNegation); s >= simPerson {
				return true
			}
		}
	}
	return false
}

// opensAsking is true for a text whose last sentence begins as questions do: with a
// word that asks, or with a verb before its subject.
func (p *passage) opensAsking() bool {
	from := 0
	for i := range p.toks {
		if b := p.toks[i].broke; b == '.' || b == '?' || b == ',' && p.toks[i].is(setAsk) {
			from = i
		}
	}
	for from < len(p.toks) && p.toks[from].is(setHedge|setKind|setYes|setNo) && !p.toks[from].is(setAsk) {
		from++
	}
	if from >= len(p.toks) {
		return false
	}
	t := p.toks[from]
	if t.is(setAsk) {
		return true
	}
	return from+1 < len(p.toks) && t.is(setIs|setCan|setLight) && p.toks[from+1].is(setThat|setI|setYou|setAny|setFunc) && !t.is(setThat)
}

// point names the answer that an exhausted reply points back to: the one it still
// mentions, or the last real one.
func (h *Listener) point(v *conversation.Verdict, r *reading, l conversation.Ladder) {
	v.Confirm = true
	v.Why = len(l.Rungs) - 1
	best := 0.0
	for i := range r.said {
		sum := 0.0
		for _, t := range tiesOf(&r.answer, &r.said[i], h.off, nil) {
			if w := substance(&r.answer.toks[t.a]); t.score >= simPerson {
				sum += w * t.score
			}
		}
		if sum >= best && sum > 0 {
			best, v.Why = sum, i-1
		}
	}
	if v.Why < 0 && len(l.Rungs) > 0 && best == 0 {
		v.Why = len(l.Rungs) - 1
	}
	p := &r.said[v.Why+1]
	v.Wording = quotable(p, span{0, len(p.toks)})
}
