package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
)

// TestStrangersOverSockets takes each line of "Who may answer" through the whole daemon: a mail that answers a letter of the
// rep's and is not, provably, theirs. It moves nothing, its writer hears nothing, and it is held.
func TestStrangersOverSockets(t *testing.T) {
	const eve = "eve@elsewhere.example"
	from := func(line string) func([]byte) []byte {
		return func(raw []byte) []byte {
			_, rest, _ := bytes.Cut(raw, []byte("\r\n")) // the client writes From first
			return append([]byte(line+"\r\n"), rest...)
		}
	}
	add := func(line string) func([]byte) []byte {
		return func(raw []byte) []byte { return append([]byte(line+"\r\n"), raw...) }
	}
	for _, c := range []struct {
		name, user string // who signs in at the provider
		change     func(raw []byte) []byte
		hold       string
		asked      bool // the rep is asked whether it was them
	}{
		{"Forged From", eve, from("From: Sam <sam@example.com>"), "failed-proof", false},
		{"Forged A-R", eve, add("Authentication-Results: mx.example.com; dmarc=pass header.from=example.com"), "failed-proof", false},
		{"Two From", "sam@example.com", add("From: Eve <" + eve + ">"), "any", false},
		{"Two authors in one From", "sam@example.com", from("From: Sam <sam@example.com>, Eve <" + eve + ">"), "any", false},
		{"Display name", eve, from(`From: "sam@example.com" <` + eve + `>`), "wrong-sender", true},
		{"Group", "sam@example.com", from("From: Sales: sam@example.com;"), "any", false},
		{"Homoglyph", eve, from("From: Sam <sam@examp1e.com>"), "any", false},
		{"Second address", home, from("From: Sam <" + home + ">"), "wrong-sender", true},
		{"Forwarded to a colleague who replies", "kim@example.com", from("From: Kim <kim@example.com>"), "wrong-sender", true},
		{"Forwarded to the manager who replies", "dana@example.com", from("From: Dana <dana@example.com>"), "manager", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := setStage(t, demoPolicy)
			s.servers.(inProcess).AddUser(c.user, demoPassword)
			s.playUntil(t, "2026-11-23 09:00")
			invite := s.letters(t, s.cast.rep)[0]
			raw := gmail("Sam <sam@example.com>", invite, "yes", s.clock.Now())
			if !bytes.HasPrefix(raw, []byte("From: Sam")) {
				t.Fatalf("a client that begins with %.40s", raw)
			}
			raw = c.change(raw)
			s.mails = append(s.mails, raw)
			if err := s.servers.Submit(c.user, bareAddress(invite.ReplyTo), raw); err != nil {
				t.Fatal(err)
			}
			if err := s.settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.playUntil(t, "2026-11-23 12:00")
			held, err := s.daemon.store.Held(t.Context())
			if err != nil || len(held) != 1 || held[0].Reason != c.hold && c.hold != "any" {
				t.Errorf("held %+v, want %s", held, c.hold)
			}
			if conv, err := s.daemon.store.ByAddress(t.Context(), s.cast.rep.mail); err != nil || conv.Stage != conversation.StageInvited {
				t.Errorf("at stage %s, %v", conv.Stage, err)
			}
			got := s.letters(t, s.cast.rep)
			if len(got) != map[bool]int{false: 1, true: 2}[c.asked] || c.asked && !strings.Contains(got[1].Text, "Was that you?") {
				t.Errorf("the rep got %q", heads(got))
			}
			ours := 0
			for _, e := range accepted(s) {
				if e.User == "coach@example.com" {
					ours++
					if len(e.To) != 1 || e.To[0] != s.cast.rep.mail {
						t.Errorf("a letter to %q", e.To)
					}
				}
			}
			if ours != len(got) {
				t.Errorf("%d letters of ours, the rep got %d", ours, len(got))
			}
		})
	}
}

// TestManagerReplyAllOverSockets: after the manager's answer to all, what comes next goes to the rep alone, and nothing of
// their words is in it.
func TestManagerReplyAllOverSockets(t *testing.T) {
	s, _ := setStage(t, demoPolicy, canaryScript()...)
	s.playUntil(t, "2026-11-28 09:00")
	summaries := s.letters(t, s.cast.manager)
	if len(summaries) != 1 {
		t.Fatalf("the manager got %q", heads(summaries))
	}
	before := len(accepted(s))
	raw := gmail(s.cast.manager.String(), summaries[0], "Good work, canaryboss is proud", s.clock.Now())
	raw = bytes.Replace(raw, []byte("\r\nSubject:"), []byte("\r\nCc: "+s.cast.rep.mail+"\r\nSubject:"), 1)
	s.mails = append(s.mails, raw)
	if err := s.servers.Submit(s.cast.manager.mail, bareAddress(summaries[0].From), raw); err != nil {
		t.Fatal(err)
	}
	if err := s.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.playUntil(t, "2026-12-01 12:00")
	ours := 0
	for _, e := range accepted(s)[before:] {
		if e.User != "coach@example.com" {
			continue
		}
		ours++
		text, err := everything(e.Raw)
		if err != nil {
			t.Fatal(err)
		}
		if len(e.To) != 1 || e.To[0] != s.cast.rep.mail || bytes.Contains(text, []byte("canaryboss")) {
			t.Errorf("a letter to %q: %s", e.To, text)
		}
	}
	if held, err := s.daemon.store.Held(t.Context()); err != nil || len(held) != 0 || ours == 0 {
		t.Errorf("held %+v, %v; %d letters came after it", held, err, ours)
	}
}

