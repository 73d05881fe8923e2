package conversation_test

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
	"whyloop/conversation/hearing"
	"whyloop/conversation/storetest"
	"whyloop/templates"
)

var update = flag.Bool("update", false, "rewrite the dialogues with what is said now")

// TestDialogues plays every file of testdata/dialogues and compares what whyloop said with
// what stands there. A line of a dialogue is one of:
//
//	# a remark
//	@ 2026-11-23 09:00     the clock moves there, doing what falls due on the way; also "@ +3d", "@ +2h"
//	! enrol                what machines and admins do: enrol, lead, pause 7, resume, stop, erase, bounce, soft, away 2026-12-01,
//	                       manager Jo, rungs 4 (the cap, instead of ten)
//	Sam: yes please        a reply to the newest letter; "Sam (step): ..." to the newest of that kind, "Sam (first step): ..." to the oldest,
//	                       "Sam (-): ..." to none
//	     and another line of it
//	Robin: well done       the manager, to the newest summary, to us alone; "Robin (all): ..." to the rep as well;
//	                       after "! lead", which has Robin go first, to the newest letter Robin got
//	Pat: stop              somebody else, with the token of the newest letter
//
// and what whyloop says stands below it, indented. `go test ./conversation -update` writes it anew.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/dialogues/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogues: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(b))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(b), got); diff != "" {
				t.Errorf("the dialogue has changed (-file +now):\n%s", diff)
			}
		})
	}
}

// stage is where a dialogue is played: a coach on a store in memory, and a clock.
type stage struct {
	t     *testing.T
	coach *conversation.Coach
	store *storetest.Memory
	now   time.Time
	out   strings.Builder
	mails int
	read  []conversation.Letter // what reached the rep, oldest first
	lead  []conversation.Letter // what reached a manager who goes first
	wait  map[string]conversation.Letter
	held  []conversation.Inbound // for the admin
	link  bool                   // an address has become Sam's: what is held is judged again
	at    string                 // where the conversation stood last
	edges map[string]bool        // "invited --> goal": every move from one place to another
}

const zone = "Europe/Berlin"

func newStage(t *testing.T) *stage {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	w, err := templates.New(templates.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, store: storetest.NewMemory(), at: "[*]", edges: map[string]bool{}, now: time.Date(2026, 11, 23, 9, 0, 0, 0, loc), wait: map[string]conversation.Letter{}}
	p := conversation.DefaultPolicy()
	p.Spread = 0
	p.Contact = conversation.Address{Name: "Kim", Mail: "kim@example.com"}
	p.Languages = w.Languages()
	p.Helpline = "Example Helpline, 0800 000 0000"
	s.coach = conversation.NewCoach(conversation.CoachConfig{
		Store: s.store, Listener: hearing.New(), Writer: w, Composer: s, Policy: p, Secret: []byte("test"),
		NewID: func() string { return "c1" }, Now: func() time.Time { return s.now },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	s.coach.Linked = func() { s.link = true }
	return s
}

// Compose implements conversation.Composer without a mail: the words are the letter.
func (s *stage) Compose(h conversation.Head, w conversation.Wording) (conversation.Letter, error) {
	l := conversation.Letter{Key: h.Key, Conversation: h.Conversation, Kind: h.Kind, MessageID: h.Key + "@test", Token: h.Key,
		To: h.To, Cc: h.Cc, NotBefore: h.NotBefore, Text: w.Text, Raw: []byte(w.Text)}
	s.wait[h.Key] = l
	return l, nil
}

// play runs a script and returns it with what was said filled in.
func play(t *testing.T, script string) string {
	s := newStage(t)
	s.play(script)
	return s.out.String()
}

func (s *stage) play(script string) {
	var lines []string
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "     "), strings.TrimSpace(line) == "", strings.HasPrefix(line, "    |"):
		case strings.HasPrefix(line, "     "):
			lines[len(lines)-1] += "\n" + line
		default:
			lines = append(lines, line)
		}
	}
	for i, line := range lines {
		if i > 0 && !strings.HasPrefix(line, "#") {
			s.out.WriteString("\n")
		}
		s.out.WriteString(line + "\n")
		s.line(line)
	}
}

