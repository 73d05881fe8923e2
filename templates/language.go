package templates

import (
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"whyloop/conversation"
)

// language is what a language needs besides its folder of letters.
type language struct {
	Code     string
	Name     string // in the language itself
	Address  string // how a rep is spoken to
	Quotes   [2]string
	Spoken   bool // words to reply with stand in quotation marks, where a bare one would jar
	Months   [12]string
	Weekdays [7]string                    // from Sunday
	On       [7]string                    // the weekday with its preposition: "on Friday"
	Subjects []string                     // words that begin a whole sentence rather than name a thing: "I", "we"
	Bare     []string                     // the bare question never asked: "why"
	Numbers  []string                     // words about a person's numbers, never said: "quota"
	Words    map[conversation.Verb]string // what a rep writes for a command; in English the verb itself
	Grade    int                          // the highest LIX a letter may have: some languages have longer words
	FirstDay string                       // how the first of a month is written, "" for "1"
	Clock    string                       // a time.Format layout: "15:04"

	// Patterns of {weekday}, {on}, {day}, {month}, {year}, {clock}.
	Day    string // "Monday, 30 November"
	OnDay  string // "on Monday, 30 November"
	Date   string // "30 November 2026"
	Moment string // "on Friday at 15:00"
}

// languages is the table: a language is a row here and a folder of letters.
var languages = []language{english, german, french, spanish, dutch, portuguese}

var english = language{
	Code: "en", Name: "English", Address: "you",
	Quotes: [2]string{"“", "”"},
	Months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October", "November", "December"},
	Weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	On: [7]string{"on Sunday", "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday",
		"on Saturday"},
	Subjects: []string{"i", "i’m", "i’d", "i’ll", "we", "we’d", "it", "it’s", "they", "he", "she", "you", "there", "because", "so", "to", "that", "not"},
	Bare:     []string{"why"},
	Numbers: []string{"quota", "score", "percent", "percentage", "streak", "target", "ranking", "performance",
		"kpi", "revenue"},
	Grade: 38,
	Clock: "15:04", Day: "{weekday}, {day} {month}", OnDay: "on {weekday}, {day} {month}",
	Date: "{day} {month} {year}", Moment: "{on} at {clock}",
}

// write fills a pattern with a moment, read on the clock its location gives.
func (l *language) write(pattern string, t time.Time) string {
	day := itoa(t.Day())
	if t.Day() == 1 && l.FirstDay != "" {
		day = l.FirstDay
	}
	return strings.NewReplacer(
		"{weekday}", l.Weekdays[t.Weekday()], "{on}", l.On[t.Weekday()], "{day}", day,
		"{month}", l.Months[t.Month()-1], "{year}", itoa(t.Year()), "{clock}", t.Format(l.Clock),
	).Replace(pattern)
}

// quote is a person's words between the language's quotation marks.
func (l *language) quote(s string) string {
	return openSaid + l.Quotes[0] + quoted(s) + l.Quotes[1] + closeSaid
}

// phraseLimit is how many graphemes of a person's words a sentence of ours can hold.
const phraseLimit = 48

// phrase reports whether a person's words can stand inside a question of ours: they are
// short and name a thing, rather than being a sentence.
func (l *language) phrase(s string) bool {
	s = quoted(s)
	if uniseg.GraphemeClusterCount(s) > phraseLimit || strings.ContainsAny(s, ".!?;:\n") {
		return false
	}
	first, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(s, "'", "’")), " ")
	return !slices.Contains(l.Subjects, first)
}

// key marks a word to reply with.
func (l *language) key(s string) string {
	s = openKey + s + closeKey
	if l.Spoken {
		return l.Quotes[0] + s + l.Quotes[1]
	}
	return s
}

// blockOf marks a text as an entry of a block.
func blockOf(kind, text string) string {
	return openBlock + kind + kindEnd + text + closeBlock
}

// each quotes every item as an entry of a block.
func (l *language) each(kind string, items []string) string {
	var b strings.Builder
	for _, s := range items {
		b.WriteString(blockOf(kind, l.quote(s)))
	}
	return b.String()
}

// capital makes a phrase begin a sentence.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// kept marks a text whose line ends count.
func kept(kind, s string) string {
	return blockOf(kind, strings.ReplaceAll(s, "\n", lineBreak))
}

// funcs is what a text template may call.
func (l *language) funcs() template.FuncMap {
	pattern := func(p string) func(time.Time) string {
		return func(t time.Time) string { return l.write(p, t) }
	}
	return template.FuncMap{
		"quote":   l.quote,
		"key":     l.key,
		"verb":    func(s string) string { return openKey + s + closeKey },
		"exact":   func(s string) string { return kept(blockExact, s) },
		"own":     func(s string) string { return kept(blockOwn, s) },
		"phrase":  l.phrase,
		"ladder":  func(items []string) string { return l.each(blockLadder, items) },
		"list":    func(items []string) string { return l.each(blockList, items) },
		"command": func() string { return openBlock + blockCommand + kindEnd },
		"entry":   func() string { return openBlock + blockEntry + kindEnd },
		"close":   func() string { return closeBlock },
		"unknown": func(what string) (string, error) { return "", fmt.Errorf("nothing is written about %q", what) },
		"day":     pattern(l.Day),
		"onday":   pattern(l.OnDay),
		"date":    pattern(l.Date),
		"moment":  pattern(l.Moment),
		"month":   pattern("{month}"),
		"capital": capital,
	}
}

// word is what a rep writes for a command.
func (l *language) word(v conversation.Verb) string {
	if w, ok := l.Words[v]; ok {
		return w
	}
	return string(v)
}

// names reports whether blocks name a command.
func (l *language) names(blocks []block, v conversation.Verb) bool {
	for _, b := range blocks {
		for _, it := range b.Items {
			for _, s := range it {
				if s.Kind == spanKey && s.Text == l.word(v) {
					return true
				}
			}
		}
	}
	return false
}
