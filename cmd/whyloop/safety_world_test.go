package main

import (
	"bytes"
	"container/heap"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/mail"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer"
)

// A world is everything but sockets: the store, the coach, the desk and the outbox of the real wiring,
// with people around them who write and read bytes, and a clock that jumps from event to event. A
// year of a sales floor passes in seconds.
type world struct {
	t      reporter
	rnd    *rand.Rand
	config Config
	path   string // of the configuration
	clock  *clock
	log    *logSink

	store  *sqlite.Store
	coach  *conversation.Coach
	outbox *mailer.Outbox
	desk   *mailer.Desk

	post    queueOfMail
	uid     uint32
	mails   int                                 // that reached the desk
	sent    int                                 // letters accepted
	deliver func(d conversation.Delivery)       // somebody got a letter
	fault   func(conversation.Delivery) outcome // nil: none
	pruned  time.Time
	errs    []error
}

// reporter is a test, or one check of a property.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}

// outcome is what the provider does with a letter.
type outcome struct {
	accepted bool
	out      mailer.Outcome
}

// logSink takes every line at every level.
type logSink struct {
	lines int
	see   func(line []byte)
}

func (l *logSink) Write(p []byte) (int, error) {
	l.lines++
	if l.see != nil {
		l.see(p)
	}
	return len(p), nil
}

const worldCoach = "coach@northwind.example"

// safetyConfig is a configuration of these tests' own, so that they do not move with the demo's.
func safetyConfig(address, imap, smtp, extra string) string {
	_, imapPort, _ := strings.Cut(imap, ":")
	_, smtpPort, _ := strings.Cut(smtp, ":")
	return fmt.Sprintf(`[mailbox]
address = %q
[contact]
name = "Ines"
address = "ines@northwind.example"
[care]
helpline = "Samaritans, 116 123, day and night"
[schedule]
spread = "0s"
[health]
listen = ""
[imap]
server = "127.0.0.1"
port = %s
tls = "none"
password_file = "password"
[smtp]
server = "127.0.0.1"
port = %s
tls = "none"
password_file = "password"
per_minute = 10000
[trust]
authserv_id = "mx.northwind.example"
check_dkim = false
`, address, imapPort, smtpPort) + extra
}

// worldConfig is what a world is configured with besides.
const worldConfig = "[policy]\nthink_time = \"0s\"\n"

// anyHourConfig lets letters go at any hour of any day.
const anyHourConfig = worldConfig + "[hours]\nfrom = \"00:00\"\nto = \"24:00\"\nworkdays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]\n"

func newWorld(t testing.TB, seed uint64, extra string) *world {
	t.Helper()
	return newWorldAt(t, seed, worldCoach, extra, newClock(time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)))
}

func newWorldAt(t testing.TB, seed uint64, address, extra string, c *clock) *world {
	t.Helper()
	dir := t.TempDir()
	text := safetyConfig(address, "127.0.0.1:1", "127.0.0.1:1", extra)
	if err := writeNew(filepath.Join(dir, "whyloop.toml"), []byte(text)); err != nil {
		t.Fatal(err)
	}
	config, err := loadConfig(filepath.Join(dir, "whyloop.toml"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, path: filepath.Join(dir, "whyloop.toml"), rnd: rand.New(rand.NewPCG(seed, 1)), config: config, log: &logSink{},
		clock: c, deliver: func(conversation.Delivery) {}}
	w.pruned = w.clock.Now()
	w.open()
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// open starts the parts, as a start of the daemon does.
func (w *world) open() {
	w.t.Helper()
	log := slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug - 4}))
	store, err := sqlite.Open(w.config.Store.Path)
	if err != nil {
		w.t.Fatal(err)
	}
	keys, _, err := newKeys(w.config)
	if err != nil {
		w.t.Fatal(err)
	}
	w.store = store
	w.outbox = mailer.NewOutbox(store, worldMail{w}, mailer.OutboxConfig{Alarm: func(mailer.Alarm) {}}, log, w.clock.Now)
	w.coach, err = newCoach(w.config, store, w.clock.Now, log, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	w.desk, err = mailer.NewDesk(newParser(w.config, keys), w.coach, store, mailer.DeskConfig{Keys: keys, Address: w.config.Mailbox.Address}, log, w.clock.Now)
	if err != nil {
		w.t.Fatal(err)
	}
}

// restart loses everything that was only in memory.
func (w *world) restart() {
	w.t.Helper()
	if err := w.store.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.open()
}

// worldMail is the world's side of the outbox.
type worldMail struct{ w *world }

func (p worldMail) Close() {}

func (p worldMail) Send(_ context.Context, d conversation.Delivery) mailer.Outcome {
	o := outcome{true, mailer.Outcome{Verdict: mailer.Sent, Code: 250, Note: "sent"}}
	if p.w.fault != nil {
		o = p.w.fault(d)
	}
	if o.accepted {
		p.w.sent++
		p.w.deliver(d)
	}
	return o.out
}

