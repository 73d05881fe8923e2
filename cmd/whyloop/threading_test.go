package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/hearing"
	"whyloop/conversation/storetest"
	"whyloop/mailer"
	"whyloop/templates"
)

// threadedMail is what lies in the rep's mailbox of one mail, ours or theirs.
type threadedMail struct {
	id, subject string
	refs        []string // References, then In-Reply-To
	kind        conversation.Kind
	month       string
}

var messageIDs = regexp.MustCompile(`<([^<>\s]+@[^<>\s]+)>`)

func idsOf(s string) (ids []string) {
	for _, m := range messageIDs.FindAllStringSubmatch(s, -1) {
		ids = append(ids, m[1])
	}
	return ids
}

// mailThreads groups mails as Jamie Zawinski's algorithm does ("message threading", 1997), without its last
// step that joins by subject alone: two mails belong together when one names the other, or both name a third.
func mailThreads(all []threadedMail) map[string]string {
	parent := map[string]string{}
	var root func(string) string
	root = func(id string) string {
		if p, ok := parent[id]; ok && p != id {
			return root(p)
		}
		return id
	}
	for _, p := range all {
		for _, ref := range p.refs {
			if a, b := root(ref), root(p.id); a != b {
				parent[b] = a
			}
		}
	}
	of := map[string]string{}
	for _, p := range all {
		of[p.id] = root(p.id)
	}
	return of
}

// writing plays a rep who answers each letter, on a coach with the real words and envelopes.
type writing struct {
	t     *testing.T
	coach *conversation.Coach
	store *storetest.Memory
	now   time.Time
	all   []threadedMail
	last  threadedMail
}

