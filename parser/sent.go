package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// own marks quotes of the letters sent, and what clients put around them. It says whether it found one.
func (r *reading) own(sent []string) bool {
	if len(sent) == 0 {
		return false
	}
	body := r.units()
	hit := make([]bool, len(body))
	found := false
	letters := likely(body, sent)
	for range min(len(letters), 4) { // a thread may quote several
		var best []unit
		var chain []run
		for _, letter := range letters {
			c := align(body, letter, hit)
			if length(c) > length(chain) && quotes(c, body, letter, r.lines) {
				best, chain = letter, c
			}
		}
		if best == nil {
			break
		}
		found = true
		for _, c := range chain {
			for k := range c.n {
				hit[c.body+k] = true
			}
		}
		if c := chain[len(chain)-1]; c.letter+c.n == len(best) {
			r.endOfOurs = body[c.body+c.n-1].line
		}
		r.short(body, best, chain, hit)
	}
	if found {
		r.cutOwn(body, hit)
	}
	return found
}

// quotes says whether a chain is a quote of a letter and no chance or citation in passing: it
// covers a good part of the letter, or whole lines of the mail with whole sentences of the letter.
func quotes(chain []run, body, letter []unit, lines []line) bool {
	n := length(chain)
	if n*2 >= len(letter) || n >= 25 {
		return true
	}
	for _, c := range chain {
		if c.n >= 4 && wholeLines(c, body) && (sentenceStart(c, letter) || c.n >= 8 && lines[body[c.body].line].depth > 0) {
			return true
		}
	}
	return false
}

// wholeLines says whether a run begins and ends with lines of the mail.
func wholeLines(c run, body []unit) bool {
	end := c.body + c.n
	return (c.body == 0 || body[c.body-1].line != body[c.body].line) && (end == len(body) || body[end].line != body[end-1].line)
}

// sentenceStart says whether a run begins with a line of the letter.
func sentenceStart(c run, letter []unit) bool {
	return c.letter == 0 || letter[c.letter-1].line != letter[c.letter].line
}

// short marks lines of the letter with fewer words than a run has, where the chain leaves them
// over and a line of the mail holds just them.
func (r *reading) short(body, letter []unit, chain []run, hit []bool) {
	lb, ll := 0, 0
	bounds := append(append([]run(nil), chain...), run{len(body), len(letter), 0})
	for _, c := range bounds {
		for l := ll; l < c.letter; {
			end := l
			for end < c.letter && letter[end].line == letter[l].line {
				end++
			}
			if end-l < minRun {
				lb = r.shortLine(body, letter[l:end], lb, c.body, hit, l == 0)
			}
			l = end
		}
		lb, ll = c.body+c.n, c.letter+c.n
	}
}

// shortLine looks for a line of the mail that holds just the given words, near a quote; greeting: they are the letter's first.
func (r *reading) shortLine(body, words []unit, from, to int, hit []bool, greeting bool) int {
	for b := from; b+len(words) <= to; b++ {
		n := 0
		for n < len(words) && body[b+n].id == words[n].id && body[b+n].line == body[b].line {
			n++
		}
		if n != len(words) || !wholeLines(run{body: b, n: n}, body) {
			continue
		}
		// In the open, a lone word of ours may be theirs too: it must touch the quote, or be a greeting or question of several.
		if l := body[b].line; r.lines[l].inQuote() || b == from || b+n == to || r.ourLine(l, n, greeting) {
			for k := range n {
				hit[b+k] = true
			}
			return b + n
		}
	}
	return from
}

// ourLine says whether line i, the same n words as a whole line of ours and touching nothing else of the quote, is no word of theirs by chance: a
// greeting of several words that opens the quote, or a question.
func (r *reading) ourLine(i, n int, greeting bool) bool {
	s := r.lines[i].s
	return greeting && n > 1 && r.opensLetter(i) || strings.HasSuffix(s, "?") && (n > 1 || len(s) > 9)
}

