package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// names is what is known of the writer's name.
type names struct {
	words   map[string]bool
	full    string
	address string
}

func namesOf(k Known) *names {
	n := &names{words: map[string]bool{}, full: strings.ToLower(strings.TrimSpace(k.Name)), address: strings.ToLower(k.Address)}
	for _, w := range fieldsOf(n.full) {
		if utf8.RuneCountInString(w) > 1 {
			n.words[w] = true
		}
	}
	return n
}

// card says whether a paragraph is a visiting card beyond doubt, even with nothing above it: a full name, and a telephone number
// among its marks.
func (t *tail) card(from, to int) bool {
	marks, phones := 0, 0
	for i := from; i < to; i++ {
		marks += b2i(contactMarks(t.lines[i].s) > 0)
		phones += b2i(phone(t.lines[i].s))
	}
	return marks >= 2 && phones > 0 && nameLike(t.lines[from].s) && fullName(t.lines[from].s) && !directory(t.lines[from:to])
}

// above takes the name or sign-off paragraph above a contact block along.
func (t *tail) above(at int) int {
	n := t.blanks(at)
	if n == 0 {
		return at
	}
	s := t.paragraph(n)
	if kind := t.block(s, n); n-s <= 3 && (s > 0 || !t.first) && kind != blockNo && nameLike(t.lines[s].s) && digits(t.lines[s].s) == 0 && !hasAddress(t.text(s, n)) && !strings.HasPrefix(t.lines[s].s, "www.") {
		return s
	}
	return at
}

// The answers of block.
const (
	blockNo      = iota
	blockMaybe   // short lines that may belong to a signature
	blockContact // a signature
)

// block judges one paragraph. What stands above a sign-off is none of the signature.
func (t *tail) block(from, to int) int {
	kind := t.shape(from, to)
	for i := from + 1; kind == blockContact && i < to; i++ {
		if weak, ok := closing(t.lines[i].s); ok && !weak {
			return blockNo
		}
	}
	return kind
}

// shape judges a paragraph by its lines.
func (t *tail) shape(from, to int) int {
	marks, lines, images, named, last, row := 0, 0, 0, false, 0, false
	for i := from; i < to; i++ {
		s := strings.Trim(t.lines[i].s, "*_| ")
		if len(s) > maxLine || utf8.RuneCountInString(s) > 90 || sentence(s) || t.cited(s) {
			return blockNo
		}
		row = row || contactRow(s)
		if marks += b2i(contactMarks(s) > 0); contactMarks(s) > 0 {
			last++
		} else {
			last = 0
		}
		images += b2i(image(s))
		named = named || lines == 0 && nameLike(s)
		lines++
	}
	switch {
	case marks > 1 && directory(t.lines[from:to]):
		return blockNo
	case t.known.in(t.lines[from].s) && (marks > 0 || lines == 1):
		return blockContact
	case named && images > 0 && lines <= 5, named && t.titled(from, to, marks), row && lines <= 3:
		return blockContact
	case marks >= 2 && (named || marks*2 >= lines || last >= 2 && lines <= 8) && lines >= 2, images > 0 && images+marks >= lines:
		return blockContact
	case lines <= 3 && (images+marks > 0 || address(t.lines[from].s)):
		return blockMaybe
	}
	return blockNo
}

// cited says whether a line is the note "[1] ..." of a mark in the words above.
func (t *tail) cited(s string) bool {
	end := strings.IndexByte(s, ']')
	if s == "" || s[0] != '[' || end < 2 || end > 3 || !digit(s[1]) || !digit(s[end-1]) {
		return false
	}
	for i := range t.lines[:min(len(t.lines), 200)] {
		if strings.Index(t.lines[i].s, s[:end+1]) > 0 {
			return true
		}
	}
	return false
}

