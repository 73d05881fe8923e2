package conversation

import (
	"context"
	"time"
)

// Inbound is a person's mail on its way to the coach, after it was parsed and classified
// as a reply. The coach finds whose it is, and only then asks for its words.
type Inbound struct {
	Key       string // dedup key of the mail: SHA-256 over Message-ID, From and body
	Ref       Ref
	MessageID string // of the mail, without angle brackets; our answer's In-Reply-To
	Digest    string // hash of the body alone, to notice a machine that repeats itself
	Proof     Proof
	At        time.Time // when our server received it
	Absence   bool      // it words an absence though no header says so
	To        []string  // every address of its To and Cc, lower case: a manager's reply-all is not passed on
	Mail      Mail
}

// Mail is what the coach asks of a parsed message.
type Mail interface {
	// Visible returns what the person newly wrote, given what is known of them; Text is
	// "" when nothing of their own is left. An error means that it cannot be read at all.
	Visible(k Known) (Visible, error)
}

// Known is what helps to tell a person's words from what their client added.
type Known struct {
	Sent    []string // plain texts of our last letters to them, newest first
	Name    string
	Address string
	Footers []string // trailing blocks seen under earlier mails of theirs
}

// Visible is what a person newly wrote.
type Visible struct {
	Text   string
	Footer string // the trailing block that was cut, for Known.Footers
}

// Proof is how well a mail proves who sent it.
type Proof string

// The proofs, from SAFETY's "Proof of sender".
const (
	ProofPass Proof = "pass" // the pinned server or our own DKIM check vouches for the author's address
	ProofNone Proof = "none" // nothing trusted says anything
	ProofFail Proof = "fail" // something trusted says no
)

// Result says what Receive did with a mail.
type Result struct {
	Conversation string // whose it was; "" when unknown
	Done         bool   // it was taken, now or earlier
	Again        bool   // it had been taken before, nothing was done
	Hold         string // why it must be held for the admin, a fixed token; "" when not
}

// HoldWrongSender is why a mail is held that names a rep's letter and comes from an address that is not theirs.
const HoldWrongSender = "wrong-sender"

// Head is the envelope and the threading of a letter still to be composed.
type Head struct {
	Key          string
	Conversation string
	Kind         Kind
	To, Cc       []Address
	NotBefore    time.Time
	Date         time.Time // the Date field
	Refs         []string  // Message-IDs of its thread, root first; empty: it starts the thread
	Answers      string    // In-Reply-To, when it answers a mail
	InReply      bool      // Auto-Submitted: auto-replied rather than auto-generated
	Bulk         bool      // Precedence: bulk, to a responder that heeds nothing else
	Replies      bool      // a reply is expected: it carries a reply token
	ReplyTo      Address   // where a reply goes instead; with Replies it counts for nothing
	Language     string
}

// Writer puts a prompt into words; package templates does.
type Writer interface {
	Write(p Prompt) (Wording, error)
}

// Composer makes a letter's final bytes, its Message-ID and its token; package mailer does.
type Composer interface {
	Compose(h Head, w Wording) (Letter, error)
}

// Receiver takes inbound mail; Coach does.
type Receiver interface {
	// Receive takes a person's mail. An error is temporary: the mail must be offered again.
	Receive(ctx context.Context, in Inbound) (Result, error)

	// Notice takes what machines say about our letters: bounces, complaints, absences.
	Notice(ctx context.Context, n Notice) (Result, error)
}

// Notice is a machine's mail about a letter of ours.
type Notice struct {
	ID        string // dedup key of the mail
	Letter    string // the key of that letter, once it was found
	Ref       Ref    // how it names our letter: VERP token, ENVID or returned Message-IDs; From is ignored
	Kind      NoticeKind
	Recipient string    // bounce: the address that failed; absence: whose it is; lower case, "" when not told
	Status    string    // bounce: RFC 3463 enhanced status, "5.1.1"; "" when not told
	Back      time.Time // absence: the day they are back; zero when not told
	At        time.Time
}

// NoticeKind is what a notice says.
type NoticeKind string

// The kinds of notice.
const (
	NoticeHard      NoticeKind = "bounce-hard"
	NoticeSoft      NoticeKind = "bounce-soft"
	NoticeComplaint NoticeKind = "complaint"
	NoticeAbsence   NoticeKind = "absence" // an auto-reply
)
