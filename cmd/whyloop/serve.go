package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer"
)

// parts is what a daemon is told from outside besides its configuration: what tests and
// the demo put in the world's place.
type parts struct {
	now     func() time.Time // the clock that conversations run by
	log     *slog.Logger
	level   *slog.LevelVar // of log, which a reload may change; nil: it may not
	rings   bool           // the alarm rings by the wall clock; else its owner calls ring
	changed func()         // told after each write to the store; nil: nobody
}

// daemon is everything that runs. Its parts stop in the reverse order of their start.
type daemon struct {
	parts
	store    *watched
	health   *health
	notifier *notifier

	turn sync.Mutex   // held by a ring and by a reload: nothing is decided by two policies at once
	live sync.RWMutex // guards work, which a reload replaces
	*work

	rulings  rulings
	linked   atomic.Bool // held mail may be a rep's by now
	troubles troubles
	stops    stops
}

// stopWithin is how long what is in hand may take once the daemon was told to stop.
const stopWithin = 10 * time.Second

// startDaemon starts all of it, or nothing.
func startDaemon(ctx context.Context, c Config, p parts) (*daemon, error) {
	d := &daemon{parts: p, work: &work{config: c}, rulings: newRulings()}
	for _, start := range []func(context.Context) error{d.startStore, d.startPulse, d.startWork, d.startAlarm, d.startHealth, d.startNotify} {
		if err := start(ctx); err != nil {
			stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
			defer cancel()
			return nil, errors.Join(err, d.stop(stopping))
		}
	}
	return d, nil
}

// stop ends what was started, last first, and reports what failed. ctx bounds the whole.
func (d *daemon) stop(ctx context.Context) error { return d.stops.all(ctx) }

// stops end parts that were started.
type stops []func(context.Context) error

// all ends them, last first.
func (s *stops) all(ctx context.Context) error {
	var errs []error
	for len(*s) > 0 {
		last := len(*s) - 1
		errs = append(errs, (*s)[last](ctx))
		*s = (*s)[:last]
	}
	return errors.Join(errs...)
}

// background runs a part until it is stopped. The context it gets ends then, not
// before: a signal must not cut what is in hand out of order.
func (s *stops) background(ctx context.Context, run func(context.Context)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	*s = append(*s, func(stopping context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-stopping.Done():
			return fmt.Errorf("stop: %w", stopping.Err())
		}
	})
}

// startStore opens the store and makes this process its only daemon.
func (d *daemon) startStore(context.Context) error {
	s, err := sqlite.Open(d.config.Store.Path)
	if err != nil {
		return err
	}
	d.stops = append(d.stops, func(context.Context) error { return s.Close() })
	release, err := s.Lock()
	if err != nil {
		return err
	}
	d.stops = append(d.stops, func(context.Context) error { return release() })
	d.store = &watched{Store: s, changed: d.changed, now: d.now, pulse: new(pulse), told: d.troubles.tell(aboutAlerts), looked: d.beatOnce}
	return nil
}

