package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"
)

// TestCopyBeforeMigration: an older store is copied, whole and private, before it is touched; the copy goes in a month.
func TestCopyBeforeMigration(t *testing.T) {
	ctx := context.Background()
	path := storePath(t)
	if err := openStore(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	all, err := scripts(migrations)
	if err != nil {
		t.Fatal(err)
	}
	w := rawWriter(t, path)
	next := append(append([]string{}, all...), "CREATE TABLE later (x INTEGER) STRICT;")
	if err := w.migrateBy(path, next); err != nil {
		t.Fatal(err)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrNewer) {
		t.Errorf("the newer store: %v", err)
	}
	kept := fmt.Sprintf("%s.schema%d.bak", path, len(all))
	if err := Verify(ctx, kept); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := Verify(ctx, path); !errors.Is(err, ErrNewer) {
		t.Errorf("verify a newer one: %v", err)
	}
	if err := os.Rename(kept, path+".new"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		_ = os.Remove(name)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, path)
	if _, err := os.Stat(kept); err == nil {
		t.Error("a store that is up to date was copied")
	}
	if err := os.WriteFile(kept, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.dropBefore(time.Now().AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error("the copy went at once")
	}
	if err := s.dropBefore(time.Now().AddDate(0, 0, 40)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(kept); err == nil {
		t.Error("the copy stays for ever")
	}
}
