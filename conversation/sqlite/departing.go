package sqlite

import (
	"context"
	"time"
)

// depart notes whose mail is to leave the mailbox. Where none was ever read there is none.
func depart(t *tx, addresses []string, at time.Time) error {
	for _, a := range addresses {
		_, err := t.exec("INSERT INTO departing (address, at) SELECT ?, ? WHERE EXISTS (SELECT 1 FROM mailboxes) ON CONFLICT DO NOTHING", a, moment(at))
		if err != nil {
			return err
		}
	}
	return nil
}

// Departing returns addresses, lower case, of people who were erased and whose mail may still lie in the mailbox.
func (s *Store) Departing(ctx context.Context) ([]string, error) {
	var all []string
	err := s.read(ctx, "read who departs", func(t *tx) error {
		var err error
		all, err = rows(t, scanText, "SELECT address FROM departing ORDER BY at, address LIMIT 100")
		return err
	})
	return all, err
}

// Departed notes that nothing of an address lies in the mailbox any more; it leaves no trace in the file.
func (s *Store) Departed(ctx context.Context, address string) error {
	return s.write(ctx, "note who departed", func(t *tx) error {
		n, err := t.exec("DELETE FROM departing WHERE address = ?", address)
		t.scrub = t.scrub || n > 0
		return err
	})
}
