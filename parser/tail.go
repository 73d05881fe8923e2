package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tail cuts what stands below a person's words: signatures, sign-offs, footers. It works upward
// from the end of one stretch of kept lines, and never takes the first paragraph of a
// reply for anything but what it plainly is.
type tail struct {
	lines []line
	known *names
	first bool // the stretch begins the reply
	last  bool // and no quote stands below it

	quoted bool // the mail holds a quote: there may be nothing else in it
	sealed bool // a signature or name below is cut
	footed bool // a disclaimer below is cut
}

// trim marks what goes and returns where the words end.
func (t *tail) trim() int {
	end := t.below(len(t.lines))
	for range maxRows {
		at := t.delimited(end)
		t.sealed = t.sealed || at < end
		n := t.below(at)
		if n == end {
			break
		}
		end = n
	}
	return end
}

// Bounds of what is trimmed below one stretch: no signature has more, and each step looks at a paragraph.
const (
	maxRows  = 3  // rows of dashes with a signature below
	maxSteps = 30 // sign-offs, names, footers and blocks
	maxBlock = 60 // lines of a paragraph that may be a signature or footer
)

// below trims from the end upward until no rule finds more.
func (t *tail) below(end int) int {
	for range maxSteps {
		was := end
		if end = t.blanks(end); end > 0 && len(t.lines[end-1].s) > maxLine {
			return end // no footer has such lines, and no pattern is tried on them
		}
		for _, rule := range []func(int) int{t.rules, t.device, t.paragraphs, t.signoff, t.name, t.dashName, t.together} {
			if n := rule(end); n < end {
				end = t.blanks(n)
				break
			}
		}
		if end == was || end == 0 {
			break
		}
	}
	return end
}

func (t *tail) blanks(end int) int {
	for end > 0 && t.lines[end-1].blank() {
		end--
	}
	return end
}

// rules drops all rows of dashes at the end.
func (t *tail) rules(end int) int {
	for end > 0 && (t.lines[end-1].blank() || t.lines[end-1].rule() || t.lines[end-1].s == "\u1427" || t.lines[end-1].s == "—" || t.lines[end-1].s == "–") {
		end--
	}
	return end
}

// maxSignature is how many lines may follow a delimiter: beyond it, the row of dashes was no delimiter.
const maxSignature = 25

// delimited finds the signature delimiter "-- " (RFC 3676 §4.3) and cuts from it. Longer rows need a signature below them to be one, for
// people draw rows too: the last that has is taken, where there is no delimiter.
func (t *tail) delimited(end int) int {
	row := end
	for i := max(0, end-2*maxSignature); i < end; i++ {
		l := &t.lines[i]
		if len(l.s) > maxLine {
			continue
		}
		switch {
		case l.s == "--" || l.s == "__" || (l.s == "---" || l.s == "—" || l.s == "–") && t.contacts(i+1, end):
			// Where nothing was written, programs leave an empty line above the signature.
			if t.filled(i, end) > maxSignature || i == 0 && t.first && !t.quoted || t.goesOnBelow(i+1, end) {
				continue
			}
			if row = i; l.s == "--" || l.s == "__" {
				return i
			}
		case l.rule() && i > 0 && t.words(0, i) && !announces(t.lines[i-1].s):
			if n := t.filled(i, end); n <= 12 && t.contacts(i+1, end) {
				row = i
			}
		}
	}
	return row
}

// goesOnBelow says whether the words go on below a row of two dashes that was drawn between two thoughts: with a small letter, and sentences, and
// nothing that a signature holds.
func (t *tail) goesOnBelow(from, to int) bool {
	if from >= to || t.lines[from].blank() {
		return false
	}
	first, _ := utf8.DecodeRuneInString(t.lines[from].s)
	if !unicode.IsLower(first) || utf8.RuneCountInString(t.lines[from].s) < minWidth {
		return false
	}
	for i := from; i < to; i++ {
		if contactMarks(t.lines[i].s) > 0 {
			return false
		}
	}
	return isWhole(t.lines[t.blanks(to)-1].s)
}

// filled counts lines with text.
func (t *tail) filled(from, to int) int {
	n := 0
	for i := from; i < to; i++ {
		n += b2i(!t.lines[i].blank())
	}
	return n
}

