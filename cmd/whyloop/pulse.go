package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"whyloop/conversation"
)

// pulse is what a running daemon knows of itself and the store does not hold. Once a minute it is written beside the
// store, so that "whyloop status" can tell it, also of a daemon that has died. It names nobody.
type pulse struct {
	mu   sync.Mutex
	last pulseReport

	file sync.Mutex // held while it is written
}

// pulseReport is the file.
type pulseReport struct {
	At       time.Time         `json:"at"`
	Started  time.Time         `json:"started"`
	IMAP     time.Time         `json:"imap,omitzero"`   // the last look into the mailbox that succeeded
	SMTP     time.Time         `json:"smtp,omitzero"`   // the last letter that was accepted
	Ticked   time.Time         `json:"ticked,omitzero"` // the last ring of the alarm after which nothing due was left
	Pinged   time.Time         `json:"pinged,omitzero"`
	Checked  time.Time         `json:"checked,omitzero"`
	BackedUp time.Time         `json:"backed_up,omitzero"`
	Troubles map[string]string `json:"troubles,omitempty"` // by server, or "store", "backup" and their like: a fixed word
	Alerts   alertState        `json:"alerts,omitzero"`
}

// note changes the report.
func (p *pulse) note(do func(*pulseReport)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do(&p.last)
}

// report is a copy.
func (p *pulse) report() pulseReport {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// pulseFile is where a store's daemon writes.
func pulseFile(store string) string { return store + ".status" }

// write replaces the file.
func (p *pulse) write(store string, now time.Time, troubles map[string]string) error {
	p.file.Lock()
	defer p.file.Unlock()
	report := p.report()
	report.At, report.Troubles = now, troubles
	data, err := json.Marshal(report)
	if err != nil {
		return err
	}
	if err := replaceFile(pulseFile(store), data); err != nil {
		return fmt.Errorf("write the status: %w", err)
	}
	return nil
}

// readPulse returns what the last daemon wrote; the zero report when none has yet.
func readPulse(store string) (pulseReport, error) {
	var r pulseReport
	data, err := readPrivate(pulseFile(store))
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("read %s: %w", pulseFile(store), err)
	}
	return r, nil
}

// replaceFile writes a file for its owner alone, whole or not at all.
func replaceFile(path string, data []byte) error {
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := writeNew(part, data); err != nil {
		return err
	}
	return os.Rename(part, path)
}

// Cursor is asked for at each look into the mailbox, once the server has opened it.
func (w *watched) Cursor(ctx context.Context, mailbox string) (validity, uid uint32, err error) {
	first := false
	w.pulse.note(func(r *pulseReport) { first, r.IMAP = r.IMAP.Before(r.Started), w.now() })
	if first && w.looked != nil {
		w.looked(ctx)
	}
	return w.Store.Cursor(ctx, mailbox)
}

// settled notes a letter that was accepted.
func (w *watched) settled(s conversation.Settlement, at time.Time) {
	if s.State == conversation.DeliverySent {
		w.pulse.note(func(r *pulseReport) { r.SMTP = at })
	}
}

// beat writes the pulse; it rings each minute.
func (d *daemon) beat(context.Context) error {
	return d.store.pulse.write(d.store.Path(), d.now(), d.troubles.all())
}

// beatOnce writes it out of turn: "whyloop status" is asked soonest after a start.
func (d *daemon) beatOnce(ctx context.Context) {
	if err := d.beat(ctx); err != nil {
		d.log.Error("the status could not be written", "err", err)
	}
}

// startPulse goes on where the last daemon left off, and says that this one lives.
func (d *daemon) startPulse(ctx context.Context) error {
	r, err := readPulse(d.store.Path())
	if err != nil {
		d.log.Warn("the status of the last daemon cannot be read", "err", err)
	}
	d.store.pulse.note(func(p *pulseReport) {
		*p = r
		p.Started = d.now()
	})
	return d.beat(ctx)
}

// all are the present troubles, by whom they are with.
func (t *troubles) all() map[string]string {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := map[string]string{}
	for who, what := range t.open {
		if what != "" {
			all[who] = what
		}
	}
	return all
}
