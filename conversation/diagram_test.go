package conversation_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The state diagram in docs/conversation.md shows exactly the moves that the dialogues make:
// none that no dialogue plays, and none left out.
func TestStateDiagram(t *testing.T) {
	files, err := filepath.Glob("testdata/dialogues/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	played := map[string]bool{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		s := newStage(t)
		s.play(string(b))
		maps.Copy(played, s.edges)
	}
	page, err := os.ReadFile("../docs/conversation.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(drawn(string(page)), slices.Sorted(maps.Keys(played))); diff != "" {
		t.Errorf("docs/conversation.md and the dialogues disagree (-drawn +played):\n%s", diff)
	}
}

// drawn returns the arrows of a page's mermaid diagram, without their labels.
func drawn(page string) []string {
	var edges []string
	for line := range strings.Lines(page) {
		edge, _, _ := strings.Cut(strings.TrimSpace(line), ":")
		if strings.Contains(edge, " --> ") {
			edges = append(edges, strings.TrimSpace(edge))
		}
	}
	slices.Sort(edges)
	return edges
}
