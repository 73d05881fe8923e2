package hearing

import "math/bits"

// grams is a set of hashes of what a text is written with, one bit for each: how much two
// texts have in common is told by counting bits.
type grams [64]uint64

func (g *grams) add(h uint32) {
	h *= 2654435761
	g[h>>26] |= 1 << (h >> 20 & 63)
}

// overlap is the share of two sets that both have (Dice 1945), and the share of each that
// the other has.
func (g *grams) overlap(o *grams) (dice, ofG, ofO float64) {
	n, m, both := 0, 0, 0
	for i := range g {
		n += bits.OnesCount64(g[i])
		m += bits.OnesCount64(o[i])
		both += bits.OnesCount64(g[i] & o[i])
	}
	if n == 0 || m == 0 {
		return 0, 0, 0
	}
	return 2 * float64(both) / float64(n+m), float64(both) / float64(n), float64(both) / float64(m)
}

// gramWords is how many words of a text are compared by their letters: long texts all have
// the same letters.
const gramWords = 40

// listGrams lists every three letters and every two words in a row of a passage, small words
// included: "not starting every week with nothing" has the shape of "not opening the week on zero".
func (p *passage) listGrams() {
	h, before := uint32(' '), uint64(0)
	for i := range p.toks[:min(len(p.toks), gramWords)] {
		t := &p.toks[i]
		if i > 0 {
			pair := pairOf(before, t.stem)
			p.pairs.add(uint32(pair ^ pair>>32))
		}
		before = t.stem
		for _, c := range []byte(p.text[t.at:t.end]) {
			h = (h<<8 | uint32(c|0x20)) & 0xffffff
			p.grams.add(h)
		}
		h = (h<<8 | ' ') & 0xffffff
		p.grams.add(h)
	}
}
