package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// pinged is somebody who waits for a word, at a secret place.
func pinged(t *testing.T) (where string, times, status *atomic.Int64) {
	t.Helper()
	times, status = new(atomic.Int64), new(atomic.Int64)
	status.Store(http.StatusOK)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.URL.Path == "/secret" {
			times.Add(1)
		}
		w.Header().Set("Location", "/secret")
		w.WriteHeader(int(status.Load()))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/secret", times, status
}

// TestPing: somebody is told after a real round of work, and only then; what goes wrong names no URL.
func TestPing(t *testing.T) {
	where, times, status := pinged(t)
	s, book := setStage(t, demoPolicy+"[alerts]\nping_url = \""+where+"\"\n")
	ctx := context.Background()
	ping := func(why string, want int64) {
		t.Helper()
		before := times.Load()
		_ = s.daemon.ping(ctx) // its error is looked at below
		if got := times.Load() - before; got != want {
			t.Errorf("%s: %d pings, want %d", why, got, want)
		}
	}
	ping("before anything was done", 0)
	s.playUntil(t, "2026-11-23 09:00")
	work := func() {
		if err := s.daemon.ring(ctx); err != nil {
			t.Fatal(err)
		}
		s.daemon.store.pulse.note(func(r *pulseReport) { r.IMAP = s.clock.Now() })
	}
	work()
	ping("after a round of work", 1)
	if s.daemon.store.pulse.report().Pinged.IsZero() {
		t.Error("it is not noted")
	}
	s.daemon.troubles.tell("imap")(trouble("sign-in"))
	ping("with a refused sign-in", 0)
	s.daemon.troubles.tell("imap")(trouble(""))
	s.daemon.store.pulse.note(func(r *pulseReport) { r.IMAP = s.clock.Now().Add(-time.Hour) })
	ping("with a mailbox that is not read", 0)
	s.clock.Set(s.clock.Now().Add(10 * time.Minute))
	s.daemon.store.pulse.note(func(r *pulseReport) { r.IMAP = s.clock.Now() })
	ping("with an alarm that does not ring", 0)
	work()
	for _, code := range []int64{http.StatusFound, http.StatusNotFound, http.StatusInternalServerError} {
		status.Store(code)
		if err := s.daemon.ping(ctx); err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%d: %v", code, err)
		}
		if s.daemon.troubles.of(aboutPing) == "" {
			t.Errorf("%d: no trouble", code)
		}
	}
	status.Store(http.StatusNoContent)
	ping("mended", 1)
	if s.daemon.troubles.of(aboutPing) != "" || strings.Contains(book.String(), "/secret") {
		t.Error(s.daemon.troubles.all(), book.String())
	}
}

// TestPingFaults: a URL that leads nowhere is told by a fixed word, and an endpoint that hangs is not waited for.
func TestPingFaults(t *testing.T) {
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer server.Close()
	defer close(hang)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	short, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	for _, c := range []struct {
		ctx        context.Context
		where, why string
	}{
		{context.Background(), closed.URL + "/secret", "ping: cannot be reached"},
		{short, server.URL + "/secret", "ping: no answer in time"},
	} {
		if err := sendPing(c.ctx, alertsConfig{URL: c.where}); err == nil || err.Error() != c.why {
			t.Errorf("%v, want %s", err, c.why)
		}
	}
}

// TestPingFile: the secret may stand in a file of its own, which is read anew each time.
func TestPingFile(t *testing.T) {
	where, times, _ := pinged(t)
	path := filepath.Join(t.TempDir(), "ping-url")
	a := alertsConfig{Ping: Secret{File: path}}
	for text, want := range map[string]string{
		"":                             "the password is empty",
		"http://ping.example.net/0123": path + " holds no https URL",
		where:                          "",
	} {
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		err := sendPing(context.Background(), a)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) || err != nil && strings.Contains(err.Error(), "0123") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	if times.Load() != 1 {
		t.Errorf("%d pings", times.Load())
	}
}
