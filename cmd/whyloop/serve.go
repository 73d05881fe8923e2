package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer"
)

// parts is what a daemon is told from outside: the configuration, and what tests and
// the demo put in the world's place.
type parts struct {
	config  Config
	now     func() time.Time // the clock that conversations run by
	log     *slog.Logger
	rings   bool   // the alarm rings by the wall clock; else its owner calls ring
	changed func() // told after each write to the store; nil: nobody
}

// daemon is everything that runs. Its parts stop in the reverse order of their start.
type daemon struct {
	parts
	store  *watched
	coach  *conversation.Coach
	outbox *mailer.Outbox
	health *health

	rulings  rulings
	troubles troubles
	stops    []func(context.Context) error
}

// stopWithin is how long what is in hand may take once the daemon was told to stop.
const stopWithin = 10 * time.Second

// startDaemon starts all of it, or nothing.
func startDaemon(ctx context.Context, p parts) (*daemon, error) {
	d := &daemon{parts: p}
	for _, start := range []func(context.Context) error{d.startStore, d.startPulse, d.startTokens, d.startCoach, d.startInbox, d.startAlarm, d.startHealth, d.startNotify} {
		if err := start(ctx); err != nil {
			stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
			defer cancel()
			return nil, errors.Join(err, d.stop(stopping))
		}
	}
	return d, nil
}

// stop ends what was started, last first, and reports what failed. ctx bounds the whole.
func (d *daemon) stop(ctx context.Context) error {
	var errs []error
	for len(d.stops) > 0 {
		last := len(d.stops) - 1
		errs = append(errs, d.stops[last](ctx))
		d.stops = d.stops[:last]
	}
	return errors.Join(errs...)
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
	d.store = &watched{Store: s, changed: d.changed, begun: make(chan struct{}), now: d.now, pulse: new(pulse)}
	return nil
}

// startCoach also starts the outbox, which the coach wakes.
func (d *daemon) startCoach(ctx context.Context) error {
	sender, err := newSender(ctx, d.config)
	if err != nil {
		return err
	}
	config := mailer.OutboxConfig{PerMinute: d.config.SMTP.PerMinute, Alarm: d.troubles.tell("smtp")}
	d.outbox = mailer.NewOutbox(d.store, sender, config, d.log.With("part", "outbox"), d.now)
	d.coach, err = newCoach(d.config, d.store, d.now, d.log.With("part", "coach"), d.outbox.Wake)
	if err != nil {
		return err
	}
	d.rulings = newRulings()
	d.coach.Ruled = d.rulings.count
	d.background(ctx, func(ctx context.Context) {
		if d.listens(ctx) {
			d.outbox.Run(ctx)
		}
	})
	return nil
}

// listens waits until the inbox has noted where it begins to read; false when ctx ended before. A letter
// sent earlier could be answered earlier, and that answer would be taken for old mail.
func (d *daemon) listens(ctx context.Context) bool {
	validity, _, err := d.store.Store.Cursor(ctx, d.config.IMAP.Folder)
	if err == nil && validity != 0 {
		return true
	}
	select {
	case <-d.store.begun:
		return true
	case <-ctx.Done():
		return false
	}
}

// startInbox begins to read.
func (d *daemon) startInbox(ctx context.Context) error {
	inbox, err := newInbox(ctx, d, d.log.With("part", "inbox"))
	if err != nil {
		return err
	}
	d.background(ctx, inbox.Run)
	return nil
}

// background runs a part until it is stopped. The context it gets ends then, not
// before: a signal must not cut what is in hand out of order.
func (d *daemon) background(ctx context.Context, run func(context.Context)) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		run(ctx)
	}()
	d.stops = append(d.stops, func(stopping context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-stopping.Done():
			return fmt.Errorf("stop: %w", stopping.Err())
		}
	})
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

// ring does what is due by now, and lets the outbox look: letters may wait for their hour, or
// have been written by a command beside the daemon.
func (d *daemon) ring(ctx context.Context) error {
	_, err := d.coach.Tick(ctx)
	d.outbox.Wake()
	return err
}

func (d *daemon) startHealth(context.Context) error {
	if d.config.Health.Listen == "" {
		return nil
	}
	h, err := newHealth(d.config.Health.Listen, d.log.With("part", "health"), d.degraded, d.ready, together{newMetrics(d.store, d.now, d.troubles.of), newTokenMetrics(d.config.tokens), newOpinionMetrics(d.config.opinion), d.rulings})
	if err != nil {
		return err
	}
	d.health = h
	d.stops = append(d.stops, h.stop)
	return nil
}

// ready says what keeps the daemon from its work.
func (d *daemon) ready(ctx context.Context) error {
	_, err := d.store.Stats(ctx)
	return errors.Join(err, d.degraded(), d.troubles.now())
}

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
	once    sync.Once
	begun   chan struct{} // closed once a cursor was noted
	now     func() time.Time
	pulse   *pulse
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

// Settle tells of it afterwards.
func (w *watched) Settle(ctx context.Context, letter, recipient string, s conversation.Settlement, at time.Time) error {
	defer w.tell()
	defer w.settled(s, at)
	return w.Store.Settle(ctx, letter, recipient, s, at)
}

// Advance tells of it afterwards.
func (w *watched) Advance(ctx context.Context, mailbox string, validity, uid uint32) error {
	defer w.tell()
	err := w.Store.Advance(ctx, mailbox, validity, uid)
	if err == nil {
		w.once.Do(func() { close(w.begun) })
	}
	return err
}
