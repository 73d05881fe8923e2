package main

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
)

// A floor is a sales floor: reps who answer their letters, managers who read the summaries, and a word
// of its own in everything that anyone writes.
type floor struct {
	*world
	sellers  map[string]*seller // by address
	managers map[string]*boss
	words    map[string]*canary
	quiet    float64 // how often a rep does not answer
	moods    float64 // how often a rep writes something else than an answer
	seen     map[string]bool
	onLetter func(d conversation.Delivery)
}

// seller is a rep.
type seller struct {
	name, address string
	boss          *boss
	rungs         int
}

// boss is a manager of some reps.
type boss struct {
	name, address string
	reps          map[string]bool
}

// canary is a word that stands for everything said with it.
type canary struct {
	rep    string // whose it is: an address; "" is nobody's, who may see it is the boss alone
	boss   string // whose manager's it is
	shared bool   // the rep's manager may see it
	named  bool   // it is a name or an address
}

func newFloor(t testing.TB, seed uint64, reps int, extra string) *floor {
	t.Helper()
	f := &floor{world: newWorld(t, seed, extra), sellers: map[string]*seller{}, managers: map[string]*boss{}, words: map[string]*canary{},
		quiet: 0.1, moods: 0.06, seen: map[string]bool{}}
	f.deliver = f.letter
	const team = 8
	var b *boss
	for k := range reps {
		if k%team == 0 {
			b = &boss{reps: map[string]bool{}}
			b.name, b.address = f.word("Mg", &canary{named: true}), f.word("mb", &canary{named: true})+"@northwind.example"
			f.managers[b.address] = b
			for _, w := range []string{b.name, strings.TrimSuffix(b.address, "@northwind.example")} {
				f.words[strings.ToLower(w)].boss = b.address
			}
		}
		s := &seller{boss: b}
		s.address = f.word("ad", &canary{named: true, shared: true}) + "@northwind.example"
		s.name = f.word("Nm", &canary{rep: s.address, named: true, shared: true})
		f.words[strings.TrimSuffix(s.address, "@northwind.example")].rep = s.address
		b.reps[s.address] = true
		f.sellers[s.address] = s
		f.enrol(s.name, s.address, conversation.Address{Name: b.name, Mail: b.address})
	}
	return f
}

// word mints a word that nobody else ever writes.
func (f *floor) word(kind string, s *canary) string {
	w := fmt.Sprintf("%s%06xq", kind, len(f.words))
	f.words[strings.ToLower(w)] = s
	return w
}

func (f *floor) private(s *seller) string { return f.word("zq", &canary{rep: s.address}) }
func (f *floor) public(s *seller) string {
	return f.word("op", &canary{rep: s.address, shared: true})
}

var anyWord = regexp.MustCompile(`(?i)(?:zq|op|nm|mg|ad|mb|st)[0-9a-f]{6}q`)

// leaks returns the words in a text that someone must not see: of others, and of a rep's own what their
// manager was not shown by choice.
func (f *floor) leaks(to string, text []byte) []string {
	var all []string
	for _, m := range anyWord.FindAll(text, -1) {
		s := f.words[strings.ToLower(string(m))]
		if s == nil {
			continue // hexadecimal that happens to look like it
		}
		b := f.managers[to]
		switch {
		case s.rep == to, s.boss == to:
		case f.sellers[to] != nil && s.boss != "" && s.boss == f.sellers[to].boss.address:
		case b != nil && b.reps[s.rep] && s.shared:
		default:
			all = append(all, string(m))
		}
	}
	return all
}

// letter is somebody getting a letter.
func (f *floor) letter(d conversation.Delivery) {
	if f.onLetter != nil {
		f.onLetter(d)
	}
	if f.seen[d.MessageID+d.Recipient] {
		return // they have read it
	}
	f.seen[d.MessageID+d.Recipient] = true
	l, err := readMail(d.Raw)
	if err != nil {
		f.t.Errorf("%s cannot be read: %v", d.Letter, err)
		return
	}
	if s := f.sellers[d.Recipient]; s != nil {
		f.considers(s, kindOf(d.Letter), l)
	}
	if b := f.managers[d.Recipient]; b != nil {
		f.bossReads(b, l)
	}
}

// reply sends what a rep writes, some hours later.
func (f *floor) reply(s *seller, l mailText, text string) {
	after := time.Duration(1+f.rnd.IntN(300)) * time.Minute
	program := []string{"Gmail", "iPhone", "Outlook", "Thunderbird"}[f.rnd.IntN(4)]
	raw := clients()[program](fmt.Sprintf("%s <%s>", s.name, s.address), l, text, f.clock.Now().Add(after+time.Duration(f.uid)))
	f.write(after, s.address, raw)
}

// considers is a rep with a letter before them.
func (f *floor) considers(s *seller, kind conversation.Kind, l mailText) {
	if f.rnd.Float64() < f.quiet && kind != conversation.KindInvite {
		return
	}
	if f.rnd.Float64() < f.moods {
		f.whim(s, l)
		return
	}
	text := f.answer(s, kind)
	if open := f.stored(s.address).Asked.Kind; text == "" && repeats(kind) && open != "" {
		text = f.answer(s, open)
	}
	if text != "" {
		f.reply(s, l, text)
	}
}

// repeats tells the letters that put the open question again.
func repeats(k conversation.Kind) bool {
	return slices.Contains([]conversation.Kind{conversation.KindResume, conversation.KindBack, conversation.KindReminder1, conversation.KindReminder2,
		conversation.KindNow, conversation.KindEmpty, conversation.KindClarify, conversation.KindReassure, conversation.KindUndone}, k)
}

