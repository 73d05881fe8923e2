package templates

import (
	"fmt"
	"html"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"whyloop/conversation"
)

// The limits of a letter.
const (
	maxWords    = 90    // our own, quotes and footer not counted
	maxSentence = 32    // words of ours in one sentence
	maxBytes    = 20000 // of the HTML
)

// lintSamples checks the letters that files have a part in, as they would go.
func lintSamples(w *Writer, b *book, files []string) []Problem {
	var problems []Problem
	for _, s := range Samples(b.lang.Code) {
		file := path.Join(b.lang.Code, string(s.Prompt.Kind)+".txt")
		if !concerns(files, b.lang.Code, string(s.Prompt.Kind)) {
			continue
		}
		l, err := w.letter(s.Prompt)
		if err != nil {
			problems = append(problems, problemOf(file, err))
			continue
		}
		for _, f := range lintLetter(l, s.Prompt) {
			problems = append(problems, b.locate(s.Prompt.Kind, file, f, s.Name))
		}
	}
	return problems
}

// concerns reports whether a letter is made from one of the files: its own, what its
// language shares, or a shape of English.
func concerns(files []string, code, kind string) bool {
	return slices.ContainsFunc(files, func(f string) bool {
		folder, name := path.Split(f)
		own := folder == code+"/" && (name == sharedFile || name == kind+".txt")
		shape := (folder == code+"/" || folder == "en/") && (name == layoutFile || name == kind+".html")
		return own || shape
	})
}

// finding is something wrong with a letter, and the part of it to look at.
type finding struct{ Part, Text string }

// partHTML is the part of a finding that concerns the shape rather than the words.
const partHTML = "html"

// locate says where a finding comes from: the line its part begins at, in the letter's
// own file or in what is shared.
func (b *book) locate(k conversation.Kind, file string, f finding, sample string) Problem {
	p := Problem{File: file, Line: 1, Text: f.Text + " (" + sample + ")"}
	if f.Part == partHTML {
		p.File = b.shapes[k].Name()
		return p
	}
	for _, name := range []string{file, path.Join(b.lang.Code, sharedFile)} {
		before, _, ok := strings.Cut(b.sources[name], `define "`+f.Part+`"`)
		if ok {
			p.File, p.Line = name, strings.Count(before, "\n")+1
			return p
		}
	}
	return p
}

// lintLetter checks one letter.
func lintLetter(l letter, p conversation.Prompt) []finding {
	var found []finding
	add := func(part string, bad bool, format string, args ...any) {
		if bad {
			found = append(found, finding{part, fmt.Sprintf(format, args...)})
		}
	}
	own := l.ownWords()
	n := len(words(own))
	add("lead", n >= maxWords, "%d words of our own, and %d are too many", n, maxWords)
	questions := strings.Count(own, "?")
	add("question", questions > 1, "%d questions, and a letter asks one", questions)
	add("question", questions == 0 && asksOne(p), "it asks nothing")
	add("lead", longest(own) > maxSentence, "a sentence of %d words", longest(own))
	add("lead", lix(own) > l.b.lang.Grade, "hard to read: LIX %d, at most %d", lix(own), l.b.lang.Grade)
	add("subject "+p.Thread.Name, strings.ContainsAny(l.subject, "\r\n") || l.subject == "", "the subject is not one line")
	found = append(found, l.lintFooter(p)...)
	return append(found, l.lintHTML()...)
}

// asksOne reports whether a letter must end in a question: an asking kind, or one that
// puts the question again.
func asksOne(p conversation.Prompt) bool {
	n, _ := need(p.Kind)
	return n.Asks || p.Say != nil && p.Say.Ask != nil
}

// lintFooter checks that a footer still says who sees a letter, and the ways out.
func (l letter) lintFooter(p conversation.Prompt) []finding {
	if p.Footer == conversation.FooterNone {
		return nil
	}
	text := plain(l.footer)
	part := "footer " + string(p.Footer)
	var found []finding
	who := []string{line(p.Say.Contact)}
	if p.Footer == conversation.FooterPrivate || p.Say.Cc {
		who = append(who, line(p.Say.Manager)) // nobody's name is in every footer
	}
	for _, name := range who {
		if !strings.Contains(text, name) {
			found = append(found, finding{part, "the footer does not name who could read it"})
		}
	}
	if p.Say.Remote && !l.saysRemote(p, text) {
		found = append(found, finding{part, "the footer does not say that a model on another machine may get the answers"})
	}
	for _, v := range []conversation.Verb{conversation.VerbStop, conversation.VerbPause, conversation.VerbSkip, conversation.VerbHelp} {
		if !l.b.lang.names(l.footer, v) {
			found = append(found, finding{"exits", fmt.Sprintf("the footer does not name %q", l.b.lang.word(v))})
		}
	}
	return found
}

