package templates

import (
	"fmt"
	"strings"

	"whyloop/conversation"
)

// letter is a letter in blocks, from which its text and its HTML are made: what one
// says the other says.
type letter struct {
	b        *book
	kind     conversation.Kind
	subject  string
	lead     []block
	about    []block
	question []block
	reply    []block
	footer   []block
}

// letter words a prompt.
func (w *Writer) letter(p conversation.Prompt) (letter, error) {
	b, err := w.book(p.Language)
	if err != nil {
		return letter{}, err
	}
	n, ok := need(p.Kind)
	if !ok {
		return letter{}, fmt.Errorf("no such letter")
	}
	if p.Variant < 0 || p.Variant >= n.variants() {
		return letter{}, fmt.Errorf("no variant %d", p.Variant)
	}
	l := letter{b: b, kind: p.Kind}
	if p.Kind == conversation.KindSummary {
		err = l.wordSummary(p)
	} else {
		err = l.wordSay(w, p)
	}
	if err != nil {
		return letter{}, err
	}
	if len(l.lead)+len(l.question) == 0 {
		return letter{}, fmt.Errorf("the letter is empty")
	}
	return l, nil
}

// wordSummary words the one letter a manager may be copied on.
func (l *letter) wordSummary(p conversation.Prompt) (err error) {
	if p.Summary == nil || p.Say != nil {
		return fmt.Errorf("a summary is worded from Summary alone")
	}
	if l.lead, err = l.b.summary(*p.Summary, p.Cc); err != nil {
		return err
	}
	return l.entitle(p, &summaryValues{s: *p.Summary, cc: p.Cc})
}

// wordSay words a letter to the rep alone.
func (l *letter) wordSay(w *Writer, p conversation.Prompt) (err error) {
	if p.Say == nil || p.Summary != nil || p.Cc {
		return fmt.Errorf("a coaching letter is worded from Say, and copied to nobody")
	}
	n, _ := need(p.Kind)
	if err = n.check(p.Say); err != nil {
		return err
	}
	v := newValues(l.b, p)
	if l.lead, err = l.b.part(p.Kind, "lead", v); err != nil {
		return err
	}
	switch {
	case n.Asks:
		err = l.wordQuestion(p.Kind, v)
	case p.Say.Ask != nil:
		err = l.askAgain(*p.Say.Ask)
	}
	if err != nil {
		return err
	}
	if own, err := l.b.part(p.Kind, "reply", v); err != nil {
		return err
	} else if len(l.reply) == 0 {
		l.reply = own
	}
	if err = l.entitle(p, v); err != nil {
		return err
	}
	if err = l.sign(p.Footer, v); err != nil || p.Offer == "" {
		return err
	}
	return l.offer(w, p.Offer)
}

// offer adds a line in another language, which says how to get letters in it.
func (l *letter) offer(w *Writer, language string) error {
	b, err := w.book(language)
	if err != nil {
		return err
	}
	line, err := execute(b.shared, "offer", nil)
	l.footer = append(l.footer, line...)
	return err
}

// wordQuestion words the question a letter puts, and what it needs to be understood.
func (l *letter) wordQuestion(k conversation.Kind, v *values) (err error) {
	if l.about, err = l.b.part(k, "about", v); err != nil {
		return err
	}
	if l.question, err = l.b.part(k, "question", v); err != nil {
		return err
	}
	l.reply, err = l.b.part(k, "reply", v)
	return err
}

// askAgain words the open question below another letter's lead. What is said only once
// is left out.
func (l *letter) askAgain(ask conversation.Prompt) error {
	n, ok := need(ask.Kind)
	if !ok || !n.Asks || ask.Say == nil {
		return fmt.Errorf("put again: %q is no question", ask.Kind)
	}
	if ask.Variant < 0 || ask.Variant >= n.variants() {
		return fmt.Errorf("put again: no variant %d of %s", ask.Variant, ask.Kind)
	}
	if err := n.check(ask.Say); err != nil {
		return fmt.Errorf("put again: %w", err)
	}
	v := newValues(l.b, ask)
	v.say.Explain, v.say.Ask, v.asks, v.again = false, nil, false, true
	if err := l.wordQuestion(ask.Kind, v); err != nil {
		return fmt.Errorf("put again: %w", err)
	}
	return nil
}

// subjects names the part of words.txt that is the subject of a thread.
var subjects = map[string]string{
	conversation.ThreadLadder:  "subject ladder",
	conversation.ThreadSteps:   "subject steps",
	conversation.ThreadPreview: "subject preview",
	conversation.ThreadSummary: "subject summary",
	conversation.ThreadContact: "subject contact",
	conversation.ThreadAddress: "subject address",
}

// entitle words the subject, which a thread fixes: it holds names and a month, never
// private words.
func (l *letter) entitle(p conversation.Prompt, v any) error {
	name, ok := subjects[p.Thread.Name]
	if !ok {
		return fmt.Errorf("no thread %q", p.Thread.Name)
	}
	var data any = v
	switch p.Thread.Name {
	case conversation.ThreadSteps:
		if p.Thread.Month.IsZero() {
			return missing("Thread.Month")
		}
		data = p.Thread.Month
	case conversation.ThreadSummary:
		if p.Summary == nil {
			return fmt.Errorf("only the summary goes into its thread")
		}
	}
	blocks, err := execute(l.b.shared, name, data)
	if err != nil {
		return err
	}
	l.subject = plain(blocks)
	return nil
}

// sign adds the footer: who sees this, and the ways out.
func (l *letter) sign(f conversation.Footer, v *values) (err error) {
	switch f {
	case conversation.FooterNone:
		return nil
	case conversation.FooterPrivate, conversation.FooterSummary:
		l.footer, err = execute(l.b.shared, "footer "+string(f), v)
		return err
	}
	return fmt.Errorf("no footer %q", f)
}

// signature parts a letter from its footer, as RFC 3676 §4.3 has it: clients grey what
// follows and leave it out of replies.
const signature = "-- "

// text is the letter in plain text.
func (l letter) text() string {
	var body []block
	for _, part := range [][]block{l.lead, l.about, l.question, l.reply} {
		body = append(body, part...)
	}
	text := plain(body)
	if len(l.footer) == 0 {
		return text + "\n"
	}
	return text + "\n\n" + signature + "\n" + strings.ReplaceAll(plain(l.footer), "\n\n", "\n") + "\n"
}

// page is what the HTML of a letter is laid out from.
type page struct {
	Language string
	Subject  string
	Lead     []block
	About    []block
	Question []block
	Reply    []block
	Footer   []block
}

// html is the letter in HTML.
func (l letter) html() (string, error) {
	var out strings.Builder
	err := l.b.shapes[l.kind].Execute(&out, page{
		Language: l.b.lang.Code, Subject: l.subject,
		Lead: l.lead, About: l.about, Question: l.question, Reply: l.reply, Footer: l.footer,
	})
	return out.String(), err
}
