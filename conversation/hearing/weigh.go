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
		mBias: -1.68, mCoverA: -0.52, mCoverE: 2.86, mBoth: 1.82, mExact: 0.59,
		mClean: 2.75, mFresh: 0.16, mNovel: -0.14, mAdds: -0.40, mSwap: 1.38,
		mContra: 0.87, mRoles: -0.84, mFiller: -3.12, mNames: 0.08, mGoal: -3.82,
		mBack: 0.86, mJust: 1.20, mMass: 1.83, mLetters: 1.55, mRest: -0.91,
		mLiteral: -0.19,
	}
	near = [measures]float64{
		mBias: -1.62, mCoverA: -0.18, mCoverE: 0.29, mBoth: 2.05, mExact: 0.93,
		mClean: 0.41, mFresh: 0.11, mNovel: -0.03, mAdds: -1.66, mSwap: -0.57,
		mContra: 3.06, mRoles: -1.25, mCrossed: -2.79, mFiller: -1.63, mNear: -0.35,
		mNearSame: -0.67, mNearSyn: 0.49, mNames: -0.35, mGoal: -4.73, mBack: 1.84,
		mJust: -0.86, mMass: 2.88, mLetters: 1.69, mRest: 0.02, mLiteral: 0.71,
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
