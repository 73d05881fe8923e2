package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"whyloop/conversation"
)

func testFind(t *testing.T, s *suite) {
	b := s.bench(t)
	b.enrol("ann", mail("ann", "ann-1"), mail("ann", "ann-2"))
	b.enrol("bob", mail("bob", "bob-1"))
	for _, tt := range []struct {
		name       string
		ref        conversation.Ref
		id, letter string // "" for not found
	}{
		{"token", conversation.Ref{Tokens: []string{"t-ann-1"}}, "ann", "ann-1"},
		{"the best token", conversation.Ref{Tokens: []string{"t-none", "t-ann-2", "t-ann-1"}}, "ann", "ann-2"},
		{"token before Message-ID", conversation.Ref{Tokens: []string{"t-ann-1"}, MessageIDs: []string{"bob-1@whyloop.test"}}, "ann", "ann-1"},
		{"Message-ID when no token is ours", conversation.Ref{Tokens: []string{"t-none"}, MessageIDs: []string{"x@y", "bob-1@whyloop.test", "ann-1@whyloop.test"}}, "bob", "bob-1"},
		{"letter before author", conversation.Ref{MessageIDs: []string{"bob-1@whyloop.test"}, From: "ann@example.com"}, "bob", "bob-1"},
		{"author", conversation.Ref{Tokens: []string{"t-none"}, MessageIDs: []string{"x@y"}, From: "bob@example.com"}, "bob", ""},
		{"author in capitals", conversation.Ref{From: "BOB@example.com"}, "bob", ""},
		{"stranger", conversation.Ref{Tokens: []string{"t-none"}, From: "eve@example.com"}, "", ""},
		{"nothing", conversation.Ref{}, "", ""},
		{"empty values", conversation.Ref{Tokens: []string{""}, MessageIDs: []string{""}}, "", ""},
	} {
		f, err := b.Find(context.Background(), tt.ref)
		if tt.id == "" && !errors.Is(err, conversation.ErrNotFound) || tt.id != "" && err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if f.Conversation.ID != tt.id || f.Letter != tt.letter {
			t.Errorf("%s: found %q, letter %q; want %q, %q", tt.name, f.Conversation.ID, f.Letter, tt.id, tt.letter)
		}
		if tt.letter != "" && f.LetterKind != conversation.KindGoal {
			t.Errorf("%s: kind %q", tt.name, f.LetterKind)
		}
	}
}

// testFindSent: the texts of the last twenty letters, newest first, and when the one that
// was answered was delivered.
func testFindSent(t *testing.T, s *suite) {
	b := s.bench(t)
	c := b.enrol("ann", mail("ann", "l-1"))
	var want []string
	for i := 2; i <= 25; i++ {
		c = b.apply(b.change(c, mail("ann", fmt.Sprintf("l-%d", i))))
	}
	for i := 25; i > 5; i-- {
		want = append(want, fmt.Sprintf("text of l-%d", i))
	}
	ref := conversation.Ref{Tokens: []string{"t-l-1"}}
	f, err := b.Find(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	b.equal("Sent", f.Sent, want)
	b.equal("SentAt before delivery", f.SentAt, time.Time{})

	b.claim(start, time.Minute, 1)
	b.settle("l-1", "ann@example.com", conversation.DeliverySent, start.Add(time.Second))
	if f, err = b.Find(context.Background(), ref); err != nil {
		t.Fatal(err)
	}
	b.equal("SentAt", f.SentAt, start.Add(time.Second))
}

func testFindAliases(t *testing.T, s *suite) {
	b := s.bench(t)
	c := b.enrol("ann")
	c.Rep.Aliases = []string{"Ann.Old@example.org"}
	c = b.apply(b.change(c))
	b.equal("by alias", b.byAddress("ann.old@example.org").ID, "ann")

	c.Rep.Aliases = nil
	c.Rep.Address.Mail = "ann.new@example.com"
	b.apply(b.change(c))
	for address, id := range map[string]string{"ann.new@example.com": "ann", "ann@example.com": "", "ann.old@example.org": ""} {
		b.equal(address, b.byAddress(address).ID, id)
	}
	b.enrol("ann2")
	taken := rep("bob")
	taken.Rep.Aliases = []string{"ANN.NEW@example.com"}
	b.refuses(b.change(taken), conversation.ErrExists)
	b.apply(b.change(rep("ann-old"))) // an address that nobody has any more is free
}

func testDue(t *testing.T, s *suite) {
	b := s.bench(t)
	for i, id := range []string{"c", "a", "b", "d"} {
		c := rep(id)
		c.DueAt = start.Add(time.Duration(i) * time.Minute)
		b.apply(b.change(c))
	}
	b.enrol("never")
	due := func(now time.Time, limit int) (ids []string) {
		t.Helper()
		cs, err := b.Due(context.Background(), now, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cs {
			ids = append(ids, c.ID)
		}
		return ids
	}
	b.equal("just before", due(start.Add(-1), 9), []string(nil))
	b.equal("at the moment", due(start, 9), []string{"c"})
	b.equal("longest due first", due(start.Add(2*time.Minute), 9), []string{"c", "a", "b"})
	b.equal("limit", due(later, 2), []string{"c", "a"})

	c := b.byAddress("c@example.com")
	b.equal("as it was stored", c.DueAt, start)
	c.DueAt = time.Time{}
	b.apply(b.change(c))
	b.equal("no longer awaited", due(later, 9), []string{"a", "b", "d"})
}
