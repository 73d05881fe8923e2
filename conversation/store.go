package conversation

import (
	"context"
	"errors"
	"time"
)

// What a Store may answer besides its own failures.
var (
	ErrNotFound = errors.New("no such conversation")
	ErrConflict = errors.New("conversation has changed")     // reload and decide again
	ErrHandled  = errors.New("event was handled before")     // nothing was done, nothing needs to be
	ErrClaimed  = errors.New("letter to revoke was claimed") // too late: decide again, knowing that it left
	ErrExists   = errors.New("address has a conversation")   // a second living conversation with one address
	ErrLocked   = errors.New("store is in use by another daemon")
)

// Change is what one event does to the store: all of it, or nothing.
type Change struct {
	Conversation Conversation // with the Version it was decided from; 0 inserts. End == Erased removes every trace but what Letters still need
	Handled      string       // the event's key; "" is refused
	Letters      []Letter
	Revoke       []string // keys of letters that must not go; those already revoked or unknown are passed over
	Withdraw     bool     // besides, every waiting letter of the conversation older than this change is withdrawn; those claimed have left, which is no error
	Late         *Late    // an answer to keep that was not applied; nil: none
	Left         string   // keyed hash of an address that must never be invited by an import again
	At           time.Time
}

// Late is an answer that came when its question was closed. It is the rep's, so it is kept and they get it with all else
// that is held about them; no decision is ever made from it, for Decide is not given it.
type Late struct {
	Letter string    `json:"letter"`         // the key of the letter whose question it answers
	Kind   Kind      `json:"question"`       // of that letter
	Asked  time.Time `json:"asked,omitzero"` // when that letter was delivered; zero: not known
	At     time.Time `json:"at"`             // when it came
	Text   string    `json:"text"`           // in the rep's own words
}

// Ref is what an inbound mail says about whose it is and what it answers.
type Ref struct {
	Tokens     []string // reply tokens from the addresses it went to and from its References, best first
	MessageIDs []string // In-Reply-To, then References newest first, without angle brackets
	From       string   // the author's address, lower case
}

// Found is the conversation a mail belongs to.
type Found struct {
	Conversation Conversation
	Letter       string // the key of the letter it answers; "" when only From told whose it is
	LetterKind   Kind
	SentAt       time.Time // when that letter was delivered; zero: not yet, or not known
	Sent         []string  // plain texts of the last twenty letters to this rep, newest first
}

// Store keeps conversations and the outbox. Every method is one transaction, and
// returns only after the commit that holds it. A context ends waiting for a turn, never a
// transaction half-way.
type Store interface {
	// Find looks by token, then by Message-ID, then by the rep's own address (Found.Letter is
	// then ""). ErrNotFound when none fits.
	Find(ctx context.Context, r Ref) (Found, error)

	// Due returns conversations whose DueAt is at or before now, the longest due first.
	Due(ctx context.Context, now time.Time, limit int) ([]Conversation, error)

	// Late returns the answers of a conversation that were not applied, in the order they came.
	Late(ctx context.Context, conversation string) ([]Late, error)

	// Apply commits a change. ErrHandled, ErrConflict, ErrClaimed, ErrExists: nothing was changed.
	Apply(ctx context.Context, c Change) error

	// Claim leases up to n deliveries whose time has come, oldest first; a lease that runs out is claimable again.
	Claim(ctx context.Context, now time.Time, lease time.Duration, n int) ([]Delivery, error)

	// Settle records what became of a claimed delivery. A delivery that was sent is never claimed again.
	Settle(ctx context.Context, letter, recipient string, s Settlement, at time.Time) error
}

// HeldMail is an inbound mail that nothing was done about, kept for the admin.
type HeldMail struct {
	ID           string // minted by the store
	Key          string // the mail's dedup key, "" when it could not be read so far
	Reason       string // a fixed token: "unknown-sender", "oversize", "poison", ...
	Conversation string // whose it might be; "" when unknown
	At           time.Time
	Raw          []byte // as fetched
}
