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
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
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

// heard is a letter as the provider accepted it.
type heard struct {
	to, answers string
	raw         []byte
	times       int
}

// reply is a mail of a rep's.
type reply struct {
	id, from, to string
	raw          []byte
	letters      map[string]bool // the letters that answer it
	held         bool            // as poison: the process died in each try
}

// robot is a rep who answers every letter once, so many times.
type robot struct {
	address string
	said    int
}

// dot is a final dot that reached the provider.
type dot struct {
	life   int
	letter string
}

const crashReplies = 10 // of each rep; with the invite they stay under the daily cap

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
	a := &arena{t: t, rnd: rand.New(rand.NewPCG(seed, 7)), dir: t.TempDir(), reps: map[string]*robot{}, letters: map[string]*heard{},
		replies: map[string]*reply{}, news: make(chan struct{}, 1)}
	var err error
	a.servers, err = mailtest.New(mailtest.Options{Domain: "northwind.example", AuthServID: "mx.northwind.example", Now: a.now})
	if err != nil {
		t.Fatal(err)
	}
	a.servers.AddUser(crashCoach, demoPassword)
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

const crashCoach = "coach@northwind.example"

func (a *arena) now() time.Time { return time.Now().Add(time.Duration(a.ahead.Load())) }

// enrol writes the configuration and invites the reps, as an admin would before the first start.
func (a *arena) enrol(reps int) {
	a.t.Helper()
	text := safetyConfig(crashCoach, a.servers.IMAPAddr, a.servers.SMTPAddr, crashConfig)
	err := errors.Join(writeNew(a.config(), []byte(text)), writeNew(filepath.Join(a.dir, "password"), []byte(demoPassword+"\n")))
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

// start starts a life of the daemon. The lease that the last life left behind has run out by its clock.
func (a *arena) start(point string) {
	a.t.Helper()
	bin, err := buildCrash()
	if err != nil {
		a.t.Fatal(err)
	}
	a.ahead.Add(int64(16 * time.Minute))
	cmd := exec.Command(bin, "--config", a.config(), "run")
	cmd.Env = append(os.Environ(), "WHYLOOP_CRASH="+point, "WHYLOOP_AHEAD="+time.Duration(a.ahead.Load()).String(), "GOMAXPROCS=2", "GOGC=off")
	a.mu.Lock()
	defer a.mu.Unlock()
	a.life++
	a.step, a.worked = "starting", false
	a.stderr = &bytes.Buffer{}
	cmd.Stderr = a.stderr
	if err := cmd.Start(); err != nil {
		a.t.Fatal(err)
	}
	a.process = cmd
}

// kill ends the life by SIGKILL, if it has not ended.
func (a *arena) kill() {
	a.mu.Lock()
	p := a.process
	a.process = nil
	a.mu.Unlock()
	if p == nil {
		return
	}
	_ = p.Process.Kill() // it may have ended
	_ = p.Wait()
}

// stop ends the life as an admin would: what is in hand is finished.
func (a *arena) stop() {
	a.t.Helper()
	a.mu.Lock()
	p := a.process
	a.process = nil
	a.mu.Unlock()
	if err := errors.Join(p.Process.Signal(syscall.SIGTERM), p.Wait()); err != nil {
		a.t.Errorf("told to stop, it ended with %v\n%s", err, tail(a.stderr.String()))
	}
}

// signal kills without waiting: a hook may not wait for the process it serves.
func (a *arena) signal() {
	if a.process != nil {
		_ = a.process.Process.Kill()
	}
}

// died waits until the life has ended by itself, and makes sure that SIGKILL ended it.
func (a *arena) died(within time.Duration) bool {
	a.mu.Lock()
	p := a.process
	a.mu.Unlock()
	ended := make(chan error, 1)
	go func() { ended <- p.Wait() }()
	timer := time.NewTimer(within)
	defer timer.Stop()
	for {
		select {
		case <-ended:
			a.mu.Lock()
			a.process = nil
			a.mu.Unlock()
			status, ok := p.ProcessState.Sys().(syscall.WaitStatus)
			if !ok || status.Signal() != syscall.SIGKILL {
				a.t.Fatalf("the daemon ended by itself: %v\n%s", p.ProcessState, tail(a.stderr.String()))
			}
			return true
		case <-timer.C:
			_ = p.Process.Kill()
			<-ended
			a.mu.Lock()
			a.process = nil
			a.mu.Unlock()
			return false
		case <-time.After(nudgeAfter):
			a.nudge()
		}
	}
}

// nudgeAfter is how long the wire may be quiet before a mail of no meaning is sent: the in-process
// server does not announce what arrives in the instant in which IDLE begins.
const nudgeAfter = 150 * time.Millisecond

func (a *arena) nudge() {
	raw := fmt.Sprintf("From: news@elsewhere.example\r\nTo: %s\r\nSubject: news\r\nMessage-ID: <%d@elsewhere.example>\r\nPrecedence: bulk\r\nDate: %s\r\n\r\nnews\r\n",
		crashCoach, a.rnd.Int64(), a.now().Format(time.RFC1123Z))
	a.servers.Deliver(mailtest.Envelope{From: "news@elsewhere.example", To: []string{crashCoach}, Raw: []byte(raw)})
}

// hook sees each step of both wires.
func (a *arena) hook(imap bool, s mailtest.Step, conn *dot) mailtest.Fault {
	a.mu.Lock()
	defer a.mu.Unlock()
	name := "SMTP " + s.Name
	if imap {
		name = "IMAP " + s.Name
	}
	a.step = name
	switch name {
	case "IMAP UID FETCH", "SMTP MAIL":
		a.worked = true
	}
	if a.onStep != nil {
		a.onStep(name)
	}
	switch {
	case s.Name == mailtest.StepConnect:
		conn.life = a.life
	case imap:
	case s.Name == "MAIL":
		_, id, _ := strings.Cut(s.Line, "ENVID=")
		conn.letter, _, _ = strings.Cut(id, " ")
	case s.Name == mailtest.StepDot:
		a.dots = append(a.dots, *conn)
		if a.onDot != nil {
			return a.onDot(*conn)
		}
	}
	return mailtest.Fault{}
}

// post looks at what was accepted, and lets the reps answer.
func (a *arena) post(ctx context.Context) {
	for {
		a.mu.Lock()
		seen := a.seen
		a.mu.Unlock()
		all, err := a.servers.WaitAccepted(ctx, seen+1)
		if err != nil {
			return
		}
		for _, e := range all[seen:] {
			a.take(e)
		}
		a.release()
		select {
		case a.news <- struct{}{}:
		default:
		}
	}
}

// take is one envelope.
func (a *arena) take(e mailtest.Envelope) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen++
	if e.To[0] != crashCoach && !strings.HasPrefix(e.To[0], "coach+") {
		a.takeLetter(e)
	}
}

