package conversation_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
)

const other = "sam.home@example.org"

// TestWhoIsAskedAbout: each thing that keeps a rep from being asked about another address does so by itself, and changes nothing.
func TestWhoIsAskedAbout(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	asked := func(mail string, ago time.Duration, answer conversation.YesNo) conversation.Second {
		return conversation.Second{Mail: mail, Letters: []string{mail}, At: now.Add(-ago), Answer: answer}
	}
	const day = 24 * time.Hour
	for _, c := range []struct {
		name   string
		from   string
		change func(c *conversation.Conversation)
		want   bool
	}{
		{"nothing in the way", other, func(*conversation.Conversation) {}, true},
		{"stopped", other, func(c *conversation.Conversation) { c.End = conversation.Stopped }, false},
		{"held", other, func(c *conversation.Conversation) { c.Held = "too-many-letters" }, false},
		{"paused", other, func(c *conversation.Conversation) { c.Paused = true }, false},
		{"a day's letters are written", other, func(c *conversation.Conversation) {
			for range 12 {
				c.Sent = append(c.Sent, now.Add(-time.Hour))
			}
		}, false},
		{"asked about this one, answered", other, func(c *conversation.Conversation) {
			c.Seconds = []conversation.Second{asked(other, 200*day, conversation.No)}
		}, false},
		{"asked about this one a year ago", other, func(c *conversation.Conversation) {
			c.Seconds = []conversation.Second{asked(other, 366*day, conversation.No)}
		}, true},
		{"asked about another, no answer", other, func(c *conversation.Conversation) {
			c.Seconds = []conversation.Second{asked("kim@example.org", 13*day, conversation.Neither)}
		}, false},
		{"asked about another, silence", other, func(c *conversation.Conversation) {
			c.Seconds = []conversation.Second{asked("kim@example.org", 15*day, conversation.Neither)}
		}, true},
		{"two others in a season", other, func(c *conversation.Conversation) {
			c.Seconds = []conversation.Second{asked("a@example.org", 60*day, conversation.No), asked("b@example.org", 30*day, conversation.No)}
		}, true},
		{"three others in a season", other, func(c *conversation.Conversation) {
			c.Seconds = []conversation.Second{asked("a@example.org", 60*day, conversation.No), asked("b@example.org", 30*day, conversation.No), asked("c@example.org", day, conversation.No)}
		}, false},
		{"three others, one of them long ago", other, func(c *conversation.Conversation) {
			c.Seconds = []conversation.Second{asked("a@example.org", 91*day, conversation.No), asked("b@example.org", 30*day, conversation.No), asked("c@example.org", day, conversation.No)}
		}, true},
		{"a number in it", "sam2@example.org", func(*conversation.Conversation) {}, true},
		{"a brace in it", "sam{x@example.org", func(*conversation.Conversation) {}, false},
		{"a colon in it", "sam:x@example.org", func(*conversation.Conversation) {}, false},
		{"a message in place of an address", `"call-me-at-555"@example.org`, func(*conversation.Conversation) {}, false},
		{"a long address", strings.Repeat("x", 100) + "@example.org", func(*conversation.Conversation) {}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			conv := conversation.Conversation{ID: "c1", Version: 3, Rep: sam(), State: conversation.State{Stage: conversation.StageGoal, Asked: conversation.Asked{Kind: conversation.KindGoal, Letter: "l"}}}
			c.change(&conv)
			d := conversation.Decide(conv, conversation.Stranger{ID: "m", From: c.from}, conversation.DefaultPolicy(), now)
			if got := len(d.Prompts) == 1 && d.Prompts[0].Kind == conversation.KindAddress && d.Prompts[0].Say.Line == c.from; got != c.want || !got && len(d.Prompts) > 0 {
				t.Fatalf("asked %v: %+v", got, d.Prompts)
			}
			if d.Conversation.Held != conv.Held || d.Conversation.Asked.Letter != "l" || len(d.Conversation.Rep.Aliases) != 0 {
				t.Errorf("it changed %+v", d.Conversation)
			}
		})
	}
}

// TestAddressTakenMeanwhile: a yes makes no address theirs that has become the manager's, or was said from elsewhere than the
// known address; and no is heard from everywhere.
func TestAddressTakenMeanwhile(t *testing.T) {
	ask := func(t *testing.T) *stage {
		s := newStage(t)
		s.play("! enrol\n@ +1h\nSam: yes\n@ +1h\nPat: more freedom\n@ +1h")
		return s
	}
	aliases := func(s *stage) string {
		c, _ := s.conversation()
		return strings.Join(c.Rep.Aliases, " ")
	}
	s := ask(t)
	s.line("! manager Pat")
	s.line("@ +1h")
	s.line("Sam (address): yes")
	if got := aliases(s); got != "" {
		t.Errorf("the manager's address is the rep's: %s", got)
	}
	s = ask(t)
	s.line("Sam (address): yes")
	if got := aliases(s); got != "pat@example.com" {
		t.Fatalf("aliases %q", got)
	}
	s.line("@ +1h")
	s.line("Sam (address): yes") // said once more, it is theirs no more than once, and nothing is told anew
	s.line("@ +1h")
	if got, told := aliases(s), strings.Count(s.out.String(), "linked to Sam"); got != "pat@example.com" || told != 1 {
		t.Errorf("aliases %q, told %d times", got, told)
	}
	s.line("@ +15d")
	s.line("Lee: hello, and more freedom")
	s.line("@ +1d")
	s.line("Pat (address): yes") // an alias says that a third address is theirs too
	if got := aliases(s); got != "pat@example.com" {
		t.Errorf("an alias made another: %s", got)
	}
	s.line("Pat (linked): no")
	if got := aliases(s); got != "" {
		t.Errorf("aliases %q after a no", got)
	}
}

