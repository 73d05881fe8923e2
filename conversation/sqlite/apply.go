package sqlite

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"whyloop/conversation"
)

// Apply commits a change. What makes it fail is looked for in this order: ErrHandled,
// ErrConflict, ErrExists, ErrClaimed; so a change that is offered again after its
// commit is always ErrHandled.
//
// A letter's key names it for ever: a letter whose key is stored already is passed
// over, with its deliveries, and the stored bytes stand. An address belongs to one
// conversation, ended ones included, until that is erased: "start" must find it.
func (s *Store) Apply(ctx context.Context, c conversation.Change) error {
	if err := check(c); err != nil {
		return fmt.Errorf("apply change: %w", err)
	}
	doc, err := encode(c.Conversation)
	if err != nil {
		return fmt.Errorf("apply change: %w", err)
	}
	return s.write(ctx, "apply change", func(t *tx) error { return apply(t, c, doc) })
}

// check refuses what no event can have led to.
func check(c conversation.Change) error {
	switch {
	case c.Handled == "":
		return errors.New("change without an event's key")
	case c.Conversation.ID == "", c.Conversation.Rep.Address.Mail == "":
		return errors.New("change without a conversation or its address")
	case c.At.IsZero():
		return errors.New("change without a time")
	case c.Conversation.End == conversation.Erased && c.Conversation.Version == 0:
		return errors.New("erasure of a conversation that is not stored")
	}
	for _, l := range c.Letters {
		if l.Key == "" || len(l.Recipients()) == 0 || len(l.Raw) == 0 {
			return errors.New("letter without a key, a recipient or bytes")
		}
	}
	return nil
}

func apply(t *tx, c conversation.Change, doc string) error {
	if err := markHandled(t, c.Handled, c.At); err != nil {
		return err
	}
	if c.Conversation.End == conversation.Erased {
		return erase(t, c)
	}
	if err := save(t, c, doc); err != nil {
		return err
	}
	if err := saveAddresses(t, c.Conversation); err != nil {
		return err
	}
	if err := revoke(t, c.Revoke, c.At); err != nil {
		return err
	}
	if c.Withdraw {
		if err := withdraw(t, c.Conversation.ID, c.At); err != nil {
			return err
		}
	}
	if err := saveLate(t, c.Conversation.ID, c.Late); err != nil {
		return err
	}
	if err := addLetters(t, c, c.Conversation.ID); err != nil {
		return err
	}
	return saveLeft(t, c)
}

func hashKey(key string) []byte {
	sum := sha256.Sum256([]byte(key))
	return sum[:]
}

func markHandled(t *tx, key string, at time.Time) error {
	n, err := t.exec("INSERT INTO handled (key, at) VALUES (?, ?) ON CONFLICT DO NOTHING", hashKey(key), moment(at))
	if err == nil && n == 0 {
		err = conversation.ErrHandled
	}
	return err
}

// save inserts the conversation, or updates the very version the change was decided from.
func save(t *tx, c conversation.Change, doc string) error {
	v := c.Conversation
	args := []any{
		v.Rep.Name, fold(v.Rep.Address.Mail), fold(v.Rep.Manager.Mail), string(v.Stage), string(v.End), v.Paused,
		v.Held, moment(v.DueAt), moment(v.Echo.At), moment(c.At), format, doc, v.ID,
	}
	query := `UPDATE conversations SET name = ?, address = ?, manager = ?, stage = ?, ended = ?, paused = ?, held = ?,
		due_at = ?, active_at = ?, changed_at = ?, format = ?, state = ?, version = version + 1 WHERE id = ? AND version = ?`
	if v.Version == 0 {
		query = `INSERT INTO conversations (name, address, manager, stage, ended, paused, held,
			due_at, active_at, changed_at, format, state, id, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? + 1)
			ON CONFLICT (id) DO NOTHING`
	}
	n, err := t.exec(query, append(args, v.Version)...)
	if err == nil && n == 0 {
		err = conversation.ErrConflict
	}
	return err
}