func newWriting(t *testing.T) *writing {
	t.Helper()
	w := &writing{t: t, store: storetest.NewMemory(), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	keys, err := mailer.NewKeys(mailer.Key{ID: 'a', Secret: bytes.Repeat([]byte("k"), 32)})
	if err != nil {
		t.Fatal(err)
	}
	composer, err := mailer.NewComposer(mailer.ComposerConfig{From: conversation.Address{Name: "Whyloop", Mail: "coach@example.com"}, PlusAddressing: true, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	words, err := templates.New(templates.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := conversation.DefaultPolicy()
	p.Contact, p.Helpline, p.Spread = conversation.Address{Name: "Kim", Mail: "kim@example.com"}, "Example Helpline", 0
	w.coach = conversation.NewCoach(conversation.CoachConfig{Store: w.store, Listener: hearing.New(), Writer: words, Composer: composer, Policy: p,
		Secret: []byte("s"), NewID: newID, Now: func() time.Time { return w.now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	_, err = w.coach.Enrol(t.Context(), conversation.Rep{Name: "Sam", Address: conversation.Address{Name: "Sam", Mail: "sam@example.com"},
		Manager: conversation.Address{Name: "Dana", Mail: "dana@example.com"}, Zone: "UTC", Language: "en"})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// until moves the clock in steps of an hour, and reads what goes out.
func (w *writing) until(at time.Time) {
	w.t.Helper()
	for w.now.Before(at) {
		w.now = w.now.Add(time.Hour)
		if _, err := w.coach.Tick(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
		due, err := w.store.Claim(w.t.Context(), w.now, time.Minute, 10)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, d := range due {
			if err := w.store.Settle(w.t.Context(), d.Letter, d.Recipient, conversation.Settlement{State: conversation.DeliverySent}, w.now); err != nil {
				w.t.Fatal(err)
			}
			w.read(d)
		}
	}
}

func (w *writing) read(d conversation.Delivery) {
	w.t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(d.Raw))
	if err != nil {
		w.t.Fatal(err)
	}
	kind, _, _ := strings.Cut(d.Letter, "/")
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		w.t.Fatal(err)
	}
	p := threadedMail{id: d.MessageID, subject: subject, kind: conversation.Kind(kind), month: w.now.Format("2006-01"),
		refs: append(idsOf(m.Header.Get("References")), idsOf(m.Header.Get("In-Reply-To"))...)}
	if d.Recipient != "sam@example.com" {
		return // the manager's copy is the same mail
	}
	w.all = append(w.all, p)
	if p.kind != conversation.KindSummary {
		w.last = p
	}
}

// reply answers the last letter as a client does: References of it, and itself.
func (w *writing) reply(text string) {
	w.t.Helper()
	id := fmt.Sprintf("m%d@client.example.com", len(w.all))
	p := threadedMail{id: id, subject: "Re: " + strings.TrimPrefix(w.last.subject, "Re: "), refs: append(append([]string{}, w.last.refs...), w.last.id), month: w.now.Format("2006-01"), kind: "reply"}
	w.all = append(w.all, p)
	res, err := w.coach.Receive(w.t.Context(), conversation.Inbound{Key: id, MessageID: id, Digest: id, Proof: conversation.ProofPass, At: w.now,
		Ref: conversation.Ref{From: "sam@example.com", MessageIDs: append([]string{w.last.id}, w.last.refs...)}, Mail: wordsOnly(text)})
	if err != nil || res.Hold != "" {
		w.t.Fatalf("%q: %v, held %q", text, err, res.Hold)
	}
	w.until(w.now.Add(2 * time.Hour))
}

type wordsOnly string

func (m wordsOnly) Visible(conversation.Known) (conversation.Visible, error) {
	return conversation.Visible{Text: string(m)}, nil
}

// threadName is the thread a letter belongs to.
func threadName(p threadedMail) string {
	switch p.kind {
	case conversation.KindStep, conversation.KindWhen, conversation.KindActive, conversation.KindCheckIn, conversation.KindDone, conversation.KindNotYet:
		return "steps " + p.month
	case conversation.KindPreview, conversation.KindAgreed:
		return "preview"
	case conversation.KindSummary:
		return "summary"
	}
	return "ladder"
}

// One thread holds the ladder, one a month the steps, and the summary shares no Message-ID with any of
// them; nor do two threads share a subject, by which Gmail would join or part them.
func TestThreading(t *testing.T) {
	w := newWriting(t)
	w.until(w.now.Add(time.Hour))
	for _, text := range []string{"yes", "win back the Lakeside account", "show that I can fix what I broke", "fixing what I broke, like I said"} {
		w.reply(text)
	}
	w.until(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	for _, text := range []string{"yes", "share", "Write down what went wrong", "after lunch"} {
		w.reply(text)
	}
	for week := range 5 {
		w.until(time.Date(2026, 11, 26+7*week, 16, 0, 0, 0, time.UTC))
		if w.last.kind == conversation.KindPreview {
			w.reply("ok")
		}
		w.until(time.Date(2026, 11, 30+7*week, 9, 0, 0, 0, time.UTC))
		for _, text := range []string{"done", fmt.Sprintf("call customer number %d", week), "at nine"} {
			w.reply(text)
		}
	}
	checkThreads(t, w.all)
}

func checkThreads(t *testing.T, all []threadedMail) {
	t.Helper()
	of := mailThreads(all)
	names, subjects := map[string]string{}, map[string]string{}
	count := map[string]int{}
	for _, p := range all {
		if p.kind == "reply" {
			continue
		}
		name, root := threadName(p), of[p.id]
		count[name]++
		if was, ok := names[root]; ok && was != name {
			t.Errorf("%s stands in one thread with %s", name, was)
		}
		names[root] = name
		subject := strings.TrimPrefix(p.subject, "Re: ")
		if was, ok := subjects[subject]; ok && was != name {
			t.Errorf("%s and %s share the subject %q", name, was, subject)
		}
		subjects[subject] = name
		if fresh := count[name] == 1; fresh == strings.HasPrefix(p.subject, "Re: ") {
			t.Errorf("letter %d of %s has the subject %q", count[name], name, p.subject)
		}
	}
	if len(names) != len(count) {
		t.Errorf("%d threads in the mailbox for %d by name: %v", len(names), len(count), count)
	}
	for _, name := range []string{"ladder", "steps 2026-11", "steps 2026-12", "preview", "summary"} {
		if count[name] < 3 {
			t.Errorf("%s has %d letters", name, count[name])
		}
	}
}
