package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"whyloop/conversation"
)

// HeldRow is a held mail without its words.
type HeldRow struct {
	ID           string
	Reason       string // a fixed token
	Conversation string // whose it might be; "" when unknown
	At           time.Time
	Size         int64     // bytes
	Shown        time.Time // when its words were last shown to an admin; zero: never
}

// Hold keeps a mail for the admin. The same mail, by its Key or, where it has none, by
// its bytes, is held once, under the first reason. A mail whose Key was handled is
// not held at all: something was done about it, or its writer has been erased since.
func (s *Store) Hold(ctx context.Context, h conversation.HeldMail) error {
	dedup := hashKey("key " + h.Key)
	if h.Key == "" {
		sum := sha256.Sum256(h.Raw)
		dedup = sum[:]
	}
	if h.Raw == nil {
		h.Raw = []byte{}
	}
	return s.write(ctx, "hold mail", func(t *tx) error {
		_, err := t.exec(`INSERT INTO held (id, dedup, key, reason, conversation, at, raw)
			SELECT ?, ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM handled WHERE key = ?) ON CONFLICT DO NOTHING`,
			heldID(dedup), dedup, h.Key, h.Reason, h.Conversation, h.At.UnixNano(), h.Raw, hashKey(h.Key))
		return err
	})
}

// heldID names a held mail by its hash: 60 bits, short enough to be typed.
func heldID(dedup []byte) string {
	return strings.ToLower(base32.StdEncoding.EncodeToString(dedup))[:12]
}

// Held lists the held mails, oldest first, without their words.
func (s *Store) Held(ctx context.Context) ([]HeldRow, error) {
	var all []HeldRow
	err := s.read(ctx, "list held mail", func(t *tx) error {
		var err error
		all, err = rows(t, scanHeldRow, "SELECT id, reason, conversation, at, length(raw), shown_at FROM held ORDER BY at, id")
		return err
	})
	return all, err
}

func scanHeldRow(r scanner) (HeldRow, error) {
	var h HeldRow
	var at, shown sql.NullInt64
	err := r.Scan(&h.ID, &h.Reason, &h.Conversation, &at, &h.Size, &shown)
	h.At, h.Shown = fromMoment(at), fromMoment(shown)
	return h, err
}

// HeldFrom lists the mails held for a reason from which some could have come from an alias: those that name a
// conversation with more than one address.
func (s *Store) HeldFrom(ctx context.Context, reason string) ([]HeldRow, error) {
	var all []HeldRow
	err := s.read(ctx, "list held mail", func(t *tx) error {
		var err error
		all, err = rows(t, scanHeldRow, `SELECT id, reason, conversation, at, length(raw), shown_at FROM held WHERE reason = ? AND conversation IN
			(SELECT conversation FROM addresses GROUP BY conversation HAVING count(*) > 1) ORDER BY at, id`, reason)
		return err
	})
	return all, err
}

// Rehold notes another reason, for a mail that was judged again and stays. ErrNotHeld when it is gone.
func (s *Store) Rehold(ctx context.Context, id, reason string) error {
	return s.write(ctx, "hold mail again", func(t *tx) error {
		n, err := t.exec("UPDATE held SET reason = ? WHERE id = ?", reason, id)
		if err == nil && n == 0 {
			err = ErrNotHeld
		}
		return err
	})
}

// Show notes that a held mail's words are shown. ErrNotHeld when it is gone.
func (s *Store) Show(ctx context.Context, id string, at time.Time) error {
	return s.write(ctx, "note that held mail is shown", func(t *tx) error {
		n, err := t.exec("UPDATE held SET shown_at = ? WHERE id = ?", moment(at), id)
		if err == nil && n == 0 {
			err = ErrNotHeld
		}
		return err
	})
}

// ErrNotHeld says that no held mail has that ID.
var ErrNotHeld = errors.New("no such held mail")

// HeldMail returns one held mail with its bytes, or ErrNotHeld.
func (s *Store) HeldMail(ctx context.Context, id string) (conversation.HeldMail, error) {
	h := conversation.HeldMail{ID: id}
	err := s.read(ctx, "read held mail", func(t *tx) error {
		var at sql.NullInt64
		err := t.row("SELECT key, reason, conversation, at, raw FROM held WHERE id = ?", id).
			Scan(&h.Key, &h.Reason, &h.Conversation, &at, &h.Raw)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrNotHeld
		}
		h.At = fromMoment(at)
		return err
	})
	return h, err
}

// DropHeld deletes a held mail, or answers ErrNotHeld. Its words leave the log too.
func (s *Store) DropHeld(ctx context.Context, id string) error {
	return s.write(ctx, "drop held mail", func(t *tx) error {
		n, err := t.exec("DELETE FROM held WHERE id = ?", id)
		if err == nil && n == 0 {
			err = ErrNotHeld
		}
		t.scrub = err == nil
		return err
	})
}
