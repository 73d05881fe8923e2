package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDemo: what the newcomer sees, and that nothing stays behind.
func TestDemo(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	got := call(t, "", "demo")
	if got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	if strings.Contains(got.out, "\x1b") {
		t.Error("colour in a pipe")
	}
	for _, want := range []string{"Is this your why: “", "Dana's whole inbox: 3 mails", "Held: nothing goes to Dana this week.", "✓ nowhere in it: \"car loan\""} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q", want)
		}
	}
	if last := lines[len(lines)-1]; !strings.HasPrefix(last, "22 mails by Sam, 3 mails to the manager, ") {
		t.Errorf("it ends with %q", last)
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestDemoInteractive: the person at the prompt is the rep.
func TestDemoInteractive(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	got := call(t, "yes\nsell more\nquit\n", "demo", "--interactive")
	if got.code != exitOK || !strings.Contains(got.out, "You said: “sell more”.") || !strings.Contains(got.out, "Dana's whole inbox: 0 mails") {
		t.Errorf("%+v", got)
	}
}

// TestDemoKeep: what was kept can be looked at with the usual commands, and is not overwritten.
func TestDemoKeep(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	if got := call(t, "quit\n", "demo", "--interactive", "--keep", dir); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	if got := call(t, "", "--config", filepath.Join(dir, "whyloop.toml"), "rep", "list"); !strings.Contains(got.out, "sam@example.com  Sam   invited  going on") {
		t.Errorf("%+v", got)
	}
	if got := call(t, "", "demo", "--keep", dir); got.code != exitFailure || !strings.Contains(got.errors, "name another folder") {
		t.Errorf("%+v", got)
	}
}

// TestDemoCutShort: Ctrl-C ends it at once, and nothing stays behind.
func TestDemoCutShort(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out strings.Builder
	if code := run(ctx, []string{"demo"}, strings.NewReader(""), &out, &out); code != exitFailure {
		t.Errorf("exit %d: %s", code, out.String())
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
