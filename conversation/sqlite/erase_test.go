package sqlite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
)

// files returns the bytes of every file beside the store, by name.
func files(t *testing.T, path string) map[string][]byte {
	t.Helper()
	names, err := filepath.Glob(path + "*")
	if err != nil || len(names) == 0 {
		t.Fatalf("no files: %v", err)
	}
	all := map[string][]byte{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = b
	}
	return all
}

// found returns the files that hold the word, in any case.
func found(t *testing.T, path, word string) []string {
	t.Helper()
	var in []string
	for name, b := range files(t, path) {
		if bytes.Contains(bytes.ToLower(b), []byte(strings.ToLower(word))) {
			in = append(in, name)
		}
	}
	return in
}

// crowd is a store full of people whose every word is a canary: their ID and "canary".
type crowd struct {
	*testing.T
	*Store
	rnd    *rand.Rand
	people map[string]conversation.Conversation
	n      int
}

func canary(id string) string { return "canary-" + id + "-canary" }

func (c *crowd) words(id string) string {
	return strings.Repeat(canary(id)+" ", 1+c.rnd.IntN(40))
}

// live lets one of them say something, so that rows grow, shrink and move between pages.
func (c *crowd) live(id string) {
	c.Helper()
	p, ok := c.people[id]
	if !ok {
		p = sam(id)
		p.Rep.Aliases = []string{canary(id) + "@example.org"}
	}
	p.Why = c.words(id)
	p.Ladder.Goal = c.words(id)
	c.n++
	l := letterFor(id, fmt.Sprintf("letter-%d", c.n))
	l.Text, l.Raw = c.words(id), []byte(c.words(id))
	if err := c.Apply(context.Background(), conversation.Change{Conversation: p, Handled: fmt.Sprint(c.n), At: monday, Letters: []conversation.Letter{l}, Late: c.late(id)}); err != nil {
		c.Fatal(err)
	}
	p.Version++
	c.people[id] = p
	if c.rnd.IntN(4) == 0 {
		h := conversation.HeldMail{Key: fmt.Sprint("held", c.n), Conversation: id, At: monday, Raw: []byte(c.words(id))}
		if err := c.Hold(context.Background(), h); err != nil {
			c.Fatal(err)
		}
	}
}

// late is an answer of theirs that is kept apart, now and then.
func (c *crowd) late(id string) *conversation.Late {
	if c.rnd.IntN(3) == 0 {
		return nil
	}
	return &conversation.Late{Letter: "letter-1", Kind: conversation.KindWhy, At: monday, Text: c.words(id)}
}

func (c *crowd) erase(id string, last ...conversation.Letter) {
	c.Helper()
	p := c.people[id]
	p.End = conversation.Erased
	c.n++
	if err := c.Apply(context.Background(), conversation.Change{Conversation: p, Handled: fmt.Sprint(c.n), At: monday, Letters: last, Left: "hash-" + fmt.Sprint(c.n)}); err != nil {
		c.Fatal(err)
	}
	delete(c.people, id)
}

// TestErasedWordsAreGone lives random lives with many people and looks for the words of
// everyone who was erased in the bytes of all files. WHYLOOP_ERASE sets the number of lives.
func TestErasedWordsAreGone(t *testing.T) {
	for seed := range often("WHYLOOP_ERASE", 1) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { liveAndErase(t, uint64(seed)) })
	}
}

// often returns how many rounds of a random test to run: usual, or what the variable says.
func often(variable string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return usual
}

