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

	quoted bool // the mail holds a quote: there may be nothing else in it
}

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

// trim marks what goes and returns where the words end.
func (t *tail) trim() int {
	return t.below(t.delimited(t.below(len(t.lines))))
}

// below trims from the end upward until no rule finds more.
func (t *tail) below(end int) int {
	for {
		was := end
		if end = t.blanks(end); end > 0 && len(t.lines[end-1].s) > maxLine {
			return end // no footer has such lines, and no pattern is tried on them
		}
		for _, rule := range []func(int) int{t.rules, t.device, t.paragraphs, t.signoff, t.name, t.dashName} {
			if n := rule(end); n < end {
				end = t.blanks(n)
				break
			}
		}
		if end == was || end == 0 {
			return end
		}
	}
}

func (t *tail) blanks(end int) int {
	for end > 0 && t.lines[end-1].blank() {
		end--
	}
	return end
}

// rules drops rows of dashes at the end.
func (t *tail) rules(end int) int {
	if end > 0 && (t.lines[end-1].rule() || t.lines[end-1].s == "\u1427" || t.lines[end-1].s == "—" || t.lines[end-1].s == "–") {
		return end - 1
	}
	return end
}

// maxSignature is how many lines may follow a delimiter: beyond it, the row of dashes was no delimiter.
const maxSignature = 25