// opensLetter says whether line i is the first of what a client quotes: nothing, a header or a banner stands above it.
func (r *reading) opensLetter(i int) bool {
	for i > 0 && r.lines[i-1].blank() {
		i--
	}
	return i == 0 || r.splitter(i-1) || r.announcement(i) > 0 || r.bannerAbove(i) > 0
}

// cutOwn cuts the matched words and what belongs to the quote around them.
func (r *reading) cutOwn(body []unit, hit []bool) {
	first, last := -1, -1
	for i := 0; i < len(body); {
		j := i
		n := 0
		for j < len(body) && body[j].line == body[i].line {
			n += b2i(hit[j])
			j++
		}
		if n > 0 {
			l := body[i].line
			if first < 0 {
				first = l
			}
			last = l
			r.cutWords(l, body[i:j], hit[i:j], n)
		}
		i = j
	}
	r.strays(first, last)
	r.older(first)
	r.between(first, last)
	r.above(first)
	r.below(last)
}

// cutWords cuts the matched words out of a line, and the line if nothing of weight is left.
func (r *reading) cutWords(i int, us []unit, hit []bool, n int) {
	l := &r.lines[i]
	if !hit[0] && r.subjectRow(i) {
		l.cut = ownLetter
		return
	}
	if n < minRun && isBanner(l.s) {
		return // a word of ours by chance
	}
	lead, trail := 0, len(us)
	for lead < len(us) && !hit[lead] {
		lead++
	}
	for trail > lead && !hit[trail-1] {
		trail--
	}
	before, after := "", ""
	if lead > 0 {
		before = strings.TrimSpace(l.s[:us[lead].start])
	}
	if rest := l.s[us[trail-1].end:]; trail < len(us) || pictured(rest) {
		after = strings.TrimLeft(rest, " \u00a0.,;:!?\"'”“’»)*_")
	}
	before, after = strings.TrimRight(before, " \"“'‘«(*_>"), dropLinks(after)
	if l.depth > 0 && isBanner(before+" ") || attributes(before, true) || leftover(before) {
		before = ""
	}
	if leftover(after) || isBanner(after) {
		after = ""
	}
	switch rest := strings.TrimSpace(before + " " + after); {
	case rest == "":
		l.cut = ownLetter
	default:
		l.s, l.raw, l.depth, l.quote, l.soft = rest, rest, 0, false, false
		l.mixed = true
	}
}

// pictured says whether a text holds an emoji or a sign of money: it may be all they say, and no letter of ours ends with one.
func pictured(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return unicode.In(c, unicode.So, unicode.Sc) }) >= 0
}

// subjectRow says whether a line is a label row below another one: a subject of ours may share words with a letter.
func (r *reading) subjectRow(i int) bool {
	if i == 0 || !isRow(r.lines[i].s) {
		return false
	}
	up := r.lines[i-1].s
	_, known := labelOf(up)
	bare, _ := bareLabel(up)
	return known || bare || isRow(up) && (hasAddress(up) || digits(up) >= 4)
}

// isRow says whether a line has the form of a header's, in any language: a label we know, or a word or three and a colon.
func isRow(s string) bool {
	if bare, _ := bareLabel(s); bare {
		return true
	}
	head, value, ok := strings.Cut(strings.ReplaceAll(prefix(s, 300), "：", ":"), ":")
	return ok && value != "" && len(strings.Fields(head)) <= 3
}

// leftover says whether what is left of a quoted line is no more than marks, links or addresses.
func leftover(s string) bool {
	s = strings.Trim(dropLinks(s), " .,;:!?\"'”“’«»()*_[]<>|-–—")
	return s == "" || strings.HasPrefix(s, "http") && !strings.Contains(s, " ") || hasAddress(s) && !strings.Contains(s, " ")
}

