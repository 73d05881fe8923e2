package hearing

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"math"
)

// Two things tell how much a word in common means, and neither needs the lexicon: how
// rare the word is ("mirror" again says more than "time" again: inverse document
// frequency, Spärck Jones 1972), and how near two different words are in what they
// mean, by vectors of the 18,000 commonest English words, tuned to what people say again.
// testdata/kinship/tune.py says how, and where they come from.

//go:embed data/kinship.bin
var kinshipTable []byte

// kinship is the commonest words, in that order, and a vector of each.
type kinship struct {
	at    table     // by the hash of the folded word: its rank
	rows  []int8    // kinSize numbers a word
	unit  []float32 // what brings each vector to length 1
	rare  []float32 // how rare each word is
	tells []float32 // how much it tells that a word is said again; behind them, of a word that is not here
}

// termsMost is how many words of a text are compared by rarity and nearness.
const termsMost = 8

// unranked is the rank of a word that is not among the commonest, or of none at all.
const unranked = -1

// readKinship reads the embedded table; of one that is cut short it takes nothing.
func readKinship(data []byte) *kinship {
	k := &kinship{}
	if len(data) < 8 {
		return k
	}
	n, size := int(binary.LittleEndian.Uint32(data)), int(binary.LittleEndian.Uint32(data[4:]))
	data = data[8:]
	k.at = tableFor(n)
	for i := range n {
		end := bytes.IndexByte(data, '\n')
		if end < 0 {
			return &kinship{}
		}
		k.at.put(hashOf(data[:end]), int32(i))
		data = data[end+1:]
	}
	if size != kinSize || len(data) != n*size+n+1 {
		return &kinship{}
	}
	k.rows, k.unit, k.rare, k.tells = make([]int8, n*size), make([]float32, n), make([]float32, n), make([]float32, n+1)
	for i := range k.rows {
		k.rows[i] = int8(data[i])
	}
	for i, b := range data[n*size:] {
		k.tells[i] = float32(b) / 100
	}
	for i := range k.unit {
		sum := int32(1)
		for _, x := range k.row(int32(i)) {
			sum += int32(x) * int32(x)
		}
		k.unit[i], k.rare[i] = 1/float32(math.Sqrt(float64(sum))), rarity(i)
	}
	return k
}

func (k *kinship) row(rank int32) []int8 { return k.rows[int(rank)*kinSize : (int(rank)+1)*kinSize] }

// rarity is how much it tells that a word is said at all, from 0.05 for the commonest to 1.
func rarity(rank int) float32 {
	const common, rare = 60, 12000
	return float32(min(1, max(0.05, math.Log(float64(rank+5)/common)/math.Log(rare/common))))
}

func (k *kinship) rarityOf(rank int32) float32 {
	if rank < 0 {
		return 1
	}
	return k.rare[rank]
}

func (k *kinship) tellsOf(rank int32) float32 {
	switch {
	case len(k.tells) == 0:
		return 1
	case rank < 0:
		return k.tells[len(k.tells)-1]
	}
	return k.tells[rank]
}

// kinSize is how many numbers the vector of a word has.
const kinSize = 40

// near is how near two words are in meaning, the cosine of their vectors.
func (k *kinship) near(a, b int32) float32 {
	if a < 0 || b < 0 {
		return 0
	}
	x, y := (*[kinSize]int8)(k.row(a)), (*[kinSize]int8)(k.row(b))
	var s0, s1, s2, s3 int32
	for i := 0; i < kinSize; i += 4 {
		s0 += int32(x[i]) * int32(y[i])
		s1 += int32(x[i+1]) * int32(y[i+1])
		s2 += int32(x[i+2]) * int32(y[i+2])
		s3 += int32(x[i+3]) * int32(y[i+3])
	}
	return float32(s0+s1+s2+s3) * k.unit[a] * k.unit[b]
}

// A term is a word that says something, for comparing by rarity and nearness.
type term struct {
	stem   uint64
	rank   int32
	rarity float32
	tells  float32
}

// A gist is what a whole text is about: the sum of its words' vectors, each by how much the word tells.
type gist [kinSize]float32

