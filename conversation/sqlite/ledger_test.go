package sqlite

import (
	"context"
	"errors"
	"math"
	"testing"
)

func TestCursor(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	at := func(mailbox string, validity, uid uint32) {
		t.Helper()
		v, u, err := s.Cursor(ctx, mailbox)
		if err != nil || v != validity || u != uid {
			t.Errorf("%s: %d %d, %v; want %d %d", mailbox, v, u, err, validity, uid)
		}
	}
	advance := func(validity, uid uint32) {
		t.Helper()
		if err := s.Advance(ctx, "INBOX", validity, uid); err != nil {
			t.Fatal(err)
		}
	}
	at("INBOX", 0, 0)
	advance(7, 0)
	at("INBOX", 7, 0)
	advance(7, 10)
	advance(7, 5)
	at("INBOX", 7, 10)
	advance(math.MaxUint32, 3)
	at("INBOX", math.MaxUint32, 3)
	advance(math.MaxUint32, math.MaxUint32)
	at("INBOX", math.MaxUint32, math.MaxUint32)
	at("Junk", 0, 0)
}

func TestAttempts(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	attempt := func(mailbox string, validity, uid uint32, want int) {
		t.Helper()
		if n, err := s.Attempt(ctx, mailbox, validity, uid); err != nil || n != want {
			t.Errorf("%s %d %d: %d, %v; want %d", mailbox, validity, uid, n, err, want)
		}
	}
	attempt("INBOX", 7, 1, 1)
	attempt("INBOX", 7, 2, 1)
	attempt("INBOX", 7, 2, 2)
	attempt("Junk", 7, 2, 1)
	attempt("INBOX", 6, 2, 1)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, s.Path())
	for range 4 {
		if err := errors.Join(s.Excuse(ctx, "INBOX", 6, 2), s.Excuse(ctx, "INBOX", 9, 9)); err != nil {
			t.Fatal(err)
		}
	}
	attempt("INBOX", 6, 2, 1)
	attempt("INBOX", 7, 2, 3)
	if err := s.Advance(ctx, "INBOX", 7, 1); err != nil {
		t.Fatal(err)
	}
	attempt("INBOX", 7, 1, 1) // passed: forgotten
	attempt("INBOX", 6, 2, 1) // another validity: forgotten
	attempt("INBOX", 7, 2, 4)
	attempt("Junk", 7, 2, 2)
}
