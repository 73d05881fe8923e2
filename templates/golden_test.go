package templates

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

var update = flag.Bool("update", false, "write the golden files anew")

// newWriter returns a writer of the embedded letters.
func newWriter(t testing.TB) *Writer {
	t.Helper()
	w, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// write words a prompt that must succeed.
func write(t testing.TB, w *Writer, p conversation.Prompt) conversation.Wording {
	t.Helper()
	got, err := w.Write(p)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestGolden compares every letter in every language with testdata/LANGUAGE/NAME: text
// and HTML.
func TestGolden(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		for _, s := range Samples(code) {
			t.Run(code+"/"+s.Name, func(t *testing.T) {
				got := write(t, w, s.Prompt)
				golden(t, filepath.Join(code, s.Name+".txt"), "Subject: "+got.Subject+"\n\n"+got.Text)
				golden(t, filepath.Join(code, s.Name+".html"), style.ReplaceAllString(got.HTML, "<style></style>"))
			})
		}
	}
}

// style is the same in every letter, and kept once, in testdata/style.css.
var style = regexp.MustCompile(`(?s)<style>.*</style>`)

func TestGoldenStyle(t *testing.T) {
	w := newWriter(t)
	got := write(t, w, Samples("en")[0].Prompt)
	golden(t, "style.css", style.FindString(got.HTML))
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// TestGoldenFilesAreAllUsed finds files of letters that are no more.
func TestGoldenFilesAreAllUsed(t *testing.T) {
	used := map[string]bool{}
	for _, code := range newWriter(t).Languages() {
		for _, s := range Samples(code) {
			used[filepath.Join("testdata", code, s.Name+".txt")] = true
			used[filepath.Join("testdata", code, s.Name+".html")] = true
		}
	}
	files, err := filepath.Glob("testdata/[a-z][a-z]/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !used[f] {
			t.Errorf("%s: no letter has this name", f)
		}
	}
}
