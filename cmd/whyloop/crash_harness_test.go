//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer/mailtest"
)

// An arena is where the real binary is killed: its provider and its reps live in the test's
// process and outlive it. They are the oracle too: what they sent and what they were handed is
// what the store must have made sense of in the end.
type arena struct {
	t       testing.TB
	rnd     *rand.Rand
	dir     string
	servers *mailtest.Servers
	reps    map[string]*robot // by address
	ahead   atomic.Int64      // how far the daemon's clock is before ours, in nanoseconds

	mu      sync.Mutex
	life    int
	process *exec.Cmd
	stderr  *bytes.Buffer
	seen    int               // envelopes the postman has looked at
	letters map[string]*heard // by Message-ID
	replies map[string]*reply // by Message-ID
	ready   []*reply          // thought of, not yet sent
	open    int               // sent, and no letter has answered them
	room    int               // how many may be open
	dots    []dot
	onDot   func(dot) mailtest.Fault
	onStep  func(name string)
	step    string // the last step of the wire in this life
	worked  bool   // this life has fetched or sent something
	news    chan struct{}
}

// dot is a final dot that reached the provider.
type dot struct {
	life   int
	letter string
}

// buildCrash builds the daemon with its crash points, once for all tests; WHYLOOP_CRASH_BINARY is one built before.
var buildCrash = sync.OnceValues(func() (string, error) {
	if bin := os.Getenv("WHYLOOP_CRASH_BINARY"); bin != "" {
		return bin, nil
	}
	dir, err := os.MkdirTemp("", "safety-bin-")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "whyloop")
	out, err := exec.Command("go", "build", "-tags", "crash", "-o", bin, ".").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("build whyloop: %w\n%s", err, out)
	}
	return bin, err
})

const crashConfig = anyHourConfig + "[log]\nlevel = \"debug\"\n"

func newArena(t testing.TB, seed uint64, reps int) *arena {
	t.Helper()
	if raceEnabled {
		t.Skip("its processes are built without the race detector")
	}
	a := &arena{t: t, rnd: rand.New(rand.NewPCG(seed, 7)), dir: t.TempDir(), reps: map[string]*robot{}, letters: map[string]*heard{},
		replies: map[string]*reply{}, news: make(chan struct{}, 1)}
	var err error
	a.servers, err = mailtest.New(mailtest.Options{Domain: "northwind.example", AuthServID: "mx.northwind.example", Now: a.now})
	if err != nil {
		t.Fatal(err)
	}
	a.servers.AddUser(crashCoach, crashPassword)
	for _, door := range []struct {
		imap bool
		hook func(func(mailtest.Step) mailtest.Fault)
	}{{true, a.servers.HookIMAP}, {false, a.servers.HookSMTP}} {
		conns := map[int]*dot{} // what each connection is about; a dead life's may still be read after its end
		var mu sync.Mutex
		door.hook(func(s mailtest.Step) mailtest.Fault {
			mu.Lock()
			defer mu.Unlock()
			if conns[s.Conn] == nil {
				conns[s.Conn] = &dot{}
			}
			return a.hook(door.imap, s, conns[s.Conn])
		})
	}
	a.enrol(reps)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); a.post(ctx) }()
	t.Cleanup(func() {
		a.kill()
		cancel()
		<-done
		if err := a.servers.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

const crashCoach, crashPassword = "coach@northwind.example", "correct-horse-7"

func (a *arena) now() time.Time { return time.Now().Add(time.Duration(a.ahead.Load())) }

// enrol writes the configuration and invites the reps, as an admin would before the first start.
func (a *arena) enrol(reps int) {
	a.t.Helper()
	text := safetyConfig(crashCoach, a.servers.IMAPAddr, a.servers.SMTPAddr, crashConfig)
	err := errors.Join(writeNew(a.config(), []byte(text)), writeNew(filepath.Join(a.dir, "password"), []byte(crashPassword+"\n")))
	if err != nil {
		a.t.Fatal(err)
	}
	config, err := loadConfig(a.config())
	if err != nil {
		a.t.Fatal(err)
	}
	store, err := sqlite.Open(config.Store.Path)
	if err != nil {
		a.t.Fatal(err)
	}
	defer store.Close()
	coach, err := newCoach(config, store, a.now, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		a.t.Fatal(err)
	}
	for k := range reps {
		address := fmt.Sprintf("rep%d@elsewhere.example", k)
		a.reps[address] = &robot{address: address}
		rep := conversation.Rep{Name: fmt.Sprintf("Rep%d", k), Address: conversation.Address{Mail: address},
			Manager: conversation.Address{Name: "Dana", Mail: "dana@northwind.example"}, Zone: "UTC", Language: "en"}
		if _, err := coach.Enrol(context.Background(), rep); err != nil {
			a.t.Fatal(err)
		}
	}
}

func (a *arena) config() string { return filepath.Join(a.dir, "whyloop.toml") }
