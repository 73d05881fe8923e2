package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// again judges held mail anew where the coach says so, as the daemon does at its next ring.
func (p *post) again() int {
	p.t.Helper()
	n, err := readmit(p.t.(*testing.T).Context(), p.config, p.coach, p.store)
	if err != nil {
		p.t.Fatal(err)
	}
	p.pass(time.Hour)
	return n
}

// elsewhere sends an answer from another address, proven by its own server.
func (p *post) elsewhere(address string, to mailText, text string) {
	p.t.Helper()
	p.write(0, address, gmail("Sam <"+address+">", to, text, p.clock.Now().Add(time.Duration(p.uid))))
	p.pass(time.Hour)
}

const home = "sam.home@private.example"

// TestSecondAddress: an answer from an address we do not know is held unanswered. The rep is asked at the one we
// know, without a private word; their yes makes it theirs and has the mail taken, and their no ends that.
func TestSecondAddress(t *testing.T) {
	p := newPost(t, anyHourConfig)
	rep, goal := p.invited("sam")
	p.elsewhere(home, goal, "close twenty zebras")
	asked := p.last(rep)
	if kindOf(p.keys[asked.MessageID]) != conversation.KindAddress || !strings.Contains(asked.Text, home) || strings.Contains(asked.Text, "zebras") {
		t.Fatalf("the rep got %s", asked.Text)
	}
	if strings.Contains(asked.References, goal.MessageID) || asked.Cc != "" || len(p.boxes[home]) != 0 {
		t.Errorf("References %q, Cc %q, %d letters to the other address", asked.References, asked.Cc, len(p.boxes[home]))
	}
	if p.again() != 0 || p.stored(rep).Ladder.Goal != "" {
		t.Error("taken before the rep said a word")
	}
	p.says(rep, asked, "yes")
	told := p.last(rep)
	if p.again() != 1 || p.stored(rep).Ladder.Goal != "close twenty zebras" || len(p.held()) != 0 {
		t.Fatalf("goal %q, held %v", p.stored(rep).Ladder.Goal, p.held())
	}
	if !strings.Contains(p.last(rep).Text, "close twenty zebras") || len(p.boxes[home]) != 0 {
		t.Errorf("the answer went astray: %s", p.last(rep).Text)
	}
	p.elsewhere(home, p.last(rep), "a bonus for my family")
	if n := len(p.stored(rep).Ladder.Rungs); n != 1 {
		t.Errorf("%d rungs after an answer from the alias", n)
	}
	p.says(rep, told, "no")
	if c := p.stored(rep); len(c.Rep.Aliases) != 0 || c.Seconds[0].Answer != conversation.No {
		t.Errorf("aliases %q, %+v", c.Rep.Aliases, c.Seconds)
	}
	p.elsewhere(home, p.last(rep), "a garden")
	if n := len(p.stored(rep).Ladder.Rungs); n != 1 || p.held()["wrong-sender"] != 1 {
		t.Errorf("%d rungs, held %v", n, p.held())
	}
}

// TestSecondAddressNeedsTheKnownOne: neither silence, nor a no, nor the stranger's own yes makes an address the rep's.
func TestSecondAddressNeedsTheKnownOne(t *testing.T) {
	for name, then := range map[string]func(p *post, rep string, asked mailText){
		"silence":            func(p *post, _ string, _ mailText) { p.pass(40 * 24 * time.Hour) },
		"no":                 func(p *post, rep string, asked mailText) { p.says(rep, asked, "no") },
		"other words":        func(p *post, rep string, asked mailText) { p.says(rep, asked, "who is asking?") },
		"the stranger's yes": func(p *post, _ string, asked mailText) { p.elsewhere(home, asked, "yes") },
		"a forged yes": func(p *post, rep string, asked mailText) {
			p.write(0, home, gmail("Sam <"+rep+">", asked, "yes", p.clock.Now()))
			p.pass(time.Hour)
		},
		"a yes to another question": func(p *post, rep string, _ mailText) { p.says(rep, p.boxes[rep][len(p.boxes[rep])-2], "yes") },
		"an alias's yes": func(p *post, rep string, asked mailText) {
			p.says(rep, asked, "yes")
			p.pass(15 * 24 * time.Hour)
			p.elsewhere("eve@elsewhere.example", asked, "me too")
			p.elsewhere(home, p.last(rep), "yes")
			if got := p.stored(rep).Rep.Aliases; len(got) == 1 && got[0] == home {
				p.says(rep, asked, "no")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t, anyHourConfig)
			rep, goal := p.invited("sam")
			p.elsewhere(home, goal, "close twenty deals")
			then(p, rep, p.last(rep))
			if p.again() != 0 || len(p.stored(rep).Rep.Aliases) != 0 || p.stored(rep).Ladder.Goal == "close twenty deals" {
				t.Errorf("aliases %q, goal %q", p.stored(rep).Rep.Aliases, p.stored(rep).Ladder.Goal)
			}
			if len(p.boxes[home]) != 0 {
				t.Errorf("%d letters to the stranger", len(p.boxes[home]))
			}
		})
	}
}

