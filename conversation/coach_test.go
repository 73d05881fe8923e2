package conversation_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
)

// mail makes a mail of Sam's that answers the newest letter, and vouched for.
func (s *stage) mail(text string, change ...func(*conversation.Inbound)) conversation.Inbound {
	s.mails++
	id := fmt.Sprintf("mail%04d", s.mails)
	in := conversation.Inbound{
		Key: id, Ref: conversation.Ref{From: "sam@example.com"}, MessageID: id + "@example.com", Digest: text,
		Proof: conversation.ProofPass, At: s.now, Mail: spoken(text),
	}
	if n := len(s.read); n > 0 {
		in.Ref.Tokens = []string{s.read[n-1].Token}
	}
	for _, f := range change {
		f(&in)
	}
	return in
}

func enrolled(t *testing.T) *stage {
	s := newStage(t)
	s.line("! enrol")
	return s
}

func TestWhoMaySpeak(t *testing.T) {
	noToken := func(in *conversation.Inbound) { in.Ref.Tokens = nil }
	from := func(a string) func(*conversation.Inbound) {
		return func(in *conversation.Inbound) { in.Ref.From = a }
	}
	proof := func(p conversation.Proof) func(*conversation.Inbound) {
		return func(in *conversation.Inbound) { in.Proof = p }
	}
	tests := []struct {
		name   string
		strict bool
		change []func(*conversation.Inbound)
		want   string
	}{
		{"proven, with a token", false, nil, ""},
		{"proven, without a token: their only open question", false, []func(*conversation.Inbound){noToken}, ""},
		{"unproven, with a token", false, []func(*conversation.Inbound){proof(conversation.ProofNone)}, ""},
		{"proven, where a server should vouch", true, nil, ""},
		{"unproven, with a token, where a server should vouch", true, []func(*conversation.Inbound){proof(conversation.ProofNone)}, "no-proof"},
		{"unproven, without a token", false, []func(*conversation.Inbound){proof(conversation.ProofNone), noToken}, "no-token"},
		{"a proof that fails", false, []func(*conversation.Inbound){proof(conversation.ProofFail)}, "failed-proof"},
		{"a token and another's address", false, []func(*conversation.Inbound){from("jo@example.com")}, "wrong-sender"},
		{"the manager with the rep's token", false, []func(*conversation.Inbound){from("robin@example.com")}, "manager"},
		{"a stranger", false, []func(*conversation.Inbound){from("jo@example.com"), noToken}, "unknown-sender"},
		{"the rep's address in capitals", false, []func(*conversation.Inbound){from("SAM@example.com")}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := enrolled(t)
			s.coach.Strict = tt.strict
			res, err := s.coach.Receive(t.Context(), s.mail("yes", tt.change...))
			s.must(err)
			c, _ := s.conversation()
			if res.Hold != tt.want || res.Done != (tt.want == "") {
				t.Errorf("held as %q, done %v; want %q", res.Hold, res.Done, tt.want)
			}
			if moved := c.Stage != conversation.StageInvited; moved != (tt.want == "") {
				t.Errorf("the conversation is at %s", c.Stage)
			}
		})
	}
}

// A Message-ID that cannot stand in a header of ours must not keep a reply from being answered.
func TestStrangeMessageIDs(t *testing.T) {
	for _, id := range []string{"", "no-at", "a b@example.com", "<<x>>@example.com", "é@example.com", "x\r\nBcc: y@example.com", strings.Repeat("x", 900) + "@example.com"} {
		s := enrolled(t)
		_, err := s.coach.Receive(t.Context(), s.mail("yes", func(in *conversation.Inbound) { in.MessageID = id }))
		s.must(err)
		c, _ := s.conversation()
		for thread, refs := range c.Refs {
			for _, ref := range refs {
				if id != "" && strings.Contains(ref, id) {
					t.Errorf("%s refers to %q", thread, ref)
				}
			}
		}
	}
}

func TestSameMailTwiceChangesNothing(t *testing.T) {
	s := enrolled(t)
	in := s.mail("yes")
	for i := range 3 {
		res, err := s.coach.Receive(t.Context(), in)
		s.must(err)
		if res.Again != (i > 0) || !res.Done {
			t.Errorf("time %d: %+v", i+1, res)
		}
	}
	if c, _ := s.conversation(); c.Version != 2 {
		t.Errorf("version %d after one mail, want 2", c.Version)
	}
}