// words says whether there are words between two lines.
func (t *tail) words(from, to int) bool {
	for i := from; i < to; i++ {
		if l := &t.lines[i]; !l.blank() && !l.rule() {
			return true
		}
	}
	return false
}

// contacts says whether what stands below a row of dashes looks like a signature or footer: marks of
// contact in it, and no sentence.
func (t *tail) contacts(from, to int) bool {
	marks, sentences, seen := 0, 0, false
	for i := from; i < to; i++ {
		l := &t.lines[i]
		if image(l.s) && !seen {
			return true
		}
		seen = seen || !l.blank()
		marks += contactMarks(l.s)
		sentences += b2i(len(l.s) > 70 || strings.HasSuffix(l.s, ".") || strings.HasSuffix(l.s, "?") || strings.HasSuffix(l.s, "!"))
	}
	return marks > 0 && sentences <= marks || t.known.in(t.text(from, min(to, from+2)))
}

// text joins lines.
func (t *tail) text(from, to int) string {
	var b strings.Builder
	for i := from; i < to && b.Len() < 5000; i++ {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(cut8(t.lines[i].s, 4096))
	}
	return b.String()
}

// paragraphs drops trailing paragraphs that are disclaimers or contact blocks.
func (t *tail) paragraphs(end int) int {
	if end == 0 {
		return end
	}
	start := t.paragraph(end)
	if end-start > maxBlock {
		return end
	}
	text := t.text(start, end)
	if end-start > 1 && len(t.lines[end-1].s) > 120 && isDisclaimer(t.lines[end-1].s) { // a paragraph of its own, written without a gap
		t.footed = true
		return end - 1
	}
	if (isDisclaimer(text) || t.footed && headsDisclaimer(text)) && (!t.first || t.words(0, start)) {
		t.footed = true
		return start
	}
	if (t.footed || boldName(t.lines[start].s)) && t.office(start, end) {
		return start
	}
	for at, n := start, end; ; { // the marks of a block may stand above or below plain lines of it
		if up := t.blanks(at); up > 0 && announces(t.lines[up-1].s) {
			return end
		}
		if !t.words(0, at) && !t.card(at, n) && (t.first || !nameLike(t.lines[at].s)) {
			return end
		}
		switch t.block(at, n) {
		case blockContact:
			t.sealed = true
			return t.above(at)
		case blockMaybe:
		default:
			return end
		}
		n = t.blanks(at)
		if n == 0 || end-at > 20 {
			return end
		}
		at = t.paragraph(n)
	}
}

// announces says whether a line introduces what stands below it: "Call them:".
func announces(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(s, ":"))
	return strings.HasSuffix(s, ":") && unicode.IsLetter(r) && s[0] != ':' && len(s) < 200
}

// paragraph returns where the paragraph that ends before end starts.
func (t *tail) paragraph(end int) int {
	i := end
	for i > 0 && !t.lines[i-1].blank() && end-i <= maxBlock {
		i--
	}
	return i
}

// signoff drops "Best regards," with the name lines below it.
func (t *tail) signoff(end int) int {
	for i, n := end-1, 0; i >= 0 && n < 7; i-- {
		l := &t.lines[i]
		if l.blank() {
			continue
		}
		n++
		weak, ok := closing(l.s)
		if !ok && i > 0 && t.words(0, i) && t.filled(i+1, end) > 0 && greets(l.s) {
			weak, ok = false, true
		}
		// Without a comma and with a gap below, a sign-off is like any line: it goes only with a name we know, or written small above a full one.
		weak = weak || i+1 < end && t.lines[i+1].blank() && t.filled(i+1, end) == 1 && !strings.ContainsAny(l.s, ",،，、.!") && !(small(l.s) && fullName(t.lines[end-1].s))
		alone := (t.first || !t.last) && (i == 0 || !t.words(0, i)) // it may be all they say, to us or to a question
		if ok && (!alone || !weak && (t.filled(i+1, end) > 0 || t.sealed && !t.first)) && t.namesBelow(i+1, end, weak) {
			t.sealed = true
			return i
		}
		if utf8.RuneCountInString(l.s) > 60 || sentence(l.s) && len(strings.Fields(l.s)) > 4 {
			return end
		}
	}
	return end
}

