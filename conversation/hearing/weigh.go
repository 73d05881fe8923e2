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
		mBias: 1.39, mCoverA: -1.24, mCoverE: 0.93, mBoth: -0.82, mExact: 1.68,
		mClean: 2.08, mFresh: -0.21, mNovel: -0.03, mSwap: -0.01, mContra: 1.12,
		mRoles: -4.66, mFiller: -2.95, mGoal: -4.36, mBack: 0.18, mJust: -0.02,
		mMass: 1.94, mLetters: 2.45, mRest: -1.26, mLiteral: 0.33,
	}
	near = [measures]float64{
		mBias: -1.07, mCoverA: 0.13, mCoverE: -1.34, mBoth: 3.12, mExact: 0.85,
		mClean: 0.50, mFresh: -0.10, mNovel: -0.56, mSwap: 0.48, mContra: 1.94,
		mRoles: -0.42, mCrossed: -3.55, mFiller: -0.57, mNear: -0.22, mNearSame: 0.73,
		mNearSyn: -0.61, mGoal: -5.05, mBack: 3.02, mJust: -0.67, mMass: 1.98,
		mLetters: 1.78, mRest: -0.12, mLiteral: -0.57,
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
