package templates

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// wrapAt is where clients break the lines of a plain text (RFC 3676 §4.2).
const wrapAt = 78

// TestWrapped breaks every letter at 78 columns, as a client does, and looks for what a
// reader would trip over: a line too long still, a mark torn from its word, and a line
// that by accident begins like a quotation, a list or a signature.
func TestWrapped(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		for _, s := range Samples(code) {
			for _, l := range strings.Split(write(t, w, s.Prompt).Text, "\n") {
				if l == signature {
					continue
				}
				for i, part := range wrapped(l) {
					if bad := trips(part, i > 0); bad != "" {
						t.Errorf("%s/%s: %s: %q", code, s.Name, bad, part)
					}
				}
			}
		}
	}
}

// trips says what is wrong with a line on the screen.
func trips(l string, broken bool) string {
	first, _ := utf8.DecodeRuneInString(l)
	last, _ := utf8.DecodeLastRuneInString(l)
	switch {
	case uniseg.StringWidth(l) > wrapAt:
		return "too long"
	case l == "" || !broken:
		return ""
	case strings.HasPrefix(l, ">") || strings.HasPrefix(l, "- ") || strings.HasPrefix(l, "-- ") || strings.HasPrefix(l, "→ ") || number.MatchString(l):
		return "begins like something else"
	case strings.ContainsRune(".,;:!?…)»”", first):
		return "begins with a mark that ends"
	case strings.ContainsRune("(«„¿¡", last), unicode.IsSpace(last):
		return "ends with a mark that begins"
	}
	return ""
}

// wrapped breaks a line between words.
func wrapped(l string) []string {
	var lines []string
	for _, word := range strings.Split(l, " ") {
		n := len(lines) - 1
		if n >= 0 && uniseg.StringWidth(lines[n]+" "+word) <= wrapAt {
			lines[n] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	return lines
}