// TestStrangersCannotMakeUsWrite: whoever holds a letter of a rep's, and however many addresses they have, the rep is
// asked three times in a season, and about nobody who is known: the manager, the contact, another rep.
func TestStrangersCannotMakeUsWrite(t *testing.T) {
	p := newPost(t, anyHourConfig)
	other, _ := p.invited("other")
	rep, goal := p.invited("sam")
	for _, known := range []string{"dana@northwind.example", "ines@northwind.example", other} {
		p.elsewhere(known, goal, "what is this?")
	}
	if kindOf(p.keys[p.last(rep).MessageID]) != conversation.KindGoal {
		t.Errorf("asked about somebody known: %s", p.last(rep).Text)
	}
	asked := func() (n int) {
		for _, l := range p.boxes[rep] {
			if kindOf(p.keys[l.MessageID]) == conversation.KindAddress {
				n++
			}
		}
		return n
	}
	for k := range 60 {
		p.elsewhere(fmt.Sprintf("eve%d@elsewhere.example", k), goal, fmt.Sprintf("answer me, number %d", k))
		p.pass(24 * time.Hour)
	}
	if n := asked(); n != 3 {
		t.Errorf("asked %d times in 60 days, and no answer", n)
	}
	p.elsewhere(`"send-money-to"@elsewhere.example`, goal, "hello")
	p.elsewhere(strings.Repeat("x", 120)+"@elsewhere.example", goal, "hello")
	if n := asked(); n != 3 || p.stored(rep).Held != "" {
		t.Errorf("asked %d times, held %q", n, p.stored(rep).Held)
	}
	for address := range p.boxes {
		if strings.HasSuffix(address, "elsewhere.example") {
			t.Errorf("a letter to %s", address)
		}
	}
}

// TestSecondAddressIsErased: what was learnt of other addresses, and the mail from there, goes with the rep.
func TestSecondAddressIsErased(t *testing.T) {
	p := newPost(t, anyHourConfig)
	rep, goal := p.invited("sam")
	p.elsewhere(home, goal, "close twenty zebras")
	p.says(rep, p.last(rep), "yes")
	p.says(rep, p.last(rep), "export")
	if text, err := everything(p.raws[p.last(rep).MessageID]); err != nil || !strings.Contains(string(text), `"`+home+`"`) {
		t.Errorf("the export does not hold it: %s, %v", text, err)
	}
	p.says(rep, p.last(rep), "forget me")
	p.says(rep, p.last(rep), "delete")
	p.searchStore(t, home, "zebras")
}

// searchStore looks for words in the bytes of every file beside the store, whatever their case.
func (w *world) searchStore(t *testing.T, words ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(filepath.Dir(w.config.Store.Path), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		for _, word := range words {
			if bytes.Contains(bytes.ToLower(b), []byte(strings.ToLower(word))) {
				t.Errorf("%s still holds %q", filepath.Base(path), word)
			}
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
}

// TestSecondAddressOverSockets: the same with the daemon itself, which judges the held mail again when it next rings, be it
// another process by then.
func TestSecondAddressOverSockets(t *testing.T) {
	s, book := setStage(t, demoPolicy)
	s.servers.(inProcess).AddUser(home, demoPassword)
	s.playUntil(t, "2026-11-23 09:00")
	send := func(from string, to mailText, text string) {
		t.Helper()
		raw := gmail("Sam <"+from+">", to, text, s.clock.Now())
		s.mails = append(s.mails, raw)
		if err := s.servers.Submit(from, bareAddress(to.ReplyTo), raw); err != nil {
			t.Fatal(err)
		}
		if err := s.settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	send(home, s.letters(t, s.cast.rep)[0], "yes")
	s.playUntil(t, "2026-11-23 10:00")
	got := s.letters(t, s.cast.rep)
	if len(got) != 2 || !strings.Contains(got[1].Text, home) {
		t.Fatalf("the rep got %q", heads(got))
	}
	send(s.cast.rep.mail, got[1], "yes")
	if err := s.restart(); err != nil { // nothing but the store remembers that something is to be judged again
		t.Fatal(err)
	}
	if err := s.daemon.ring(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.playUntil(t, "2026-11-23 12:00")
	if got = s.letters(t, s.cast.rep); len(got) != 4 || !strings.Contains(got[3].Text, "one goal") {
		t.Errorf("the rep got %q", heads(got))
	}
	if strings.Contains(book.String(), "private.example") {
		t.Error("the log names the other address")
	}
}

// TestRepUnlink: the admin sees which addresses count, not about which the rep was asked, and can take one away, not add one.
func TestRepUnlink(t *testing.T) {
	o := newOffice(t)
	o.must("Enrolled", "rep add sam@example.com --name Sam --zone UTC --manager", "Dana <dana@example.com>")
	o.withStore(func(k *conversation.Coach, s *sqlite.Store) {
		c, err := s.ByAddress(t.Context(), "sam@example.com")
		if err != nil {
			t.Fatal(err)
		}
		c.Rep.Aliases = []string{home}
		c.Seconds = []conversation.Second{{Mail: "kim@elsewhere.example", At: o.now, Answer: conversation.No}}
		if err := s.Apply(t.Context(), conversation.Change{Conversation: c, Handled: "x", At: o.now}); err != nil {
			t.Fatal(err)
		}
	})
	shown := o.must("also writes from      "+home, "rep show sam@example.com")
	if !strings.Contains(shown, "asked about others    1 time, last Mon 23 Nov 2026 09:00 UTC: no") || strings.Contains(shown, "kim@") {
		t.Error(shown)
	}
	o.refuses("no other address of theirs", "rep edit sam@example.com --unlink kim@elsewhere.example")
	o.must("Changed.", "rep edit sam@example.com --unlink "+home)
	o.must("also writes from      -", "rep show sam@example.com")
}