func liveAndErase(t *testing.T, seed uint64) {
	path := storePath(t)
	c := &crowd{T: t, Store: openStore(t, path), rnd: rand.New(rand.NewPCG(3, seed)), people: map[string]conversation.Conversation{}}
	for i := range 600 {
		id := fmt.Sprintf("p%d", c.rnd.IntN(60))
		if _, ok := c.people[id]; !ok && i > 300 {
			continue
		}
		c.live(id)
	}
	if len(found(t, path, canary("p1"))) == 0 {
		t.Fatal("the search finds nothing even before")
	}
	for i := range 60 {
		id := fmt.Sprintf("p%d", i)
		if _, ok := c.people[id]; !ok || i%3 == 0 {
			continue
		}
		c.erase(id)
		if in := found(t, path, canary(id)); len(in) > 0 {
			t.Errorf("%s: words are left in %v", id, in)
		}
		for other := range c.people {
			if c.rnd.IntN(8) == 0 {
				c.live(other)
			}
		}
	}
	if err := c.Check(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestEraseKeepsTheLastLetter until it is settled, and then nothing of it.
func TestEraseKeepsTheLastLetter(t *testing.T) {
	path := storePath(t)
	ctx := context.Background()
	c := &crowd{T: t, Store: openStore(t, path), rnd: rand.New(rand.NewPCG(5, 6)), people: map[string]conversation.Conversation{}}
	c.live("ann")
	c.live("bob")
	last := letterFor("ann", "forgotten/ann")
	last.Raw = []byte("last words to ann")
	c.erase("ann", last)
	if len(found(t, path, "last words to ann")) == 0 || len(found(t, path, "text of forgotten")) > 0 {
		t.Error("want the bytes of the last letter, and not its text")
	}
	ds, err := c.Claim(ctx, monday, time.Minute, 9)
	if err != nil || len(ds) != 2 {
		t.Fatalf("claimed %d, %v", len(ds), err)
	}
	if err := c.Settle(ctx, "forgotten/ann", "ann@example.com", conversation.Settlement{State: conversation.DeliverySent}, monday); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"last words to ann", "ann@example.com", "forgotten/ann", canary("ann")} {
		if in := found(t, path, word); len(in) > 0 {
			t.Errorf("%q is left in %v", word, in)
		}
	}
	if len(found(t, path, canary("bob"))) == 0 {
		t.Error("bob is gone too")
	}
}

// TestEraseHeldMail: what they wrote goes, what others wrote stays, and their old mails are
// not held again when they are read again.
func TestEraseHeldMail(t *testing.T) {
	ctx := context.Background()
	path := storePath(t)
	c := &crowd{T: t, Store: openStore(t, path), rnd: rand.New(rand.NewPCG(7, 8)), people: map[string]conversation.Conversation{}}
	c.live("ann")
	hold := func(key, id, raw string) {
		t.Helper()
		if err := c.Hold(ctx, conversation.HeldMail{Key: key, Reason: "unknown-sender", Conversation: id, At: monday, Raw: []byte(raw)}); err != nil {
			t.Fatal(err)
		}
	}
	hold("theirs", "ann", "From: other@example.net\r\n\r\nword-one")
	hold("from", "", "From: Ann <ANN@example.com>\r\n\r\nword-two")
	hold("alias", "", "From: "+canary("ann")+"@example.org\r\n\r\nword-three")
	hold("broken", "", "\x00no header ann@example.com word-four")
	hold("mention", "", "From: eve@example.net\r\n\r\nI met ann@example.com: word-five")
	c.erase("ann")
	for word, want := range map[string]int{"word-one": 0, "word-two": 0, "word-three": 0, "word-four": 0, "word-five": 1} {
		if in := found(t, path, word); len(in) != want {
			t.Errorf("%s is in %v", word, in)
		}
	}
	hold("1", "", "From: ann@example.com\r\n\r\nread again: word-six") // the event by which she was enrolled
	if in := found(t, path, "word-six"); len(in) > 0 {
		t.Error("a mail that was handled is held")
	}
	rows, err := c.Held(ctx)
	if err != nil || len(rows) != 1 {
		t.Errorf("held: %+v, %v", rows, err)
	}
	if left, err := c.HasLeft(ctx, fmt.Sprintf("hash-%d", c.n)); err != nil || !left {
		t.Errorf("HasLeft: %v, %v", left, err)
	}
	if left, err := c.HasLeft(ctx, "hash-0"); err != nil || left {
		t.Errorf("HasLeft of another: %v, %v", left, err)
	}
}

// TestEraseWhileSomebodyReads: a reader keeps the log from being cut; the next write after
// it has gone does so.
func TestEraseWhileSomebodyReads(t *testing.T) {
	path := storePath(t)
	c := &crowd{T: t, Store: openStore(t, path, BusyTimeout(10*time.Millisecond)), rnd: rand.New(rand.NewPCG(9, 10)), people: map[string]conversation.Conversation{}}
	c.live("ann")
	reader := openStore(t, path)
	err := reader.read(context.Background(), "look on", func(tx *tx) error {
		if _, err := byID(tx, "ann"); err != nil {
			return err
		}
		c.erase("ann")
		_, err := byID(tx, "ann") // still sees the moment at which it began
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	c.live("bob")
	if in := found(t, path, canary("ann")); len(in) > 0 {
		t.Errorf("words are left in %v", in)
	}
	if _, err := c.ByID(context.Background(), "ann"); !errors.Is(err, conversation.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
