package conversation_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whyloop/conversation"
	"whyloop/conversation/hearing"
	"whyloop/templates"
)

// said is what a rep may write in a random walk. The %d makes answers differ, and lets a
// test find them again.
var said = []string{
	"yes", "no", "ok", "yes please", "no thanks", "not really", "No, it's more about canary%d peace",
	"canary%d more money", "I want canary%d freedom", "canary%d again, like I said", "that's it", "no idea", "same as before",
	"who can read this?", "are you a robot?", "I'd rather not say", "1", "2", "99",
	"stop", "start", "on", "afresh", "pause", "pause 2 weeks", "pause until Monday", "skip", "private", "share", "hold", "help", "path",
	"export", "new why", "that's wrong", "forget me", "delete",
	"done", "half", "not yet", "done - next I'll call canary%d", "call canary%d today", "after lunch", "", "be better at everything canary%d",
	"Ich möchte endlich mehr Zeit für meine Kinder haben", "Dann wäre ich abends zu Hause", "Deutsch", "klingon", "I want to die", "partly the canary%d money, partly the canary%d pride",
}

// walk draws a history of replies, silences and machines' mails, and returns every decision made.
type walk struct {
	t      *rapid.T
	c      conversation.Conversation
	p      conversation.Policy
	ear    *hearing.Listener
	now    time.Time
	n      int
	keys   []conversation.Prompt
	writer *templates.Writer
	log    []string
}

func newWalk(t *rapid.T, w *templates.Writer, ear *hearing.Listener) *walk {
	p := conversation.DefaultPolicy()
	p.Contact = conversation.Address{Name: "Kim", Mail: "kim@example.com"}
	p.Languages = w.Languages()
	p.Helpline = "Example Helpline, 0800 000 0000"
	k := &walk{t: t, p: p, ear: ear, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), writer: w,
		c: conversation.Conversation{ID: "c1", Version: 1, Rep: sam()}}
	k.decide(conversation.Enrolled{ID: "c1"})
	return k
}

// decide makes one decision and checks what must hold of every one.
func (k *walk) decide(ev conversation.Event) conversation.Decision {
	before := encode(k.t, k.c)
	d := conversation.Decide(k.c, ev, k.p, k.now)
	if after := encode(k.t, k.c); before != after {
		k.t.Fatalf("Decide changed its argument:\n%s", cmp.Diff(before, after))
	}
	if again := conversation.Decide(k.c, ev, k.p, k.now); !cmp.Equal(d, again) {
		k.t.Fatalf("Decide is not a function: %s", cmp.Diff(d, again))
	}
	k.log = append(k.log, fmt.Sprintf("%s %s %T -> %v", k.now.Format("Mon 02 Jan 15:04"), k.c.Stage, ev, kinds(d.Prompts)))
	k.check(ev, d)
	for i := range d.Prompts {
		d.Conversation.Rep = k.c.Rep
		k.keys = append(k.keys, d.Prompts[i])
	}
	k.c = d.Conversation
	k.c.Version++
	return d
}

func kinds(ps []conversation.Prompt) (ks []conversation.Kind) {
	for _, p := range ps {
		ks = append(ks, p.Kind)
	}
	return ks
}

