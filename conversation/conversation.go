package conversation

import "time"

// Address is a mailbox as it stands in a header. Mail is an ASCII addr-spec
// (RFC 5322 §3.4.1), validated before it gets here; Name may be any text.
type Address struct {
	Name string `json:"name,omitempty"`
	Mail string `json:"mail"`
}

// Rep is the salesperson, and who they work with.
type Rep struct {
	Name     string   `json:"name"`              // as they are greeted: "Sam"
	Address  Address  `json:"address"`           // where letters go
	Aliases  []string `json:"aliases,omitempty"` // other addresses proven to be theirs
	Manager  Address  `json:"manager"`           // copied on the weekly summary
	Zone     string   `json:"zone"`              // IANA time zone: "Europe/Berlin"
	Lead     bool     `json:"lead,omitempty"`    // a manager who goes first: nobody is copied, and Manager is empty
	Language string   `json:"language"`          // ISO 639-1, of the letters they get
}

// Stage is where a conversation stands: which kind of answer is awaited.
type Stage string

// The stages of CONVERSATION: each names the question that is open, but
// StageActive, where no question is open until the next check-in.
const (
	StageInvited Stage = "invited"
	StageGoal    Stage = "goal"
	StageWhy     Stage = "why"
	StageConfirm Stage = "confirm"
	StagePick    Stage = "pick"
	StageShare   Stage = "share"
	StageStep    Stage = "step"
	StageWhen    Stage = "when"
	StageActive  Stage = "active"
	StageCheckIn Stage = "check-in"
	StageCheck   Stage = "why-check"
)

// End is why nothing more is sent; a field beside the stage, so that "start" can
// go on where they were.
type End string

// The ends. NotEnded is the zero value.
const (
	NotEnded End = ""
	Declined End = "declined"
	Stopped  End = "stopped"
	Bounced  End = "bounced"
	Erased   End = "erased"
)

// Conversation is one rep's coaching: who they are, where they stand, and what a
// second thought would go back to. It is a value; Decide returns a new one.
type Conversation struct {
	ID      string `json:"id"`      // opaque, minted by us; the only name of a rep that may be logged
	Version int64  `json:"version"` // of the stored row it was read from; 0: not stored yet
	Rep     Rep    `json:"rep"`

	State       // what the rep's replies have made of it, and what "that's wrong" takes back
	Last  *Turn `json:"last,omitempty"` // the last reply taken

	End     End       `json:"end,omitempty"`
	EraseAt time.Time `json:"erase_at,omitzero"` // when everything is deleted; zero: not planned
	Paused  bool      `json:"paused,omitempty"`
	Until   time.Time `json:"until,omitzero"`    // end of the pause; zero: until "start"
	Away    time.Time `json:"away,omitzero"`     // an auto-reply told of an absence until then
	Auto    time.Time `json:"auto,omitzero"`     // of the last automatic reply from them
	Bulk    bool      `json:"bulk,omitempty"`    // their responder answers automatic mail, whatever it says of itself
	Held    string    `json:"held,omitempty"`    // why the admin must look before anything more is sent; "" when nothing is held
	Dormant time.Time `json:"dormant,omitzero"`  // DORMANT was sent: closed then, unless they write
	Pending Verb      `json:"pending,omitempty"` // a command that awaits its second word: forget me (delete), start (on, afresh)

	Week       Week        `json:"week,omitzero"`
	Preview    *Preview    `json:"preview,omitempty"`    // the summary that waits for its hour
	Unanswered int         `json:"unanswered,omitempty"` // check-ins in a row without an answer
	Initiative string      `json:"initiative,omitempty"` // the day ("2026-11-30", in the rep's zone) of the last letter we started by ourselves
	Sent       []time.Time `json:"sent,omitempty"`       // when letters were written in the last seven days, for the caps
	Soft       []time.Time `json:"soft,omitempty"`       // soft bounces of the last fourteen days
	Echo       Echo        `json:"echo,omitzero"`        // the last inbound body, to fall silent before a machine that repeats itself
	Foreign    Foreign     `json:"foreign,omitzero"`     // another language than theirs that they write in
	StopTold   time.Time   `json:"stop_told,omitzero"`   // when the contact was last told of a stop that could not be proven
	Seconds    []Second    `json:"seconds,omitempty"`    // other addresses they were asked about
	Footers    []string    `json:"footers,omitempty"`    // trailing blocks under their mails, to tell a footer that recurs

	Refs  map[string][]string `json:"refs,omitempty"`  // thread name -> Message-IDs, root first: what the next letter's References are made of
	DueAt time.Time           `json:"due_at,omitzero"` // when Decide(Due) has something to do; zero: nothing is awaited
}

