package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"whyloop/conversation"
)

// start is when every test begins: a Monday morning.
var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// later is after everything a test plans.
var later = start.AddDate(10, 0, 0)

type suite struct {
	open   func(t *testing.T) conversation.Store
	reopen func(t *testing.T, s conversation.Store) conversation.Store
}

// Option says more about the engine under test.
type Option func(*suite)

// Reopen tells how to close a store and open the same one again, for the promises that
// outlive a process. Without it they are not tested.
func Reopen(f func(t *testing.T, s conversation.Store) conversation.Store) Option {
	return func(s *suite) { s.reopen = f }
}

// Run tests every promise of conversation.Store. open returns a new, empty store each
// time it is called; a store that has a Close method is closed when it is done with.
func Run(t *testing.T, open func(t *testing.T) conversation.Store, opts ...Option) {
	s := &suite{open: open}
	for _, o := range opts {
		o(s)
	}
	for _, p := range []struct {
		name string
		test func(*testing.T, *suite)
	}{
		{"Find", testFind},
		{"FindSent", testFindSent},
		{"FindAliases", testFindAliases},
		{"Due", testDue},
		{"ApplyRefuses", testApplyRefuses},
		{"ApplyFailures", testApplyFailures},
		{"LetterKeys", testLetterKeys},
		{"Claim", testClaim},
		{"ClaimLease", testClaimLease},
		{"Settle", testSettle},
		{"SettleRecipients", testSettleRecipients},
		{"Revoke", testRevoke},
		{"Erase", testErase},
		{"EraseInFlight", testEraseInFlight},
		{"Late", testLate},
		{"Copies", testCopies},
		{"Cancelled", testCancelled},
		{"OnceOnly", testOnceOnly},
		{"OneWinner", testOneWinner},
		{"ClaimShares", testClaimShares},
		{"Neighbours", testNeighbours},
		{"Persists", testPersists},
		{"Model", testModel},
	} {
		t.Run(p.name, func(t *testing.T) { p.test(t, s) })
	}
}

// bench is a store under test, with the words to talk to it.
type bench struct {
	*testing.T
	conversation.Store
	events int
}

func (s *suite) bench(t *testing.T) *bench {
	b := &bench{T: t, Store: s.open(t)}
	t.Cleanup(func() { closeStore(t, b.Store) })
	return b
}

func closeStore(t *testing.T, s conversation.Store) {
	if c, ok := s.(io.Closer); ok {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}

// rep returns a conversation that is not stored yet.
func rep(id string) conversation.Conversation {
	return conversation.Conversation{
		ID: id,
		Rep: conversation.Rep{
			Name:    "Sam",
			Address: conversation.Address{Name: "Sam Reed", Mail: id + "@example.com"},
			Manager: conversation.Address{Name: "Kim", Mail: "kim@example.com"},
			Zone:    "Europe/Berlin", Language: "en",
		},
		State: conversation.State{Stage: conversation.StageInvited},
	}
}

// mail returns a letter to the rep alone.
func mail(id, key string) conversation.Letter {
	return conversation.Letter{
		Key: key, Conversation: id, Kind: conversation.KindGoal,
		MessageID: key + "@whyloop.test", Token: "t-" + key,
		To:   []conversation.Address{{Mail: id + "@example.com"}},
		Text: "text of " + key, Raw: []byte("Subject: " + key + "\r\n\r\nbytes\r\n"),
	}
}

// change returns a change with an event key of its own.
func (b *bench) change(c conversation.Conversation, letters ...conversation.Letter) conversation.Change {
	b.events++
	return conversation.Change{Conversation: c, Handled: fmt.Sprintf("event-%d", b.events), Letters: letters, At: start}
}

// apply applies a change that must succeed, and returns the conversation as it is stored now.
func (b *bench) apply(c conversation.Change) conversation.Conversation {
	b.Helper()
	if err := b.Apply(context.Background(), c); err != nil {
		b.Fatalf("apply %s: %v", c.Handled, err)
	}
	return b.byAddress(c.Conversation.Rep.Address.Mail)
}

// enrol stores a new conversation with its first letters.
func (b *bench) enrol(id string, letters ...conversation.Letter) conversation.Conversation {
	b.Helper()
	return b.apply(b.change(rep(id), letters...))
}

// byAddress returns a conversation, the zero value when there is none.
func (b *bench) byAddress(address string) conversation.Conversation {
	b.Helper()
	f, err := b.Find(context.Background(), conversation.Ref{From: address})
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		b.Fatalf("find %s: %v", address, err)
	}
	return f.Conversation
}

// refuses applies a change that must fail with want and change nothing.
func (b *bench) refuses(c conversation.Change, want error) {
	b.Helper()
	address := c.Conversation.Rep.Address.Mail
	before := b.byAddress(address)
	if err := b.Apply(context.Background(), c); !errors.Is(err, want) {
		b.Errorf("apply %s: got %v, want %v", c.Handled, err, want)
	}
	b.equal("conversation after a refusal", b.byAddress(address), before)
	for _, l := range c.Letters {
		if f, err := b.Find(context.Background(), conversation.Ref{Tokens: []string{l.Token}}); err == nil {
			b.Errorf("letter %s of a refused change was stored in %s", l.Key, f.Conversation.ID)
		}
	}
}

// claim claims deliveries and returns them as "letter recipient attempt".
func (b *bench) claim(now time.Time, lease time.Duration, n int) []string {
	b.Helper()
	ds, err := b.Claim(context.Background(), now, lease, n)
	if err != nil {
		b.Fatalf("claim: %v", err)
	}
	var names []string
	for _, d := range ds {
		names = append(names, fmt.Sprintf("%s %s %d", d.Letter, d.Recipient, d.Attempt))
	}
	return names
}

func (b *bench) settle(letter, recipient string, state conversation.DeliveryState, at time.Time) {
	b.Helper()
	b.settleAs(letter, recipient, conversation.Settlement{State: state}, at)
}

func (b *bench) settleAs(letter, recipient string, s conversation.Settlement, at time.Time) {
	b.Helper()
	if err := b.Settle(context.Background(), letter, recipient, s, at); err != nil {
		b.Fatalf("settle %s: %v", letter, err)
	}
}

func (b *bench) equal(what string, got, want any) {
	b.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		b.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
