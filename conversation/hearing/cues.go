package hearing

import "math/bits"

// substanceOf is how much a passage says beyond the dialogue.
func substanceOf(p *passage) float64 {
	sum := 0.0
	for i := range p.toks {
		sum += substance(&p.toks[i])
	}
	return sum
}

// cueWords is how many words are looked at, at either end of a reply.
const cueWords = 16

// cuer collects the cues of a reply: hashes of short names such as "no more" (two words),
// "@neg @more" (two classes) and "~2" (how much substance there is).
type cuer struct {
	buf  []byte
	cues []uint64
	note func(name string, hash uint64) // for fitting, else nil
}

// add adds the cue that the parts name.
func (c *cuer) add(parts ...string) {
	c.buf = c.buf[:0]
	for i, p := range parts {
		if i > 0 {
			c.buf = append(c.buf, ' ')
		}
		c.buf = append(c.buf, p...)
	}
	h := hashOf(c.buf)
	c.cues = append(c.cues, h)
	if c.note != nil {
		c.note(string(c.buf), h)
	}
}

// cuesOf takes the cues of a reply.
func (h *Listener) cuesOf(c *cuer, r *reading, ss []sentence) {
	r.markKnown()
	t := h.talkIn(r)
	c.cues = c.cues[:0]
	c.add("1")
	c.words(ss)
	c.classes(r, h.acts.sets)
	c.amounts(r, ss, &t)
}

// words adds every word and every two in a row, with the beginnings and ends of sentences.
func (c *cuer) words(ss []sentence) {
	total := countWords(ss)
	n := 0
	for i := range ss {
		prev, prev2 := "^", ""
		for _, w := range ss[i].words {
			n++
			if w[0] >= '0' && w[0] <= '9' {
				w = "#"
			}
			if n <= cueWords || n > total-cueWords {
				c.add(w)
				c.add(prev, w)
				if prev2 != "" {
					c.add(prev2, prev, w)
				}
			}
			prev2, prev = prev, w
		}
		c.add(prev, markName(ss[i].mark))
		if prev2 != "" {
			c.add(prev2, prev, markName(ss[i].mark))
		}
	}
}

// markName is the end of a sentence as cues name it.
func markName(mark rune) string {
	switch mark {
	case '?':
		return "?"
	case ',', '-', ':', '–', '—':
		return ","
	}
	return "."
}

// classes adds the classes of words, one and two in a row, with "@x" for a word of substance
// and "@s" for one that was said before.
func (c *cuer) classes(r *reading, names []string) {
	a := &r.answer
	prev := "^"
	for i := range a.toks {
		t := &a.toks[i]
		if t.broke != 0 {
			prev = "^"
		}
		cls := ""
		if substance(t) > 0 {
			cls = "@x"
			if r.known[i] {
				cls = "@s"
			}
			if cls != prev {
				c.add(cls)
				c.add(prev, cls)
			}
			prev = cls
			continue
		}
		for s := t.word.sets &^ (setFunc | setLight | setFaint); s != 0; s &= s - 1 {
			cls = names[bits.TrailingZeros64(uint64(s))]
			c.add(cls)
			c.add(prev, cls)
		}
		if cls != "" {
			prev = cls
		}
	}
	c.add(prev, "$")
}

// amounts adds how long the reply is, how much substance it holds and what the patterns found.
func (c *cuer) amounts(r *reading, ss []sentence, t *talk) {
	all, fresh := 0.0, 0.0
	for i := range r.answer.toks {
		w := substance(&r.answer.toks[i])
		all += w
		if !r.known[i] {
			fresh += w
		}
	}
	c.add("~all", bucket(all))
	c.add("~fresh", bucket(fresh))
	c.add("~words", bucket(float64(countWords(ss))))
	if r.answer.asks {
		c.add("~asks", bucket(all))
	}
	if len(r.answer.toks) > 0 && r.answer.opensAsking() {
		c.add("~opens", bucket(all))
	}
	c.patterns(t, bucket(all))
}

// patterns adds what the patterns found, each beside how much substance.
func (c *cuer) patterns(t *talk, all string) {
	for i, k := range kinds() {
		if t.found[i] == "" {
			continue
		}
		plain := "plain"
		if !t.plain[i] {
			plain = "alone"
		}
		c.add("~found", k.name, plain)
		c.add("~found", k.name, all)
	}
	kind := "none"
	if k := t.kind(); k >= 0 {
		kind = kinds()[k].name
	}
	c.add("~kind", kind)
}

// bucket names a range of amounts.
func bucket(x float64) string {
	switch {
	case x == 0:
		return "0"
	case x < 0.8:
		return "<1"
	case x < 1.6:
		return "1"
	case x < 2.6:
		return "2"
	case x < 4.1:
		return "3-4"
	case x < 7.1:
		return "5-7"
	case x < 12.1:
		return "8-12"
	}
	return "13+"
}
