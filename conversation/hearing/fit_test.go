package hearing

import (
	"flag"
	"fmt"
	"math"
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
			r := h.read(lad, tn.A)
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
func fit(ss [][]sample, off feature) (out [2][measures]float64) {
	for near := range out {
		out[near] = fitOne(ss, off, float64(near))
	}
	return out
}

// fitOne is logistic regression by gradient descent (Adagrad), with a penalty on large weights.
func fitOne(ss [][]sample, off feature, near float64) [measures]float64 {
	const rounds, rate, penalty = 3000, 0.3, 0.0006
	var w, g2 [measures]float64
	for range rounds {
		grad, n := gradient(ss, off, near, &w)
		for j := range w {
			if silenced(j, off) {
				continue
			}
			g := grad[j]/n + penalty*w[j]*truth(j != mBias)
			g2[j] += g * g
			w[j] -= rate * g / (math.Sqrt(g2[j]) + 1e-9)
		}
	}
	return w
}

// gradient is that of the logistic loss. Of the many earlier answers that a new one does
// not repeat, each counts less the more there are.
func gradient(ss [][]sample, off feature, near float64, w *[measures]float64) (grad [measures]float64, n float64) {
	for _, l := range ss {
		for _, s := range l {
			for i := range s.rows {
				if s.rows[i][mNone] > 0 || s.rows[i][mNear] != near {
					continue
				}
				y, k := 0.0, 1/math.Sqrt(float64(len(s.rows)))
				if s.repeat[i] {
					y, k = 1, 1
				}
				d := (chance(&s.rows[i], w, off) - y) * k
				for j, x := range s.rows[i] {
					grad[j] += d * x
				}
				n += k
			}
		}
	}
	return grad, n
}

// measureNames are the names of the measures, as in the source.
func measureNames() []string {
	return strings.Fields("mBias mCoverA mCoverE mBoth mExact mClean mNone mFresh mNovel mAdds mSwap mContra mRoles mCrossed mFiller mNear mNearSame mNearSyn mNames mGoal mBack mJust mMass mLetters mRest mLiteral")
}

// TestFit prints weights to copy into weigh.go, when asked to.
func TestFit(t *testing.T) {
	if !*fitFlag {
		t.Skip("only with -fit")
	}
	if got := len(measureNames()); got != measures {
		t.Fatalf("%d names for %d measures", got, measures)
	}
	w := fit(samplesOf(New(), allLadders(t)), 0)
	for near, name := range [...]string{"far", "near"} {
		line := fmt.Sprint("weights ", name, ":")
		for i, n := range measureNames() {
			if w[near][i] != 0 {
				line += fmt.Sprintf(" %s: %.2f,", n, w[near][i])
			}
		}
		t.Log(line)
	}
}

// TestCrossed holds what five-fold cross-validation reaches: each ladder is judged with
// weights fitted without it.
func TestCrossed(t *testing.T) {
	if testing.Short() {
		t.Skip("fits five times")
	}
	const folds = 5
	h := New()
	ls := allLadders(t)
	ss := samplesOf(h, ls)
	var got score
	for k := range folds {
		var train [][]sample
		var test []labelled
		for i := range ss {
			if i%folds == k {
				test = append(test, ls[i])
			} else {
				train = append(train, ss[i])
			}
		}
		w := fit(train, 0)
		fold := *h
		fold.fitted = &w
		got.add(scoreOf(&fold, test))
	}
	t.Logf("crossed: %v", got)
	if got.exact() < 0.71 {
		t.Errorf("stopped exactly right in cross-validation: %.3f", got.exact())
	}
}
