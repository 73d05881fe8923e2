package mailer

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// sized is a mail before it is fetched.
type sized struct {
	uid  imap.UID
	size int64
	at   time.Time
}

// sizes asks for RFC822.SIZE and INTERNALDATE, ascending by UID. Mails that are gone are left out.
func (s *session) sizes(uids []imap.UID) ([]sized, error) {
	var all []sized
	err := s.do(s.limits.Command, maxAnswer, func() error {
		msgs, err := s.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true}).Collect()
		for _, m := range msgs {
			if slices.Contains(uids, m.UID) {
				all = append(all, sized{m.UID, m.RFC822Size, m.InternalDate})
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("ask sizes: %w", err)
	}
	slices.SortFunc(all, func(a, b sized) int { return int(int64(a.uid) - int64(b.uid)) })
	return slices.CompactFunc(all, func(a, b sized) bool { return a.uid == b.uid }), nil
}

// cutAt is how much of a mail over the limit is fetched: its header and, as clients write them,
// its text parts, which come before attachments. A person is not held back for an attachment.
const cutAt = 1 << 20

// fetch gets mails by one command: one in flight, for pipelined FETCHes can hang imapclient.
// BODY.PEEK sets no \Seen. What a server sends beyond the sizes it told ends the connection.
func (s *session) fetch(g []sized, maxMail int64) ([]Arrived, error) {
	section := &imap.FetchItemBodySection{Peek: true}
	limit := maxMail
	cut := g[0].size > maxMail
	if cut {
		limit = cutAt
		section.Partial = &imap.SectionPartial{Size: cutAt}
	}
	budget := int64(maxAnswer)
	for _, m := range g {
		budget += min(m.size, limit) * 11 / 10 // TLS records come on top
	}
	uids := make([]imap.UID, len(g))
	for k, m := range g {
		uids[k] = m.uid
	}
	var mails []Arrived
	err := s.do(s.limits.Fetch, budget, func() error {
		cmd := s.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
		var readErr error
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			m, err := read(msg, limit)
			if err != nil && readErr == nil {
				readErr = err
			}
			mails = append(mails, m)
		}
		if err := cmd.Close(); err != nil {
			return err
		}
		return readErr
	})
	if err != nil {
		return nil, fmt.Errorf("fetch mails: %w", err)
	}
	return match(g, mails, cut), nil
}

// read takes a mail off the wire, at most limit bytes of it.
func read(msg *imapclient.FetchMessageData, limit int64) (Arrived, error) {
	var m Arrived
	var err error
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			m.UID = uint32(item.UID)
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			if m.Raw, err = io.ReadAll(io.LimitReader(item.Literal, limit)); err != nil {
				return m, err
			}
			m.Cut = item.Literal.Size() > limit
		}
	}
	return m, nil
}

// match brings answers into the order asked for; what was not asked for, comes twice or has
// no body (a change of flags, announced meanwhile) is passed over.
func match(g []sized, mails []Arrived, cut bool) []Arrived {
	var out []Arrived
	for _, want := range g {
		k := slices.IndexFunc(mails, func(m Arrived) bool { return m.UID == uint32(want.uid) && m.Raw != nil })
		if k < 0 {
			continue // expunged meanwhile
		}
		m := mails[k]
		m.At, m.Size, m.Cut = want.at, want.size, m.Cut || cut
		out = append(out, m)
	}
	return out
}
