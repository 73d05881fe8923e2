package conversation

import "time"

// Heard is everything a Listener made of one reply, whatever was asked. Decide
// reads from it what fits the question that was open; a reply to CONFIRM looks
// at Answer, a reply to a check-in at Outcome.
type Heard struct {
	Text     string   // the reply as it was read, trimmed
	Command  Command  // a command alone on the first line, or the whole reply asking to be left alone
	Answer   YesNo    // does it begin with a yes or a no?
	Rest     string   // what follows that yes or no ("no, it's more that ..." -> "it's more that ..."), trimmed; the whole text without one
	Outcome  Outcome  // how a step went
	Next     string   // the next step named in the same reply ("done - next I'll call Priya")
	Pick     int      // the number chosen from a numbered list, from 1; 0: none
	Size     StepSize // is the text fit to be a tiny step?
	Topic    Topic    // what a question is about, when Verdict.Label is Question
	Fork     []string // two reasons in one answer, about equal: each in its own words; else nil
	Care     bool     // a first-person word of distress, by the documented table; never an idiom of the trade
	Language string   // the language it seems to be written in (ISO 639-1), "" when too short to tell
	Verdict  Verdict  // the judge's view, with the ladder as it stands
}

// Listener hears replies. The embedded one needs no network and no model.
// Implementations are deterministic, safe for concurrent use, bounded in time,
// and return for any bytes at all.
type Listener interface {
	Hear(l Ladder, text string) Heard
}

// YesNo is whether a reply begins with a yes or a no, in any supported language.
type YesNo string

// The values of YesNo.
const (
	Neither YesNo = ""
	Yes     YesNo = "yes"
	No      YesNo = "no"
)

// Outcome is how a tiny step went, the only thing of a check-in's answer that a
// summary may carry.
type Outcome string

// The outcomes. Unsaid is the zero value.
const (
	Unsaid Outcome = ""
	Done   Outcome = "done"
	Half   Outcome = "half"
	NotYet Outcome = "not yet"
)

// StepSize says whether a text is fit to be a tiny step.
type StepSize string

// The sizes. Fits is the zero value, so that doubt lets a step stand.
const (
	Fits   StepSize = ""
	TooBig StepSize = "too big" // "finish the whole territory plan"
	Vague  StepSize = "vague"   // "be better at calls"
)

// Topic is what a rep's question to us is about.
type Topic string

// The topics that have an answer of their own; Unknown is the zero value.
const (
	TopicUnknown Topic = ""
	TopicWhoSees Topic = "who-sees" // who can see this?
	TopicHowLong Topic = "how-long" // how long does this go on, how many questions?
	TopicRobot   Topic = "robot"    // are you a robot?
	TopicHow     Topic = "how"      // how does it work, what do you want from me, what kind of answer?
	TopicStop    Topic = "stop"     // can I stop?
	TopicStored  Topic = "stored"   // what is stored, where, for how long?
)

// Verb is the name of a command.
type Verb string

// The verbs. A command counts when it stands alone on the first line of a
// reply ("stop worrying about money" is an answer), or when the whole reply asks in
// any words to be left alone, which is VerbStop.
const (
	NoCommand    Verb = ""
	VerbStop     Verb = "stop"
	VerbStart    Verb = "start"
	VerbAfresh   Verb = "afresh"
	VerbOn       Verb = "on"
	VerbPause    Verb = "pause"
	VerbSkip     Verb = "skip"
	VerbPrivate  Verb = "private"
	VerbShare    Verb = "share"
	VerbHold     Verb = "hold"
	VerbHelp     Verb = "help"
	VerbPath     Verb = "path"
	VerbExport   Verb = "export"
	VerbNewWhy   Verb = "new why"
	VerbWrong    Verb = "that's wrong"
	VerbForgetMe Verb = "forget me"
	VerbDelete   Verb = "delete"
	VerbOK       Verb = "ok"
	VerbLanguage Verb = "language" // "Deutsch" alone on a line: write to me in it
	VerbCall     Verb = "call"     // never heard: what a yes to CARE means
)

// Command is a command, for a pause its length, and for a language which.
type Command struct {
	Verb     Verb
	Until    When   // pause only; zero: no end was named
	Language string // language only: ISO 639-1
}

// When is a moment as a person names it, not yet tied to a calendar: "2 weeks",
// "until Monday", "until 14 July", "till the 3rd". At most one of Days, Weekday and the
// date is set; the zero value names nothing.
type When struct {
	Days       int // from today
	Weekday    time.Weekday
	HasWeekday bool
	Day        int // of the month, from 1
	Month      time.Month
	Year       int
}