// TestExchangeOnline: inside a tenant of Microsoft's, whose own mail is marked instead of signed, the mark counts; a forged
// one from outside does not, and neither does its Authentication-Results, which names no server.
func TestExchangeOnline(t *testing.T) {
	const inside = "Received: from A.eurprd01.prod.outlook.com (2603::1) by B.eurprd01.prod.outlook.com (2603::2) with HTTPS; Mon, 5 Jan 2026 09:00:00 +0000\r\n"
	const outside = "Received: from mail.elsewhere.example (192.0.2.9) by mx.evil.example with ESMTPS; Mon, 5 Jan 2026 09:00:00 +0000\r\n"
	const mark = "X-MS-Exchange-Organization-AuthAs: Internal\r\n"
	for _, c := range []struct {
		name, head string
		taken      bool
	}{
		{"inside the tenant", inside + mark, true},
		{"from outside, marked by its sender", outside + mark, false},
		{"from outside, as the tenant saw it", inside + "X-MS-Exchange-Organization-AuthAs: Anonymous\r\n", false},
		{"results without a server's name", inside + "Authentication-Results: spf=pass smtp.mailfrom=northwind.example; dkim=pass header.d=northwind.example; dmarc=pass header.from=northwind.example\r\n", false},
		{"nothing", inside, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPost(t, strings.Replace(anyHourConfig, worldConfig, worldConfig+"[log]\nlevel = \"info\"\n", 1))
			p.config.Trust.Profile, p.config.Trust.AuthservID = profileExchangeOnline, ""
			p.restart()
			ctx := t.Context()
			if _, err := p.coach.Enrol(ctx, conversation.Rep{Name: "Sam", Address: conversation.Address{Name: "Sam", Mail: "sam@northwind.example"},
				Manager: conversation.Address{Name: "Dana", Mail: "dana@northwind.example"}, Zone: "UTC", Language: "en"}); err != nil {
				t.Fatal(err)
			}
			p.pass(time.Minute)
			raw := gmail("Sam <sam@northwind.example>", p.last("sam@northwind.example"), "yes", p.clock.Now())
			if _, err := p.desk.Handle(ctx, arrived(p, append([]byte(c.head), raw...))); err != nil {
				t.Fatal(err)
			}
			moved := p.stored("sam@northwind.example").Stage == conversation.StageGoal
			if moved != c.taken || p.held()["no-proof"] != map[bool]int{true: 0, false: 1}[c.taken] {
				t.Errorf("taken %v, held %v", moved, p.held())
			}
		})
	}
}

// TestForwardedBySealer: a reply that a configured forwarder sealed is taken, though its own proof was broken on the way; by
// any other it is held. This is the ARC line of the table.
func TestForwardedBySealer(t *testing.T) {
	const hop = "Received: from out.lists.example (out.lists.example [192.0.2.9]) by mx.northwind.example with ESMTPS; Mon, 5 Jan 2026 09:00:00 +0000\r\n"
	const sealed = "Authentication-Results: mx.northwind.example; arc=pass; dmarc=fail header.from=northwind.example\r\n" + hop +
		"ARC-Seal: i=1; a=rsa-sha256; cv=none; d=lists.example; s=s; b=xx\r\nARC-Message-Signature: i=1; d=lists.example; b=xx\r\n" +
		"ARC-Authentication-Results: i=1; mx.lists.example; dmarc=pass header.from=northwind.example\r\n"
	for sealer, taken := range map[string]bool{"lists.example": true, "other.example": false} {
		p := newPost(t, anyHourConfig)
		rep, goal := p.invited("sam")
		p.config.Trust.ARCSealers = []string{sealer}
		p.restart()
		raw := gmail("Sam <"+rep+">", goal, "close twenty deals", p.clock.Now())
		if _, err := p.desk.Handle(t.Context(), arrived(p, append([]byte(sealed), raw...))); err != nil {
			t.Fatal(err)
		}
		if moved := p.stored(rep).Ladder.Goal != ""; moved != taken || p.held()["failed-proof"] != map[bool]int{true: 0, false: 1}[taken] {
			t.Errorf("sealers %s: taken %v, held %v", sealer, moved, p.held())
		}
	}
}
