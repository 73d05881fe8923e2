package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// facts are what a text says that matters to attributions.
type facts struct {
	numbers, date int // date: how strongly a date is there, 3 is a date
	email, year   bool
	verb          int // where the last verb ends, -1 for none
	verbAt        int
	before        token // the word before the verb
	words         int   // words before the verb
	words0        int   // words of all, addresses counted in their parts
	opens         bool  // begins as attributions do
}

// attributes says whether a joined text is an attribution. quote: a marked quote follows.
func attributes(s string, quote bool) bool {
	s = strings.TrimLeft(strings.TrimRight(s, "-*_=–— \u00a0"), "-*_=–— \u00a0>|[")
	low := strings.ToLower(s)
	colon := strings.HasSuffix(low, ":") || strings.HasSuffix(low, "：") || strings.HasSuffix(low, ":>")
	if last := strings.TrimRight(low, " "); strings.HasSuffix(last, "。") || strings.HasSuffix(last, ".") && !strings.HasSuffix(last, "..") {
		return false // a sentence
	}
	f := factsOf(low)
	f.opens = opensAttribution(low)
	if f.verb >= 0 && !f.email && (f.date < 3 && pronouns[f.before.s] || !f.year && tells(s) || f.verb < len(s) && tells(s[f.verb:]) || speaks(low[f.verb:])) {
		return false // a story of theirs
	}
	date := f.date >= 3
	ended := colon || f.verb >= 0 && trivial(low[f.verb:])
	switch {
	case f.verb >= 0 && ended && f.email && (f.words <= 14 || date):
		return true
	case f.verb >= 0 && ended && date && pronouns[f.before.s] && !quote:
		return false
	case f.verb >= 0 && ended && date && (f.opens && f.words <= 24 || f.words <= 6):
		return f.year || quote || f.date >= 4 && hasTime(low)
	case f.verb < 0 && date && f.email && f.opens && f.numbers >= 2:
		return colon || quote && strings.HasSuffix(low, ">")
	case colon && f.email && f.year && f.date >= 5 && f.numbers >= 4 && f.words0 <= 12 && strings.ContainsAny(low, "<("):
		return true // no language we know, but a whole date with its time, a name and an address, and nothing else
	case quote && f.email && (colon && f.words0 <= 7 || f.verb >= 0 && f.words <= 14 && strings.HasSuffix(low, "...") || f.words0 <= 4 && strings.HasSuffix(low, "]")):
		return true // "Quoting Jane <jane@x>:", with a quote below
	case quote && strings.HasSuffix(low, "]") && f.year && f.date >= 5 && f.words0 <= 4:
		return true // "[Jane, 23.11.2026 09:12]", as messengers copy it
	case quote && colon:
		return f.verb >= 0 && f.words <= 8 || date && f.opens && !speaks(low)
	}
	return false
}

// tells says whether a text speaks of somebody by a noun, as no client does: "As the customer wrote:", "Mein Chef schrieb:". A determiner stands
// before a word that is no name.
func tells(s string) bool {
	words := strings.Fields(s)
	for i := 0; i+1 < len(words); i++ {
		w := strings.ToLower(strings.Trim(words[i], ",.;:"))
		if !tables.before[w] && !tables.beforeCapital[w] || i > 0 && (w != words[i] || nobiliary[words[i-1]]) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(words[i+1])
		if unicode.IsLower(next) || tables.beforeCapital[w] && unicode.IsUpper(next) {
			return true
		}
	}
	return false
}

// nobiliary are words of surnames that a determiner may follow: "van den Berg", "de la Cruz".
var nobiliary = map[string]bool{"von": true, "van": true, "zu": true, "de": true, "Von": true, "Van": true, "De": true}

// trivial says whether what follows the verb is no sentence: brackets, an alternative ending, a dash row.
func trivial(s string) bool {
	s = strings.Trim(s, " .,:;()/-–—*_>\u00a0")
	return s == "" || utf8.RuneCountInString(s) <= 3 && !strings.ContainsAny(s, "0123456789?!")
}

// factsOf collects what a lower-case text holds.
func factsOf(low string) facts {
	f := facts{verb: -1}
	var buf [64]token
	ts := tokens(low, buf[:0])
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		f.count(low, t)
		f.year = f.year || i > 1 && shortYear(low, ts[i-2:i+1])
		if n := tables.verbs.match(ts[i:]); n > 0 && !(i == 0 && n == 1 && len(ts) > 1 && f.verb < 0 && tables.on[t.s]) {
			f.verb, f.verbAt, f.words = ts[i+n-1].end, t.start, i
			if i > 0 {
				f.before = ts[i-1]
			}
			i += n - 1
		}
	}
	f.words0 = len(ts) - 2*strings.Count(low, "@") - f.numbers
	f.email = hasAddress(low)
	if !ascii(low) {
		f.joined(low)
	}
	return f
}

// shortYear says whether three tokens are a date that ends with a year of two digits: "23.11.26".
func shortYear(low string, ts []token) bool {
	for i, t := range ts {
		if len(t.s) > 2 || !digit(t.s[0]) || i > 0 && (t.start != ts[i-1].end+1 || !strings.ContainsRune("./-", rune(low[t.start-1])) || low[t.start-1] != low[ts[1].start-1]) {
			return false
		}
	}
	return len(ts[2].s) == 2 && (month(ts[1].s) || low[ts[1].start-1] == '/' && month(ts[0].s)) // "14.15.30" is a time
}

// month says whether a number of one or two digits may be that of a month.
func month(s string) bool { return len(s) == 1 || s[0] == '0' || s <= "12" }

// count takes one token's part in a date: year 2, month 2, time 2, weekday 1, number 1.
func (f *facts) count(low string, t token) {
	if c := t.s[0]; c >= '0' && c <= '9' {
		f.numbers++
		f.date++
		switch {
		case len(t.s) == 4 && (t.s[:2] == "20" || t.s[:2] == "19"):
			f.year = true
			f.date++
		case t.end+2 < len(low) && len(t.s) <= 2 && (low[t.end] == ':' || low[t.end] == 'h') && unicode.IsDigit(rune(low[t.end+1])):
			f.date++
		}
		return
	}
	switch {
	case tables.months[t.s]:
		f.date += 2
	case tables.days[t.s]:
		f.date++
	}
}

// joined looks for verbs and dates in scripts without spaces.
func (f *facts) joined(low string) {
	for _, r := range low {
		switch r {
		case '年', '월', '月', '년':
			f.date++
		}
	}
	if strings.Contains(low, "年") || strings.Contains(low, "년") {
		f.year = true
	}
	r := strings.IndexFunc(low, unspaced)
	if r < 0 {
		return
	}
	for _, v := range tables.verbsJoined {
		if i := strings.LastIndex(low, v); i >= 0 && i+len(v) > f.verb {
			f.verb, f.verbAt = i+len(v), i
		}
	}
	if !f.opens && f.verb >= 0 {
		f.words = 0
	}
}

// hasAddress looks for x@y.
func hasAddress(s string) bool {
	for from := 0; ; {
		i := strings.IndexByte(s[from:], '@')
		if i < 0 {
			return false
		}
		i += from
		if i > 0 && i+1 < len(s) && addrByte(s[i-1]) && addrByte(s[i+1]) {
			return true
		}
		from = i + 1
	}
}

func addrByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= utf8.RuneSelf || c == '-' || c == '_' || c == '['
}
