package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// keepBefore is how long a copy made before a migration stays at the most; the first erasure after it takes it too.
const keepBefore = 30 * 24 * time.Hour

// copyBefore copies a store that t is about to migrate to a file beside it, verified, unless there is a copy
// of that version already. A new store has nothing to keep. Another connection reads it: what t holds is the lock.
func copyBefore(t *tx, path string, newest int) error {
	var app, version int
	err := t.row("SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)").Scan(&app, &version)
	if err != nil || app != applicationID || version == 0 || version >= newest {
		return err
	}
	to := fmt.Sprintf("%s.schema%d.bak", path, version)
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := copyFile(context.Background(), path, to); err != nil {
		return fmt.Errorf("copy the store before its migration: %w", err)
	}
	return nil
}

// copyFile copies the store at a path to a new file.
func copyFile(ctx context.Context, path, to string) error {
	db, err := sql.Open(driverName, readerDSN(path, time.Second))
	if err != nil {
		return err
	}
	defer db.Close()
	src, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer src.Close()
	return copyStore(ctx, src, to)
}

// dropBefore deletes the copies whose time is over.
func (s *Store) dropBefore(now time.Time) error {
	return dropCopies(s.path, func(info fs.FileInfo) bool { return now.Sub(info.ModTime()) > keepBefore })
}

// dropCopies deletes the copies made before a migration that fit.
func dropCopies(path string, fits func(fs.FileInfo) bool) error {
	copies, err := filepath.Glob(path + ".schema*.bak")
	if err != nil {
		return nil // a path that is no pattern has none
	}
	var errs []error
	for _, name := range copies {
		if info, err := os.Stat(name); err == nil && fits(info) {
			errs = append(errs, os.Remove(name))
		}
	}
	return errors.Join(errs...)
}
