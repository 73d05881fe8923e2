package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"whyloop/conversation"
)

// keepTexts is how many of a rep's last letters are kept in words, to tell their own
// words from quoted ones.
const keepTexts = 20

// Find looks by the tokens in their order, then by the Message-IDs in theirs, then by
// the author's address.
func (s *Store) Find(ctx context.Context, r conversation.Ref) (conversation.Found, error) {
	var f conversation.Found
	err := s.read(ctx, "find conversation", func(t *tx) error {
		var err error
		f, err = find(t, r)
		return err
	})
	return f, err
}

const (
	findToken     = "SELECT seq, key, kind, conversation FROM letters WHERE token = ? AND token <> '' AND conversation IS NOT NULL"
	findMessageID = "SELECT seq, key, kind, conversation FROM letters WHERE message_id = ? AND message_id <> '' AND conversation IS NOT NULL"
)

func find(t *tx, r conversation.Ref) (conversation.Found, error) {
	var f conversation.Found
	seq, id, err := findLetter(t, r, &f)
	if errors.Is(err, sql.ErrNoRows) {
		err = t.row("SELECT conversation FROM addresses WHERE address = ?", fold(r.From)).Scan(&id)
	}
	if err != nil {
		return f, notFound(err)
	}
	if f.Conversation, err = byID(t, id); err != nil {
		return f, err
	}
	if f.SentAt, err = sentAt(t, seq); err != nil {
		return f, err
	}
	f.Sent, err = rows(t, scanText, "SELECT text FROM letters WHERE conversation = ? AND text <> '' ORDER BY seq DESC LIMIT ?", id, keepTexts)
	return f, err
}

// findLetter answers sql.ErrNoRows when nothing the mail names is a letter of ours.
func findLetter(t *tx, r conversation.Ref, f *conversation.Found) (seq int64, id string, err error) {
	err = sql.ErrNoRows
	try := func(query string, values []string) {
		for _, v := range values {
			if !errors.Is(err, sql.ErrNoRows) {
				return
			}
			err = t.row(query, v).Scan(&seq, &f.Letter, &f.LetterKind, &id)
		}
	}
	try(findToken, r.Tokens)
	try(findMessageID, r.MessageIDs)
	return seq, id, err
}

// sentAt returns when the first recipient got the letter.
func sentAt(t *tx, letter int64) (time.Time, error) {
	var at sql.NullInt64
	err := t.row("SELECT min(changed_at) FROM deliveries WHERE letter = ? AND state = 'sent'", letter).Scan(&at)
	return fromMoment(at), err
}

func byID(t *tx, id string) (conversation.Conversation, error) {
	c, err := scanConversation(t.row("SELECT "+columns+" FROM conversations c WHERE c.id = ?", id))
	return c, notFound(err)
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return conversation.ErrNotFound
	}
	return err
}

const dueQuery = "SELECT " + columns + " FROM conversations c WHERE c.due_at <= ? ORDER BY c.due_at LIMIT ?"

// Due reads the index of due times from its beginning: its cost is that of its answer.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]conversation.Conversation, error) {
	var due []conversation.Conversation
	err := s.read(ctx, "read due conversations", func(t *tx) error {
		var err error
		due, err = rows(t, scanConversation, dueQuery, now.UnixNano(), limit)
		return err
	})
	return due, err
}
