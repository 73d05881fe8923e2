package mailer

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"whyloop/conversation"
	"whyloop/parser"
)

// coach is a Receiver that remembers, and answers as it is told.
type coach struct {
	mu      sync.Mutex
	got     []conversation.Inbound
	notices []conversation.Notice
	result  conversation.Result
	next    func() conversation.Result // instead of result
	err     error
}

func (c *coach) Receive(_ context.Context, in conversation.Inbound) (conversation.Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, in)
	return c.result, c.err
}

func (c *coach) Notice(_ context.Context, n conversation.Notice) (conversation.Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notices = append(c.notices, n)
	if c.next != nil {
		return c.next(), c.err
	}
	return c.result, c.err
}

type deskRig struct {
	c   *coach
	l   *ledger
	d   *Desk
	log *bytes.Buffer
	our conversation.Letter
}

func newDeskRig(t testing.TB, shared bool) deskRig {
	t.Helper()
	r := deskRig{c: &coach{result: conversation.Result{Conversation: "c1", Done: true}}, l: newLedger(), log: &bytes.Buffer{}}
	comp := testComposer(t)
	var err error
	if r.our, err = comp.Compose(headOf("why/1"), words); err != nil {
		t.Fatal(err)
	}
	p := &parser.Parser{AuthServIDs: []string{"mx.demo.test"}, Own: []string{"coach@demo.test"}, OwnMark: comp.c.Keys.OwnMark}
	log := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if r.d, err = NewDesk(p, r.c, r.l, DeskConfig{Address: "coach@demo.test", Shared: shared}, log, newClock().now); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r deskRig) handle(t testing.TB, raw string) Handled {
	t.Helper()
	h, err := r.d.Handle(context10(t), Arrived{UID: 1, At: newClock().now(), Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n"))})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const answer = `Return-Path: <sam@demo.test>
Delivered-To: %s
Authentication-Results: mx.demo.test; dmarc=pass header.from=demo.test
Received: from x by mx.demo.test; Mon, 23 Nov 2026 09:00:00 +0000
From: Sam <Sam@demo.test>
To: %s
Subject: Re: A question, canary-subject
Message-ID: <m1@phone>
In-Reply-To: <%s>
References: <%s>
Content-Type: text/plain; charset=utf-8

canary-words I want a house.
`

func TestDeskTakesAReply(t *testing.T) {
	r := newDeskRig(t, false)
	plus := "coach+" + r.our.Token + "@demo.test"
	r.handle(t, fmt.Sprintf(answer, plus, plus, r.our.MessageID, "other@x> <"+r.our.Token+".q@demo.test> <"+r.our.MessageID))
	if len(r.c.got) != 1 {
		t.Fatalf("counts %v", r.d.Counts())
	}
	in := r.c.got[0]
	if !slices.Equal(in.Ref.Tokens, []string{r.our.Token}) || in.Ref.From != "sam@demo.test" || in.Proof != conversation.ProofPass || in.MessageID != "m1@phone" || in.Key == "" || in.Digest == "" ||
		!slices.Equal(in.Ref.MessageIDs, []string{r.our.MessageID, r.our.Token + ".q@demo.test", "other@x"}) {
		t.Fatalf("%+v", in)
	}
	v, err := in.Mail.Visible(conversation.Known{Sent: []string{r.our.Text}, Name: "Sam", Address: "sam@demo.test"})
	if err != nil || v.Text != "canary-words I want a house." {
		t.Fatalf("%+v, %v", v, err)
	}
	for _, private := range []string{"canary", "sam@", "Sam", "phone", r.our.Token} {
		if strings.Contains(r.log.String(), private) {
			t.Errorf("%q stands in the log", private)
		}
	}
}

// TestDeskReadsTheTokenWhereverItStands: a rewritten Message-ID leaves References or the address.
func TestDeskReadsTheTokenWhereverItStands(t *testing.T) {
	r := newDeskRig(t, false)
	tok := r.our.Token
	for _, raw := range []string{
		fmt.Sprintf(answer, "coach@demo.test", "COACH+"+strings.ToUpper(tok)+"@Demo.Test", "rewritten@x", "rewritten@x"),
		fmt.Sprintf(answer, "coach+"+tok+"@demo.test", "coach@demo.test", "rewritten@x", "rewritten@x"),
		fmt.Sprintf(answer, "coach@demo.test", "coach@demo.test", "rewritten@x", tok+".q@demo.test> <rewritten@x"),
	} {
		r.handle(t, raw)
		if in := r.c.got[len(r.c.got)-1]; !slices.Equal(in.Ref.Tokens, []string{tok}) {
			t.Errorf("tokens %v", in.Ref.Tokens)
		}
	}
	for _, foreign := range []string{"coach+" + tok + "@evil.test", "coach2+" + tok + "@demo.test", "coach+short@demo.test"} {
		r.handle(t, fmt.Sprintf(answer, "coach@demo.test", foreign, "y@x", tok+".q@evil.test"))
		if in := r.c.got[len(r.c.got)-1]; len(in.Ref.Tokens) != 0 {
			t.Errorf("%s: tokens %v", foreign, in.Ref.Tokens)
		}
	}
}

func TestDeskHoldsWhatTheCoachWillNotTake(t *testing.T) {
	r := newDeskRig(t, false)
	r.c.result = conversation.Result{Conversation: "c1", Hold: "wrong-sender"}
	raw := fmt.Sprintf(answer, "coach@demo.test", "coach@demo.test", r.our.MessageID, r.our.MessageID)
	r.handle(t, raw)
	held := r.l.holds()
	if len(held) != 1 || held[0].Reason != "wrong-sender" || held[0].Conversation != "c1" || held[0].Key == "" || string(held[0].Raw) != strings.ReplaceAll(raw, "\n", "\r\n") {
		t.Fatalf("held %+v", held)
	}
}

func TestDeskFailsWhenTheCoachDoes(t *testing.T) {
	r := newDeskRig(t, false)
	r.c.err = errTest
	for _, raw := range []string{fmt.Sprintf(answer, "coach@demo.test", "coach@demo.test", "x@y", "x@y"), bounce(r.our.MessageID, "")} {
		if _, err := r.d.Handle(context10(t), Arrived{Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n"))}); err == nil {
			t.Error("no error")
		}
	}
}

func bounce(returned, envid string) string {
	if envid != "" {
		envid = "Original-Envelope-Id: " + envid + "\n"
	}
	return `Return-Path: <>
From: MAILER-DAEMON@mx.demo.test
To: coach@demo.test
Subject: Undelivered Mail Returned to Sender
Message-ID: <b1@mx.demo.test>
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

` + envid + `Reporting-MTA: dns; mx.demo.test

Final-Recipient: rfc822; Sam@demo.test
Action: failed
Status: 5.1.1

Final-Recipient: rfc822; mo@demo.test
Action: delayed
Status: 4.2.2

Final-Recipient: rfc822; ok@demo.test
Action: relayed
Status: 2.0.0
--b
Content-Type: text/rfc822-headers

Message-ID: <` + returned + `>
Subject: A question
--b--
`
}

func TestDeskNotices(t *testing.T) {
	r := newDeskRig(t, false)
	r.handle(t, bounce(r.our.MessageID, r.our.MessageID))
	if len(r.c.notices) != 2 {
		t.Fatalf("notices %+v", r.c.notices)
	}
	hard, soft := r.c.notices[0], r.c.notices[1]
	if hard.Kind != conversation.NoticeHard || hard.Recipient != "sam@demo.test" || hard.Status != "5.1.1" || !slices.Contains(hard.Ref.MessageIDs, r.our.MessageID) || hard.ID == soft.ID {
		t.Errorf("hard %+v", hard)
	}
	if soft.Kind != conversation.NoticeSoft || soft.Recipient != "mo@demo.test" {
		t.Errorf("soft %+v", soft)
	}
}

// TestDeskKnowsABounceByItsAddress: servers that return nothing of the letter still write to its envelope sender.
func TestDeskKnowsABounceByItsAddress(t *testing.T) {
	r := newDeskRig(t, false)
	to := "coach+b" + r.our.Token + "@demo.test"
	r.handle(t, "Return-Path: <>\nDelivered-To: "+to+"\nFrom: MAILER-DAEMON@mx.demo.test\nTo: "+to+"\nSubject: failure notice\n\n<sam@demo.test>:\n550 5.1.1 No such user\n")
	if len(r.c.notices) != 1 || r.c.notices[0].Kind != conversation.NoticeHard || !slices.Equal(r.c.notices[0].Ref.Tokens, []string{r.our.Token}) {
		t.Fatalf("notices %+v; counts %v", r.c.notices, r.d.Counts())
	}
	for _, odd := range []string{"coach+b@demo.test", "coach+bb" + r.our.Token + "@demo.test", "coach+b" + r.our.Token + "@else.test"} {
		r.handle(t, "Return-Path: <>\nFrom: MAILER-DAEMON@mx.demo.test\nTo: "+odd+"\nSubject: failure notice\n\n550 5.1.1 No such user\n")
	}
	if len(r.c.notices) != 1 {
		t.Errorf("%d notices by addresses that are not ours", len(r.c.notices))
	}
}

func TestDeskAbsence(t *testing.T) {
	r := newDeskRig(t, false)
	raw := strings.Replace(fmt.Sprintf(answer, "coach@demo.test", "coach@demo.test", r.our.MessageID, r.our.MessageID), "Subject: Re:", "Auto-Submitted: auto-replied\nSubject: Automatic reply:", 1)
	r.handle(t, raw)
	if len(r.c.got) != 0 || len(r.c.notices) != 1 || r.c.notices[0].Kind != conversation.NoticeAbsence || !slices.Contains(r.c.notices[0].Ref.MessageIDs, r.our.MessageID) {
		t.Fatalf("got %v, notices %+v", r.c.got, r.c.notices)
	}
}

// TestDeskHintsAtAnAbsence: nothing marks this mail as a machine's, but its words make the coach ask again
// if it came within a minute of the letter.
func TestDeskHintsAtAnAbsence(t *testing.T) {
	r := newDeskRig(t, false)
	raw := fmt.Sprintf(answer, "coach@demo.test", "coach@demo.test", r.our.MessageID, r.our.MessageID)
	r.handle(t, strings.Replace(raw, "canary-words I want a house.", "Thanks! I am on annual leave this week.", 1))
	r.handle(t, raw)
	if len(r.c.got) != 2 || !r.c.got[0].Absence || r.c.got[1].Absence {
		t.Fatalf("got %+v; counts %v", r.c.got, r.d.Counts())
	}
}

// TestDeskLeavesMachinesAlone: none of these reaches the coach.
func TestDeskLeavesMachinesAlone(t *testing.T) {
	r := newDeskRig(t, false)
	mark := func(field string) string {
		return strings.Replace(fmt.Sprintf(answer, "coach@demo.test", "coach@demo.test", "x@y", "x@y"), "Subject:", field+"\nSubject:", 1)
	}
	for _, raw := range []string{mark("List-Id: <x.example>"), mark("Precedence: bulk"), strings.ReplaceAll(string(r.our.Raw), "\r\n", "\n")} {
		r.handle(t, raw)
	}
	if len(r.c.got)+len(r.c.notices)+len(r.l.holds()) != 0 {
		t.Fatalf("got %v, notices %v, held %v; counts %v", r.c.got, r.c.notices, r.l.holds(), r.d.Counts())
	}
}

func TestDeskSharedMailbox(t *testing.T) {
	r := newDeskRig(t, true)
	r.c.result = conversation.Result{Hold: "unknown-sender"}
	stranger := fmt.Sprintf(answer, "coach@demo.test", "coach@demo.test", "x@y", "x@y")
	if h := r.handle(t, stranger); !h.Foreign || len(r.l.holds()) != 0 {
		t.Error("a stranger's mail was touched")
	}
	if h := r.handle(t, fmt.Sprintf(answer, "coach@demo.test", "coach+"+r.our.Token+"@demo.test", "x@y", "x@y")); h.Foreign || len(r.l.holds()) != 1 {
		t.Error("mail with our token was left")
	}
	r.c.result = conversation.Result{}
	if h := r.handle(t, bounce("not-ours@x", "")); !h.Foreign {
		t.Error("a foreign bounce was touched")
	}
	r.c.result = conversation.Result{Conversation: "c1", Done: true}
	if h := r.handle(t, stranger); h.Foreign {
		t.Error("a rep's mail was left")
	}
}

func TestDeskDigest(t *testing.T) {
	r := newDeskRig(t, false)
	raw := fmt.Sprintf(answer, "coach@demo.test", "coach@demo.test", "x@y", "x@y")
	r.handle(t, raw)
	r.handle(t, strings.Replace(raw, "m1@phone", "m2@phone", 1))
	r.handle(t, strings.Replace(raw, "house", "boat", 1))
	if g := r.c.got; g[0].Digest != g[1].Digest || g[0].Key == g[1].Key || g[0].Digest == g[2].Digest {
		t.Error("digests or keys are wrong")
	}
}
