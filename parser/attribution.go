package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAttribution bounds the bytes and lines of an attribution ("On ... wrote:").
const (
	maxAttribution      = 400
	maxAttributionLines = 5
)

// pronouns before the verb make it the writer's own story, not a client's line.
var pronouns = map[string]bool{"i": true, "we": true, "he": true, "she": true, "they": true, "ich": true, "wir": true, "er": true,
	"je": true, "nous": true, "yo": true, "io": true, "eu": true, "ik": true, "jag": true, "jeg": true, "ja": true, "я": true, "boss": true, "it": true,
	"j'ai": true, "avons": true, "ho": true, "abbiamo": true, "hemos": true, "habe": true, "haben": true, "heb": true, "hebben": true}

// attribution returns how many lines from i on are an attribution, 0 for none. Wrapped ones
// are joined first, with the quoted line they may spill into.
func (r *reading) attribution(i int) int {
	l := &r.lines[i]
	if !mayAttribute(l.s) {
		return 0
	}
	joined := l.s
	for n := 1; ; n++ {
		if r.tries++; len(joined) > maxAttribution || r.tries > maxTries {
			return 0
		}
		if strings.Count(joined, "<") <= strings.Count(joined, ">") && attributes(joined, r.quoteFollows(i+n)) {
			if r.answerAbove(i, n) {
				return 0
			}
			if !endsColon(joined) {
				n = r.longer(joined, i, n)
			}
			return n + r.closing(i+n)
		}
		next := i + n
		if n >= maxAttributionLines || next >= len(r.lines) || endsWords(joined) || endsColon(joined) {
			return 0
		}
		nl := &r.lines[next]
		if nl.blank() && r.addressBelow(next) { // Polymail
			continue
		}
		open := strings.Count(joined, "<") > strings.Count(joined, ">")
		label, _ := labelOf(nl.s)
		switch {
		case label&labelFrom != 0 && hasAddress(nl.s):
			return 0 // a header begins
		case nl.rule() || ruled(nl.s):
			return 0
		case nl.blank() && !open:
			return 0
		case (nl.depth > l.depth || nl.quote && !l.quote) && !open:
			return 0
		case open && nl.depth == l.depth+1:
			joined += "> " + nl.s
		case strings.HasSuffix(joined, "<"):
			joined += nl.s
		default:
			joined += " " + nl.s
		}
	}
}

// endsWords says whether a text ends as a sentence does, and not with the abbreviation of a month.
func endsWords(s string) bool {
	last := s[strings.LastIndexAny(s, " \u00a0")+1:]
	switch word := strings.TrimRight(last, ".?。？"); {
	case word == last:
		return false
	case strings.HasSuffix(last, "."):
		return utf8.RuneCountInString(word) >= 5 && unicode.IsLetter([]rune(word)[0]) && !tables.months[strings.ToLower(word)] && !hasAddress(word)
	}
	return true
}

// addressBelow says whether an address in brackets opens one of the next two lines.
func (r *reading) addressBelow(i int) bool {
	return i+1 < len(r.lines) && strings.HasPrefix(r.lines[i+1].s, "<") || i+2 < len(r.lines) && r.lines[i+1].blank() && strings.HasPrefix(r.lines[i+2].s, "<")
}

// answerAbove says whether the first of the n lines from i on are no part of the attribution that they make together with the others: the
// others are a whole one.
func (r *reading) answerAbove(i, n int) bool {
	for k := i + 1; k < i+n; k++ {
		if above, rest := r.joined(i, k), r.joined(k, i+n); whole(rest) && !leadsIn(above, rest) {
			return true
		}
	}
	return false
}

// joined is the text of some lines on one.
func (r *reading) joined(from, to int) string {
	var b strings.Builder
	for _, l := range r.lines[from:to] {
		b.WriteString(l.s + " ")
	}
	return strings.TrimSpace(b.String())
}

// whole says whether a text is an attribution that lacks nothing at its beginning: a preposition, date or weekday, a year, and a verb or
// address. Of a language that nobody knows it is a capital, a year and an address.
func whole(s string) bool {
	f := factsOf(strings.ToLower(s))
	if !opensAttribution(s) {
		return opensLine(s) && f.year && f.email && endsColon(s)
	}
	return f.year && f.date >= 4 && (f.verb >= 0 || f.email) && attributes(s, true)
}

