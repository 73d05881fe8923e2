package conversation

import "time"

// Kind names a letter of CONVERSATION; each has a template of that name.
type Kind string

// The kinds. Those of the first group ask a question that stays open until it is
// answered; the second group answers a reply, and most repeat the open question;
// the third is what time brings.
const (
	KindInvite  Kind = "invite"
	KindGoal    Kind = "goal"
	KindWhy     Kind = "why"     // variants 0..5, and Say.First, Say.Explain
	KindUnblock Kind = "unblock" // variants 0..4: situation, absence, negative, third person, time
	KindConfirm Kind = "confirm" // Say.Rest: "let's rest there" after a third stuck reply
	KindCloser  Kind = "closer"  // after a bare no: "What would come closer?"
	KindPick    Kind = "pick"
	KindShare   Kind = "share" // shows exactly what the manager would see: Say.Line, or the usual line made of Say.Why
	KindLend    Kind = "lend"  // to a manager who went first: may a line of theirs stand in the invites? Say.Line or Say.Why; variants as of share
	KindStep    Kind = "step"  // Say.Why "" asks for a step without a why; variant 1: after a stuck reply, "one call, one note, one line counts"
	KindShrink  Kind = "shrink"
	KindWhen    Kind = "when"
	KindCheckIn Kind = "check-in" // variant 1: a reply that does not say how it went: "Shall I put that down as done, half or not yet?"
	KindDone    Kind = "done"     // after done or half: asks for the next tiny step
	KindNotYet  Kind = "not-yet"  // asks for a smaller one
	KindRestart Kind = "restart"  // START: "go on where we were, or start afresh?"
	KindForget  Kind = "forget"   // FORGET ME: "Reply delete to confirm"
	KindNewWhy  Kind = "new-why"  // a new ladder's goal question
	KindDormant Kind = "dormant"  // "Shall I keep your place? Reply yes, or no and I'll close this."; Say.At: when it closes by itself

	KindFork     Kind = "fork"      // Say.Path: the two reasons
	KindWhyCheck Kind = "why-check" // every twelve weeks: "Does it still feel true?"
	KindMatters  Kind = "matters"   // after its no: "What matters more now?"

	KindActive    Kind = "active"
	KindDeclined  Kind = "declined"
	KindStopped   Kind = "stopped"
	KindPaused    Kind = "paused"
	KindResume    Kind = "resume"
	KindSkip      Kind = "skip"
	KindHold      Kind = "hold"
	KindPrivate   Kind = "private" // what was switched off, said back
	KindShared    Kind = "shared"  // what was switched on, said back
	KindForgotten Kind = "forgotten"
	KindUndone    Kind = "undone" // THAT'S WRONG
	KindHelp      Kind = "help"
	KindReassure  Kind = "reassure"
	KindClarify   Kind = "clarify" // Say.Topic
	KindEmpty     Kind = "empty"
	KindNow       Kind = "now"    // a late reply to an old question: where we are now
	KindPath      Kind = "path"   // the ladder and all tiny steps so far
	KindAgreed    Kind = "agreed" // "ok" to a preview, said back

	KindBack     Kind = "back"      // after an absence: "Hope the break was good"
	KindPassedOn Kind = "passed-on" // Say.Line: what the manager answered to a summary, whole
	KindManager  Kind = "manager"   // the manager has changed: both switches are off
	KindCare     Kind = "care"      // Say.Line: the helpline
	KindExport   Kind = "export"    // everything held about them; Say.Held; variant 1: the admin has a copy

	KindAddress Kind = "address" // did they write from Say.Line?
	KindLinked  Kind = "linked"  // Say.Line counts as theirs; variant 1: no longer

	KindRead Kind = "read" // the admin had a held mail's words shown, which came at Say.At

	// To the contact, not to the rep.
	KindCall         Kind = "call"          // CARE's yes: please call them, and nothing else
	KindUnprovenStop Kind = "unproven-stop" // a stop from an address that could not be proven

	KindReminder1 Kind = "reminder-1"
	KindReminder2 Kind = "reminder-2"
	KindPreview   Kind = "preview" // Say.First: needs an ok; variant 1: the rep's own version shown back, needs an ok too
	KindSummary   Kind = "summary"
)

// Thread is one of the mail threads a rep sees. It fixes the subject.
type Thread struct {
	Name  string    // ThreadLadder and its like
	Month time.Time // of ThreadSteps: a new thread each month
}

// Key names a thread among a rep's.
func (t Thread) Key() string {
	if t.Name == ThreadSteps {
		return t.Name + t.Month.Format("/2006-01")
	}
	return t.Name
}

