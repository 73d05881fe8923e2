package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"whyloop/conversation"
)

// claimQuery follows the index of deliveries that may be claimed, waiting ones and
// ones whose lease ran out alike.
const claimQuery = `SELECT d.letter, d.recipient, d.attempts, l.key, l.message_id, l.since, l.raw
	FROM deliveries d JOIN letters l ON l.seq = d.letter
	WHERE d.ready_at <= ? ORDER BY d.ready_at, d.letter, d.recipient LIMIT ?`

type claimed struct {
	seq int64
	conversation.Delivery
}

// Claim leases up to n deliveries whose time has come. Oldest means: longest ready,
// counted from the next attempt or the end of a lease. Each claim is an attempt.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration, n int) ([]conversation.Delivery, error) {
	var out []conversation.Delivery
	err := s.write(ctx, "claim letters", func(t *tx) error {
		out = nil
		ready, err := rows(t, scanClaimed, claimQuery, now.UnixNano(), n)
		if err != nil {
			return err
		}
		for _, d := range ready {
			if _, err := t.exec(`UPDATE deliveries SET state = 'claimed', attempts = ?, ready_at = ?, changed_at = ?
				WHERE letter = ? AND recipient = ?`,
				d.Attempt, now.Add(lease).UnixNano(), now.UnixNano(), d.seq, d.Recipient); err != nil {
				return err
			}
			out = append(out, d.Delivery)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func scanClaimed(r scanner) (claimed, error) {
	var d claimed
	var since sql.NullInt64
	err := r.Scan(&d.seq, &d.Recipient, &d.Attempt, &d.Letter, &d.MessageID, &since, &d.Raw)
	d.Attempt++
	d.Since = fromMoment(since)
	return d, err
}

// Settle records what became of a delivery. Sent is final and always believed, also
// of a delivery whose lease ran out meanwhile; a failure or a retry only counts while
// the delivery is claimed. One that is no longer there, because its rep was erased, is
// passed over.
func (s *Store) Settle(ctx context.Context, letter, recipient string, st conversation.Settlement, at time.Time) error {
	state, ready, err := settled(st, at)
	if err != nil {
		return fmt.Errorf("settle delivery: %w", err)
	}
	return s.write(ctx, "settle delivery", func(t *tx) error {
		var seq int64
		var conv sql.NullString
		err := t.row("SELECT seq, conversation FROM letters WHERE key = ?", letter).Scan(&seq, &conv)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		n, err := t.exec(`UPDATE deliveries SET state = ?1, ready_at = ?2, changed_at = ?3, code = ?4, note = ?5
			WHERE letter = ?6 AND recipient = ?7 AND (state = 'claimed' OR ?1 = 'sent' AND state <> 'sent')`,
			string(state), moment(ready), moment(at), st.Code, st.Note, seq, recipient)
		if err != nil || n == 0 || state == conversation.DeliveryWaiting {
			return err
		}
		return closeLetter(t, seq, conv.Valid, at)
	})
}

// settled translates a settlement into the state to store and when it may be claimed again.
func settled(st conversation.Settlement, at time.Time) (conversation.DeliveryState, time.Time, error) {
	switch st.State {
	case conversation.DeliverySent, conversation.DeliveryFailed:
		return st.State, time.Time{}, nil
	case conversation.DeliveryRetry:
		next := st.Next
		if next.IsZero() {
			next = at
		}
		return conversation.DeliveryWaiting, next, nil
	}
	return "", time.Time{}, fmt.Errorf("%q is no outcome of an attempt", st.State)
}

// closeLetter notes when the last delivery of a letter was settled. The letter to
// somebody who was erased has then done its work, and goes.
func closeLetter(t *tx, seq int64, living bool, at time.Time) error {
	const closed = " WHERE seq = ?1 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE letter = ?1 AND ready_at IS NOT NULL)"
	if living {
		_, err := t.exec("UPDATE letters SET settled_at = ?2"+closed, seq, moment(at))
		return err
	}
	n, err := t.exec("DELETE FROM letters"+closed, seq)
	t.scrub = t.scrub || n > 0
	return err
}
