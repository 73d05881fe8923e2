package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"whyloop/conversation"
)

// The test binary is its own second process: with asVar set it plays a part and no tests run.
const (
	asVar   = "WHYLOOP_TEST_AS"
	pathVar = "WHYLOOP_TEST_PATH"
	fromVar = "WHYLOOP_TEST_FROM"
)

func TestMain(m *testing.M) {
	parts := map[string]func(path string) error{"daemon": daemon, "writer": steadyWriter}
	maps.Copy(parts, systemParts())
	if part, ok := parts[os.Getenv(asVar)]; ok {
		if err := part(os.Getenv(pathVar)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// play starts a second process and returns what it prints, line by line.
func play(t *testing.T, part, path string, env ...string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), asVar+"="+part, pathVar+"="+path), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd, bufio.NewScanner(out)
}

// daemon holds the lock until it is killed.
func daemon(path string) error {
	s, err := Open(path)
	if err != nil {
		return err
	}
	if _, err := s.Lock(); err != nil {
		return err
	}
	fmt.Println("locked")
	select {}
}

func TestLock(t *testing.T) {
	s := openStore(t, storePath(t))
	release, err := s.Lock()
	if err != nil {
		t.Fatal(err)
	}
	other := openStore(t, s.Path())
	_, err = other.Lock()
	if !errors.Is(err, conversation.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("pid %d since 20", os.Getpid())) {
		t.Errorf("got %v", err)
	}
	if err := mark(other, "a command beside the daemon"); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := release(); err != nil {
			t.Error(err)
		}
	}
	again, err := other.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
}

// TestLockOutlivesItsRelease: a caller who means to hold it for ever may drop the release.
func TestLockOutlivesItsRelease(t *testing.T) {
	s := openStore(t, storePath(t))
	if _, err := s.Lock(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		runtime.GC()
	}
	if _, err := openStore(t, s.Path()).Lock(); !errors.Is(err, conversation.ErrLocked) {
		t.Errorf("got %v", err)
	}
}

// TestLockEndsWithItsProcess: another process is told who holds the lock, and a daemon that
// was killed leaves none behind.
func TestLockEndsWithItsProcess(t *testing.T) {
	s := openStore(t, storePath(t))
	cmd, lines := play(t, "daemon", s.Path())
	if !lines.Scan() || lines.Text() != "locked" {
		t.Fatalf("the daemon says %q", lines.Text())
	}
	if _, err := s.Lock(); !errors.Is(err, conversation.ErrLocked) || !strings.Contains(err.Error(), fmt.Sprintf("pid %d ", cmd.Process.Pid)) {
		t.Errorf("got %v", err)
	}
	if err := mark(s, "beside"); err != nil {
		t.Error(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	release, err := s.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
}

// steadyWriter applies changes from several goroutines for as long as it lives, and prints
// each event whose commit it was told of.
func steadyWriter(path string) error {
	s, err := Open(path)
	if err != nil {
		return err
	}
	told := make(chan string)
	for w := range 4 {
		id := fmt.Sprintf("rep-%s-%d", os.Getenv(fromVar), w)
		go func() {
			c := sam(id)
			for n := 1; ; n++ {
				key := fmt.Sprintf("%s/%d", id, n)
				c.Done = n
				err := s.Apply(context.Background(), conversation.Change{Conversation: c, Handled: key, At: monday, Letters: []conversation.Letter{letterFor(id, key)}})
				if err != nil {
					fmt.Println("error", err)
					return
				}
				c.Version++
				told <- key
			}
		}()
	}
	for key := range told {
		fmt.Println(key)
	}
	return nil
}

// TestKilled kills a process in the middle of its writes, again and again: what it was told
// is committed is there, and nothing is there by half. WHYLOOP_KILLS sets the number.
func TestKilled(t *testing.T) {
	path := storePath(t)
	rnd := rand.New(rand.NewPCG(1, 1))
	kills, told := often("WHYLOOP_KILLS", 5), 0
	for round := range kills {
		cmd, lines := play(t, "writer", path, fmt.Sprintf("%s=%d", fromVar, round))
		last := map[string]string{}
		for n := 20 + rnd.IntN(200); n > 0 && lines.Scan(); n-- {
			last[lines.Text()[:strings.LastIndex(lines.Text(), "/")]] = lines.Text()
			told++
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it had printed before it was killed
			if id, _, whole := strings.Cut(lines.Text(), "/"); whole {
				last[id] = lines.Text()
			}
		}
		_ = cmd.Wait() // it was killed
		checkKilled(t, path, last)
	}
	t.Logf("%d kills, %d changes told", kills, told)
}

func checkKilled(t *testing.T, path string, last map[string]string) {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Check(context.Background()); err != nil {
		t.Fatal(err)
	}
	if len(last) == 0 {
		t.Error("it was told nothing")
	}
	for id, key := range last {
		c, err := s.ByID(context.Background(), id)
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if _, err := fmt.Sscanf(key, id+"/%d", &n); err != nil {
			continue // the last line was cut
		}
		if c.Done < n || c.Version != int64(c.Done) {
			t.Errorf("%s was told, version %d holds %d", key, c.Version, c.Done)
		}
		// The change that was stored last is whole, and the next is not there at all.
		for k, want := range map[int]bool{c.Done: true, c.Done + 1: false} {
			event := fmt.Sprintf("%s/%d", id, k)
			f, err := s.Find(context.Background(), conversation.Ref{Tokens: []string{"token-" + event}})
			if handled(t, s, event) != want || (err == nil) != want {
				t.Errorf("%s: handled %v, letter %q (%v); want %v", event, handled(t, s, event), f.Letter, err, want)
			}
		}
	}
}
