package hearing

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"whyloop/conversation"
)

// writer is the ladders of one writer. Who judges one writer's ladders with what was fitted on the
// others' sees how it goes with people nobody has met.
type writer struct {
	name    string
	ladders []labelled
}

// unfitted are the writers on whom nothing was ever fitted.
var unfitted = []string{"voices-7", "voices-13", "voices-14", "voices-15", "voices-16", "voices-17", "voices-18", "voices-19", "voices-20", "voices-21"}

// writers are all who wrote ladders that are fitted on.
func writers(t testing.TB) []writer {
	out := []writer{{"dev", devLadders(t)}, {"own", ownLadders(t)}, {"fresh", jsonLadders(t, "testdata/fresh.jsonl")}}
	for n := 1; n <= 12; n++ {
		if name := fmt.Sprintf("voices-%d", n); !slices.Contains(unfitted, name) {
			out = append(out, writer{name, linedLadders(t, "testdata/"+name+".txt")})
		}
	}
	return out
}

// TestLadderFiles holds that what a ladder is said to repeat is an answer that stands before, and that a
// ladder ends where it stops.
func TestLadderFiles(t *testing.T) {
	all := writers(t)
	for _, name := range unfitted {
		all = append(all, writer{name, linedLadders(t, "testdata/"+name+".txt")})
	}
	for _, w := range all {
		for _, l := range w.ladders {
			if stop := l.stop(); w.name != "dev" && stop >= 0 && stop != len(l.Turns)-1 {
				t.Errorf("%s goes on after answer %d", l.ID, stop)
			}
			for i, tn := range l.Turns {
				for _, at := range tn.Repeats {
					if at < conversation.GoalIndex || at >= i || at >= 0 && l.Turns[at].Label != conversation.New {
						t.Errorf("%s: answer %d repeats %d, which is no answer before it", l.ID, i, at)
					}
				}
			}
		}
	}
}

func ownLadders(t testing.TB) []labelled { return linedLadders(t, "testdata/own.txt") }

// linedLadders reads a file in the form that the head of testdata/own.txt tells.
func linedLadders(t testing.TB, path string) []labelled {
	t.Helper()
	var out []labelled
	for _, line := range lines(t, path) {
		f := strings.Split(line, " | ")
		l := labelled{ID: fmt.Sprintf("%s:%d", strings.TrimPrefix(path, "testdata/"), len(out)+1), Lang: f[0], Goal: f[1]}
		for i, a := range f[2:] {
			tn := linedTurn(strings.TrimSpace(a))
			if tn.Label == conversation.New {
				l.WhyTurn = &i
			}
			l.Turns = append(l.Turns, tn)
		}
		out = append(out, l)
	}
	return out
}

// lines are the lines of a file that are neither empty nor remarks.
func lines(t testing.TB, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

func linedTurn(a string) turn {
	labels := map[byte]conversation.Label{'!': conversation.Exhausted, '~': conversation.Stuck, '?': conversation.Question, '#': conversation.Deflect, '@': conversation.Commanded}
	if label, ok := labels[a[0]]; ok && len(a) > 2 && a[1] == ' ' {
		return turn{A: a[2:], Label: label}
	}
	refs, rest, ok := strings.Cut(a[1:], " ")
	if a[0] != '=' || !ok {
		return turn{A: a, Label: conversation.New}
	}
	tn := turn{A: rest, Label: conversation.Repeat}
	for ref := range strings.SplitSeq(refs, ",") {
		at, err := strconv.Atoi(ref)
		if err != nil {
			at = conversation.GoalIndex
		}
		tn.Repeats = append(tn.Repeats, at)
	}
	return tn
}
