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
		mBias: -1.81, mCoverA: -0.55, mCoverE: 3.10, mBoth: 1.79, mExact: 0.52,
		mClean: 2.75, mFresh: -0.10, mNovel: 0.02, mAdds: -0.59, mSwap: 1.45,
		mContra: 0.99, mRoles: -0.93, mFiller: -3.10, mNames: 0.07, mGoal: -3.79,
		mBack: 0.84, mJust: 1.30, mMass: 1.32, mLetters: 2.24, mRest: -0.82,
		mLiteral: -0.45,
	}
	near = [measures]float64{
		mBias: -1.24, mCoverA: 0.01, mCoverE: 0.27, mBoth: 1.67, mExact: 0.97,
		mClean: 0.01, mFresh: 0.23, mNovel: -0.50, mAdds: -1.77, mSwap: -0.50,
		mContra: 2.37, mRoles: -1.84, mCrossed: -2.86, mFiller: -1.60, mNear: -0.24,
		mNearSame: 0.04, mNearSyn: -0.04, mNames: 0.01, mGoal: -4.83, mBack: 2.11,
		mJust: -0.84, mMass: 3.49, mLetters: 1.89, mRest: -0.11, mLiteral: -0.32,
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
