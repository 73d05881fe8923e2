package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/hearing"
)

// opinion asks a chat model whether two answers say the same. It is off unless a URL is
// configured; it is asked only where the embedded judge is unsure; and it only proposes: what it
// says can turn "new" into "repeats" or back, and nothing else. Whatever goes wrong, the embedded
// verdict stands.
type opinion struct {
	config judgeConfig
	client *http.Client
	now    func() time.Time
	rest   rest
	tally  tally

	mu  sync.Mutex
	key string // the API key, once it was read
}

// newOpinion returns nil where none is configured.
func newOpinion(c judgeConfig, now func() time.Time) *opinion {
	if !c.given() {
		return nil
	}
	return &opinion{config: c, client: newOpinionClient(c), now: now}
}

// The band of doubt, in the embedded judge's chance that an answer repeats an earlier one. On the
// labelled ladders of conversation/hearing/testdata one answer in nine lies in it, and more than half of
// the judge's mistakes do. From 0.85 on it is right nineteen times in twenty, and CONFIRM asks the rep
// anyway; below 0.35 there are ten times as many answers for each mistake.
const (
	doubtFrom = 0.35
	doubtTo   = 0.85
)

// sureEnough is how sure an opinion must be to count: one that hardly knows better than a coin is
// no reason to overrule a judge that was measured.
const sureEnough = 0.6

// doubtful reports whether a second opinion is asked for on what was heard: on an answer, never on
// what was heard as a command, a question, a deflection, or being stuck, nor on a cry for help.
func doubtful(h conversation.Heard) bool {
	v := h.Verdict
	p := v.Sure
	switch v.Label {
	case conversation.New:
		p = 1 - v.Sure
	case conversation.Repeat:
	default:
		return false
	}
	bare := h.Answer != conversation.Neither && h.Rest == "" // a bare yes or no names nothing
	return !h.Care && !bare && h.Command.Verb == conversation.NoCommand && p >= doubtFrom && p < doubtTo
}

// ears hear with the embedded judge, and ask for a second opinion where it is unsure.
type ears struct {
	*hearing.Listener
	opinion *opinion
	log     *slog.Logger
}

var _ conversation.Adviser = ears{}

// embedded is the listener that needs nothing but the program. It never changes, and its tables take a while to read: once a
// process, however often a configuration is taken up.
var embedded = sync.OnceValue(hearing.New)

// newEars is the listener of a configuration: the embedded one alone, unless another is to be asked.
func newEars(c Config, log *slog.Logger) conversation.Listener {
	if c.opinion == nil {
		return embedded()
	}
	return ears{embedded(), c.opinion, log}
}

// Advise implements conversation.Adviser.
func (e ears) Advise(ctx context.Context, l conversation.Ladder, h conversation.Heard, names []string) conversation.Verdict {
	if !doubtful(h) {
		return h.Verdict
	}
	view, err := e.opinion.ask(ctx, l, h.Text, names)
	if err != nil {
		e.complain(err)
		return h.Verdict
	}
	return e.weigh(l, h, view)
}

// complain logs what went wrong in a fixed word: neither what was asked nor what came back.
func (e ears) complain(err error) {
	if f := (opinionFault{}); errors.As(err, &f) && f.what != faultResting && f.what != faultStopped {
		e.log.Warn("no second opinion", "fault", f.what, "status", f.status)
	}
}

// weigh makes a verdict of both. With a rep's words in hand it is the embedded judge that says
// how a why is best worded.
func (e ears) weigh(l conversation.Ladder, h conversation.Heard, view view) conversation.Verdict {
	v := h.Verdict
	thought := v.Label == conversation.Repeat || v.Confirm
	switch {
	case view.sure < sureEnough:
		e.opinion.tally.unsure.Add(1)
	case view.repeats == thought:
		e.opinion.tally.agreed.Add(1)
		v.Confirm = thought
	case view.repeats:
		e.opinion.tally.disagreed.Add(1)
		v = conversation.Verdict{Label: conversation.Repeat, Repeats: []int{view.at}, Sure: view.sure, Confirm: true, Because: "a second opinion: it says again what was said before"}
		v.Why, v.Wording = e.Propose(l, h.Text, view.at)
	default:
		e.opinion.tally.disagreed.Add(1)
		v = conversation.Verdict{Label: conversation.New, Why: conversation.NoWhy, Sure: view.sure, Because: "a second opinion: it says something new"}
	}
	return v
}

// tally counts what became of the questions. It holds no words.
type tally struct {
	asked, agreed, disagreed, unsure, failed, spared atomic.Int64
}

// When to leave an endpoint alone: after so many failures in a row, for so long. A mail waits for
// each failure, up to the timeout.
const (
	restAfter = 3
	restFor   = 5 * time.Minute
)

// rest is the circuit breaker.
type rest struct {
	mu    sync.Mutex
	fails int
	until time.Time
}

// resting reports whether nothing is asked at present. Once the time is over one question is
// let through, and the next failure begins another rest.
func (r *rest) resting(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.until)
}

// note counts a failure, or forgets those before a success.
func (r *rest) note(failed bool, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !failed {
		r.fails = 0
		return
	}
	if r.fails++; r.fails >= restAfter {
		r.until = now.Add(restFor)
	}
}
