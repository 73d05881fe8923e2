package templates

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean makes a person's text safe to show: control, bidi, zero-width and other
// invisible characters are removed, so that it neither hides words nor forges the marks
// this package lays letters out by. Line ends become "\n"; a joiner stays where
// spelling or an emoji needs it.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = lineEnds.Replace(s)
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r == '\n':
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteRune(' ')
		case joins(runes, i) || shows(r):
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n")

// shows reports whether a rune leaves something to see.
func shows(r rune) bool {
	switch {
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
		return false
	case r == '\u115F', r == '\u1160', r == '\u3164', r == '\uFFA0': // Hangul fillers: letters without ink
		return false
	case r == '\u034F', r >= 0xE0000 && r <= 0xE0FFF: // joiner of nothing; tags and their selectors
		return false
	}
	return true
}

// joins reports whether the rune at i is a joiner that changes how its neighbours are
// written: inside an emoji, or in a script that spells with it.
func joins(runes []rune, i int) bool {
	if i == 0 || i == len(runes)-1 {
		return false
	}
	before, after := runes[i-1], runes[i+1]
	switch runes[i] {
	case '\u200D':
		return pictured(before) && pictured(after) || spelled(before) && spelled(after)
	case '\u200C':
		return spelled(before) && spelled(after)
	}
	return false
}

func pictured(r rune) bool {
	return r == '\uFE0F' || unicode.In(r, unicode.So, unicode.Sk) && r > 0xFF
}

func spelled(r rune) bool {
	return unicode.In(r, unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi,
		unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala)
}

// line is a text on one line: line ends become spaces, or a comma's pause where a list
// was written under one another.
func line(s string) string {
	var b strings.Builder
	var last rune
	for _, part := range strings.Split(clean(s), "\n") {
		part = strings.Join(strings.Fields(bullet(part)), " ")
		if part == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(pause(last, part))
		}
		b.WriteString(part)
		last, _ = utf8.DecodeLastRuneInString(part)
	}
	return b.String()
}

// bullet takes a list mark off the start of a line.
func bullet(s string) string {
	s = strings.TrimSpace(s)
	for _, mark := range []string{"- ", "* ", "• ", "– ", "· "} {
		if rest, ok := strings.CutPrefix(s, mark); ok {
			return rest
		}
	}
	return s
}

// pause joins two lines: a line that ends in a mark, or is taken up again in lower case
// (a client wrapped it), goes on with a space; else the break was meant and is heard as a
// semicolon.
func pause(last rune, next string) string {
	first, _ := utf8.DecodeRuneInString(next)
	if unicode.IsPunct(last) || unicode.IsLower(first) || unicode.IsPunct(first) {
		return " "
	}
	return "; "
}