func (a *arena) takeLetter(e mailtest.Envelope) {
	l, err := readMail(e.Raw)
	if err != nil || len(e.To) != 1 {
		a.t.Errorf("a letter to %d recipients that cannot be read: %v", len(e.To), err)
		return
	}
	id := strings.Trim(l.MessageID, "<>")
	if have := a.letters[id]; have != nil {
		have.times++
		if !bytes.Equal(have.raw, e.Raw) || have.to != e.To[0] {
			a.t.Errorf("letter %s came again with other bytes", id)
		}
		return
	}
	h := &heard{to: e.To[0], raw: e.Raw, times: 1}
	_, in, _ := strings.Cut(string(e.Raw), "\r\nIn-Reply-To: <")
	h.answers, _, _ = strings.Cut(in, ">")
	a.letters[id] = h
	if r := a.replies[h.answers]; r != nil {
		if len(r.letters) == 0 && !r.held {
			a.open--
		}
		r.letters[id] = true
	}
	bot := a.reps[e.To[0]]
	if bot == nil {
		a.t.Errorf("a letter to %s, whom nobody enrolled", e.To[0])
		return
	}
	if bot.said < crashReplies {
		a.ready = append(a.ready, bot.answer(l, a.now()))
	}
}

// answer is what a robot says: yes, a goal, three answers, then it asks for help, again and again.
// Each is to be answered by one letter.
func (b *robot) answer(l mailText, at time.Time) *reply {
	text := fmt.Sprintf("help\n\nnumber %d", b.said)
	switch {
	case b.said == 0:
		text = "yes"
	case b.said == 1:
		text = "close twenty deals in the north"
	case b.said < 5:
		text = []string{"a bonus for my family", "a garden behind the house", "calm evenings with my daughter"}[b.said-2]
	}
	b.said++
	r := &reply{from: b.address, to: bareAddress(l.ReplyTo), letters: map[string]bool{}}
	program := []string{"Gmail", "iPhone", "Outlook", "Thunderbird"}[b.said%4]
	r.raw = clients()[program](b.address, l, text, at)
	_, id, _ := strings.Cut(string(r.raw), "\r\nMessage-ID: <")
	r.id, _, _ = strings.Cut(id, ">")
	return r
}