// leadsIn says whether a text is but the beginning of an attribution that goes on with rest: it holds the address, or ends with a part of the
// date: "Am", "On Tuesday,", "Il giorno martedì 3". Where rest has a preposition or weekday of its own, what stands above is complete.
func leadsIn(s, rest string) bool {
	if hasAddress(s) {
		return !hasAddress(rest)
	}
	above, below := fieldsOf(strings.ToLower(s)), fieldsOf(strings.ToLower(rest))
	low := strings.ToLower(s)
	if f := factsOf(low); factsOf(strings.ToLower(rest)).verb < 0 && f.verb >= 0 && (f.words == 0 && !strings.ContainsAny(s, ".:") || trivial(low[f.verb:])) {
		return true
	}
	if strings.IndexFunc(s, unicode.IsLetter) < 0 {
		return false
	}
	if len(above) == 0 || tables.on[below[0]] || tables.days[below[0]] && !tables.months[below[0]] && strings.ContainsAny(s, "0123456789") {
		return false
	}
	last, beforeLast := above[len(above)-1], ""
	if len(above) > 1 {
		beforeLast = above[len(above)-2]
	}
	switch end := s[len(s)-1]; {
	case end == '!' || end == '?' || strings.HasSuffix(s, "。") || len(s) == 1 || strings.EqualFold(strings.TrimRight(s, "."), "no"):
		return false
	case len(last) <= 4 && !ascii(last) && tables.days[beforeLast]: // "יום ג׳"
		return true
	case digit(last[0]): // the day of the month, or an answer with a number
		return len(last) <= 4 && (tables.months[beforeLast] || tables.days[beforeLast] || !digit(below[0][0]) && opensAttribution(rest)) || tables.days[above[0]] && len(above) == 3 && digit(beforeLast[0]) && len(below[0]) == 4
	}
	return tables.on[last] && s[len(s)-1] != '.' || tables.days[last] && !tables.on[last] || tables.months[last] || dateWords[last]
}

// dateWords stand between preposition and date.
var dateWords = map[string]bool{"de": true, "giorno": true, "data": true, "dniu": true, "date": true, "fecha": true, "dia": true, "día": true, "datum": true, "tanggal": true, "ngày": true}

// longer returns how many lines the attribution has if it goes on below to a colon ("... schreef", then the name), else n.
func (r *reading) longer(joined string, i, n int) int {
	for k := n; k < n+2 && i+k < len(r.lines); k++ {
		nl := &r.lines[i+k]
		if nl.blank() || nl.depth != r.lines[i].depth || len(joined) > maxAttribution {
			break
		}
		if joined += " " + nl.s; endsColon(joined) && attributes(joined, true) {
			return k + 1
		}
	}
	return n
}

// brokenOff says whether line i is the beginning of the attribution that the next line was read as: it opens a paragraph, and holds the verb
// that the next line lacks, or the preposition before its date, or is the name before an address that opens it.
func (r *reading) brokenOff(i int) bool {
	l, next := &r.lines[i], &r.lines[i+1]
	if l.blank() || l.cut != kept || l.depth != next.depth || i > 0 && !r.lines[i-1].blank() || len(l.s) > 80 || endsWords(l.s) || strings.ContainsAny(l.s, "!?") || strings.Contains(l.s+" ", ": ") {
		return false
	}
	if _, header := labelOf(next.s); header || r.splitter(i+1) {
		return false
	}
	low := strings.ToLower(l.s)
	words := strings.Fields(low)
	f := factsOf(strings.ToLower(next.s))
	first, _, _ := strings.Cut(strings.ToLower(next.s), " ")
	if len(words) <= 4 && (tables.on[words[len(words)-1]] && words[len(words)-1] != "no" && !tables.on[first] || nameLike(l.s) && f.email && next.s[0] == '<') {
		return true
	}
	for _, w := range words[1:] { // "Jane 於 2026/9/7", "Jane님이 2026년"
		if r, _ := utf8.DecodeRuneInString(w); len(words) <= 7 && (unspaced(r) && tables.on[w] || strings.HasSuffix(w, "님이")) {
			return true
		}
	}
	return f.verb < 0 && namesFirst(low) && attributes(l.s+" "+next.s, true)
}

// namesFirst says whether a text begins with a name of up to four words and a verb of attributions: "Jane Doe wrote".
func namesFirst(low string) bool {
	f := factsOf(low)
	return f.verb >= 0 && f.words > 0 && f.words <= 4 && !pronouns[f.before.s]
}

