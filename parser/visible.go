package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns what the person newly wrote. The plain part is read first and
// the HTML part where the plain one is missing, or says nothing. It never fails today; the
// error is there for what a body may yet hold that cannot be read.
func (m Message) Visible(k Known) (Text, error) {
	if strings.TrimSpace(m.plain) == "" {
		return Extract(HTML, m.html, k), nil
	}
	if m.html != "" && refersToHTML(m.plain) {
		return Extract(HTML, m.html, k), nil
	}
	t := Extract(Plain, m.plain, k)
	if m.html != "" && (t.Empty || len(k.Sent) > 0 && !t.Quoted) {
		// Some programs write a poor plain part: the other one may say more, or show our letter.
		if h := Extract(HTML, m.html, k); !h.Empty && (t.Empty || h.Quoted) {
			return h, nil
		}
	}
	return t, nil
}

// refersToHTML says whether a plain part is nothing but a program's excuse: "Your mail program does not support HTML messages."
func refersToHTML(plain string) bool {
	s := strings.TrimSpace(plain)
	if len(s) > 300 || strings.Count(s, "\n") > 3 {
		return false
	}
	low := strings.ToLower(s)
	return strings.Contains(low, "html") && contains(low, htmlExcuses)
}

// htmlExcuses are words of such excuses, in lower case.
var htmlExcuses = []string{"does not support html", "doesn't support html", "not support html", "in html format", "is in html", "enable html", "html-capable", "html capable", "html-compatible", "html compatible", "html-enabled", "html enabled", "view html", "view the html", "view this message in html", "html version", "html email", "im html-format", "html-format", "unterstützt kein html", "au format html", "en formato html", "in formato html", "em formato html", "formátu html", "formacie html"}

// Extract returns what a person newly wrote in a body.
func Extract(kind Kind, body string, k Known) Text {
	body = cut8(body, maxText)
	r := reading{html: kind == HTML}
	if kind == HTML {
		r.lines = htmlLines(body)
	} else {
		r.lines = splitLines(body)
	}
	r.armour()
	r.names = namesOf(k)
	found := r.own(k.Sent)
	if !found {
		r.banners()
		r.quotes(len(k.Sent) > 0)
	}
	r.banners()
	r.signatures()
	r.tails(k)
	t := r.text()
	t.Quoted = found
	return t
}

// armour cuts what programs wrap around or hang below a text: the lines of a clear-signed mail (RFC 9580 §7) and
// uuencoded files.
func (r *reading) armour() {
	for i := 0; i < len(r.lines); i++ {
		switch s := r.lines[i].raw; {
		case s == "-----BEGIN PGP SIGNED MESSAGE-----":
			end := i + 1
			for end < len(r.lines) && strings.HasPrefix(r.lines[end].s, "Hash: ") {
				end++
			}
			r.mark(i, end, banner)
			r.unescape(end)
		case s == "__._,_.___": // Yahoo Groups
			r.mark(i, len(r.lines), banner)
		case s == "-----BEGIN PGP SIGNATURE-----":
			i = r.until(i, "-----END PGP SIGNATURE-----")
		case strings.HasPrefix(s, "begin ") && len(s) > 10 && digit(s[6]) && digit(s[7]) && digit(s[8]) && s[9] == ' ':
			i = r.until(i, "end")
		}
	}
}

// unescape takes the dashes away that a clear-signed mail puts before lines that begin with one (RFC 9580 §7.2).
func (r *reading) unescape(i int) {
	for ; i < len(r.lines) && r.lines[i].raw != "-----BEGIN PGP SIGNATURE-----"; i++ {
		if raw, ok := strings.CutPrefix(r.lines[i].raw, "- "); ok {
			r.lines[i] = newLine(raw)
		}
	}
}

// until cuts the lines from i to the next that is last, if there is one, and returns where it stopped.
func (r *reading) until(i int, last string) int {
	for j := i + 1; j < len(r.lines); j++ {
		if r.lines[j].raw == last {
			r.mark(i, j+1, banner)
			return j
		}
	}
	return len(r.lines)
}

// reading is a body being read.
type reading struct {
	lines []line
	names *names

	html         bool
	tries        int  // texts tried as attributions
	endOfOurs    int  // the line with the last word of a letter of ours, 0 for none
	announcedAny bool // an attribution or header was seen
	lastQuote    int  // the last line that announces or marks a client's quote; -1 for none, 0 for not yet known
}

func (r *reading) mark(from, to int, c cut) {
	for i := from; i < min(to, len(r.lines)); i++ {
		r.lines[i].cut = c
	}
}

// banners cuts gateway warnings above the first words.
func (r *reading) banners() {
	for i := 0; i < len(r.lines); {
		l := &r.lines[i]
		if l.cut != kept || l.blank() || l.rule() {
			i++
			continue
		}
		end := i
		var b strings.Builder
		for end < len(r.lines) && end < i+12 && r.lines[end].cut == kept && !r.lines[end].blank() {
			b.WriteString(r.lines[end].s)
			b.WriteByte(' ')
			end++
		}
		para := b.String()
		if !isBanner(para) {
			return
		}
		if tag := closedTag(l.s); tag > 0 && tag < len(l.s) {
			rest := strings.TrimSpace(l.s[tag:])
			if first, _ := utf8.DecodeRuneInString(rest); unicode.IsLower(first) && strings.ToUpper(l.s[:tag]) != l.s[:tag] {
				return // their own brackets: "[External] partners were slow"
			}
			l.s, l.raw = rest, rest
			if isBanner(rest) {
				continue
			}
			return
		}
		end = r.bannerEnd(i, end)
		r.mark(i, end, banner)
		i = end
	}
}

