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
		mBias: -1.56, mCoverA: -0.53, mCoverE: 2.78, mBoth: 2.00, mExact: 0.56,
		mClean: 2.68, mFresh: 0.14, mNovel: 0.05, mAdds: -0.74, mSwap: 1.13,
		mContra: 1.01, mRoles: -0.82, mFiller: -3.14, mNames: 0.13, mGoal: -3.82,
		mBack: 0.09, mJust: 1.03, mMass: 1.56, mLetters: 1.56, mRest: -1.00,
		mLiteral: -0.17,
	}
	near = [measures]float64{
		mBias: -3.10, mCoverA: 0.99, mCoverE: 0.04, mBoth: 2.92, mExact: 0.89,
		mClean: 0.07, mFresh: 1.15, mNovel: 0.05, mAdds: -1.63, mSwap: -0.23,
		mContra: 0.06, mRoles: -1.27, mCrossed: -2.61, mFiller: -1.14, mNear: -0.75,
		mNearSame: 0.14, mNearSyn: 0.89, mNames: -0.11, mGoal: -4.74, mBack: 2.18,
		mJust: -0.81, mMass: 3.78, mLetters: 1.54, mRest: -0.27, mLiteral: 0.16,
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