// listTerms lists the words of a passage that say something, before they are joined to
// phrases: of a long passage the rarest.
func (p *passage) listTerms(k *kinship) {
	p.terms = p.terms[:0]
	for i := range p.toks {
		t := &p.toks[i]
		if t.word.weight == weightFunc || t.word.sets&(setI|setWe|setYou|setAny|setBack|setSame|setHedge) != 0 {
			continue
		}
		p.terms = addTerm(p.terms, term{stem: t.stem, rank: t.rank, rarity: k.rarityOf(t.rank), tells: k.tellsOf(t.rank)})
	}
}

func addTerm(ts []term, t term) []term {
	if len(ts) < termsMost {
		return append(ts, t)
	}
	least := 0
	for i := range ts {
		if ts[i].rarity < ts[least].rarity {
			least = i
		}
	}
	if ts[least].rarity < t.rarity {
		ts[least] = t
	}
	return ts
}

// gistOf sums up the terms of a passage and brings the sum to length 1.
func (k *kinship) gistOf(terms []term) (g gist) {
	for i := range terms {
		t := &terms[i]
		if t.rank < 0 {
			continue
		}
		f := t.tells * k.unit[t.rank]
		for j, x := range k.row(t.rank) {
			g[j] += f * float32(x)
		}
	}
	sum := float32(0)
	for _, x := range g {
		sum += x * x
	}
	if sum > 0 {
		f := 1 / float32(math.Sqrt(float64(sum)))
		for j := range g {
			g[j] *= f
		}
	}
	return g
}

func (g *gist) near(o *gist) float64 {
	sum := float32(0)
	for i := range g {
		sum += g[i] * o[i]
	}
	return float64(sum)
}

// kin are the measures of how two lists of terms stand to each other.
type kin struct {
	literalA, literalE float64 // the share of each, by rarity, that the other has in the same words
	top                float64 // the rarity of the rarest word in common
	a, e               met     // how each is met by the other, in the same words or near ones
}

// met is how the words of one list are met by those of another.
type met struct {
	share    float64 // of what they tell, how much is met
	squared  float64 // the same, where half a meeting counts as a quarter
	mass     float64 // how much is met at all
	top      float64 // the most that one word of it tells
	left     float64 // how much is not met
	leftMost float64 // and the most of one word
}

// massMost is where more meaning that is shared, or left over, makes no difference any more.
const massMost = 4

// kinOf compares two lists of terms; it costs their product.
func (k *kinship) kinOf(a, e []term) kin {
	var metA, metE, sameA, sameE [termsMost]float32
	var out kin
	for i := range a {
		t := &a[i]
		for j := range e {
			u := &e[j]
			c := float32(1)
			if t.stem != u.stem {
				c = k.near(t.rank, u.rank)
			} else {
				sameA[i], sameE[j] = 1, 1
				out.top = max(out.top, float64(t.rarity))
			}
			metA[i], metE[j] = max(metA[i], c), max(metE[j], c)
		}
	}
	out.literalA, out.a = sumUp(a, &sameA, &metA)
	out.literalE, out.e = sumUp(e, &sameE, &metE)
	return out
}

// sumUp adds up how the words of a list are met: in the same words, and in near ones.
func sumUp(ts []term, same, near *[termsMost]float32) (literal float64, m met) {
	var rare, lit, all, squared float32
	for i := range ts {
		t, c := &ts[i], near[i]
		rare += t.rarity
		lit += t.rarity * same[i]
		all += t.tells
		squared += t.tells * c * c
		m.mass += float64(t.tells * c)
		m.top = max(m.top, float64(t.tells*c))
		m.leftMost = max(m.leftMost, float64(t.tells*(1-c)))
	}
	m.left = min(float64(all)-m.mass, massMost)
	m.share, m.squared = over(float32(m.mass), all), over(squared, all)
	m.mass = min(m.mass, massMost)
	return over(lit, rare), m
}

func over(part, all float32) float64 {
	if all <= 0 {
		return 0
	}
	return float64(part / all)
}
