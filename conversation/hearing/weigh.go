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
		mBias: -1.10, mCoverA: -0.56, mCoverE: 2.94, mBoth: 0.69, mExact: 1.62, mClean: 0.30, mFresh: -1.08, mNovel: -0.35, mAdds: -0.61,
		mSwap: 1.07, mContra: 1.72, mRoles: -1.64, mCrossed: -0.12, mFiller: -0.85, mGoal: -3.02, mBack: 1.88, mJust: -0.64, mMass: 4.43,
		mRest: 1.15, mLiteral: -0.02, mRareA: -4.33, mRareE: -2.17, mRareTop: 3.35, mKinA: 4.10, mKinE: -1.08, mKinBoth: 2.38, mKinGist: 0.57,
		mKinGist2: -1.28, mKinOver: 2.06, mKinSqA: -0.67, mKinSqE: -0.71, mKinMass: 3.54, mKinTop: -3.29, mKinNew: 0.69, mKinLost: -1.94, mKinLeft: -2.66,
		mKinRest: -0.77, mGrams: 2.86, mPairs: -1.24, mInA: 2.42, mInE: -2.69, mAheadBoth: 0.55, mAheadCover: 1.01, mAheadMass: -2.63, mAheadKin: 1.67,
		mAheadGrams: 3.10, mAheadIn: 0.20,
	}
	w[pairNear] = [measures]float64{
		mBias: -0.87, mCoverA: 0.43, mCoverE: -0.91, mBoth: -0.40, mExact: 0.27, mClean: -0.17, mFresh: -1.33, mNovel: 0.12, mAdds: -0.79,
		mSwap: 0.21, mContra: -0.31, mRoles: -1.94, mCrossed: -4.81, mFiller: -0.91, mGoal: -2.37, mBack: 3.52, mJust: 0.43, mMass: 3.93,
		mRest: -1.05, mLiteral: -0.35, mRareA: -2.05, mRareE: -2.70, mRareTop: 3.28, mKinA: -0.84, mKinE: 0.21, mKinBoth: 4.94, mKinGist: -1.10,
		mKinGist2: -0.04, mKinOver: 2.53, mKinSqA: 1.12, mKinSqE: 0.56, mKinMass: 1.26, mKinTop: -3.41, mKinNew: -0.34, mKinLost: -1.46, mKinLeft: -1.42,
		mKinRest: 0.84, mGrams: 5.10, mPairs: -2.47, mInA: 5.55, mInE: -2.56, mAheadBoth: 4.40, mAheadCover: -1.10, mAheadMass: -2.71, mAheadKin: -2.25,
		mAheadGrams: -2.92, mAheadIn: -3.22,
	}
	w[pairNone] = [measures]float64{
		mBias: -4.19, mCoverA: 1.26, mCoverE: 1.67, mBoth: 0.55, mClean: 0.79, mFresh: 1.51, mNovel: 0.83, mAdds: -1.83, mSwap: 0.45,
		mContra: 2.68, mRoles: -2.43, mCrossed: -1.87, mFiller: -0.62, mNear: -0.74, mGoal: -3.36, mBack: -0.33, mJust: -0.08, mMass: 2.43,
		mRest: -0.15, mLiteral: -0.20, mRareA: -3.13, mRareE: -2.38, mRareTop: 2.23, mKinA: 1.95, mKinE: -1.11, mKinBoth: 3.63, mKinGist: 2.64,
		mKinGist2: -1.62, mKinOver: 1.43, mKinSqA: 1.54, mKinSqE: 1.48, mKinMass: 0.87, mKinTop: -2.07, mKinNew: 0.06, mKinLost: -1.41, mKinLeft: -4.16,
		mKinRest: -1.23, mGrams: 5.77, mPairs: -1.29, mInA: 3.30, mInE: -3.58, mAheadBoth: -1.11, mAheadCover: -0.12, mAheadMass: -0.97, mAheadKin: -1.99,
		mAheadGrams: -0.20, mAheadIn: -0.34,
	}
	return w
}

// logistic is the chance that odds stand for, given as their logarithm.
func logistic(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

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
	case mGrams, mPairs, mInA, mInE, mAheadGrams, mAheadIn:
		return off&offLetters != 0
	case mRareA, mRareE, mRareTop:
		return off&offRare != 0
	case mKinA, mKinE, mKinBoth, mKinGist, mKinGist2, mKinOver, mKinSqA, mKinSqE, mKinMass, mKinTop, mKinNew, mKinLost, mKinLeft, mKinRest, mAheadKin:
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
