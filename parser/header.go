package parser

import (
	"bytes"
	"strings"
)

// field is one header field (RFC 5322 §2.2), unfolded, its name in lower case.
type field struct{ name, value string }

// header is the fields of a mail or part, in their order.
type header []field

// get returns the first value of a field, "" when there is none.
func (h header) get(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// has reports whether a field is there.
func (h header) has(name string) bool {
	for _, f := range h {
		if f.name == name {
			return true
		}
	}
	return false
}

// all returns every value of a field.
func (h header) all(name string) []string {
	var vs []string
	for _, f := range h {
		if f.name == name {
			vs = append(vs, f.value)
		}
	}
	return vs
}

// readHeader reads fields up to the empty line and returns where the body
// starts. It forgives what real mail holds: an mbox "From " line, junk lines between
// fields, a missing empty line. tooLong says that limit bytes or maxFields fields did
// not suffice.
func readHeader(b []byte, limit int) (h header, body int, tooLong bool) {
	var value []byte // of the last field, while it may go on
	end := func() {
		if len(h) > 0 {
			h[len(h)-1].value = string(value)
		}
	}
	defer end()
	at := 0
	for at < len(b) {
		line, next := cutLine(b, at)
		if len(bytes.TrimSpace(line)) == 0 {
			return h, next, at > limit
		}
		if at > limit || len(h) > maxFields {
			return h, at, true
		}
		switch name, v, ok := splitField(line); {
		case (line[0] == ' ' || line[0] == '\t') && len(h) > 0:
			value = append(append(value, ' '), bytes.TrimSpace(line)...)
		case ok:
			end()
			h, value = append(h, field{name: name}), append([]byte(nil), v...)
		case at > 0 && !headerGoesOn(b, next):
			return h, at, false
		}
		at = next
	}
	return h, at, at > limit
}

// headerGoesOn tells a junk line inside a header from a body without an empty
// line before it, by what follows.
func headerGoesOn(b []byte, at int) bool {
	line, _ := cutLine(b, at)
	if len(bytes.TrimSpace(line)) == 0 {
		return true
	}
	_, _, ok := splitField(line)
	return ok
}

// cutLine returns the line that starts at i, without its end, and where the next one starts. A bare
// CR ends a line too: some old gateways write nothing else.
func cutLine(b []byte, i int) (line []byte, next int) {
	rest := b[i:]
	n := bytes.IndexByte(rest, '\n')
	if n < 0 {
		n = len(rest)
		return bytes.TrimSuffix(rest, []byte("\r")), i + n
	}
	return bytes.TrimSuffix(rest[:n], []byte("\r")), i + n + 1
}

// splitField splits "Name: value". Names hold printable ASCII without spaces
// (RFC 5322 §2.2); a space before the colon (obs syntax) is forgiven.
func splitField(line []byte) (name string, value []byte, ok bool) {
	c := bytes.IndexByte(line, ':')
	if c <= 0 || c > 76 {
		return "", nil, false
	}
	n := bytes.TrimRight(line[:c], " \t")
	for _, ch := range n {
		if ch <= ' ' || ch >= 0x7f {
			return "", nil, false
		}
	}
	return strings.ToLower(string(n)), bytes.TrimSpace(line[c+1:]), len(n) > 0
}

// parameters splits "value; a=b; c=\"d\"" (RFC 2045 §5.1) with the continuations and
// charsets of RFC 2231 joined. It never fails: what cannot be read is left out.
func parameters(s string) (value string, params map[string]string) {
	value, rest, _ := cutQuoted(stripComments(s), ';')
	value = strings.ToLower(strings.TrimSpace(value))
	params = map[string]string{}
	for n := 0; rest != "" && n < 50; n++ {
		var p string
		p, rest, _ = cutQuoted(rest, ';')
		k, v, ok := strings.Cut(p, "=")
		if !ok {
			continue
		}
		k = strings.ToLower(strings.TrimSpace(k))
		v = unquote(strings.TrimSpace(v))
		k, cont, _ := strings.Cut(k, "*")
		if strings.HasSuffix(cont, "*") || cont == "" && strings.HasPrefix(v, "utf-8''") {
			v = v[strings.LastIndexByte(v, '\'')+1:]
		}
		if cont != "" && cont[0] > '0' {
			params[k] += v
		} else if _, dup := params[k]; !dup {
			params[k] = v
		}
	}
	return value, params
}

// cutQuoted cuts at the first sep outside a quoted string.
func cutQuoted(s string, sep byte) (before, after string, found bool) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// unquote removes the quotation marks of a quoted string (RFC 5322 §3.2.4).
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' {
		return s
	}
	var b strings.Builder
	for i := 1; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// stripComments removes RFC 5322 comments, nested ones too, outside quoted strings.
func stripComments(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && (quoted || depth > 0):
			if depth == 0 {
				b.WriteString(s[i : i+2])
			}
			i++
			continue
		case c == '"' && depth == 0:
			quoted = !quoted
		case c == '(' && !quoted:
			depth++
		case c == ')' && !quoted && depth > 0:
			depth--
			b.WriteByte(' ')
			continue
		}
		if depth == 0 {
			b.WriteByte(c)
		}
	}
	return b.String()
}
