package hearing

import (
	_ "embed"
	"slices"
	"strings"

	"whyloop/conversation"
)

// The letters teach "that's it" for "there is nothing underneath". Said behind an answer it closes the
// ladder with that answer, which is asked back like any other why.

//go:embed data/closings.txt
var closingTable string

// readClosings reads a phrase a line; lines that begin with # are remarks.
func readClosings(data string) (out []string) {
	for line := range strings.Lines(data) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, spelled(sentences(line)))
		}
	}
	return out
}

func spelled(ss []sentence) string {
	var words []string
	for _, s := range ss {
		words = append(words, s.words...)
	}
	return strings.Join(words, " ")
}

// closed parts an answer from what closes it.
func (h *Listener) closed(answer string, ss []sentence) (head string, ok bool) {
	n := len(ss) - 1
	if n < 1 || !slices.Contains(h.closings, spelled(ss[n:])) {
		return "", false
	}
	return strings.Trim(answer[:ss[n-1].end], " \t\r\n,.;:!–—-"), true
}

// judgeClosed judges an answer without what closed it. It is asked back even where it says something new.
func (h *Listener) judgeClosed(l conversation.Ladder, head string) (conversation.Verdict, bool) {
	v := h.judge(l, head, sentences(head))
	if v.Label != conversation.New && v.Label != conversation.Repeat {
		return v, false
	}
	if !v.Confirm {
		v.Confirm, v.Why, v.Wording = true, len(l.Rungs), head
		v.Because = "it ends by saying that there is nothing more; " + v.Because
	}
	return v, true
}
