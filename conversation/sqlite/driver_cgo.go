//go:build cgo

package sqlite

import (
	"errors"
	"fmt"
	"slices"
	"syscall"

	sqlite3 "github.com/mattn/go-sqlite3"
)

const (
	hasCgo     = true
	driverName = "sqlite3"
)

// translate puts the driver's word for what went wrong into ours. Errors that are
// not the driver's pass unchanged.
func translate(err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch {
	case isBusy(err):
		return fmt.Errorf("%w (%w)", ErrBusy, err)
	case isFull(e):
		return fmt.Errorf("%w (%w)", ErrFull, err)
	case e.Code == sqlite3.ErrCorrupt:
		return fmt.Errorf("%w (%w)", ErrDamaged, err)
	case e.Code == sqlite3.ErrNotADB:
		return fmt.Errorf("%w (%w)", ErrForeign, err)
	}
	return err
}

// isFull knows a disk, a quota and a limit that is used up. SQLite has a word for the
// first alone.
func isFull(e sqlite3.Error) bool {
	return e.Code == sqlite3.ErrFull ||
		slices.Contains([]syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG}, e.SystemErrno)
}

func isBusy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

// copyPages copies the whole database under one read lock: chunks would begin again
// at every write of the daemon.
func copyPages(dst, src any) error {
	to, ok1 := dst.(*sqlite3.SQLiteConn)
	from, ok2 := src.(*sqlite3.SQLiteConn)
	if !ok1 || !ok2 {
		return errors.New("not a SQLite connection")
	}
	b, err := to.Backup("main", from, "main")
	if err != nil {
		return err
	}
	done, err := b.Step(-1)
	if err == nil && !done {
		err = ErrBusy
	}
	return errors.Join(err, b.Finish())
}
