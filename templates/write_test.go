package templates

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"whyloop/conversation"
)

// sample finds a sample by name.
func sample(t testing.TB, language, name string) conversation.Prompt {
	t.Helper()
	for _, s := range Samples(language) {
		if s.Name == name {
			return s.Prompt
		}
	}
	t.Fatalf("no sample %q", name)
	return conversation.Prompt{}
}

// TestEveryKindHasASample also keeps the table and the samples in step.
func TestEveryKindHasASample(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Samples("en") {
		seen[fmt.Sprint(s.Prompt.Kind, s.Prompt.Variant)] = true
	}
	for _, n := range Needs() {
		for v := range n.variants() {
			if !seen[fmt.Sprint(n.Kind, v)] {
				t.Errorf("%s: variant %d has no sample", n.Kind, v)
			}
		}
	}
}

// TestNoLetterWithAHole empties each value the table calls needed, and every footer's.
func TestNoLetterWithAHole(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		for _, s := range Samples(code) {
			n, _ := need(s.Prompt.Kind)
			fields := n.Fields
			if s.Prompt.Footer == conversation.FooterPrivate && !s.Prompt.ToContact {
				fields = append(append([]string(nil), fields...), "Contact")
			}
			if s.Prompt.Say != nil && s.Prompt.Say.Cc {
				fields = append(append([]string(nil), fields...), "Manager")
			}
			for _, f := range fields {
				p := without(s.Prompt, f)
				if got, err := w.Write(p); err == nil {
					t.Errorf("%s/%s without %s:\n%s", code, s.Name, f, got.Text)
				}
			}
		}
	}
}

// without returns a prompt with one value of Say emptied.
func without(p conversation.Prompt, field string) conversation.Prompt {
	say := *p.Say
	f := reflect.ValueOf(&say).Elem().FieldByName(field)
	f.SetZero()
	p.Say = &say
	return p
}

// TestOptionalValues words every letter with nothing but what the table calls needed.
func TestOptionalValues(t *testing.T) {
	w := newWriter(t)
	for _, n := range Needs() {
		if n.When != "" || n.Kind == conversation.KindSummary {
			continue
		}
		for _, s := range Samples("en") {
			if s.Prompt.Kind != n.Kind {
				continue
			}
			p := only(s.Prompt, append(n.Fields, "Contact"))
			if _, err := w.Write(p); err != nil {
				t.Errorf("%s with what it needs: %v", s.Name, err)
			}
		}
	}
}

// only keeps some values of Say, and its flags.
func only(p conversation.Prompt, fields []string) conversation.Prompt {
	var say conversation.Say
	from, to := reflect.ValueOf(*p.Say), reflect.ValueOf(&say).Elem()
	for _, f := range fields {
		to.FieldByName(f).Set(from.FieldByName(f))
	}
	p.Say = &say
	return p
}

func TestWriteRefuses(t *testing.T) {
	w := newWriter(t)
	ok := sample(t, "en", "why-0")
	sum := sample(t, "en", "summary")
	change := func(p conversation.Prompt, f func(*conversation.Prompt)) conversation.Prompt { f(&p); return p }
	for name, p := range map[string]conversation.Prompt{
		"an unknown kind":          change(ok, func(p *conversation.Prompt) { p.Kind = "nonsense" }),
		"an unknown language":      change(ok, func(p *conversation.Prompt) { p.Language = "tlh" }),
		"an unknown variant":       change(ok, func(p *conversation.Prompt) { p.Variant = 6 }),
		"a negative variant":       change(ok, func(p *conversation.Prompt) { p.Variant = -1 }),
		"an unknown thread":        change(ok, func(p *conversation.Prompt) { p.Thread.Name = "" }),
		"an unknown footer":        change(ok, func(p *conversation.Prompt) { p.Footer = "secret" }),
		"nothing to say":           change(ok, func(p *conversation.Prompt) { p.Say = nil }),
		"a copied private mail":    change(ok, func(p *conversation.Prompt) { p.Cc = true }),
		"both say and summary":     change(ok, func(p *conversation.Prompt) { p.Summary = sampleSummary() }),
		"private mail, its thread": change(ok, func(p *conversation.Prompt) { p.Thread.Name = conversation.ThreadSummary }),
		"steps without a month":    change(ok, func(p *conversation.Prompt) { p.Thread = conversation.Thread{Name: conversation.ThreadSteps} }),
		"a summary with say":       change(sum, func(p *conversation.Prompt) { p.Say = &conversation.Say{} }),
		"a summary of nothing":     change(sum, func(p *conversation.Prompt) { p.Summary = &conversation.Summary{Rep: "Sam", Manager: "Dana"} }),
		"a summary to nobody":      change(sum, func(p *conversation.Prompt) { s := *sampleSummary(); s.Manager = ""; p.Summary = &s }),
		"an unknown outcome":       change(sum, func(p *conversation.Prompt) { s := *sampleSummary(); s.Outcome = "brilliant"; p.Summary = &s }),
	} {
		if got, err := w.Write(p); err == nil {
			t.Errorf("%s was worded:\n%s", name, got.Text)
		}
	}
}

