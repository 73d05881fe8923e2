package sqlite

import (
	"context"
	"errors"
	"testing"
	"time"

	"whyloop/conversation"
)

// TestTell: a word to the admin is queued once for its key, the newest in the place of those that wait, and
// leaves nothing behind once it has gone.
func TestTell(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	word := func(key string) conversation.Letter {
		return conversation.Letter{Key: key, Kind: "alert", MessageID: key + "@example.com", Text: "kept nowhere",
			To: []conversation.Address{{Mail: "ops@example.net"}}, Raw: []byte("x")}
	}
	waiting := func(want ...string) {
		t.Helper()
		all, err := s.Outbox(ctx)
		if err != nil || len(all) != len(want) {
			t.Fatalf("%v, %v, want %q", all, err, want)
		}
		for i, d := range all {
			if d.Letter != want[i] {
				t.Errorf("%s, want %s", d.Letter, want[i])
			}
		}
	}
	tell := func(key string, want error) {
		t.Helper()
		if err := s.Tell(ctx, word(key), monday); !errors.Is(err, want) {
			t.Fatalf("%s: %v, want %v", key, err, want)
		}
	}
	settle := func(key string, st conversation.DeliveryState) {
		t.Helper()
		if err := s.Settle(ctx, key, "ops@example.net", conversation.Settlement{State: st}, monday); err != nil {
			t.Fatal(err)
		}
	}
	tell("a", nil)
	tell("a", conversation.ErrHandled)
	tell("b", nil)
	waiting("b")
	if ds, err := s.Claim(ctx, monday, time.Hour, 9); err != nil || len(ds) != 1 || string(ds[0].Raw) != "x" {
		t.Fatal(ds, err)
	}
	tell("c", nil)
	waiting("b", "c")
	settle("b", conversation.DeliverySent)
	waiting("c")
	if ds, err := s.Claim(ctx, monday, time.Hour, 9); err != nil || len(ds) != 1 {
		t.Fatal(ds, err)
	}
	settle("c", conversation.DeliveryFailed)
	waiting()
	tell("b", conversation.ErrHandled)
	if err := s.Tell(ctx, conversation.Letter{Key: "d"}, monday); err == nil {
		t.Error("a letter to nobody")
	}
}

// TestTellLeavesOthers: a rep's letters are not the admin's.
func TestTellLeavesOthers(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	c := sam("sam")
	letter := conversation.Letter{Key: "why/sam/1", Conversation: "sam", Kind: "alert", MessageID: "m@example.com", To: []conversation.Address{c.Rep.Address}, Raw: []byte("x")}
	if err := s.Apply(ctx, conversation.Change{Conversation: c, Handled: "e", Letters: []conversation.Letter{letter}, At: monday}); err != nil {
		t.Fatal(err)
	}
	if err := s.Tell(ctx, conversation.Letter{Key: "a", Kind: "alert", To: []conversation.Address{{Mail: "ops@example.net"}}, Raw: []byte("x")}, monday); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Outbox(ctx); err != nil || len(all) != 2 {
		t.Errorf("%v, %v", all, err)
	}
}
