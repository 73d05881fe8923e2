package sqlite

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"whyloop/conversation"
)

// rawWriter opens the writer of a store without migrating it.
func rawWriter(t *testing.T, path string) *writer {
	t.Helper()
	if err := preparePrivate(path); err != nil {
		t.Fatal(err)
	}
	w, err := openWriter(path, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestMigrateFromEveryVersion brings a store up to each version in turn, and opens it from there.
func TestMigrateFromEveryVersion(t *testing.T) {
	all, err := scripts(migrations)
	if err != nil {
		t.Fatal(err)
	}
	for version := range len(all) + 1 {
		path := storePath(t)
		w := rawWriter(t, path)
		for range version {
			more := false
			if err := w.alone(func(tx *tx) error { return step(tx, all, &more) }); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.close(); err != nil {
			t.Fatal(err)
		}
		s := openStore(t, path)
		if err := s.Apply(context.Background(), conversation.Change{Conversation: sam("sam"), Handled: "e", At: monday}); err != nil {
			t.Errorf("from version %d: %v", version, err)
		}
		if st, err := s.Stats(context.Background()); err != nil || st.Schema != len(all) {
			t.Errorf("from version %d: schema %d, %v", version, st.Schema, err)
		}
	}
}

// TestMigrateStepIsWhole: a migration that fails half-way leaves the version it began at.
func TestMigrateStepIsWhole(t *testing.T) {
	w := rawWriter(t, storePath(t))
	defer w.close()
	more := false
	bad := []string{"CREATE TABLE a (b); CREATE TABLE a (b);"}
	if err := w.alone(func(tx *tx) error { return step(tx, bad, &more) }); err == nil {
		t.Fatal("a broken migration went through")
	}
	var tables int
	if err := (&tx{conn: w.conn}).row("SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d tables left, %v", tables, err)
	}
}

func TestMigrationNames(t *testing.T) {
	file := &fstest.MapFile{Data: []byte("SELECT 1;")}
	for _, names := range [][]string{{"0002_a.sql"}, {"0001_a.sql", "0003_b.sql"}, {"a.sql"}} {
		fsys := fstest.MapFS{}
		for _, n := range names {
			fsys["migrations/"+n] = file
		}
		if _, err := scripts(fsys); err == nil {
			t.Errorf("%v: want an error", names)
		}
	}
}

func TestOpenRefusesNewer(t *testing.T) {
	path := storePath(t)
	s := openStore(t, path)
	if err := s.writer.alone(func(tx *tx) error { _, err := tx.exec("PRAGMA user_version = 99"); return err }); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "99") {
		t.Errorf("got %v", err)
	}
}

func TestOpenRefusesForeign(t *testing.T) {
	t.Run("text", func(t *testing.T) {
		dir := private(t)
		path := filepath.Join(dir, "notes.txt")
		if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); !errors.Is(err, ErrForeign) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("database", func(t *testing.T) {
		path := storePath(t)
		w := rawWriter(t, path)
		if err := w.alone(func(tx *tx) error { _, err := tx.exec("CREATE TABLE songs (title)"); return err }); err != nil {
			t.Fatal(err)
		}
		if err := w.close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); !errors.Is(err, ErrForeign) {
			t.Errorf("got %v", err)
		}
	})
}

// TestOpenTogether: many that open a new store at once all get it.
func TestOpenTogether(t *testing.T) {
	path := storePath(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if copies, err := filepath.Glob(path + ".schema*"); err != nil || len(copies) > 0 {
		t.Errorf("a new store was copied: %v, %v", copies, err)
	}
}

// private returns a directory that is its owner's alone.
func private(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "private")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}
