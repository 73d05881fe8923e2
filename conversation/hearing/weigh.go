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
		mBias: -1.31, mCoverA: -0.94, mCoverE: 2.15, mBoth: 1.92, mExact: 0.68,
		mClean: 2.70, mFresh: 0.38, mNovel: 0.09, mAdds: -0.46, mSwap: 1.06,
		mContra: 0.49, mRoles: -0.74, mFiller: -2.17, mGoal: -3.85, mBack: 0.11,
		mJust: 0.99, mMass: 1.61, mLetters: 2.67, mRest: -0.65, mLiteral: -0.52,
	}
	near = [measures]float64{
		mBias: -0.56, mCoverA: -0.60, mCoverE: -0.10, mBoth: 1.50, mExact: 1.20,
		mClean: 0.71, mFresh: 0.71, mNovel: -0.53, mAdds: -1.26, mSwap: -1.02,
		mContra: 2.95, mRoles: -1.02, mCrossed: -2.83, mFiller: -0.56, mNear: -0.07,
		mNearSame: -0.07, mNearSyn: -0.55, mGoal: -4.72, mBack: 2.46, mJust: -0.65,
		mMass: 3.13, mLetters: 1.77, mRest: -0.05, mLiteral: -0.70,
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
