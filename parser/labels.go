package parser

import (
	"strings"
	"unicode/utf8"
)

// headerBlock returns how many lines from i on repeat the header of a quoted
// mail ("From: ... Sent: ... To: ..."), in any order and any language, and how many labels
// it holds. Empty lines between labels and wrapped values belong to it.
func (r *reading) headerBlock(i int) (lines, labels int) {
	kind, ok := labelOf(r.lines[i].s)
	if !ok {
		if lines, labels = r.stackedHeader(i); lines > 0 {
			return lines, labels
		}
		return r.unknownHeader(i)
	}
	if r.lines[i].oneLineHeader() {
		return 1, 3
	}
	b := r.scanBlock(i, kind)
	if !b.valid() || r.labelsOfTheirs(i, b.end) || r.beginsBelow(i, b.end) {
		return 0, 0
	}
	return b.end - i, b.labels
}

// scanBlock reads the rows of a header that begins at line i with a label of a kind.
func (r *reading) scanBlock(i int, kind label) block {
	b := block{kinds: kind, labels: 1, end: i + 1}
	b.see(r.lines[i].s)
	blanks, wrapped, more := 0, 0, ""
	for j := i + 1; j < len(r.lines) && j < i+40; j++ {
		l := &r.lines[j]
		kind, ok := labelOf(l.s)
		switch {
		case ok && (l.oneLineHeader() || l.inQuote() && !r.lines[i].inQuote()), ok && wrapped > 0 && r.answerEnds(b.end, j):
			return b
		case ok:
			b.kinds |= kind
			b.labels++
			b.end, blanks, wrapped = j+1, 0, 0
			b.see(l.s + more)
			more = ""
		case l.blank():
			blanks++
		case l.rule() || ruled(l.s) || l.inQuote() && !r.lines[i].inQuote():
			return b // what stands below is a header of its own
		default:
			wrapped++
			more += " " + l.s // the rest of a value, if a label follows
		}
		if blanks > 2 || wrapped > 3 {
			break
		}
	}
	return b
}

// answerEnds says whether somebody's words end between two labels, so that they are not of one header: with a sign-off, the footer of a telephone or
// the line above a quote.
func (r *reading) answerEnds(from, to int) bool {
	for i := from; i < to; i++ {
		l := &r.lines[i]
		if weak, ok := closing(l.s); l.sig || ok && !weak || isDevice(l.s) || strings.HasSuffix(l.s, "----") || tables.original[strings.ToLower(strings.Trim(l.s, "-_ :"))] {
			return true
		}
	}
	return false
}

