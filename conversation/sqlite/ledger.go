package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// Cursor returns how far a mailbox was read: its UIDVALIDITY and the last UID that
// was passed (RFC 3501 §2.3.1.1). Zeros: it was never seen.
func (s *Store) Cursor(ctx context.Context, mailbox string) (validity, uid uint32, err error) {
	err = s.read(ctx, "read cursor", func(t *tx) error {
		err := t.row("SELECT validity, uid FROM mailboxes WHERE mailbox = ?", mailbox).Scan(&validity, &uid)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return validity, uid, err
}

// Advance notes that everything up to uid was passed, and forgets the attempts at it.
// Under one validity a cursor never goes back; a new validity starts where it is told.
func (s *Store) Advance(ctx context.Context, mailbox string, validity, uid uint32) error {
	return s.write(ctx, "advance cursor", func(t *tx) error {
		_, err := t.exec(`INSERT INTO mailboxes (mailbox, validity, uid) VALUES (?, ?, ?)
			ON CONFLICT (mailbox) DO UPDATE SET
				uid = iif(validity = excluded.validity, max(uid, excluded.uid), excluded.uid),
				validity = excluded.validity`, mailbox, validity, uid)
		if err != nil {
			return err
		}
		_, err = t.exec("DELETE FROM attempts WHERE mailbox = ? AND (validity <> ? OR uid <= ?)", mailbox, validity, uid)
		return err
	})
}

// Attempt counts a try at one mail before it is made, so that a mail which kills the
// process is counted too. It returns the tries so far, this one included.
func (s *Store) Attempt(ctx context.Context, mailbox string, validity, uid uint32) (int, error) {
	var tries int
	err := s.write(ctx, "count attempt", func(t *tx) error {
		return t.row(`INSERT INTO attempts (mailbox, validity, uid, tries) VALUES (?, ?, ?, 1)
			ON CONFLICT DO UPDATE SET tries = tries + 1 RETURNING tries`, mailbox, validity, uid).Scan(&tries)
	})
	return tries, err
}

// Excuse takes a counted try back, where something else than the mail was at fault.
func (s *Store) Excuse(ctx context.Context, mailbox string, validity, uid uint32) error {
	return s.write(ctx, "excuse attempt", func(t *tx) error {
		_, err := t.exec("UPDATE attempts SET tries = tries - 1 WHERE mailbox = ? AND validity = ? AND uid = ? AND tries > 0", mailbox, validity, uid)
		return err
	})
}
