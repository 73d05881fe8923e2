package main

import (
	"context"

	"whyloop/conversation"
	"whyloop/mailer"
)

// work is the part of a daemon that its configuration makes: a reload builds another and puts it in this one's place.
type work struct {
	config Config
	coach  *conversation.Coach
	outbox *mailer.Outbox
	inbox  *mailer.Inbox
	stops  stops
}

// newWork builds all of it and starts nothing, so that a configuration that cannot work changes nothing.
func (d *daemon) newWork(ctx context.Context, c Config) (*work, error) {
	w := &work{config: c}
	if err := c.admitsAlerts(ctx, d.store.Store); err != nil {
		return nil, err
	}
	sender, err := newSender(ctx, c)
	if err != nil {
		return nil, err
	}
	config := mailer.OutboxConfig{PerMinute: c.SMTP.PerMinute, Alarm: d.troubles.tell("smtp")}
	w.outbox = mailer.NewOutbox(d.store, sender, config, d.log.With("part", "outbox"), d.now)
	if w.coach, err = newCoach(c, d.store, d.now, d.log.With("part", "coach"), w.outbox.Wake); err != nil {
		return nil, err
	}
	w.coach.Ruled = d.rulings.count
	w.coach.Linked = func() { d.linked.Store(true) }
	d.linked.Store(true) // what a process before this one left
	if w.inbox, err = newInbox(ctx, d, w, d.log.With("part", "inbox")); err != nil {
		return nil, err
	}
	return w, nil
}

// begin starts it: a token is at hand before anybody signs in with it.
func (d *daemon) begin(ctx context.Context, w *work) {
	if t := w.config.tokens; t != nil {
		t.listen(d.log.With("part", "oauth"), d.troubles.tell("oauth"))
		w.stops.background(ctx, t.run)
	}
	w.stops.background(ctx, func(ctx context.Context) {
		if d.listens(ctx, w.config.IMAP.Folder) {
			w.outbox.Run(ctx)
		}
	})
	w.stops.background(ctx, w.inbox.Run)
}

// present is the work that is under way.
func (d *daemon) present() *work {
	d.live.RLock()
	defer d.live.RUnlock()
	return d.work
}

// replace puts another in its place.
func (d *daemon) replace(w *work) {
	d.live.Lock()
	defer d.live.Unlock()
	d.work = w
}

// startWork is the first work of a daemon.
func (d *daemon) startWork(ctx context.Context) error {
	w, err := d.newWork(ctx, d.config)
	if err != nil {
		return err
	}
	d.replace(w)
	d.begin(ctx, w)
	d.stops = append(d.stops, func(ctx context.Context) error { return d.work.stops.all(ctx) })
	return nil
}

// listens waits until the inbox has noted where it begins to read; false when ctx ended before. A letter
// sent earlier could be answered earlier, and that answer would be taken for old mail.
func (d *daemon) listens(ctx context.Context, folder string) bool {
	validity, _, err := d.store.Store.Cursor(ctx, folder)
	if err == nil && validity != 0 {
		return true
	}
	select {
	case <-d.store.noted(folder):
		return true
	case <-ctx.Done():
		return false
	}
}
