package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// quotes marks quotes by the pattern of lines. strict: the mail answers a letter of
// ours, so that a quote with nothing above it is an empty reply.
func (r *reading) quotes(strict bool) {
	said := false // something was written above
	for i := 0; i < len(r.lines); i++ {
		l := &r.lines[i]
		if l.inQuote() {
			r.attributionAbove(i)
			end := r.quoteEnd(i)
			if r.theirs(i, end, said) {
				said = true
			} else {
				r.mark(i, end, quoted)
				r.spill(end - 1)
				if endsColon(r.lines[end-1].s) {
					r.initials(end)
				}
			}
			i = end - 1
			continue
		}
		if l.blank() || l.cut != kept {
			continue
		}
		if (!opensAttribution(l.s) || strings.HasPrefix(l.s, "No. ")) && r.inlineAttribution(i) || strings.HasSuffix(l.s, "----") && r.inlineSplitter(i) {
			said = true
			continue
		}
		n, rest := r.quoteStart(i, said, strict)
		if n == 0 {
			said = true
			continue
		}
		r.mark(i, i+n, attrib)
		if i > 0 && r.brokenOff(i-1) {
			r.mark(i-1, i, attrib)
		}
		r.announcedAny = true
		if i += n - 1; rest {
			r.mark(i+1, len(r.lines), quoted)
			return
		}
	}
}

// quoteEnd returns where the run of marked lines that begins at i ends. Blank lines between blockquotes belong to it.
func (r *reading) quoteEnd(i int) int {
	end := i
	for i < len(r.lines) && (r.lines[i].inQuote() || r.html && r.lines[i].blank()) {
		if i++; r.lines[i-1].inQuote() {
			end = i
		}
	}
	return end
}

// theirs says whether a run of marked lines is the writer's own citation and no quote of a mail: nothing announces it, above or
// inside, and the client's own quote stands elsewhere.
func (r *reading) theirs(i, end int, said bool) bool {
	l := &r.lines[i]
	if l.quote || l.block && !l.soft || r.announced(i) || r.attribution(i) > 0 {
		return false
	}
	later := r.quoteLater(i, end)
	return l.soft && later || said && (r.told(i) || (r.announcedAny || later || r.textLater(i)) && r.ownQuote(i))
}

// told says whether the line above the marked ones at i is a sentence that leads to them: "As the customer wrote:".
func (r *reading) told(i int) bool {
	for i > 0 && r.lines[i-1].blank() {
		i--
	}
	if i == 0 || r.lines[i-1].cut != kept || !endsColon(r.lines[i-1].s) || len(r.lines[i-1].s) > maxAttribution {
		return false
	}
	low := strings.ToLower(r.lines[i-1].s)
	return factsOf(low).verb >= 0 || speaks(low) || reports(low)
}

// tellers are verbs of those who tell what a third person said, and listeners the words for whom they tell it: what the latter said is a quote of
// their letter.
var (
	tellers   = wordSet("told tells said says answered answers replied replies texted asked asks sagte sagt antwortete meinte meint erzählte dit disait répondu répond disent expliqué dijo dice respondió respondio contestó disse diz respondeu dice rispose risposto detto detta zei zegt antwoordde sade säger svarade sagde siger svarede sa sier svarte sanoi sanoo vastasi powiedział powiedziała mówi odpisał odpisała řekl řekla říká odpověděl odpověděla mondta mondja válaszolta spus spune răspuns είπε λέει απάντησε dedi diyor söyledi сказал сказала говорит ответил ответила сказали каже сказав відповів אמר אמרה ענה ענתה قال قالت يقول")
	listeners = wordSet("you du ihr dir dich tu vous toi te tú usted ustedes você voi jij je u sinä sä ty vy ti εσύ εσείς sen siz ты вы вас ти ви אתה את أنت")
)

// reports says whether a lower-case line tells what a third person said: "This is what she told me:".
func reports(low string) bool {
	told := false
	for _, w := range fieldsOf(low) {
		if listeners[w] {
			return false
		}
		told = told || tellers[w]
	}
	return told
}

// announced says whether an attribution stands right above the marked lines that begin at i.
func (r *reading) announced(i int) bool {
	for i > 0 && r.lines[i-1].blank() {
		i--
	}
	return i > 0 && r.lines[i-1].cut != kept
}

// quoteLater says whether the client's own quote comes below end: then a bare
// blockquote above it was put there by the writer.
func (r *reading) quoteLater(i, end int) bool {
	if r.lastQuote == 0 {
		r.lastQuote = -1
		for j := len(r.lines) - 1; j > i && r.lastQuote < 0; j-- {
			if l := &r.lines[j]; !l.inQuote() && !l.blank() && r.attribution(j) > 0 || l.quote || r.html && l.depth > 0 && !l.soft {
				r.lastQuote = j
			}
		}
	}
	return r.lastQuote >= end
}

// textLater says whether words stand below the run of quoted lines at i.
func (r *reading) textLater(i int) bool {
	for i < len(r.lines) && (r.lines[i].inQuote() || r.lines[i].blank()) {
		i++
	}
	return i < len(r.lines) && len(fieldsOf(strings.ToLower(r.lines[i].s))) > 0
}

