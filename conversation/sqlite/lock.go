package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"whyloop/conversation"
)

// Lock makes this process the store's only daemon until release is called or the
// process ends, however it ends: the lock is the operating system's, on a file beside
// the store. Another daemon is told ErrLocked, with who holds it and since when. A
// command that only opens the store needs no lock.
func (s *Store) Lock() (release func() error, err error) {
	name := s.path + ".lock"
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock store: %w", err)
	}
	if err := lockFile(f); err != nil {
		holder := readHolder(f)
		_ = f.Close()
		if errors.Is(err, errHeld) {
			return nil, fmt.Errorf("lock store: %w: %s", conversation.ErrLocked, holder)
		}
		return nil, fmt.Errorf("lock store: %w", err)
	}
	if err := writeHolder(f); err != nil {
		return nil, errors.Join(fmt.Errorf("lock store: %w", err), f.Close())
	}
	s.lock.Store(f) // a file that nobody refers to is closed, and the lock with it
	return sync.OnceValue(func() error { return errors.Join(f.Truncate(0), f.Close()) }), nil
}

// errHeld says that another process has the lock.
var errHeld = errors.New("held")

// writeHolder leaves word for whoever finds the lock held. The clock is the real one:
// this is for a person to read, and decides nothing.
func writeHolder(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt(fmt.Appendf(nil, "pid %d since %s\n", os.Getpid(), time.Now().UTC().Format(time.RFC3339)), 0)
	return err
}

func readHolder(f *os.File) string {
	b, err := io.ReadAll(io.NewSectionReader(f, 0, 200))
	if text := strings.TrimSpace(string(b)); err == nil && text != "" {
		return text
	}
	return "by another process that is just starting"
}
