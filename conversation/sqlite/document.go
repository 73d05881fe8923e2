package sqlite

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"whyloop/conversation"
)

// format is the version of the JSON document a conversation is stored as. A document
// of an older format is read as long as decode knows it.
const format = 1

// encode makes the document. Version is left to its column, which an update counts up.
func encode(c conversation.Conversation) (string, error) {
	c.Version = 0
	b, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("encode conversation: %w", err)
	}
	return string(b), nil
}

// columns of a conversation, as scanConversation expects them.
const columns = "c.id, c.version, c.format, c.state"

func scanConversation(r scanner) (conversation.Conversation, error) {
	var (
		c       conversation.Conversation
		id, doc string
		version int64
		fmtv    int
	)
	if err := r.Scan(&id, &version, &fmtv, &doc); err != nil {
		return c, err
	}
	if fmtv > format {
		return c, fmt.Errorf("conversation %s: %w", id, ErrNewer)
	}
	if err := json.Unmarshal([]byte(doc), &c); err != nil {
		return conversation.Conversation{}, fmt.Errorf("decode conversation %s: %w", id, ErrDamaged) // err may quote the document
	}
	c.ID, c.Version = id, version
	return c, nil
}

// addresses returns every address a rep writes from, as Find compares them.
func addresses(r conversation.Rep) []string {
	all := []string{fold(r.Address.Mail)}
	for _, a := range r.Aliases {
		all = append(all, fold(a))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(a string) bool { return a == "" })
}

// fold makes addresses comparable. They are ASCII (see conversation.Address); that
// local parts could be case-sensitive (RFC 5321 §2.4) is not used by anyone's server.
func fold(mail string) string { return strings.ToLower(mail) }
