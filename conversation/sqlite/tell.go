package sqlite

import (
	"context"
	"errors"
	"fmt"
	"time"

	"whyloop/conversation"
)

// Tell queues a letter that belongs to no conversation, such as a word to the admin. Its key names it for ever:
// ErrHandled when it was told before. What still waits of the same kind is dropped, since the newest says it
// all; one that is being sent this moment is left to it. It goes from the store as soon as it is settled.
func (s *Store) Tell(ctx context.Context, l conversation.Letter, at time.Time) error {
	if l.Key == "" || len(l.Recipients()) == 0 || len(l.Raw) == 0 || at.IsZero() {
		return fmt.Errorf("tell: %w", errors.New("letter without a key, a recipient, bytes or a time"))
	}
	return s.write(ctx, "tell", func(t *tx) error {
		if err := markHandled(t, l.Key, at); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM letters WHERE conversation IS NULL AND kind = ? AND NOT EXISTS
			(SELECT 1 FROM deliveries WHERE letter = seq AND state = 'claimed')`, string(l.Kind)); err != nil {
			return err
		}
		return addLetter(t, withoutText([]conversation.Letter{l})[0], nil, at)
	})
}
