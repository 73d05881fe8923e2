package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// TestBackup: a copy made beside the daemon brings back what it held, and few are kept.
func TestBackup(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	dir := filepath.Join(t.TempDir(), "backups")
	o.must("whyloop-20261123-090000.db, verified.", "backup", dir)
	if info, err := os.Stat(filepath.Join(dir, "whyloop-20261123-090000.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "whyloop.key")); err != nil {
		t.Error(err)
	}
	o.must("", "rep add pat@example.com --name Pat --zone Europe/London --manager", "Dana <dana@example.com>")
	for range 3 {
		o.now = o.now.Add(time.Hour)
		o.must("verified", "backup --keep 2", dir)
	}
	all, err := filepath.Glob(filepath.Join(dir, backupNames))
	if err != nil || len(all) != 2 || !strings.Contains(all[1], "20261123-120000") {
		t.Errorf("%v, %v", all, err)
	}
	o.refuses("--keep", "backup --keep 0", dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	o.refuses("chmod 700", "backup", dir)
}

// TestRestore: it refuses beside a daemon and what is no store of ours, and keeps what was there.
func TestRestore(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	dir := filepath.Join(t.TempDir(), "backups")
	o.must("verified", "backup", dir)
	file := filepath.Join(dir, "whyloop-20261123-090000.db")
	o.must("Deleted.", "rep forget sam@example.com --yes")
	o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
		release, err := s.Lock()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = release() }()
		o.refuses("stop the daemon first", "restore", file)
	})
	o.refuses("not a whyloop store", "restore", csvFile(t, strings.Repeat("no database\n", 400)))
	o.refuses("no such file", "restore", "/no/such/file")
	o.must("No reps yet", "rep list")
	o.must("Restored", "restore", file)
	o.must("sam@example.com", "rep list")
	aside, err := filepath.Glob(filepath.Join(filepath.Dir(o.config), "state", "whyloop.db.before-20261123-090000"))
	if err != nil || len(aside) != 1 {
		t.Errorf("%v, %v", aside, err)
	}
	if err := sqlite.Verify(t.Context(), aside[0]); err != nil {
		t.Error(err)
	}
	o.must("is kept at "+aside[0]+"-2: ", "restore", file) // in the same second
	if err := sqlite.Verify(t.Context(), aside[0]); err != nil {
		t.Error(err)
	}
}
