package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer"
	"whyloop/mailer/mailtest"
)

// A wireRig is the daemon's real parts between a provider that can fail at every step, without the loops
// that run them: the test turns the crank, so that a time-out lasts milliseconds and a retry none.
type wireRig struct {
	t       testing.TB
	servers *mailtest.Servers
	clock   *clock
	store   *sqlite.Store
	coach   *conversation.Coach
	inbox   *mailer.Inbox
	outbox  *mailer.Outbox
	mails   int

	mu     sync.Mutex
	steps  []string // each step of either wire as it was reached: "SMTP MAIL 2"
	at     string   // where the fault strikes
	fault  mailtest.Fault
	struck bool
}

const wireReps = 3

func newWireRig(t testing.TB, at string, fault mailtest.Fault) *wireRig {
	t.Helper()
	r := &wireRig{t: t, at: at, fault: fault, clock: newClock(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
	var err error
	r.servers, err = mailtest.New(mailtest.Options{Domain: "northwind.example", AuthServID: "mx.northwind.example", Now: r.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	r.servers.AddUser(worldCoach, demoPassword)
	r.servers.HookSMTP(func(s mailtest.Step) mailtest.Fault { return r.step("SMTP", s) })
	r.servers.HookIMAP(func(s mailtest.Step) mailtest.Fault { return r.step("IMAP", s) })
	r.wire(t.TempDir())
	for k := range wireReps {
		address := fmt.Sprintf("rep%d@elsewhere.example", k)
		_, err := r.coach.Enrol(t.Context(), conversation.Rep{Name: "Sam", Address: conversation.Address{Mail: address},
			Manager: conversation.Address{Name: "Dana", Mail: "dana@northwind.example"}, Zone: "UTC", Language: "en"})
		if err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// wire ties the parts together as serve.go does.
func (r *wireRig) wire(dir string) {
	t, ctx := r.t, context.Background()
	t.Helper()
	text := safetyConfig(worldCoach, r.servers.IMAPAddr, r.servers.SMTPAddr, anyHourConfig)
	if err := errors.Join(writeNew(filepath.Join(dir, "whyloop.toml"), []byte(text)), writeNew(filepath.Join(dir, "password"), []byte(demoPassword+"\n"))); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(filepath.Join(dir, "whyloop.toml"))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	if r.store, err = sqlite.Open(c.Store.Path); err != nil {
		t.Fatal(err)
	}
	keys, _, err := newKeys(c)
	if err != nil {
		t.Fatal(err)
	}
	smtp, err := c.server(ctx, "smtp", c.SMTP.serverConfig)
	if err != nil {
		t.Fatal(err)
	}
	short := 150 * time.Millisecond
	if raceEnabled {
		short *= 6
	}
	sender, err := mailer.NewSender(mailer.SenderConfig{Server: smtp, From: worldCoach, Limits: mailer.SMTPTimeouts{Connect: short, Command: short, Body: short, Dot: short}})
	if err != nil {
		t.Fatal(err)
	}
	r.outbox = mailer.NewOutbox(r.store, sender, mailer.OutboxConfig{}, log, r.clock.Now)
	if r.coach, err = newCoach(c, r.store, r.clock.Now, log, nil); err != nil {
		t.Fatal(err)
	}
	desk, err := mailer.NewDesk(newParser(c, keys), r.coach, r.store, mailer.DeskConfig{Keys: keys, Address: worldCoach}, log, r.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	imap, err := c.server(ctx, "imap", c.IMAP.serverConfig)
	if err != nil {
		t.Fatal(err)
	}
	config := c.inbox(imap, func(mailer.Alarm) {})
	config.Limits = mailer.IMAPTimeouts{Connect: short, Command: short, Fetch: short}
	if r.inbox, err = mailer.NewInbox(r.store, desk, config, log, r.clock.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.inbox.Close()
		sender.Close()
		if err := errors.Join(r.servers.Close(), r.store.Close()); err != nil {
			t.Error(err)
		}
	})
}

// step notes a step and lets the fault strike.
func (r *wireRig) step(wire string, s mailtest.Step) mailtest.Fault {
	name := fmt.Sprintf("%s %s %d", wire, s.Name, s.N)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.steps = append(r.steps, name)
	if name != r.at || r.struck {
		return mailtest.Fault{}
	}
	r.struck = true
	return r.fault
}

// turn reads what has arrived and sends what may go, whatever fails, until neither has anything to do.
func (r *wireRig) turn() {
	r.t.Helper()
	for range 40 {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_, inErr := r.inbox.Sync(ctx)
		_, err := r.outbox.Drain(ctx)
		cancel()
		if err != nil {
			r.t.Fatalf("drain: %v", err)
		}
		stats, err := r.store.Stats(context.Background())
		if err != nil {
			r.t.Fatal(err)
		}
		_, uid, err := r.store.Cursor(context.Background(), "INBOX")
		if err != nil {
			r.t.Fatal(err)
		}
		if inErr == nil && int(uid) >= r.mails && stats.Waiting+stats.Claimed == 0 {
			return
		}
		r.clock.Set(r.clock.Now().Add(10 * time.Minute))
	}
	r.t.Fatalf("after a fault at %s it does not come to rest", r.at)
}

// answer lets each rep answer the last letter they got.
func (r *wireRig) answer(text string) {
	r.t.Helper()
	last := map[string]mailText{}
	for _, e := range r.servers.Accepted() {
		if l, err := readMail(e.Raw); err == nil && !strings.HasPrefix(e.To[0], "coach") {
			last[e.To[0]] = l
		}
	}
	for address, l := range last {
		raw := gmail(address, l, text, r.clock.Now().Add(time.Duration(r.mails)))
		r.mails++
		r.servers.Deliver(mailtest.Envelope{From: address, User: address, To: []string{bareAddress(l.ReplyTo)}, Raw: raw})
	}
}

// play is the scenario: an invite, three answers and the three letters to them, for each rep.
func (r *wireRig) play() {
	r.t.Helper()
	r.turn()
	r.answer("yes")
	r.turn()
	r.answer("close twenty deals in the north")
	r.turn()
	r.answer("a bonus for my family")
	r.turn()
}

// check is the oracle: each answer was taken once, each letter has arrived, or failed for good by the server's
// own word, and only one whose final dot went unanswered came twice, with the same bytes.
func (r *wireRig) check(refused bool) {
	t := r.t
	t.Helper()
	failed, twice := 0, 0
	open, err := r.store.Outbox(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range open {
		if d.State != conversation.DeliveryFailed {
			t.Errorf("%s is %s", d.Letter, d.State)
		}
		failed++
	}
	if failed > map[bool]int{true: 1}[refused] {
		t.Errorf("%d letters failed for good", failed)
	}
	arrived := map[string][]byte{}
	letters := 0
	for _, e := range r.servers.Accepted() {
		if strings.HasPrefix(e.To[0], "coach") {
			continue
		}
		l, err := readMail(e.Raw)
		if err != nil {
			t.Fatal(err)
		}
		if have, ok := arrived[l.MessageID]; ok {
			twice++
			if !bytes.Equal(have, e.Raw) {
				t.Error("a letter came again with other bytes")
			}
			continue
		}
		arrived[l.MessageID] = e.Raw
		letters++
	}
	if twice > map[bool]int{true: 1}[strings.HasPrefix(r.at, "SMTP DOT") && r.fault.Done] {
		t.Errorf("%d letters came twice", twice)
	}
	events := 0
	for k := range wireReps {
		c, err := r.store.ByAddress(context.Background(), fmt.Sprintf("rep%d@elsewhere.example", k))
		if err != nil {
			t.Fatal(err)
		}
		events += int(c.Version)
	}
	if events != wireReps+r.mails { // the invites, and each answer once
		t.Errorf("%d events were applied, %d had happened", events, wireReps+r.mails)
	}
	if letters+failed != events {
		t.Errorf("%d letters arrived and %d failed, %d were written", letters, failed, events)
	}
	if held, err := r.store.Held(context.Background()); err != nil || len(held) > 0 {
		t.Errorf("held: %+v, %v", held, err)
	}
}

// wireFaults are what a step meets instead of its answer.
func wireFaults(smtp bool) map[string]mailtest.Fault {
	all := map[string]mailtest.Fault{
		"stall": {Stall: true}, "close": {Close: true}, "garbage": {Raw: []byte("\x00\xff\xfe??{{{\r\n")},
	}
	if smtp {
		all["4xx"] = mailtest.Fault{Reply: "451 4.3.0 later"}
		all["5xx"] = mailtest.Fault{Reply: "554 5.3.0 no"}
		all["policy"] = mailtest.Fault{Reply: "550 5.7.1 policy"}
		all["lie"] = mailtest.Fault{Raw: bytes.Repeat([]byte("250-lies\r\n"), 30_000)}
		all["done, then close"] = mailtest.Fault{Done: true, Close: true}
		return all
	}
	all["no"] = mailtest.Fault{Reply: "NO [UNAVAILABLE] later"}
	all["bad"] = mailtest.Fault{Reply: "BAD what?"}
	all["huge literal"] = mailtest.Fault{Raw: []byte("* 1 FETCH (UID 1 BODY[] {4294967295}\r\nxx")}
	all["wrong size"] = mailtest.Fault{Raw: []byte("* 1 FETCH (UID 1 RFC822.SIZE 1 BODY[] {3}\r\nabcdef)\r\n")}
	all["flood"] = mailtest.Fault{Raw: bytes.Repeat([]byte("* OK "+strings.Repeat("x", 1000)+"\r\n"), 6000)}
	return all
}

// TestNetworkMatrix meets every step of both wires that a week's beginning takes with every fault: nothing is
// lost, nothing is done twice, no goroutine stays, and memory is bounded. By default each step meets some of
// the faults; WHYLOOP_NETWORK=1 makes it all of them.
func TestNetworkMatrix(t *testing.T) {
	if testing.Short() {
		t.Skip("it waits for stalled servers")
	}
	dry := newWireRig(t, "", mailtest.Fault{})
	dry.play()
	dry.check(false)
	all, each := many(t, "WHYLOOP_NETWORK", 0) > 0, 2
	if raceEnabled {
		each = 9
	}
	count := map[string]int{}
	met := 0
	for k, at := range dry.steps {
		wire, _, _ := strings.Cut(at, " ")
		count[wire]++
		n := 0
		for name, fault := range wireFaults(wire == "SMTP") {
			if n++; !all && (n > 1 || k%each > 0) { // the order of a map is another each time
				continue
			}
			if wire == "IMAP" && strings.Contains(at, "CONNECT") && fault.Reply != "" {
				fault.Reply = "* BYE " + fault.Reply
			}
			met++
			t.Run(at+"/"+name, func(t *testing.T) { meet(t, at, name, fault) })
		}
	}
	t.Logf("%d SMTP and %d IMAP steps, %d of them met with a fault", count["SMTP"], count["IMAP"], met)
	if count["SMTP"] < 20 || count["IMAP"] < 20 {
		t.Errorf("steps: %v", count)
	}
}

// meet plays the scenario with one fault in it.
func meet(t *testing.T, at, name string, fault mailtest.Fault) {
	before := goleak.IgnoreCurrent()
	var start, end runtime.MemStats
	runtime.ReadMemStats(&start)
	t.Run("play", func(t *testing.T) {
		r := newWireRig(t, at, fault)
		r.play()
		r.check(name == "5xx")
		if !r.struck {
			t.Error("the step was not reached")
		}
	})
	runtime.ReadMemStats(&end)
	if used := end.TotalAlloc - start.TotalAlloc; used > 256<<20 {
		t.Errorf("%d MB were allocated", used>>20)
	}
	goleak.VerifyNone(t, before)
}
