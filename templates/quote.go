package templates

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// Where a quotation is cut, in graphemes: about at limit, and never for the sake of a
// few more; not before least, where a clause would say too little.
const (
	quoteLimit = 120
	quoteSlack = 10
	quoteLeast = 50
)

// quoted is a person's own words, ready to stand between quotation marks: on one line,
// without marks or a full stop of their own, cut at a clause near quoteLimit.
func quoted(s string) string {
	s = strings.TrimSpace(stripStop(stripMarks(line(s))))
	return cut(s, quoteLimit)
}

// stripMarks takes off quotation marks around the whole.
func stripMarks(s string) string {
	for _, pair := range []string{`""`, "“”", "„“", "„”", "«»", "»«", "‘’", "''"} {
		runes := []rune(pair)
		inner, ok := strings.CutPrefix(s, string(runes[0]))
		if !ok {
			continue
		}
		inner, ok = strings.CutSuffix(inner, string(runes[1]))
		if ok && inner != "" && !strings.ContainsAny(inner, pair) {
			return strings.TrimSpace(inner)
		}
	}
	return s
}

// stripStop takes off the full stop at the end, which would double ours; an ellipsis
// and other marks stay.
func stripStop(s string) string {
	if strings.HasSuffix(s, "..") {
		return s
	}
	return strings.TrimRight(s, ".,;: ")
}

// cut shortens s to about limit graphemes with an ellipsis: after the last clause that
// fits, else between words, else between graphemes, and never inside one.
func cut(s string, limit int) string {
	total := uniseg.GraphemeClusterCount(s)
	if total <= limit+quoteSlack {
		return s
	}
	clause, word, hard := breaks(s, limit)
	at := hard
	switch {
	case clause > 0:
		at = clause
	case word > 0:
		at = word
	}
	kept := strings.TrimRightFunc(s[:at], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(".,;:–—-", r)
	})
	return kept + "…"
}

// breaks finds byte offsets to cut at within limit graphemes: the last end of a clause
// and the last end of a word past quoteLeast (0 for none), and the end of what fits.
func breaks(s string, limit int) (clause, word, hard int) {
	g := uniseg.NewGraphemes(s)
	before := ""
	for n := 0; n < limit && g.Next(); n++ {
		from, to := g.Positions()
		if g.Str() == " " && n >= quoteLeast {
			word = from
			if endsClause(before) {
				clause = from
			}
		}
		before, hard = g.Str(), to
	}
	return clause, word, hard
}

// endsClause reports whether a clause ends with this grapheme before a space.
func endsClause(g string) bool {
	return g != "" && strings.Contains(".,;:!?…–—)", g)
}