// release sends replies while there is room.
func (a *arena) release() {
	for {
		a.mu.Lock()
		if a.open >= a.room || len(a.ready) == 0 {
			a.mu.Unlock()
			return
		}
		r := a.ready[0]
		a.ready = a.ready[1:]
		a.open++
		if a.replies[r.id] != nil {
			a.t.Errorf("two replies with one Message-ID: %s", r.id)
		}
		a.replies[r.id] = r
		a.mu.Unlock()
		a.servers.Deliver(mailtest.Envelope{From: r.from, User: r.from, To: []string{r.to}, Raw: r.raw})
	}
}

// load lets so many replies be under way.
func (a *arena) load(room int) {
	a.mu.Lock()
	a.room = room
	a.mu.Unlock()
	a.release()
}

// rest waits until every reply sent has its answer. False: it did not come to that.
func (a *arena) rest(within time.Duration) bool {
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for {
		a.mu.Lock()
		done := a.open == 0 && len(a.letters) >= len(a.reps) && (a.room == 0 || len(a.ready) == 0)
		a.mu.Unlock()
		if done {
			return true
		}
		select {
		case <-a.news:
		case <-time.After(nudgeAfter):
			a.lookAtHeld()
			a.nudge()
		case <-deadline.C:
			return false
		}
	}
}

// lookAtHeld finds replies that were held because the process had died at each of three tries. They
// are not lost, and not answered either.
func (a *arena) lookAtHeld() {
	store, err := sqlite.Open(filepath.Join(a.dir, "state", "whyloop.db"))
	if err != nil {
		a.t.Fatal(err)
	}
	defer store.Close()
	rows, err := store.Held(context.Background())
	if err != nil {
		a.t.Fatal(err)
	}
	for _, row := range rows {
		h, err := store.HeldMail(context.Background(), row.ID)
		if err != nil || h.Reason != "poison" {
			a.t.Fatalf("held for %q: %v", h.Reason, err)
		}
		_, id, _ := strings.Cut(string(h.Raw), "\r\nMessage-ID: <")
		id, _, _ = strings.Cut(id, ">")
		a.mu.Lock()
		if r := a.replies[id]; r != nil && !r.held && len(r.letters) == 0 {
			r.held = true
			a.open--
		}
		a.mu.Unlock()
	}
}

// over reports whether the reps have said all they had to say.
func (a *arena) over() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.ready) == 0 && a.open == 0 && len(a.letters) >= len(a.reps)
}

// findings is what the oracle found.
type findings struct {
	replies, letters   int
	lost, twiceHandled int
	twice, ambiguous   int // letters sent twice: outside, inside the window after the dot
	poison             int
}

// settle lets a last, unharmed life finish what is under way, and then compares what the world saw
// with what the store holds.
func (a *arena) settle() findings {
	a.t.Helper()
	a.start("")
	if !a.rest(30 * time.Second) {
		a.t.Errorf("replies stay unanswered\n%s", tail(a.stderr.String()))
	}
	a.waitFor("IMAP IDLE")
	a.stop()
	a.ahead.Add(int64(9 * time.Hour)) // what a stop cut short is tried again by then
	a.start("")                       // and what was settled must not go again
	a.waitFor("IMAP IDLE")
	a.emptied(20 * time.Second)
	a.stop()
	a.lookAtHeld()
	return a.check()
}

