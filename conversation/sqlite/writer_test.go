package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"whyloop/conversation"
)

// gather holds the writer's turn until n calls of f wait for it, so that they share one commit.
func gather(t *testing.T, s *Store, n int, f func(i int) error) []error {
	t.Helper()
	errs := make([]error, n)
	s.writer.turn <- struct{}{}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = f(i) })
		for s.writer.waiting() <= i {
			runtime.Gosched()
		}
	}
	<-s.writer.turn
	wg.Wait()
	return errs
}

func (w *writer) waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.queue)
}

func mark(s *Store, key string) error {
	return s.write(context.Background(), "mark", func(t *tx) error { return markHandled(t, key, monday) })
}

func handled(t *testing.T, s *Store, key string) bool {
	t.Helper()
	ok, err := s.Handled(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// TestGroupCommitSharesOneCommit counts the commits in the log.
func TestGroupCommitSharesOneCommit(t *testing.T) {
	s := openStore(t, storePath(t))
	if err := s.writer.checkpoint(); err != nil {
		t.Fatal(err)
	}
	for i, err := range gather(t, s, 40, func(i int) error { return mark(s, fmt.Sprint(i)) }) {
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	if n := len(commitFrames(t, s.path+"-wal")); n != 1 {
		t.Errorf("40 calls took %d commits", n)
	}
	for i := range 40 {
		if !handled(t, s, fmt.Sprint(i)) {
			t.Errorf("%d is missing", i)
		}
	}
}

// TestGroupCommitFailsAlone: whatever a failing call has written goes, and nothing else.
func TestGroupCommitFailsAlone(t *testing.T) {
	s := openStore(t, storePath(t))
	boom := errors.New("boom")
	errs := gather(t, s, 30, func(i int) error {
		return s.write(context.Background(), "try", func(tx *tx) error {
			if err := markHandled(tx, fmt.Sprint(i), monday); err != nil {
				return err
			}
			switch i % 3 {
			case 1:
				return boom
			case 2:
				_, err := tx.exec("INSERT INTO deliveries (letter, recipient, state, changed_at) VALUES (99, 'x', 'y', 1)") // no such letter
				return err
			}
			return nil
		})
	})
	for i, err := range errs {
		if ok := i%3 == 0; ok != (err == nil) || ok != handled(t, s, fmt.Sprint(i)) {
			t.Errorf("%d: %v, stored %v", i, err, handled(t, s, fmt.Sprint(i)))
		}
	}
}

// TestGroupCommitLostTogether: when the commit fails, nobody is told ErrHandled because
// of a neighbour that never came to be.
func TestGroupCommitLostTogether(t *testing.T) {
	s := openStore(t, storePath(t))
	errs := gather(t, s, 3, func(i int) error {
		if i < 2 {
			return mark(s, "same")
		}
		return s.write(context.Background(), "spoil", func(tx *tx) error {
			_, err := tx.exec("ROLLBACK") // as SQLite does by itself on some failures of the disk
			return err
		})
	})
	for i, err := range errs {
		if err == nil || errors.Is(err, conversation.ErrHandled) {
			t.Errorf("%d: got %v", i, err)
		}
	}
	if err := mark(s, "same"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestWithdraw: a context ends waiting for a turn, and a call that was withdrawn does nothing.
func TestWithdraw(t *testing.T) {
	s := openStore(t, storePath(t))
	s.writer.turn <- struct{}{}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.write(ctx, "try", func(t *tx) error { return markHandled(t, "early", monday) }); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		done <- s.write(ctx, "try", func(t *tx) error { return markHandled(t, "late", monday) })
	}()
	for s.writer.waiting() == 0 {
		runtime.Gosched()
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	<-s.writer.turn
	if err := mark(s, "next"); err != nil {
		t.Fatal(err)
	}
	if handled(t, s, "early") || handled(t, s, "late") || !handled(t, s, "next") {
		t.Error("a withdrawn call was made")
	}
}

// TestCancelledHalfway: a context that ends while the call is made changes nothing about it.
func TestCancelledHalfway(t *testing.T) {
	s := openStore(t, storePath(t))
	ctx, cancel := context.WithCancel(context.Background())
	err := s.write(ctx, "try", func(t *tx) error {
		cancel()
		return markHandled(t, "whole", monday)
	})
	if err != nil || !handled(t, s, "whole") {
		t.Errorf("got %v", err)
	}
}

// TestPanicLeavesTheStoreUsable: the one whose call panics, panics; the store goes on.
func TestPanicLeavesTheStoreUsable(t *testing.T) {
	s := openStore(t, storePath(t))
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		_ = s.write(context.Background(), "try", func(t *tx) error {
			_ = markHandled(t, "half", monday)
			panic("boom")
		})
	}()
	if err := mark(s, "next"); err != nil {
		t.Error(err)
	}
	if handled(t, s, "half") {
		t.Error("half of a call was stored")
	}
}

func TestClosed(t *testing.T) {
	s := openStore(t, storePath(t))
	errs := make(chan error)
	s.writer.turn <- struct{}{}
	go func() { errs <- mark(s, "waiting") }()
	for s.writer.waiting() == 0 {
		runtime.Gosched()
	}
	closed := make(chan error)
	go func() { closed <- s.Close() }()
	<-s.writer.turn
	if err := <-errs; err != nil && !errors.Is(err, ErrClosed) { // whoever was first
		t.Errorf("got %v", err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := mark(s, "after"); !errors.Is(err, ErrClosed) {
		t.Errorf("write: got %v", err)
	}
	if _, err := s.List(context.Background()); err == nil {
		t.Error("read a closed store")
	}
	if err := s.Close(); err != nil {
		t.Errorf("again: %v", err)
	}
}

// TestBusy: another process that writes makes us wait, and not for ever.
func TestBusy(t *testing.T) {
	path := storePath(t)
	s := openStore(t, path, BusyTimeout(20*time.Millisecond))
	other := openStore(t, path)
	held, letGo := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = other.write(context.Background(), "hold", func(*tx) error {
			close(held)
			<-letGo
			return nil
		})
	})
	<-held
	if err := mark(s, "e"); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	if _, err := s.List(context.Background()); err != nil {
		t.Errorf("readers wait for nobody: %v", err)
	}
	close(letGo)
	wg.Wait()
	if err := mark(s, "e"); err != nil {
		t.Error(err)
	}
}

// TestFull: without space nothing is half done, and with space again all goes on.
func TestFull(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	if err := s.Apply(ctx, conversation.Change{Conversation: sam("sam"), Handled: "enrol", At: monday}); err != nil {
		t.Fatal(err)
	}
	c, err := s.ByID(ctx, "sam")
	if err != nil {
		t.Fatal(err)
	}
	limit := func(pages int) {
		t.Helper()
		if err := s.writer.alone(func(t *tx) error { _, err := t.exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)); return err }); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // what it has already
	l := letterFor("sam", "l-1")
	l.Raw = make([]byte, 1<<20)
	change := conversation.Change{Conversation: c, Handled: "reply", At: monday, Letters: []conversation.Letter{l}}
	small := func(i int) error { return mark(s, fmt.Sprint("small", i)) }
	errs := gather(t, s, 3, func(i int) error {
		if i == 1 {
			return s.Apply(ctx, change)
		}
		return small(i)
	})
	if !errors.Is(errs[1], ErrFull) {
		t.Errorf("got %v", errs)
	}
	for _, i := range []int{0, 2} {
		if (errs[i] == nil) != handled(t, s, fmt.Sprint("small", i)) {
			t.Errorf("%d: was told %v", i, errs[i])
		}
	}
	if got, err := s.ByID(ctx, "sam"); err != nil || got.Version != 1 || handled(t, s, "reply") {
		t.Errorf("changed to version %d, %v", got.Version, err)
	}
	limit(1 << 30)
	if err := s.Apply(ctx, change); err != nil {
		t.Errorf("with space again: %v", err)
	}
}
