package hearing

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTerms writes, when asked to, the terms of every text that says the same as another to
// testdata/kinship/terms.json: what tune.py learns the words' vectors from.
func TestTerms(t *testing.T) {
	if !*fitFlag {
		t.Skip("only with -fit")
	}
	type word struct {
		Rank int32
		Stem uint64
	}
	lex := New().lex
	out := map[string][]word{}
	for _, pattern := range []string{"meanings-*.txt", "restated-*.txt", "families-*.txt", "triples-*.txt"} {
		paths, _ := filepath.Glob("testdata/" + pattern)
		for _, path := range paths {
			for _, line := range lines(t, path) {
				for text := range strings.SplitSeq(line, "|") {
					var p passage
					text = strings.TrimSpace(text)
					lex.read(english, text, &p)
					out[text] = []word{}
					for _, term := range p.terms {
						out[text] = append(out[text], word{term.rank, term.stem})
					}
				}
			}
		}
	}
	data, err := json.Marshal(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("testdata/kinship/terms.json", data, 0o644); err != nil {
		t.Fatal(err)
	}
}