// titled says whether a paragraph that opens with a name is a signature by its shape, with one line of contact in it: the name and an address
// alone, or a full name with a title, a company and the like. A mere number is not enough, and two lines below a question may be the answer.
func (t *tail) titled(from, to, marks int) bool {
	up := t.blanks(from)
	if up == 0 || marks != 1 || to-from == 2 && strings.HasSuffix(t.lines[up-1].s, "?") {
		return false
	}
	switch last := t.lines[to-1].s; {
	case to-from == 1:
		return strings.Count(last, "|")+strings.Count(last, "•")+strings.Count(last, "·") >= 2
	case to-from > 6:
		return false
	case to-from == 2 && bareAddress(last):
		return true
	case !fullName(t.lines[from].s):
		return false
	case to-from == 2:
		return labelled(last)
	}
	for _, l := range t.lines[from:to] {
		if contactMarks(l.s) > 0 {
			return strings.IndexFunc(l.s, unicode.IsLetter) >= 0
		}
	}
	return false
}

// fullName says whether a name has two words, or is of a script that writes names as one.
func fullName(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return len(strings.Fields(s)) >= 2 || unspaced(first) && utf8.RuneCountInString(s) >= 2
}

// image says whether a line stands for a picture.
func image(s string) bool {
	return strings.HasPrefix(s, "[image:") || strings.HasPrefix(s, "[cid:") || strings.HasPrefix(s, "![") || strings.HasPrefix(s, "[http") || strings.HasPrefix(s, "[Image:")
}

// address says whether a line may be a postal one: short, with a number, a comma and capitals.
func address(s string) bool {
	return len(s) < 80 && strings.ContainsAny(s, "0123456789") && strings.Contains(s, ",") && !strings.ContainsAny(s, "?!")
}

// sentence says whether a line reads like prose.
func sentence(s string) bool {
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, "!") {
		return true
	}
	return strings.HasSuffix(s, ".") && len(strings.Fields(s)) > 6
}

// closing says whether a line is a sign-off and nothing else; weak ones say something, too.
func closing(s string) (weak, ok bool) {
	if len(s) > 80 {
		return false, false
	}
	low := strings.ToLower(strings.Trim(s, " ,.!*_-–—~;:)、。，！،/\u00a0"))
	low = strings.ReplaceAll(low, "’", "'")
	if tables.closing[low] {
		return false, true
	}
	for _, mark := range signoffMarks { // "Thanks and best regards", "Mit freundlichen Grüßen / Kind regards"
		if a, b, both := strings.Cut(low, mark); both {
			a, b = strings.TrimSpace(a), strings.TrimSpace(b)
			if x, y := tables.closing[a], tables.closing[b]; (x || y) && (x || tables.thanks[a]) && (y || tables.thanks[b]) {
				return false, true
			}
		}
	}
	return true, tables.thanks[low]
}

// signoffMarks stand between two sign-offs on a line.
var signoffMarks = []string{"/", "|", ",", "،", "، ", "، و", " - ", " and ", " & ", " und ", " et ", " y ", " e ", " en ", " och ", " og ", " ja ", " i ", " a ", " és ", " și ", " και ", " ve ", " и ", " та ", " і ", " ו"}

// greets says whether a short line ends with the word of a sign-off, or with where it comes from: "Sonnige Grüße aus Berlin".
func greets(s string) bool {
	words := strings.Fields(strings.ToLower(strings.Trim(s, " ,!*_-–—،")))
	if len(s) > 80 || len(words) < 2 || len(words) > 6 || strings.ContainsAny(s, "?:;.") {
		return false
	}
	for i, w := range words {
		rest := len(words) - 1 - i
		if i > 0 && tables.greets[strings.Trim(w, ",")] && (rest == 0 || i < 4 && rest == 2 && fromWords[words[i+1]]) {
			return true
		}
	}
	return false
}

// fromWords stand before a place.
var fromWords = map[string]bool{"aus": true, "from": true, "de": true, "da": true, "från": true, "fra": true, "uit": true, "z": true, "из": true, "з": true, "din": true}

// nameLike says whether a line may be a name: one to four words that begin with capitals (or have no case), no sentence.
func nameLike(s string) bool {
	s = strings.Trim(withoutPronouns(s), " *_-–—,.|~/\u00a0")
	row, _, _ := strings.Cut(s, "|")
	if s == "" || len(s) > 150 || utf8.RuneCountInString(row) > 50 || strings.ContainsAny(row, "?!:;<>@#") {
		return false
	}
	s = strings.TrimLeft(procuration(s), " ")
	head, _, _ := strings.Cut(strings.TrimSpace(strings.SplitN(strings.SplitN(s, "|", 2)[0], ",", 2)[0]), " - ")
	words := strings.Fields(head)
	if len(words) == 0 || len(words) > 5 || small(head) && strings.Contains(s, ",") {
		return false
	}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, "*_(\"'“"))
		if !unicode.IsLetter(r) || unicode.IsLower(r) && len(words) > 1 && len(w) > 3 {
			return false
		}
	}
	return true
}