// claimed makes the store say once that a letter has left, as a quick outbox would.
type claimed struct {
	conversation.Store
	conflicts, claims int
}

func (c *claimed) Apply(ctx context.Context, ch conversation.Change) error {
	if c.conflicts > 0 {
		c.conflicts--
		return conversation.ErrConflict
	}
	if c.claims > 0 && len(ch.Revoke) > 0 {
		c.claims--
		return conversation.ErrClaimed
	}
	return c.Store.Apply(ctx, ch)
}

func TestReceiveDecidesAgain(t *testing.T) {
	s := enrolled(t)
	for _, text := range []string{"yes", "get the Nordics", "travel"} {
		s.line("@ +1h")
		s.say("Sam: " + text)
	}
	s.coach.Store = &claimed{Store: s.store, conflicts: 2, claims: 1}
	in := s.mail("and see the fjords")
	if _, err := s.coach.Receive(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	c, _ := s.conversation()
	if want := "travel\nand see the fjords"; len(c.Ladder.Rungs) != 1 || c.Ladder.Rungs[0].Answer != want {
		t.Errorf("rungs %+v, want one: %q", c.Ladder.Rungs, want)
	}
	s.coach.Store = &claimed{Store: s.store, conflicts: 100}
	if _, err := s.coach.Receive(t.Context(), s.mail("again")); !errors.Is(err, conversation.ErrConflict) {
		t.Errorf("a conversation that never rests: %v, want a conflict", err)
	}
}

// broken fails for one conversation.
type broken struct {
	conversation.Store
	id string
}

func (b broken) Apply(ctx context.Context, c conversation.Change) error {
	if c.Conversation.ID == b.id {
		return errors.New("disk on fire")
	}
	return b.Store.Apply(ctx, c)
}

func TestTickGoesOnPastAFailure(t *testing.T) {
	s := newStage(t)
	for i := range 3 {
		id := fmt.Sprintf("c%d", i)
		s.coach.NewID = func() string { return id }
		r := sam()
		r.Address.Mail = id + "@example.com"
		_, err := s.coach.Enrol(t.Context(), r)
		s.must(err)
	}
	s.now = s.now.AddDate(0, 0, 7)
	s.coach.Store = broken{s.store, "c1"}
	n, err := s.coach.Tick(t.Context())
	if n != 2 || err == nil || !strings.Contains(err.Error(), "c1") {
		t.Errorf("%d done, error %v; want 2 and one about c1", n, err)
	}
	s.coach.Store = s.store
	if n, err := s.coach.Tick(t.Context()); n != 1 || err != nil {
		t.Errorf("%d done, error %v; want the third", n, err)
	}
}

func TestEnrolRefusesWhatWouldBeUntrue(t *testing.T) {
	tests := []struct {
		name   string
		change func(*conversation.Rep)
		want   string
	}{
		{"no name", func(r *conversation.Rep) { r.Name = " " }, "name"},
		{"no manager", func(r *conversation.Rep) { r.Manager.Mail = "" }, "manager"},
		{"a manager without a name", func(r *conversation.Rep) { r.Manager.Name = "" }, "name"},
		{"their own manager", func(r *conversation.Rep) { r.Manager.Mail = "SAM@example.com" }, "manager is the rep"},
		{"the contact is the manager", func(r *conversation.Rep) { r.Manager.Mail = "kim@example.com" }, "contact"},
		{"a manager elsewhere", func(r *conversation.Rep) { r.Manager.Mail = "robin@elsewhere.example.com" }, "allowed_domains"},
		{"no zone", func(r *conversation.Rep) { r.Zone = "" }, "zone"},
		{"a zone nobody knows", func(r *conversation.Rep) { r.Zone = "Europe/Atlantis" }, "Europe/Atlantis"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t)
			s.coach.Domains = []string{"example.com"}
			r := sam()
			tt.change(&r)
			_, err := s.coach.Enrol(t.Context(), r)
			if !errors.Is(err, conversation.ErrRefused) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want a refusal that names %q", err, tt.want)
			}
		})
	}
	s := enrolled(t)
	s.coach.NewID = func() string { return "c2" }
	if _, err := s.coach.Enrol(t.Context(), sam()); !errors.Is(err, conversation.ErrExists) {
		t.Errorf("the same address twice: %v, want ErrExists", err)
	}
}