// delimited finds the signature delimiter "-- " (RFC 3676 §4.3) and cuts from it.
// Longer rows need a signature below them to be one, for people draw rows too.
func (t *tail) delimited(end int) int {
	for i := max(0, end-2*maxSignature); i < end; i++ {
		l := &t.lines[i]
		if len(l.s) > maxLine {
			continue
		}
		switch {
		case l.s == "--" || l.s == "__" || (l.s == "---" || l.s == "—" || l.s == "–") && t.contacts(i+1, end):
			if t.filled(i, end) <= maxSignature && (t.words(0, i) || !t.first || t.quoted) {
				return i
			}
		case l.rule() && i > 0 && t.words(0, i):
			if n := t.filled(i, end); n <= 12 && t.contacts(i+1, end) {
				return i
			}
		}
	}
	return end
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

// device drops the footers of telephones and mail programs, with a link below.
func (t *tail) device(end int) int {
	for n := 1; n <= 2 && n <= end; n++ {
		if isDevice(t.text(end-n, end)) {
			return end - n
		}
	}
	return end
}

// paragraphs drops trailing paragraphs that are disclaimers or contact blocks.
func (t *tail) paragraphs(end int) int {
	if end == 0 {
		return end
	}
	start := t.paragraph(end)
	text := t.text(start, end)
	if isDisclaimer(text) && (start > 0 || !t.first) {
		return start
	}
	for at, n := start, end; ; { // the marks of a block may stand above or below plain lines of it
		if t.first && !t.words(0, at) && !t.card(at, n) {
			return end
		}
		switch t.block(at, n) {
		case blockContact:
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

// card says whether a paragraph is a visiting card beyond doubt, even with nothing above it.
func (t *tail) card(from, to int) bool {
	marks := 0
	for i := from; i < to; i++ {
		marks += b2i(contactMarks(t.lines[i].s) > 0)
	}
	return marks >= 2 && nameLike(t.lines[from].s)
}

// above takes the name or sign-off paragraph above a contact block along.
func (t *tail) above(at int) int {
	n := t.blanks(at)
	if n == 0 {
		return at
	}
	s := t.paragraph(n)
	if kind := t.block(s, n); n-s <= 3 && (s > 0 || !t.first) && kind != blockNo && nameLike(t.lines[s].s) {
		return s
	}
	return at
}

// paragraph returns where the paragraph that ends before end starts.
func (t *tail) paragraph(end int) int {
	i := end
	for i > 0 && !t.lines[i-1].blank() {
		i--
	}
	return i
}

// The answers of block.
const (
	blockNo      = iota
	blockMaybe   // short lines that may belong to a signature
	blockContact // a signature
)

// block judges one paragraph.
func (t *tail) block(from, to int) int {
	marks, lines, images, named := 0, 0, 0, false
	for i := from; i < to; i++ {
		s := strings.Trim(t.lines[i].s, "*_| ")
		if len(s) > maxLine || utf8.RuneCountInString(s) > 90 || sentence(s) {
			return blockNo
		}
		marks += b2i(contactMarks(s) > 0)
		images += b2i(image(s))
		named = named || lines == 0 && nameLike(s)
		lines++
	}
	switch {
	case t.known.in(t.lines[from].s) && (marks > 0 || lines == 1):
		return blockContact
	case marks >= 2 && (named || marks*2 >= lines) && lines >= 2, images > 0 && images+marks >= lines:
		return blockContact
	case lines <= 3 && (images+marks > 0 || address(t.lines[from].s)):
		return blockMaybe
	}
	return blockNo
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

// contactLabels begin lines of contact blocks, in lower case.
var contactLabels = []string{"tel", "phone", "fax", "mobile", "mob", "cell", "office", "direct", "email", "e-mail", "mail", "web", "www", "skype", "linkedin", "twitter", "t:", "m:", "p:", "e:", "w:", "f:", "d:", "o:", "c:", "t.", "m.", "kvk", "btw", "iban", "bic", "vat", "telefon", "mobil", "handy", "telefax", "tél", "téléphone", "portable", "teléfono", "móvil", "telefono", "cellulare", "telefone", "celular", "telemóvel", "telefoon", "mobiel", "puhelin", "gsm", "puh", "tlf", "komórka", "тел", "моб", "телефон", "電話", "携帯", "电话", "手机", "電郵", "邮箱", "전화", "휴대폰", "이메일", "טלפון", "נייד", "هاتف", "جوال", "τηλ", "κιν", "telefonszám", "internet", "website", "homepage", "blog"}

// contactMarks counts telephone numbers, addresses and links in a line, and its label.
func contactMarks(s string) int {
	n := b2i(hasAddress(s)) + b2i(strings.Contains(s, "www.") || strings.Contains(s, "://")) + b2i(phone(s))
	if n == 0 && len(s) < 60 {
		low := strings.ToLower(strings.TrimLeft(s, "*_ "))
		for _, l := range contactLabels {
			if rest, ok := strings.CutPrefix(low, l); ok && rest != "" && strings.ContainsAny(rest[:1], ":. \t") && strings.ContainsAny(rest, "0123456789@/") {
				return 1
			}
		}
	}
	return n
}

// phone says whether a line holds a telephone number: seven digits or more with nothing but the usual marks between.
func phone(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			if digits++; digits >= 7 {
				return true
			}
		case digits > 0 && strings.ContainsRune(" ()-.+\u00a0", r):
		default:
			digits = 0
		}
	}
	return false
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
		// Without a comma and with a gap below, a sign-off is like any line: it goes only with a name we know.
		weak = weak || i+1 < end && t.lines[i+1].blank() && t.filled(i+1, end) == 1 && !strings.ContainsAny(l.s, ",،，、.!")
		if ok && (!weak || i > 0 && t.words(0, i) || !t.first) && t.namesBelow(i+1, end, weak) {
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
		return t.known.full != "" && !weak // alone it stays, unless we know whom it belongs to
	}
	if n > 6 {
		return false
	}
	named, n := false, 0
	for i := from; i < to; i++ {
		l := &t.lines[i]
		if l.blank() {
			continue
		}
		if n++; n == 1 {
			// "Thanks, Alex" says something: it goes only where we know that Alex is them.
			named = t.known.in(l.s) || !weak && nameLike(l.s)
		}
		if sentence(l.s) && len(l.s) > 20 || len(strings.Fields(l.s)) > 7 && contactMarks(l.s) == 0 {
			return false
		}
	}
	return named
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
	if a, b, both := strings.Cut(low, "/"); both && tables.closing[strings.TrimSpace(a)] && tables.closing[strings.TrimSpace(b)] {
		return false, true
	}
	return true, tables.thanks[low]
}

// nameLike says whether a line may be a name: one to four words that begin with capitals (or have no case), no sentence.
func nameLike(s string) bool {
	s = strings.Trim(s, " *_-–—,.|~/\u00a0")
	if s == "" || utf8.RuneCountInString(s) > 50 || strings.ContainsAny(s, "?!:;<>@#") {
		return false
	}
	head, _, _ := strings.Cut(strings.TrimSpace(strings.SplitN(strings.SplitN(s, "|", 2)[0], ",", 2)[0]), " - ")
	words := strings.Fields(head)
	if len(words) == 0 || len(words) > 5 {
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

// name drops the writer's known name on a line of its own at the end.
func (t *tail) name(end int) int {
	if end > 0 && t.known.in(t.lines[end-1].s) && (end > 1 && t.words(0, end-1) || !t.first) {
		return end - 1
	}
	return end
}

// dashName drops "-Roman" and "/John" at the end. With a space after the dash it is
// a list item, unless the name is known.
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
	if !t.words(0, end-1) { // alone only as "-Jane Doe"
		return end - b2i(n == 1 && len(strings.Fields(rest)) == 2 && nameLike(rest) && rest[0] != ' ')
	}
	if prev := t.lines[end-2].s; strings.HasSuffix(prev, ":") || prev != "" && strings.HasPrefix(prev, s[:1]) {
		return end
	}
	if t.known.in(rest) {
		return end - 1
	}
	if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(r) || len(strings.Fields(rest)) > 3 {
		return end
	} else if t.lines[end-2].blank() && unicode.IsUpper(r) || len(strings.Fields(rest)) == 1 {
		return end - 1
	}
	return end
}

// devices are words of which one stands in every device footer.
var devices = []string{"iphone", "ipad", "android", "blackberry", "samsung", "galaxy", "huawei", "xiaomi", "htc", "mobil", "handy", "outlook", "mail", "yahoo", "gmail", "proton", "windows", "phone", "nokia", "pixel", "device", "tablet", "sony", "xperia", "lg", "motorola", "oneplus", "oppo", "vivo", "redmi", "apple", "ios", "mac", "telefon", "móvil", "téléphone", "teléfono", "telefono", "cellulare", "celular", "telemóvel", "puhelim", "aquamail", "k-9", "fairemail", "k9", "bluemail", "spark", "airmail", "edison", "newton", "superhuman", "mobiel", "nine", "typeapp", "app", "gmx", "web.de", "orange", "freenet", "t-online", "libero", "virgilio", "zoho", "thunderbird", "телефон", "смартфон", "почт", "айфон", "acompli", "mailbox", "touch", "verizon", "t-mobile", "at&t", "vodafone", "palm", "treo", "tutanota", "tuta", "roundcube", "posteo", "mailbird", "em client", "hey", "fastmail", "スマートフォン", "メール", "手机", "手機", "邮箱", "郵件", "邮件", "アイフォン", "휴대폰", "아이폰", "스마트폰", "갤럭시", "네이버", "نوكيا", "هاتف", "آيفون", "אייפון", "נייד", "κινητό", "komórk", "telefón", "iphon", "smartphon", "laptop", "watch", "hp", "yandex", "яндекс", "seznam", "naver", "daum", "qq", "163"}

var deviceNeedles = newNeedles(devices)

// isDevice says whether a line is the footer of a telephone or mail program and no sentence of its owner's.
func isDevice(s string) bool {
	if len(s) < 6 || len(s) > 300 {
		return false
	}
	low := strings.Trim(withoutApology(strings.ToLower(dropLinks(s))), " \t*_.-–—()[]>|~!\u00a0")
	if len(low) < 6 || utf8.RuneCountInString(low) > 80 || strings.ContainsAny(low, "?;:") || longAside(low) || strings.Contains(low, ". ") {
		return false
	}
	var buf [24]token
	ts := tokens(strings.ReplaceAll(low, "’", "'"), buf[:0])
	if len(ts) > 14 {
		return false
	}
	begins := tables.device.match(ts) > 0
	for _, d := range tables.deviceJoined {
		begins = begins || strings.HasPrefix(low, d)
	}
	return begins && deviceNeedles.count(low, 1) > 0 || endsAsDevice(low)
}

// withoutApology cuts "Please excuse typos" and the like from the end of a footer.
func withoutApology(low string) string {
	for _, a := range []string{"excuse", "typos", "brevity", "forgive", "pardon", "entschuldig", "excus", "disculp", "scus", "tippfehler"} {
		if i := strings.Index(low, a); i > 8 {
			if cut := strings.LastIndexAny(low[:i], ".;,-(\n"); cut > 8 {
				return low[:cut]
			}
		}
	}
	return low
}

// longAside says whether so much follows a comma that a sentence goes on there.
func longAside(s string) bool {
	_, after, ok := strings.Cut(s, ", ")
	return ok && len(strings.Fields(after)) > 5
}

// endsAsDevice knows the languages that put the verb last.
func endsAsDevice(low string) bool {
	for _, e := range []string{"umdan gönderildi", "imden gönderildi", "ımdan gönderildi", "dan gönderildi", "den gönderildi", "küldve", "から送信", "から送信されました", "より送信", "で送信", "에서 보냄", "에서 보냈습니다", "에서 전송됨", "에서 발송", "ról küldve", "ről küldve", "发送", "發送", "傳送", "寄出", "आ भेजा गया", "gesendet", "verzonden", "verstuurd", "verschickt"} {
		if strings.HasSuffix(low, e) && deviceNeedles.count(low, 1) > 0 && utf8.RuneCountInString(low) < 50 {
			return true
		}
	}
	return false
}

// dropLinks removes <...> and [...](...) targets, keeping link words.
func dropLinks(s string) string {
	if strings.Contains(s, " http") {
		words := strings.Fields(s)
		for i, w := range words {
			if strings.HasPrefix(w, "http://") || strings.HasPrefix(w, "https://") {
				words[i] = ""
			}
		}
		s = strings.Join(words, " ")
	}
	if !strings.ContainsAny(s, "<(") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '<' || s[i] == '(' && strings.HasPrefix(strings.TrimLeft(s[i+1:], " "), "http") {
			end := strings.IndexAny(s[i:], ">)")
			if end > 0 {
				i += end
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
