//go:build unix

package main

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// crashPoints are the moments at which the process is killed from within, in the order in which a
// reply and its answer pass them; TestCrashPointsAreAll keeps the list whole.
func crashPoints() []string {
	return []string{
		"inbox.fetched", "inbox.counted", "desk.parsed", "coach.decided", "store.begun", "store.written", "store.committed",
		"coach.committed", "inbox.handled", "inbox.marked", "inbox.noted", "inbox.moved",
		"outbox.claimed", "sender.connected", "sender.mail", "sender.rcpt", "sender.data", "sender.body", "outbox.sent", "outbox.settled",
	}
}

// TestCrashPointsAreAll: each crash.Point in the source is in the list, and the other way round.
func TestCrashPointsAreAll(t *testing.T) {
	point := regexp.MustCompile(`crash\.Point\("([^"]+)"\)`)
	found := map[string]bool{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		b, err := os.ReadFile(s.path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range point.FindAllSubmatch(b, -1) {
			found[string(m[1])] = true
		}
	}
	got, want := slices.Sorted(maps.Keys(found)), slices.Sorted(slices.Values(crashPoints()))
	if !slices.Equal(got, want) {
		t.Errorf("in the source %q, in the list %q", got, want)
	}
}

// many is how often something is done: few times by default, and as the environment says in the full run.
func many(t testing.TB, variable string, few int) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv(variable))
	if err != nil {
		return few
	}
	return n
}

// phases counts kills by where they struck.
type phases map[string]*[2]int // kills, with a letter in flight

func (p phases) add(phase string, inFlight bool) {
	if p[phase] == nil {
		p[phase] = &[2]int{}
	}
	p[phase][0]++
	if inFlight {
		p[phase][1]++
	}
}

func (p phases) log(t testing.TB, sum findings) {
	t.Helper()
	kills, flying := 0, 0
	for _, phase := range slices.Sorted(maps.Keys(p)) {
		t.Logf("%-28s %5d kills, %5d with a letter in flight", phase, p[phase][0], p[phase][1])
		kills, flying = kills+p[phase][0], flying+p[phase][1]
	}
	t.Logf("%d kills, %d with a letter in flight; %d replies, %d letters: %d lost, %d handled twice, %d sent twice outside the window, %d inside it (same Message-ID and bytes), %d held",
		kills, flying, sum.replies, sum.letters, sum.lost, sum.twiceHandled, sum.twice, sum.ambiguous, sum.poison)
}

func (n *findings) add(m findings) {
	n.replies += m.replies
	n.letters += m.letters
	n.lost += m.lost
	n.twiceHandled += m.twiceHandled
	n.twice += m.twice
	n.ambiguous += m.ambiguous
	n.poison += m.poison
}

// TestKilledAtEachPoint kills the real daemon at each crash point, and at the provider's two: the
// final dot has arrived and was stored, or was not, and no answer went out. WHYLOOP_CRASH_POINTS is how
// often at each, WHYLOOP_CRASH_POINT how the names of those begin that are wanted.
func TestKilledAtEachPoint(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills processes for some seconds")
	}
	each, seed := many(t, "WHYLOOP_CRASH_POINTS", 2), many(t, "WHYLOOP_SEED", 1)
	p, sum := phases{}, findings{}
	var a *arena
	for _, point := range append(crashPoints(), "provider.dot-stored", "provider.dot-lost") {
		if !strings.HasPrefix(point, os.Getenv("WHYLOOP_CRASH_POINT")) {
			continue
		}
		for done := 0; done < each && !t.Failed(); {
			if a != nil && a.over() {
				sum.add(a.settle())
				a = nil
			}
			if a == nil {
				a = newArena(t, uint64(seed+len(p)*1000+done), 30)
				a.start("")
				if !a.rest(20 * time.Second) {
					t.Fatalf("the invites did not go\n%s", tail(a.stderr.String()))
				}
				a.kill()
			}
			if reached, inFlight := a.atPoint(point); reached {
				p.add(point, inFlight)
				done++
			}
			p.add("the last answer accepted", true)
		}
	}
	sum.add(a.settle())
	p.log(t, sum)
}

// atPoint starts a life that ends at a point with letters under way, and another that finishes them and
// is killed as the last of them is accepted. It reports whether the point was reached, and whether a letter was under way then.
func (a *arena) atPoint(point string) (reached, inFlight bool) {
	pass := 1 + a.rnd.IntN(3)
	room, _, _ := strings.Cut(point, ".")
	switch room {
	case "inbox": // passed once for all that arrived together
		a.start(point + ":1")
	case "store": // passed by each write
		a.start(point + ":" + strconv.Itoa(3+a.rnd.IntN(10)))
	case "provider":
		a.mu.Lock()
		a.onDot = func(dot) mailtest.Fault {
			if pass--; pass != 0 {
				return mailtest.Fault{}
			}
			a.signal()
			return mailtest.Fault{Stall: true, Done: point == "provider.dot-stored"}
		}
		a.mu.Unlock()
		a.start("")
	default:
		a.start(point + ":" + strconv.Itoa(pass))
	}
	a.load(3 + a.rnd.IntN(3))
	reached = a.died(2 * time.Second)
	a.mu.Lock()
	a.onDot = nil
	inFlight = a.open > 0 || room == "outbox"
	a.mu.Unlock()
	a.load(0)
	a.start("")
	if !a.rest(20 * time.Second) {
		a.t.Errorf("after %s: replies stay unanswered\n%s", point, tail(a.stderr.String()))
	}
	a.kill()
	return reached, inFlight
}

