package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// serviceManager listens as systemd does, and puts itself into the environment.
func serviceManager(t *testing.T) *net.UnixConn {
	t.Helper()
	name := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	t.Setenv("NOTIFY_SOCKET", name)
	return conn
}

// hears returns the next word.
func hears(t *testing.T, conn *net.UnixConn) string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4096)
	n, err := conn.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n])
}

func TestNotifierWithoutManager(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	n, err := newNotifier(slog.New(slog.DiscardHandler), nil, nil) // it would panic if it asked
	if err != nil {
		t.Fatal(err)
	}
	n.run(t.Context())
}

func TestNotifier(t *testing.T) {
	conn := serviceManager(t)
	t.Setenv("WATCHDOG_USEC", "60000") // 60 ms, so that a few pings come by
	t.Setenv("WATCHDOG_PID", "")
	dead, trouble := make(chan bool, 1), errors.Join(errors.New("imap: down"), errors.New("smtp: sign-in"))
	alive := func(context.Context) error {
		select {
		case <-dead:
			return errors.New("no store")
		default:
			return nil
		}
	}
	n, err := newNotifier(slog.New(slog.DiscardHandler), alive, func(context.Context) (string, error) { return "ready", trouble })
	if err != nil {
		t.Fatal(err)
	}
	if n.every != 20*time.Millisecond {
		t.Errorf("pings every %v, want a third of the watchdog's patience", n.every)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); n.run(ctx) }()
	const status = "STATUS=imap: down; smtp: sign-in"
	for i, want := range []string{"READY=1", status, "WATCHDOG=1", status, "WATCHDOG=1"} {
		if got := hears(t, conn); got != want {
			t.Errorf("word %d: %q, want %q", i, got, want)
		}
	}
	dead <- true // one look fails: a status without a ping follows
	words := []string{hears(t, conn)}
	for !(words[len(words)-1] == status && len(words) > 1 && words[len(words)-2] == status) {
		if len(words) > 6 {
			t.Fatalf("pinged although the store is gone: %q", words)
		}
		words = append(words, hears(t, conn))
	}
	stop()
	<-done
	for {
		if got := hears(t, conn); strings.HasPrefix(got, "STOPPING=1") {
			break
		}
	}
}

func TestNotifierRefusesOddWatchdog(t *testing.T) {
	t.Setenv("WATCHDOG_USEC", "soon")
	if _, err := newNotifier(slog.New(slog.DiscardHandler), nil, nil); err == nil {
		t.Error("no error")
	}
}

// TestDaemonNotifies: READY comes once everything runs, STOPPING when it is told to stop.
func TestDaemonNotifies(t *testing.T) {
	conn := serviceManager(t)
	stage, _ := setStage(t, "")
	if got := hears(t, conn); got != "READY=1" {
		t.Errorf("first word %q", got)
	}
	if got := hears(t, conn); got != "STATUS=ready" {
		t.Errorf("second word %q", got)
	}
	if err := stage.daemon.alive(t.Context()); err != nil {
		t.Error(err)
	}
	if err := stage.daemon.stop(t.Context()); err != nil {
		t.Error(err)
	}
	if got := hears(t, conn); !strings.HasPrefix(got, "STOPPING=1") {
		t.Errorf("last word %q", got)
	}
}