// mailAt is a mail on its way to the coach.
type mailAt struct {
	at   time.Time
	from string // who signed in at the provider
	raw  []byte
	n    int
}

type queueOfMail []mailAt

func (q queueOfMail) Len() int { return len(q) }
func (q queueOfMail) Less(i, j int) bool {
	return q[i].at.Before(q[j].at) || q[i].at.Equal(q[j].at) && q[i].n < q[j].n
}
func (q queueOfMail) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queueOfMail) Push(x any)   { *q = append(*q, x.(mailAt)) }
func (q *queueOfMail) Pop() any {
	old := *q
	m := old[len(old)-1]
	*q = old[:len(old)-1]
	return m
}

// write sends a mail to the coach after a while.
func (w *world) write(after time.Duration, from string, raw []byte) {
	w.uid++
	heap.Push(&w.post, mailAt{w.clock.Now().Add(after), from, raw, int(w.uid)})
}

// stamped adds what the provider's own server adds: its word on the sender.
func (w *world) stamped(m mailAt) []byte {
	verdict, address := "fail", ""
	if h, err := mail.ReadMessage(bytes.NewReader(m.raw)); err == nil {
		address = strings.ToLower(bareAddress(h.Header.Get("From")))
	}
	if address == m.from {
		verdict = "pass"
	}
	_, domain, _ := strings.Cut(address, "@")
	return append(fmt.Appendf(nil, "Return-Path: <%s>\r\nAuthentication-Results: mx.northwind.example;\r\n\tdmarc=%s header.from=%s\r\nReceived: from client.invalid by mx.northwind.example; %s\r\n",
		m.from, verdict, domain, m.at.Format(time.RFC1123Z)), m.raw...)
}

// run lets time pass.
func (w *world) run(until time.Time) {
	w.t.Helper()
	ctx := context.Background()
	for {
		w.drain(ctx)
		next := w.next(ctx)
		if next.IsZero() || next.After(until) {
			w.clock.Set(until)
			return
		}
		if !next.After(w.clock.Now()) { // the outbox rests, or nothing came of it
			next = w.clock.Now().Add(time.Minute)
		}
		w.clock.Set(next)
		w.arrive(ctx)
		if _, err := w.coach.Tick(ctx); err != nil {
			w.errs = append(w.errs, err)
			w.t.Fatalf("tick: %v", err)
		}
		if now := w.clock.Now(); now.Sub(w.pruned) > 24*time.Hour {
			w.pruned = now
			if err := w.store.Prune(ctx, now); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

func (w *world) drain(ctx context.Context) {
	w.t.Helper()
	if _, err := w.outbox.Drain(ctx); err != nil {
		w.t.Fatalf("drain: %v", err)
	}
}

func (w *world) next(ctx context.Context) time.Time {
	w.t.Helper()
	stats, err := w.store.Stats(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	next := earlier(stats.NextDue, stats.NextReady)
	if len(w.post) > 0 {
		next = earlier(next, w.post[0].at)
	}
	return next
}

// arrive hands the desk what has arrived by now.
func (w *world) arrive(ctx context.Context) {
	w.t.Helper()
	for len(w.post) > 0 && !w.post[0].at.After(w.clock.Now()) {
		m := heap.Pop(&w.post).(mailAt)
		w.mails++
		_, err := w.desk.Handle(ctx, mailer.Arrived{Folder: "INBOX", Validity: 1, UID: uint32(w.mails), At: w.clock.Now(), Raw: w.stamped(m)})
		if err != nil {
			w.errs = append(w.errs, err)
			w.t.Fatalf("handle: %v", err)
		}
	}
}

// enrol invites a rep.
func (w *world) enrol(name, address string, manager conversation.Address) conversation.Conversation {
	w.t.Helper()
	c, err := w.coach.Enrol(context.Background(), conversation.Rep{Name: name, Address: conversation.Address{Name: name, Mail: address},
		Manager: manager, Zone: "Europe/Berlin", Language: "en"})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// held counts held mails by reason.
func (w *world) held() map[string]int {
	w.t.Helper()
	rows, err := w.store.Held(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	all := map[string]int{}
	for _, r := range rows {
		all[r.Reason]++
	}
	return all
}

// stored is a rep's conversation.
func (w *world) stored(address string) conversation.Conversation {
	w.t.Helper()
	c, err := w.store.ByAddress(context.Background(), address)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// kindOf is the kind of a letter, which its key begins with.
func kindOf(key string) conversation.Kind {
	kind, _, _ := strings.Cut(key, "/")
	return conversation.Kind(kind)
}

// arrived is a mail as the inbox would hand it over, without any word of the server's.
func arrived(p *post, raw []byte) mailer.Arrived {
	return mailer.Arrived{Folder: "INBOX", Validity: 1, UID: 1 << 20, At: p.clock.Now(), Raw: raw}
}