func (s *stage) line(line string) {
	s.t.Helper()
	mark, rest, _ := strings.Cut(line, " ")
	switch {
	case mark == "#":
	case mark == "@":
		s.until(s.when(rest))
	case mark == "!":
		s.act(strings.Fields(rest))
	default:
		s.say(line)
	}
	s.moved()
	s.deliver(s.now)
}

// moved notes where the conversation has gone.
func (s *stage) moved() {
	at := "[*]"
	if c, ok := s.conversation(); ok {
		at = string(c.Stage)
		if c.End != conversation.NotEnded {
			at = string(c.End)
		}
	}
	if at != s.at {
		from, to := s.at, at
		if to == string(conversation.Stopped) || to == string(conversation.Bounced) {
			from = "anywhere" // stop and a bounce end it wherever it stands
		}
		if from == string(conversation.Bounced) && to != "[*]" {
			to = "anywhere" // at another address it goes on where it stood
		}
		if from == string(conversation.Stopped) && to != string(conversation.StageGoal) && to != "[*]" {
			to = "anywhere" // "on" goes back to where it stood
		}
		s.edges[from+" --> "+to] = true
	}
	s.at = at
}

// when reads a moment of the script.
func (s *stage) when(text string) time.Time {
	s.t.Helper()
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(strings.TrimPrefix(days, "+"))
		s.must(err)
		return s.now.AddDate(0, 0, n)
	}
	if strings.HasPrefix(text, "+") {
		d, err := time.ParseDuration(text[1:])
		s.must(err)
		return s.now.Add(d)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, s.now.Location())
	s.must(err)
	return at
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// until moves the clock from one due moment to the next.
func (s *stage) until(at time.Time) {
	for {
		next := at
		for _, who := range []string{"sam@example.com", "robin@example.com"} {
			if c, ok := s.of(who); ok && !c.DueAt.IsZero() && c.DueAt.Before(next) && c.DueAt.After(s.now) {
				next = c.DueAt
			}
		}
		s.deliver(next)
		s.now = next.In(s.now.Location())
		_, err := s.coach.Tick(s.t.Context())
		s.must(err)
		s.moved()
		s.deliver(s.now)
		if !next.Before(at) {
			return
		}
	}
}

// deliver shows every letter that goes by a moment.
func (s *stage) deliver(by time.Time) {
	for {
		got, err := s.store.Claim(s.t.Context(), by, time.Minute, 1)
		s.must(err)
		if len(got) == 0 {
			return
		}
		d := got[0]
		l := s.wait[d.Letter]
		at := l.NotBefore
		if at.Before(s.now) {
			at = s.now
		}
		s.must(s.store.Settle(s.t.Context(), d.Letter, d.Recipient, conversation.Settlement{State: conversation.DeliverySent, Code: 250}, at))
		if d.Recipient == l.To[0].Mail {
			switch d.Recipient {
			case "sam@example.com":
				s.read = append(s.read, l)
			case "robin@example.com":
				s.lead = append(s.lead, l)
			}
			s.show(l, at)
		}
	}
}

func (s *stage) show(l conversation.Letter, at time.Time) {
	to := l.To[0].Name
	for _, cc := range l.Cc {
		to += ", copied to " + cc.Name
	}
	fmt.Fprintf(&s.out, "  %s  %s to %s\n", at.In(s.now.Location()).Format("Mon 2 Jan 15:04"), l.Kind, to)
	for line := range strings.Lines(own(l.Text)) {
		s.out.WriteString(strings.TrimRight("    | "+line, " \n") + "\n")
	}
}

// own cuts the footer, which is the same everywhere.
func own(text string) string {
	body, _, _ := strings.Cut(text, "\n-- \n")
	return strings.TrimSpace(body) + "\n"
}

func (s *stage) conversation() (conversation.Conversation, bool) { return s.of("sam@example.com") }