func TestAskThatIsNoQuestion(t *testing.T) {
	w := newWriter(t)
	p := sample(t, "en", "reminder-1")
	hold := sample(t, "en", "hold")
	say := *p.Say
	say.Ask = &hold
	p.Say = &say
	if _, err := w.Write(p); err == nil {
		t.Error("a letter that asks nothing was put again")
	}
}

// TestEveryQuestionCanBePutAgain reminds of each asking letter, in each language: the
// same question stands in it, and what is said only once does not.
func TestEveryQuestionCanBePutAgain(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		for _, s := range Samples(code) {
			n, _ := need(s.Prompt.Kind)
			if !n.Asks {
				continue
			}
			ask := s.Prompt
			p := sample(t, code, "reminder-2")
			say := *p.Say
			say.Ask = &ask
			p.Say = &say
			l, err := w.letter(p)
			if err != nil {
				t.Errorf("%s/%s again: %v", code, s.Name, err)
				continue
			}
			if bad := lintLetter(l, p); len(bad) > 0 {
				t.Errorf("%s/%s again: %v\n%s", code, s.Name, bad, l.text())
			}
		}
	}
}

// TestPreviewShowsWhatGoes proves that the preview holds, byte for byte, the text that
// then goes to both.
func TestPreviewShowsWhatGoes(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		for _, s := range Samples(code) {
			if s.Prompt.Summary == nil || !s.Prompt.Cc {
				continue
			}
			sent := write(t, w, s.Prompt).Text
			preview := sample(t, code, "preview")
			say := *preview.Say
			say.Preview = s.Prompt.Summary
			preview.Say = &say
			shown := write(t, w, preview).Text
			exact, err := w.Summary(*s.Prompt.Summary, code, true)
			if err != nil {
				t.Fatal(err)
			}
			if sent != exact+"\n" {
				t.Errorf("%s/%s: sent %q, exact text %q", code, s.Name, sent, exact)
			}
			if !strings.Contains(shown, "\n\n"+exact+"\n\n") {
				t.Errorf("%s/%s: the preview does not show what goes:\n%s\n---\n%s", code, s.Name, shown, exact)
			}
		}
	}
}

// TestSharedLineIsTheOneShown proves the same of the line about the why.
func TestSharedLineIsTheOneShown(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		why := "being there when my daughter gets home from school, and not only on Fridays, and hearing what her day was like before she has forgotten half of it again"
		sum := *sampleSummary()
		sum.Why = why
		exact, err := w.Summary(sum, code, true)
		if err != nil {
			t.Fatal(err)
		}
		share := sample(t, code, "share")
		say := *share.Say
		say.Why = why
		share.Say = &say
		line := strings.Split(exact, "\n\n")[1]
		if got := write(t, w, share).Text; !strings.Contains(got, "\n\n"+line+"\n\n") {
			t.Errorf("%s: SHARE does not show %q:\n%s", code, line, got)
		}
	}
}

// TestSummaryForTheRepAlone never speaks to, or of, the manager.
func TestSummaryForTheRepAlone(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		for _, o := range []conversation.Outcome{conversation.Unsaid, conversation.Done, conversation.Half, conversation.NotYet} {
			s := *sampleSummary()
			s.Outcome, s.Manager, s.Why = o, "Zebulon", sampleWhy
			got, err := w.Summary(s, code, false)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(got, "Zebulon") {
				t.Errorf("%s, %q: speaks of the manager:\n%s", code, o, got)
			}
		}
	}
}

// TestPrivateWordsStayOut puts a canary in everything a rep may say and looks for it
// where it must not be: in subjects, and in a summary in any field but its own.
func TestPrivateWordsStayOut(t *testing.T) {
	w := newWriter(t)
	for _, s := range Samples("en") {
		if s.Prompt.Say == nil {
			continue
		}
		p := s.Prompt
		say := *p.Say
		say.Answer, say.Goal, say.Why, say.Step, say.Path = "CANARY", "CANARY", "CANARY", "CANARY", []string{"CANARY"}
		p.Say = &say
		if got := write(t, w, p); strings.Contains(got.Subject, "CANARY") {
			t.Errorf("%s: subject %q", s.Name, got.Subject)
		}
	}
}

