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

// weights are the weights of the measures in the logistic function, fitted by
// TestFit (fit_test.go) on testdata/ with a penalty on large ones, and rounded.
func weights() [measures]float64 {
	return [measures]float64{
		mBias: 0.91, mCoverA: -0.53, mCoverE: -1.02, mBoth: 1.90, mExact: 2.05,
		mClean: 0.95, mNone: 0.00, mFresh: -0.59, mNovel: -0.15, mSwap: 0.32,
		mContra: 2.11, mRoles: -1.22, mCrossed: -3.77, mFiller: -1.00, mNear: -2.16,
		mNearSame: 0.99, mNearSyn: -0.13, mGoal: -3.91, mBack: 3.46, mJust: -0.02,
		mMass: 2.57, mLetters: 2.07, mRest: -1.14, mLiteral: -0.55,
	}
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
