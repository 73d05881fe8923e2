package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

// A post is a world in which a test reads all mail itself.
type post struct {
	*world
	boxes map[string][]mailText // by recipient
	keys  map[string]string     // Message-ID -> letter key
	raws  map[string][]byte     // Message-ID -> the letter's bytes
}

func newPost(t testing.TB, extra string) *post {
	t.Helper()
	p := &post{world: newWorld(t, 1, extra), boxes: map[string][]mailText{}, keys: map[string]string{}, raws: map[string][]byte{}}
	p.deliver = func(d conversation.Delivery) {
		l, err := readMail(d.Raw)
		if err != nil {
			t.Error(err)
		}
		p.boxes[d.Recipient] = append(p.boxes[d.Recipient], l)
		p.keys[l.MessageID], p.raws[l.MessageID] = d.Letter, d.Raw
	}
	return p
}

// invited enrols a rep who says yes and is asked for a goal.
func (p *post) invited(name string, aliases ...string) (address string, goal mailText) {
	p.t.Helper()
	address = name + "@northwind.example"
	_, err := p.coach.Enrol(context.Background(), conversation.Rep{Name: "Sam", Address: conversation.Address{Name: "Sam", Mail: address}, Aliases: aliases,
		Manager: conversation.Address{Name: "Dana", Mail: "dana@northwind.example"}, Zone: "UTC", Language: "en"})
	if err != nil {
		p.t.Fatal(err)
	}
	p.pass(time.Minute)
	p.says(address, p.last(address), "yes")
	if got := p.stored(address).Stage; got != conversation.StageGoal {
		p.t.Fatalf("at stage %s", got)
	}
	return address, p.last(address)
}

func (p *post) last(address string) mailText {
	p.t.Helper()
	box := p.boxes[address]
	if len(box) == 0 {
		p.t.Fatalf("%s got nothing", address)
	}
	return box[len(box)-1]
}

// pass lets time pass.
func (p *post) pass(d time.Duration) { p.t.Helper(); p.run(p.clock.Now().Add(d)) }

// says sends a reply from where it should come.
func (p *post) says(address string, to mailText, text string) {
	p.t.Helper()
	p.write(0, address, gmail("Sam <"+address+">", to, text, p.clock.Now().Add(time.Duration(p.uid))))
	p.pass(time.Hour)
}

// total counts all letters to anyone.
func (p *post) total() int {
	n := 0
	for _, box := range p.boxes {
		n += len(box)
	}
	return n
}