// TestContactIsNotAskedAbout: nor is anybody else who is known.
func TestContactIsNotAskedAbout(t *testing.T) {
	s := newStage(t)
	s.play("! enrol\n@ +1h\nSam: yes\n@ +1h\nKim: what is this?\n@ +1h")
	if c, _ := s.conversation(); len(c.Seconds) != 0 || strings.Contains(s.out.String(), "Was that you?") {
		t.Errorf("asked about the contact: %+v", c.Seconds)
	}
}

// TestOldSeconds: what was asked long ago is forgotten, but for an alias, whose letter can still take it back; an answer to
// a letter that is forgotten changes nothing.
func TestOldSeconds(t *testing.T) {
	now := time.Date(2027, 11, 24, 9, 0, 0, 0, time.UTC)
	c := conversation.Conversation{ID: "c1", Version: 3, Rep: sam(), State: conversation.State{Stage: conversation.StageGoal, Asked: conversation.Asked{Kind: conversation.KindGoal, Letter: "l"}},
		Seconds: []conversation.Second{{Mail: "a@example.org", Letters: []string{"a"}, At: now.AddDate(-2, 0, 0), Answer: conversation.No},
			{Mail: "b@example.org", Letters: []string{"b"}, At: now.AddDate(-2, 0, 0), Answer: conversation.Yes}}}
	c.Rep.Aliases = []string{"b@example.org"}
	d := conversation.Decide(c, conversation.Stranger{ID: "m", From: other}, conversation.DefaultPolicy(), now)
	if got := d.Conversation.Seconds; len(got) != 2 || got[0].Mail != "b@example.org" || got[1].Mail != other {
		t.Errorf("kept %+v", got)
	}
	d = conversation.Decide(d.Conversation, conversation.Reply{ID: "r", Letter: "a", LetterKind: conversation.KindAddress,
		Heard: conversation.Heard{Text: "yes", Answer: conversation.Yes}}, conversation.DefaultPolicy(), now)
	if len(d.Conversation.Rep.Aliases) != 1 || len(d.Prompts) != 1 || d.Prompts[0].Kind != conversation.KindNow {
		t.Errorf("aliases %q, said %+v", d.Conversation.Rep.Aliases, d.Prompts)
	}
}

// lostAddresses is a store that cannot look an address up for now.
type lostAddresses struct{ conversation.Store }

var errLost = errors.New("lost")

func (l lostAddresses) Find(ctx context.Context, r conversation.Ref) (conversation.Found, error) {
	if len(r.Tokens) == 0 {
		return conversation.Found{}, errLost
	}
	return l.Store.Find(ctx, r)
}

// fullStore is a store that takes nothing for now.
type fullStore struct{ conversation.Store }

func (fullStore) Apply(context.Context, conversation.Change) error { return errLost }

// TestAskingIsSafe: a forger is not asked about; a mail whose question was written before is held all the same; what the
// store does not know for now is no reason to ask; and two yeses make one alias.
func TestAskingIsSafe(t *testing.T) {
	ctx := t.Context()
	mail := func(s *stage, key string, proof conversation.Proof) conversation.Inbound {
		return conversation.Inbound{Key: key, Ref: conversation.Ref{From: other, Tokens: []string{s.read[0].Token}}, MessageID: key + "@example.com",
			Digest: key, Proof: proof, At: s.now, Mail: spoken("more freedom")}
	}
	begin := func() *stage {
		s := newStage(t)
		s.play("! enrol\n@ +1h\nSam: yes\n@ +1h")
		return s
	}
	asked := func(s *stage) int { c, _ := s.conversation(); return len(c.Seconds) }

	s := begin()
	if res, err := s.coach.Receive(ctx, mail(s, "forged", conversation.ProofFail)); err != nil || res.Hold != conversation.HoldWrongSender || asked(s) != 0 {
		t.Errorf("a forger: %+v, %v, asked %d times", res, err, asked(s))
	}
	c, _ := s.conversation()
	s.must(s.store.Apply(ctx, conversation.Change{Conversation: c, Handled: "stranger/again", At: s.now}))
	if res, err := s.coach.Receive(ctx, mail(s, "again", conversation.ProofPass)); err != nil || res.Hold != conversation.HoldWrongSender {
		t.Errorf("a mail read again: %+v, %v", res, err)
	}

	s = begin()
	s.coach.Store = lostAddresses{s.store}
	if _, err := s.coach.Receive(ctx, mail(s, "lost", conversation.ProofPass)); !errors.Is(err, errLost) || asked(s) != 0 {
		t.Errorf("a store that does not know: %v, asked %d times", err, asked(s))
	}

	s.coach.Store = fullStore{s.store}
	if _, err := s.coach.Receive(ctx, mail(s, "full", conversation.ProofPass)); !errors.Is(err, errLost) {
		t.Errorf("a store that takes nothing: %v", err)
	}

	s = begin()
	for _, line := range []string{"Pat: more freedom", "@ +1h", "Sam (address): yes", "@ +1h", "Sam (address): yes, that was me", "@ +1h"} {
		s.line(line)
	}
	if c, _ := s.conversation(); len(c.Rep.Aliases) != 1 {
		t.Errorf("aliases %q", c.Rep.Aliases)
	}
}