// of returns the conversation with the person of an address.
func (s *stage) of(address string) (conversation.Conversation, bool) {
	f, err := s.store.Find(s.t.Context(), conversation.Ref{From: address})
	return f.Conversation, err == nil
}

// say takes a reply of the rep's.
func (s *stage) say(line string) {
	s.t.Helper()
	who, text, _ := strings.Cut(line, ":")
	text = strings.TrimSpace(strings.ReplaceAll(text, "\n     ", "\n"))
	s.mails++
	ref := conversation.Ref{From: "sam@example.com"}
	if len(s.read) > 0 {
		ref.Tokens = []string{s.read[len(s.read)-1].Token}
	}
	if _, kind, ok := strings.Cut(strings.TrimSuffix(who, ")"), "("); ok {
		if first, ok := strings.CutPrefix(kind, "first "); ok {
			s.answerFirst(&ref, conversation.Kind(first))
		} else {
			s.answerTo(&ref, conversation.Kind(kind))
		}
	}
	var to []string
	switch from := strings.Fields(who)[0]; from {
	case "Sam":
	case "Robin":
		ref.From = "robin@example.com"
		if len(s.lead) > 0 {
			ref.Tokens = []string{s.lead[len(s.lead)-1].Token}
			break
		}
		if strings.HasSuffix(who, "(all)") {
			to = []string{"coach@example.com", "sam@example.com"}
		}
		s.answerTo(&ref, conversation.KindSummary)
	default:
		ref.From = strings.ToLower(from) + "@example.com"
	}
	id := fmt.Sprintf("mail%04d", s.mails)
	s.receive(conversation.Inbound{
		Key: id, Ref: ref, MessageID: id + "@example.com", Digest: text, Proof: conversation.ProofPass, At: s.now, Mail: spoken(text), To: to,
	})
	if s.link {
		again := s.held
		s.link, s.held = false, nil
		for _, in := range again {
			fmt.Fprintf(&s.out, "  judged again: the mail from %s\n", in.Ref.From)
			s.receive(in)
		}
	}
}

func (s *stage) receive(in conversation.Inbound) {
	s.t.Helper()
	before := s.late()
	res, err := s.coach.Receive(s.t.Context(), in)
	s.must(err)
	for _, l := range s.late()[min(len(before), len(s.late())):] {
		fmt.Fprintf(&s.out, "  kept, not applied: an answer to %s\n", l.Kind)
	}
	if res.Hold != "" {
		s.held = append(s.held, in)
		fmt.Fprintf(&s.out, "  held for the admin: %s\n", res.Hold)
	}
}

// late returns what was kept of Sam's and not applied; an erasure has nothing to show.
func (s *stage) late() []conversation.Late {
	c, _ := s.conversation()
	all, err := s.store.Late(s.t.Context(), c.ID)
	s.must(err)
	return all
}

// answerTo makes a mail answer the newest letter of a kind, or none.
func (s *stage) answerTo(ref *conversation.Ref, k conversation.Kind) {
	ref.Tokens = nil
	for _, l := range s.read {
		if l.Kind == k {
			ref.Tokens = []string{l.Token}
		}
	}
}

// answerFirst makes a mail answer the oldest letter of a kind.
func (s *stage) answerFirst(ref *conversation.Ref, k conversation.Kind) {
	i := slices.IndexFunc(s.read, func(l conversation.Letter) bool { return l.Kind == k })
	if i < 0 {
		s.t.Fatalf("no letter of kind %s", k)
	}
	ref.Tokens = []string{s.read[i].Token}
}

// spoken is a mail that is nothing but its words.
type spoken string

func (m spoken) Visible(conversation.Known) (conversation.Visible, error) {
	return conversation.Visible{Text: string(m)}, nil
}

func sam() conversation.Rep {
	return conversation.Rep{
		Name: "Sam", Address: conversation.Address{Name: "Sam", Mail: "sam@example.com"},
		Manager: conversation.Address{Name: "Robin", Mail: "robin@example.com"}, Zone: zone, Language: "en",
	}
}
