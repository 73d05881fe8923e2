package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"time"
)

// Overwriting what is deleted (secure_delete) is not enough. When SQLite balances its
// pages it moves rows, and leaves copies of them behind in the space between; and the
// log keeps every page as it was. So after an erasure the file is rebuilt (VACUUM), and
// then the log is written back and cut.

// vacuumAtOnce is up to how many bytes a file is rebuilt in the wake of the erasure,
// while other writes wait: a fraction of a second. A larger one is left to Prune.
const vacuumAtOnce = 64 << 20

// sweepWait bounds how long a sweep waits for readers before it is put off.
const sweepWait = 250 * time.Millisecond

// metaErased is the number that is 1 while the file may hold traces, so that a crash
// between an erasure and the sweep puts it off and does not forget it.
const metaErased = "erased"

// traces says where words that were erased may still be found.
type traces struct {
	file bool // in the space between rows
	log  bool // in the write-ahead log
}

// sweep removes traces, as far as nobody is in the way. What is left is tried again
// after the next write, and by Prune. The caller has the turn.
func (w *writer) sweep(limit int64) error {
	var err error
	if w.traces.file && w.fileBytes() <= limit {
		// The copy of before a migration holds what is erased now: a way back is worth less than that promise.
		if err = errors.Join(dropCopies(w.path, func(fs.FileInfo) bool { return true }), w.vacuum(limit)); err == nil {
			w.traces = traces{log: true}
		}
	}
	if w.traces.log && err == nil {
		err = w.checkpoint()
		w.traces.log = err != nil
	}
	return err
}

// fileBytes returns the size of the database with what is still in the log.
func (w *writer) fileBytes() int64 {
	var n int64
	t := &tx{conn: w.conn}
	if err := t.row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&n); err != nil {
		return math.MaxInt64
	}
	return n
}

// vacuum rebuilds the file. Up to vacuumAtOnce the copy is made in memory; a larger one
// goes through a file that SQLite has unlinked before it writes to it.
func (w *writer) vacuum(limit int64) error {
	store := "MEMORY"
	if limit > vacuumAtOnce {
		store = "FILE"
	}
	t := &tx{conn: w.conn}
	for _, q := range []string{"PRAGMA temp_store = " + store, "VACUUM"} {
		if _, err := t.exec(q); err != nil {
			return err
		}
	}
	return setMeta(t, metaErased, 0)
}

// checkpoint writes the log back into the file and cuts it to nothing. It answers
// ErrBusy when a reader stays.
func (w *writer) checkpoint() error {
	t := &tx{conn: w.conn}
	var usual int64
	if err := t.row("PRAGMA busy_timeout").Scan(&usual); err != nil {
		return err
	}
	if _, err := t.exec(fmt.Sprintf("PRAGMA busy_timeout = %d", min(usual, sweepWait.Milliseconds()))); err != nil {
		return err
	}
	var busy, frames, moved int
	err := w.conn.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	if err == nil && busy != 0 {
		err = ErrBusy
	}
	if _, err := t.exec(fmt.Sprintf("PRAGMA busy_timeout = %d", usual)); err != nil {
		return err
	}
	return err
}

// recall looks whether an earlier process left traces.
func (w *writer) recall() error {
	n, err := getMeta(&tx{conn: w.conn}, metaErased)
	if err == nil && n != 0 {
		w.traces = traces{file: true, log: true}
	}
	return err
}

// sweepAll rebuilds the file however large it is, if it may hold traces, and cuts the log.
func (s *Store) sweepAll(ctx context.Context) error {
	err := s.writer.exclusive(ctx, func() error {
		if err := s.writer.recall(); err != nil {
			return err
		}
		s.writer.traces.log = true
		return s.writer.sweep(math.MaxInt64)
	})
	if err != nil {
		return fmt.Errorf("sweep the store: %w", translate(err))
	}
	return nil
}