// TestAnswersAreData proves that words never become template, mark-up or structure.
func TestAnswersAreData(t *testing.T) {
	w := newWriter(t)
	evil := `{{.Contact}} {{template "footer private"}} <b onclick=x>bold</b> <img src=//t> </style>&amp; ` + "\x02ladder\x1f rung\x03 \x13key\x14 \u202Etxet\u202C"
	for _, name := range []string{"why-0", "why-1", "confirm", "pick", "path", "done", "share", "share-own", "check-in", "undone", "step"} {
		p := sample(t, "en", name)
		say := *p.Say
		say.Answer, say.Goal, say.Why, say.Step, say.Path, say.Line = evil, evil, evil, evil, []string{evil, evil}, evil
		say.Rep, say.Manager = evil, evil
		p.Say = &say
		got := write(t, w, p)
		if !strings.Contains(got.Text, "{{.Contact}}") {
			t.Errorf("%s: the template was run:\n%s", name, got.Text)
		}
		for _, bad := range []string{"<b onclick", "<img", "</style>&amp;amp", "\u202E"} {
			if strings.Contains(got.HTML, bad) {
				t.Errorf("%s: %q in the HTML", name, bad)
			}
		}
		if strings.ContainsAny(got.Text+got.HTML, "\x02\x03\x11\x12\x13\x14\x1e\x1f") || strings.ContainsRune(got.Text, '\u202E') {
			t.Errorf("%s: a mark was left in the letter", name)
		}
		if a, b, same := sameWords(got.Text, htmlText(got.HTML)); !same {
			t.Errorf("%s: text %q, HTML %q", name, a, b)
		}
	}
}

// TestPathSaysTheWhyOnce: the open question shows it, where it is the step's.
func TestPathSaysTheWhyOnce(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		label := plain(mustPart(t, w.books[code], sample(t, code, "step")))
		p := sample(t, code, "path")
		if n := strings.Count(write(t, w, p).Text, label); n != 1 {
			t.Errorf("%s: %q stands there %d times", code, label, n)
		}
		why := sample(t, code, "why-0")
		say := *p.Say
		say.Ask = &why
		p.Say = &say
		if n := strings.Count(write(t, w, p).Text, label); n != 1 {
			t.Errorf("%s, another question open: %q stands there %d times", code, label, n)
		}
	}
}

// mustPart is what a letter says about its question.
func mustPart(t *testing.T, b *book, p conversation.Prompt) []block {
	t.Helper()
	blocks, err := b.part(p.Kind, "about", newValues(b, p))
	if err != nil {
		t.Fatal(err)
	}
	return blocks
}

func TestSubjectIsOneLine(t *testing.T) {
	w := newWriter(t)
	p := sample(t, "en", "summary")
	s := *p.Summary
	s.Rep = "Sam\r\nBcc: evil@example.com\x00"
	p.Summary = &s
	if got := write(t, w, p).Subject; strings.ContainsAny(got, "\r\n\x00") {
		t.Errorf("subject %q", got)
	}
}

// TestThreadSubjects are the same in every letter of a thread.
func TestThreadSubjects(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		subjects := map[string]string{}
		for _, s := range Samples(code) {
			name := s.Prompt.Thread.Name
			got := write(t, w, s.Prompt).Subject
			if was, ok := subjects[name]; ok && was != got {
				t.Errorf("%s/%s: thread %s has subjects %q and %q", code, s.Name, name, was, got)
			}
			subjects[name] = got
			if strings.HasPrefix(strings.ToLower(got), "re:") {
				t.Errorf("%s/%s: subject %q", code, s.Name, got)
			}
		}
	}
}

// TestWriterIsSafeTogether runs under the race detector.
func TestWriterIsSafeTogether(t *testing.T) {
	w := newWriter(t)
	done := make(chan error)
	for range 4 {
		go func() {
			var err error
			for _, s := range Samples("en") {
				if _, e := w.Write(s.Prompt); e != nil {
					err = e
				}
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	w := newWriter(b)
	p := sample(b, "en", "confirm")
	for b.Loop() {
		if _, err := w.Write(p); err != nil {
			b.Fatal(err)
		}
	}
}
