package mailer

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"whyloop/conversation"
	"whyloop/parser"
)

// ours is a mail that answers our letter, with a field more.
func (r deskRig) ours(field string) string {
	return strings.Replace(fmt.Sprintf(answer, "coach@demo.test", "coach@demo.test", r.our.MessageID, r.our.MessageID), "Subject:", field+"\nSubject:", 1)
}

// TestDeskSortsEachClass: each class has its way: to the coach, to be held, or no further.
func TestDeskSortsEachClass(t *testing.T) {
	complaint := func(r deskRig) string {
		return "From: fbl@mx.demo.test\nTo: coach@demo.test\nSubject: x\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nx\n--b\nContent-Type: message/feedback-report\n\n" +
			"Feedback-Type: abuse\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + r.our.MessageID + ">\n--b--\n"
	}
	for _, c := range []struct {
		name                string
		mail                func(deskRig) string
		got, notices, holds int
		kind                conversation.NoticeKind
		counted             string
		foreign             bool // in a shared mailbox
	}{
		{name: "a reply", mail: func(r deskRig) string { return r.ours("X: y") }, got: 1, counted: "reply"},
		{name: "a stray", mail: func(deskRig) string { return "From: sam@demo.test\nTo: coach@demo.test\nSubject: hello\n\nstart\n" }, got: 1, counted: "stray"},
		{name: "a hard bounce", mail: func(r deskRig) string { return bounce(r.our.MessageID, "") }, notices: 2, kind: conversation.NoticeHard, counted: "bounce-hard"},
		{name: "a soft bounce", mail: func(r deskRig) string {
			return strings.Replace(bounce(r.our.MessageID, ""), "Status: 5.1.1", "Status: 5.2.2", 1)
		}, notices: 2, kind: conversation.NoticeSoft, counted: "bounce-soft"},
		{name: "a hard bounce for people", mail: func(r deskRig) string {
			return "From: MAILER-DAEMON@mx.demo.test\nTo: coach@demo.test\nSubject: x\nIn-Reply-To: <" + r.our.MessageID + ">\n\n550 no such user\n"
		}, notices: 1, kind: conversation.NoticeHard, counted: "bounce-hard"},
		{name: "a report that names nobody", mail: func(r deskRig) string {
			return strings.NewReplacer("Action: failed\nStatus: 5.1.1", "Action: relayed", "Action: delayed\nStatus: 4.2.2", "Status: 4.4.1").Replace(bounce(r.our.MessageID, ""))
		}, notices: 1, kind: conversation.NoticeSoft, counted: "bounce-soft"},
		{name: "a report that says of nobody what was done", mail: func(r deskRig) string {
			return strings.Replace(bounce(r.our.MessageID, ""), "Action: failed\n", "", 1)
		}, notices: 2, kind: conversation.NoticeHard, counted: "bounce-hard"},
		{name: "a complaint", mail: complaint, notices: 1, kind: conversation.NoticeComplaint, counted: "complaint"},
		{name: "an absence", mail: func(r deskRig) string { return r.ours("Auto-Submitted: auto-replied") }, notices: 1, kind: conversation.NoticeAbsence, counted: "auto-reply"},
		{name: "a header without end", mail: func(deskRig) string {
			return "From: sam@demo.test\nX: " + strings.Repeat("x", 300<<10) + "\n\nx\n"
		}, holds: 1, counted: "held:header-too-long", foreign: true},
		{name: "one that goes round", mail: func(r deskRig) string { return r.ours("X-Loop: coach@demo.test") }, counted: "loop", foreign: true},
		{name: "our own", mail: func(r deskRig) string { return strings.ReplaceAll(string(r.our.Raw), "\r\n", "\n") }, counted: "own"},
		{name: "a list", mail: func(r deskRig) string { return r.ours("List-Id: <x.example>") }, counted: "list", foreign: true},
	} {
		for _, shared := range []bool{false, true} {
			r := newDeskRig(t, shared)
			h := r.handle(t, c.mail(r))
			holds := c.holds
			if c.foreign && shared {
				holds = 0
			}
			if len(r.c.got) != c.got || len(r.c.notices) != c.notices || len(r.l.holds()) != holds || h.Foreign != (shared && c.foreign) || holds == c.holds && r.d.Counts()[c.counted] != 1 {
				t.Errorf("%s, shared %v: %d to the coach, %d notices, %d held, foreign %v; %v", c.name, shared, len(r.c.got), len(r.c.notices), len(r.l.holds()), h.Foreign, r.d.Counts())
			}
			if c.notices > 0 && r.c.notices[0].Kind != c.kind {
				t.Errorf("%s: a notice of kind %s", c.name, r.c.notices[0].Kind)
			}
			if looped := strings.Contains(r.log.String(), "mail goes round"); looped != (c.counted == "loop") {
				t.Errorf("%s: the log says that it goes round: %v", c.name, looped)
			}
		}
	}
}

