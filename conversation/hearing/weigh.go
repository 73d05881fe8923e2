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
func weights() (far, near [measures]float64) {
	far = [measures]float64{
		mBias: -2.62, mCoverA: 0.37, mCoverE: 3.07, mBoth: 2.05, mExact: 0.57,
		mClean: 2.48, mFresh: -1.05, mNovel: 0.59, mAdds: -0.45, mSwap: 1.56,
		mContra: 0.88, mRoles: -1.14, mFiller: -3.15, mNames: 0.28, mGoal: -3.33,
		mBack: 0.09, mJust: 1.21, mMass: 2.06, mLetters: 1.36, mRest: -1.36,
		mLiteral: -0.26,
	}
	near = [measures]float64{
		mBias: -2.60, mCoverA: 0.70, mCoverE: 0.41, mBoth: 2.32, mExact: 0.99,
		mClean: 0.09, mFresh: -0.25, mNovel: -0.08, mAdds: -1.42, mSwap: 0.28,
		mContra: -0.20, mRoles: -0.88, mCrossed: -2.28, mFiller: -1.27, mNear: -0.63,
		mNearSame: -0.15, mNearSyn: 0.88, mNames: -0.12, mGoal: -3.54, mBack: 1.91,
		mJust: -0.61, mMass: 3.20, mLetters: 0.75, mRest: 0.24, mLiteral: 0.96,
	}
	return far, near
}

// chance is the chance that a likeness is a repetition.
func chance(m *[measures]float64, w *[measures]float64, off feature) float64 {
	if m[mNone] > 0 {
		return nothingShared
	}
	sum := 0.0
	for i, x := range m {
		if !silenced(i, off) {
			sum += w[i] * x
		}
	}
	return 1 / (1 + math.Exp(-sum))
}

// nothingShared is the chance of a repetition where next to nothing is shared.
const nothingShared = 0.03

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
