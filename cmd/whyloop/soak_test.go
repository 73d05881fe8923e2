package main

import (
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/mailer"
)

// TestSoak lets a sales floor work for a long time beside a provider that fails at random and a daemon that
// is restarted at random: each weekly prompt comes exactly once, nothing is lost, memory stays flat and
// the store grows no faster late than early. WHYLOOP_SOAK_WEEKS=52 WHYLOOP_SOAK_REPS=500 is the year.
func TestSoak(t *testing.T) {
	weeks, reps := many(t, "WHYLOOP_SOAK_WEEKS", 8), many(t, "WHYLOOP_SOAK_REPS", 12)
	if testing.Short() || raceEnabled {
		weeks, reps = 4, 6
	}
	s := &soak{floor: newFloor(t, 5, reps, worldConfig), bytes: map[string][32]byte{}, weekly: map[string][]string{}, faults: map[string]int{}}
	s.quiet, s.moods = 0, 0
	s.fault = s.fail
	s.onLetter = s.got
	var heap, size []int64
	for week := range weeks {
		end := s.clock.Now().Add(7 * 24 * time.Hour)
		for s.clock.Now().Before(end) {
			s.run(s.clock.Now().Add(time.Duration(1+s.rnd.IntN(60)) * time.Hour))
			s.restart()
			s.restarts++
		}
		if err := s.store.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		heap, size = append(heap, s.heapBytes()), append(size, s.storeBytes(t))
		if (week+1)%13 == 0 {
			t.Logf("week %d: %d letters, %d kB on the heap, %d kB in the store", week+1, s.sent, heap[week]>>10, size[week]>>10)
		}
	}
	s.fault = nil
	s.run(s.clock.Now().Add(3 * 24 * time.Hour)) // what still waits may go
	s.checkWeeks(t, weeks)
	s.checkStore(t)
	if weeks >= 26 {
		flat(t, heap, size)
	}
	t.Logf("%d reps, %d weeks, %d restarts, faults %v: %d letters, %d weekly prompts, %d sent again after a lost answer to the final dot; %v",
		reps, weeks, s.restarts, s.faults, s.sent, s.prompts, s.again, s.stages())
}

type soak struct {
	*floor
	bytes    map[string][32]byte // Message-ID and recipient -> what was sent
	weekly   map[string][]string // address -> the weeks of its prompts
	faults   map[string]int
	again    int
	prompts  int
	restarts int
}

// fail makes one attempt in twelve fail in one of the ways of providers.
func (s *soak) fail(conversation.Delivery) outcome {
	outs := []outcome{
		{false, mailer.Outcome{Verdict: mailer.Retry, Code: 451, Note: "deferred"}},
		{false, mailer.Outcome{Verdict: mailer.Retry, Note: "network"}},
		{false, mailer.Outcome{Verdict: mailer.Retry, Note: "unreachable", Down: true}},
		{false, mailer.Outcome{Verdict: mailer.Ours, Code: 535, Note: "sign-in"}},
		{false, mailer.Outcome{Verdict: mailer.Ambiguous, Note: "ambiguous"}},
		{true, mailer.Outcome{Verdict: mailer.Ambiguous, Note: "ambiguous"}},
	}
	if n := s.rnd.IntN(12 * len(outs)); n < len(outs) {
		s.faults[fmt.Sprint(outs[n].out.Note, " ", outs[n].accepted)]++
		return outs[n]
	}
	return outcome{true, mailer.Outcome{Verdict: mailer.Sent, Code: 250, Note: "sent"}}
}

// got keeps account of a letter that was accepted.
func (s *soak) got(d conversation.Delivery) {
	s.checkRecipients(d)
	key, sum := d.MessageID+" "+d.Recipient, sha256.Sum256(d.Raw)
	if have, ok := s.bytes[key]; ok {
		s.again++
		if have != sum {
			s.t.Errorf("%s came again with other bytes", d.Letter)
		}
		return
	}
	s.bytes[key] = sum
	parts := strings.Split(d.Letter, "/")
	weekly := []conversation.Kind{conversation.KindCheckIn, conversation.KindWhyCheck, conversation.KindStep}
	if week := parts[len(parts)-1]; strings.Contains(week, "-W") && slices.Contains(weekly, kindOf(d.Letter)) && s.sellers[d.Recipient] != nil {
		s.weekly[d.Recipient] = append(s.weekly[d.Recipient], week)
		s.prompts++
	}
}

// checkWeeks: from the first one on, each week has one prompt, and none has two.
func (s *soak) checkWeeks(t *testing.T, weeks int) {
	t.Helper()
	if sent := s.faults["ambiguous true"]; s.again > sent {
		t.Errorf("%d letters were sent again, %d answers were lost", s.again, sent)
	}
	for address := range s.sellers {
		got := s.weekly[address]
		if len(got) < weeks/2 {
			t.Errorf("%s got %d weekly prompts in %d weeks: %v", address, len(got), weeks, got)
			continue
		}
		for k := 1; k < len(got); k++ {
			if got[k] != weekAfter(got[k-1]) {
				t.Errorf("%s: after the prompt of %s came that of %s", address, got[k-1], got[k])
			}
		}
	}
}

// weekAfter is the ISO week after one.
func weekAfter(week string) string {
	var y, w int
	if _, err := fmt.Sscanf(week, "%d-W%d", &y, &w); err != nil {
		return err.Error()
	}
	monday := time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC) // it is always in week 1
	monday = monday.AddDate(0, 0, 7*w-(int(monday.Weekday())+6)%7)
	y, w = monday.ISOWeek()
	return fmt.Sprintf("%d-W%02d", y, w)
}

// checkStore: all that was written has gone.
func (s *soak) checkStore(t *testing.T) {
	t.Helper()
	open, err := s.store.Outbox(t.Context())
	if err != nil || len(open) > 0 {
		t.Errorf("%d letters have not gone: %+v, %v", len(open), open[:min(3, len(open))], err)
	}
	if held := s.held(); len(held) > 0 {
		t.Errorf("held: %v", held)
	}
}

// heapBytes is what the process holds, the test's own notes left out.
func (s *soak) heapBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) - int64(len(s.bytes))*260 - int64(len(s.words))*160 - int64(len(s.seen))*150
}

func (s *soak) storeBytes(t *testing.T) int64 {
	t.Helper()
	stats, err := s.store.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return stats.FileBytes
}

// flat: the second half of the time adds no more than the first did, give or take a quarter.
func flat(t *testing.T, heap, size []int64) {
	t.Helper()
	n := len(heap)
	if grown := heap[n-1] - heap[n/2]; grown > 8<<20 && grown > heap[n/2]/4 {
		t.Errorf("the heap grew by %d kB in the second half", grown>>10)
	}
	early, late := size[n/2]-size[n/8], size[n-1]-size[n/2]
	if late > early*5/4+1<<20 {
		t.Errorf("the store grew by %d kB to the middle and by %d kB from there", early>>10, late>>10)
	}
}
