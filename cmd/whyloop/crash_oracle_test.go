//go:build unix

package main

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"whyloop/conversation/sqlite"
)

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