// answer is what fits the question of a letter; "" when it asks nothing.
func (f *floor) answer(s *seller, kind conversation.Kind) string {
	switch kind {
	case conversation.KindInvite, conversation.KindDormant, conversation.KindWhyCheck:
		return "yes"
	case conversation.KindGoal, conversation.KindNewWhy, conversation.KindMatters:
		s.rungs = 0
		return "I want more of " + f.private(s) + " this year"
	case conversation.KindWhy, conversation.KindUnblock, conversation.KindCloser, conversation.KindFork:
		s.rungs++
		if s.rungs >= 3 {
			return "that's it"
		}
		return "Then I could give " + f.private(s) + " to my family"
	case conversation.KindConfirm:
		return "yes"
	case conversation.KindPick:
		return "1"
	case conversation.KindShare:
		return f.share(s)
	case conversation.KindStep, conversation.KindDone, conversation.KindNotYet, conversation.KindShrink:
		return "phone " + f.public(s) + " about the roof"
	case conversation.KindWhen:
		return "After lunch with " + f.private(s) + ", I will"
	case conversation.KindCheckIn:
		return f.pick("done, although "+f.private(s)+" was rude", "half, "+f.private(s)+" got in the way", "not yet", "done")
	case conversation.KindPreview:
		return f.pick("ok", "ok", "ok", "hold", f.public(s)+" is what I did, and I liked it")
	case conversation.KindRestart:
		return "on"
	}
	return ""
}

func (f *floor) pick(texts ...string) string { return texts[f.rnd.IntN(len(texts))] }

// share answers SHARE; what is shared by choice is noted.
func (f *floor) share(s *seller) string {
	switch f.rnd.IntN(4) {
	case 0:
		for _, m := range anyWord.FindAllString(f.stored(s.address).Why, -1) {
			f.words[strings.ToLower(m)].shared = true
		}
		return "share"
	case 1:
		return "I work for " + f.public(s) + " and the team"
	}
	return "private"
}

// whim is something else than an answer.
func (f *floor) whim(s *seller, l mailText) {
	text := f.pick("help", "path", "export", "pause 2 weeks", "private", "hold", "that's wrong", "skip", "new why",
		"who can read this, "+f.private(s)+" too?", "I'd rather not say, "+f.private(s), "no idea", "thanks", "what is "+f.private(s)+"?", "no")
	switch f.rnd.IntN(30) {
	case 0:
		text = "stop"
	case 1:
		text = "forget me"
	case 2: // a colleague got it forwarded and answers
		word := f.word("st", &canary{rep: "nobody"})
		raw := gmail("Colleague <colleague@northwind.example>", l, "who is "+word+"?", f.clock.Now().Add(time.Duration(f.uid)))
		f.write(time.Hour, "colleague@northwind.example", raw)
		return
	}
	f.reply(s, l, text)
}

// bossReads is a manager with a summary before them.
func (f *floor) bossReads(b *boss, l mailText) {
	rep := f.sellers[bareAddress(l.To)]
	if rep == nil {
		f.t.Errorf("a manager got a letter that is to %q", l.To)
		return
	}
	at := f.clock.Now().Add(time.Duration(f.uid))
	from := fmt.Sprintf("%s <%s>", b.name, b.address)
	switch f.rnd.IntN(12) {
	case 0: // to us alone
		f.write(time.Hour, b.address, outlook(from, l, "Well done! "+f.word("Mg", &canary{boss: b.address}), at))
	case 1: // to both
		raw := bytes.Replace(gmail(from, l, "Good. "+f.word("Mg", &canary{boss: b.address}), at), []byte("\r\nSubject:"), []byte("\r\nCc: "+rep.address+"\r\nSubject:"), 1)
		f.write(time.Hour, b.address, raw)
	case 2: // and the rep answers both
		raw := bytes.Replace(gmail(rep.address, l, "Thanks, though "+f.private(rep)+" helped", at), []byte("\r\nSubject:"), []byte("\r\nCc: "+b.address+"\r\nSubject:"), 1)
		f.write(time.Hour, rep.address, raw)
	}
}

// stages counts where the conversations stand.
func (f *floor) stages() map[string]int {
	all := map[string]int{}
	rows, err := f.store.List(context.Background())
	if err != nil {
		f.t.Fatal(err)
	}
	for _, r := range rows {
		all[string(r.Stage)+" "+string(r.End)+" "+r.Held]++
	}
	return all
}

// checkRecipients: a private letter is for its rep alone, a summary for the rep and their manager, and
// each copy is handed in by itself.
func (f *floor) checkRecipients(d conversation.Delivery) {
	l, err := readMail(d.Raw)
	if err != nil {
		f.t.Errorf("%v", err)
		return
	}
	to := strings.ToLower(bareAddress(l.To))
	rep := f.sellers[to]
	switch kind := kindOf(d.Letter); {
	case slices.Contains([]conversation.Kind{conversation.KindCall, conversation.KindUnprovenStop}, kind):
		if to != "ines@northwind.example" || l.Cc != "" || d.Recipient != to {
			f.t.Errorf("%s went to %s, To %q, Cc %q", kind, d.Recipient, l.To, l.Cc)
		}
	case rep == nil:
		f.t.Errorf("%s is to %q, who is no rep", kind, l.To)
	case kind == conversation.KindSummary:
		cc := bareAddress(l.Cc)
		if cc != "" && cc != rep.boss.address || d.Recipient != to && d.Recipient != cc || l.ReplyTo != "" {
			f.t.Errorf("a summary went to %s, To %q, Cc %q, Reply-To %q", d.Recipient, l.To, l.Cc, l.ReplyTo)
		}
	case l.Cc != "" || d.Recipient != to:
		f.t.Errorf("%s went to %s, To %q, Cc %q", kind, d.Recipient, l.To, l.Cc)
	}
}
