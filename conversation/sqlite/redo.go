package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"whyloop/conversation"
)

// What keeps a delivery as it is.
var (
	ErrNotThere = errors.New("no such letter is under way or failed")
	ErrSending  = errors.New("the letter is being sent this moment") // try again in a quarter of an hour
	ErrTooOld   = errors.New("the letter's bytes are gone; it can only be dropped")
	ErrNotTried = errors.New("the letter waits for its hour and has not been tried yet")
)

// Retry has a delivery that failed, or waits after a failure, tried again at once and given up no
// sooner than a new one. A letter that waits for its hour is left to it.
func (s *Store) Retry(ctx context.Context, letter, recipient string, now time.Time) error {
	return s.write(ctx, "retry delivery", func(t *tx) error {
		d, err := findDelivery(t, letter, recipient)
		switch {
		case err != nil:
			return err
		case d.state == conversation.DeliveryWaiting && d.attempts == 0:
			return ErrNotTried
		case !d.bytes:
			return ErrTooOld
		}
		if _, err := t.exec("UPDATE deliveries SET state = 'waiting', attempts = 0, ready_at = ?, changed_at = ? WHERE letter = ? AND recipient = ?",
			moment(now), moment(now), d.seq, recipient); err != nil {
			return err
		}
		_, err = t.exec("UPDATE letters SET since = ?, settled_at = NULL WHERE seq = ?", moment(now), d.seq)
		return err
	})
}

// Drop has a delivery never tried again. What was asked in the letter stays open.
func (s *Store) Drop(ctx context.Context, letter, recipient string, now time.Time) error {
	return s.write(ctx, "drop delivery", func(t *tx) error {
		d, err := findDelivery(t, letter, recipient)
		if err != nil {
			return err
		}
		if _, err := t.exec("UPDATE deliveries SET state = 'revoked', ready_at = NULL, changed_at = ? WHERE letter = ? AND recipient = ?",
			moment(now), d.seq, recipient); err != nil {
			return err
		}
		return closeLetter(t, d.seq, d.living, now)
	})
}

// redoable is what must be known of a delivery before it is changed by hand.
type redoable struct {
	seq           int64
	state         conversation.DeliveryState
	attempts      int
	bytes, living bool
}

func findDelivery(t *tx, letter, recipient string) (redoable, error) {
	var d redoable
	err := t.row(`SELECT l.seq, d.state, d.attempts, l.raw IS NOT NULL, l.conversation IS NOT NULL
		FROM deliveries d JOIN letters l ON l.seq = d.letter
		WHERE l.key = ? AND d.recipient = ? AND (d.ready_at IS NOT NULL OR d.state = 'failed')`, letter, recipient).
		Scan(&d.seq, &d.state, &d.attempts, &d.bytes, &d.living)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return d, ErrNotThere
	case err == nil && d.state == conversation.DeliveryClaimed:
		return d, ErrSending
	}
	return d, err
}
