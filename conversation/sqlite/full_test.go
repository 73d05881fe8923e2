//go:build linux

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"whyloop/conversation"
)

func systemParts() map[string]func(string) error {
	return map[string]func(string) error{"cramped": crampedWriter}
}

// crampedWriter writes until a limit of one megabyte a file stops it, looks at what is
// left, and goes on when the limit is lifted.
func crampedWriter(path string) error {
	signal.Ignore(syscall.SIGXFSZ) // the write then fails, as on a full disk
	s, err := Open(path)
	if err != nil {
		return err
	}
	defer s.Close()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	cramped := limit
	cramped.Cur = 1 << 20
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &cramped); err != nil {
		return err
	}
	n := 0
	for ; err == nil && n < 10_000; n++ {
		err = s.Apply(context.Background(), benchChange(n))
	}
	refused := n - 1
	if !errors.Is(err, ErrFull) {
		return fmt.Errorf("change %d: got %w, want ErrFull", refused, err)
	}
	if err := whole(s, refused); err != nil {
		return fmt.Errorf("while it is full: %w", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	for n = refused; n < refused+100; n++ {
		if err := s.Apply(context.Background(), benchChange(n)); err != nil {
			return fmt.Errorf("with space again: %w", err)
		}
	}
	if err := whole(s, n); err != nil {
		return err
	}
	fmt.Println("refused change", refused)
	return nil
}

// whole checks that exactly the first n changes are stored.
func whole(s *Store, n int) error {
	list, err := s.List(context.Background())
	if err != nil {
		return err
	}
	if len(list) != n {
		return fmt.Errorf("%d conversations, want %d", len(list), n)
	}
	for _, i := range []int{n - 1, n} {
		ok, err := s.Handled(context.Background(), benchChange(i).Handled)
		if err != nil || ok != (i < n) {
			return fmt.Errorf("event %d handled: %v, %w", i, ok, err)
		}
	}
	return s.Check(context.Background())
}

// TestDiskFull: without space a change is refused as a whole, and the store recovers by
// itself when there is space again.
func TestDiskFull(t *testing.T) {
	s := openStore(t, storePath(t))
	cmd, lines := play(t, "cramped", s.Path())
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "refused change") {
		t.Fatalf("it says %q", lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if err := s.Apply(context.Background(), conversation.Change{Conversation: sam("ann"), Handled: "another process", At: monday}); err != nil {
		t.Error(err)
	}
}
