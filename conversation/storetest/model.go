package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"whyloop/conversation"
)

// testModel walks at random through everything a store can be asked and compares each
// answer with that of Memory.
func testModel(t *testing.T, s *suite) {
	rapid.Check(t, func(rt *rapid.T) {
		w := &walk{T: rt, engine: s.open(t), model: NewMemory(), now: start}
		defer func() { closeStore(t, w.engine) }()
		actions := map[string]func(*rapid.T){
			"":      w.look,
			"apply": w.apply,
			"claim": w.claim,
			"erase": w.erase,
			"pass": func(rt *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 90).Draw(rt, "minutes")) * time.Minute)
			},
			"settle": w.settle,
		}
		if s.reopen != nil {
			actions["reopen"] = func(*rapid.T) { w.engine = s.reopen(t, w.engine) }
		}
		rt.Repeat(actions)
	})
}

// walk is one random walk. Names are drawn from small sets, so that they often meet.
type walk struct {
	*rapid.T
	engine conversation.Store
	model  *Memory
	now    time.Time
	n      int // letters and events so far
}

var (
	ids       = []string{"ann", "bob", "cy"}
	kept      = []error{nil, conversation.ErrHandled, conversation.ErrConflict, conversation.ErrClaimed, conversation.ErrExists, conversation.ErrNotFound}
	equality  = cmp.Options{cmpopts.EquateEmpty()}
	forgetful = rapid.IntRange(0, 9) // 0: an unlikely turn
)

// name returns which sentinel an error is.
func name(err error) string {
	for _, k := range kept {
		if errors.Is(err, k) {
			return fmt.Sprint(k)
		}
	}
	return "refused"
}

func (w *walk) same(what string, got, want any) {
	if diff := cmp.Diff(want, got, equality); diff != "" {
		w.Fatalf("%s differs from the model (-model +engine):\n%s", what, diff)
	}
}

// key draws a key of an event or letter, sometimes one that was used before.
func (w *walk) key(rt *rapid.T, prefix string) string {
	w.n++
	n := w.n
	if forgetful.Draw(rt, "old key") == 0 {
		n = rapid.IntRange(1, w.n).Draw(rt, "which")
	}
	return fmt.Sprintf("%s-%d", prefix, n)
}

// draw makes a change of one conversation, from its stored version or another.
func (w *walk) draw(rt *rapid.T) conversation.Change {
	id := rapid.SampledFrom(ids).Draw(rt, "id")
	c, ok := w.model.ByID(id)
	if !ok {
		c = rep(id)
	}
	if forgetful.Draw(rt, "wrong version") == 0 {
		c.Version = int64(rapid.IntRange(0, 5).Draw(rt, "version"))
	}
	if forgetful.Draw(rt, "alias") < 2 {
		c.Rep.Aliases = rapid.SliceOfN(rapid.SampledFrom([]string{"a@example.org", "B@example.org", "ann@example.com"}), 0, 2).Draw(rt, "aliases")
	}
	c.DueAt = time.Time{}
	if rapid.Bool().Draw(rt, "due") {
		c.DueAt = start.Add(time.Duration(rapid.IntRange(0, 300).Draw(rt, "due in")) * time.Minute).Add(time.Duration(w.n))
	}
	c.Why = rapid.StringN(0, 5, -1).Draw(rt, "why")
	change := conversation.Change{Conversation: c, Handled: w.key(rt, "event"), At: w.now}
	for range rapid.IntRange(0, 2).Draw(rt, "letters") {
		change.Letters = append(change.Letters, w.letter(rt, id))
	}
	for range rapid.IntRange(0, 2).Draw(rt, "revocations") {
		change.Revoke = append(change.Revoke, fmt.Sprintf("letter-%d", rapid.IntRange(1, w.n+1).Draw(rt, "revoke")))
	}
	if rapid.Bool().Draw(rt, "late answer") {
		change.Late = &conversation.Late{Letter: "letter-1", Kind: conversation.KindWhy, At: w.now, Text: c.Why}
	}
	return change
}

