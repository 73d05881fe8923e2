package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

func TestKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	first, err := loadKey(path)
	if err != nil || len(first.keys) != 1 || len(first.keys[0].secret) < keySize || first.left.secret != first.keys[0].secret {
		t.Fatalf("%d keys, %v", len(first.keys), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	again, err := loadKey(path)
	if err != nil || again.keys[0] != first.keys[0] {
		t.Errorf("read back another key, %v", err)
	}
	secret := strings.Repeat("s", keySize)
	for name, c := range map[string]struct{ text, want string }{
		"cut short":     {"short", "cut short"},
		"empty":         {"\n", "cut short"},
		"one cut short": {"b 2026-11-24 " + secret + "\na 2026-01-01 sss", "cut short"},
		"two fields":    {"b " + secret, "line 1"},
		"a bare second": {"b - " + secret + "\n" + secret, "line 2"},
		"an odd ID":     {"B - " + secret, "line 1"},
		"an ID twice":   {"b - " + secret + "\nb - " + secret, "twice"},
		"none to sign":  {"left - " + secret, "cut short"},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := loadKey(path); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "ssss") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := loadKey(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file others can read: %v", err)
	}
}

// TestKeyRingSaysNoSecret: whatever prints a ring prints no secret.
func TestKeyRingSaysNoSecret(t *testing.T) {
	secret := strings.Repeat("s", keySize)
	r, err := readRing([]byte("b 2026-11-24 " + secret + "\na - " + secret + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if text := fmt.Sprintf(form, r) + fmt.Sprintf(form, &r) + fmt.Sprintf(form, r.keys); strings.Contains(text, "ssss") {
			t.Errorf("%s: %s", form, text)
		}
	}
}

// TestKeyCommands: a key is rotated and retired by command; the file stays ours alone, and the one that keys the hashes
// of those who left outlives the key it was.
func TestKeyCommands(t *testing.T) {
	o := newOffice(t)
	path := filepath.Join(filepath.Dir(o.config), "state", "whyloop.key")
	var hash string
	o.withStore(func(k *conversation.Coach, _ *sqlite.Store) { hash = k.LeftHash("sam@example.com") })
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o.must("a    -     signs", "key")
	o.must("b signs since 2026-11-23; a is still believed.", "key rotate")
	o.must("c signs since 2026-11-23; b is still believed; a is still believed.", "key rotate")
	list := o.must("c    2026-11-23  signs", "key list")
	if strings.Contains(list, strings.TrimSpace(string(before))) || strings.Count(list, "is believed") != 2 {
		t.Error(list)
	}
	o.refuses("first make another", "key retire c")
	o.refuses("there is no key x", "key retire x")
	o.must("c signs since 2026-11-23; b is still believed.", "key retire a")
	o.withStore(func(k *conversation.Coach, _ *sqlite.Store) {
		if k.LeftHash("sam@example.com") != hash {
			t.Error("those who left are forgotten")
		}
	})
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path+".new", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o.refuses("somebody else changes the keys", "key rotate")
}

// TestRotatedEveryID: IDs come round, none twice at a time.
func TestRotatedEveryID(t *testing.T) {
	r, err := loadKey(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	for range len(keyIDs) - 1 {
		if r, err = r.rotated(time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.mailKeys(); err != nil {
		t.Error(err)
	}
	if _, err := r.rotated(time.Now()); err == nil {
		t.Error("a key without an ID")
	}
	if r, err = r.without("a"); err == nil {
		r, err = r.rotated(time.Now())
	}
	if err != nil || r.keys[0].id != "a" {
		t.Errorf("%v after the oldest was retired, %v", r.keys[0], err)
	}
	back, err := readRing(r.bytes())
	if err != nil || len(back.keys) != len(r.keys) || back.left.secret != r.left.secret || back.keys[3] != r.keys[3] {
		t.Errorf("%d keys read back, %v", len(back.keys), err)
	}
}

// TestKeyRotation: replies to letters under the key of before are taken, letters go out under the new one, and what
// is signed by a retired key says nothing: without a server's word such a reply is held.
func TestKeyRotation(t *testing.T) {
	p := newPost(t, anyHourConfig)
	rep, goal := p.invited("sam")
	env := &environ{ctx: t.Context(), stdout: p.log, now: p.clock.Now, config: p.path}
	if err := (keyRotateCmd{}).Run(env); err != nil {
		t.Fatal(err)
	}
	p.restart()
	p.says(rep, goal, "close twenty deals")
	why := p.last(rep)
	if got := p.stored(rep).Ladder.Goal; got != "close twenty deals" || goal.MessageID[1] != 'a' || why.MessageID[1] != 'b' {
		t.Fatalf("goal %q; signed by %c, then by %c", got, goal.MessageID[1], why.MessageID[1])
	}
	if err := (keyRetireCmd{ID: "a"}).Run(env); err != nil {
		t.Fatal(err)
	}
	p.restart()
	p.elsewhere(home, goal, "more time for my kids") // by its token it would be held as wrong-sender, and the rep asked
	if got := p.held(); got["unknown-sender"] != 1 || p.last(rep).MessageID != why.MessageID {
		t.Errorf("held %v, the rep's last letter is %s", got, p.keys[p.last(rep).MessageID])
	}
	p.says(rep, goal, "a bonus for my family") // proven: taken at the open question
	if n := len(p.stored(rep).Ladder.Rungs); n != 1 {
		t.Errorf("%d rungs", n)
	}
	p.says(rep, p.last(rep), "a garden of my own")
	if n := len(p.stored(rep).Ladder.Rungs); n != 2 {
		t.Errorf("%d rungs under the new key", n)
	}
}

// TestReloadTakesUpANewKey: a running daemon signs with the new key once it reloads; replies to letters under the one of
// before go on.
func TestReloadTakesUpANewKey(t *testing.T) {
	s, _ := setStage(t, demoPolicy, canaryScript()[:2]...)
	s.playUntil(t, "2026-11-23 08:55")
	if got := call(t, "", "--config", s.config, "key", "rotate"); got.code != exitOK {
		t.Fatal(got)
	}
	edit(t, s.config, "[imap]", "[imap]\npoll = \"10s\"") // as TestReload does
	s.reread(t)
	s.playUntil(t, "2026-11-23 12:00")
	got := s.letters(t, s.cast.rep)
	if len(got) != 3 || got[0].MessageID[1] != 'a' || got[2].MessageID[1] != 'b' {
		t.Errorf("%d letters: %q", len(got), heads(got))
	}
}
