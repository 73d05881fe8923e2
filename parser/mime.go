package parser

import (
	"bytes"
	"strings"
)

// part is one MIME entity. Its body is a slice of the mail's own bytes.
type part struct {
	header header
	ctype  string            // media type, lower case
	params map[string]string // of the Content-Type
	disp   string            // Content-Disposition, lower case
	body   []byte            // undecoded
	kids   []*part
}

// mail is an opened mail: its header, its parts, and where its body starts.
type mail struct {
	part
	bodyAt int
	count  int
}

// Reasons for Held, fixed tokens for logs.
const (
	heldOversize = "oversize"
	heldHeader   = "header-too-long"
	heldDepth    = "too-deep"
	heldParts    = "too-many-parts"
	heldEmpty    = "malformed"
)

// open splits a mail into its parts. We walk ourselves and slice: Go's mime/multipart takes seconds on nested
// parts, so a cap has to come before it, and then little is left for it to do. held names the cap that was hit.
func open(raw []byte) (m *mail, held string) {
	m = &mail{}
	if len(raw) > MaxSize {
		// What is known of the header still helps whoever looks at it.
		m.header, m.bodyAt, _ = readHeader(raw[:MaxHeader], MaxHeader)
		return m, heldOversize
	}
	start := skipMbox(raw)
	h, at, long := readHeader(raw[start:], MaxHeader)
	m.header, m.bodyAt = h, start+at
	switch {
	case long:
		return m, heldHeader
	case len(h) == 0:
		return m, heldEmpty
	}
	m.body = raw[m.bodyAt:]
	m.typed("text/plain")
	return m, m.split(&m.part, 1)
}

// skipMbox steps over blank lines and an mbox "From " line, which some tools leave.
func skipMbox(b []byte) int {
	at := 0
	for at < len(b) && (b[at] == '\n' || b[at] == '\r') {
		at++
	}
	if rest := bytes.TrimPrefix(b[at:], []byte(">")); bytes.HasPrefix(rest, []byte("From ")) {
		_, at = cutLine(b, at)
	}
	return at
}

// typed fills in what the header says of the content.
func (p *part) typed(fallback string) {
	p.ctype, p.params = fallback, nil
	if v := p.header.get("content-type"); v != "" {
		p.ctype, p.params = parameters(v)
		if !strings.Contains(p.ctype, "/") {
			p.ctype = fallback // RFC 2045 §5.2: unreadable is text/plain
		}
	}
	if v := p.header.get("content-disposition"); v != "" {
		p.disp, _, _ = strings.Cut(strings.ToLower(v), ";")
		p.disp = strings.TrimSpace(p.disp)
	}
}

// split fills in the parts of a multipart, down to the caps.
func (m *mail) split(p *part, depth int) (held string) {
	if !strings.HasPrefix(p.ctype, "multipart/") {
		return ""
	}
	if depth > MaxDepth {
		return heldDepth
	}
	fallback := "text/plain"
	if p.ctype == "multipart/digest" {
		fallback = "message/rfc822" // RFC 2046 §5.1.5
	}
	s := newSplitter(p)
	for {
		body, ok := s.next()
		if !ok {
			break
		}
		if m.count++; m.count > MaxParts {
			return heldParts
		}
		kid := &part{}
		h, at, long := readHeader(body, maxPartHead)
		if long {
			return heldHeader
		}
		kid.header, kid.body = h, body[at:]
		kid.typed(fallback)
		p.kids = append(p.kids, kid)
		if held = m.split(kid, depth+1); held != "" {
			return held
		}
	}
	if len(p.kids) == 0 {
		p.ctype = "text/plain" // a multipart without parts: its words are all there is
	}
	return ""
}

// splitter cuts a multipart body at its delimiter lines (RFC 2046 §5.1.1).
type splitter struct {
	rest  []byte
	delim []byte
	open  bool
	tries int // lines that only began like a delimiter
}

// newSplitter stands before the first part: what precedes it is the preamble.
func newSplitter(p *part) *splitter {
	boundary := strings.TrimRight(p.params["boundary"], " ")
	s := &splitter{rest: p.body, delim: []byte("--" + boundary)}
	if boundary == "" || !s.skipTo() {
		s.rest = p.body
		if s.delim = guessDelimiter(p.body); s.delim != nil {
			s.skipTo()
		}
	}
	return s
}

// skipTo moves past the next delimiter line.
func (s *splitter) skipTo() bool {
	_, next, last, ok := s.find()
	if ok {
		s.rest, s.open = s.rest[next:], !last
	}
	return ok
}

