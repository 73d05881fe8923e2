package hearing

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

// How a forest is grown.
const (
	trees      = 200
	leaves     = 10
	learning   = 0.05
	leafLeast  = 20.0 // examples
	leafDamper = 5.0
	binsMost   = 48
)

// An example is an answer, how it stands among the earlier ones, and whether it repeats one of them.
type example struct {
	x standing
	y float64
	w float64
}

// grower holds the examples sorted into bins.
type grower struct {
	ex    []example
	cuts  [standSize][]float32
	bins  [][standSize]uint8
	sum   []float64 // the odds so far
	slope []float64
	curve []float64
}

func newGrower(ex []example) *grower {
	n := len(ex)
	g := &grower{ex: ex, bins: make([][standSize]uint8, n), sum: make([]float64, n), slope: make([]float64, n), curve: make([]float64, n)}
	xs := make([]float32, n)
	for f := range standSize {
		for i := range ex {
			xs[i] = ex[i].x[f]
		}
		slices.Sort(xs)
		for b := 1; b < binsMost; b++ {
			c := xs[n*b/binsMost]
			if k := len(g.cuts[f]); (k == 0 || g.cuts[f][k-1] < c) && c < xs[n-1] {
				g.cuts[f] = append(g.cuts[f], c)
			}
		}
		for i := range ex {
			k, _ := slices.BinarySearch(g.cuts[f], ex[i].x[f])
			g.bins[i][f] = uint8(k)
		}
	}
	return g
}

// growForest fits a forest to examples by second-order gradient boosting of the logistic loss.
func growForest(ex []example, trees int) *forest {
	g := newGrower(ex)
	f := &forest{}
	f.lean(ex)
	for i := range g.sum {
		g.sum[i] = float64(f.odds(&ex[i].x))
	}
	for range trees {
		for i, e := range ex {
			p := 1 / (1 + math.Exp(-g.sum[i]))
			g.slope[i], g.curve[i] = e.w*(p-e.y), e.w*max(p*(1-p), 1e-6)
		}
		g.growTree(f)
	}
	return f
}

// lean fits the base and the tilt, by Newton's method.
func (f *forest) lean(ex []example) {
	base, tilt := 0.0, 0.0
	for range 25 {
		var g0, g1, h00, h01, h11 float64
		for i := range ex {
			x := float64(ex[i].x[standBest])
			p := logistic(base + tilt*x)
			d, c := ex[i].w*(p-ex[i].y), ex[i].w*p*(1-p)
			g0, g1, h00, h01, h11 = g0+d, g1+d*x, h00+c, h01+c*x, h11+c*x*x
		}
		h00, h11 = h00+1e-3, h11+1e-3
		det := h00*h11 - h01*h01
		base -= (h11*g0 - h01*g1) / det
		tilt -= (h00*g1 - h01*g0) / det
	}
	f.base, f.tilt = float32(base), float32(tilt)
}

// TestForestTable holds that a forest reads back as it was, that bytes cut short are no forest, and that a
// forest learns what no weighted sum can: some, not many.
func TestForestTable(t *testing.T) {
	var ex []example
	for i := range 400 {
		var x standing
		x[1] = float32(i % 10)
		ex = append(ex, example{x, truth(x[1] > 2 && x[1] < 7), 1})
	}
	f := growForest(ex, 100)
	for _, e := range ex[:10] {
		if got := f.chance(&e.x); math.Abs(got-e.y) > 0.2 {
			t.Errorf("%v: %.2f, want %.0f", e.x[1], got, e.y)
		}
	}
	data := f.table()
	back := readForest(data)
	for _, e := range ex[:10] {
		if back.odds(&e.x) != f.odds(&e.x) {
			t.Errorf("%v: %v, was %v", e.x[1], back.odds(&e.x), f.odds(&e.x))
		}
	}
	for n := range data {
		if cut := readForest(data[:n]); len(cut.nodes) > 0 {
			t.Fatalf("%d of %d bytes are a forest of %d nodes", n, len(data), len(cut.nodes))
		}
	}
}

// sprout is a leaf that may still be split.
type sprout struct {
	at      int32 // its node
	rows    []int32
	piles   *piles
	gain    float64
	of, cut int
}

