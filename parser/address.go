package parser

import (
	"mime"
	"strings"
	"unicode"
)

// mailbox is one address with its display name.
type mailbox struct{ name, addr string }

// mailboxes reads an address list (RFC 5322 §3.4) in one pass and without
// backtracking, up to MaxAddresses. odd says that the list holds a group, an address
// inside a display name's place, or something unreadable: then it proves nothing.
func mailboxes(s string) (list []mailbox, odd bool) {
	if strings.ContainsAny(s, "\x00\r\n") {
		odd = true
	}
	if len(s) > maxPartHead {
		s, odd = s[:maxPartHead], true
	}
	for rest := s; rest != "" && len(list) < MaxAddresses; {
		var one string
		one, rest = cutAddress(rest)
		if strings.TrimSpace(stripComments(one)) == "" {
			continue
		}
		m, ok := readMailbox(one)
		if !ok {
			odd = true
			continue
		}
		list = append(list, m)
	}
	return list, odd
}

// cutAddress cuts at the first comma or semicolon outside quotes, comments and angle brackets.
func cutAddress(s string) (one, rest string) {
	quoted, comment, angle := false, 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && (quoted || comment > 0):
			i++
		case c == '"' && comment == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			comment++
		case c == ')' && comment > 0:
			comment--
		case comment > 0:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case (c == ',' || c == ';') && !angle:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// readMailbox reads "name <addr>" or "addr". A group's "name:" makes it unreadable.
func readMailbox(s string) (mailbox, bool) {
	bare := strings.TrimSpace(stripComments(s))
	name, addr := "", bare
	if i := strings.LastIndexByte(bare, '<'); i >= 0 {
		end := strings.IndexByte(bare[i:], '>')
		if end < 0 || strings.TrimSpace(bare[i+end+1:]) != "" {
			return mailbox{}, false
		}
		name, addr = strings.TrimSpace(bare[:i]), strings.TrimSpace(bare[i+1:i+end])
		if odd(name) {
			return mailbox{}, false
		}
	}
	addr = cleanAddress(addr)
	return mailbox{decodeWords(unquote(name)), addr}, addr != ""
}

// odd says whether what stands before an angle bracket is no display name: it holds
// another one, or the colon of a group. Encoded words hold any bytes.
func odd(name string) bool {
	var plain strings.Builder // what stands between encoded words: cutting them out of name one by one would copy it each time
	for {
		i := strings.Index(name, "=?")
		if i < 0 {
			break
		}
		n := strings.Index(name[i+2:], "?=")
		if n < 0 {
			break
		}
		if strings.HasSuffix(name[:i+2+n], "?q") || strings.HasSuffix(name[:i+2+n], "?Q") { // "?q?=..." begins with the mark of an end
			if k := strings.Index(name[i+2+n+2:], "?="); k >= 0 {
				n += k + 2
			}
		}
		plain.WriteString(name[:i])
		name = name[i+2+n+2:]
	}
	plain.WriteString(name)
	return strings.ContainsAny(outsideQuotes(plain.String()), "<:")
}

// outsideQuotes removes quoted strings.
func outsideQuotes(s string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case !quoted:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// cleanAddress returns an address in lower case, "" if it is none. Only ASCII is
// folded: an address that merely looks like another must stay another. A quoted local part
// may hold angle brackets (RFC 5322 section 3.2.4), but no two readers agree where such an address ends.
func cleanAddress(s string) string {
	if i := strings.LastIndexByte(s, '@'); i <= 0 || i == len(s)-1 || len(s) > 320 {
		return ""
	}
	if strings.IndexFunc(s, unicode.IsControl) >= 0 || strings.ContainsAny(s, "<>") || strings.Count(s, `"`)%2 != 0 {
		return ""
	}
	for _, r := range outsideQuotes(s) {
		if r <= ' ' || r == 0x7f || strings.ContainsRune("()[],;:\\\"", r) || unicode.IsSpace(r) {
			return ""
		}
	}
	if strings.Count(outsideQuotes(s), "@") != 1 {
		return ""
	}
	return lowerASCII(s)
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// addresses returns the addresses of all values, each once, at most MaxAddresses.
func addresses(values ...string) []string {
	var out []string
	seen := map[string]bool{}
	for _, v := range values {
		list, _ := mailboxes(v)
		for _, m := range list {
			if !seen[m.addr] && len(out) < MaxAddresses {
				seen[m.addr] = true
				out = append(out, m.addr)
			}
		}
	}
	return out
}

// domain returns what follows the last @.
func domain(addr string) string { return addr[strings.LastIndexByte(addr, '@')+1:] }

// plus splits the plus-extension off an address: "coach+x@d" is "coach@d", "x" (RFC 5233).
func plus(addr string) (base, detail string) {
	at := strings.LastIndexByte(addr, '@')
	if at < 0 {
		return addr, ""
	}
	local, detail, _ := strings.Cut(addr[:at], "+")
	return local + addr[at:], detail
}

// decodeWords decodes encoded words (RFC 2047) and raw 8-bit text to one clean line: no control
// characters survive, so a name can never become a header.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return oneLine(decodeCharset("", []byte(s)))
	}
	dec := mime.WordDecoder{CharsetReader: charsetReader}
	d, err := dec.DecodeHeader(s)
	if err != nil {
		d = decodeCharset("", []byte(s))
	}
	return oneLine(d)
}

// oneLine replaces line ends and control characters by spaces, drops
// invisible ones, and trims.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case invisible(r):
			return -1
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// invisible says whether a rune shows nothing: zero-width, bidi control, soft
// hyphen, tag characters. The joiners of emoji and Persian are kept.
func invisible(r rune) bool {
	switch {
	case r == '\u200b', r == '\ufeff', r == '\u00ad', r == '\u2060', r == '\u180e', r == '\u034f', r == '\u061c':
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u206f', r == '\u200e', r == '\u200f':
		return true
	case r >= 0xE0000 && r <= 0xE007F:
		return true
	}
	return false
}
