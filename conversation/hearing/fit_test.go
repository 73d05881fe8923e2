package hearing

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"whyloop/conversation"
)

var fitFlag = flag.Bool("fit", false, "print freshly fitted weights")

// sample is one answer compared with everything before it.
type sample struct {
	rows   [][measures]float64
	repeat []bool
}

// samplesOf takes the measures of every answer labelled new or repeat, by ladder.
func samplesOf(h *Listener, ls []labelled) [][]sample {
	out := make([][]sample, len(ls))
	for n, l := range ls {
		lad := conversation.Ladder{Goal: l.Goal}
		idx := []int{-1}
		for i, tn := range l.Turns {
			if tn.Label != conversation.New && tn.Label != conversation.Repeat {
				continue
			}
			var r reading
			h.read(&r, lad, tn.A)
			s := sample{}
			for j, lk := range h.compare(&r) {
				rep := tn.Label == conversation.Repeat && slices.Contains(tn.Repeats, idx[j])
				if tn.Label == conversation.Repeat && !rep {
					continue // whether it also repeats this one is not told
				}
				s.rows = append(s.rows, lk.m)
				s.repeat = append(s.repeat, rep)
			}
			out[n] = append(out[n], s)
			lad.Rungs = append(lad.Rungs, conversation.Rung{Answer: tn.A})
			idx = append(idx, i)
		}
	}
	return out
}

// fit fits both sets of weights.
func fit(ss [][]sample, off feature) (out [pairings][measures]float64) {
	for kind := range out {
		out[kind] = fitOne(ss, off, kind)
	}
	return out
}

// fitOne is logistic regression by Newton's method, with a penalty on large weights.
func fitOne(ss [][]sample, off feature, kind int) (w [measures]float64) {
	const rounds, penalty = 25, 0.3
	for range rounds {
		grad, curve := slopes(ss, off, kind, &w)
		for j := range w {
			if j == mBias {
				curve[j][j] += 1e-3
				continue
			}
			grad[j] += penalty * w[j]
			curve[j][j] += penalty
			if silenced(j, off) {
				grad[j], curve[j] = 0, [measures]float64{}
				curve[j][j] = 1
			}
		}
		step := solve(curve, grad)
		far := 0.0
		for j := range w {
			w[j] -= step[j]
			far = max(far, math.Abs(step[j]))
		}
		if far < 1e-5 {
			break
		}
	}
	return w
}

// slopes are the first and second derivatives of the logistic loss. Of the many earlier answers
// that a new one does not repeat, each counts less the more there are.
func slopes(ss [][]sample, off feature, kind int, w *[measures]float64) (grad [measures]float64, curve [measures][measures]float64) {
	for _, l := range ss {
		for _, s := range l {
			for i := range s.rows {
				x := &s.rows[i]
				if pairing(x, off) != kind {
					continue
				}
				y, k := 0.0, 1/math.Sqrt(float64(len(s.rows)))
				if s.repeat[i] {
					y, k = 1, 1
				}
				p := logistic(odds(x, w, off))
				for j := range x {
					if x[j] == 0 {
						continue
					}
					grad[j] += (p - y) * k * x[j]
					c := p * (1 - p) * k * x[j]
					for m := range x {
						curve[j][m] += c * x[m]
					}
				}
			}
		}
	}
	return grad, curve
}

// solve is Gaussian elimination with pivots: the step for which curve times step is grad.
func solve(curve [measures][measures]float64, grad [measures]float64) [measures]float64 {
	for i := range grad {
		p := i
		for r := i + 1; r < len(grad); r++ {
			if math.Abs(curve[r][i]) > math.Abs(curve[p][i]) {
				p = r
			}
		}
		curve[i], curve[p] = curve[p], curve[i]
		grad[i], grad[p] = grad[p], grad[i]
		for r := i + 1; r < len(grad); r++ {
			f := curve[r][i] / curve[i][i]
			if f == 0 {
				continue
			}
			for c := i; c < len(grad); c++ {
				curve[r][c] -= f * curve[i][c]
			}
			grad[r] -= f * grad[i]
		}
	}
	for i := len(grad) - 1; i >= 0; i-- {
		for c := i + 1; c < len(grad); c++ {
			grad[i] -= curve[i][c] * grad[c]
		}
		grad[i] /= curve[i][i]
	}
	return grad
}

