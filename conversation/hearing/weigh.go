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
		mBias: -1.41, mCoverA: -0.79, mCoverE: 2.66, mBoth: 1.64, mExact: 0.70,
		mClean: 2.86, mFresh: 0.61, mNovel: -0.34, mAdds: -0.32, mSwap: 1.03,
		mContra: 0.91, mRoles: -0.76, mFiller: -2.54, mNames: -0.06, mGoal: -3.74,
		mBack: 0.11, mJust: 1.19, mMass: 1.74, mLetters: 2.30, mRest: -0.79,
		mLiteral: -0.84,
	}
	near = [measures]float64{
		mBias: -0.80, mCoverA: -0.25, mCoverE: 0.02, mBoth: 1.00, mExact: 1.08,
		mClean: 0.74, mFresh: 0.45, mNovel: -0.60, mAdds: -1.50, mSwap: -0.88,
		mContra: 2.61, mRoles: -1.28, mCrossed: -3.07, mFiller: -2.33, mNear: -0.13,
		mNearSame: -0.21, mNearSyn: -0.05, mNames: -0.65, mGoal: -4.78, mBack: 2.23,
		mJust: -0.74, mMass: 3.26, mLetters: 2.25, mRest: -0.26, mLiteral: -0.50,
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
