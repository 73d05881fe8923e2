package mailer

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/emersion/go-imap/v2"

	"whyloop/conversation"
)

// Ledger is what the store keeps for the inbox.
type Ledger interface {
	Cursor(ctx context.Context, mailbox string) (validity, uid uint32, err error)   // zeros: never seen
	Advance(ctx context.Context, mailbox string, validity, uid uint32) error        // everything up to uid was passed
	Attempt(ctx context.Context, mailbox string, validity, uid uint32) (int, error) // counts a try before it is made
	Excuse(ctx context.Context, mailbox string, validity, uid uint32) error         // takes one such count back: it was no fault of the mail's
	Hold(ctx context.Context, h conversation.HeldMail) error                        // idempotent by Key, or by content
	Departing(ctx context.Context) ([]string, error)                                // addresses of who was erased, lower case
	Departed(ctx context.Context, address string) error                             // nothing of theirs lies in the mailbox any more
}

// Arrived is a mail as the server handed it out.
type Arrived struct {
	Folder        string
	Validity, UID uint32
	At            time.Time // when the server received it (INTERNALDATE)
	Size          int64     // bytes, as the server says
	Cut           bool      // Raw is the beginning only: the whole is larger than MaxMail
	Raw           []byte
}

// Handler takes a mail; Desk does. It returns once what the mail led to is committed. An error
// is temporary: the mail is offered again, twice, or for a day where the error is ErrLater.
type Handler interface {
	Handle(ctx context.Context, a Arrived) (Handled, error)
}

// Handled is what became of a mail.
type Handled struct {
	Foreign bool // none of our business: it is neither marked nor moved
}

// InboxConfig says which mailbox is read and how. Zero fields take the defaults named.
type InboxConfig struct {
	Server    Server
	Folder    string // "INBOX"
	Junk      string // read too, when set
	Processed string // handled mail is moved there where the server can do it safely; "": it stays
	Shared    bool   // others' mail lies there too: what we did not handle is never deleted
	Keyword   string // set on handled mail where the server allows; "$Whyloop"

	Keep    time.Duration // handled mail older than this is deleted; 0: never
	Poll    time.Duration // looks at least this often, whatever IDLE says; 5 min
	Rescan  time.Duration // how far back a changed UIDVALIDITY makes it look; 7 days
	MaxMail int64         // bytes of a mail that are fetched whole; 10 MiB
	Limits  IMAPTimeouts
	Alarm   func(Alarm) // told of a refused sign-in, of a server that cannot be reached, and when it is over; nil: nobody
}

// IMAPTimeouts bound each wait.
type IMAPTimeouts struct {
	Connect time.Duration // to connect, shake hands and sign in; 1 min
	Command time.Duration // for an answer; 2 min
	Fetch   time.Duration // for mails; 10 min
	Grace   time.Duration // for what is in hand once the context has ended; 8 s
}

func (c InboxConfig) withDefaults() InboxConfig {
	set := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	set(&c.Poll, 5*time.Minute)
	set(&c.Rescan, 7*24*time.Hour)
	set(&c.Limits.Connect, time.Minute)
	set(&c.Limits.Command, 2*time.Minute)
	set(&c.Limits.Fetch, 10*time.Minute)
	set(&c.Limits.Grace, 8*time.Second)
	if c.Folder == "" {
		c.Folder = "INBOX"
	}
	if c.Keyword == "" {
		c.Keyword = "$Whyloop"
	}
	if c.MaxMail <= 0 {
		c.MaxMail = 10 << 20
	}
	if c.Alarm == nil {
		c.Alarm = func(Alarm) {}
	}
	return c
}

// Inbox reads a mailbox past a cursor: fetches, has each mail handled, and only then marks it
// and moves the cursor on. It is driven by Run, or by Sync alone in tests.
type Inbox struct {
	c       InboxConfig
	ledger  Ledger
	handler Handler
	log     *slog.Logger
	now     func() time.Time
	turn    chan struct{}       // holds one token: a single Sync at a time
	open    *session            // nil while there is none
	later   map[string]*waiting // folder -> what was put off
	down    int                 // how often in a row it could not be reached
	alarmed string              // what the alarm was told last
	kept    time.Time           // when handled mail was last looked through for what is too old
	seen    uint32              // the UID that the next mail in the main folder was to have, at the last look into it
}

// NewInbox makes an Inbox; it connects at the first Sync. The error is that of a server which
// cannot be spoken to safely.
func NewInbox(l Ledger, h Handler, c InboxConfig, log *slog.Logger, now func() time.Time) (*Inbox, error) {
	if err := c.Server.check(); err != nil {
		return nil, err
	}
	return &Inbox{c: c.withDefaults(), ledger: l, handler: h, log: log, now: now, turn: make(chan struct{}, 1), later: map[string]*waiting{}}, nil
}

// folders are those that are read, the main one last so that IDLE watches it.
func (i *Inbox) folders() []string {
	if i.c.Junk == "" || i.c.Junk == i.c.Folder {
		return []string{i.c.Folder}
	}
	return []string{i.c.Junk, i.c.Folder}
}