// next returns the bytes of the next part.
func (s *splitter) next() ([]byte, bool) {
	if !s.open {
		return nil, false
	}
	end, next, last, ok := s.find()
	if !ok { // no end: RFC 2046 asks for one, real mail is cut off
		s.open = false
		return s.rest, len(s.rest) > 0
	}
	body := s.rest[:end]
	s.rest, s.open = s.rest[next:], !last
	return body, true
}

// find returns where the content before the next delimiter line ends, and where the line after it starts.
func (s *splitter) find() (end, next int, last, ok bool) {
	for at := 0; ; {
		i := bytes.Index(s.rest[at:], s.delim)
		if s.tries++; i < 0 || s.tries > maxTries {
			return 0, 0, false, false
		}
		i += at
		at = i + len(s.delim)
		if i > 0 && s.rest[i-1] != '\n' || at < len(s.rest) && !delimEnd(s.rest[at]) {
			continue
		}
		line, n := cutLine(s.rest, at)
		line = bytes.TrimRight(line, " \t")
		if last = bytes.HasPrefix(line, []byte("--")); !last && len(line) > 0 {
			continue
		}
		if i > 0 { // the line end belongs to the delimiter
			i--
		}
		if i > 0 && s.rest[i-1] == '\r' {
			i--
		}
		return i, n, last, true
	}
}

// delimEnd says whether a byte may follow a boundary: a blank, a line end, or the "--" of the last one.
func delimEnd(c byte) bool { return c == '\r' || c == '\n' || c == ' ' || c == '\t' || c == '-' }

// guessDelimiter finds the delimiter of a multipart whose boundary is missing or
// wrong: a line "--x" with a Content- field right below.
func guessDelimiter(b []byte) []byte {
	for at, n := 0, 0; at < len(b) && n < 200; n++ {
		line, next := cutLine(b, at)
		if len(line) > 2 && len(line) < 75 && bytes.HasPrefix(line, []byte("--")) &&
			len(b)-next > 8 && bytes.EqualFold(b[next:next+8], []byte("content-")) {
			return bytes.TrimRight(line, " \t")
		}
		at = next
	}
	return nil
}

// texts returns the words of a mail, decoded: its plain and its HTML form. One is
// "" when the mail has no such form.
func (m *mail) texts() (plain, html string) {
	var t collector
	t.walk(&m.part, false)
	if t.plain.Len()+t.html.Len() == 0 {
		return "", t.enriched.String() // its few tags (RFC 1896) say nothing of structure
	}
	return t.plain.String(), t.html.String()
}

// collector gathers the inline text parts of a mail in their order.
type collector struct{ plain, html, enriched strings.Builder }

func (t *collector) walk(p *part, attached bool) {
	if attached = attached || p.disp == "attachment"; attached {
		return
	}
	switch {
	case p.ctype == "multipart/related" && len(p.kids) > 0:
		t.walk(p.kids[0], false)
	case p.ctype == "multipart/signed" && len(p.kids) > 0:
		t.walk(p.kids[0], false)
	case len(p.kids) > 0:
		for _, k := range p.kids {
			t.walk(k, false)
		}
	case p.ctype == "text/html" || p.ctype == "application/xhtml+xml":
		add(&t.html, p.text())
	case p.ctype == "text/enriched":
		add(&t.enriched, p.text())
	case p.ctype == "text/plain", p.ctype == "multipart/plain":
		if p.params["name"] == "" || p.disp == "inline" || p.disp == "" {
			add(&t.plain, p.text())
		}
	}
}

// add appends the text of one more part. Parts are paragraphs of their own.
func add(b *strings.Builder, s string) {
	if b.Len()+len(s) > maxText {
		s = s[:max(0, maxText-b.Len())]
	}
	if b.Len() > 0 && s != "" {
		b.WriteString("\n\n")
	}
	b.WriteString(s)
}

// text decodes a text part. A line cap of its own keeps patterns from long lines later; here only the size counts.
func (p *part) text() string {
	body := p.body
	if len(body) > 2*maxText {
		body = body[:2*maxText]
	}
	b := decodeTransfer(strings.ToLower(strings.TrimSpace(stripComments(p.header.get("content-transfer-encoding")))), body)
	s := decodeCharset(p.params["charset"], b)
	if p.params["format"] == "flowed" {
		s = unflow(s, strings.EqualFold(p.params["delsp"], "yes"))
	}
	return s
}
