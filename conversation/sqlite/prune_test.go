package sqlite

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"whyloop/conversation"
)

const day = 24 * time.Hour

func (s *Store) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	var n int
	err := s.read(context.Background(), "count", func(tx *tx) error { return tx.row(query, args...).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func prune(t *testing.T, s *Store, now time.Time) {
	t.Helper()
	if err := s.Prune(context.Background(), now); err != nil {
		t.Fatal(err)
	}
}

// TestPruneBytes: seven days after the last delivery of a letter was settled, and not
// while one is open.
func TestPruneBytes(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	l := letterFor("ann", "summary")
	l.Cc = []conversation.Address{{Mail: "kim@example.com"}}
	if err := s.Apply(ctx, conversation.Change{Conversation: sam("ann"), Handled: "e", At: monday, Letters: []conversation.Letter{l}}); err != nil {
		t.Fatal(err)
	}
	settle := func(to string, state conversation.DeliveryState, at time.Time) {
		t.Helper()
		if _, err := s.Claim(ctx, at, time.Hour, 9); err != nil {
			t.Fatal(err)
		}
		if err := s.Settle(ctx, "summary", to, conversation.Settlement{State: state}, at); err != nil {
			t.Fatal(err)
		}
	}
	kept := func(when string, want int) {
		t.Helper()
		if got := s.count(t, "SELECT count(*) FROM letters WHERE raw IS NOT NULL"); got != want {
			t.Errorf("%s: bytes of %d letters, want %d", when, got, want)
		}
	}
	settle("ann@example.com", conversation.DeliverySent, monday)
	prune(t, s, monday.Add(30*day))
	kept("with one delivery open", 1)
	settled := monday.Add(31 * day)
	settle("kim@example.com", conversation.DeliveryFailed, settled)
	prune(t, s, settled.Add(7*day-1))
	kept("within seven days", 1)
	prune(t, s, settled.Add(7*day))
	kept("after seven days", 0)
	if in := found(t, s.Path(), "Subject: summary"); len(in) > 0 {
		t.Errorf("bytes are in %v", in)
	}
	if f, err := s.Find(ctx, conversation.Ref{Tokens: []string{"token-summary"}}); err != nil || len(f.Sent) != 1 {
		t.Errorf("the letter is known by its token and text: %v, %v", f.Sent, err)
	}
}

// TestPruneTexts: the last twenty of each rep stay, whenever they were written.
func TestPruneTexts(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	c := map[string]conversation.Conversation{"ann": sam("ann"), "bob": sam("bob")}
	write := func(id string, from, to int) {
		t.Helper()
		for i := from; i <= to; i++ {
			v := c[id]
			if err := s.Apply(ctx, conversation.Change{Conversation: v, Handled: fmt.Sprint(id, i), At: monday, Letters: []conversation.Letter{letterFor(id, fmt.Sprint(id, i))}}); err != nil {
				t.Fatal(err)
			}
			v.Version++
			c[id] = v
		}
	}
	texts := func(id string) int {
		t.Helper()
		return s.count(t, "SELECT count(*) FROM letters WHERE conversation = ? AND text <> ''", id)
	}
	for i, tt := range []struct{ ann, bob, wantAnn, wantBob int }{{15, 25, 15, 20}, {0, 0, 15, 20}, {6, 1, 20, 20}, {600, 0, 20, 20}} {
		write("ann", i*1000, i*1000+tt.ann-1)
		write("bob", i*1000, i*1000+tt.bob-1)
		prune(t, s, monday)
		if a, b := texts("ann"), texts("bob"); a != tt.wantAnn || b != tt.wantBob {
			t.Errorf("round %d: %d and %d texts, want %d and %d", i, a, b, tt.wantAnn, tt.wantBob)
		}
	}
	f, err := s.Find(ctx, conversation.Ref{From: "ann@example.com"})
	if err != nil || len(f.Sent) != 20 || f.Sent[0] != "text of ann3599" || f.Sent[19] != "text of ann3580" {
		t.Errorf("%v, %v", f.Sent, err)
	}
}

func TestPruneHandled(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	for i := range 1200 { // more than one step
		if err := s.write(ctx, "mark", func(t *tx) error { return markHandled(t, fmt.Sprint(i), monday.Add(time.Duration(i)*time.Second)) }); err != nil {
			t.Fatal(err)
		}
	}
	prune(t, s, monday.Add(365*day))
	if !handled(t, s, "0") {
		t.Error("within a year an event is forgotten")
	}
	prune(t, s, monday.Add(366*day+1100*time.Second))
	if handled(t, s, "1100") || !handled(t, s, "1101") {
		t.Error("want exactly what is older than a year forgotten")
	}
}

func TestPruneHeld(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t), HoldFor(10*day))
	for i, word := range []string{"first-word", "second-word"} {
		if err := s.Hold(ctx, conversation.HeldMail{At: monday.Add(time.Duration(i) * day), Raw: []byte(word)}); err != nil {
			t.Fatal(err)
		}
	}
	prune(t, s, monday.Add(10*day))
	if in := found(t, s.Path(), "first-word"); len(in) > 0 {
		t.Errorf("held mail past its time is in %v", in)
	}
	if in := found(t, s.Path(), "second-word"); len(in) != 1 {
		t.Errorf("held mail within its time is in %v", in)
	}
}

// TestPruneRebuilds: words of people who are nobody's rep leave no page behind that they stood on.
func TestPruneRebuilds(t *testing.T) {
	s := openStore(t, storePath(t))
	for range 50 {
		h := conversation.HeldMail{Key: fmt.Sprint(s.count(t, "SELECT count(*) FROM held")), At: monday, Raw: make([]byte, 20_000)}
		if err := s.Hold(context.Background(), h); err != nil {
			t.Fatal(err)
		}
	}
	prune(t, s, monday.Add(365*day))
	if n := s.count(t, "SELECT freelist_count FROM pragma_freelist_count"); n != 0 {
		t.Errorf("%d pages are free: the file was not rebuilt", n)
	}
	if n, err := size(s.Path()); err != nil || n > 500_000 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// TestPruneCancelled: a context ends it between two steps.
func TestPruneCancelled(t *testing.T) {
	s := openStore(t, storePath(t))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Prune(ctx, monday); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestPruneSweepsWhatWasLeft: an erasure in a store too large to be rebuilt at once, or
// interrupted by a crash, is finished later.
func TestPruneSweepsWhatWasLeft(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	applyAll(t, s, 0, 20, 4)
	if err := s.writer.alone(func(t *tx) error { return setMeta(t, metaErased, 1) }); err != nil { // as if it had died right after
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, s.Path())
	if !s.writer.traces.file {
		t.Error("a store that is opened does not know of its traces")
	}
	s.writer.traces = traces{} // as a process that was not told
	prune(t, s, monday)
	if n := s.count(t, "SELECT value FROM meta WHERE name = 'erased'"); n != 0 || s.writer.traces != (traces{}) {
		t.Errorf("erased %d, traces %+v", n, s.writer.traces)
	}
	if st, err := s.Stats(ctx); err != nil || st.Conversations != 20 {
		t.Errorf("%+v, %v", st, err)
	}
}