// measureNames are the names of the measures, as in the source.
func measureNames() []string {
	return strings.Fields("mBias mCoverA mCoverE mBoth mExact mClean mNone mFresh mNovel mAdds mSwap mContra mRoles mCrossed mFiller mNear mGoal mBack mJust mMass mRest mLiteral mRareA mRareE mRareTop mKinA mKinE mKinBoth mKinGist mKinGist2 mKinOver mKinSqA mKinSqE mKinMass mKinTop mKinNew mKinLost mKinLeft mKinRest mGrams mPairs mInA mInE mAheadBoth mAheadCover mAheadMass mAheadKin mAheadGrams mAheadIn")
}

// TestFit prints weights to copy into weigh.go and writes data/again.bin, when asked to.
func TestFit(t *testing.T) {
	if !*fitFlag {
		t.Skip("only with -fit")
	}
	if got := len(measureNames()); got != measures {
		t.Fatalf("%d names for %d measures", got, measures)
	}
	var ls []labelled
	for _, w := range writers(t) {
		if w.name != os.Getenv("WITHOUT") {
			ls = append(ls, w.ladders...)
		}
		if w.name == "dev" { // the texture that is aimed at; the others vary as wildly as they can
			ls = append(ls, w.ladders...)
		}
	}
	hs := lessAndLess(New())
	learn(hs, ls, trees)
	w := *hs[0].fitted
	if err := os.WriteFile("data/again.bin", hs[0].again.table(), 0o644); err != nil {
		t.Fatal(err)
	}
	for kind, name := range [...]string{"pairFar", "pairNear", "pairNone"} {
		line := "w[" + name + "] = [measures]float64{"
		for i, n := range measureNames() {
			if math.Abs(w[kind][i]) >= 0.005 {
				line += fmt.Sprintf("%s: %.2f, ", n, w[kind][i])
			}
		}
		fmt.Println(strings.TrimSuffix(line, ", ") + "}")
	}
}

// lessAndLess is a listener and some that know less than it.
func lessAndLess(h *Listener) []*Listener { return []*Listener{h, thinned(40, 2), thinned(40, 3)} }

// thinned is a listener that lacks the meanings of some of the words of its lexicon, as
// happens with what people write whom nobody knew when it was written: of the ladders
// at hand it knows nearly every word, which would teach it to rely on that.
func thinned(per100, seed uint64) *Listener {
	h := New()
	drop := func(stem uint64) bool { return (stem^seed*hashPrime)*0x9e3779b97f4a7c15>>32%100 < per100 }
	for i := range h.lex.lang {
		t := &h.lex.lang[i]
		for stem, e := range t.words {
			if e.sets == 0 && drop(stem) {
				e.senses, e.bloom = nil, bloom{}
			}
		}
		for _, ps := range t.phrases {
			for _, p := range ps {
				if p.word.sets == 0 && drop(p.id) {
					p.stems[1] = 0
				}
			}
		}
	}
	return h
}

// TestCrossed judges a writer's ladders with everything fitted on what the others wrote: one writer's, by
// fewer trees, or with -fit all in turn.
func TestCrossed(t *testing.T) {
	if testing.Short() {
		t.Skip("fits everything anew")
	}
	all := writers(t)
	k := &taker{h: New(), names: map[uint64]string{}}
	others := k.others(t)
	spoken := make([][]spoken, len(all))
	for i, w := range all {
		spoken[i] = k.ladders(w.ladders)
	}
	hs, trees := []*Listener{New()}, trees/3
	if *fitFlag {
		hs, trees = lessAndLess(New()), 3*trees
	}
	var sum score
	for i, w := range all {
		if only := os.Getenv("ONLY"); only != "" && !strings.Contains(only, w.name) || only == "" && w.name != "voices-6" && !*fitFlag {
			continue
		}
		train := slices.Clone(others)
		var ls []labelled
		for j := range all {
			if j != i {
				train, ls = append(train, spoken[j]...), append(ls, all[j].ladders...)
			}
			if j != i && all[j].name == "dev" {
				ls = append(ls, all[j].ladders...)
			}
		}
		m := readActs(tableOf(fitActs(train), k.names))
		for _, h := range hs {
			h.acts, h.fitted = m, nil
		}
		learn(hs, ls, trees)
		got := scoreOf(hs[0], w.ladders)
		t.Logf("%s, fitted on the others: %v", w.name, got)
		sum.add(got)
	}
	if *fitFlag {
		t.Logf("all: %v", sum)
	}
	if sum.exact() < floorCrossed {
		t.Errorf("stopped exactly right in cross-validation: %.3f", sum.exact())
	}
}

// floorCrossed is what a writer's ladders reach who is unknown.
const floorCrossed = 0.68