// saveAddresses writes only where an address has come or gone.
func saveAddresses(t *tx, c conversation.Conversation) error {
	want := addresses(c.Rep)
	if c.Version > 0 {
		have, err := rows(t, scanText, "SELECT address FROM addresses WHERE conversation = ? ORDER BY address", c.ID)
		if err != nil || slices.Equal(have, want) {
			return err
		}
		if _, err := t.exec("DELETE FROM addresses WHERE conversation = ?", c.ID); err != nil {
			return err
		}
	}
	for _, a := range want {
		n, err := t.exec("INSERT INTO addresses (address, conversation) VALUES (?, ?) ON CONFLICT DO NOTHING", a, c.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return conversation.ErrExists
		}
	}
	return nil
}

func addLetters(t *tx, c conversation.Change, owner any) error {
	for _, l := range c.Letters {
		if err := addLetter(t, l, owner, c.At); err != nil {
			return err
		}
	}
	return nil
}

func addLetter(t *tx, l conversation.Letter, owner any, at time.Time) error {
	since := l.NotBefore
	if since.Before(at) {
		since = at
	}
	added, err := rows(t, scanInt, `INSERT INTO letters
		(key, conversation, kind, message_id, token, not_before, since, created_at, text, raw)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING seq`,
		l.Key, owner, string(l.Kind), l.MessageID, l.Token, moment(l.NotBefore), moment(since), moment(at), l.Text, l.Raw)
	if err != nil || len(added) == 0 {
		return err
	}
	for _, r := range l.Recipients() {
		_, err := t.exec(`INSERT INTO deliveries (letter, recipient, state, ready_at, changed_at)
			VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			added[0], r.Mail, string(conversation.DeliveryWaiting), moment(since), moment(at))
		if err != nil {
			return err
		}
	}
	return nil
}

// revoke withdraws letters that nobody has claimed. One that was claimed counts as
// gone even when its lease has run out: it may have been sent.
func revoke(t *tx, keys []string, at time.Time) error {
	for _, key := range keys {
		var gone int
		if err := t.row(`SELECT count(*) FROM letters l JOIN deliveries d ON d.letter = l.seq
			WHERE l.key = ? AND d.state IN ('claimed', 'sent')`, key).Scan(&gone); err != nil {
			return err
		}
		if gone > 0 {
			return conversation.ErrClaimed
		}
		n, err := t.exec(`UPDATE deliveries SET state = 'revoked', ready_at = NULL, changed_at = ?
			WHERE letter = (SELECT seq FROM letters WHERE key = ?) AND state = 'waiting'`, moment(at), key)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		// Nobody got it, so nobody will quote it.
		if _, err := t.exec("UPDATE letters SET settled_at = ?, text = '', raw = NULL WHERE key = ?", moment(at), key); err != nil {
			return err
		}
	}
	return nil
}

// withdraw takes back every letter of a conversation that still waits; those that were
// claimed have left.
func withdraw(t *tx, id string, at time.Time) error {
	if _, err := t.exec(`UPDATE deliveries SET state = 'revoked', ready_at = NULL, changed_at = ?
		WHERE state = 'waiting' AND letter IN (SELECT seq FROM letters WHERE conversation = ?)`, moment(at), id); err != nil {
		return err
	}
	// What nobody got, nobody will quote.
	_, err := t.exec(`UPDATE letters SET settled_at = ?, text = '', raw = NULL WHERE conversation = ? AND settled_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.letter = seq AND d.state IN ('waiting', 'claimed', 'sent'))`, moment(at), id)
	return err
}

func saveLeft(t *tx, c conversation.Change) error {
	if c.Left == "" {
		return nil
	}
	_, err := t.exec("INSERT INTO departed (hash, at) VALUES (?, ?) ON CONFLICT DO NOTHING", c.Left, moment(c.At))
	return err
}