// State is everything a reply can change, so that one reply can be taken back whole.
type State struct {
	Stage  Stage    `json:"stage"`
	Asked  Asked    `json:"asked,omitzero"`   // the question that is open
	Closed []string `json:"closed,omitempty"` // keys of the last letters that put again a question that is open no longer
	Ladder Ladder   `json:"ladder,omitzero"`
	Past   []Ladder `json:"past,omitempty"` // ladders ended by "new why" or "afresh"
	Fork   []string `json:"fork,omitempty"` // FORK: the two reasons to choose between
	Why    string   `json:"why,omitempty"`  // confirmed by the rep; "" while unknown, or when they would rather leave it

	WhyAt   time.Time `json:"why_at,omitzero"` // when it was confirmed, or last found still true
	Sharing Sharing   `json:"sharing,omitzero"`
	Steps   []Step    `json:"steps,omitempty"`
	Done    int       `json:"done,omitempty"` // tiny steps done or half done, ever: the only number we say

	Stuck    int       `json:"stuck,omitempty"`    // stuck replies in a row
	Deflects int       `json:"deflects,omitempty"` // deflecting replies in a row
	Noes     int       `json:"noes,omitempty"`     // bare noes to CONFIRM in a row
	Shrunk   bool      `json:"shrunk,omitempty"`   // SHRINK was asked for this step already
	Told     bool      `json:"told,omitempty"`     // WHY's "I'll keep asking until ..." was said
	Reminded int       `json:"reminded,omitempty"` // reminders sent for the open question
	AskAt    time.Time `json:"ask_at,omitzero"`    // a skipped question: when another is tried
}

// Asked is the open question: which letter asked it, and in which of its wordings.
type Asked struct {
	Kind    Kind      `json:"kind,omitempty"`
	Variant int       `json:"variant,omitempty"`
	Letter  string    `json:"letter,omitempty"` // the key of that letter
	Also    []string  `json:"also,omitempty"`   // keys of letters that put it again
	About   string    `json:"about,omitempty"`  // the rep's own words it asks about
	Rung    int       `json:"rung,omitempty"`   // CONFIRM: which rung is offered; GoalIndex for the goal
	Label   Label     `json:"label,omitempty"`  // CONFIRM: what the judge heard in the answer that led to it
	At      time.Time `json:"at,omitzero"`
}

// Sharing is what a rep lets the manager see. The zero value shares nothing.
type Sharing struct {
	Why   bool   `json:"why,omitempty"`   // the why line stands in the summary
	Line  string `json:"line,omitempty"`  // that line, as the rep agreed to it
	Draft string `json:"draft,omitempty"` // a line of their own, shown back and not yet agreed to
	Cc    bool   `json:"cc,omitempty"`    // the manager is copied on the summary
	OK    bool   `json:"ok,omitempty"`    // a summary was explicitly agreed to once
}

// Step is one tiny step, as the rep wrote it.
type Step struct {
	Text    string    `json:"text"`
	When    string    `json:"when,omitempty"` // "After ___, I will ___"
	Outcome Outcome   `json:"outcome,omitempty"`
	At      time.Time `json:"at,omitzero"`   // when it was named
	Told    time.Time `json:"told,omitzero"` // when its outcome was told
}

// Week holds the next due moment of each weekly letter, and the last ISO week
// ("2026-W48", in the rep's zone) in which it went, so that a change of zone or of
// schedule repeats nothing.
type Week struct {
	CheckIn     time.Time `json:"check_in,omitzero"`
	Preview     time.Time `json:"preview,omitzero"`
	Summary     time.Time `json:"summary,omitzero"`
	LastCheckIn string    `json:"last_check_in,omitempty"`
	LastPreview string    `json:"last_preview,omitempty"`
	LastSummary string    `json:"last_summary,omitempty"`
	Covered     time.Time `json:"covered,omitzero"` // what was named or told before has been in a summary
}

// Preview is a summary shown to the rep and waiting for its hour.
type Preview struct {
	Week    string    `json:"week"`
	Summary Summary   `json:"summary"`
	Letters []string  `json:"letters,omitempty"` // keys of the letters that showed it; none when it goes to the rep alone
	At      time.Time `json:"at"`                // when it goes
	OK      bool      `json:"ok,omitempty"`
	NeedsOK bool      `json:"needs_ok,omitempty"` // silence is not consent: the first one, or the rep's own version
	Hold    bool      `json:"hold,omitempty"`
}

// Turn is the last reply taken and what it led to.
type Turn struct {
	Event    string    `json:"event"`
	Question string    `json:"question"` // the key of the letter it answered
	Text     string    `json:"text"`
	Before   State     `json:"before"`            // the state it was decided from
	Letters  []string  `json:"letters,omitempty"` // keys of the letters it led to
	Out      time.Time `json:"out,omitzero"`      // before this moment those surely wait
	Sealed   bool      `json:"sealed,omitempty"`  // a command came after it: it can be undone, no longer amended
}

// Foreign counts replies in a row in another language than the letters'.
type Foreign struct {
	Language string `json:"language,omitempty"`
	Run      int    `json:"run,omitempty"`
	Offered  string `json:"offered,omitempty"` // the language that was offered, once
}

// Echo remembers the last inbound body by its hash.
type Echo struct {
	Letter  string    `json:"letter,omitempty"`
	Hash    string    `json:"hash,omitempty"`
	Count   int       `json:"count,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Quick   string    `json:"quick,omitempty"`   // the same, when it came within a minute of our letter
	Machine string    `json:"machine,omitempty"` // the body of a machine that bears no mark; it is not answered again
}