// TestDeskHoldsInASharedMailboxWhatIsOurs: what names neither a letter nor a conversation of ours is left alone.
func TestDeskHoldsInASharedMailboxWhatIsOurs(t *testing.T) {
	odd := "coach+" + strings.Repeat("a", tokenChars-1) + "-@demo.test"
	for _, c := range []struct {
		name, conversation, to, answers string
		held                            bool
	}{
		{"nothing of ours", "", "coach@demo.test", "x@else.test", false},
		{"a conversation", "c1", "coach@demo.test", "x@else.test", true},
		{"a Message-ID in our domain", "", "coach@demo.test", "x@Demo.Test", true},
		{"one with a mark but no token, in our domain", "", "coach@demo.test", "short.q@demo.test", true},
		{"an address like a token", "", strings.Repeat("a", tokenChars) + "@demo.test", "x@else.test", false},
		{"a token with an odd character", "", odd, "x@else.test", false},
	} {
		r := newDeskRig(t, true)
		r.c.result = conversation.Result{Hold: "wrong-sender", Conversation: c.conversation}
		h := r.handle(t, fmt.Sprintf(answer, c.to, c.to, c.answers, c.answers))
		if held := len(r.l.holds()) == 1; held != c.held || h.Foreign == c.held || len(r.c.got[0].Ref.Tokens) != 0 {
			t.Errorf("%s: held %v, foreign %v, tokens %q", c.name, held, h.Foreign, r.c.got[0].Ref.Tokens)
		}
	}
}

// TestDeskFailsWhenTheStoreDoes: a mail that cannot be held is offered again.
func TestDeskFailsWhenTheStoreDoes(t *testing.T) {
	r := newDeskRig(t, false)
	r.c.result, r.l.down = conversation.Result{Hold: "wrong-sender"}, true
	if _, err := r.d.Handle(context10(t), Arrived{Raw: []byte(strings.ReplaceAll(r.ours("X: y"), "\n", "\r\n"))}); err == nil {
		t.Error("no error")
	}
	if _, err := NewDesk(&parser.Parser{}, r.c, r.l, DeskConfig{Address: "no address"}, slog.New(slog.DiscardHandler), newClock().now); err == nil {
		t.Error("a desk without an address")
	}
}

// TestDeskHandsOnTheProof: a proof that failed is not one that is missing.
func TestDeskHandsOnTheProof(t *testing.T) {
	for verdict, want := range map[string]conversation.Proof{"pass": conversation.ProofPass, "fail": conversation.ProofFail, "none": conversation.ProofNone} {
		r := newDeskRig(t, false)
		r.handle(t, strings.Replace(r.ours("X: y"), "dmarc=pass", "dmarc="+verdict, 1))
		if got := r.c.got[0].Proof; got != want {
			t.Errorf("%s: %v", verdict, got)
		}
	}
}

// TestDeskDigestOfNothing: two mails without a word of their own are not the same mail.
func TestDeskDigestOfNothing(t *testing.T) {
	r := newDeskRig(t, false)
	for _, quoted := range []string{"one", "two"} {
		r.handle(t, strings.Replace(r.ours("X: y"), "canary-words I want a house.", "> "+quoted, 1))
	}
	if g := r.c.got; g[0].Digest == g[1].Digest {
		t.Error("the digests are one")
	}
}

// TestDeskBouncesOfOurs: how a bounce names our letter.
func TestDeskBouncesOfOurs(t *testing.T) {
	for _, c := range []struct {
		name, returned, envid string
		want                  []string
		result                conversation.Result
		counted               int // as none of ours
	}{
		{"the letter", "q@demo.test", "", []string{"q@demo.test"}, conversation.Result{Done: true}, 0},
		{"the envelope", "", "E1@Demo.Test", []string{"E1@Demo.Test"}, conversation.Result{Done: true}, 0},
		{"another's envelope", "q@demo.test", "e1@else.test", []string{"q@demo.test"}, conversation.Result{Done: true}, 0},
		{"a letter nobody knows", "q@demo.test", "", []string{"q@demo.test"}, conversation.Result{}, 1},
	} {
		r := newDeskRig(t, false)
		r.c.result = c.result
		h := r.handle(t, bounce(c.returned, c.envid))
		if h.Foreign || len(r.c.notices) == 0 || !slices.Equal(r.c.notices[0].Ref.MessageIDs, c.want) || r.d.Counts()["not-ours:bounce-hard"] != c.counted {
			t.Errorf("%s: %+v; %v", c.name, r.c.notices, r.d.Counts())
		}
	}
	shared := newDeskRig(t, true)
	results := []conversation.Result{{Done: true}, {}}
	shared.c.next = func() conversation.Result { first := results[0]; results = results[1:]; return first }
	if h := shared.handle(t, bounce(shared.our.MessageID, "")); h.Foreign {
		t.Error("of two recipients the first was ours, and the bounce was left")
	}
	if got := shared.d.ref(parser.Message{InReplyTo: []string{"<>"}}).MessageIDs; len(got) != 0 {
		t.Errorf("an empty Message-ID is none: %q", got)
	}
}

// TestKeysBoundaries: the form of a token is checked to its edges before anything is looked up.
func TestKeysBoundaries(t *testing.T) {
	for c, want := range map[byte]bool{'a': true, 'z': true, '0': true, '9': true, 'A': false, '`': false, '{': false, '/': false, ':': false} {
		if isLowerAlnum(c) != want {
			t.Errorf("%q", c)
		}
	}
	k := testKeys(t, "a")
	if k.VerifyToken("x", "") || k.VerifyToken("x", k.Token("x")+"a") || looksLikeToken("") || looksLikeToken(strings.Repeat("-", tokenChars)) {
		t.Error("a token of another form")
	}
}