// What a person wrote, their name and their address stand in no log line, at any level.
func TestNothingPrivateIsLogged(t *testing.T) {
	s := newStage(t)
	var log bytes.Buffer
	s.coach.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug - 4}))
	s.line("! enrol")
	for _, text := range []string{"yes", "canary goal of mine", "canary one", "canary two", "stop"} {
		s.line("@ +1h")
		s.say("Sam: " + text)
	}
	if log.Len() == 0 {
		t.Fatal("nothing was logged at all")
	}
	for _, word := range []string{"canary", "Sam", "sam@", "Robin", "robin@"} {
		if strings.Contains(log.String(), word) {
			t.Errorf("%q stands in the log:\n%s", word, log.String())
		}
	}
}

func TestNoticeOnlyOfOurLetters(t *testing.T) {
	s := enrolled(t)
	res, err := s.coach.Notice(t.Context(), conversation.Notice{ID: "forged", Kind: conversation.NoticeHard,
		Recipient: "sam@example.com", Ref: conversation.Ref{From: "sam@example.com", MessageIDs: []string{"made-up@example.com"}}})
	s.must(err)
	if c, _ := s.conversation(); res.Done || c.End != conversation.NotEnded {
		t.Errorf("a forged bounce ended the conversation: %+v, %s", res, c.End)
	}
}

// The manager's address bounces, and only their own copy ends.
func TestManagersBounceEndsTheirCopyAlone(t *testing.T) {
	s := enrolled(t)
	_, err := s.coach.Notice(t.Context(), conversation.Notice{ID: "n", Kind: conversation.NoticeHard,
		Recipient: "robin@example.com", Ref: conversation.Ref{Tokens: []string{s.read[0].Token}}})
	s.must(err)
	if c, _ := s.conversation(); c.Sharing.Cc || c.End != conversation.NotEnded {
		t.Errorf("cc %v, end %q", c.Sharing.Cc, c.End)
	}
}

// A manager's out-of-office to the summary says nothing of the rep.
func TestManagersAbsenceIsNotTheReps(t *testing.T) {
	s := enrolled(t)
	for _, who := range []string{"robin@example.com", "sam@example.com"} {
		_, err := s.coach.Notice(t.Context(), conversation.Notice{ID: who, Kind: conversation.NoticeAbsence,
			Recipient: who, Ref: conversation.Ref{Tokens: []string{s.read[0].Token}}})
		s.must(err)
		if c, _ := s.conversation(); c.Away.IsZero() != (who == "robin@example.com") {
			t.Errorf("%s is away: the rep until %v", who, c.Away)
		}
	}
}

// A loop between machines that shows no header ends at the caps, and the admin can open it again.
func TestCapsHoldTheConversation(t *testing.T) {
	s := enrolled(t)
	for i := range 60 {
		s.line("@ +1m")
		_, err := s.coach.Receive(t.Context(), s.mail(fmt.Sprintf("I read my mail on Fridays only. Ticket %d", i)))
		s.must(err)
	}
	c, _ := s.conversation()
	if c.Held == "" || len(c.Sent) > s.coach.Policy.PerDay {
		t.Errorf("held %q after %d letters", c.Held, len(c.Sent))
	}
	if res, err := s.coach.Receive(t.Context(), s.mail("still there?")); err != nil || res.Hold == "" {
		t.Errorf("a mail to a held conversation: %+v, %v; want it held", res, err)
	}
	s.now = s.now.Add(25 * time.Hour)
	s.line("! resume")
	if c, _ := s.conversation(); c.Held != "" {
		t.Errorf("still held after resume: %s", c.Held)
	}
}

func BenchmarkDecide(b *testing.B) {
	rungs := make([]conversation.Rung, 9)
	for i := range rungs {
		rungs[i].Answer = strings.Repeat(fmt.Sprintf("answer %d ", i), 20)
	}
	c := conversation.Conversation{ID: "c1", Version: 7, Rep: sam(), State: conversation.State{
		Stage: conversation.StageWhy, Ladder: conversation.Ladder{Goal: "a goal", Rungs: rungs},
		Asked: conversation.Asked{Kind: conversation.KindWhy, Letter: "l", At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)},
	}}
	p := conversation.DefaultPolicy()
	r := conversation.Reply{ID: "m", Letter: "l", LetterKind: conversation.KindWhy,
		Heard: conversation.Heard{Text: "something new", Verdict: conversation.Verdict{Label: conversation.New, Why: conversation.NoWhy}}}
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		if d := conversation.Decide(c, r, p, now); len(d.Prompts) != 1 {
			b.Fatal("no letter")
		}
	}
}
