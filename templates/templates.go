// Package templates puts prompts into words. It is the only room that knows how a
// letter sounds; what a letter may say is decided before it gets here.
//
// # The model
//
// A letter is one text file in the folder of its language, en/why.txt, made of up to
// four parts, each a {{define}}:
//
//	lead      said once: thanks, what was noted, a pleasantry
//	about     what the question needs to be understood: "You said: ..."
//	question  the one question
//	reply     how it may be answered: "Reply yes, or put it your way."
//
// A reminder, a clarification, an undo put the open question again: they have a lead of
// their own, and show about, question and reply of the letter that asked (Say.Ask).
//
// The HTML says the same by construction: the words of the text file are parsed into
// paragraphs, ladders and lists, and html/template lays those out with letter.html.
// A letter that wants a shape of its own has a file of its own beside the text
// (en/summary.html). Every other language takes the shapes of en unless it has its own.
//
// # What a template may call
//
// Values are those of [conversation.Say], by name ({{.Answer}}), or of the summary in
// summary.txt; {{.Has "Why"}} asks whether one was given, {{.Again}} whether the question
// is put again, {{.Asks}} whether a question follows. Functions:
//
//	quote ladder list   a person's words in the language's quotation marks
//	phrase              can these words stand inside a sentence of ours?
//	exact own           a text as it is, set off or not
//	key                 a word to reply with
//	verb                the same at the head of a line, where it needs no quotation marks
//	day onday date      "Monday, 30 November", "on Monday, 30 November", "30 November 2026"
//	moment month        "on Friday at 15:00", "November"
//	capital             begins a sentence
//	command entry close an item of a list, from the first two to the last
//	unknown             fails: for the branch that must not be reached
//
// # The promises
//
//   - No letter with a hole: a value a letter speaks of and did not get is an error.
//     [Needs] is the table of what each kind needs.
//   - Answers are data, never template source, and cannot forge the structure of a
//     letter: control, bidi and zero-width characters are gone before a template runs.
//   - A manager is spoken to from a [conversation.Summary] alone, and the preview shows
//     that text byte for byte ([Writer.Summary] makes both).
//   - No links, no pictures, nothing remote, no numbers about the person but the count
//     of tiny steps: [Lint] refuses them, in our letters and in the admin's own.
package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"whyloop/conversation"
)

//go:embed en de fr es nl pt
var embedded embed.FS

// Options says where the wording comes from.
type Options struct {
	// Overlay holds the admin's own letters, laid out as the embedded ones ("en/why.txt");
	// a file there replaces the one of that name. Nil: none.
	Overlay fs.FS
}

// Writer puts prompts into words. It is safe for concurrent use: nothing in it changes
// after New.
type Writer struct {
	books map[string]*book // by language
}

// Writer fulfils what the coach asks for.
var _ conversation.Writer = (*Writer)(nil)

// New reads the letters. An overlay that is broken is refused here, with file and line,
// and never when a letter is due: the error joins one [Problem] a line.
func New(o Options) (*Writer, error) {
	if o.Overlay != nil {
		if _, err := fs.Stat(o.Overlay, "."); err != nil {
			return nil, fmt.Errorf("letters: read overlay: %w", err)
		}
	}
	w, problems := load(layers(o.Overlay))
	if len(problems) > 0 {
		return nil, refused(problems)
	}
	if o.Overlay != nil {
		if problems := lintAll(w, o.Overlay, ownFiles(o.Overlay)); len(problems) > 0 {
			return nil, refused(problems)
		}
	}
	return w, nil
}

// Languages returns the codes of the languages there are letters in, sorted.
func (w *Writer) Languages() []string {
	return slices.Sorted(maps.Keys(w.books))
}

// Write words a prompt. It fails when the kind or the language is unknown, and when a
// value is missing that the letter speaks of; nothing is ever left blank.
func (w *Writer) Write(p conversation.Prompt) (conversation.Wording, error) {
	letter, err := w.letter(p)
	if err != nil {
		return conversation.Wording{}, fmt.Errorf("word %s: %w", p.Kind, err)
	}
	html, err := letter.html()
	if err != nil {
		return conversation.Wording{}, fmt.Errorf("lay out %s: %w", p.Kind, err)
	}
	files, err := letter.b.files(p)
	if err != nil {
		return conversation.Wording{}, fmt.Errorf("attach to %s: %w", p.Kind, err)
	}
	return conversation.Wording{Subject: letter.subject, Text: letter.text(), HTML: html, Files: files}, nil
}

// Summary returns the whole text of a weekly summary as it is sent: to the rep with the
// manager copied (cc), or to the rep alone. PREVIEW shows these very bytes.
func (w *Writer) Summary(s conversation.Summary, language string, cc bool) (string, error) {
	b, err := w.book(language)
	if err != nil {
		return "", err
	}
	blocks, err := b.summary(s, cc)
	if err != nil {
		return "", fmt.Errorf("word summary: %w", err)
	}
	return plain(blocks), nil
}

// book returns the letters of a language; "" is English.
func (w *Writer) book(language string) (*book, error) {
	if language == "" {
		language = "en"
	}
	b, ok := w.books[language]
	if !ok {
		return nil, fmt.Errorf("no letters in language %q", language)
	}
	return b, nil
}

// Keys returns every word the letters of a language tell a rep to reply with, commands
// and "yes" alike, as they are spelled there: what a Listener must understand.
func (w *Writer) Keys(language string) ([]string, error) {
	if _, err := w.book(language); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, s := range Samples(language) {
		l, err := w.letter(s.Prompt)
		if err != nil {
			return nil, err
		}
		for _, part := range [][]block{l.lead, l.about, l.question, l.reply, l.footer} {
			keysOf(part, seen)
		}
	}
	return slices.Sorted(maps.Keys(seen)), nil
}

func keysOf(blocks []block, seen map[string]bool) {
	for _, b := range blocks {
		for _, it := range b.Items {
			for _, s := range it {
				if s.Kind == spanKey {
					seen[s.Text] = true
				}
			}
		}
	}
}