// withoutPronouns drops what stands in brackets behind a name: "(she/her)".
func withoutPronouns(s string) string {
	if i := strings.LastIndex(s, " ("); i > 0 && strings.HasSuffix(s, ")") && strings.Contains(s[i:], "/") && len(s)-i < 24 {
		return s[:i]
	}
	return s
}

// procuration drops what German offices put before the name of who signs for another: "i.A. Jane Doe".
func procuration(s string) string {
	for _, p := range []string{"i.A.", "i. A.", "i.V.", "i. V.", "I.A.", "I.V.", "ppa.", "p.p."} {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return rest
		}
	}
	return s
}

// in says whether a line is the writer's name or address and nothing more.
func (n *names) in(s string) bool {
	if n.full == "" && n.address == "" || len(s) > 100 {
		return false
	}
	low := strings.ToLower(strings.Trim(s, " *_-–—,.~/|<>\u00a0"))
	if low == "" {
		return false
	}
	if low == n.full || low == n.address {
		return true
	}
	ws, hit := fieldsOf(low), 0
	for _, w := range ws {
		if n.words[w] {
			hit++
		} else if utf8.RuneCountInString(w) > 1 {
			return false
		}
	}
	return hit > 0 && len(ws) <= len(n.words)+1
}

// together drops a sign-off and a name on one line, a paragraph of their own at the end: "Viele Grüße Jonas", "Groetjes, Sanne".
func (t *tail) together(end int) int {
	if end < 3 || !t.lines[end-2].blank() || !t.words(0, end-2) {
		return end
	}
	s := strings.Trim(t.lines[end-1].s, " *_")
	if t.signedBy(s) {
		return end - 1
	}
	if len(s) >= 80 {
		return end
	}
	words := strings.Fields(s)
	if len(words) < 2 || !tables.closes[strings.ToLower(strings.Trim(words[0], ",.:"))] {
		return end
	}
	for n := min(len(words)-1, 5); n > 0; n-- {
		head, name := strings.Join(words[:n], " "), strings.Join(words[n:], " ")
		if _, thanks := tables.thanks[strings.ToLower(head)]; thanks || len(words)-n > 2 || !nameLike(name) || small(name) && (n == 1 && !strings.HasSuffix(head, ",") || len(words)-n == 2 && !small(head)) {
			continue
		}
		weak, ok := closing(head)
		marked := strings.ContainsAny(head[len(head)-1:], ",.:")
		if ok && !weak && (marked || n > 1 || t.signsWith(head, len(words)-1, end-1)) {
			return end - 1
		}
	}
	return end
}

// signsWith says whether one word without a mark signs with the words of a name behind it on line i. "Best Western" and "LG Display" are names, too:
// a short word, or one with a full name behind it, does not follow words that break off.
func (t *tail) signsWith(word string, name, i int) bool {
	long := len(word) > 4
	return !strings.EqualFold(word, "best") && (name == 1 && long || (name == 1 || name == 2 && long) && !t.dangles(i))
}

// small says whether a text begins with a small letter.
func small(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(first)
}

// dangles says whether the words above line i break off, so that what stands below may be their end: "They went to".
func (t *tail) dangles(i int) bool {
	s := t.lines[t.blanks(i)-1].s
	words := strings.Fields(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	return len(words) >= 3 && unicode.IsLetter(last) && small(words[len(words)-1]) && unicode.IsLetter([]rune(s)[0]) && !hasAddress(s)
}

// isWhole says whether a line ends as a sentence does.
func isWhole(s string) bool {
	last, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".!?…。！？", last)
}

// signedBy says whether a line is a name with the word behind it that signs a letter: "김민수 드림".
func (t *tail) signedBy(s string) bool {
	if len(s) > 60 || ascii(s) {
		return false
	}
	words := strings.Fields(s)
	return len(words) >= 2 && len(words) <= 4 && tables.signs[words[len(words)-1]]
}