// emptied waits until nothing waits in the outbox: a stop before that would put a letter back once
// more. What stays is told by checkStore.
func (a *arena) emptied(within time.Duration) {
	a.t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	for {
		store, err := sqlite.Open(filepath.Join(a.dir, "state", "whyloop.db"))
		if err != nil {
			a.t.Fatal(err)
		}
		left, err := store.Outbox(context.Background())
		if store.Close(); err == nil && len(left) == 0 {
			return
		}
		select {
		case <-a.news:
		case <-time.After(nudgeAfter):
			a.nudge()
		case <-deadline.C:
			return
		}
	}
}

// waitFor waits until a life has come to a step.
func (a *arena) waitFor(step string) {
	a.t.Helper()
	reached := make(chan struct{})
	a.mu.Lock()
	a.onStep = func(name string) {
		if name == step {
			a.onStep = nil
			close(reached)
		}
	}
	a.mu.Unlock()
	select {
	case <-reached:
	case <-time.After(nudgeAfter):
		a.nudge() // it rests already: let it look again
		select {
		case <-reached:
			return
		case <-time.After(20 * time.Second):
		}
		a.t.Errorf("never came to %s\n%s", step, tail(a.stderr.String()))
	}
}

// check is the oracle.
func (a *arena) check() findings {
	a.t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	n := findings{replies: len(a.replies), letters: len(a.letters)}
	said := map[string]int{}
	for id, r := range a.replies {
		said[r.from]++
		switch {
		case len(r.letters) == 1:
		case r.held:
			n.poison++
			said[r.from]--
		case len(r.letters) == 0:
			n.lost++
			a.t.Errorf("reply %s of %s was never answered", id, r.from)
		default:
			n.twiceHandled++
			a.t.Errorf("reply %s of %s was answered by %d letters", id, r.from, len(r.letters))
		}
	}
	for id, l := range a.letters {
		if l.answers != "" && a.replies[l.answers] == nil {
			a.t.Errorf("letter %s answers a mail that nobody sent", id)
		}
		if l.times > 1 {
			n.ambiguous += l.times - 1
		}
	}
	n.twice = a.outside()
	n.ambiguous -= n.twice
	a.checkStore(said)
	return n
}

// outside counts letters that went again though a later final dot in the same life proves that
// they had been settled.
func (a *arena) outside() int {
	last := map[int]string{} // the last dot of each life
	for _, d := range a.dots {
		last[d.life] = d.letter
	}
	slices.SortStableFunc(a.dots, func(x, y dot) int { return x.life - y.life })
	outside := 0
	before := map[string][]int{} // lives in which a letter's dot came
	for _, d := range a.dots {
		for _, life := range before[d.letter] {
			if life == d.life || last[life] != d.letter {
				outside++
				a.t.Errorf("letter %s went in life %d and again in life %d, outside the window", d.letter, life, d.life)
			}
		}
		before[d.letter] = append(before[d.letter], d.life)
	}
	return outside
}

// checkStore looks at what is left on the disk.
func (a *arena) checkStore(said map[string]int) {
	a.t.Helper()
	ctx := context.Background()
	store, err := sqlite.Open(filepath.Join(a.dir, "state", "whyloop.db"))
	if err != nil {
		a.t.Fatal(err)
	}
	defer store.Close()
	if err := store.Check(ctx); err != nil {
		a.t.Error(err)
	}
	if left, err := store.Outbox(ctx); err != nil || len(left) > 0 {
		a.t.Errorf("%d letters are not sent: %+v, %v", len(left), left[:min(len(left), 2)], err)
	}
	for address := range a.reps {
		c, err := store.ByAddress(ctx, address)
		if err != nil {
			a.t.Errorf("%s: %v", address, err)
			continue
		}
		if want := int64(1 + said[address]); c.Version != want { // the invite, and each reply once
			a.t.Errorf("%s: %d events were applied, %d had happened", address, c.Version, want)
		}
	}
}

// tail is the end of a log.
func tail(s string) string {
	lines := strings.Split(s, "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}
