package storetest

import (
	"context"
	"testing"
	"time"

	"whyloop/conversation"
)

// testApplyRefuses: what no event can have led to is refused, and leaves nothing.
func testApplyRefuses(t *testing.T, s *suite) {
	b := s.bench(t)
	good := b.change(rep("ann"), mail("ann", "l-1"))
	for name, spoil := range map[string]func(*conversation.Change){
		"no event":        func(c *conversation.Change) { c.Handled = "" },
		"no conversation": func(c *conversation.Change) { c.Conversation.ID = "" },
		"no address":      func(c *conversation.Change) { c.Conversation.Rep.Address.Mail = "" },
		"no time":         func(c *conversation.Change) { c.At = time.Time{} },
		"no key":          func(c *conversation.Change) { c.Letters[0].Key = "" },
		"no recipient":    func(c *conversation.Change) { c.Letters[0].To = nil },
		"no bytes":        func(c *conversation.Change) { c.Letters[0].Raw = nil },
		"erase nobody":    func(c *conversation.Change) { c.Conversation.End = conversation.Erased },
	} {
		bad := good
		bad.Letters = []conversation.Letter{good.Letters[0]}
		spoil(&bad)
		if err := b.Apply(context.Background(), bad); err == nil {
			t.Errorf("%s: was applied", name)
		}
	}
	b.equal("stored", b.byAddress("ann@example.com"), conversation.Conversation{})
	b.apply(good)
}

// testApplyFailures: whichever sentinel answers, nothing was changed, and the first
// that fits answers.
func testApplyFailures(t *testing.T, s *suite) {
	b := s.bench(t)
	first := b.change(rep("ann"), mail("ann", "l-1"))
	ann := b.apply(first)
	if ann.Version == 0 {
		t.Fatal("a stored conversation has version 0")
	}
	b.enrol("bob")

	again := first
	again.Letters = []conversation.Letter{mail("ann", "l-again")}
	b.refuses(again, conversation.ErrHandled)

	stale := ann
	ann.Why = "to be home for dinner"
	ann = b.apply(b.change(ann))
	stale.Why = "decided from an old version"
	b.refuses(b.change(stale, mail("ann", "l-stale")), conversation.ErrConflict)
	b.refuses(b.change(rep("ann"), mail("ann", "l-twice")), conversation.ErrConflict)
	ghost := rep("ghost")
	ghost.Version = 3
	b.refuses(b.change(ghost, mail("ghost", "l-ghost")), conversation.ErrConflict)

	twin := rep("twin")
	twin.Rep.Address.Mail = "BOB@example.com"
	b.refuses(b.change(twin, mail("twin", "l-twin")), conversation.ErrExists)

	b.equal("outbox before", b.claim(start, time.Minute, 9), []string{"l-1 ann@example.com 1"})
	late := b.change(ann, mail("ann", "l-late"))
	late.Revoke = []string{"l-1"}
	late.Left = "hash"
	b.refuses(late, conversation.ErrClaimed)

	late.Revoke = nil // the key of a refused event is free
	b.apply(late)
	b.equal("outbox after", b.claim(start, time.Minute, 9), []string{"l-late ann@example.com 1"})
}

// testLetterKeys: a key names a letter for ever, so a second one changes nothing.
func testLetterKeys(t *testing.T, s *suite) {
	b := s.bench(t)
	c := b.enrol("ann", mail("ann", "l-1"))
	other := mail("ann", "l-1")
	other.Raw, other.Text, other.MessageID = []byte("other"), "other", "other@whyloop.test"
	other.Cc = []conversation.Address{{Mail: "kim@example.com"}}
	c = b.apply(b.change(c, other, mail("ann", "l-2"), mail("ann", "l-2")))
	b.equal("deliveries", b.claim(start, time.Minute, 9), []string{"l-1 ann@example.com 1", "l-2 ann@example.com 1"})

	gone := b.change(c, mail("ann", "l-3"))
	c = b.apply(gone)
	withdraw := b.change(c)
	withdraw.Revoke = []string{"l-3"}
	c = b.apply(withdraw)
	b.apply(b.change(c, mail("ann", "l-3")))
	b.equal("a revoked letter stays revoked", b.claim(later, time.Minute, 9), []string{"l-1 ann@example.com 2", "l-2 ann@example.com 2"})
}

