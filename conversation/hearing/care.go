package hearing

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
)

// careTable holds the words of distress; how it is written stands at its head.
//
//go:embed care.tsv
var careTable string

// care hears distress: first-person words of it, after the idioms that only sound like
// them are taken out. It errs on the side of hearing it, for a wrong one costs a kind letter.
type care struct {
	idioms, distress *regexp.Regexp
}

// border is what may stand before and after a pattern: no letter of any script.
const borderBefore, borderAfter = `(^|[^\p{L}\p{N}])(?:`, `)($|[^\p{L}\p{N}])`

// readCare compiles the embedded table.
func readCare() *care {
	c, _ := newCare(careTable) // TestData holds the embedded files to being readable
	return c
}

// newCare compiles the table. A row that cannot be read is an error; a test holds the table to having none.
func newCare(table string) (*care, error) {
	rows := map[string][]string{}
	for n, line := range strings.Split(table, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != 3 || f[1] != "idiom" && f[1] != "distress" {
			return nil, fmt.Errorf("care.tsv:%d: want language, idiom or distress, and a pattern", n+1)
		}
		if _, err := regexp.Compile(f[2]); err != nil {
			return nil, fmt.Errorf("care.tsv:%d: %w", n+1, err)
		}
		rows[f[1]] = append(rows[f[1]], f[2])
	}
	c := &care{}
	var err error
	if c.idioms, err = regexp.Compile(borderBefore + strings.Join(rows["idiom"], "|") + borderAfter); err != nil {
		return nil, fmt.Errorf("care.tsv: %w", err)
	}
	if c.distress, err = regexp.Compile(borderBefore + strings.Join(rows["distress"], "|") + borderAfter); err != nil {
		return nil, fmt.Errorf("care.tsv: %w", err)
	}
	return c, nil
}

// careReads is how much of a reply is searched, in bytes: a mail of distress says so early, and the
// time a reply may take is bounded.
const careReads = 20_000

// apostrophes makes them straight, and spaces single.
var apostrophes = strings.NewReplacer("’", "'", "‘", "'", "`", "'", "´", "'", "\u00a0", " ")

// heard reports whether a text holds a word of distress.
func (c *care) heard(text string) bool {
	text = apostrophes.Replace(strings.ToLower(text[:min(len(text), careReads)]))
	text = strings.Join(strings.Fields(text), " ")
	if !c.distress.MatchString(text) { // nearly always, and idioms only take away
		return false
	}
	return c.distress.MatchString(c.idioms.ReplaceAllString(text, "$1 _ $2"))
}
