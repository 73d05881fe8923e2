package sqlite

import (
	"context"
	"database/sql"
	"time"

	"whyloop/conversation"
)

// saveLate keeps an answer that was not applied.
func saveLate(t *tx, id string, l *conversation.Late) error {
	if l == nil {
		return nil
	}
	_, err := t.exec("INSERT INTO late (conversation, letter, kind, asked_at, at, text) VALUES (?, ?, ?, ?, ?, ?)",
		id, l.Letter, string(l.Kind), moment(l.Asked), moment(l.At), l.Text)
	return err
}

// Late returns the answers of a conversation that were not applied, in the order they came.
func (s *Store) Late(ctx context.Context, id string) ([]conversation.Late, error) {
	var all []conversation.Late
	err := s.read(ctx, "read late answers", func(t *tx) error {
		var err error
		all, err = rows(t, scanLate, "SELECT letter, kind, asked_at, at, text FROM late WHERE conversation = ? ORDER BY rowid", id)
		return err
	})
	return all, err
}

func scanLate(r scanner) (conversation.Late, error) {
	var l conversation.Late
	var asked sql.NullInt64
	var at int64
	err := r.Scan(&l.Letter, &l.Kind, &asked, &at, &l.Text)
	l.Asked, l.At = fromMoment(asked), time.Unix(0, at).UTC()
	return l, err
}