// namesBelow says whether the lines below a sign-off are a name and what goes with it.
func (t *tail) namesBelow(from, to int, weak bool) bool {
	n := t.filled(from, to)
	if n == 0 {
		return (t.known.full != "" || t.sealed) && !weak // alone it stays, unless we know whom it belongs to
	}
	if n > 6 {
		return false
	}
	named, ruled, n := false, false, 0
	for i := from; i < to; i++ {
		l := &t.lines[i]
		if ruled = ruled || l.rule(); l.blank() {
			continue
		}
		if n++; n == 1 {
			// "Thanks, Alex" may say something: it goes where we know that Alex is them, or where the two lines are all the paragraph.
			named = t.known.in(l.s) || t.signedBy(l.s) || nameLike(l.s) && (!weak || t.known.full == "" && t.signed(from, to))
		}
		if ruled && isWhole(l.s) && len(strings.Fields(l.s)) >= 3 {
			return false // below a row of dashes they go on
		}
		if sentence(l.s) && len(l.s) > 20 || len(strings.Fields(l.s)) > 7 && contactMarks(l.s) == 0 && !address(l.s) {
			return false
		}
	}
	return named
}

// signed says whether the lines right above and below from, a sign-off with a comma and a name of two words at the most, are a
// paragraph of their own that ends a letter: one that opens with a salutation, or has a disclaimer below.
func (t *tail) signed(from, to int) bool {
	if from < 3 || t.filled(from, to) != 1 || t.lines[from].blank() || !t.lines[from-2].blank() || !t.words(0, from-2) || !t.salutes() && !t.footed {
		return false
	}
	return strings.HasSuffix(t.lines[from-1].s, ",") && len(strings.Fields(t.lines[from].s)) <= 2 && !strings.ContainsAny(t.lines[from].s, ".!")
}

// salutes says whether the stretch opens with a line like "Simone," or "Hi Tom,".
func (t *tail) salutes() bool {
	for i := range t.lines {
		if l := &t.lines[i]; !l.blank() {
			return t.first && strings.HasSuffix(l.s, ",") && len(strings.Fields(l.s)) <= 4 && i+1 < len(t.lines) && t.lines[i+1].blank()
		}
	}
	return false
}

// name drops the writer's known name on a line of its own at the end. A name that nobody knows goes where the quote's own block
// holds it.
func (t *tail) name(end int) int {
	if end == 0 || !(end > 1 && t.words(0, end-1)) && t.first {
		return end
	}
	l := &t.lines[end-1]
	hung := l.hung && t.known.full == "" && nameLike(l.s) && len(strings.Fields(l.s)) <= 2
	return end - b2i(hung || t.known.in(l.s))
}

// dashName drops "-Roman" and "/John" at the end. Where the writer's name is known, only
// that goes: "-freedom" may be an answer.
func (t *tail) dashName(end int) int {
	if end == 0 {
		return end
	}
	s := t.lines[end-1].s
	rest := strings.TrimLeft(s, "-–—/~")
	n := len(s) - len(rest)
	if n == 0 || n > 6 || rest == "" || len(rest) > 40 || strings.ContainsAny(rest, "0123456789?!,:=<>/") {
		return end
	}
	if strings.ContainsAny(s[:1], "/~") && small(rest) {
		return end
	}
	if !t.words(0, end-1) { // alone only as "-Jane Doe"
		return end - b2i(n == 1 && len(strings.Fields(rest)) == 2 && nameLike(rest) && rest[0] != ' ')
	}
	if prev := t.lines[end-2].s; strings.HasSuffix(prev, ":") || prev != "" && strings.HasPrefix(prev, s[:1]) {
		return end
	}
	if t.known.in(rest) {
		return end - 1
	}
	if t.known.full != "" {
		return end // it is not their name, so it may be their answer
	}
	if spaced := strings.TrimSpace(rest); spaced != rest {
		return end - b2i(strings.ContainsRune("-–—", []rune(s)[0]) && utf8.RuneCountInString(s[:n]) == 1 && len(strings.Fields(spaced)) == 1 && (s[0] == '-' || !small(spaced)) && strings.IndexFunc(spaced, func(r rune) bool { return !unicode.IsLetter(r) }) < 0)
	}
	if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(r) || len(strings.Fields(rest)) > 3 {
		return end
	} else if t.lines[end-2].blank() && unicode.IsUpper(r) || len(strings.Fields(rest)) == 1 {
		return end - 1
	}
	return end
}