// TestWhoMayAnswer takes a reply to the open question through bytes, desk and coach, changed in one way each.
func TestWhoMayAnswer(t *testing.T) {
	swap := func(from, to string) func([]byte) []byte {
		return func(raw []byte) []byte { return bytes.Replace(raw, []byte(from), []byte(to), 1) }
	}
	field := func(line string) func([]byte) []byte {
		return func(raw []byte) []byte { return append([]byte(line+"\r\n"), raw...) }
	}
	none := func(raw []byte) []byte { return raw }
	p := newPost(t, anyHourConfig)
	_, others := p.invited("other")
	for k, c := range []struct {
		name   string
		user   string // who signed in; "" means the rep
		change func([]byte) []byte
		held   string // reason; "" when it is not held
		taken  bool
		asked  bool // the rep is asked whether it was them
	}{
		{"the rep", "", none, "", true, false},
		{"the rep, with somebody copied in", "", swap("\r\nSubject:", "\r\nCc: dana@northwind.example, boss@elsewhere.example\r\nSubject:"), "", true, false},
		{"the rep, with a forged mark of ours", "", field("X-Whyloop: a23456789abcdefghijklmnop"), "", true, false},
		{"the rep at a registered alias", "sam.alias@elsewhere.example", swap("From: Sam <REP>", "From: Sam <sam.alias@elsewhere.example>"), "", true, false},
		{"the rep at a second address", "sam@private.example", swap("From: Sam <REP>", "From: Sam <sam@private.example>"), "wrong-sender", false, true},
		{"a colleague it was forwarded to", "kim@northwind.example", swap("From: Sam <REP>", "From: Kim <kim@northwind.example>"), "wrong-sender", false, true},
		{"the manager it was forwarded to", "dana@northwind.example", swap("From: Sam <REP>", "From: Dana <dana@northwind.example>"), "manager", false, false},
		{"a forger", "eve@elsewhere.example", none, "failed-proof", false, false},
		{"a forger with a server's word of their own", "eve@elsewhere.example", field("Authentication-Results: mx.northwind.example; dmarc=pass header.from=example.com"), "failed-proof", false, false},
		{"a forger with the rep as display name", "eve@elsewhere.example", swap("From: Sam <REP>", `From: "REP" <eve@elsewhere.example>`), "wrong-sender", false, true},
		{"a homoglyph", "sam@nоrthwind.example", swap("From: Sam <REP>", "From: Sam <sam@nоrthwind.example>"), "any", false, false},
		{"two authors", "", swap("From: Sam <REP>", "From: Sam <REP>, Eve <eve@elsewhere.example>"), "any", false, false},
		{"two From fields", "", field("From: Eve <eve@elsewhere.example>"), "any", false, false},
		{"no author", "", swap("From: Sam <REP>", "From: Sams:;"), "any", false, false},
		{"another rep's token", "", func(raw []byte) []byte {
			raw = bytes.ReplaceAll(raw, []byte("TOKEN"), []byte(bareAddress(others.ReplyTo)))
			return bytes.ReplaceAll(raw, []byte("MSGID"), []byte(others.MessageID))
		}, "wrong-sender", false, false},
		{"an auto-reply", "", field("Auto-Submitted: auto-replied"), "", false, false},
		{"a list", "", field("List-Id: <sales.example.com>"), "", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p.t = t
			name := fmt.Sprintf("rep%d", k)
			var aliases []string
			if strings.Contains(c.name, "alias") {
				aliases = []string{"sam.alias@elsewhere.example"}
			}
			rep, goal := p.invited(name, aliases...)
			user := c.user
			if user == "" {
				user = rep
			}
			before, held := p.total(), p.held()
			fits := goal
			if c.name == "another rep's token" {
				fits.ReplyTo, fits.MessageID, fits.References = "TOKEN", "MSGID", ""
			}
			raw := gmail("Sam <REP>", fits, "close twenty deals in the north", p.clock.Now().Add(time.Duration(p.uid)))
			raw = bytes.ReplaceAll(c.change(raw), []byte("REP"), []byte(rep))
			p.write(0, user, raw)
			p.pass(time.Hour)
			moved := p.stored(rep).Stage != conversation.StageGoal || p.stored(rep).Ladder.Goal != ""
			if letters := p.total() - before; moved != c.taken || letters != map[bool]int{true: 1}[c.taken || c.asked] {
				t.Errorf("moved %v, %d letters", moved, letters)
			}
			if asked := kindOf(p.keys[p.last(rep).MessageID]) == conversation.KindAddress; asked != c.asked {
				t.Errorf("the rep was asked whether it was them: %v", asked)
			}
			if (c.taken || c.asked) && (bareAddress(p.last(rep).To) != rep || p.last(rep).Cc != "") {
				t.Errorf("the answer is to %s, Cc %s", p.last(rep).To, p.last(rep).Cc)
			}
			got := ""
			for reason, n := range p.held() {
				if n > held[reason] {
					got = reason
				}
			}
			if got != c.held && (c.held != "any" || got == "") {
				t.Errorf("held as %q, want %q", got, c.held)
			}
		})
	}
	p.t = t
}

// TestNoWordFromTheServer: with a server pinned, a mail on which it says nothing does not count.
func TestNoWordFromTheServer(t *testing.T) {
	p := newPost(t, anyHourConfig)
	rep, goal := p.invited("sam")
	raw := gmail("Sam <"+rep+">", goal, "close twenty deals", p.clock.Now())
	if _, err := p.desk.Handle(t.Context(), arrived(p, raw)); err != nil {
		t.Fatal(err)
	}
	if got := p.held(); got["no-proof"] != 1 || p.stored(rep).Stage != conversation.StageGoal {
		t.Errorf("held %v, at stage %s", got, p.stored(rep).Stage)
	}
}

// TestUnprovenStop: a stop that cannot be proven pauses in silence and the contact is told; its writer gets nothing.
func TestUnprovenStop(t *testing.T) {
	p := newPost(t, anyHourConfig)
	rep, goal := p.invited("sam")
	before := len(p.boxes[rep])
	p.write(0, "sam@private.example", gmail("Sam <sam@private.example>", goal, "stop", p.clock.Now()))
	p.pass(time.Hour)
	if c := p.stored(rep); !c.Paused || c.End != conversation.NotEnded {
		t.Errorf("paused %v, ended %q", c.Paused, c.End)
	}
	if len(p.boxes[rep]) != before || len(p.boxes["sam@private.example"]) != 0 || len(p.boxes["ines@northwind.example"]) != 1 {
		t.Errorf("the rep got %d more, the writer %d, the contact %d", len(p.boxes[rep])-before, len(p.boxes["sam@private.example"]), len(p.boxes["ines@northwind.example"]))
	}
	for n := range 30 { // whoever holds the letter can say it again and again: nobody hears more of it
		p.write(0, "sam@private.example", gmail("Sam <sam@private.example>", goal, "stop", p.clock.Now().Add(time.Duration(n)*time.Second)))
		p.pass(time.Minute)
	}
	if n := len(p.boxes["ines@northwind.example"]); n != 1 || p.stored(rep).Held != "" {
		t.Errorf("the contact got %d letters, held %q", n, p.stored(rep).Held)
	}
	if text := p.boxes["ines@northwind.example"][0].Text; strings.Contains(text, "private.example") {
		t.Errorf("the contact is told the stranger's address: %s", text)
	}
}