// bannerEnd returns where the warning that begins at i ends, before the end of its paragraph: words may follow it on the next line.
func (r *reading) bannerEnd(i, end int) int {
	for k := i + 1; k < end; k++ {
		above := &r.lines[k-1]
		complete := r.html || len(above.s) < 40 || strings.ContainsAny(above.s[len(above.s)-1:], ".!])")
		if complete && isBanner(r.joined(i, k)) && bannerNeedles.count(strings.ToLower(withoutTag(r.joined(k, end))), 2) < 1+b2i(r.html) {
			return k
		}
	}
	return end
}

// signatures cuts what a client marked as the signature, if words are left without it.
func (r *reading) signatures() {
	words := false
	for i := range r.lines {
		l := &r.lines[i]
		words = words || !l.sig || l.cut != kept
	}
	for i := range r.lines {
		l := &r.lines[i]
		if !l.sig || l.cut != kept || !words {
			continue
		}
		l.cut = footer
		if i > 0 && strings.HasPrefix(r.lines[i-1].s, "--") && r.lines[i-1].rule() {
			r.lines[i-1].cut = footer
		}
	}
}

// closedTag returns where a leading "[EXTERNAL]" ends.
func closedTag(s string) int {
	if !strings.HasPrefix(s, "[") || strings.IndexByte(s, ']') > 40 {
		return 0
	}
	return strings.IndexByte(s, ']') + 1
}

// withoutTag drops a leading "[EXTERNAL]".
func withoutTag(s string) string { return s[closedTag(s):] }

// tails trims every stretch of kept lines that ends at a quote or at the end.
func (r *reading) tails(k Known) {
	first, lastQuote := true, -1
	for i := range r.lines {
		if c := r.lines[i].cut; c == quoted || c == ownLetter {
			lastQuote = i
		}
	}
	for i := 0; i < len(r.lines); {
		if r.lines[i].cut != kept {
			i++
			continue
		}
		j := i
		for j < len(r.lines) && (r.lines[j].cut == kept) {
			j++
		}
		t := tail{lines: r.lines[i:j], known: r.names, first: first, last: j > lastQuote, quoted: j < len(r.lines) || i > 0}
		if t.words(0, j-i) {
			if end := r.learned(&t, k.Footers); end < j-i {
				r.mark(i+end, j, footer)
				t.lines = t.lines[:end]
			}
			end := t.trim()
			r.mark(i+end, j, footer)
			first = first && !t.words(0, end)
		} else {
			r.mark(i, j, footer) // rows of dashes that nothing of theirs stands beside
		}
		i = j
	}
}

// learned cuts a trailing block seen in other mails of the same people.
func (r *reading) learned(t *tail, footers []string) int {
	end := t.blanks(len(t.lines))
	if len(footers) == 0 {
		return end
	}
	for start := t.paragraph(end); start > 0 || !t.first; {
		text := fingerprint(t.text(start, end))
		for _, f := range footers {
			if p := fingerprint(f); p != "" && p == text && weighty(p) {
				return start
			}
		}
		n := t.blanks(start)
		if n == 0 || end-start > 40 {
			break
		}
		start = t.paragraph(n)
	}
	return end
}

// fingerprint is the words of a text, whatever its lines and marks.
func fingerprint(s string) string { return strings.Join(fieldsOf(strings.ToLower(s)), " ") }

// weighty says whether a recurring block is long enough to be a footer: a short line may recur because it is their answer.
func weighty(words string) bool { return strings.Count(words, " ") >= 7 }

// text joins the kept lines: no more than one empty line between paragraphs.
func (r *reading) text() Text {
	var b, f strings.Builder
	blank := false
	for i := range r.lines {
		l := &r.lines[i]
		if l.cut == footer {
			f.WriteString(l.s)
			f.WriteByte('\n')
		}
		if l.cut != kept || l.blank() || standIn(l.s) {
			blank = blank || b.Len() > 0
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
			if blank {
				b.WriteByte('\n')
			}
		}
		blank = false
		b.WriteString(l.raw)
	}
	body := strings.TrimSpace(b.String())
	return Text{Body: body, Empty: body == "", Footer: lastBlock(strings.TrimSpace(f.String()), body)}
}

// standIn says whether a line is nothing but what programs write where a picture stood: "[image: logo.png]", "[cid:image001.png@01DC5C2A]".
func standIn(s string) bool {
	return s[0] == '[' && s[len(s)-1] == ']' && (strings.HasPrefix(s, "[image: ") || strings.HasPrefix(s, "[cid:")) && strings.IndexByte(s, ']') == len(s)-1
}

// lastBlock is what may turn out to be a footer: what was cut, else the last paragraph.
func lastBlock(cut, body string) string {
	if cut != "" {
		return cut
	}
	if i := strings.LastIndex(body, "\n\n"); i > 0 {
		return body[i+2:]
	}
	return ""
}
