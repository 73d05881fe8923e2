package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// keepBefore is how long a copy made before a migration stays at the most; the first erasure after it takes it too.
const keepBefore = 30 * 24 * time.Hour

// copyBefore copies a store that is about to be migrated to a file beside it, verified, unless there is a copy
// of that version already. A new store has nothing to keep.
func (w *writer) copyBefore(path string, newest int) error {
	ctx := context.Background()
	var app, version int
	err := w.alone(func(t *tx) error {
		return t.row("SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)").Scan(&app, &version)
	})
	if err != nil || app != applicationID || version == 0 || version >= newest {
		return err
	}
	to := fmt.Sprintf("%s.schema%d.bak", path, version)
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := copyStore(ctx, w.conn, to); err != nil {
		return fmt.Errorf("copy the store before its migration: %w", err)
	}
	return nil
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