func testRevoke(t *testing.T, s *suite) {
	b := s.bench(t)
	summary := mail("ann", "summary")
	summary.Cc = []conversation.Address{{Mail: "kim@example.com"}}
	c := b.enrol("ann", mail("ann", "l-1"), summary, mail("ann", "l-2"))
	withdraw := func(keys ...string) conversation.Change {
		change := b.change(c, mail("ann", "new-"+keys[0]))
		change.Revoke = keys
		return change
	}
	c = b.apply(withdraw("l-1", "unknown"))
	c = b.apply(withdraw("l-1", "l-1")) // passed over
	b.equal("one of two recipients claimed", b.claim(start, time.Minute, 1), []string{"summary ann@example.com 1"})
	b.refuses(withdraw("summary"), conversation.ErrClaimed)
	b.refuses(withdraw("l-2", "summary"), conversation.ErrClaimed)

	b.settle("summary", "ann@example.com", conversation.DeliverySent, start)
	b.refuses(withdraw("summary", "l-2"), conversation.ErrClaimed)
	b.equal("the rest", b.claim(start, time.Minute, 2), []string{"summary kim@example.com 1", "l-2 ann@example.com 1"})

	retry := conversation.Settlement{State: conversation.DeliveryRetry, Next: start.Add(time.Hour)}
	b.settleAs("l-2", "ann@example.com", retry, start)
	c = b.apply(withdraw("l-2")) // it waits for another attempt, nobody has it
	b.equal("an expired lease may have been sent", b.claim(start, time.Minute, 1), []string{"new-l-1 ann@example.com 1"})
	b.refuses(withdraw("new-l-1"), conversation.ErrClaimed)
}

// testErase: what is left of a person is that their events were handled, and the letters
// of the last change until those are settled.
func testErase(t *testing.T, s *suite) {
	b := s.bench(t)
	enrolled := b.change(rep("ann"), mail("ann", "l-1"), mail("ann", "l-2"))
	c := b.apply(enrolled)
	b.enrol("bob", mail("bob", "b-1"))
	b.claim(start, time.Hour, 1)
	c.Rep.Aliases, c.DueAt = []string{"ann.old@example.org"}, start
	c = b.apply(b.change(c))

	stale := c
	stale.Version--
	stale.End = conversation.Erased
	b.refuses(b.change(stale, mail("ann", "last-stale")), conversation.ErrConflict)

	c.End = conversation.Erased
	last := b.change(c, mail("ann", "last"))
	b.apply(last)
	for name, ref := range map[string]conversation.Ref{
		"address":         {From: "ann@example.com"},
		"alias":           {From: "ann.old@example.org"},
		"token":           {Tokens: []string{"t-l-1"}},
		"last token":      {Tokens: []string{"t-last"}},
		"Message-ID":      {MessageIDs: []string{"l-2@whyloop.test"}},
		"last Message-ID": {MessageIDs: []string{"last@whyloop.test"}},
	} {
		if f, err := b.Find(context.Background(), ref); !notFound(err) {
			t.Errorf("by %s: found %q (%v)", name, f.Conversation.ID, err)
		}
	}
	if due, err := b.Due(context.Background(), later, 9); err != nil || len(due) > 0 {
		t.Errorf("due: %d, %v", len(due), err)
	}
	b.refuses(last, conversation.ErrHandled)
	b.refuses(enrolled, conversation.ErrHandled)
	b.equal("outbox", b.claim(start, time.Minute, 9), []string{"b-1 bob@example.com 1", "last ann@example.com 1"})
	b.settleAs("last", "ann@example.com", conversation.Settlement{State: conversation.DeliveryRetry, Next: start.Add(time.Hour)}, start)
	b.equal("the last letter is tried again", b.claim(start.Add(time.Hour), time.Hour, 1), []string{"b-1 bob@example.com 2"})
	b.equal("the last letter is tried again", b.claim(start.Add(time.Hour), time.Hour, 1), []string{"last ann@example.com 2"})
	b.settle("last", "ann@example.com", conversation.DeliverySent, start.Add(time.Hour))
	b.equal("outbox after all", b.claim(later, time.Minute, 9), []string{"b-1 bob@example.com 3"})

	b.equal("a new beginning", b.enrol("ann", mail("ann", "l-1")).Version, int64(1))
	b.equal("its letter", b.claim(start, time.Minute, 9), []string{"l-1 ann@example.com 1"})
}

