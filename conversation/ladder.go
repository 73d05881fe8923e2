package conversation

import "time"

// Ladder is one run of the method: a goal, and under it the answers to "What
// will that get you?", asked of each answer until one comes round again
// (Hinkle 1965; Reynolds & Gutman 1988).
type Ladder struct {
	Goal  string    `json:"goal"`
	Rungs []Rung    `json:"rungs,omitempty"`
	Began time.Time `json:"began,omitzero"`
}

// Rung is one answer of the ladder, in the rep's own words. Replies that are no
// answer (stuck, question, deflect, command) never become rungs.
type Rung struct {
	Answer  string    `json:"answer"`
	Label   Label     `json:"label"`
	Repeats []int     `json:"repeats,omitempty"` // as in Verdict
	At      time.Time `json:"at,omitzero"`

	// Ruling is what the rep said when this rung was offered to them as their why.
	Ruling Ruling `json:"ruling,omitempty"`
}

// Ruling is a rep's own word on a why that was offered to them.
type Ruling string

// The rulings. NotAsked is the zero value.
const (
	NotAsked Ruling = ""
	Agreed   Ruling = "agreed"
	Rejected Ruling = "rejected"
)

// Ruled is a ruling, and the label of the answer that brought the offer: how often the judge was right, without a word.
type Ruled struct {
	Label  Label
	Ruling Ruling
}

// Label says what kind of reply an answer is, in the coaching sense.
type Label string

// The labels of a Verdict.
const (
	New       Label = "new"       // a different answer in substance
	Repeat    Label = "repeat"    // names again what an earlier answer or the goal said
	Exhausted Label = "exhausted" // points back without naming it: "same as before", "that's it"
	Stuck     Label = "stuck"     // "no idea"
	Question  Label = "question"  // asks us something
	Deflect   Label = "deflect"   // would rather not say
	Commanded Label = "command"   // "stop" alone on a line, and its like
)

// Indexes of a Verdict that are not positions in Ladder.Rungs.
const (
	GoalIndex = -1 // the goal itself
	NoWhy     = -2 // no answer is proposed as the why
)

// Verdict is what a judge heard in one answer.
type Verdict struct {
	Label   Label
	Repeats []int   // which earlier answers it repeats: indexes into Ladder.Rungs, GoalIndex for the goal
	Why     int     // the answer that is the why: an index into Ladder.Rungs, len(Rungs) for the answer itself, GoalIndex, or NoWhy
	Wording string  // the best wording of that why, in the rep's own words; "" with NoWhy
	Sure    float64 // how sure the judge is of Label, 0 to 1
	Confirm bool    // the CONFIRM letter should go: repeat, exhausted, or unsure whether the answer is new
	Because string  // the reasons in words, for `whyloop judge --explain` and tests; it quotes answers, so it is never logged or stored
}

// Judge decides whether an answer differs from everything said before it.
// Implementations are deterministic, safe for concurrent use, and return a
// Verdict for any bytes at all.
type Judge interface {
	Judge(l Ladder, answer string) Verdict
}
