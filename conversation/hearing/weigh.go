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
		mBias: -3.01, mCoverA: 0.82, mCoverE: 3.23, mBoth: 3.02, mExact: 1.76, mClean: 0.86, mFresh: -1.90, mNovel: 0.26, mAdds: -0.25,
		mSwap: 1.83, mContra: 2.22, mRoles: -1.22, mCrossed: -0.16, mFiller: -1.10, mGoal: -2.54, mBack: 1.98, mJust: -0.20, mMass: 2.25,
		mRest: -0.87, mLiteral: -0.80, mRareA: -3.13, mRareE: -2.51, mRareTop: 2.89, mKinA: 1.35, mKinE: -0.87, mKinBoth: 3.91, mKinGist: -0.50,
		mKinGist2: -2.69, mKinOver: 2.96, mGrams: 3.54, mPairs: -2.46, mInA: 2.99, mInE: -1.47,
	}
	w[pairNear] = [measures]float64{
		mBias: -2.94, mCoverA: 0.08, mCoverE: 0.23, mBoth: 2.85, mExact: 0.60, mClean: -0.27, mFresh: -1.28, mNovel: 0.44, mAdds: -1.44,
		mSwap: -0.14, mContra: -0.20, mRoles: -1.08, mCrossed: -3.89, mFiller: -1.00, mGoal: -4.01, mBack: 3.91, mJust: 0.50, mMass: 2.16,
		mRest: -0.77, mLiteral: -0.42, mRareA: -1.92, mRareE: -2.04, mRareTop: 1.74, mKinA: 0.09, mKinE: 0.55, mKinBoth: 2.23, mKinGist: -0.05,
		mKinGist2: 0.15, mKinOver: 0.69, mGrams: 3.09, mPairs: -1.78, mInA: 2.90, mInE: -2.42,
	}
	w[pairNone] = [measures]float64{
		mBias: -5.70, mCoverA: 0.71, mCoverE: 2.87, mBoth: 0.31, mClean: 1.82, mFresh: -0.11, mNovel: 1.30, mSwap: 0.97, mContra: 4.07,
		mRoles: -2.20, mCrossed: -0.46, mFiller: -1.23, mNear: -0.55, mGoal: -3.39, mBack: -0.08, mJust: 0.30, mMass: 2.28, mRest: 0.11,
		mLiteral: -0.43, mRareA: -1.44, mRareE: -4.65, mRareTop: 1.81, mKinA: 0.50, mKinE: 0.13, mKinBoth: 6.16, mKinGist: 0.25, mKinGist2: 0.90,
		mKinOver: 0.36, mGrams: 5.38, mPairs: -1.07, mInA: 2.23, mInE: -1.87,
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
