package mailer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/crash"
)

// Queue is the part of conversation.Store that holds the letters.
type Queue interface {
	Claim(ctx context.Context, now time.Time, lease time.Duration, n int) ([]conversation.Delivery, error)
	Settle(ctx context.Context, letter, recipient string, s conversation.Settlement, at time.Time) error
}

// Transport hands one letter in; Sender does.
type Transport interface {
	Send(ctx context.Context, d conversation.Delivery) Outcome
	Close()
}

// OutboxConfig tunes an Outbox. Zero fields take the defaults named.
type OutboxConfig struct {
	PerMinute int           // letters in any minute; 0: as many as the server takes
	Lease     time.Duration // how long a claimed letter is ours; 15 min, more than the wait after the dot
	Batch     int           // letters claimed at a time; 50
	Tick      time.Duration // how often Run looks by itself; 15 s
	Alarm     func(Alarm)   // told when the outbox pauses and when it goes on; nil: nobody
}

// Alarm is something an admin must know about.
type Alarm struct {
	What string // a fixed word: "sign-in", "policy", "sender", "limit", "certificate", "no-tls"; "" when it is over
	Code int    // SMTP reply code; 0 when there was none
}

// Outbox drains the queue: claims what is due, sends it, settles it. It is
// driven by Run, or by Drain alone in tests; its clock is the one it is given.
type Outbox struct {
	queue Queue
	via   Transport
	c     OutboxConfig
	log   *slog.Logger
	now   func() time.Time
	wake  chan struct{}
	turn  chan struct{} // holds one token: a single Drain at a time

	mu        sync.Mutex // of what follows
	limit     limiter
	pause     pause
	unsettled map[delivery]conversation.Settlement // sent, but the store did not take it yet
	stats     OutboxStats
}

// delivery names a letter's copy for one recipient.
type delivery struct{ letter, recipient string }

// OutboxStats counts attempts since the start.
type OutboxStats struct {
	Sent, Retried, Failed, Ambiguous int
	Paused                           string // why; "" when it is not
}

// NewOutbox makes an Outbox; nothing runs until Run or Drain.
func NewOutbox(q Queue, via Transport, c OutboxConfig, log *slog.Logger, now func() time.Time) *Outbox {
	if c.Lease <= 0 {
		c.Lease = 15 * time.Minute
	}
	if c.Batch <= 0 {
		c.Batch = 50
	}
	if c.Tick <= 0 {
		c.Tick = 15 * time.Second
	}
	if c.Alarm == nil {
		c.Alarm = func(Alarm) {}
	}
	return &Outbox{
		queue: q, via: via, c: c, log: log, now: now,
		wake: make(chan struct{}, 1), turn: make(chan struct{}, 1),
		limit: limiter{perMinute: c.PerMinute}, unsettled: map[delivery]conversation.Settlement{},
	}
}

// Wake tells Run that there may be something to send. It never blocks.
func (o *Outbox) Wake() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Stats returns the counts so far.
func (o *Outbox) Stats() OutboxStats {
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.stats
	s.Paused = o.pause.why
	return s
}

