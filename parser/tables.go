package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tables are the rows of languages, turned round for looking things up. They are
// built once and never written again.
var tables = compile(languages)

type table struct {
	on, months, days map[string]bool
	before           map[string]bool   // determiners
	beforeCapital    map[string]bool   // likewise, of the language that writes nouns with capitals
	monthFirst       map[string]bool   // months of languages that put them before the day
	verbs            phrases           // spaced languages: by first word
	verbsJoined      []string          // languages without spaces: substrings
	labels           map[string]label  // header labels
	original         map[string]bool   // splitter lines
	device           phrases           // beginnings of device footers
	deviceJoined     []string          // likewise, languages without spaces
	closing, thanks  map[string]bool   // sign-offs
	closes           map[string]bool   // first words of the former
	greets           map[string]bool   // words that end one
	signs            map[string]bool   // words behind the name that signs
	auto             []string          // subjects of automatic replies
	until            map[string]string // words before a return date, with their language
	maxLabel         int
}

// label is the set of header fields that a label may stand for.
type label uint8

const (
	labelFrom label = 1 << iota
	labelSent
	labelTo
	labelSubject
)

func compile(rows []language) *table {
	t := &table{
		monthFirst: map[string]bool{}, before: map[string]bool{}, beforeCapital: map[string]bool{}, on: map[string]bool{}, months: map[string]bool{}, days: map[string]bool{}, verbs: phrases{},
		labels: map[string]label{}, original: map[string]bool{}, device: phrases{},
		closing: map[string]bool{}, closes: map[string]bool{}, thanks: map[string]bool{}, greets: map[string]bool{}, signs: map[string]bool{}, until: map[string]string{},
	}
	for _, l := range rows {
		each(l.on, func(s string) { w, _, _ := strings.Cut(s, " "); t.on[w] = true })
		each(l.months, func(s string) {
			t.months[s] = true
			t.monthFirst[s] = t.monthFirst[s] || l.code == "en" || l.code == "hu"
		})
		before := t.before
		if l.code == "de" {
			before = t.beforeCapital
		}
		each(l.before, func(s string) { before[s] = true })
		each(l.days, func(s string) { t.days[s] = true })
		each(l.original, func(s string) { t.original[s] = true })
		each(l.closing, func(s string) {
			first, _, _ := strings.Cut(s, " ")
			t.closing[s], t.closes[strings.Trim(first, ",.:")] = true, true
		})
		each(l.signs, func(s string) { t.signs[s] = true })
		each(l.greets, func(s string) { t.greets[s] = true })
		each(l.thanks, func(s string) { t.thanks[s] = true })
		each(l.auto, func(s string) { t.auto = append(t.auto, s) })
		each(l.until, func(s string) { t.until[s] = l.code })
		each(l.wrote, func(s string) { t.verbsJoined = t.verbs.add(s, t.verbsJoined) })
		each(l.device, func(s string) {
			if t.deviceJoined = t.device.add(s, t.deviceJoined); l.code == "he" { // prepositions and words are written as one
				t.deviceJoined = append(t.deviceJoined, s)
			}
		})
		for kind, list := range map[label]string{labelFrom: l.from, labelSent: l.sent, labelTo: l.to, labelSubject: l.subject} {
			each(list, func(s string) {
				t.labels[s] |= kind
				t.maxLabel = max(t.maxLabel, len(s))
			})
		}
	}
	return t
}

func each(list string, f func(string)) {
	for _, s := range strings.Split(list, "|") {
		if s != "" {
			f(s)
		}
	}
}

// phrases are word sequences by their first word.
type phrases map[string][][]string

// add files a phrase under its first word, or, in scripts without spaces, under joined.
func (p phrases) add(s string, joined []string) []string {
	if r, _ := utf8.DecodeRuneInString(s); unspaced(r) {
		return append(joined, s)
	}
	if w := fieldsOf(s); len(w) > 0 {
		p[w[0]] = append(p[w[0]], w[1:])
	}
	return joined
}

// match returns how many of the words make up a phrase, the longest one, 0 for none.
func (p phrases) match(words []token) int {
	best := 0
	if len(words) == 0 {
		return 0
	}
	for _, rest := range p[words[0].s] {
		n := 1
		for n <= len(rest) && n < len(words) && words[n].s == rest[n-1] {
			n++
		}
		if n == len(rest)+1 {
			best = max(best, n)
		}
	}
	return best
}

// unspaced says whether a script writes words without spaces between them.
func unspaced(r rune) bool {
	if r < 0x0e00 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
}

// token is a word or number of a line in lower case, with where it ends.
type token struct {
	s          string
	start, end int
}

// tokens splits a lower-case text into its words.
func tokens(s string, into []token) []token {
	start := -1
	for i, r := range s {
		in := r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') ||
			r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)) || r == '\''
		switch {
		case in && start < 0:
			start = i
		case !in && start >= 0:
			into = append(into, token{s[start:i], start, i})
			start = -1
		}
	}
	if start >= 0 {
		into = append(into, token{s[start:], start, len(s)})
	}
	return into
}

func fieldsOf(s string) []string {
	var out []string
	for _, t := range tokens(s, nil) {
		out = append(out, t.s)
	}
	return out
}

// needles finds many short strings in one pass: most places of a text are ruled out by their first two bytes.
type needles struct {
	bits [1024]uint64
	by   map[uint16][]int
	list []string
}

func newNeedles(list []string) *needles {
	n := &needles{by: map[uint16][]int{}, list: list}
	for i, s := range list {
		k := uint16(s[0])<<8 | uint16(s[1])
		n.bits[k>>6] |= 1 << (k & 63)
		n.by[k] = append(n.by[k], i)
	}
	return n
}

// count returns how many different needles are in s, and stops at most.
func (n *needles) count(s string, most int) int {
	var found [8]int
	c := 0
	for i := 0; i+1 < len(s); i++ {
		k := uint16(s[i])<<8 | uint16(s[i+1])
		if n.bits[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		for _, j := range n.by[k] {
			if strings.HasPrefix(s[i:], n.list[j]) && !seen(found[:c], j) {
				if found[c], c = j, c+1; c == most || c == len(found) {
					return c
				}
			}
		}
	}
	return c
}

func seen(list []int, j int) bool {
	for _, k := range list {
		if k == j {
			return true
		}
	}
	return false
}
