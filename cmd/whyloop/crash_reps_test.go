//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"whyloop/conversation/sqlite"
	"whyloop/mailer/mailtest"
)

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

const crashReplies = 10 // of each rep; with the invite they stay under the daily cap

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
