//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// What stands for everything that is private in an arena: its reps' addresses, names and answers, the manager, the password.
func arenaWords() []string {
	return []string{"elsewhere.example", "Rep0", "Rep1", "Dana", "dana@", "twenty deals", "bonus for my family", "garden behind", "calm evenings", "my daughter", crashPassword}
}

// TestProcessTellsNothing looks at the real daemon from outside, with a letter in hand whose provider quotes an answer:
// its log at every level, its entry in the process list, what it says to a monitor and on the status page, and what the
// runtime prints when it is made to crash. No core file holds what its memory did.
func TestProcessTellsNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs and crashes a daemon")
	}
	t.Setenv("GOTRACEBACK", "crash")
	a := newArena(t, 1, 4)
	monitor := a.monitored()
	quoting := make(chan struct{})
	quotes := mailtest.Fault{Reply: "450 4.2.0 rep0@elsewhere.example: a garden behind the house is full"}
	a.mu.Lock()
	a.onDot = func(dot) mailtest.Fault {
		if len(a.dots) < 12 {
			return mailtest.Fault{}
		}
		if len(a.dots) == 12 {
			return quotes
		}
		if len(a.dots) == 13 {
			close(quoting)
		}
		return mailtest.Fault{Stall: true}
	}
	a.mu.Unlock()
	a.start("")
	a.load(4)
	deadline := time.After(30 * time.Second)
	for waiting := true; waiting; {
		select {
		case <-quoting:
			waiting = false
		case <-time.After(nudgeAfter):
			a.nudge()
		case <-deadline:
			t.Fatalf("a dozen letters did not go\n%s", tail(a.stderr.String()))
		}
	}
	seen := a.fromOutside(monitor)
	a.mu.Lock()
	p := a.process
	a.process = nil
	a.mu.Unlock()
	if err := p.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	_ = p.Wait() // it ends by a signal
	if status, ok := p.ProcessState.Sys().(syscall.WaitStatus); !ok || status.CoreDump() {
		t.Errorf("a core file was written: %v", p.ProcessState)
	}
	seen["log and crash"] = a.stderr.Bytes()
	for what, want := range map[string]string{"log and crash": "goroutine 1 ", "log": "level=DEBUG", "metrics": "whyloop_conversations", "status": "daemon", "health": "ok", "command line": "run"} {
		if what == "log" {
			what = "log and crash"
		}
		if !bytes.Contains(seen[what], []byte(want)) {
			t.Errorf("%s: %q is not there, so that nothing is proven by it", what, want)
		}
	}
	bytesSeen := 0
	for what, text := range seen {
		bytesSeen += len(text)
		for _, word := range arenaWords() {
			if k := bytes.Index(text, []byte(word)); k >= 0 {
				t.Errorf("%s tells %q: %s", what, word, text[max(0, k-100):min(len(text), k+100)])
			}
		}
	}
	t.Logf("%d letters, %d answers; %d bytes of %d kinds searched", len(a.letters), len(a.replies), bytesSeen, len(seen))
}

// monitored lets the daemon be asked how it fares, and returns where.
func (a *arena) monitored() string {
	a.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		a.t.Fatal(err)
	}
	at := l.Addr().String()
	text, err := os.ReadFile(a.config())
	if err = errors.Join(err, l.Close()); err == nil {
		err = os.WriteFile(a.config(), bytes.Replace(text, []byte(`listen = ""`), fmt.Appendf(nil, "listen = %q", at), 1), 0o600)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	return at
}

// fromOutside is what anyone on the host, a monitor and the status page can see of a life.
func (a *arena) fromOutside(monitor string) map[string][]byte {
	a.t.Helper()
	proc := filepath.Join("/proc", fmt.Sprint(a.process.Process.Pid))
	seen := map[string][]byte{}
	for name, file := range map[string]string{"command line": "cmdline", "environment": "environ", "limits": "limits"} {
		text, err := os.ReadFile(filepath.Join(proc, file))
		if err != nil {
			a.t.Skipf("no process list here: %v", err)
		}
		seen[name] = text
	}
	if core := lineBeginning(seen["limits"], "Max core file size"); strings.Join(strings.Fields(core)[4:6], " ") != "0 0" {
		a.t.Errorf("a core file may be written: %s", core)
	}
	for name, page := range map[string]string{"health": "/healthz", "readiness": "/readyz", "metrics": "/metrics"} {
		answer, err := http.Get("http://" + monitor + page)
		if err != nil {
			a.t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil {
			a.t.Fatal(err)
		}
		seen[name] = text
	}
	got := call(a.t.(*testing.T), "", "--config", a.config(), "status")
	seen["status"] = []byte(got.out + got.errors)
	return seen
}

// lineBeginning is the first line of a text that begins so.
func lineBeginning(text []byte, begin string) string {
	for l := range strings.Lines(string(text)) {
		if strings.HasPrefix(l, begin) {
			return l
		}
	}
	return ""
}