// piles are what the examples of a leaf add up to, by feature and bin.
type piles [standSize][binsMost]pile

type pile struct{ slope, curve, weight float64 }

func (p *pile) add(o pile, sign float64) {
	p.slope, p.curve, p.weight = p.slope+sign*o.slope, p.curve+sign*o.curve, p.weight+sign*o.weight
}

func (p pile) worth() float64 { return p.slope * p.slope / (p.curve + leafDamper) }

func (g *grower) growTree(f *forest) {
	rows := make([]int32, len(g.ex))
	for i := range rows {
		rows[i] = int32(i)
	}
	f.roots = append(f.roots, int32(len(f.nodes)))
	open := []*sprout{g.sprout(f, rows, g.pile(rows))}
	for len(open) < leaves {
		best := slices.MaxFunc(open, func(a, b *sprout) int { return cmp.Compare(a.gain, b.gain) })
		if best.gain <= 1e-6 {
			break
		}
		l, r := g.split(f, best)
		f.nodes[best.at] = node{of: uint8(best.of), limit: g.cuts[best.of][best.cut], left: l.at, right: r.at}
		open[slices.Index(open, best)] = l
		open = append(open, r)
	}
	for _, s := range open {
		all := s.all()
		v := -learning * all.slope / (all.curve + leafDamper)
		f.nodes[s.at].limit = float32(v)
		for _, i := range s.rows {
			g.sum[i] += v
		}
	}
}

// split parts a leaf; only the smaller side is counted, the other is what is left.
func (g *grower) split(f *forest, s *sprout) (l, r *sprout) {
	var left, right []int32
	for _, i := range s.rows {
		if int(g.bins[i][s.of]) <= s.cut {
			left = append(left, i)
		} else {
			right = append(right, i)
		}
	}
	few := left
	if len(right) < len(left) {
		few = right
	}
	small, large := g.pile(few), s.piles
	for of := range large {
		for b := range large[of] {
			large[of][b].add(small[of][b], -1)
		}
	}
	if len(right) < len(left) {
		return g.sprout(f, left, large), g.sprout(f, right, small)
	}
	return g.sprout(f, left, small), g.sprout(f, right, large)
}

func (g *grower) pile(rows []int32) *piles {
	out := new(piles)
	for _, i := range rows {
		p := pile{g.slope[i], g.curve[i], g.ex[i].w}
		for of, b := range &g.bins[i] {
			out[of][b].add(p, 1)
		}
	}
	return out
}

func (s *sprout) all() (p pile) {
	for _, b := range s.piles[0] {
		p.add(b, 1)
	}
	return p
}

// sprout makes a leaf and finds its best split.
func (g *grower) sprout(f *forest, rows []int32, p *piles) *sprout {
	s := &sprout{at: int32(len(f.nodes)), rows: rows, piles: p, gain: -1}
	f.nodes = append(f.nodes, node{of: isLeaf, left: s.at, right: s.at})
	all := s.all()
	for of := range standSize {
		var l pile
		for c := range g.cuts[of] {
			l.add(p[of][c], 1)
			r := all
			r.add(l, -1)
			if l.weight < leafLeast || r.weight < leafLeast {
				continue
			}
			if gain := l.worth() + r.worth() - all.worth(); gain > s.gain {
				s.gain, s.of, s.cut = gain, of, c
			}
		}
	}
	return s
}

// table is the embedded form of a forest, as readForest reads it.
func (f *forest) table() []byte {
	out := binary.LittleEndian.AppendUint32(nil, math.Float32bits(f.base))
	out = binary.LittleEndian.AppendUint32(out, math.Float32bits(f.tilt))
	out = binary.LittleEndian.AppendUint16(out, uint16(len(f.roots)))
	var tree func(at int32)
	tree = func(at int32) {
		n := f.nodes[at]
		out = binary.LittleEndian.AppendUint32(append(out, n.of), math.Float32bits(n.limit))
		if n.of != isLeaf {
			tree(n.left)
			tree(n.right)
		}
	}
	for _, r := range f.roots {
		tree(r)
	}
	return out
}
