package sqlite

import (
	"bytes"
	"net/mail"
	"strings"

	"whyloop/conversation"
)

// erase removes a person: their conversation with its addresses and letters (by the
// foreign keys), and the held mail that is theirs. What stays is the letters of this
// change until they are settled, their addresses until nothing of theirs lies in the mailbox, the hashes of
// handled keys, and Left.
func erase(t *tx, c conversation.Change) error {
	v := c.Conversation
	theirs, err := rows(t, scanText, `SELECT a.address FROM conversations c JOIN addresses a ON a.conversation = c.id
		WHERE c.id = ? AND c.version = ?`, v.ID, v.Version)
	if err != nil {
		return err
	}
	if len(theirs) == 0 {
		return conversation.ErrConflict
	}
	if err := revoke(t, c.Revoke, c.At); err != nil { // of letters that are claimed: the caller must know
		return err
	}
	if _, err := t.exec("DELETE FROM conversations WHERE id = ?", v.ID); err != nil {
		return err
	}
	if err := eraseHeld(t, v.ID, theirs); err != nil {
		return err
	}
	if err := depart(t, theirs, c.At); err != nil {
		return err
	}
	t.scrub = true
	c.Letters = withoutText(c.Letters)
	if err := addLetters(t, c, nil); err != nil {
		return err
	}
	return saveLeft(t, c)
}

// withoutText drops what is kept to recognise quotes: nobody will be there to quote.
func withoutText(letters []conversation.Letter) []conversation.Letter {
	bare := make([]conversation.Letter, len(letters))
	for i, l := range letters {
		l.Text, l.Token = "", ""
		bare[i] = l
	}
	return bare
}

// eraseHeld drops held mail known to be theirs, and what was written from their
// addresses. Somebody else's mail that only mentions them stays.
func eraseHeld(t *tx, id string, theirs []string) error {
	if _, err := t.exec("DELETE FROM held WHERE conversation = ?", id); err != nil {
		return err
	}
	type heldHead struct {
		id   string
		head []byte
	}
	all, err := rows(t, func(r scanner) (heldHead, error) {
		var h heldHead
		err := r.Scan(&h.id, &h.head)
		return h, err
	}, "SELECT id, substr(raw, 1, 262144) FROM held WHERE conversation = ''")
	if err != nil {
		return err
	}
	for _, h := range all {
		if !writtenBy(h.head, theirs) {
			continue
		}
		if _, err := t.exec("DELETE FROM held WHERE id = ?", h.id); err != nil {
			return err
		}
	}
	return nil
}

// writtenBy looks for the addresses in the fields that name an author; where the head
// cannot be read, anywhere in it.
func writtenBy(raw []byte, addresses []string) bool {
	authors := string(raw)
	if m, err := mail.ReadMessage(bytes.NewReader(raw)); err == nil {
		authors = strings.Join([]string{m.Header.Get("From"), m.Header.Get("Sender"), m.Header.Get("Reply-To"), m.Header.Get("Return-Path")}, " ")
	}
	authors = strings.ToLower(authors)
	for _, a := range addresses {
		if strings.Contains(authors, a) {
			return true
		}
	}
	return false
}