// The names of threads.
const (
	ThreadLadder  = "ladder"
	ThreadSteps   = "steps"
	ThreadPreview = "preview"
	ThreadSummary = "summary"
	ThreadAddress = "address" // whether another address is theirs
	ThreadContact = "contact" // letters to the contact
)

// Prompt says what a letter must say; the templates put it into words.
// Exactly one of Say and Summary is set: a letter that a manager may be copied on
// is worded from a Summary alone.
type Prompt struct {
	Kind      Kind
	Variant   int
	Key       string // names the letter for ever: kind, conversation, and what makes it unique
	Language  string
	Thread    Thread
	NotBefore time.Time // the earliest moment it may be sent
	InReply   bool      // it answers a mail (Auto-Submitted: auto-replied), rather than being ours to start
	Answers   string    // the Message-ID of that mail, for In-Reply-To; "" when none
	Footer    Footer
	Offer     string // a language they seem to prefer: one line in it says how to change
	Say       *Say
	Summary   *Summary
	Cc        bool // copy the manager; only with Summary
	ToContact bool // it goes to the contact, not to the rep, and holds nothing they said
}

// Footer says which of the two footers a coaching letter carries.
type Footer string

// The footers.
const (
	FooterPrivate Footer = "private" // the manager isn't sent this
	FooterSummary Footer = "summary" // the answer goes into the summary
	FooterNone    Footer = ""        // the summary itself, and the last letter of all
)

// Say holds the values a coaching letter may speak of. Each kind uses a few.
type Say struct {
	Rep, Manager            string // first names as they are greeted
	Contact, ContactAddress string

	Answer   string   // the rep's own words the letter is about
	Previous string   // the words before them
	Goal     string   // what the ladder started at
	Path     []string // the rungs, oldest first
	Why      string
	Line     string // INVITE: what a manager who went first lets it say; SHARE, LEND: a line of the rep's own, shown back; "" means the usual line made of Why
	Step     string
	Steps    []Step // PATH
	N        int    // which tiny step this was

	First, Explain, Rest bool      // see the kinds
	Remote               bool      // a model on another machine may get the ladder: the footer says so
	Warn                 bool      // and so does the letter itself: GOAL, and a first WHY that no GOAL went before
	Cc                   bool      // the manager is copied on summaries at present
	At                   time.Time // a moment the letter names, in the rep's zone
	Topic                Topic
	Preview              *Summary // PREVIEW: the exact text that could go
	Commands             []Verb   // HELP: the commands that make sense now
	Held                 *Export  // EXPORT: everything held
	Ask                  *Prompt  // the open question, put again; its Kind, Variant and Say are used
}

// Wording is a letter in words.
type Wording struct {
	Subject string // without "Re: "
	Text    string // plain, lines joined by "\n", not wrapped
	HTML    string
	Files   []File // attached; EXPORT alone has any
}

// File is an attachment.
type File struct {
	Name string // ASCII, "whyloop-export.json"
	Type string // a media type: "application/json"
	Data []byte
}

// Letter is worded, addressed and final: its bytes never change again.
type Letter struct {
	Key          string
	Conversation string
	Kind         Kind
	MessageID    string // without angle brackets, made from Key: a second sending has the same
	Token        string // routes a reply to this letter; never proves who wrote
	To, Cc       []Address
	NotBefore    time.Time
	Text         string // the plain text part, kept to recognise it in a quote
	Raw          []byte // RFC 5322, CRLF lines
}

// Recipients returns To and Cc: one delivery is kept for each.
func (l Letter) Recipients() []Address {
	return append(append([]Address(nil), l.To...), l.Cc...)
}

// Delivery is one letter claimed for one recipient.
type Delivery struct {
	Letter    string // Letter.Key
	MessageID string
	Recipient string // the envelope recipient, an addr-spec
	Raw       []byte
	Attempt   int       // 1 for the first
	Since     time.Time // when the letter first could go, from which giving up is counted
}

// Settlement is what became of one attempt to deliver.
type Settlement struct {
	State DeliveryState
	Next  time.Time // DeliveryRetry: not before
	Code  int       // SMTP reply code, 0 when there was none
	Note  string    // a fixed word for the log and the admin ("refused", "timeout", "ambiguous"); never the server's text, which may name the recipient
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryWaiting DeliveryState = "waiting"
	DeliveryClaimed DeliveryState = "claimed"
	DeliverySent    DeliveryState = "sent"    // the server said 250 after the final dot
	DeliveryRetry   DeliveryState = "retry"   // settles back to waiting
	DeliveryFailed  DeliveryState = "failed"  // for good
	DeliveryRevoked DeliveryState = "revoked" // withdrawn before it was claimed
)
