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
		mBias: -1.62, mCoverA: -0.39, mCoverE: 2.67, mBoth: 1.94, mExact: 0.59,
		mClean: 2.66, mFresh: -0.14, mNovel: 0.03, mAdds: -0.47, mSwap: 1.25,
		mContra: 0.90, mRoles: -0.83, mFiller: -3.06, mNames: 0.12, mGoal: -3.76,
		mBack: 0.88, mJust: 1.26, mMass: 1.71, mLetters: 1.53, mRest: -0.92,
		mLiteral: -0.20,
	}
	near = [measures]float64{
		mBias: -2.03, mCoverA: 0.05, mCoverE: 0.32, mBoth: 2.16, mExact: 0.92,
		mClean: 0.41, mFresh: 0.50, mNovel: -0.09, mAdds: -1.64, mSwap: -0.56,
		mContra: 2.91, mRoles: -1.25, mCrossed: -2.76, mFiller: -1.22, mNear: -0.44,
		mNearSame: -0.58, mNearSyn: 0.64, mNames: -0.26, mGoal: -4.76, mBack: 1.86,
		mJust: -0.91, mMass: 3.27, mLetters: 1.61, mRest: 0.14, mLiteral: 0.68,
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