// saysRemote reports whether a footer says more where a model elsewhere is asked.
func (l letter) saysRemote(p conversation.Prompt, footer string) bool {
	here := *p.Say
	here.Remote = false
	p.Say = &here
	quiet := letter{b: l.b}
	return quiet.sign(p.Footer, newValues(l.b, p)) == nil && plain(quiet.footer) != footer
}

// lintHTML checks that the HTML is small and says what the text says.
func (l letter) lintHTML() []finding {
	page, err := l.html()
	if err != nil {
		return []finding{{partHTML, problemOf("", err).Text}}
	}
	var found []finding
	if len(page) > maxBytes {
		found = append(found, finding{partHTML, fmt.Sprintf("the HTML has %d bytes, and %d are too many", len(page), maxBytes)})
	}
	if a, b, same := sameWords(l.text(), htmlText(page)); !same {
		found = append(found, finding{partHTML, fmt.Sprintf("the text says %q where the HTML says %q", a, b)})
	}
	return found
}

// ownWords is what we say ourselves: a person's words, lists of them and the footer left
// out.
func (l letter) ownWords() string {
	var b strings.Builder
	for _, part := range [][]block{l.lead, l.about, l.question, l.reply} {
		for _, bl := range part {
			if bl.Kind == blockLadder || bl.Kind == blockList || bl.Kind == blockExact || bl.Kind == blockOwn {
				continue
			}
			for _, it := range bl.Items {
				b.WriteString(ownSpans(it) + "\n")
			}
		}
	}
	return b.String()
}

func ownSpans(it item) string {
	var b strings.Builder
	for _, s := range it {
		if s.Kind != spanSaid {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// words are the words of a text, marks left out.
func words(s string) []string {
	list := strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && r != '’' && r != '\'' && r != '-'
	})
	return slices.DeleteFunc(list, func(w string) bool { return strings.Trim(w, "-'’") == "" })
}

// sentenceEnd ends a sentence of ours; a colon and a line's end do too.
var sentenceEnd = regexp.MustCompile(`[.!?:;…]+|\n`)

// longest is how many words the longest sentence has.
func longest(s string) int {
	n := 0
	for _, sentence := range sentenceEnd.Split(s, -1) {
		n = max(n, len(words(sentence)))
	}
	return n
}

// lix is Björnsson's readability index: words a sentence, and the share of words with
// more than six letters. Letters of a line or two are too short to tell.
func lix(s string) int {
	const least = 25
	list := words(s)
	if len(list) < least {
		return 0
	}
	long, sentences := 0, 0
	for _, w := range list {
		if utf8.RuneCountInString(w) > 6 {
			long++
		}
	}
	for _, sentence := range sentenceEnd.Split(s, -1) {
		if len(words(sentence)) > 0 {
			sentences++
		}
	}
	return len(list)/sentences + 100*long/len(list)
}

var (
	unseen = regexp.MustCompile(`(?s)<(head|style|title)\b.*?</(head|style|title)>`)
	tag    = regexp.MustCompile(`<[^>]*>`)
	number = regexp.MustCompile(`(?m)^\d+\. `)
)

// htmlText is what a page says.
func htmlText(page string) string {
	return html.UnescapeString(tag.ReplaceAllString(unseen.ReplaceAllString(page, ""), " "))
}

// sameWords compares two texts word by word and returns where they part. A numbered
// list is numbered by the mail client in HTML.
func sameWords(text, page string) (a, b string, same bool) {
	x, y := words(number.ReplaceAllString(text, "")), words(page)
	for i := range max(len(x), len(y)) {
		if i >= len(x) || i >= len(y) || x[i] != y[i] {
			return around(x, i), around(y, i), false
		}
	}
	return "", "", true
}

// around is a few words of a text.
func around(list []string, i int) string {
	return strings.Join(list[min(i, len(list)):min(i+4, len(list))], " ")
}