// startAlarm rings each minute, and cleans at night.
func (d *daemon) startAlarm(ctx context.Context) error {
	if !d.rings {
		return nil
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a, err := newAlarm(ctx, d.log.With("part", "alarm"), append([]job{
		{"tick", "* * * * *", d.ring},
		{"pulse", "* * * * *", d.beat},
		{"alerts", "*/5 * * * *", d.alert},
		{"ping", "*/5 * * * *", d.ping},
	}, d.keeping()...))
	if err != nil {
		cancel()
		return err
	}
	d.stops = append(d.stops, func(stopping context.Context) error {
		cancel()
		a.stop(stopping)
		return nil
	})
	return nil
}

// ring does what is due by now, judges again what is held from an address that has become a rep's, and lets the
// outbox look: letters may wait for their hour, or have been written by a command beside the daemon.
func (d *daemon) ring(ctx context.Context) error {
	d.turn.Lock()
	defer d.turn.Unlock()
	w := d.present()
	_, err := w.coach.Tick(ctx)
	if d.linked.Swap(false) {
		if _, again := readmit(ctx, w.config, w.coach, d.store.Store); again != nil {
			d.linked.Store(true)
			err = errors.Join(err, again)
		}
	}
	w.outbox.Wake()
	if err == nil {
		d.store.pulse.note(func(r *pulseReport) { r.Ticked = d.now() })
	}
	return err
}

func (d *daemon) startHealth(context.Context) error {
	if d.config.Health.Listen == "" {
		return nil
	}
	h, err := newHealth(d.config.Health.Listen, d.log.With("part", "health"), d.degraded, d.fares, d.metrics())
	if err != nil {
		return err
	}
	d.health = h
	d.stops = append(d.stops, h.stop)
	return nil
}

// metrics are all that a scrape finds.
func (d *daemon) metrics() together {
	free := func() (int64, error) { return freeBytes(filepath.Dir(d.store.Path())) }
	return together{newMetrics(d.store, d.now, d.troubles.of), newKeepMetrics(d.store.pulse.report, d.troubles.of, free), liveMetrics{d.present}, d.rulings}
}

// ready says what keeps the daemon from its work.
func (d *daemon) ready(ctx context.Context) error {
	_, err := d.store.Stats(ctx)
	return errors.Join(err, d.degraded(), d.troubles.now())
}

// fares says in a word that it can work, with what an admin should see to nevertheless; the error says what keeps it
// from its work.
func (d *daemon) fares(ctx context.Context) (string, error) {
	word := "ready"
	for _, part := range keptParts() {
		if what := d.troubles.of(part); what != "" {
			word += ", but " + part + ": " + what
		}
	}
	return word, d.ready(ctx)
}

// What troubles are about, besides the mail servers.
const aboutStore, aboutBackup, aboutConfig = "store", "backup", "configuration"

// troubles are what the mail servers refuse at present.
type troubles struct {
	mu   sync.Mutex
	open map[string]string // server -> what, a fixed word
}

// tell returns where a part tells of its server.
func (t *troubles) tell(server string) func(mailer.Alarm) {
	return func(a mailer.Alarm) {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.open == nil {
			t.open = map[string]string{}
		}
		t.open[server] = a.What
	}
}

// mailServers are those that a daemon needs, and the one that lets it in there.
func mailServers() []string { return []string{"imap", "smtp", "oauth"} }

// of returns what one server refuses at present, empty for nothing.
func (t *troubles) of(server string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open[server]
}

func (t *troubles) now() error {
	var errs []error
	for _, server := range mailServers() {
		if what := t.of(server); what != "" {
			errs = append(errs, fmt.Errorf("%s: %s", server, what))
		}
	}
	return errors.Join(errs...)
}

// watched is a store that tells of each write that can move the daemon: the demo and the tests
// wait for it instead of sleeping.
type watched struct {
	*sqlite.Store
	changed func()
	now     func() time.Time
	pulse   *pulse
	told    func(mailer.Alarm)    // of mails to the admin; nil: nobody
	looked  func(context.Context) // called at this daemon's first look into the mailbox; nil: nobody

	mu    sync.Mutex
	begun map[string]chan struct{} // by mailbox; closed once its cursor was noted
}

func (w *watched) tell() {
	if w.changed != nil {
		w.changed()
	}
}

// Apply tells of it afterwards.
func (w *watched) Apply(ctx context.Context, c conversation.Change) error {
	defer w.tell()
	return w.Store.Apply(ctx, c)
}

// Departed tells of it afterwards.
func (w *watched) Departed(ctx context.Context, address string) error {
	defer w.tell()
	return w.Store.Departed(ctx, address)
}

// Settle tells of it afterwards.
func (w *watched) Settle(ctx context.Context, letter, recipient string, s conversation.Settlement, at time.Time) error {
	defer w.tell()
	defer w.settled(s, at)
	defer w.settledAlert(letter, s)
	return w.Store.Settle(ctx, letter, recipient, s, at)
}

// Advance tells of it afterwards.
func (w *watched) Advance(ctx context.Context, mailbox string, validity, uid uint32) error {
	defer w.tell()
	err := w.Store.Advance(ctx, mailbox, validity, uid)
	if err != nil {
		return err
	}
	begun := w.noted(mailbox)
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-begun:
	default:
		close(begun)
	}
	return nil
}

// noted is closed once this process has noted how far a mailbox was read.
func (w *watched) noted(mailbox string) chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.begun == nil {
		w.begun = map[string]chan struct{}{}
	}
	if w.begun[mailbox] == nil {
		w.begun[mailbox] = make(chan struct{})
	}
	return w.begun[mailbox]
}
