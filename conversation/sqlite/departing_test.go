package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

// TestDeparting: where a mailbox is read, the addresses of who was erased are kept until their mail has left it,
// and then nothing of them; where none is read they are not kept at all.
func TestDeparting(t *testing.T) {
	ctx := context.Background()
	path := storePath(t)
	c := &crowd{T: t, Store: openStore(t, path), rnd: rand.New(rand.NewPCG(1, 2)), people: map[string]conversation.Conversation{}}
	c.live("ann")
	c.live("bob")
	c.erase("ann")
	if got, err := c.Departing(ctx); err != nil || got != nil {
		t.Errorf("%q, %v, and no mailbox was read", got, err)
	}
	if err := c.Advance(ctx, "INBOX", 1, 5); err != nil {
		t.Fatal(err)
	}
	c.erase("bob")
	got, err := c.Departing(ctx)
	if diff := cmp.Diff([]string{"bob@example.com", canary("bob") + "@example.org"}, got); err != nil || diff != "" {
		t.Fatalf("%s, %v", diff, err)
	}
	for _, a := range got {
		if err := c.Departed(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	for _, word := range []string{"bob@example.com", canary("bob")} {
		if in := found(t, path, word); len(in) > 0 {
			t.Errorf("%q is left in %v", word, in)
		}
	}
}

// TestEraseTakesTheCopyOfBefore: a copy made before a migration holds the same words, and goes with them.
func TestEraseTakesTheCopyOfBefore(t *testing.T) {
	path := storePath(t)
	c := &crowd{T: t, Store: openStore(t, path), rnd: rand.New(rand.NewPCG(3, 4)), people: map[string]conversation.Conversation{}}
	c.live("ann")
	kept := path + ".schema1.bak"
	if err := c.Backup(context.Background(), kept); err != nil {
		t.Fatal(err)
	}
	if in := found(t, path, canary("ann")); len(in) < 2 {
		t.Fatalf("found in %v before", in)
	}
	c.erase("ann")
	if in := found(t, path, canary("ann")); len(in) > 0 {
		t.Errorf("words are left in %v", in)
	}
	if _, err := os.Stat(kept); err == nil {
		t.Error("the copy is still there")
	}
}

// TestShownIsNoted: that the words of a held mail were shown stands beside it.
func TestShownIsNoted(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	if err := s.Hold(ctx, conversation.HeldMail{Key: "k", Reason: "unknown-sender", At: monday, Raw: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	all, err := s.Held(ctx)
	if err != nil || len(all) != 1 || !all[0].Shown.IsZero() {
		t.Fatalf("%+v, %v", all, err)
	}
	if err := s.Show(ctx, all[0].ID, monday); err != nil {
		t.Fatal(err)
	}
	if all, err = s.Held(ctx); err != nil || !all[0].Shown.Equal(monday) {
		t.Errorf("%+v, %v", all, err)
	}
	if err := s.Show(ctx, "none", monday); fmt.Sprint(err) == "<nil>" {
		t.Error("a mail that is not there was shown")
	}
}
