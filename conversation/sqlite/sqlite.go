// Package sqlite keeps conversations, the outbox, held mail and mailbox cursors in
// one SQLite file. All SQL of the house is here.
//
// A change is committed whole and synced to the disk before anyone is told (WAL,
// synchronous=FULL). There is one writer in a process: calls that wait for it at the
// same time share one commit, each in a savepoint of its own, so that one which
// fails leaves its neighbours alone. Readers have connections of their own and see
// only what was committed. Several processes may have the store open at once (the
// command line beside the daemon); only one of them may hold Lock.
//
// The file and its directory are for their owner alone. What was erased is gone from
// the file and from its write-ahead log: freed space is overwritten, the file is rebuilt,
// and the log is written back and cut; at once up to 64 MiB, by the next Prune above.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"whyloop/conversation"
)

// What a store may answer besides the errors of package conversation. Every one but
// ErrNewer, ErrForeign and ErrNoCgo may pass by itself.
var (
	ErrBusy    = errors.New("store is busy")                        // another process kept it longer than we wait
	ErrFull    = errors.New("no space left for the store")          // nothing was changed
	ErrDamaged = errors.New("store is damaged")                     // restore a backup
	ErrClosed  = errors.New("store is closed")                      // Close was called
	ErrNewer   = errors.New("store was written by a newer whyloop") // upgrade whyloop
	ErrForeign = errors.New("file is not a whyloop store")          // another program's database
	ErrOpen    = errors.New("store is readable by others")          // its file or directory; the message says how to mend it
	ErrNoCgo   = errors.New("built without cgo, which SQLite needs: rebuild with CGO_ENABLED=1 and a C compiler")
)

var _ conversation.Store = (*Store)(nil)

// Store is an open store. It is safe for concurrent use.
type Store struct {
	path    string
	options options
	writer  *writer
	readers *sql.DB
	closing func() error
	lock    atomic.Pointer[os.File] // the last one taken
}

type options struct {
	busy    time.Duration
	holdFor time.Duration
}

// Option changes how a store is opened.
type Option func(*options)

// BusyTimeout sets how long one attempt waits for another process's write; 5 s without it.
func BusyTimeout(d time.Duration) Option {
	return func(o *options) { o.busy = d }
}

// HoldFor sets how long held mail is kept before Prune drops it; 30 days without it.
func HoldFor(d time.Duration) Option {
	return func(o *options) { o.holdFor = d }
}

// Open opens the store at path, creating it with its directory when it is not there,
// and brings an older one up to date. It refuses a file or a directory that others
// may read (ErrOpen), a newer store (ErrNewer) and a foreign file (ErrForeign).
func Open(path string, opts ...Option) (*Store, error) {
	o := options{busy: 5 * time.Second, holdFor: 30 * 24 * time.Hour}
	for _, opt := range opts {
		opt(&o)
	}
	if !hasCgo {
		return nil, fmt.Errorf("open store: %w", ErrNoCgo)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := preparePrivate(path); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s, err := open(path, o)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", path, translate(err))
	}
	return s, nil
}

func open(path string, o options) (*Store, error) {
	w, err := openWriter(path, o.busy)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.migrate(path), w.recall()); err != nil {
		return nil, errors.Join(err, w.close())
	}
	readers, err := sql.Open(driverName, readerDSN(path, o.busy))
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	readers.SetMaxOpenConns(4)
	readers.SetMaxIdleConns(4)
	closing := sync.OnceValue(func() error { return errors.Join(readers.Close(), w.close()) })
	return &Store{path: path, options: o, writer: w, readers: readers, closing: closing}, nil
}

// Close waits for the write in hand and closes the store; a second call does nothing.
// The last process to close a store writes the log back into the file.
func (s *Store) Close() error {
	if err := s.closing(); err != nil {
		return fmt.Errorf("close store: %w", translate(err))
	}
	return nil
}

// Path returns the absolute path of the store's file.
func (s *Store) Path() string { return s.path }

// read runs do in one read transaction. The context ends waiting for a connection only:
// the driver answers a cancelled one by interrupting whatever statement runs by then.
func (s *Store) read(ctx context.Context, what string, do func(*tx) error) error {
	if err := s.readOnce(ctx, do); err != nil {
		return fmt.Errorf("%s: %w", what, translate(err))
	}
	return nil
}

func (s *Store) readOnce(ctx context.Context, do func(*tx) error) error {
	conn, err := s.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	t := &tx{conn: conn}
	if _, err := t.exec("BEGIN DEFERRED"); err != nil {
		return err
	}
	defer func() { _, _ = t.exec("ROLLBACK") }() // it only read
	return do(t)
}

// write runs do in a transaction and returns after the commit that holds it.
func (s *Store) write(ctx context.Context, what string, do func(*tx) error) error {
	if err := s.writer.submit(ctx, do); err != nil {
		return fmt.Errorf("%s: %w", what, translate(err))
	}
	return nil
}
