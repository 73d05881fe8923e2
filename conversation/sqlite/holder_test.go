package sqlite

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestRunning(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "whyloop.db")
	want := func(when string, running bool) {
		t.Helper()
		holder, got, err := Running(path)
		if err != nil || got != running || running != strings.Contains(holder, "since") {
			t.Errorf("%s: %v %q, %v", when, got, holder, err)
		}
	}
	want("before there is a store", false)
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want("before the daemon", false)
	release, err := s.Lock()
	if err != nil {
		t.Fatal(err)
	}
	want("while it runs", true)
	want("looked at twice", true)
	if err := release(); err != nil {
		t.Fatal(err)
	}
	want("after it", false)
	if release, err = s.Lock(); err != nil {
		t.Fatalf("looking kept a daemon from starting: %v", err)
	}
	_ = release()
}
