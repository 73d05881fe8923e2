package hearing

// Whether an answer says an earlier one again is asked once for the answer, not once for each earlier one:
// what stands out among all of them tells more than any comparison alone. The measures of the nearest
// earlier answer, how far it is ahead, and the best that any of them reaches go into one judgement.

// widest are the measures of which the best over all earlier answers counts as well.
var widest = [...]int{mBoth, mCoverA, mMass, mRareTop, mKinBoth, mKinGist, mGrams}

const (
	standBest   = measures + iota // the odds of the nearest earlier answer
	standSecond                   // and of the second
	standWidest                   // from here on, the best of each of the widest measures
)

// standSize is how many numbers describe an answer among the earlier ones.
const standSize = standWidest + len(widest)

// standing is how an answer stands among the earlier ones.
type standing [standSize]float32

// oddsMost is beyond what any odds that mean something reach.
const oddsMost = 9

// standingOf gathers what tells whether the answer repeats the earlier one that it is nearest to.
func standingOf(likes []likeness, best int, off feature) (t standing) {
	for i, x := range likes[best].m {
		if !silenced(i, off) {
			t[i] = float32(x)
		}
	}
	second := -float64(oddsMost)
	for i := range likes {
		if i != best {
			second = max(second, likes[i].odds)
		}
	}
	t[standBest], t[standSecond] = bounded(likes[best].odds), bounded(second)
	for n, of := range widest {
		if silenced(of, off) {
			continue
		}
		for i := range likes {
			t[standWidest+n] = max(t[standWidest+n], float32(likes[i].m[of]))
		}
	}
	return t
}

func bounded(odds float64) float32 { return float32(min(max(odds, -oddsMost), oddsMost)) }

// nearest is the index of the earlier answer that the answer most likely repeats, if it repeats any.
func nearest(likes []likeness) int {
	best := 0
	for i := range likes {
		if likes[i].odds >= likes[best].odds {
			best = i
		}
	}
	return best
}