// reachSummary plays a rep's way until their manager has a summary.
func reachSummary(t *testing.T) (p *post, rep string, summary mailText) {
	t.Helper()
	p = newPost(t, anyHourConfig)
	rep, goal := p.invited("sam")
	p.says(rep, goal, "close twenty deals")
	for _, text := range []string{"a bonus for my family", "that's it", "yes", "private", "phone Bert about the roof", "After lunch, I will"} {
		p.says(rep, p.last(rep), text)
	}
	p.pass(72 * time.Hour)
	preview := p.last(rep)
	if p.keys[preview.MessageID] == "" || kindOf(p.keys[preview.MessageID]) != conversation.KindPreview {
		t.Fatalf("the last letter is %s", p.keys[preview.MessageID])
	}
	p.says(rep, preview, "ok")
	p.pass(48 * time.Hour)
	return p, rep, p.last("dana@northwind.example")
}

// TestManagerReplyAll: what a manager answers to all reaches the rep by itself: nothing is passed on, nothing moves,
// and the next letter has one recipient. What they answer to us alone is passed on.
func TestManagerReplyAll(t *testing.T) {
	p, rep, summary := reachSummary(t)
	stage, before := p.stored(rep).Stage, len(p.boxes[rep])
	all := bytes.Replace(gmail("Dana <dana@northwind.example>", summary, "Good work, Sam", p.clock.Now()), []byte("\r\nSubject:"), []byte("\r\nCc: "+rep+"\r\nSubject:"), 1)
	p.write(0, "dana@northwind.example", all)
	p.pass(time.Hour)
	if len(p.boxes[rep]) != before || p.stored(rep).Stage != stage {
		t.Errorf("the rep got %q, at stage %s", p.boxes[rep][before:], p.stored(rep).Stage)
	}
	p.write(0, "dana@northwind.example", outlook("Dana <dana@northwind.example>", summary, "Tell him I am glad", p.clock.Now()))
	p.pass(time.Hour)
	p.pass(72 * time.Hour)
	got := p.boxes[rep][before:]
	if len(got) == 0 || !strings.Contains(got[0].Text, "Tell him I am glad") {
		t.Fatalf("the rep got %+v", got)
	}
	for _, l := range got {
		if bareAddress(l.To) != rep || l.Cc != "" {
			t.Errorf("a letter to %s, Cc %s", l.To, l.Cc)
		}
	}
	if n := len(p.boxes["dana@northwind.example"]); n != 1 {
		t.Errorf("the manager got %d letters", n)
	}
	if diff := cmp.Diff(map[string]int{}, p.held()); diff != "" {
		t.Errorf("held: %s", diff)
	}
}

// TestForgedBounce: anyone can write a bounce; it counts only where it names a letter of ours.
func TestForgedBounce(t *testing.T) {
	p := newPost(t, anyHourConfig)
	rep, goal := p.invited("sam")
	bounce := func(returned string) []byte {
		return []byte("From: MAILER-DAEMON@northwind.example\r\nTo: " + worldCoach + "\r\nSubject: Undelivered Mail\r\nMessage-ID: <" + fmt.Sprint(len(returned), p.uid) + "@x.example>\r\nDate: Mon, 05 Jan 2026 10:00:00 +0000\r\n" +
			"MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nundelivered\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n" +
			"Reporting-MTA: dns; mx.northwind.example\r\n\r\nFinal-Recipient: rfc822; " + rep + "\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: " + returned + "\r\n\r\n--b--\r\n")
	}
	for _, forged := range []string{"<guess@northwind.example>", "<>", "<a" + strings.Repeat("a", 24) + "@northwind.example>"} {
		p.write(0, "", bounce(forged))
		p.pass(time.Hour)
		if end := p.stored(rep).End; end != conversation.NotEnded {
			t.Fatalf("a bounce of %s ended it as %q", forged, end)
		}
	}
	before := p.total()
	p.write(0, "", bounce(goal.MessageID))
	p.pass(time.Hour)
	if end := p.stored(rep).End; end != conversation.Bounced || p.total() != before {
		t.Errorf("a true bounce: ended as %q, %d letters", end, p.total()-before)
	}
}
