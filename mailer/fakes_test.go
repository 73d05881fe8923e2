package mailer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/mailer/mailtest"
)

// clock is a clock that a test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	c.t = c.t.Add(d)
	c.mu.Unlock()
}

func quietLog() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// row is one delivery of the fake queue.
type row struct {
	d       conversation.Delivery
	state   conversation.DeliveryState
	next    time.Time
	lease   time.Time
	history []conversation.Settlement
}

// queue is an outbox in memory, with the promises of conversation.Store.
type queue struct {
	mu       sync.Mutex
	rows     []*row
	failNext int // so many of the next Settles fail
}

var errFull = errors.New("disk is full")

func (q *queue) add(d conversation.Delivery) {
	q.mu.Lock()
	q.rows = append(q.rows, &row{d: d, state: conversation.DeliveryWaiting})
	q.mu.Unlock()
}

func (q *queue) Claim(_ context.Context, now time.Time, lease time.Duration, n int) ([]conversation.Delivery, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var out []conversation.Delivery
	for _, r := range q.rows {
		free := r.state == conversation.DeliveryWaiting && !r.next.After(now) || r.state == conversation.DeliveryClaimed && !r.lease.After(now)
		if !free || len(out) == n {
			continue
		}
		r.state, r.lease = conversation.DeliveryClaimed, now.Add(lease)
		r.d.Attempt++
		out = append(out, r.d)
	}
	return out, nil
}

func (q *queue) Settle(ctx context.Context, letter, recipient string, s conversation.Settlement, _ time.Time) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if q.failNext > 0 {
		q.failNext--
		return errFull
	}
	for _, r := range q.rows {
		if r.d.Letter == letter && r.d.Recipient == recipient {
			r.history = append(r.history, s)
			r.state, r.next = s.State, s.Next
			if s.State == conversation.DeliveryRetry {
				r.state = conversation.DeliveryWaiting
			}
			return nil
		}
	}
	return fmt.Errorf("no delivery of %s", letter)
}

func (q *queue) row(t testing.TB, letter string) row {
	t.Helper()
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, r := range q.rows {
		if r.d.Letter == letter {
			c := *r
			c.history = slices.Clone(r.history)
			return c
		}
	}
	t.Fatalf("no letter %s", letter)
	return row{}
}

func (q *queue) count(state conversation.DeliveryState) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := 0
	for _, r := range q.rows {
		if r.state == state {
			n++
		}
	}
	return n
}

// ledger is one in memory.
type ledger struct {
	mu      sync.Mutex
	cursors map[string][2]uint32
	tries   map[string]int
	held    []conversation.HeldMail
	down    bool

	departing []string
}

func newLedger() *ledger { return &ledger{cursors: map[string][2]uint32{}, tries: map[string]int{}} }

func (l *ledger) Cursor(_ context.Context, m string) (uint32, uint32, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cursors[m][0], l.cursors[m][1], nil
}

func (l *ledger) Advance(_ context.Context, m string, v, u uint32) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return errFull
	}
	l.cursors[m] = [2]uint32{v, u}
	return nil
}

func (l *ledger) Attempt(_ context.Context, m string, v, u uint32) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return 0, errFull
	}
	k := fmt.Sprint(m, v, u)
	l.tries[k]++
	return l.tries[k], nil
}

func (l *ledger) Excuse(_ context.Context, m string, v, u uint32) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tries[fmt.Sprint(m, v, u)]--
	return nil
}

func (l *ledger) Hold(_ context.Context, h conversation.HeldMail) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return errFull
	}
	l.held = append(l.held, h)
	return nil
}

func (l *ledger) holds() []conversation.HeldMail {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.held)
}

// servers starts mailtest with a coach and a rep.
func servers(t testing.TB, o mailtest.Options) *mailtest.Servers {
	t.Helper()
	s, err := mailtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	s.AddUser("coach@demo.test", "secret")
	s.AddUser("sam@demo.test", "pw")
	s.AddUser("mo@demo.test", "pw")
	return s
}

func server(t testing.TB, addr string, mode TLSMode, auth Auth) Server {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	return Server{Host: host, Port: n, TLS: mode, Auth: auth}
}

func coachAuth() Auth { return Password("coach@demo.test", "secret") }

func context10(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// countQueue hands out the same letter so many times.
type countQueue struct {
	d    conversation.Delivery
	left int
}

func (q *countQueue) Claim(_ context.Context, _ time.Time, _ time.Duration, n int) ([]conversation.Delivery, error) {
	n = min(n, q.left)
	q.left -= n
	return slices.Repeat([]conversation.Delivery{q.d}, n), nil
}

func (q *countQueue) Settle(context.Context, string, string, conversation.Settlement, time.Time) error {
	return nil
}

func (l *ledger) Departing(context.Context) ([]string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.departing), nil
}

func (l *ledger) Departed(_ context.Context, address string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.departing = slices.DeleteFunc(l.departing, func(a string) bool { return a == address })
	return nil
}
