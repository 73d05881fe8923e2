package parser

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 §6). What is broken is
// decoded as far as it goes: the words before and after the damage count.
func decodeTransfer(cte string, b []byte) []byte {
	switch cte {
	case "base64":
		return decodeBase64(b)
	case "quoted-printable":
		return decodeQP(b)
	case "x-uuencode", "uuencode", "x-uue":
		return decodeUU(b)
	}
	return b
}

// decodeBase64 skips what is not of the alphabet (RFC 2045 §6.8) and takes padding anywhere.
func decodeBase64(b []byte) []byte {
	clean := make([]byte, 0, len(b))
	out := make([]byte, 0, len(b)*3/4+3)
	flush := func() {
		clean = clean[:len(clean)-b2i(len(clean)%4 == 1)] // a lone character says nothing
		dst := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
		n, _ := base64.RawStdEncoding.Decode(dst, clean)
		out = append(out, dst[:n]...)
		clean = clean[:0]
	}
	for _, c := range b {
		switch {
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			clean = append(clean, c)
		case c == '-':
			clean = append(clean, '+') // the URL alphabet, seen in the wild
		case c == '_':
			clean = append(clean, '/')
		case c == '=' && len(clean)%4 != 0:
			flush()
		}
	}
	flush()
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// decodeQP decodes quoted-printable (RFC 2045 §6.7). A "=" that starts no code stands for itself.
func decodeQP(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for len(b) > 0 {
		i := bytes.IndexByte(b, '=')
		if i < 0 {
			return append(out, b...)
		}
		out = append(out, b[:i]...)
		b = b[i+1:]
		if hi, lo, ok := hexPair(b); ok {
			out = append(out, hi<<4|lo)
			b = b[2:]
			continue
		}
		n := 0
		for n < len(b) && (b[n] == ' ' || b[n] == '\t' || b[n] == '\r') {
			n++
		}
		switch {
		case n < len(b) && b[n] == '\n': // soft line break, with stray spaces
			b = b[n+1:]
		case n == len(b):
			return out
		default:
			out = append(out, '=')
		}
	}
	return out
}

func hexPair(b []byte) (hi, lo byte, ok bool) {
	if len(b) < 2 {
		return 0, 0, false
	}
	hi, ok1 := unhex(b[0])
	lo, ok2 := unhex(b[1])
	return hi, lo, ok1 && ok2
}

func unhex(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}

// decodeUU decodes the lines between "begin" and "end"; a body without them is left as it is.
func decodeUU(b []byte) []byte {
	start := bytes.Index(b, []byte("begin "))
	if start < 0 || start > 0 && b[start-1] != '\n' {
		return b
	}
	var out []byte
	for _, line := range bytes.Split(b[start:], []byte("\n"))[1:] {
		line = bytes.TrimRight(line, "\r")
		if len(line) == 0 || bytes.Equal(line, []byte("end")) {
			break
		}
		out = append(out, uuLine(line)...)
	}
	return out
}

func uuLine(line []byte) []byte {
	n := int(line[0]-' ') & 63
	at := func(i int) byte {
		if i >= len(line) {
			return 0
		}
		return (line[i] - ' ') & 63
	}
	var out []byte
	for i := 1; len(out) < n && i < len(line); i += 4 {
		a, b, c, d := at(i), at(i+1), at(i+2), at(i+3)
		out = append(out, a<<2|b>>4, b<<4|c>>2, c<<6|d)
	}
	return out[:min(n, len(out))]
}

// unflow joins the soft-broken lines of format=flowed (RFC 3676 §4.2), within one
// quote depth, and leaves the signature line alone.
func unflow(s string, delsp bool) string {
	var b strings.Builder
	b.Grow(len(s))
	soft, depth := false, 0
	for i, line := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n") {
		body := strings.TrimLeft(line, ">")
		d := len(line) - len(body)
		stuffed := strings.HasPrefix(body, " ")
		if stuffed {
			body = body[1:]
		}
		if stuffed && d == 0 && strings.HasPrefix(body, ">From ") {
			body = "    " + body // stuffed for a mailbox file's sake, and no quote
		}
		// A soft break before another depth is a fixed one (§4.5), and so is one before a signature.
		if joins := i > 0 && soft && d == depth && body != "-- "; !joins {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(line[:d])
			if d > 0 {
				b.WriteByte(' ')
			}
		}
		soft = strings.HasSuffix(body, " ") && body != "-- "
		if soft && delsp {
			body = body[:len(body)-1]
		}
		depth = d
		b.WriteString(body)
	}
	return b.String()
}