// ruled says whether a line begins with a row of dashes.
func ruled(s string) bool {
	for _, p := range []string{"--", "__", "==", "——"} {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// beginsBelow says whether a header that was read from line i on begins below a gap, whole and without gaps, and what stands above
// the gap is none.
func (r *reading) beginsBelow(i, end int) bool {
	above := block{}
	for p := i; p < end; p++ {
		l := &r.lines[p]
		kind, ok := labelOf(l.s)
		if ok && p > i && r.lines[p-1].blank() && !above.valid() {
			if b := r.scanBlock(p, kind); b.valid() && b.kinds&labelFrom != 0 && !r.gap(p, b.end) {
				return true
			}
		}
		if ok {
			above.kinds |= kind
			above.labels++
		}
		if ok || p > i && !r.lines[p-1].blank() {
			above.see(l.s)
		}
	}
	return false
}

// gap says whether an empty line stands between two lines.
func (r *reading) gap(from, to int) bool {
	for _, l := range r.lines[from:to] {
		if l.blank() {
			return true
		}
	}
	return false
}

// labelsOfTheirs says whether a block of labels begins with lines that people wrote above the header ("Date: every Friday"): without a date or
// address, and with a label that the header, whole without them, has too.
func (r *reading) labelsOfTheirs(i, end int) bool {
	var own block
	for j := i; j < min(end, i+4); j++ {
		k, _ := labelOf(r.lines[j].s)
		own.kinds |= k
		own.see(r.lines[j].s)
		if own.email || own.date {
			return false
		}
		next := j + 1
		for next < end && r.lines[next].blank() {
			next++
		}
		if next < end && r.repeats(own.kinds, next > j+1, next, end) {
			return true
		}
	}
	return false
}

// repeats says whether a header begins at a line that has one of the labels above it again: the sender, the time or the very words, or any of the
// kind where a gap stands between.
func (r *reading) repeats(above label, gap bool, i, end int) bool {
	kind, ok := labelOf(r.lines[i].s)
	if !ok {
		return false
	}
	kinds, words := label(0), false
	for j := i; j < end; j++ {
		k, _ := labelOf(r.lines[j].s)
		kinds |= k
		words = words || k&above != 0 && labelWords(r.lines[j].s) == labelWords(r.lines[i-1].s)
	}
	if both := labelTo | labelSubject; !gap && (kind != labelFrom || above != both || kinds&both != both) {
		kinds &= labelFrom | labelSent
	}
	if kinds&above == 0 && !words {
		return false
	}
	b := r.scanBlock(i, kind)
	return b.valid()
}

// labelWords is what stands before the colon, in lower case.
func labelWords(s string) string {
	head, _, _ := strings.Cut(strings.ReplaceAll(prefix(s, 200), "：", ":"), ":")
	return strings.ToLower(strings.Trim(head, "*_ \t\u00a0"))
}

// unknownHeader knows header blocks of languages that have no row: four "Label: value" lines in a row, the first or second with
// an address in brackets and one of the first three with a whole date and a time.
func (r *reading) unknownHeader(i int) (lines, labels int) {
	if c := strings.IndexAny(r.lines[i].s, ":："); c < 2 || c > 40 || i+4 > len(r.lines) {
		return 0, 0
	}
	if _, known := labelOf(r.lines[i+1].s); known && !hasAddress(r.lines[i].s) {
		return 0, 0 // the header begins below
	}
	from, sent := false, false
	for n := range 4 {
		s := r.lines[i+n].s
		head, value, ok := strings.Cut(strings.ReplaceAll(s, "：", ":"), ":")
		if !ok || len(s) > maxAttribution || value == "" || strings.ContainsAny(head, ".,;?!@<>") || len(strings.Fields(head)) > 4 {
			return 0, 0
		}
		if f := factsOf(strings.ToLower(value)); n < 3 && f.year && f.numbers >= 4 && strings.Contains(value, ":") {
			sent = true
		}
		from = from || n < 2 && hasAddress(value) && strings.ContainsAny(value, "<[")
	}
	if !from || !sent {
		return 0, 0
	}
	return 4, 4
}

// stackedHeader knows the header that Notes writes without colons: the sender, the date, and below them labels alone on their
// lines, each with its value on the next.
func (r *reading) stackedHeader(i int) (lines, labels int) {
	if s := r.lines[i].s; len(s) > 120 || i+4 > len(r.lines) || !hasAddress(s) {
		return 0, 0
	}
	if s := r.lines[i+1].s; len(s) > 60 {
		return 0, 0
	} else if f := factsOf(strings.ToLower(s)); !f.year || f.numbers < 4 || f.email {
		return 0, 0
	}
	kinds, end := label(0), i
	for j := i + 2; j < len(r.lines) && j < i+16; j++ {
		if k, ok := tables.labels[strings.ToLower(r.lines[j].s)]; ok {
			kinds |= k
			labels++
			end = min(j+2, len(r.lines))
		}
	}
	if kinds&labelTo == 0 || kinds&labelSubject == 0 {
		return 0, 0
	}
	return end - i, labels
}

// block is a header block in the making.
type block struct {
	kinds       label
	labels, end int
	email, date bool
	time        bool
}

func (b *block) see(s string) {
	b.email = b.email || hasAddress(s) || strings.Contains(s, "mailto:")
	n := digits(s)
	b.date = b.date || n >= 3
	b.time = b.time || n >= 6 && hasTime(s)
}

// hasTime says whether a line holds a time of day: "9:41", "kl. 09.41", "18h29".
func hasTime(s string) bool {
	for i := 1; i+2 < len(s); i++ {
		if strings.IndexByte(":.hH", s[i]) < 0 || !digit(s[i-1]) || !digit(s[i+1]) || !digit(s[i+2]) || i+3 < len(s) && (digit(s[i+3]) || s[i+3] == '.' && i+4 < len(s)) {
			continue
		}
		from := i - 1
		if from > 0 && digit(s[from-1]) {
			from--
		}
		if s[i] != '.' || from > 0 && s[from-1] != '.' {
			return true
		}
	}
	return false
}

// valid asks for two labels with an address or a date behind them, one of them naming the sender or the time:
// people write "To:" and "Date:" too.
func (b *block) valid() bool {
	if b.labels == 1 {
		return false
	}
	if b.kinds&labelFrom == 0 && !b.email && !b.time {
		return false // people write a date, programs the time, too
	}
	return b.kinds&(labelFrom|labelSent) != 0 && (b.email || b.date) && (b.labels > 2 || b.kinds&^labelSent != 0)
}

// labelOf reads "Label: ..." with the marks that clients put around it.
func labelOf(s string) (label, bool) {
	if len(s) < 2 || len(s) > 2000 {
		return 0, false
	}
	s = strings.TrimLeft(s, "*_ \t\u00a0|•-·▪")
	head := s[:min(len(s), tables.maxLabel+12)]
	c := strings.IndexByte(head, ':')
	if c < 0 || strings.Contains(head[:c], "：") {
		c = strings.Index(head, "：")
	}
	if c <= 0 {
		return 0, false
	}
	name := strings.ToLower(strings.Trim(head[:c], "*_ \t\u00a0\u3000"))
	k, ok := tables.labels[name]
	if first, _ := utf8.DecodeRuneInString(name); !ok && unspaced(first) { // "主    题：", set to one width
		k, ok = tables.labels[strings.NewReplacer(" ", "", "\u00a0", "", "\u3000", "").Replace(name)]
	}
	return k, ok
}

// oneLineHeader says whether a whole header block was squeezed into this line.
func (l *line) oneLineHeader() bool {
	if strings.Count(l.s, ":") < 3 || !hasAddress(l.s) || len(l.s) > 1000 {
		return false
	}
	low, n := strings.ToLower(l.s), 0
	for i := 0; i < len(low); i++ {
		if low[i] != ':' {
			continue
		}
		head := low[max(0, i-tables.maxLabel):i]
		for j := range head {
			if _, ok := tables.labels[head[j:]]; ok {
				n++
				break
			}
		}
	}
	return n >= 3
}

// splitter says whether a line announces a quoted or forwarded mail.
func (r *reading) splitter(i int) bool {
	l := &r.lines[i]
	if len(l.s) < 4 || len(l.s) > 120 {
		return false
	}
	if l.group || replyAbove(l.s) {
		return true
	}
	core := strings.Trim(l.s, "-_=*~#<>|•‐‑‒–—―─ \t\u00a0")
	if core == "" {
		return false
	}
	dashes := utf8.RuneCountInString(strings.ReplaceAll(l.s, " ", ""))-utf8.RuneCountInString(strings.ReplaceAll(core, " ", "")) >= 3
	named := strings.HasSuffix(core, ":") || strings.HasSuffix(core, "：")
	if !dashes && !named {
		return r.bareSplitter(i, core)
	}
	low := strings.TrimRight(strings.ToLower(core), ": \u00a0：")
	if tables.original[low] {
		return true
	}
	for p := low; dashes && p != ""; { // "forwarded by Jane on 3 May"
		at := strings.LastIndexByte(p, ' ')
		if at < 0 {
			break
		}
		if p = p[:at]; tables.original[p] && len(strings.Fields(low[at:])) > 0 {
			return true
		}
	}
	return dashes && (len(strings.Fields(core)) <= 5 && row(l.s) && r.labelsBelow(i+1) || between(l.s) && r.quoteFollows(i+1) && attributes(core+":", true))
}

// row says whether a line begins with a row of four dashes or more, as that above a quote does in a language nobody knows.
func row(s string) bool {
	first, n := utf8.DecodeRuneInString(s)
	return strings.HasPrefix(s, strings.Repeat(string(first), 4)) && n > 0
}

// inlineSplitter finds an "-----Original Message-----" at the end of a line of words, and takes it off where a header follows.
func (r *reading) inlineSplitter(i int) bool {
	l := &r.lines[i]
	if l.depth > 0 || len(l.s) > maxAttribution {
		return false
	}
	core := strings.TrimRight(l.s, "- ")
	at := strings.LastIndex(core, "----")
	if at <= 0 || !tables.original[strings.ToLower(strings.TrimLeft(core[at:], "- "))] || !r.labelsBelow(i+1) {
		return false
	}
	above := strings.TrimRight(core[:at], "- ")
	if above == "" {
		return false
	}
	l.s, l.raw = above, above
	return true
}

// between says whether a line stands between dashes: "---- Jane Doe wrote ----".
func between(s string) bool { return strings.HasPrefix(s, "--") && strings.HasSuffix(s, "--") }

// replyAbove knows the line that help desks put above what they quote, and GroupWise's ">>> Jane 3/3/2026 >>>".
func replyAbove(s string) bool {
	if len(s) > 100 || !strings.ContainsAny(s[:1], "-#=*~_>(<[ pP") {
		return false
	}
	low := strings.ToLower(s)
	return (strings.Contains(low, "above this line") || strings.Contains(low, "oberhalb dieser") || strings.Contains(low, "au-dessus de cette ligne") || strings.Contains(low, "encima de esta línea")) &&
		(strings.Contains(low, "repl") || strings.Contains(low, "respon") || strings.Contains(low, "antwort") || strings.Contains(low, "répon"))
}

// bareSplitter takes the words without dashes only when labels follow.
func (r *reading) bareSplitter(i int, core string) bool {
	if len(core) >= 60 || !tables.original[strings.ToLower(core)] {
		return false
	}
	for i++; i < len(r.lines) && r.lines[i].blank(); i++ {
	}
	if i == len(r.lines) {
		return false
	}
	_, ok := labelOf(r.lines[i].s)
	return ok
}

// labelsBelow says whether a header block starts within three lines, with nothing but gaps above it.
func (r *reading) labelsBelow(i int) bool {
	for j := i; j < len(r.lines) && j < i+3; j++ {
		if r.lines[j].blank() {
			continue
		}
		n, _ := r.headerBlock(j)
		_, ok := labelOf(r.lines[j].s)
		return n > 0 || ok
	}
	return false
}
