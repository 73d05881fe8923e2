package sqlite

import (
	"context"
	"errors"
	"testing"
	"time"

	"whyloop/conversation"
)

// TestRedo: a failed letter can be tried again or dropped; one that waits for its hour keeps it.
func TestRedo(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	c := sam("sam")
	letter := conversation.Letter{Key: "why/sam/1", Conversation: "sam", Kind: conversation.KindWhy, MessageID: "m@example.com", Token: "t",
		To: []conversation.Address{c.Rep.Address}, NotBefore: monday, Raw: []byte("x")}
	if err := s.Apply(ctx, conversation.Change{Conversation: c, Handled: "e", Letters: []conversation.Letter{letter}, At: monday}); err != nil {
		t.Fatal(err)
	}
	to := c.Rep.Address.Mail
	want := func(what string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Fatalf("%s: %v, want %v", what, err, want)
		}
	}
	claim := func(n int) {
		t.Helper()
		if ds, err := s.Claim(ctx, monday, time.Hour, 9); err != nil || len(ds) != n {
			t.Fatalf("claimed %d, %v, want %d", len(ds), err, n)
		}
	}
	settle := func(st conversation.DeliveryState) {
		t.Helper()
		want("settle", s.Settle(ctx, letter.Key, to, conversation.Settlement{State: st, Next: monday.Add(time.Hour), Code: 550}, monday), nil)
	}
	want("before its hour", s.Retry(ctx, letter.Key, to, monday), ErrNotTried)
	want("another", s.Retry(ctx, letter.Key, "pat@example.com", monday), ErrNotThere)
	claim(1)
	want("while it is sent", s.Retry(ctx, letter.Key, to, monday), ErrSending)
	want("while it is sent", s.Drop(ctx, letter.Key, to, monday), ErrSending)
	settle(conversation.DeliveryRetry)
	claim(0)
	want("after a try", s.Retry(ctx, letter.Key, to, monday), nil)
	claim(1)
	settle(conversation.DeliveryFailed)
	want("after a failure", s.Retry(ctx, letter.Key, to, monday), nil)
	claim(1)
	settle(conversation.DeliveryFailed)
	if err := s.Prune(ctx, monday.Add(8*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	want("after a week", s.Retry(ctx, letter.Key, to, monday), ErrTooOld)
	want("drop", s.Drop(ctx, letter.Key, to, monday), nil)
	want("drop twice", s.Drop(ctx, letter.Key, to, monday), ErrNotThere)
	if all, err := s.Outbox(ctx); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}
