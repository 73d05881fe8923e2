package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"whyloop/conversation"
)

// Row is a conversation as a list shows it: where it stands, and no words of the rep.
type Row struct {
	ID      string
	Name    string
	Address string // of the rep, lower case
	Manager string // address, lower case
	Stage   conversation.Stage
	End     conversation.End
	Paused  bool
	Held    string    // why the admin must look; "" when nothing is held
	DueAt   time.Time // zero: nothing is awaited
	Active  time.Time // the last mail of theirs that was taken; zero: none yet
	Changed time.Time // the last change of any kind
}

// List returns every conversation, by address.
func (s *Store) List(ctx context.Context) ([]Row, error) {
	var all []Row
	err := s.read(ctx, "list conversations", func(t *tx) error {
		var err error
		all, err = rows(t, scanRow, `SELECT id, name, address, manager, stage, ended, paused, held, due_at, active_at, changed_at
			FROM conversations ORDER BY address, id`)
		return err
	})
	return all, err
}

func scanRow(r scanner) (Row, error) {
	var v Row
	var due, active, changed sql.NullInt64
	err := r.Scan(&v.ID, &v.Name, &v.Address, &v.Manager, &v.Stage, &v.End, &v.Paused, &v.Held, &due, &active, &changed)
	v.DueAt, v.Active, v.Changed = fromMoment(due), fromMoment(active), fromMoment(changed)
	return v, err
}

// ByAddress returns the conversation of a rep by their address or an alias, or ErrNotFound.
func (s *Store) ByAddress(ctx context.Context, address string) (conversation.Conversation, error) {
	f, err := s.Find(ctx, conversation.Ref{From: address})
	return f.Conversation, err
}

// ByID returns a conversation by its ID, or ErrNotFound.
func (s *Store) ByID(ctx context.Context, id string) (conversation.Conversation, error) {
	var c conversation.Conversation
	err := s.read(ctx, "read conversation", func(t *tx) error {
		var err error
		c, err = byID(t, id)
		return err
	})
	return c, err
}

// HasLeft tells whether somebody with that keyed hash asked never to be invited again.
func (s *Store) HasLeft(ctx context.Context, hash string) (bool, error) {
	var n int
	err := s.read(ctx, "look up a departed address", func(t *tx) error {
		return t.row("SELECT count(*) FROM departed WHERE hash = ?", hash).Scan(&n)
	})
	return n > 0, err
}

// Handled tells whether an event was handled.
func (s *Store) Handled(ctx context.Context, key string) (bool, error) {
	var n int
	err := s.read(ctx, "look up an event", func(t *tx) error {
		return t.row("SELECT count(*) FROM handled WHERE key = ?", hashKey(key)).Scan(&n)
	})
	return n > 0, err
}

// DeliveryRow is a delivery as the admin sees it: no words.
type DeliveryRow struct {
	Letter       string // its key
	MessageID    string // without angle brackets
	Kind         conversation.Kind
	Conversation string // "": the rep was erased, this is the last letter
	Recipient    string
	State        conversation.DeliveryState
	Attempts     int
	Since        time.Time // when the letter first could go
	Next         time.Time // waiting: the next attempt; claimed: the end of the lease
	Changed      time.Time
	Code         int    // the last SMTP reply code; 0: none
	Note         string // a fixed word
}

// Outbox lists the deliveries that are under way or have failed, oldest first.
func (s *Store) Outbox(ctx context.Context) ([]DeliveryRow, error) {
	var all []DeliveryRow
	err := s.read(ctx, "list the outbox", func(t *tx) error {
		var err error
		all, err = rows(t, scanDelivery, `SELECT l.key, l.message_id, l.kind, ifnull(l.conversation, ''), d.recipient, d.state, d.attempts,
				l.since, d.ready_at, d.changed_at, d.code, d.note
			FROM deliveries d JOIN letters l ON l.seq = d.letter
			WHERE d.ready_at IS NOT NULL OR d.state = 'failed' ORDER BY l.since, l.seq, d.recipient`)
		return err
	})
	return all, err
}

func scanDelivery(r scanner) (DeliveryRow, error) {
	var d DeliveryRow
	var since, next, changed sql.NullInt64
	err := r.Scan(&d.Letter, &d.MessageID, &d.Kind, &d.Conversation, &d.Recipient, &d.State, &d.Attempts, &since, &next, &changed, &d.Code, &d.Note)
	d.Since, d.Next, d.Changed = fromMoment(since), fromMoment(next), fromMoment(changed)
	return d, err
}

// Stats are the counts that health and metrics show.
type Stats struct {
	Schema        int
	Conversations int
	Waiting       int       // deliveries
	Claimed       int       // deliveries
	Failed        int       // deliveries, for good
	Oldest        time.Time // since when the oldest open delivery could go; zero: none is open
	NextDue       time.Time // the earliest due time; zero: none
	NextReady     time.Time // when the next delivery may be claimed; zero: none
	Held          int       // mails
	FileBytes     int64
	LogBytes      int64 // of the write-ahead log
}

// Stats counts by indexes only.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	var v Stats
	err := s.read(ctx, "count", func(t *tx) error {
		var oldest, due, ready sql.NullInt64
		err := t.row(`SELECT (SELECT user_version FROM pragma_user_version),
			(SELECT count(*) FROM conversations),
			(SELECT count(*) FROM deliveries WHERE ready_at IS NOT NULL AND state = 'waiting'),
			(SELECT count(*) FROM deliveries WHERE ready_at IS NOT NULL AND state = 'claimed'),
			(SELECT count(*) FROM deliveries WHERE state = 'failed'),
			(SELECT min(l.since) FROM deliveries d JOIN letters l ON l.seq = d.letter WHERE d.ready_at IS NOT NULL),
			(SELECT min(due_at) FROM conversations WHERE due_at IS NOT NULL),
			(SELECT min(ready_at) FROM deliveries WHERE ready_at IS NOT NULL),
			(SELECT count(*) FROM held)`).
			Scan(&v.Schema, &v.Conversations, &v.Waiting, &v.Claimed, &v.Failed, &oldest, &due, &ready, &v.Held)
		v.Oldest, v.NextDue, v.NextReady = fromMoment(oldest), fromMoment(due), fromMoment(ready)
		return err
	})
	if err != nil {
		return v, err
	}
	if v.FileBytes, err = size(s.path); err != nil {
		return v, err
	}
	v.LogBytes, err = size(s.path + "-wal")
	return v, err
}

func size(name string) (int64, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("measure the store: %w", err)
	}
	return info.Size(), nil
}

// Check reads the whole file and answers ErrDamaged with what is wrong, if anything is.
func (s *Store) Check(ctx context.Context) error {
	return s.read(ctx, "check the store", checkIntegrity)
}

func checkIntegrity(t *tx) error {
	found, err := rows(t, scanText, "PRAGMA integrity_check(1)")
	if err != nil {
		return err
	}
	if len(found) != 1 || found[0] != "ok" {
		return fmt.Errorf("%w: %v", ErrDamaged, found)
	}
	n, err := rows(t, scanText, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`)
	if err != nil {
		return err
	}
	if len(n) > 0 {
		return fmt.Errorf("%w: a row of %s belongs to nothing", ErrDamaged, n[0])
	}
	return nil
}
