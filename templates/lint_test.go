package templates

import (
	"io/fs"
	"path"
	"strings"
	"testing"
)

func TestEmbeddedLettersAreClean(t *testing.T) {
	for _, p := range Lint(Letters()) {
		t.Error(p)
	}
}

// TestLanguagesAreComplete says what is missing for a new language.
func TestLanguagesAreComplete(t *testing.T) {
	for _, l := range languages {
		files := []string{sharedFile}
		for _, n := range needs {
			files = append(files, string(n.Kind)+".txt")
		}
		for _, f := range files {
			if _, err := fs.Stat(embedded, path.Join(l.Code, f)); err != nil {
				t.Errorf("%s: %s/%s is missing", l.Name, l.Code, f)
			}
		}
		for i, name := range append(l.Months[:], append(l.Weekdays[:], l.On[:]...)...) {
			if name == "" {
				t.Errorf("%s: name %d of months and weekdays is missing", l.Name, i)
			}
		}
		for what, s := range map[string]string{"Clock": l.Clock, "Day": l.Day, "OnDay": l.OnDay, "Date": l.Date, "Moment": l.Moment,
			"Quotes": l.Quotes[0] + l.Quotes[1], "Address": l.Address, "Bare": strings.Join(l.Bare, ""), "Numbers": strings.Join(l.Numbers, "")} {
			if s == "" {
				t.Errorf("%s: %s is missing from the table", l.Name, what)
			}
		}
	}
}