// Run drains until ctx ends, and then finishes the letter in hand. Errors of the store are
// logged and tried again.
func (o *Outbox) Run(ctx context.Context) {
	defer o.via.Close()
	tick := time.NewTicker(o.c.Tick)
	defer tick.Stop()
	for {
		if _, err := o.Drain(ctx); err != nil && ctx.Err() == nil {
			o.log.Error("outbox could not be drained", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-o.wake:
		case <-tick.C:
		}
	}
}

// Drain makes one pass: it sends what is due until nothing is, the minute's allowance is used up,
// the server is down, or ctx ends. It returns how many letters were accepted by the server.
// The error is the store's.
func (o *Outbox) Drain(ctx context.Context) (int, error) {
	select {
	case o.turn <- struct{}{}:
		defer func() { <-o.turn }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	if err := o.settleLeft(ctx); err != nil {
		return 0, err
	}
	sent := 0
	for ctx.Err() == nil {
		n := o.room()
		if n == 0 {
			return sent, nil
		}
		claimed := o.now()
		batch, err := o.queue.Claim(ctx, claimed, o.c.Lease, n)
		if err != nil {
			return sent, fmt.Errorf("claim letters: %w", err)
		}
		if len(batch) == 0 {
			return sent, nil
		}
		crash.Point("outbox.claimed")
		did, more, err := o.sendAll(ctx, batch, claimed)
		sent += did
		if err != nil || !more {
			return sent, err
		}
	}
	return sent, nil
}

// room is how many letters may be claimed now: one to probe with while paused.
func (o *Outbox) room() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.now()
	n := min(o.c.Batch, o.limit.room(now, o.c.Batch))
	if o.pause.until.After(now) {
		return 0
	}
	if o.pause.active() {
		return min(n, 1)
	}
	return n
}

// sendAll sends a batch. More is false when the pass must end; what was claimed and not tried
// then goes back as it was.
func (o *Outbox) sendAll(ctx context.Context, batch []conversation.Delivery, claimed time.Time) (sent int, more bool, err error) {
	for i, d := range batch {
		if ctx.Err() != nil || !o.now().Before(claimed.Add(o.c.Lease)) {
			return sent, false, o.putBack(ctx, batch[i:], o.now())
		}
		out := o.sendOne(ctx, d)
		if out.Verdict == Sent {
			sent++
		}
		if err := o.settle(ctx, d, out); err != nil {
			return sent, false, errors.Join(err, o.putBack(ctx, batch[i+1:], o.now()))
		}
		crash.Point("outbox.settled")
		if until, stop := o.learn(out); stop {
			return sent, false, o.putBack(ctx, batch[i+1:], until)
		}
	}
	return sent, true, nil
}

// sendOne sends a letter, unless this process knows that it was sent already and only the
// store does not.
func (o *Outbox) sendOne(ctx context.Context, d conversation.Delivery) Outcome {
	o.mu.Lock()
	_, known := o.unsettled[delivery{d.Letter, d.Recipient}]
	o.mu.Unlock()
	if known {
		return Outcome{Verdict: Sent, Code: 250, Note: "sent"}
	}
	o.limit.took(o.now())
	out := o.via.Send(ctx, d)
	crash.Point("outbox.sent")
	o.count(out)
	level := slog.LevelInfo
	if out.Verdict != Sent {
		level = slog.LevelWarn
	}
	o.log.Log(ctx, level, "letter handed in", "letter", d.Letter, "verdict", out.Verdict, "code", out.Code, "note", out.Note, "attempt", d.Attempt)
	return out
}

func (o *Outbox) count(out Outcome) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch out.Verdict {
	case Sent:
		o.stats.Sent++
	case Failed:
		o.stats.Failed++
	case Ambiguous:
		o.stats.Ambiguous++
	default:
		o.stats.Retried++
	}
}

// settle writes an outcome down. What was sent is remembered until the store has taken it.
// The context is not cancelled here: a write that is cut could be sent again.
func (o *Outbox) settle(ctx context.Context, d conversation.Delivery, out Outcome) error {
	now := o.now()
	s := settlement(d, out, now)
	if s.State == conversation.DeliveryFailed && out.Verdict != Failed {
		o.log.Warn("letter given up", "letter", d.Letter, "note", out.Note, "attempt", d.Attempt)
	}
	key := delivery{d.Letter, d.Recipient}
	err := o.queue.Settle(context.WithoutCancel(ctx), d.Letter, d.Recipient, s, now)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil {
		delete(o.unsettled, key)
		return nil
	}
	if out.Verdict == Sent {
		o.unsettled[key] = s
	}
	return fmt.Errorf("settle letter: %w", err)
}

// settleLeft offers the store again what it did not take before.
func (o *Outbox) settleLeft(ctx context.Context) error {
	o.mu.Lock()
	left := make(map[delivery]conversation.Settlement, len(o.unsettled))
	for k, s := range o.unsettled {
		left[k] = s
	}
	o.mu.Unlock()
	for k, s := range left {
		if err := o.queue.Settle(context.WithoutCancel(ctx), k.letter, k.recipient, s, o.now()); err != nil {
			return fmt.Errorf("settle letter: %w", err)
		}
		o.mu.Lock()
		delete(o.unsettled, k)
		o.mu.Unlock()
	}
	return nil
}

// putBack returns letters that were claimed and not tried.
func (o *Outbox) putBack(ctx context.Context, rest []conversation.Delivery, next time.Time) error {
	var errs []error
	for _, d := range rest {
		s := conversation.Settlement{State: conversation.DeliveryRetry, Next: next, Note: "put-back"}
		errs = append(errs, o.queue.Settle(context.WithoutCancel(ctx), d.Letter, d.Recipient, s, o.now()))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("put letters back: %w", err)
	}
	return nil
}

// learn pauses the outbox or lets it go on, and says until when untried letters rest.
func (o *Outbox) learn(out Outcome) (until time.Time, stop bool) {
	o.mu.Lock()
	before := o.pause.why
	switch {
	case out.Verdict == Sent, out.Verdict == Failed && out.Code != 0:
		o.pause = pause{} // the server talks to us
	case out.Verdict == Ours:
		o.pause.add(o.now(), out.Note)
	case out.Down:
		o.pause.add(o.now(), o.pause.whyDown())
	}
	why, until := o.pause.why, o.pause.until
	o.mu.Unlock()
	switch {
	case why != "" && why != before:
		o.log.Error("outbox paused", "why", why, "code", out.Code, "until", until)
		o.c.Alarm(Alarm{why, out.Code})
	case why == "" && before != "":
		o.log.Info("outbox goes on")
		o.c.Alarm(Alarm{})
	}
	return until, out.Verdict == Ours || out.Down
}
