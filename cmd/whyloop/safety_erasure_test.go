package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// TestErasedEverywhere: by "forget me", by the clock of retention and by the admin, what a rep wrote and what we wrote
// to them is in no file of ours afterwards, and in no folder of the mailbox: their answers, what a stranger with their
// letter wrote, their addresses.
func TestErasedEverywhere(t *testing.T) {
	const m = time.Minute
	for name, leave := range map[string]struct {
		script []line
		then   func(t *testing.T, s *stage)
	}{
		"forget me": {[]line{
			when(`what will that get you`, m, "Outlook", "forget me"),
			when(`can.t be undone`, m, "Gmail", "delete"),
		}, func(*testing.T, *stage) {}},
		"the clock": {[]line{when(`what will that get you`, m, "Outlook", "stop")},
			func(t *testing.T, s *stage) { s.playUntil(t, "2026-12-28 12:00") }},
		"the admin": {[]line{when(`what will that get you`, m, "Outlook", "a canarybonus")}, func(t *testing.T, s *stage) {
			if got := call(t, "", "--config", s.config, "rep", "forget", "--yes", s.cast.rep.mail); got.code != exitOK {
				t.Fatal(got)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s, book := setStage(t, demoPolicy, append([]line{
				when(`would you like to try`, m, "Gmail", "yes, gladly"),
				when(`one goal`, m, "iPhone", "reach the canarygoal number"),
			}, leave.script...)...)
			s.playUntil(t, "2026-11-23 08:50")
			stranger := []byte("From: Eve <eve@elsewhere.example>\r\nTo: coach@example.com\r\nSubject: Re: x\r\nMessage-ID: <e@elsewhere.example>\r\nIn-Reply-To: " +
				s.letters(t, s.cast.rep)[0].MessageID + "\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nwhat is this canarystranger?\r\n")
			if err := s.submit(stranger, s.letters(t, s.cast.rep)[0]); err != nil {
				t.Fatal(err)
			}
			s.playUntil(t, "2026-11-24 18:00")
			leave.then(t, s)
			s.playUntil(t, s.clock.Now().Add(24*time.Hour).In(s.loc).Format("2006-01-02 15:04"))
			if err := s.restart(); err != nil { // its first look into the mailbox deletes; else it is the next, within minutes
				t.Fatal(err)
			}
			s.awaitDeparted(t)
			if _, err := s.daemon.store.ByAddress(t.Context(), s.cast.rep.mail); err == nil {
				t.Fatal("the rep is still there")
			}
			private := []string{"canarygoal", "canarybonus", "canarystranger", "yes, gladly", s.cast.rep.mail}
			s.searchFiles(t, private)
			for _, folder := range []string{"INBOX", "Processed"} {
				mails, err := s.servers.Mails("coach@example.com", folder)
				if err != nil && folder == "INBOX" {
					t.Fatal(err)
				}
				for _, m := range mails {
					if bytes.Contains(m.Raw, []byte("From: Sam <"+s.cast.rep.mail)) {
						t.Errorf("%s still holds %s", folder, m.Raw)
					}
				}
			}
			if !strings.Contains(book.String(), "mails are deleted from the server") {
				t.Error("no mail was deleted from the server")
			}
		})
	}
}

// searchFiles looks for words in every file of the daemon's folder but the configuration, and in what the pages of SQLite hold.
func (s *stage) searchFiles(t *testing.T, words []string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(filepath.Dir(s.config), func(path string, d os.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // the daemon runs, and renames what it has written
			return nil
		}
		if err != nil || d.IsDir() || path == s.config {
			return err
		}
		b, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		files++
		for _, word := range words {
			if bytes.Contains(bytes.ToLower(b), []byte(strings.ToLower(word))) {
				t.Errorf("%s still holds %q", filepath.Base(path), word)
			}
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
}

// TestExportGoesToTheKnownAddressOnce: an export asked for from an alias goes to the address that is known, once, and to
// nobody else, however often the same mail arrives.
func TestExportGoesToTheKnownAddressOnce(t *testing.T) {
	p := newPost(t, anyHourConfig)
	rep, goal := p.invited("sam", home)
	p.says(rep, goal, "close twenty deals")
	before := p.total()
	raw := gmail("Sam <"+home+">", p.last(rep), "export", p.clock.Now())
	for range 3 {
		p.write(0, home, raw)
		p.pass(time.Hour)
	}
	p.write(0, "sam@private.example", gmail("Sam <sam@private.example>", p.last(rep), "export", p.clock.Now())) // nobody's address
	p.pass(time.Hour)
	var kinds []string
	for _, l := range p.boxes[rep] {
		kinds = append(kinds, string(kindOf(p.keys[l.MessageID])))
	}
	if n := p.total() - before; strings.Count(strings.Join(kinds, " "), "export") != 1 || n != 2 || len(p.boxes[home]) != 0 {
		t.Errorf("%d letters, the rep got %q, the alias %d", n, kinds, len(p.boxes[home]))
	}
	if c := p.stored(rep); c.Stage != conversation.StageWhy {
		t.Errorf("at stage %s", c.Stage)
	}
}

// TestImportForgetsWhoLeft: the import that waits beside the store does not outlive the erasure of whom it names.
func TestImportForgetsWhoLeft(t *testing.T) {
	o := newOffice(t)
	csv := filepath.Join(t.TempDir(), "reps.csv")
	if err := os.WriteFile(csv, []byte("name,address,manager_name,manager_address,zone\nSam,sam@example.com,Dana,dana@example.com,UTC\nKim,kim@example.com,Dana,dana@example.com,UTC\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.must("Nothing is sent", "rep import", csv)
	o.must("Invited 1", "rep import --send --batch 1")
	kept := filepath.Join(filepath.Dir(o.config), "state", "import.json")
	if b, err := os.ReadFile(kept); err != nil || !bytes.Contains(b, []byte("sam@example.com")) {
		t.Fatalf("%s, %v", b, err)
	}
	o.must("Deleted.", "rep forget --yes sam@example.com")
	o.withStore(func(k *conversation.Coach, s *sqlite.Store) {
		if err := forgetImport(context.Background(), k, s, kept); err != nil {
			t.Fatal(err)
		}
	})
	b, err := os.ReadFile(kept)
	if err != nil || bytes.Contains(b, []byte("sam@example.com")) || !bytes.Contains(b, []byte("kim@example.com")) {
		t.Errorf("%s, %v", b, err)
	}
}

// awaitDeparted waits until nothing more is to be deleted from the server.
func (s *stage) awaitDeparted(t *testing.T) {
	t.Helper()
	deadline := time.After(stuckAfter)
	for {
		left, err := s.daemon.store.Departing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(left) == 0 { // committed; a write after it waits until the file was swept, or sweeps it where a reader stood in the way
			if err := s.daemon.store.Departed(t.Context(), "nobody@example.com"); err != nil {
				t.Fatal(err)
			}
			return
		}
		select {
		case <-s.changed:
		case <-deadline:
			t.Fatal("mail of theirs stays on the server")
		}
	}
}
