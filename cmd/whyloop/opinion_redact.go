package main

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// redactor takes out of a text what says whose it is: addresses, telephone numbers, links, and
// the names of those whyloop knows. Other names it cannot know: they go as they were written.
type redactor struct {
	names map[string]bool // folded
}

// newRedactor knows the words of some names.
func newRedactor(names []string) redactor {
	r := redactor{map[string]bool{}}
	for _, name := range names {
		for _, word := range strings.FieldsFunc(norm.NFC.String(name), func(c rune) bool { return !ofWord(c) }) {
			if f := folded(word); len([]rune(f)) > 1 && !particle(f) {
				r.names[f] = true
			}
		}
	}
	return r
}

// particle reports whether a word stands in many names and in every text: it tells nobody apart.
func particle(word string) bool {
	switch word {
	case "de", "del", "der", "den", "des", "di", "da", "do", "dos", "das", "du", "la", "le", "el", "los", "van", "von", "vom", "zu", "zur", "ten", "ter", "te",
		"und", "and", "the", "info", "mail", "sales":
		return true
	}
	return false
}

var (
	// An address, also one hidden from machines ("sam (at) example.com").
	addressIn = regexp.MustCompile(`(?i)[^\s<>()\[\]"',;:]+\s?(?:@|＠|\(at\)|\[at\]|\{at\})\s?[^\s<>()\[\]"',;:]+`)
	linkIn    = regexp.MustCompile(`(?i)\b(?:https?://|www\.)\S+|\b[\p{L}\d-]+\.(?:com|net|org|io|de|fr|es|nl|pt|br|uk|eu|at|ch|be)\b(?:/\S*)?`)
	// Seven digits and more, however they are parted (ITU-T E.123 parts them by spaces; others do as they like).
	phoneIn = regexp.MustCompile(`\+?\(?\p{Nd}(?:[\s ().,/_–-]{0,3}\p{Nd}){6,}`)
)

// redact takes them out. A placeholder stays, so that the text can still be understood.
func (r redactor) redact(s string) string {
	s = norm.NFC.String(visibleOnly(strings.ToValidUTF8(s, "")))
	s = addressIn.ReplaceAllString(s, "[address]")
	s = linkIn.ReplaceAllString(s, "[link]")
	s = phoneIn.ReplaceAllString(s, "[number]")
	return r.withoutNames(s)
}

// visibleOnly drops what nobody sees, which could part a name in two.
func visibleOnly(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Cf, c) || c == '\u034f' {
			return -1
		}
		return c
	}, s)
}

// withoutNames replaces each word that is part of a known name, or its genitive.
func (r redactor) withoutNames(s string) string {
	var out strings.Builder
	for s != "" {
		end := strings.IndexFunc(s, func(c rune) bool { return !ofWord(c) })
		if end < 0 {
			end = len(s)
		}
		if word := s[:end]; r.known(word) {
			out.WriteString("[name]")
		} else {
			out.WriteString(word)
		}
		s = s[end:]
		next := strings.IndexFunc(s, ofWord)
		if next < 0 {
			next = len(s)
		}
		out.WriteString(s[:next])
		s = s[next:]
	}
	return out.String()
}

func (r redactor) known(word string) bool {
	f := folded(word)
	return word != "" && (r.names[f] || r.names[strings.TrimSuffix(f, "s")])
}

// ofWord reports whether a rune is part of a word.
func ofWord(c rune) bool { return unicode.IsLetter(c) || unicode.Is(unicode.M, c) }

// folded is a word without case and accents, so that "JOSE" meets "José".
func folded(word string) string {
	bare := strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return c
	}, norm.NFKD.String(word))
	return cases.Fold().String(bare)
}
