package storetest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"whyloop/conversation"
)

var _ conversation.Store = (*Memory)(nil)

// Memory is a store that keeps everything in memory: the model the engines are
// compared with, and a fast engine for tests of what stands above a store. Like them it
// keeps copies, so nobody shares a slice with it.
type Memory struct {
	mu            sync.Mutex
	conversations map[string]conversation.Conversation
	handled       map[string]bool
	left          map[string]bool
	late          map[string][]conversation.Late
	letters       []*letter // in the order they were written
}

// letter is a stored letter; owner is "" when its rep was erased.
type letter struct {
	conversation.Letter
	owner      string
	since      time.Time
	deliveries []*delivery
}

type delivery struct {
	recipient string
	state     conversation.DeliveryState
	attempts  int
	ready     time.Time // when it may be claimed, while it waits or is claimed
	changed   time.Time
}

func (d *delivery) open() bool {
	return d.state == conversation.DeliveryWaiting || d.state == conversation.DeliveryClaimed
}

// NewMemory returns an empty store.
func NewMemory() *Memory {
	return &Memory{
		conversations: map[string]conversation.Conversation{},
		handled:       map[string]bool{},
		left:          map[string]bool{},
		late:          map[string][]conversation.Late{},
	}
}

// clone copies a conversation as an engine would, through its document.
func clone(c conversation.Conversation) (conversation.Conversation, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return c, fmt.Errorf("encode conversation: %w", err)
	}
	var out conversation.Conversation
	err = json.Unmarshal(b, &out)
	return out, err
}

// Find implements conversation.Store.
func (m *Memory) Find(ctx context.Context, r conversation.Ref) (conversation.Found, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var f conversation.Found
	if err := ctx.Err(); err != nil {
		return f, err
	}
	id := m.owner(r.From)
	if l := m.named(r); l != nil {
		id, f.Letter, f.LetterKind, f.SentAt = l.owner, l.Key, l.Kind, l.sentAt()
	}
	c, ok := m.conversations[id]
	if !ok {
		return f, conversation.ErrNotFound
	}
	for _, l := range slices.Backward(m.letters) {
		if l.owner == id && l.Text != "" && len(f.Sent) < 20 {
			f.Sent = append(f.Sent, l.Text)
		}
	}
	var err error
	f.Conversation, err = clone(c)
	return f, err
}

// named returns the letter of a living conversation that a mail names best.
func (m *Memory) named(r conversation.Ref) *letter {
	look := func(values []string, of func(*letter) string) *letter {
		for _, v := range values {
			for _, l := range m.letters {
				if v != "" && l.owner != "" && of(l) == v {
					return l
				}
			}
		}
		return nil
	}
	if l := look(r.Tokens, func(l *letter) string { return l.Token }); l != nil {
		return l
	}
	return look(r.MessageIDs, func(l *letter) string { return l.MessageID })
}

// owner returns the conversation an address belongs to.
func (m *Memory) owner(address string) string {
	for id, c := range m.conversations {
		if address != "" && slices.Contains(addresses(c), strings.ToLower(address)) {
			return id
		}
	}
	return ""
}

func addresses(c conversation.Conversation) []string {
	all := []string{strings.ToLower(c.Rep.Address.Mail)}
	for _, a := range c.Rep.Aliases {
		all = append(all, strings.ToLower(a))
	}
	return all
}

func (l *letter) sentAt() time.Time {
	var first time.Time
	for _, d := range l.deliveries {
		if d.state == conversation.DeliverySent && (first.IsZero() || d.changed.Before(first)) {
			first = d.changed
		}
	}
	return first
}

// Late implements conversation.Store.
func (m *Memory) Late(ctx context.Context, id string) ([]conversation.Late, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.late[id]), ctx.Err()
}

// Due implements conversation.Store.
func (m *Memory) Due(ctx context.Context, now time.Time, limit int) ([]conversation.Conversation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var due []conversation.Conversation
	for _, c := range m.conversations {
		if !c.DueAt.IsZero() && !c.DueAt.After(now) {
			v, err := clone(c)
			if err != nil {
				return nil, err
			}
			due = append(due, v)
		}
	}
	slices.SortFunc(due, func(a, b conversation.Conversation) int {
		return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID))
	})
	return due[:min(limit, len(due))], nil
}

// Apply implements conversation.Store. Everything that can fail is looked at before
// anything is changed.
func (m *Memory) Apply(ctx context.Context, c conversation.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := m.refuse(c); err != nil {
		return err
	}
	next, err := clone(c.Conversation)
	if err != nil {
		return err
	}
	for _, l := range m.letters {
		if slices.Contains(c.Revoke, l.Key) || c.Withdraw && l.owner == next.ID {
			l.revoke(c.At)
		}
	}
	owner := next.ID
	if next.End == conversation.Erased {
		owner = ""
		delete(m.conversations, next.ID)
		delete(m.late, next.ID)
		m.letters = slices.DeleteFunc(m.letters, func(l *letter) bool { return l.owner == next.ID })
	} else {
		next.Version++
		m.conversations[next.ID] = next
		if c.Late != nil {
			m.late[next.ID] = append(m.late[next.ID], *c.Late)
		}
	}
	for _, l := range c.Letters {
		m.add(l, owner, c.At)
	}
	m.handled[c.Handled] = true
	if c.Left != "" {
		m.left[c.Left] = true
	}
	return nil
}