// ownQuote says whether quoted lines are the writer's own citation: they hang on a paragraph of theirs that does
// not itself hang on a quote, and the client's quote stands elsewhere.
func (r *reading) ownQuote(i int) bool {
	if i == 0 || r.lines[i-1].cut != kept || r.lines[i-1].blank() || elision(r.lines[i-1].s) {
		return false
	}
	for i > 0 && r.lines[i-1].cut == kept && r.lines[i-1].depth == 0 && !r.lines[i-1].blank() {
		i--
	}
	return i == 0 || r.lines[i-1].blank() && !r.lines[i-1].inQuote()
}

// elision says whether a line stands for what was left out of a quote: "[snip]", "[...]", "(…)".
func elision(s string) bool {
	if len(s) < 3 || len(s) > 20 || !strings.ContainsAny(s[:1], "[(<{") {
		return false
	}
	inside := strings.ToLower(strings.Trim(s, "[](){}<>/ "))
	return strings.Trim(inside, ".…") == "" || inside == "snip" || inside == "snipped" || inside == "schnipp" || inside == "cut"
}

// quoteStart says whether a quote begins at line i: how many lines announce it, and
// whether all the rest belongs to it. A quote with nothing above it, unmarked, may be what the
// person wrote below a header; we know better only if they answer a letter of ours.
func (r *reading) quoteStart(i int, said, strict bool) (n int, rest bool) {
	if len(r.lines[i].s) > maxLine {
		return 0, false
	}
	if n = r.attribution(i); n > 0 {
		if !said || r.onlyGreeted(i) { // else what stands below is the rest of the quote
			r.initials(i + n)
		}
		return n, !r.quoteFollows(i+n) && (said || strict)
	}
	if said && opensWithQuote(r.lines[i].s) {
		return 1, !r.quoteFollows(i + 1)
	}
	if r.splitter(i) {
		n = 1
		for j := i + 1; j < len(r.lines) && j < i+4; j++ {
			if h, _ := r.headerBlock(j); h > 0 {
				n = j - i + h
				break
			}
		}
		return n, !r.quoteFollows(i + n)
	}
	if n, labels := r.headerBlock(i); n > 0 {
		return n, !r.quoteFollows(i+n) && (said || strict || labels < 3)
	}
	if !said && r.loneSender(i) {
		return 1, true
	}
	return 0, false
}

// initials marks as quoted the lines below an attribution that a program marked with the initials or the name of who wrote them: "JD> What ...".
func (r *reading) initials(i int) {
	for i < len(r.lines) && r.lines[i].blank() {
		i++
	}
	if i == len(r.lines) || r.lines[i].depth > 0 {
		return
	}
	mark := initialsOf(r.lines[i].s)
	for ; mark != "" && i < len(r.lines); i++ {
		if rest, ok := strings.CutPrefix(r.lines[i].s, mark); ok {
			r.lines[i].s, r.lines[i].depth = strings.TrimLeft(rest, "> "), 1
		}
	}
}

// onlyGreeted says whether nothing but a salutation stands above line i.
func (r *reading) onlyGreeted(i int) bool {
	n := 0
	for k := range r.lines[:i] {
		l := &r.lines[k]
		if l.blank() || l.cut != kept {
			continue
		}
		if n++; n > 1 || !strings.HasSuffix(l.s, ",") && !strings.HasSuffix(l.s, "!") || len(strings.Fields(l.s)) > 4 {
			return false
		}
	}
	return n == 1
}

// initialsOf returns the mark of a line that is quoted so, "" for none.
func initialsOf(s string) string {
	at := strings.IndexByte(s, '>')
	if at <= 0 || at > 12 || at+1 < len(s) && s[at+1] != ' ' {
		return ""
	}
	first, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsUpper(first) || strings.IndexFunc(s[:at], func(r rune) bool { return !unicode.IsLetter(r) }) >= 0 {
		return ""
	}
	return s[:at+1]
}

// loneSender is a "From: address" line above everything, which some clients put there alone.
func (r *reading) loneSender(i int) bool {
	k, ok := labelOf(r.lines[i].s)
	return ok && k&labelFrom != 0 && hasAddress(r.lines[i].s) && i+1 < len(r.lines) && r.lines[i+1].blank()
}

// spill takes along a line that a gateway or client wrapped out of the quote ("embarrassing line wrap", RFC 3676 §2.2): it stands between two
// quoted lines, without blanks, and holds the rest of a link or goes on with the sentence that broke off at the width of a line.
func (r *reading) spill(i int) {
	if i+2 >= len(r.lines) || r.lines[i].block {
		return
	}
	up, l, next := &r.lines[i], &r.lines[i+1], &r.lines[i+2]
	if l.depth > 0 || l.blank() || next.depth == 0 {
		return
	}
	link := strings.Contains(l.s, "://") || !strings.Contains(l.s, " ") && strings.ContainsAny(l.s, "=/)&%") && (strings.Contains(up.raw, "://") || len(l.s) >= 30) // "3/5" is an answer
	first, _ := utf8.DecodeRuneInString(l.s)
	broken := unicode.IsLower(first) && utf8.RuneCountInString(up.raw) >= minWidth && strings.TrimRight(up.s, ".?!:;") == up.s
	if link || broken && len(l.s) < len(up.raw) {
		l.cut = quoted
	}
}

// minWidth is the shortest line that wrapping may have broken: programs wrap at 72 to 80 columns, at a blank.
const minWidth = 60
