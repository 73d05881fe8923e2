package sqlite

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"whyloop/conversation"
)

// TestFilesArePrivate looks at every file while the store is in use.
func TestFilesArePrivate(t *testing.T) {
	path := storePath(t)
	s := openStore(t, path)
	if err := s.Apply(context.Background(), conversation.Change{Conversation: sam("sam"), Handled: "e", At: monday}); err != nil {
		t.Fatal(err)
	}
	release, err := s.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if err := s.Backup(context.Background(), filepath.Join(filepath.Dir(path), "copy.db")); err != nil {
		t.Fatal(err)
	}
	want := map[string]fs.FileMode{".": 0o700, "whyloop.db": 0o600, "whyloop.db-wal": 0o600, "whyloop.db-shm": 0o600, "whyloop.db.lock": 0o600, "copy.db": 0o600}
	got := 0
	err = fs.WalkDir(os.DirFS(filepath.Dir(path)), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		got++
		if mode, ok := want[name]; !ok || info.Mode().Perm() != mode {
			t.Errorf("%s has mode %04o, want %04o", name, info.Mode().Perm(), mode)
		}
		return nil
	})
	if err != nil || got != len(want) {
		t.Errorf("saw %d files, want %d; %v", got, len(want), err)
	}
}

func TestOpenRefusesReadableByOthers(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		mode       fs.FileMode
	}{
		{"directory for the group", "", 0o750},
		{"directory for all", "", 0o755},
		{"file for the group", "whyloop.db", 0o640},
		{"file for all", "whyloop.db", 0o604},
	} {
		path := storePath(t)
		s := openStore(t, path)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		victim := filepath.Join(filepath.Dir(path), tt.file)
		if err := os.Chmod(victim, tt.mode); err != nil {
			t.Fatal(err)
		}
		_, err := Open(path)
		if !errors.Is(err, ErrOpen) {
			t.Errorf("%s: got %v", tt.name, err)
			continue
		}
		if msg := err.Error(); strings.Contains(msg, "\n") || !strings.Contains(msg, "chmod ") || !strings.Contains(msg, victim) {
			t.Errorf("%s: unclear: %s", tt.name, msg)
		}
	}
}

// TestOpenOddPaths: a path may hold what means something in a URI.
func TestOpenOddPaths(t *testing.T) {
	for _, name := range []string{"a b.db", "50%.db", "what?.db", "x#y.db", "ünï.db", "a&mode=memory.db", "semi;colon.db"} {
		path := filepath.Join(private(t), name)
		s, err := Open(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if n, err := size(path); err != nil || n == 0 {
			t.Errorf("%s: %d bytes, %v", name, n, err)
		}
	}
}

func TestOpenCannot(t *testing.T) {
	file := filepath.Join(private(t), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(file, "whyloop.db"), filepath.Dir(file)} {
		if _, err := Open(path); err == nil {
			t.Errorf("opened %s", path)
		}
	}
}