func encode(t *rapid.T, c conversation.Conversation) string {
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (k *walk) check(ev conversation.Event, d conversation.Decision) {
	if len(d.Prompts) > 1 {
		if _, due := ev.(conversation.Due); !due {
			k.t.Fatalf("%T: %d letters", ev, len(d.Prompts))
		}
	}
	for _, p := range d.Prompts {
		k.checkPrompt(p)
	}
	if due := d.Conversation.DueAt; !due.IsZero() && !due.After(k.now) {
		if _, ok := ev.(conversation.Due); ok {
			k.t.Fatalf("due again at %v, it is %v", due, k.now)
		}
	}
	if len(d.Conversation.Sent) > k.p.PerWeek {
		k.t.Fatalf("%d letters in a week", len(d.Conversation.Sent))
	}
	if k.c.End != conversation.NotEnded && d.Conversation.End == k.c.End && k.c.End == conversation.Erased {
		k.t.Fatal("an erased conversation goes on")
	}
}

func (k *walk) checkPrompt(p conversation.Prompt) {
	if (p.Say == nil) == (p.Summary == nil) {
		k.t.Fatalf("%s: a letter is worded from Say or from Summary", p.Kind)
	}
	if p.Cc && p.Summary == nil {
		k.t.Fatalf("%s: a coaching letter has one recipient", p.Kind)
	}
	if p.NotBefore.Before(k.now.Add(-time.Second)) {
		k.t.Fatalf("%s: not before %v, it is %v", p.Kind, p.NotBefore, k.now)
	}
	if _, err := k.writer.Write(p); err != nil {
		k.t.Fatalf("%v\n%s", err, strings.Join(k.log, "\n"))
	}
	if p.Summary != nil {
		k.checkSummary(*p.Summary, p.Cc)
	}
}

// checkSummary looks for words of the ladder in what a manager would get.
func (k *walk) checkSummary(s conversation.Summary, cc bool) {
	if s.Why != "" && !k.c.Sharing.Why {
		k.t.Fatal("the why is shared without a word of consent")
	}
	if cc && !k.c.Sharing.OK && k.c.Preview != nil && !k.c.Preview.OK {
		k.t.Fatal("the first summary is copied without an ok")
	}
	for _, r := range k.c.Ladder.Rungs {
		for _, text := range []string{s.Step, s.Next, s.WhyLine} {
			if text != "" && text == r.Answer && !k.isStep(text) && text != k.c.Sharing.Line {
				k.t.Fatalf("an answer of the ladder in the summary: %q", text)
			}
		}
	}
}

func (k *walk) isStep(text string) bool {
	for _, s := range k.c.Steps {
		if s.Text == text {
			return true
		}
	}
	return false
}

// reply draws what the rep writes, and to which letter.
func (k *walk) reply() {
	k.n++
	text := rapid.SampledFrom(said).Draw(k.t, "text")
	if strings.Contains(text, "%d") {
		text = strings.ReplaceAll(text, "%d", fmt.Sprint(k.n))
	}
	r := conversation.Reply{ID: fmt.Sprintf("m%d", k.n), MessageID: fmt.Sprintf("m%d@example.com", k.n), Digest: fmt.Sprint(k.n)}
	if n := len(k.keys); n > 0 && rapid.IntRange(0, 4).Draw(k.t, "to") > 0 {
		p := k.keys[max(0, n-1-rapid.IntRange(0, 3).Draw(k.t, "back"))]
		r.Letter, r.LetterKind, r.LetterAt = p.Key, p.Kind, p.NotBefore
	}
	r.Gone = rapid.IntRange(0, 3).Draw(k.t, "gone") == 0
	l, joined := k.c.Hearing(r, k.now)
	r.Heard = k.ear.Hear(l, text)
	if joined != "" {
		h := k.ear.Hear(l, joined+"\n"+text)
		r.Joined = &h
	}
	if r.Heard.Answer == conversation.No && r.Heard.Rest != "" {
		h := k.ear.Hear(l, r.Heard.Rest)
		r.Rest = &h
	}
	k.decide(r)
}

// pass lets time pass, often to the next due moment.
func (k *walk) pass() {
	if due := k.c.DueAt; !due.IsZero() && rapid.Bool().Draw(k.t, "to the next due moment") {
		if due.After(k.now) {
			k.now = due
		}
	} else {
		k.now = k.now.Add(time.Duration(rapid.IntRange(0, 72*60).Draw(k.t, "minutes")) * time.Minute)
	}
	if due := k.c.DueAt; !due.IsZero() && !due.After(k.now) && k.c.End != conversation.Erased {
		k.decide(conversation.Due{ID: "c1", Version: k.c.Version})
	}
}

func (k *walk) machine() {
	k.n++
	n := conversation.Notice{ID: fmt.Sprintf("n%d", k.n), At: k.now,
		Kind: rapid.SampledFrom([]conversation.NoticeKind{conversation.NoticeSoft, conversation.NoticeAbsence, conversation.NoticeHard}).Draw(k.t, "notice")}
	if len(k.keys) > 0 {
		n.Letter = k.keys[len(k.keys)-1].Key
	}
	k.decide(n)
}

// stranger draws a mail from elsewhere, and checks that the rep is not asked about it without end.
func (k *walk) stranger() {
	k.n++
	from := rapid.SampledFrom([]string{"a@elsewhere.example", "b@elsewhere.example", "c@elsewhere.example", "d@elsewhere.example"}).Draw(k.t, "from")
	if rapid.IntRange(0, 3).Draw(k.t, "it says stop") == 0 {
		if d := k.decide(conversation.UnprovenStop{ID: fmt.Sprintf("u%d", k.n)}); len(d.Prompts) > 0 && !d.Prompts[0].ToContact {
			k.t.Fatalf("the answer to a stranger's stop is %+v", d.Prompts)
		}
		return
	}
	quiet := k.c.Paused || k.c.Held != "" || k.c.End != conversation.NotEnded
	d := k.decide(conversation.Stranger{ID: fmt.Sprintf("s%d", k.n), From: from})
	asked := map[string]int{}
	for _, s := range d.Conversation.Seconds {
		if k.now.Sub(s.At) < 90*24*time.Hour {
			asked[s.Mail]++
			asked[""]++
		}
	}
	if asked[from] > 1 || asked[""] > 3 || quiet && len(d.Prompts) > 0 {
		k.t.Fatalf("asked %v", asked)
	}
}

// Whatever a rep writes in whatever order, every letter can be worded, goes to one person unless it is a
// summary that was agreed to, and Decide stays a function that leaves its argument alone.
func TestRandomWalks(t *testing.T) {
	w, err := templates.New(templates.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ear := hearing.New()
	rapid.Check(t, func(rt *rapid.T) {
		k := newWalk(rt, w, ear)
		for range rapid.IntRange(1, 60).Draw(rt, "length") {
			if k.c.End == conversation.Erased {
				return
			}
			switch rapid.IntRange(0, 20).Draw(rt, "what") {
			case 0:
				k.machine()
			case 20:
				k.stranger()
			case 1, 2, 3, 4, 5, 6, 7:
				k.pass()
			default:
				k.reply()
			}
		}
	})
}
