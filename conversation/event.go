package conversation

import (
	"strconv"
	"time"
)

// Event is something that happened to one conversation. Its key makes handling it
// twice harmless: the store takes each key once.
type Event interface{ Key() string }

// Enrolled begins a conversation: the rep is invited.
type Enrolled struct {
	ID   string
	Line string // the line of their manager's that may stand in the invite; "" when there is none
	Why  string // or the manager's why, where they share the usual line
}

// Key implements Event.
func (e Enrolled) Key() string { return "enrolled/" + e.ID }

// Reply is a mail of the rep's, read and heard.
type Reply struct {
	ID         string    // the mail's dedup key
	MessageID  string    // of the mail, for In-Reply-To
	Letter     string    // the key of the letter it answers; "" when that could not be told
	LetterKind Kind      // of that letter
	LetterAt   time.Time // when that letter was sent; zero: not known
	Digest     string    // hash of its body
	Absence    bool      // it words an absence, within a minute of our letter
	Taken      bool      // it answers a letter about an address that cannot become theirs: it is somebody's already, or the reply is not from the known one
	Gone       bool      // the last turn's letter left before it could be withdrawn

	Heard  Heard  // the text alone
	Joined *Heard // a second reply to the same question: both texts together
	Rest   *Heard // after a no: what follows it, heard by itself
}

// Key implements Event.
func (r Reply) Key() string { return "mail/" + r.ID }

// Due is time passing: something the conversation waits for may have come.
type Due struct {
	ID      string
	Version int64 // of the conversation: a due moment can come twice when a clock is set back, a version cannot
}

// Key implements Event.
func (d Due) Key() string { return "due/" + d.ID + "/" + strconv.FormatInt(d.Version, 10) }

// Key implements Event.
func (n Notice) Key() string { return "mail/" + n.ID }

// Encouraged is a manager's answer to a summary, written to us alone: the rep gets it.
type Encouraged struct{ ID, Text string }

// Key implements Event.
func (e Encouraged) Key() string { return "mail/" + e.ID }

// ManagerLeft is a manager's stop: it ends their own copy.
type ManagerLeft struct{ ID string }

// Key implements Event.
func (m ManagerLeft) Key() string { return "mail/" + m.ID }

// UnprovenStop is a stop that names one of our letters and comes from an address that could not be proven.
type UnprovenStop struct{ ID string }

// Key implements Event.
func (u UnprovenStop) Key() string { return "mail/" + u.ID }

// Act is something the admin does by command.
type Act struct {
	ID   string // minted for this command
	Verb ActVerb
	Days int       // of a pause; 0: until resumed
	Rep  Rep       // of an edit: what they are from now on
	At   time.Time // of a mail that is read: when it came
}

// Key implements Event.
func (a Act) Key() string { return "act/" + a.ID }

// ActVerb is what an admin may do to a conversation.
type ActVerb string

// The acts. None but ActExport and ActRead tells the admin a word of what was said.
const (
	ActPause  ActVerb = "pause"
	ActResume ActVerb = "resume" // ends a pause or a hold
	ActStop   ActVerb = "stop"
	ActErase  ActVerb = "erase"
	ActEdit   ActVerb = "edit"   // another manager takes every consent back
	ActRead   ActVerb = "read"   // the admin gets the words of a held mail, and the rep word of it
	ActExport ActVerb = "export" // the admin gets a copy of everything, and the rep the same, with word of it
)
