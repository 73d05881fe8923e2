package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
)

// Backup copies the store to a new file while the daemon goes on, verifies the copy and
// only then gives it its name. It refuses a path that exists. The copy is complete by
// itself (no log beside it), and as private as the store.
func (s *Store) Backup(ctx context.Context, path string) error {
	src, err := s.readers.Conn(ctx)
	if err == nil {
		err = errors.Join(copyStore(ctx, src, path), src.Close())
	}
	if err != nil {
		return fmt.Errorf("back up store: %w", translate(err))
	}
	return nil
}

// Verify opens a copy that nobody else has open, and answers ErrDamaged, ErrForeign or ErrNewer if it is no whole store
// of ours that this whyloop can open.
func Verify(ctx context.Context, path string) error {
	if err := verify(ctx, path); err != nil {
		return fmt.Errorf("verify %s: %w", path, translate(err))
	}
	return nil
}

func verify(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err != nil {
		return err
	}
	u := url.URL{Path: path}
	db, err := sql.Open(driverName, "file:"+u.EscapedPath()+"?mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	t := &tx{conn: conn}
	all, err := scripts(migrations)
	if err != nil {
		return err
	}
	var app, version int
	if err := t.row("SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)").Scan(&app, &version); err != nil {
		return err
	}
	switch {
	case app != applicationID:
		return ErrForeign
	case version > len(all):
		return ErrNewer
	}
	return checkIntegrity(t)
}

// copyStore copies what a connection sees to a new file, verified before it gets its name.
func copyStore(ctx context.Context, src *sql.Conn, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, fmt.Errorf("%s is there already", path))
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	defer os.Remove(part) // gone already when all went well
	if err := f.Chmod(0o600); err != nil {
		return err
	}
	if err := copyTo(ctx, src, part); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// copyTo fills the file at path and checks what came out.
func copyTo(ctx context.Context, src *sql.Conn, path string) error {
	u := url.URL{Path: path}
	db, err := sql.Open(driverName, "file:"+u.EscapedPath()+"?mode=rw&_journal_mode=DELETE&_synchronous=FULL")
	if err != nil {
		return err
	}
	defer db.Close()
	dst, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer dst.Close()
	err = dst.Raw(func(to any) error {
		return src.Raw(func(from any) error { return copyPages(to, from) })
	})
	if err != nil {
		return err
	}
	t := &tx{conn: dst}
	var mode string
	if err := t.row("PRAGMA journal_mode = DELETE").Scan(&mode); err != nil { // the copied header says WAL
		return err
	}
	return checkIntegrity(t)
}