// TestKilledAtRandom kills the real daemon at random moments, most of them while letters are under way:
// some milliseconds after its start, or some microseconds after a random step of the wire.
// WHYLOOP_CRASH_KILLS is how often.
func TestKilledAtRandom(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills processes for some seconds")
	}
	kills, seed := many(t, "WHYLOOP_CRASH_KILLS", 120), many(t, "WHYLOOP_SEED", 1)
	p, sum := phases{}, findings{}
	for done := 0; done < kills; {
		a := newArena(t, uint64(seed+done), 40)
		for done < kills && !a.over() {
			phase, inFlight := a.atRandom()
			p.add(phase, inFlight)
			done++
			if t.Failed() {
				return
			}
		}
		sum.add(a.settle())
		p.log(t, sum) // so far
		if t.Failed() {
			return
		}
	}
}

// atRandom is one life, and where the kill struck.
func (a *arena) atRandom() (phase string, inFlight bool) {
	steps, delay := 1+a.rnd.IntN(45), time.Duration(a.rnd.IntN(1500))*time.Microsecond
	struck := make(chan struct{})
	strike := func() { close(struck) }
	var timer *time.Timer
	a.mu.Lock()
	if a.rnd.IntN(5) == 0 {
		timer = time.AfterFunc(time.Duration(a.rnd.IntN(60_000))*time.Microsecond, strike)
	} else {
		a.onStep = func(string) {
			if steps--; steps == 0 {
				a.onStep = nil
				timer = time.AfterFunc(delay, strike)
			}
		}
	}
	a.mu.Unlock()
	a.start("")
	a.load(1 + a.rnd.IntN(3))
	quiet := time.NewTimer(20 * time.Second)
	defer quiet.Stop()
wait:
	for {
		select {
		case <-struck:
			break wait
		case <-time.After(nudgeAfter):
			a.nudge()
		case <-quiet.C:
			a.t.Fatalf("nothing happens\n%s", tail(a.stderr.String()))
		}
	}
	a.mu.Lock()
	phase, inFlight = a.step, a.worked && a.open > 0
	a.onStep = nil
	a.mu.Unlock()
	a.kill()
	if timer != nil {
		timer.Stop()
	}
	return phase, inFlight
}

// loaded is an arena in which a daemon has seen its mailbox once, and mails wait for the next.
func loaded(t *testing.T, mails int) *arena {
	t.Helper()
	if testing.Short() {
		t.Skip("it kills processes")
	}
	a := newArena(t, 1, mails)
	a.start("")
	a.waitFor("IMAP IDLE")
	a.stop()
	a.load(mails)
	return a
}

// TestPoisonThatKills: a mail whose handling ends the process is held at the fourth try, with its bytes,
// and what came after it is answered.
func TestPoisonThatKills(t *testing.T) {
	a := loaded(t, 2)
	for try := range 4 { // the first within the group, on no mail's account
		a.start("desk.parsed:1")
		if !a.died(30 * time.Second) {
			t.Fatalf("try %d did not kill", try)
		}
	}
	a.start("")
	a.answered(1)
	a.kill()
	if got := a.heldList(); strings.Count(got, "poison") != 1 {
		t.Error(got)
	}
}

// TestPoisonSparesInnocents: of four mails read at once the second ends the process each time. It alone is held; those
// beside it, which were read again with it, are answered.
func TestPoisonSparesInnocents(t *testing.T) {
	a := loaded(t, 4)
	for try, point := range []string{"desk.parsed:2", "desk.parsed:2", "desk.parsed:1", "desk.parsed:1"} {
		a.start(point)
		if !a.died(5 * time.Second) {
			t.Fatalf("try %d did not kill", try)
		}
	}
	a.start("")
	a.answered(1)
	a.kill()
	if got := a.heldList(); strings.Count(got, "poison") != 1 {
		t.Error(got)
	}
}

// TestDeathsAfterTheWorkCountAgainstNobody: the process ends six times between having handled a mail and having noted it.
// The mail is answered once, and not held.
func TestDeathsAfterTheWorkCountAgainstNobody(t *testing.T) {
	for _, n := range []int{1, 3} {
		a := loaded(t, n)
		for range 6 {
			a.start("inbox.handled:1")
			if !a.died(5 * time.Second) {
				t.Fatal("it did not die")
			}
		}
		a.start("")
		a.answered(0)
		a.kill()
		if got := a.heldList(); strings.Contains(got, "poison") {
			t.Errorf("%d mails: %s", n, got)
		}
	}
}

// answered waits until all but so many replies are.
func (a *arena) answered(but int) {
	a.t.Helper()
	a.load(0)
	deadline := time.After(20 * time.Second)
	for !a.rest(50 * time.Millisecond) {
		a.mu.Lock()
		done := a.open == but
		a.mu.Unlock()
		if done {
			return
		}
		select {
		case <-deadline:
			a.t.Fatalf("mails stay unanswered\n%s", tail(a.stderr.String()))
		default:
		}
	}
}

func (a *arena) heldList() string {
	a.t.Helper()
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"--config", filepath.Join(a.dir, "whyloop.toml"), "held", "list"}, strings.NewReader(""), &out, &errs); code != exitOK {
		a.t.Errorf("held list: exit %d: %s", code, errs.String())
	}
	return out.String()
}
