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
	offLetters                      // letters and small words in common
	offFiller                       // frame and filler
	offJust                         // "just", "simply"
	offNoAnswer                     // hearing replies that are no answer
	offRare                         // how rare a word is that is said again
	offKin                          // how near words are in meaning, by their vectors
)

// weights are the weights of the measures in the logistic function: those for an
// earlier answer, and those for the answer just before, which people elaborate on
// with its own words. Fitted by TestFit (fit_test.go) with a penalty on large ones.
func weights() (w [pairings][measures]float64) {
	w[pairFar] = [measures]float64{
		mBias: -3.22, mCoverA: 0.83, mCoverE: 3.11, mBoth: 3.08, mExact: 1.78, mClean: 0.85, mFresh: -1.90, mNovel: 0.27, mAdds: -0.20,
		mSwap: 1.81, mContra: 2.26, mRoles: -1.20, mCrossed: -0.16, mFiller: -1.08, mGoal: -2.56, mBack: 2.21, mJust: -0.19, mMass: 2.26,
		mRest: -0.90, mLiteral: -0.86, mRareA: -2.82, mRareE: -2.65, mRareTop: 2.92, mKinA: 1.15, mKinE: -0.58, mKinBoth: 3.62, mKinGist: -0.53,
		mKinGist2: -2.86, mKinOver: 3.15, mGrams: 3.57, mPairs: -2.35, mInA: 3.04, mInE: -1.56,
	}
	w[pairNear] = [measures]float64{
		mBias: -2.53, mCoverA: 0.08, mCoverE: 0.13, mBoth: 2.85, mExact: 0.56, mClean: -0.25, mFresh: -1.32, mNovel: 0.42, mAdds: -1.41,
		mSwap: -0.13, mContra: -0.22, mRoles: -1.10, mCrossed: -3.91, mFiller: -1.00, mGoal: -4.05, mBack: 3.93, mJust: 0.49, mMass: 2.16,
		mRest: -0.85, mLiteral: -0.41, mRareA: -1.92, mRareE: -1.87, mRareTop: 1.75, mKinA: -0.27, mKinE: 0.58, mKinBoth: 2.34, mKinGist2: 0.12,
		mKinOver: 0.61, mGrams: 3.06, mPairs: -1.75, mInA: 3.03, mInE: -2.55,
	}
	w[pairNone] = [measures]float64{
		mBias: -5.42, mCoverA: 0.64, mCoverE: 2.80, mBoth: 0.25, mClean: 1.82, mFresh: -0.09, mNovel: 1.23, mSwap: 0.95, mContra: 4.06,
		mRoles: -2.13, mCrossed: -0.45, mFiller: -1.16, mNear: -0.55, mGoal: -3.39, mBack: -0.08, mJust: 0.33, mMass: 2.30, mRest: -0.10,
		mLiteral: -0.42, mRareA: -1.66, mRareE: -2.71, mRareTop: 1.21, mKinA: 0.75, mKinE: 0.64, mKinBoth: 4.32, mKinGist: 0.33, mKinGist2: 0.65,
		mKinOver: 0.43, mGrams: 5.86, mPairs: -1.14, mInA: 2.59, mInE: -2.90,
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
	case mNear:
		return off&offNear != 0
	case mBack:
		return off&offBack != 0
	case mGrams, mPairs, mInA, mInE:
		return off&offLetters != 0
	case mRareA, mRareE, mRareTop:
		return off&offRare != 0
	case mKinA, mKinE, mKinBoth, mKinGist, mKinGist2, mKinOver:
		return off&offKin != 0
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
