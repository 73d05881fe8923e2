package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// reread reloads what the stage's file says now, as SIGHUP does.
func (s *stage) reread(t *testing.T) {
	t.Helper()
	before := s.daemon.present()
	sent := s.daemon.outbox.Stats().Sent
	if err := s.daemon.reload(context.Background(), func() (Config, error) { return loadConfig(s.config) }); err != nil {
		t.Fatal(err)
	}
	if s.daemon.present() != before {
		s.sentBefore += sent
	}
}

// TestReload: a conversation goes on over a reload, and its next letter says what the file says now.
func TestReload(t *testing.T) {
	s, _ := setStage(t, demoPolicy, canaryScript()[:2]...)
	s.playUntil(t, "2026-11-23 08:55")
	letters := s.letters(t, s.cast.rep)
	if len(letters) != 1 || !strings.Contains(letters[0].Text, "Ines") {
		t.Fatalf("%q", letters)
	}
	edit(t, s.config, `name = "Ines"`, `name = "Nadia"`)
	edit(t, s.config, "[imap]", "[imap]\npoll = \"10s\"") // the in-process server does not announce what comes in the instant in which IDLE begins
	s.reread(t)
	s.playUntil(t, "2026-11-23 12:00")
	letters = s.letters(t, s.cast.rep)
	if last := letters[len(letters)-1]; len(letters) != 3 || !strings.Contains(last.Text, "Nadia") || strings.Contains(last.Text, "Ines") {
		t.Errorf("%d letters, the last: %s", len(letters), last.Text)
	}
}

// TestReloadRefuses: what cannot work changes nothing, says why in one line, and stands in the status until it is mended.
func TestReloadRefuses(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct{ from, to, why string }{
		"a typing mistake":    {"helpline", "helplin", "whyloop.toml:7: unknown key"},
		"a missing secret":    {`password_file = "password"`, `password_file = "passwort"`, "imap password: stat "},
		"no certificate":      {"[imap]", "[imap]\nca_file = \"whyloop.toml\"", "holds no certificate in PEM form"},
		"another store":       {"[store]", "[store]\npath = \"other/whyloop.db\"", "only a restart changes store.path: systemctl restart whyloop"},
		"another health port": {`listen = ""`, `listen = "127.0.0.1:0"`, "only a restart changes health.listen"},
		"letters that cannot": {"[templates]", "[templates]\ndir = \"mine\"", "letters: en/invite.txt:1: unclosed action"},
	} {
		t.Run(name, func(t *testing.T) {
			s, book := setStage(t, "[store]\n[templates]\n"+demoPolicy)
			mine := filepath.Join(filepath.Dir(s.config), "mine", "en")
			if err := os.MkdirAll(mine, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(mine, "invite.txt"), []byte("{{.Nonsense"), 0o600); err != nil {
				t.Fatal(err)
			}
			before := s.daemon.present()
			edit(t, s.config, c.from, c.to)
			s.reread(t)
			if s.daemon.present() != before {
				t.Fatal("it was taken up")
			}
			var lines []string
			for line := range strings.Lines(book.String()) {
				if strings.Contains(line, "reload refused") {
					lines = append(lines, line)
				}
			}
			if len(lines) != 1 || !strings.Contains(lines[0], c.why) {
				t.Errorf("want one line with %q, got %q", c.why, lines)
			}
			if how, err := s.daemon.fares(ctx); err != nil || how != "ready, but configuration: refused at the last reload" {
				t.Errorf("%q, %v", how, err)
			}
			edit(t, s.config, c.to, c.from)
			s.reread(t)
			if how, err := s.daemon.fares(ctx); err != nil || how != "ready" || s.daemon.present() == before {
				t.Errorf("mended: %q, %v", how, err)
			}
			s.playUntil(t, "2026-11-23 09:00")
			if n := len(s.letters(t, s.cast.rep)); n != 1 {
				t.Errorf("%d letters", n)
			}
		})
	}
}

// TestReloadBesides: rings, scrapes and looks at the health go on while reloads follow one another.
func TestReloadBesides(t *testing.T) {
	s, _ := setStage(t, demoPolicy)
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, do := range []func(){
		func() { _ = s.daemon.ring(ctx) },
		func() { _, _ = s.daemon.fares(ctx) },
		func() { _ = s.daemon.beat(ctx) },
		func() { _ = s.daemon.present().config.Care.Helpline },
	} {
		all.Go(func() {
			for ctx.Err() == nil {
				do()
			}
		})
	}
	for range 5 {
		s.reread(t)
	}
	stop()
	all.Wait()
	s.playUntil(t, "2026-11-23 09:00")
	if n := len(s.letters(t, s.cast.rep)); n != 1 {
		t.Errorf("%d letters", n)
	}
}

// TestHangup is SIGHUP on the real binary under a service manager: told of each reload, and never without a daemon.
func TestHangup(t *testing.T) {
	if raceEnabled {
		t.Skip("its process is built without the race detector")
	}
	bin, err := buildCrash()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := setStage(t, demoPolicy+"[log]\nlevel = \"error\"\n")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := s.daemon.stop(ctx); err != nil { // its place is taken
		t.Fatal(err)
	}
	manager := serviceManager(t)
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	logged := func() string {
		text, err := os.ReadFile(log.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	cmd := exec.CommandContext(ctx, bin, "--config", s.config, "run")
	cmd.Stdout, cmd.Stderr = io.Discard, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	until := func(word string) {
		t.Helper()
		for heard := ""; heard != word; {
			if heard = hears(t, manager); word == "RELOADING=1" && strings.HasPrefix(heard, "RELOADING=1\nMONOTONIC_USEC=") {
				return
			}
		}
	}
	reload := func() {
		t.Helper()
		if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		until("RELOADING=1")
		until("READY=1")
	}
	until("READY=1")
	edit(t, s.config, "[care]", "[caer]")
	reload()
	if text := logged(); strings.Count(text, "reload refused") != 1 || !strings.Contains(text, `did you mean`) {
		t.Error(text)
	}
	until("STATUS=ready, but configuration: refused at the last reload")
	edit(t, s.config, "[caer]", "[care]")
	edit(t, s.config, `level = "error"`, `level = "info"`)
	reload()
	until("STATUS=ready")
	if text := logged(); !strings.Contains(text, "goes on with another configuration") || strings.Contains(text, "whyloop runs") {
		t.Error(text)
	}
	for range 5 {
		if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil || !strings.Contains(logged(), "whyloop stopped") {
		t.Errorf("%v\n%s", err, logged())
	}
}

// TestReloadDocs: the page names the settings that only a restart changes.
func TestReloadDocs(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(docsRoot, "docs", "monitoring.md"))
	if err != nil {
		t.Fatal(err)
	}
	c, n := defaultConfig(), 0
	for _, sec := range c.sections() {
		for _, s := range sec.settings {
			if !s.fixed {
				continue
			}
			n++
			if !strings.Contains(string(text), "`"+sec.name+"."+s.key+"`") {
				t.Errorf("it does not name %s.%s", sec.name, s.key)
			}
		}
	}
	if n != 4 || !strings.Contains(string(text), "Four settings want a restart") {
		t.Errorf("%d settings", n)
	}
}