// Sync makes one pass over everything new and returns how many mails were handled. After an error
// it may be called again: what was handled stays so. When ctx ends, what is in hand is
// still finished within Limits.Grace.
func (i *Inbox) Sync(ctx context.Context) (int, error) {
	select {
	case i.turn <- struct{}{}:
		defer func() { <-i.turn }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if err := i.connect(ctx); err != nil {
		return 0, err
	}
	defer i.open.wire.closeAfter(ctx, i.c.Limits.Grace)()
	done := 0
	for _, f := range i.folders() {
		n, err := i.syncFolder(ctx, f)
		done += n
		if isNo(err) && f != i.c.Folder {
			i.log.Warn("folder cannot be read", "folder", f)
			continue
		}
		if err != nil {
			i.disconnect()
			return done, err
		}
	}
	if err := i.forget(ctx); isNo(err) {
		i.log.Warn("mail that should be deleted could not be looked for", "why", reason(err))
	} else if err != nil {
		i.disconnect()
		return done, err
	}
	return done, nil
}

func (i *Inbox) connect(ctx context.Context) error {
	if i.open != nil {
		select {
		case <-i.open.client.Closed():
			i.disconnect()
		default:
			return nil
		}
	}
	s, err := openSession(ctx, i.c.Server, i.c.Limits)
	if err != nil {
		i.failed(ctx, err)
		return err
	}
	i.reached()
	i.open = s
	return nil
}

// failed tells the alarm: of a refused sign-in at once, of a server that cannot be reached the second
// time, since a single time is everyday's.
func (i *Inbox) failed(ctx context.Context, err error) {
	switch {
	case errors.Is(err, ErrSignIn):
		i.alarm("sign-in")
	case ctx.Err() == nil:
		if i.down++; i.down >= 2 {
			i.alarm("unreachable")
		}
	}
}

// reached: the server let us in.
func (i *Inbox) reached() {
	i.down = 0
	i.alarm("")
}

// alarm tells what has changed.
func (i *Inbox) alarm(what string) {
	if what != i.alarmed {
		i.alarmed = what
		i.c.Alarm(Alarm{What: what})
	}
}

func (i *Inbox) disconnect() {
	if i.open != nil {
		i.open.close()
		i.open = nil
	}
}

// Close ends the connection. Run does so by itself.
func (i *Inbox) Close() {
	i.turn <- struct{}{}
	defer func() { <-i.turn }()
	if i.open != nil {
		i.open.logout()
		i.open = nil
	}
}

// Run keeps the mailbox read until ctx ends: it passes over what is new, then waits by IDLE
// (RFC 2177), re-issued within minutes because it can die silently, or by the clock; after an error it
// connects again, ever more slowly.
func (i *Inbox) Run(ctx context.Context) {
	defer i.Close()
	failures := 0
	for ctx.Err() == nil {
		_, err := i.Sync(ctx)
		if err == nil {
			failures = 0
			err = i.wait(ctx)
		}
		if err == nil || ctx.Err() != nil {
			continue
		}
		pause := retryAfter(failures)
		if errors.Is(err, ErrSignIn) {
			pause = max(pause, signInPause) // servers lock out who tries too often
		}
		if errors.Is(err, errHandler) {
			pause = max(pause, handlerPause) // what fails may pass, and the third try is the last
		}
		failures++
		i.log.Warn("mailbox could not be read", "why", reason(err), "again_in", pause)
		sleep(ctx, pause)
	}
}

// How long is waited at least after a refused sign-in, and after a mail that could not be handled.
const signInPause, handlerPause = 2 * time.Minute, 30 * time.Second

func retryAfter(failures int) time.Duration {
	steps := []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}
	return steps[min(failures, len(steps)-1)]
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// maxIdle is how long one IDLE may last.
const maxIdle = 5 * time.Minute

// wait returns when it is time to look again.
func (i *Inbox) wait(ctx context.Context) error {
	i.turn <- struct{}{}
	defer func() { <-i.turn }()
	if i.open == nil {
		return nil
	}
	if !i.open.canIdle() {
		sleep(ctx, i.untilNext(i.c.Poll))
		return nil
	}
	if err := i.open.idle(ctx, i.untilNext(min(i.c.Poll, maxIdle))); err != nil {
		i.disconnect()
		return err
	}
	return nil
}

// reason is a fixed word for a log: a server's own text may hold an address.
func reason(err error) string {
	var e *imap.Error
	switch {
	case errors.Is(err, ErrSignIn):
		return "sign-in"
	case errors.Is(err, errSilent):
		return "silent"
	case errors.Is(err, errFlood):
		return "flood"
	case errors.As(err, &e):
		return "refused"
	case errors.Is(err, errHandler):
		return "handler"
	case errors.Is(err, errLedger):
		return "store"
	}
	return "network"
}

// What Sync may fail of besides the server.
var (
	errHandler = errors.New("mail could not be handled for now")
	errLedger  = errors.New("store did not take a note")
)
