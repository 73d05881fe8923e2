package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"

	"whyloop/conversation/crash"
)

// maxBatch bounds how many calls share a commit, so that the first does not wait for
// the work of all the others.
const maxBatch = 256

// writer is the one way to write in this process. Whoever finds it free leads: it takes
// all that wait, runs each in a savepoint, commits once and tells them. While it
// syncs, the next batch gathers by itself, so nobody ever waits for company.
type writer struct {
	path string
	db   *sql.DB
	conn *sql.Conn
	turn chan struct{} // holds one value while somebody leads

	mu     sync.Mutex
	queue  []*job
	closed bool

	traces traces // the leader's
}

// job is one call waiting for its commit.
type job struct {
	do   func(*tx) error
	err  error
	done chan struct{} // closed when err is final
}

func openWriter(path string, busy time.Duration) (*writer, error) {
	db, err := sql.Open(driverName, writerDSN(path, busy))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	var conn *sql.Conn
	err = retryBusy(func() error {
		conn, err = db.Conn(context.Background())
		return err
	})
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &writer{path: path, db: db, conn: conn, turn: make(chan struct{}, 1)}, nil
}

// submit runs do with others in one transaction and returns after its commit. The
// context can withdraw a call that still waits for its turn, and nothing later.
func (w *writer) submit(ctx context.Context, do func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{do: do, done: make(chan struct{})}
	if err := w.enqueue(j); err != nil {
		return err
	}
	for {
		select {
		case <-j.done:
			return j.err
		case w.turn <- struct{}{}:
			w.lead()
		case <-ctx.Done():
			if w.withdraw(j) {
				return ctx.Err()
			}
			<-j.done
			return j.err
		}
	}
}

func (w *writer) enqueue(j *job) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return ErrClosed
	}
	w.queue = append(w.queue, j)
	return nil
}

// withdraw takes j out of the queue; false when a leader has taken it already.
func (w *writer) withdraw(j *job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.queue, j)
	if i < 0 {
		return false
	}
	w.queue = slices.Delete(w.queue, i, i+1)
	return true
}

func (w *writer) take() []*job {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := min(len(w.queue), maxBatch)
	batch := slices.Clone(w.queue[:n])
	w.queue = slices.Delete(w.queue, 0, n)
	return batch
}

// lead commits one batch and gives the turn back.
func (w *writer) lead() {
	defer func() { <-w.turn }()
	batch := w.take()
	if len(batch) == 0 {
		return
	}
	err := errors.New("store: the call that led this commit panicked")
	defer func() {
		for _, j := range batch {
			if err != nil { // whatever a call saw of its neighbours never came to be
				j.err = err
			}
			close(j.done)
		}
	}()
	err = w.transaction(func(t *tx) error { return runBatch(t, batch) })
}

// runBatch runs the jobs; the error it returns concerns all of them.
func runBatch(t *tx, batch []*job) error {
	if len(batch) == 1 { // no neighbour to protect
		batch[0].err = batch[0].do(t)
		return batch[0].err
	}
	for _, j := range batch {
		if _, err := t.exec("SAVEPOINT call"); err != nil {
			return err
		}
		scrub := t.scrub
		if j.err = j.do(t); j.err != nil {
			t.scrub = scrub
			if _, err := t.exec("ROLLBACK TO call"); err != nil { // SQLite gave the whole transaction up
				return errors.Join(j.err, err)
			}
		}
		if _, err := t.exec("RELEASE call"); err != nil {
			return err
		}
	}
	return nil
}

// transaction runs do between BEGIN IMMEDIATE and COMMIT, or rolls back. The caller
// has the turn.
func (w *writer) transaction(do func(*tx) error) error {
	t := &tx{conn: w.conn}
	if err := retryBusy(func() error { _, err := t.exec("BEGIN IMMEDIATE"); return err }); err != nil {
		return err
	}
	crash.Point("store.begun")
	committed := false
	defer func() {
		if !committed {
			_, _ = t.exec("ROLLBACK") // fails where SQLite has rolled back already
		}
	}()
	if err := do(t); err != nil {
		return err
	}
	if t.scrub {
		if err := setMeta(t, metaErased, 1); err != nil {
			return err
		}
	}
	crash.Point("store.written")
	if _, err := t.exec("COMMIT"); err != nil {
		return err
	}
	committed = true
	crash.Point("store.committed")
	if t.scrub {
		w.traces = traces{file: true, log: true}
	}
	_ = w.sweep(vacuumAtOnce) // what is put off is not forgotten
	return nil
}

// alone runs do as the only call of its commit.
func (w *writer) alone(do func(*tx) error) error {
	return w.exclusive(context.Background(), func() error { return w.transaction(do) })
}

// exclusive runs do while nobody else writes, outside of any transaction.
func (w *writer) exclusive(ctx context.Context, do func() error) error {
	select {
	case w.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-w.turn }()
	w.mu.Lock()
	closed := w.closed
	w.mu.Unlock()
	if closed {
		return ErrClosed
	}
	return do()
}

// close waits for the turn and keeps it: calls that still wait are told ErrClosed.
func (w *writer) close() error {
	w.turn <- struct{}{}
	w.mu.Lock()
	left := w.queue
	w.queue, w.closed = nil, true
	w.mu.Unlock()
	for _, j := range left {
		j.err = ErrClosed
		close(j.done)
	}
	<-w.turn
	return errors.Join(w.conn.Close(), w.db.Close())
}

// retryBusy tries again, a few times, while another process holds the lock. Each try
// waits for the busy timeout by itself.
func retryBusy(do func() error) error {
	var err error
	for range 3 {
		if err = do(); err == nil || !isBusy(err) {
			return err
		}
	}
	return err
}
