package hearing

import "math"

// feature is a measure or a step of reading that can be switched off, to see what it is worth.
type feature uint32

// What can be switched off. The zero value leaves everything on.
const (
	offConcepts feature = 1 << iota // the lexicon's concepts
	offNegation                     // negation and opposite poles
	offPremise                      // setting premises aside
	offClauses                      // comparing clause by clause
	offRoles                        // who does what to whom
	offNear                         // telling the answer just before from older ones
	offBack                         // "like I said"
	offLetters                      // letter trigrams
	offFiller                       // frame and filler
	offJust                         // "just", "simply"
	offNoAnswer                     // hearing replies that are no answer
)

// weights are the weights of the measures in the logistic function: those for an
// earlier answer, and those for the answer just before, which people elaborate on
// with its own words. Fitted by TestFit (fit_test.go) with a penalty on large ones.
func weights() (w [pairings][measures]float64) {
	w[pairFar] = [measures]float64{
		mBias: -2.38, mCoverA: 0.32, mCoverE: 2.84, mBoth: 1.90, mExact: 1.02, mClean: 2.32, mFresh: -1.16,
		mNovel: 0.12, mAdds: -0.46, mSwap: 1.58, mContra: 2.27, mRoles: -1.27, mFiller: -3.54, mNames: -0.09, mGoal: -3.16, mBack: 0.53, mJust: 1.47, mMass: 2.67, mLetters: 1.46, mRest: -1.18, mWhole: -1.29, mLiteral: -0.17,
	}
	w[pairNear] = [measures]float64{
		mBias: -1.76, mCoverA: 0.42, mCoverE: 0.26, mBoth: 1.60, mExact: 1.04, mClean: 0.13, mFresh: -0.53,
		mNovel: -0.23, mAdds: -1.29, mSwap: 0.16, mContra: 0.48, mRoles: -1.23, mCrossed: -2.18, mFiller: -1.56, mNear: -0.88, mNearSame: -0.23, mNearSyn: 0.76, mNames: -0.46, mGoal: -3.48, mBack: 1.79,
		mJust: -0.63, mMass: 3.40, mLetters: 0.60, mRest: 0.14, mWhole: 0.35, mLiteral: 0.97,
	}
	w[pairNone] = [measures]float64{
		mBias: -1.11, mCoverA: 0.54, mCoverE: 0.10, mBoth: 0.05, mClean: 0.23, mNone: -0.82, mFresh: -0.49,
		mNovel: -0.72, mAdds: -0.03, mSwap: 1.11, mContra: 0.55, mRoles: -0.09, mFiller: -0.40, mNear: -0.24, mNearSame: 0.06, mNearSyn: 0.13, mGoal: -2.58, mJust: 0.58, mMass: 0.21, mLetters: 1.06,
		mRest: 0.09, mLiteral: 0.21,
	}
	return w
}

// chance is the chance that a likeness is a repetition.
func chance(m *[measures]float64, w *[measures]float64, off feature) float64 {
	return 1 / (1 + math.Exp(-odds(m, w, off)))
}

// odds are the logarithm of the odds that a likeness is a repetition.
func odds(m *[measures]float64, w *[measures]float64, off feature) float64 {
	sum := 0.0
	for i, x := range m {
		if x != 0 && !silenced(i, off) {
			sum += w[i] * x
		}
	}
	return sum
}

// The kinds of comparison that have weights of their own.
const (
	pairFar  = iota // with an earlier answer
	pairNear        // with the answer just before
	pairNone        // with one that it shares no word with, and no word's meaning that the lexicon knows
	pairings
)

func pairing(m *[measures]float64, off feature) int {
	switch {
	case m[mNone] > 0:
		return pairNone
	case m[mNear] > 0 && off&offNear == 0:
		return pairNear
	}
	return pairFar
}

// silenced tells whether a measure is switched off.
func silenced(i int, off feature) bool {
	switch i {
	case mNear, mNearSame, mNearSyn:
		return off&offNear != 0
	case mBack:
		return off&offBack != 0
	case mLetters:
		return off&offLetters != 0
	case mJust:
		return off&offJust != 0
	case mRoles, mCrossed:
		return off&offRoles != 0
	case mFiller, mSwap:
		return off&offFiller != 0
	case mContra:
		return off&offNegation != 0
	}
	return false
}
