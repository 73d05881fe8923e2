package parser

import (
	"strings"
	"unicode/utf8"
)

// line is one line of a body and what is known of it.
type line struct {
	raw   string // as it stands, without invisible characters and trailing blanks
	s     string // the text, without quote marks and blanks around it
	depth int    // quote marks before it, or blockquotes around it
	quote bool   // inside what a client's HTML marks as the quote
	rest  bool   // only because it stands below a mark of the quote's beginning
	block bool   // inside blockquotes
	soft  bool   // only in blockquotes that no client marked as its quote
	group bool   // GroupWise's header of a quote
	mixed bool   // what is left of a line that held words of ours too
	sig   bool   // inside what a client's HTML marks as the signature
	hung  bool   // alone in the element that a row opening the quote stands in
	cut   cut    // why it goes
}

// cut says why a line is left out. The zero value keeps it.
type cut uint8

const (
	kept      cut = iota
	quoted        // part of a quote
	attrib        // the line above a quote
	ownLetter     // our letter, recognised by its text
	footer        // signature, disclaimer, device
	banner        // a gateway's warning
)

// maxLines bounds the lines looked at; what follows is kept out of patterns, and quotes are rarely that long.
const maxLines = 50000

// splitLines splits a plain body, cleaning it as it goes.
func splitLines(body string) []line {
	body = clean(body)
	out := make([]line, 0, strings.Count(body, "\n")+1)
	for body != "" && len(out) < maxLines {
		raw := body
		if i := strings.IndexByte(body, '\n'); i >= 0 {
			raw, body = body[:i], body[i+1:]
		} else {
			body = ""
		}
		raw = strings.TrimRight(raw, " \t\r\u00a0\u3000")
		out = append(out, newLine(raw))
	}
	unmunge(out)
	return out
}

// unmunge takes the mark away that mailboxes put before a line that begins with "From " (RFC 4155), where no quote stands beside it.
func unmunge(lines []line) {
	for i := range lines {
		l := &lines[i]
		if l.depth == 1 && strings.HasPrefix(l.raw, ">From ") && (i == 0 || lines[i-1].depth == 0) && (i+1 == len(lines) || lines[i+1].depth == 0) && !endsColon(l.s) {
			*l = line{raw: l.raw[1:], s: l.s}
		}
	}
}

// newLine reads the quote marks of a plain line: ">", "> >", "|" only in rows of them.
func newLine(raw string) line {
	s, depth := strings.TrimLeft(raw, " \t\u00a0\u3000"), 0
	if i := len(raw) - len(s); i > 3 && strings.HasPrefix(s, ">") && !strings.HasPrefix(s, ">>") {
		return line{raw: raw, s: s} // indented text of their own, not a quote
	}
	if strings.HasPrefix(s, ">>> ") && strings.HasSuffix(s, " >>>") { // GroupWise announces a quote so
		return line{raw: raw, s: "--- " + s[4:len(s)-4] + " ---", group: true}
	}
	for strings.HasPrefix(s, ">") {
		depth++
		s = strings.TrimLeft(s[1:], " \t\u00a0")
	}
	return line{raw: raw, s: s, depth: depth}
}

// clean makes line ends "\n" and drops what cannot be seen. The common case copies nothing.
func clean(s string) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if ascii(s) {
		return s
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	above := rune(0)
	return strings.Map(func(r rune) rune {
		last := above
		above = r
		switch {
		case r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case r == 0x200d || r == 0x200c:
			if last < utf8.RuneSelf {
				return -1
			}
			return r // joiners of emoji, Persian and Indic scripts
		case r >= 0x2000 && r <= 0x200a, r == 0x202f, r == 0x205f:
			return ' '
		case invisible(r), r < ' ' && r != '\n' && r != '\t', r == 0x7f:
			return -1
		}
		return r
	}, s)
}

// ascii says whether s is printable ASCII with tabs and line ends only.
func ascii(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 0x7f || c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return true
}

// blank says whether a line shows nothing.
func (l *line) blank() bool { return l.s == "" }

// inQuote says whether a line is marked as a quote by its client.
func (l *line) inQuote() bool { return l.depth > 0 || l.quote }

// rule says whether a line is a row of dashes or the like, and nothing else.
func (l *line) rule() bool {
	if len(l.s) < 2 || len(l.s) > 1000 || strings.Trim(l.s, ".") == "" { // "..." says something
		return false
	}
	if len(l.s) == 3 && l.s[1] == '_' && l.s[0] == l.s[2] && l.s[0] != '_' { // "-_-", a face
		return false
	}
	for _, r := range l.s {
		if !strings.ContainsRune("-_=*~#+.‐‑‒–—―─━═• \u1427", r) {
			return false
		}
	}
	return true
}
