package templates

import "strings"

// What letter.html asks of blocks, so that it holds no logic of its own.

// rung is one rung of a ladder as it is drawn.
type rung struct {
	Words item
	Below bool // something stands above it
	Top   bool // the last one: where the ladder leads
}

// Rungs are the rungs of a ladder.
func (b block) Rungs() []rung {
	rungs := make([]rung, len(b.Items))
	for i, it := range b.Items {
		rungs[i] = rung{Words: it, Below: true, Top: i == len(b.Items)-1}
	}
	return rungs
}

// paragraph is a paragraph of an exact text.
type paragraph struct {
	Lines []string
	Last  bool
}

// Paragraphs are the paragraphs of an exact text.
func (b block) Paragraphs() []paragraph {
	var all []paragraph
	for _, it := range b.Items {
		for _, p := range strings.Split(it.String(), "\n\n") {
			all = append(all, paragraph{Lines: strings.Split(p, "\n")})
		}
	}
	if len(all) > 0 {
		all[len(all)-1].Last = true
	}
	return all
}

// Lines are the lines of a span: more than one only in a rep's own version.
func (s span) Lines() []string { return strings.Split(s.Text, "\n") }