func (w *walk) letter(rt *rapid.T, id string) conversation.Letter {
	l := mail(id, w.key(rt, "letter"))
	if rapid.Bool().Draw(rt, "cc") {
		l.Cc = []conversation.Address{{Mail: "kim@example.com"}}
	}
	if rapid.Bool().Draw(rt, "later") {
		l.NotBefore = start.Add(time.Duration(rapid.IntRange(0, 200).Draw(rt, "not before")) * time.Minute)
	}
	return l
}

func (w *walk) apply(rt *rapid.T) { w.both(w.draw(rt)) }

func (w *walk) erase(rt *rapid.T) {
	c := w.draw(rt)
	c.Conversation.End = conversation.Erased
	w.both(c)
}

func (w *walk) both(c conversation.Change) {
	want := w.model.Apply(context.Background(), c)
	w.same("apply", name(w.engine.Apply(context.Background(), c)), name(want))
}

func (w *walk) claim(rt *rapid.T) {
	lease := time.Duration(rapid.IntRange(1, 60).Draw(rt, "lease")) * time.Minute
	n := rapid.IntRange(0, 4).Draw(rt, "n")
	want, err := w.model.Claim(context.Background(), w.now, lease, n)
	if err != nil {
		rt.Fatal(err)
	}
	got, err := w.engine.Claim(context.Background(), w.now, lease, n)
	if err != nil {
		rt.Fatalf("claim: %v", err)
	}
	w.same("claim", got, want)
}

func (w *walk) settle(rt *rapid.T) {
	key := fmt.Sprintf("letter-%d", rapid.IntRange(1, w.n+1).Draw(rt, "letter"))
	to := rapid.SampledFrom([]string{"ann@example.com", "bob@example.com", "cy@example.com", "kim@example.com"}).Draw(rt, "recipient")
	st := conversation.Settlement{State: rapid.SampledFrom([]conversation.DeliveryState{
		conversation.DeliverySent, conversation.DeliveryRetry, conversation.DeliveryFailed,
	}).Draw(rt, "state")}
	if rapid.Bool().Draw(rt, "with next") {
		st.Next = w.now.Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "next")) * time.Minute)
	}
	want := w.model.Settle(context.Background(), key, to, st, w.now)
	w.same("settle", name(w.engine.Settle(context.Background(), key, to, st, w.now)), name(want))
}

// look compares what can be seen without changing anything.
func (w *walk) look(rt *rapid.T) {
	want, err := w.model.Due(context.Background(), w.now, 2)
	if err != nil {
		rt.Fatal(err)
	}
	got, err := w.engine.Due(context.Background(), w.now, 2)
	if err != nil {
		rt.Fatalf("due: %v", err)
	}
	w.same("due", got, want)
	for _, id := range ids {
		w.find(conversation.Ref{From: id + "@example.com"})
		w.late(id)
	}
	w.find(conversation.Ref{From: "b@example.org"})
	for i := max(1, w.n-5); i <= w.n; i++ {
		w.find(conversation.Ref{Tokens: []string{fmt.Sprintf("t-letter-%d", i)}})
		w.find(conversation.Ref{MessageIDs: []string{fmt.Sprintf("letter-%d@whyloop.test", i)}, From: "a@example.org"})
	}
}

func (w *walk) find(r conversation.Ref) {
	want, wantErr := w.model.Find(context.Background(), r)
	got, err := w.engine.Find(context.Background(), r)
	w.same("find", name(err), name(wantErr))
	if err == nil {
		w.same("found", got, want)
	}
}

func (w *walk) late(id string) {
	want, err := w.model.Late(context.Background(), id)
	if err != nil {
		w.Fatal(err)
	}
	got, err := w.engine.Late(context.Background(), id)
	if err != nil {
		w.Fatalf("late: %v", err)
	}
	w.same("late answers", got, want)
}