// attributionAbove marks the attribution right above the marked line i that opens with a name, and so was not seen from above.
func (r *reading) attributionAbove(i int) {
	for i > 0 && r.lines[i-1].blank() {
		i--
	}
	for n := 1; n <= 3 && n <= i; n++ {
		l := &r.lines[i-n]
		if l.cut != kept || l.blank() || l.inQuote() || n == 1 && !endsColon(l.s) || len(l.s) > maxAttribution {
			return
		}
		if r.tries++; r.tries > maxTries {
			return
		}
		if s := r.joined(i-n, i); namesFirst(strings.ToLower(s)) && attributes(s, true) {
			r.mark(i-n, i, attrib)
			return
		}
	}
}

func endsColon(s string) bool {
	s = strings.TrimRight(s, " *_-")
	return strings.HasSuffix(s, ":") || strings.HasSuffix(s, "：")
}

// closing counts the lines right below an attribution that hold nothing but its end.
func (r *reading) closing(i int) int {
	if i < len(r.lines) && (r.lines[i].s == ":" || r.lines[i].raw == ">:" || r.lines[i].s == "：") {
		return 1
	}
	return 0
}

// quoteFollows says whether the next line with text is marked as a quote.
func (r *reading) quoteFollows(i int) bool {
	for n := 0; i < len(r.lines) && n < 6; i, n = i+1, n+1 {
		if l := &r.lines[i]; l.depth > 0 || l.quote {
			return true
		} else if !l.blank() {
			return false
		}
	}
	return false
}

// mayAttribute is a cheap look that most lines fail: does it begin as an
// attribution does, or hold an address or a colon at the end?
func mayAttribute(s string) bool {
	if len(s) < 3 || len(s) > maxAttribution {
		return false
	}
	switch c := s[len(s)-1]; {
	case c == ':' || c == '>' || c == '<' || c == ']':
		return true
	case c >= utf8.RuneSelf && strings.HasSuffix(s, "："):
		return true
	}
	return strings.IndexByte(s, '@') >= 0 || opensAttribution(s)
}

// opensAttribution looks at the first word: a preposition, a date, a weekday, a name in quotes.
func opensAttribution(s string) bool {
	s = strings.TrimLeft(s, "-*_=–—[\"'“„«<| \u202b\u202a")
	if s == "" {
		return false
	}
	if s[0] >= '0' && s[0] <= '9' {
		return true
	}
	end := strings.IndexAny(s, " ,.:-\u00a0\t")
	if end < 0 {
		end = len(s)
	}
	r, _ := utf8.DecodeRuneInString(s)
	if unspaced(r) {
		return true
	}
	w := strings.ToLower(s[:min(end, 40)])
	return tables.on[w] || tables.days[w] || tables.months[w] || strings.HasPrefix(w, "ב") || tables.verbs[w] != nil
}

// opensWithQuote says whether a line is a whole attribution, with the quote behind it on the same line, as Yahoo's apps write: "On ..., Jane
// <jane@x> wrote:   What ...".
func opensWithQuote(s string) bool {
	at := strings.IndexByte(s, '>')
	if at < 0 || !opensAttribution(s) {
		return false
	}
	n := strings.Index(s[at:], ": ")
	return n > 0 && n < 30 && at+n < maxAttribution && factsOf(strings.ToLower(s[at:at+n])).verb >= 0 && whole(s[:at+n+1])
}

// inlineAttribution finds an attribution that begins in the middle of a line
// ("reply On Wed, ... wrote:"), which some clients make of a reply without a line end.
func (r *reading) inlineAttribution(i int) bool {
	l := &r.lines[i]
	if l.depth > 0 || len(l.s) > maxAttribution || !strings.HasSuffix(l.s, ":") || !r.quoteFollows(i+1) {
		return false
	}
	for at := 1; at < len(l.s); at++ {
		first, _ := utf8.DecodeRuneInString(l.s[at:])
		if l.s[at-1] != ' ' || !unicode.IsUpper(first) || !opensAttribution(l.s[at:]) {
			continue
		}
		if hasAddress(l.s[:at]) && !hasAddress(l.s[at:]) {
			return false // the address is that of the attribution
		}
		if f := factsOf(strings.ToLower(l.s[at:])); f.date >= 3 && f.verb >= 0 && attributes(l.s[at:], true) {
			l.s = strings.TrimSpace(l.s[:at])
			l.raw = l.s
			return true
		}
	}
	return false
}
