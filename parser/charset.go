package parser

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// decodeCharset turns text of a declared charset into valid UTF-8 of at most four times its size.
// Nothing is dropped: an unknown or wrong label means UTF-8 if the bytes are that,
// else windows-1252, which reads any byte.
func decodeCharset(label string, b []byte) string {
	b, label = cutBOM(b, normalLabel(label))
	switch label {
	case "", "utf-8", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "8bit", "default", "binary":
		return undeclared(b)
	case "iso-2022-kr", "csiso2022kr":
		return decodeShifted(b, "\x1b$)C", korean.EUCKR)
	case "iso-2022-cn":
		return decodeShifted(b, "\x1b$)A", simplifiedchinese.GB18030)
	case "utf-16":
		label = wideOrder(b, 2, "utf-16be", "utf-16le")
	case "utf-32", "utf-32be", "utf-32le":
		return decodeWide(b, label)
	case "utf-7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "unicode-2-0-utf-7":
		return decodeUTF7(b)
	}
	enc := lookupCharset(label)
	if enc == nil {
		return undeclared(b)
	}
	if asciiSuperset(label) && !isASCII(b) && utf8.Valid(b) && len(b) < maxText {
		return string(b) // UTF-8 under a wrong label: chance alone hardly makes it valid
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil || len(out) > 4*len(b)+16 {
		return undeclared(b)
	}
	if bytes.ContainsRune(out, utf8.RuneError) {
		if s := undeclared(b); utf8.Valid(b) && !isASCII(b) {
			return s
		}
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

// normalLabel undoes the usual mistakes in charset labels.
func normalLabel(s string) string {
	s = strings.ToLower(strings.Trim(s, " \t\"'<>;"))
	s = strings.TrimPrefix(s, "charset=")
	if i := strings.IndexAny(s, "* ;,"); i > 0 { // RFC 2231 language, or a list
		s = s[:i]
	}
	switch s {
	case "utf8", "utf-8.", "utf_8", "unicode-1-1-utf-8", "utf8mb4", "cp65001", "utf-8-sig", "utf-8n", "csutf8", "utf-8mac":
		return "utf-8"
	}
	if n, ok := strings.CutPrefix(s, "cp"); ok && len(n) > 2 {
		s = "cp" + strings.TrimLeft(n, "-_")
	}
	return s
}

// aliases are labels that neither index knows.
var aliases = map[string]string{
	"cp936": "gb18030", "cp932": "shift_jis", "ms932": "shift_jis", "cp949": "euc-kr", "ks_c_5601": "euc-kr",
	"cp950": "big5", "windows1252": "windows-1252", "ansi": "windows-1252", "win-1251": "windows-1251",
	"windows1251": "windows-1251", "iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-2": "iso-2022-jp", "iso-2022-jp-3": "iso-2022-jp",
	"iso-2022-jp-ms": "iso-2022-jp", "cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "iso-8859-8-e": "iso-8859-8",
	"gb2312": "gb18030", "gbk": "gb18030", "x-gb2312": "gb18030", "gb_2312-80": "gb18030", "big5hkscs": "big5", "big5_hkscs": "big5", "big5-hkscs": "big5",
	"latin-1": "iso-8859-1", "latin": "iso-8859-1", "win1251": "windows-1251", "win1252": "windows-1252", "win-1252": "windows-1252", "win1250": "windows-1250", "windows1250": "windows-1250", "x-windows-949": "euc-kr", "uhc": "euc-kr", "cp51932": "euc-jp", "x-cp1251": "windows-1251", "utf16": "utf-16le", "unicode": "utf-16le",
	"koi8": "koi8-r", "iso8859_1": "iso-8859-1", "iso_8859_1": "iso-8859-1", "8859-1": "iso-8859-1", "x-gbk": "gb18030", "gb18030-2000": "gb18030",
	"x-euc-jp": "euc-jp", "eucjp": "euc-jp", "sjis": "shift_jis", "x-mac-roman": "macintosh", "macroman": "macintosh", "mac": "macintosh",
}

func lookupCharset(label string) encoding.Encoding {
	if a, ok := aliases[label]; ok {
		label = a
	}
	if e, err := htmlindex.Get(label); err == nil && !strings.HasPrefix(label, "iso-2022-kr") && label != "hz-gb-2312" && label != "iso-2022-cn" {
		return e
	}
	if e, err := ianaindex.MIME.Encoding(label); err == nil && e != nil {
		return e
	}
	if e, err := ianaindex.IANA.Encoding(label); err == nil && e != nil {
		return e
	}
	if n, ok := strings.CutPrefix(label, "iso8859-"); ok {
		return lookupCharset("iso-8859-" + n)
	}
	return nil
}

// asciiSuperset says whether bytes of the charset could be mistaken UTF-8: stateful
// and wide ones could not.
func asciiSuperset(label string) bool {
	return !strings.HasPrefix(label, "iso-2022") && !strings.HasPrefix(label, "utf-") && !strings.HasPrefix(label, "hz") && !strings.HasPrefix(label, "ucs")
}

// cutBOM removes a byte order mark and believes it.
func cutBOM(b []byte, label string) ([]byte, string) {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return b[3:], "utf-8"
	case strings.HasPrefix(label, "utf-32"):
		return b, label
	case bytes.HasPrefix(b, []byte("\xFF\xFE")) && len(b)%2 == 0:
		return b[2:], "utf-16le"
	case bytes.HasPrefix(b, []byte("\xFE\xFF")) && len(b)%2 == 0:
		return b[2:], "utf-16be"
	}
	return b, label
}

// undeclared reads bytes without a usable label.
func undeclared(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	if s, ok := mostlyUTF8(b); ok {
		return s
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

// mostlyUTF8 takes UTF-8 with a few broken sequences (cut by a gateway, say) as
// UTF-8: it must hold more good multi-byte runes than bad bytes.
func mostlyUTF8(b []byte) (string, bool) {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	if good <= bad {
		return "", false
	}
	return strings.ToValidUTF8(string(b), "\uFFFD"), true
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// decodeUTF7 decodes RFC 2152. Mail of some old Exchange servers still uses it.
func decodeUTF7(b []byte) string {
	out := make([]byte, 0, len(b)+len(b)/2)
	for len(b) > 0 {
		i := bytes.IndexByte(b, '+')
		if i < 0 {
			i = len(b)
		}
		out = append(out, b[:i]...)
		if b = b[min(i+1, len(b)):]; i == len(b) && len(b) == 0 {
			break
		}
		n := 0
		for n < len(b) && isBase64(b[n]) {
			n++
		}
		if n == 0 && len(b) > 0 && b[0] == '-' {
			out = append(out, '+')
		}
		out = utf7Run(out, b[:n])
		if b = b[n:]; len(b) > 0 && b[0] == '-' {
			b = b[1:]
		}
	}
	return undeclared(out)
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}

// utf7Run appends the UTF-16 units that a run of base64 holds.
func utf7Run(out, b []byte) []byte {
	var bits uint32
	n, high := 0, rune(0)
	for _, c := range b {
		bits, n = bits<<6|uint32(base64Value(c)), n+6
		if n < 16 {
			continue
		}
		n -= 16
		u := rune(bits >> n & 0xffff)
		switch {
		case utf16.IsSurrogate(u) && high == 0:
			high = u
			continue
		case high != 0:
			u = utf16.DecodeRune(high, u)
			high = 0
		}
		out = utf8.AppendRune(out, u)
	}
	return out
}

func base64Value(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 26
	case c >= 'A':
		return c - 'A'
	case c >= '0':
		return c - '0' + 52
	case c == '+':
		return 62
	}
	return 63
}

// decodeShifted decodes ISO-2022-KR (RFC 1557) and the common part of ISO-2022-CN (RFC 1922), which nobody else does:
// what stands between SO and SI is the other encoding with the high bits off.
func decodeShifted(b []byte, designator string, enc encoding.Encoding) string {
	b = bytes.ReplaceAll(b, []byte(designator), nil)
	out, shifted := make([]byte, 0, len(b)), false
	for _, c := range b {
		switch {
		case c == 0x0e:
			shifted = true
		case c == 0x0f:
			shifted = false
		case c == '\n':
			shifted = false
			out = append(out, c)
		case shifted && c > ' ':
			out = append(out, c|0x80)
		default:
			out = append(out, c)
		}
	}
	s, err := enc.NewDecoder().Bytes(out)
	if err != nil {
		return undeclared(b)
	}
	return string(s)
}

// wideOrder guesses the byte order of wide text without a mark: in most of it the high bytes are the zero ones.
func wideOrder(b []byte, width int, big, little string) string {
	head, tail := 0, 0
	for i := 0; i+width <= len(b) && i < 4096; i += width {
		head += b2i(b[i] == 0)
		tail += b2i(b[i+width-1] == 0)
	}
	if tail > head {
		return little
	}
	return big // RFC 2781 §4.3
}

// decodeWide decodes UTF-32.
func decodeWide(b []byte, label string) string {
	if label == "utf-32" {
		label = wideOrder(b, 4, "utf-32be", "utf-32le")
	}
	out := make([]byte, 0, len(b)/2)
	for ; len(b) >= 4; b = b[4:] {
		c := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		if label == "utf-32le" {
			c = uint32(b[3])<<24 | uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
		}
		out = utf8.AppendRune(out, rune(min(c, utf8.MaxRune+1)))
	}
	return string(out)
}
