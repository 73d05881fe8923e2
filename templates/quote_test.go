package templates

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "  more time ", "more time"},
		{"line ends", "a\r\nb\rc\u2028d\u0085e", "a\nb\nc\nd\ne"},
		{"no-break and tab", "a\u00a0b\tc", "a b c"},
		{"bidi override", "pay \u202Eyad\u202C me", "pay yad me"},
		{"isolates and marks", "\u2066a\u2069\u200Eb\u200F\u061Cc", "abc"},
		{"zero width", "m\u200Bo\u200Cn\uFEFFe\u2060y\u00AD", "money"},
		{"control", "a\x00b\x02c\x1fd\x7f", "abcd"},
		{"tags", "a\U000E0041b\u034Fc", "abc"},
		{"fillers", "a\u3164b\u115Fc", "abc"},
		{"family keeps its joiners", "👨‍👩‍👧 first", "👨‍👩‍👧 first"},
		{"heart keeps its selector", "❤️‍🔥", "❤️‍🔥"},
		{"joiner between letters", "my\u200Dself", "myself"},
		{"persian keeps its non-joiner", "می\u200cخواهم", "می\u200cخواهم"},
		{"devanagari keeps its joiner", "क्\u200dष", "क्\u200dष"},
		{"joiner at the edge", "\u200Da\u200D", "a"},
		{"bad utf-8", "a\xffb", "a\uFFFDb"},
	} {
		if got := clean(c.in); got != c.want {
			t.Errorf("%s: clean(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestLine(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"wrapped by a client", "I want to be home\nbefore the kids sleep", "I want to be home before the kids sleep"},
		{"paragraphs", "More money.\n\nAnd time", "More money. And time"},
		{"under one another", "More money\nMore time", "More money; More time"},
		{"a list", "- money\n- time\n* rest", "money time rest"},
		{"a list with capitals", "- Money\n- Time", "Money; Time"},
		{"blanks", "  a   b \n\n\n ", "a b"},
		{"nothing", " \n \u200b", ""},
	} {
		if got := line(c.in); got != c.want {
			t.Errorf("%s: line(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

func TestQuoted(t *testing.T) {
	long := "I want the kind of calm where I can close the laptop at five and nobody minds, and then cook with my sons, and hear what their day was like before they go to bed"
	for _, c := range []struct{ name, in, want string }{
		{"a full stop is ours", "More time.", "More time"},
		{"a question stays", "More time?", "More time?"},
		{"an ellipsis stays", "More time...", "More time..."},
		{"quotation marks are ours", "“More time.”", "More time"},
		{"straight marks too", `"More time"`, "More time"},
		{"marks inside stay", `"yes" and "no"`, `"yes" and "no"`},
		{"cut at a clause", long, "I want the kind of calm where I can close the laptop at five and nobody minds, and then cook with my sons…"},
		{"a few more are let be", strings.Repeat("word ", 25) + "end", strings.Repeat("word ", 25) + "end"},
		{"no clause: between words", strings.Repeat("word ", 40), strings.TrimSpace(strings.Repeat("word ", 24)) + "…"},
		{"no space: between graphemes", strings.Repeat("時", 200), strings.Repeat("時", 120) + "…"},
	} {
		if got := quoted(c.in); got != c.want {
			t.Errorf("%s: quoted(%q) = %q, want %q", c.name, c.in, got, c.want)
		}
	}
}

// TestQuotedNeverSplitsAGrapheme cuts in the middle of a long run of families.
func TestQuotedNeverSplitsAGrapheme(t *testing.T) {
	for _, unit := range []string{"👨‍👩‍👧", "e\u0301", "🇩🇪", "👍🏽"} {
		got := strings.TrimSuffix(quoted(strings.Repeat(unit, 300)), "…")
		if got != strings.Repeat(unit, quoteLimit) {
			t.Errorf("%q: %d graphemes of %q", unit, uniseg.GraphemeClusterCount(got), got[len(got)-12:])
		}
	}
}

// TestQuotedIsLinear takes a reply as long as a mail may be.
func TestQuotedIsLinear(t *testing.T) {
	for _, unit := range []string{"a\n", "word ", "\u200b", "“", "e\u0301", "- \n"} {
		start := time.Now()
		quoted(strings.Repeat(unit, 1<<20/len(unit)))
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%q: %v for a megabyte", unit, d)
		}
	}
}

func FuzzQuoted(f *testing.F) {
	for _, s := range []string{"", "More time.", "“x", "\u202Ea\u200D", "a\n\n- b", strings.Repeat("👨‍👩‍👧 a, ", 60), "\x02ladder\x1fx\x03"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := quoted(s)
		if !utf8.ValidString(got) {
			t.Fatalf("not UTF-8: %q", got)
		}
		if n := uniseg.GraphemeClusterCount(got); n > quoteLimit+quoteSlack+1 {
			t.Fatalf("%d graphemes", n)
		}
		if strings.IndexFunc(got, unicode.IsControl) >= 0 {
			t.Fatalf("control character in %q", got)
		}
		if again := clean(got); again != got {
			t.Fatalf("clean is not stable: %q, then %q", got, again)
		}
	})
}

func TestPhrase(t *testing.T) {
	for in, want := range map[string]bool{
		"more time":                         true,
		"My bonus, finally":                 true,
		"I could go down to four days":      false,
		"I'd sleep":                         false,
		"More time. Less stress":            false,
		"we'd move":                         false,
		strings.Repeat("long ", 12):         false,
		"a quiet head":                      true,
		"because my daughter starts in May": false,
	} {
		if got := english.phrase(in); got != want {
			t.Errorf("phrase(%q) = %v", in, got)
		}
	}
}