// testEraseInFlight: a letter that is on its way when its rep is erased settles into nothing.
func testEraseInFlight(t *testing.T, s *suite) {
	b := s.bench(t)
	c := b.enrol("ann", mail("ann", "l-1"))
	b.claim(start, time.Minute, 9)
	c.End = conversation.Erased
	named := b.change(c)
	named.Revoke = []string{"l-1"}
	b.refuses(named, conversation.ErrClaimed)
	b.apply(b.change(c))
	b.settle("l-1", "ann@example.com", conversation.DeliveryRetry, start)
	b.settle("l-1", "ann@example.com", conversation.DeliverySent, start)
	b.equal("outbox", b.claim(later, time.Minute, 9), []string(nil))
}

// testLate: answers that were not applied are kept with whose they are and the question they answer, apart from the
// conversation; a change that is refused keeps none, and an erasure takes them.
func testLate(t *testing.T, s *suite) {
	b := s.bench(t)
	c := b.enrol("ann", mail("ann", "l-1"))
	b.enrol("bob")
	late := func(id string) []conversation.Late {
		t.Helper()
		all, err := b.Late(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	want := []conversation.Late{
		{Letter: "l-1", Kind: conversation.KindGoal, Asked: start, At: later, Text: "sell more"},
		{Letter: "l-1", Kind: conversation.KindGoal, At: start, Text: "sell less"},
	}
	for _, l := range want {
		before := c
		change := b.change(c)
		change.Late = &l
		c = b.apply(change)
		before.Version = c.Version
		b.equal("the conversation", c, before)
		b.refuses(change, conversation.ErrHandled)
		stale := b.change(before)
		stale.Conversation.Version--
		stale.Late = &l
		b.refuses(stale, conversation.ErrConflict)
	}
	b.equal("late answers", late("ann"), want)
	b.equal("of another", late("bob"), []conversation.Late(nil))
	b.equal("of nobody", late("eve"), []conversation.Late(nil))

	c.End = conversation.Erased
	last := b.change(c)
	last.Late = &want[0]
	b.apply(last)
	b.equal("after the erasure", late("ann"), []conversation.Late(nil))
	b.enrol("ann")
	b.equal("of who comes again", late("ann"), []conversation.Late(nil))
}

// testCopies: a store shares no memory with those it talks to.
func testCopies(t *testing.T, s *suite) {
	b := s.bench(t)
	c := rep("ann")
	c.Ladder = conversation.Ladder{Goal: "close the Miller deal", Rungs: []conversation.Rung{{Answer: "a bonus"}}}
	l := mail("ann", "l-1")
	b.apply(b.change(c, l))
	c.Ladder.Rungs[0].Answer = "changed from outside"
	l.Raw[0] = '!'
	got := b.byAddress("ann@example.com")
	b.equal("rung", got.Ladder.Rungs[0].Answer, "a bonus")
	got.Ladder.Rungs[0].Answer = "changed from outside"
	b.equal("rung", b.byAddress("ann@example.com").Ladder.Rungs[0].Answer, "a bonus")
	ds, err := b.Claim(context.Background(), start, time.Minute, 1)
	if err != nil || len(ds) != 1 {
		t.Fatalf("claim: %d, %v", len(ds), err)
	}
	b.equal("bytes", string(ds[0].Raw), "Subject: l-1\r\n\r\nbytes\r\n")
}

// testCancelled: a context that has ended by the time of the call changes nothing.
func testCancelled(t *testing.T, s *suite) {
	b := s.bench(t)
	c := b.enrol("ann", mail("ann", "l-1"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	change := b.change(c, mail("ann", "l-2"))
	if err := b.Apply(ctx, change); err == nil {
		t.Error("applied")
	}
	if _, err := b.Claim(ctx, start, time.Minute, 9); err == nil {
		t.Error("claimed")
	}
	if _, err := b.Find(ctx, conversation.Ref{From: "ann@example.com"}); err == nil {
		t.Error("found")
	}
	if _, err := b.Due(ctx, later, 9); err == nil {
		t.Error("read what is due")
	}
	b.equal("outbox", b.claim(start, time.Minute, 9), []string{"l-1 ann@example.com 1"})
	if err := b.Settle(ctx, "l-1", "ann@example.com", conversation.Settlement{State: conversation.DeliverySent}, start); err == nil {
		t.Error("settled")
	}
	b.apply(change)
}