// refuse says why a change cannot be made.
func (m *Memory) refuse(c conversation.Change) error {
	v := c.Conversation
	switch {
	case c.Handled == "" || v.ID == "" || v.Rep.Address.Mail == "" || c.At.IsZero():
		return errors.New("apply change: change without an event, a conversation, its address or a time")
	case v.End == conversation.Erased && v.Version == 0:
		return errors.New("apply change: erasure of a conversation that is not stored")
	case slices.ContainsFunc(c.Letters, func(l conversation.Letter) bool {
		return l.Key == "" || len(l.Recipients()) == 0 || len(l.Raw) == 0
	}):
		return errors.New("apply change: letter without a key, a recipient or bytes")
	case m.handled[c.Handled]:
		return conversation.ErrHandled
	case m.conversations[v.ID].Version != v.Version:
		return conversation.ErrConflict
	}
	for _, a := range addresses(v) {
		if o := m.owner(a); v.End != conversation.Erased && o != "" && o != v.ID {
			return conversation.ErrExists
		}
	}
	for _, l := range m.letters {
		if slices.Contains(c.Revoke, l.Key) && l.gone() {
			return conversation.ErrClaimed
		}
	}
	return nil
}

func (l *letter) gone() bool {
	return slices.ContainsFunc(l.deliveries, func(d *delivery) bool {
		return d.state == conversation.DeliveryClaimed || d.state == conversation.DeliverySent
	})
}

func (l *letter) revoke(at time.Time) {
	for _, d := range l.deliveries {
		if d.state == conversation.DeliveryWaiting {
			d.state, d.changed, l.Text, l.Raw = conversation.DeliveryRevoked, at, "", nil
		}
	}
}

// add stores a letter, unless its key names one already.
func (m *Memory) add(l conversation.Letter, owner string, at time.Time) {
	if slices.ContainsFunc(m.letters, func(have *letter) bool { return have.Key == l.Key }) {
		return
	}
	stored := &letter{Letter: l, owner: owner, since: l.NotBefore}
	if stored.since.Before(at) {
		stored.since = at
	}
	stored.Raw = slices.Clone(l.Raw)
	for _, r := range l.Recipients() {
		if stored.to(r.Mail) == nil {
			stored.deliveries = append(stored.deliveries, &delivery{
				recipient: r.Mail, state: conversation.DeliveryWaiting, ready: stored.since, changed: at,
			})
		}
	}
	m.letters = append(m.letters, stored)
}

func (l *letter) to(recipient string) *delivery {
	i := slices.IndexFunc(l.deliveries, func(d *delivery) bool { return d.recipient == recipient })
	if i < 0 {
		return nil
	}
	return l.deliveries[i]
}

// Claim implements conversation.Store.
func (m *Memory) Claim(ctx context.Context, now time.Time, lease time.Duration, n int) ([]conversation.Delivery, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	type ready struct {
		l *letter
		d *delivery
	}
	var all []ready
	for _, l := range m.letters {
		for _, d := range l.deliveries {
			if d.open() && !d.ready.After(now) {
				all = append(all, ready{l, d})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b ready) int { return a.d.ready.Compare(b.d.ready) })
	var out []conversation.Delivery
	for _, r := range all[:min(n, len(all))] {
		r.d.state, r.d.ready, r.d.changed = conversation.DeliveryClaimed, now.Add(lease), now
		r.d.attempts++
		out = append(out, conversation.Delivery{
			Letter: r.l.Key, MessageID: r.l.MessageID, Recipient: r.d.recipient,
			Raw: slices.Clone(r.l.Raw), Attempt: r.d.attempts, Since: r.l.since,
		})
	}
	return out, nil
}

// Settle implements conversation.Store.
func (m *Memory) Settle(ctx context.Context, key, recipient string, s conversation.Settlement, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	switch s.State {
	case conversation.DeliverySent, conversation.DeliveryRetry, conversation.DeliveryFailed:
	default:
		return fmt.Errorf("settle delivery: %q is no outcome of an attempt", s.State)
	}
	for i, l := range m.letters {
		d := l.to(recipient)
		if l.Key != key || d == nil {
			continue
		}
		d.settle(s, at)
		if l.owner == "" && !slices.ContainsFunc(l.deliveries, (*delivery).open) {
			m.letters = slices.Delete(m.letters, i, i+1)
		}
		return nil
	}
	return nil
}

func (d *delivery) settle(s conversation.Settlement, at time.Time) {
	sent := s.State == conversation.DeliverySent
	if d.state != conversation.DeliveryClaimed && (!sent || d.state == conversation.DeliverySent) {
		return
	}
	d.state, d.changed = s.State, at
	if s.State == conversation.DeliveryRetry {
		d.state, d.ready = conversation.DeliveryWaiting, s.Next
		if s.Next.IsZero() {
			d.ready = at
		}
	}
}

// HasLeft tells whether a change has noted that keyed hash.
func (m *Memory) HasLeft(hash string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.left[hash]
}

// ByID returns a stored conversation.
func (m *Memory) ByID(id string) (conversation.Conversation, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.conversations[id]
	if !ok {
		return c, false
	}
	c, err := clone(c)
	return c, err == nil
}

// Letters returns what was stored for a conversation and not erased, oldest first;
// the bytes of revoked letters are gone.
func (m *Memory) Letters(id string) []conversation.Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []conversation.Letter
	for _, l := range m.letters {
		if l.owner == id {
			all = append(all, l.Letter)
		}
	}
	return all
}
