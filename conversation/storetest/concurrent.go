package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"whyloop/conversation"
)

const crowd = 16

func notFound(err error) bool { return errors.Is(err, conversation.ErrNotFound) }

// together calls f from many goroutines and returns what each got.
func together(f func(i int) error) []error {
	errs := make([]error, crowd)
	var wg sync.WaitGroup
	for i := range crowd {
		wg.Go(func() { errs[i] = f(i) })
	}
	wg.Wait()
	return errs
}

// testOnceOnly: of many that bring the same event, one applies it and the others learn
// that it is handled.
func testOnceOnly(t *testing.T, s *suite) {
	b := s.bench(t)
	change := b.change(rep("ann"), mail("ann", "l-1"))
	applied := 0
	for _, err := range together(func(int) error { return b.Apply(context.Background(), change) }) {
		switch {
		case err == nil:
			applied++
		case !errors.Is(err, conversation.ErrHandled):
			t.Errorf("got %v", err)
		}
	}
	b.equal("applied", applied, 1)
	b.equal("outbox", b.claim(start, time.Minute, 9), []string{"l-1 ann@example.com 1"})
}

// testOneWinner: of many events decided from the same version one is applied; each of
// the others can be decided again, and then none is lost.
func testOneWinner(t *testing.T, s *suite) {
	b := s.bench(t)
	b.enrol("ann")
	for i, err := range together(func(i int) error { return b.insist(fmt.Sprintf("reply-%d", i)) }) {
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	c := b.byAddress("ann@example.com")
	b.equal("rungs", len(c.Ladder.Rungs), crowd)
	b.equal("version", c.Version, int64(crowd+1))
	b.equal("letters", len(b.claim(start, time.Minute, 99)), crowd)
}

// insist reloads and decides again until its event is applied, as a coach does.
func (b *bench) insist(event string) error {
	for {
		f, err := b.Find(context.Background(), conversation.Ref{From: "ann@example.com"})
		if err != nil {
			return err
		}
		c := f.Conversation
		c.Ladder.Rungs = append(c.Ladder.Rungs, conversation.Rung{Answer: event})
		err = b.Apply(context.Background(), conversation.Change{
			Conversation: c, Handled: event, At: start, Letters: []conversation.Letter{mail("ann", "l-"+event)},
		})
		if !errors.Is(err, conversation.ErrConflict) {
			return err
		}
	}
}

// testClaimShares: two that claim at the same time never get the same delivery.
func testClaimShares(t *testing.T, s *suite) {
	b := s.bench(t)
	const letters = 5 * crowd
	c := b.change(rep("ann"))
	for i := range letters {
		c.Letters = append(c.Letters, mail("ann", fmt.Sprintf("l-%d", i)))
	}
	b.apply(c)
	var mu sync.Mutex
	seen := map[string]int{}
	for _, err := range together(func(int) error {
		for {
			ds, err := b.Claim(context.Background(), start, time.Hour, 3)
			if err != nil || len(ds) == 0 {
				return err
			}
			for _, d := range ds {
				mu.Lock()
				seen[d.Letter]++
				mu.Unlock()
				if err := b.Settle(context.Background(), d.Letter, d.Recipient, conversation.Settlement{State: conversation.DeliverySent}, start); err != nil {
					return err
				}
			}
		}
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	b.equal("letters", len(seen), letters)
	for key, n := range seen {
		if n != 1 {
			t.Errorf("%s was claimed %d times", key, n)
		}
	}
}

// testNeighbours: calls that fail, at the same moment as others that do not, take
// nothing of theirs away.
func testNeighbours(t *testing.T, s *suite) {
	b := s.bench(t)
	first := b.change(rep("ann"), mail("ann", "l-ann"))
	b.apply(first)
	for i, err := range together(func(i int) error {
		id := fmt.Sprintf("rep-%d", i)
		c := conversation.Change{Conversation: rep(id), Handled: "enrol-" + id, At: start, Letters: []conversation.Letter{mail(id, "l-"+id)}}
		switch i % 4 {
		case 1:
			c.Handled = first.Handled
		case 2:
			c.Conversation.Version = 7
		case 3:
			c.Conversation.Rep.Aliases = []string{"ann@example.com"}
		}
		return b.Apply(context.Background(), c)
	}) {
		want := []error{nil, conversation.ErrHandled, conversation.ErrConflict, conversation.ErrExists}[i%4]
		if !errors.Is(err, want) {
			t.Errorf("%d: got %v, want %v", i, err, want)
		}
		stored := b.byAddress(fmt.Sprintf("rep-%d@example.com", i)).ID != ""
		if stored != (want == nil) {
			t.Errorf("%d: stored %v", i, stored)
		}
	}
	b.equal("letters", len(b.claim(start, time.Minute, 99)), 1+crowd/4)
}

// testPersists: what was answered with success is there after a restart, and leases,
// attempts and handled keys with it.
func testPersists(t *testing.T, s *suite) {
	if s.reopen == nil {
		t.Skip("the engine has no Reopen")
	}
	b := s.bench(t)
	enrolled := b.change(rep("ann"), mail("ann", "l-1"), mail("ann", "l-2"), mail("ann", "l-3"))
	c := b.apply(enrolled)
	c.Why, c.DueAt = "to be home for dinner", start.Add(1)
	c = b.apply(b.change(c))
	b.claim(start, time.Minute, 2)
	b.settle("l-1", "ann@example.com", conversation.DeliverySent, start.Add(time.Second))

	b.Store = s.reopen(t, b.Store)
	b.equal("conversation", b.byAddress("ann@example.com"), c)
	enrolled.Letters = nil
	b.refuses(enrolled, conversation.ErrHandled)
	if due, err := b.Due(context.Background(), start.Add(1), 9); err != nil || len(due) != 1 {
		t.Errorf("due: %d, %v", len(due), err)
	}
	f, err := b.Find(context.Background(), conversation.Ref{MessageIDs: []string{"l-1@whyloop.test"}})
	if err != nil {
		t.Fatal(err)
	}
	b.equal("SentAt", f.SentAt, start.Add(time.Second))
	b.equal("texts", f.Sent, []string{"text of l-3", "text of l-2", "text of l-1"})
	b.equal("unclaimed", b.claim(start, time.Minute, 9), []string{"l-3 ann@example.com 1"})
	b.equal("all leases over", b.claim(start.Add(time.Minute), time.Minute, 9),
		[]string{"l-2 ann@example.com 2", "l-3 ann@example.com 2"})
}