// older cuts what a thread quotes below a letter of ours: a mail that a header or attribution with an address announces, to the next letter of ours
// or, where marks show the quote, to their end. New words stand above it or in a letter.
func (r *reading) older(first int) {
	for i := first; i < len(r.lines); i++ {
		l := &r.lines[i]
		if l.cut != kept || l.blank() {
			continue
		}
		n, labels := r.headerBlock(i)
		if labels < 3 {
			if n = r.attribution(i); n == 0 || !hasAddress(r.joined(i, i+n)) {
				continue
			}
		}
		end, marked := i+n, l.inQuote() || r.quoteFollows(i+n)
		for end < len(r.lines) && r.lines[end].cut != ownLetter && (!marked || r.lines[end].blank() || r.lines[end].inQuote()) {
			end++
		}
		r.mark(i, end, quoted)
		i = end - 1
	}
}

// between decides about the lines inside the quote that are not ours: gateways' banners and what is left of links
// go, the person's words stay, without quote marks.
func (r *reading) between(first, last int) {
	for i := first + 1; i < last; i++ {
		l := &r.lines[i]
		if l.cut != kept || l.blank() || l.mixed {
			continue
		}
		end := i
		var para strings.Builder
		for end < last && r.lines[end].cut == kept && !r.lines[end].blank() && !r.lines[end].mixed {
			para.WriteString(r.lines[end].s + " ")
			end++
		}
		c := kept
		if p := para.String(); isBanner(p) || r.allRules(i, end) && !r.amid(i, end) || !r.allRules(i, end) && strings.Trim(p, "?!.… ") != "" && leftover(p) {
			c = banner
		}
		for ; i < end; i++ {
			l := &r.lines[i]
			l.cut = c
			l.raw, l.depth, l.quote, l.soft = l.s, 0, false, false
		}
		i--
	}
}

func (r *reading) allRules(from, to int) bool {
	for i := from; i < to; i++ {
		if !r.lines[i].rule() {
			return false
		}
	}
	return true
}

// amid says whether lines stand between words that are kept.
func (r *reading) amid(from, to int) bool {
	for from > 0 && r.lines[from-1].blank() {
		from--
	}
	for to < len(r.lines) && r.lines[to].blank() {
		to++
	}
	return from > 0 && to < len(r.lines) && r.lines[from-1].cut == kept && r.lines[to].cut == kept
}

// below cuts the marked lines that hang on the end of the quote. In HTML the writer may go on in the quote itself, below the
// last line of our letter.
func (r *reading) below(last int) {
	depth := r.lines[last].depth
	for i := last + 1; i < len(r.lines); i++ {
		l := &r.lines[i]
		if !l.inQuote() || l.rest && l.depth == 0 {
			return
		}
		theirs := r.html && r.endOfOurs == last && l.depth <= depth && !r.splitter(i)
		if theirs && !l.blank() {
			if n, _ := r.headerBlock(i); n > 0 || r.attribution(i) > 0 {
				theirs = false
			}
		}
		if theirs {
			l.raw, l.quote, l.soft, l.depth = l.s, false, false, 0
			continue
		}
		l.cut = quoted
		r.endOfOurs = 0
	}
}

// strays cuts marks that wrapping broke off a line of ours, alone on their line or before an answer: "\u00a0?" in French.
func (r *reading) strays(first, last int) {
	for i := first + 1; i <= min(last+1, len(r.lines)-1); i++ {
		l, up := &r.lines[i], &r.lines[i-1]
		if l.cut != kept || up.cut != ownLetter || l.blank() || l.depth != up.depth && l.depth > 0 || strings.ContainsAny(up.s[len(up.s)-1:], "?!.:;") {
			continue
		}
		switch rest := strings.TrimLeft(l.s, "?!:;.»”“«\"… \u00a0"); {
		case rest == "" && len(l.s) <= 8:
			l.cut = ownLetter
		case len(l.s)-len(rest) >= 2 && strings.Contains("?!:;»", firstRune(l.s)):
			l.s, l.raw, l.mixed = rest, rest, true
			l.depth, l.quote, l.soft = 0, false, false
		}
	}
}

// firstRune is the first character of a text.
func firstRune(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}
