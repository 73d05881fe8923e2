package templates

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// overlay is an admin's folder.
func overlay(files ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		m[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return m
}

const goalFile = `{{define "lead"}}Thanks, {{.Rep}}.{{end}}
{{define "question"}}What would you like to get done?{{end}}
`

func TestOverlayReplacesALetter(t *testing.T) {
	w, err := New(Options{Overlay: overlay("en/goal.txt", goalFile, "README.md", "https://example.com", "notes/deep/x.txt", "%")})
	if err != nil {
		t.Fatal(err)
	}
	got := write(t, w, sample(t, "en", "goal"))
	if !strings.HasPrefix(got.Text, "Thanks, Sam.\n\nWhat would you like to get done?\n\n-- \n") {
		t.Errorf("text:\n%s", got.Text)
	}
	if !strings.Contains(got.HTML, "What would you like to get done?") {
		t.Errorf("HTML:\n%s", got.HTML)
	}
	if other := write(t, w, sample(t, "en", "why-0")); other.Text != write(t, newWriter(t), sample(t, "en", "why-0")).Text {
		t.Error("another letter changed")
	}
}

// TestOverlayShape gives one letter a shape of its own.
func TestOverlayShape(t *testing.T) {
	shape := `<!DOCTYPE html><html lang="{{.Language}}"><head><title>{{.Subject}}</title></head><body>{{template "body" .}}</body></html>`
	w, err := New(Options{Overlay: overlay("en/goal.html", shape)})
	if err != nil {
		t.Fatal(err)
	}
	if got := write(t, w, sample(t, "en", "goal")).HTML; strings.Contains(got, "<style>") || !strings.Contains(got, "working towards?") {
		t.Errorf("HTML:\n%s", got)
	}
}

// TestBrokenOverlay is refused at New, with file and line.
func TestBrokenOverlay(t *testing.T) {
	question := "{{define \"question\"}}What is it?{{end}}\n"
	for _, c := range []struct{ name, file, src, want string }{
		{"no end", "en/goal.txt", "{{define \"lead\"}}Hi\n{{if .Rep}}", "en/goal.txt:2: "},
		{"no such function", "en/goal.txt", "\n" + `{{define "lead"}}{{shout .Rep}}{{end}}`, "en/goal.txt:2: "},
		{"no such value", "en/goal.txt", question + `{{define "lead"}}Hi {{.Salary}}.{{end}}`, "en/goal.txt:2: there is no value .Salary"},
		{"no such value in a branch", "en/goal.txt", question + "\n" + `{{define "lead"}}{{if .Rest}}{{.Salary}}{{end}}{{end}}`, "en/goal.txt:3: there is no value .Salary"},
		{"no such value to ask for", "en/goal.txt", question + `{{define "lead"}}{{if .Has "Salary"}}Hi{{end}}{{end}}`, `en/goal.txt:2: there is no value "Salary"`},
		{"a value of another letter", "en/goal.txt", question + `{{define "lead"}}{{.Answer}}{{end}}`, "en/goal.txt:2: "},
		{"an answer in the summary", "en/summary.txt", "\n" + `{{define "lead"}}{{.Answer}}{{end}}`, "en/summary.txt:2: "},
		{"no question", "en/goal.txt", `{{define "lead"}}Thanks.{{end}}`, "en/goal.txt:1: it asks nothing"},
		{"two questions", "en/goal.txt", `{{define "question"}}What is it? And when?{{end}}`, "en/goal.txt:1: 2 questions"},
		{"a bare why", "en/goal.txt", "\n\n" + `{{define "question"}}Good. Why?{{end}}`, "en/goal.txt:3: never the bare word"},
		{"a percentage", "en/goal.txt", question + `{{define "lead"}}You are at 80%.{{end}}`, "en/goal.txt:2: no numbers"},
		{"a quota", "en/goal.txt", question + `{{define "lead"}}Your quota is near.{{end}}`, `en/goal.txt:2: no numbers about the person: "quota"`},
		{"money", "en/goal.txt", question + `{{define "lead"}}That is 5 €.{{end}}`, "en/goal.txt:2: no numbers"},
		{"a link", "en/goal.txt", question + `{{define "lead"}}See www.example.com.{{end}}`, "en/goal.txt:2: a letter has no links"},
		{"a picture", "en/goal.html", "<p>\n<img alt='x'></p>", "en/goal.html:2: a letter loads nothing"},
		{"a script", "en/goal.html", "<body onload='x()'>", "en/goal.html:1: a letter runs nothing"},
		{"a remote font", "en/goal.html", "<style>\n\np{background:url(//x)}</style>", "en/goal.html:3: a letter loads nothing"},
		{"a mark", "en/goal.txt", question + "{{define \"lead\"}}a\x02b{{end}}", "en/goal.txt:2: an invisible character"},
		{"too long", "en/goal.txt", question + `{{define "lead"}}` + strings.Repeat("Just a few more words. ", 30) + `{{end}}`, "words of our own"},
		{"a long sentence", "en/goal.txt", question + `{{define "lead"}}` + strings.Repeat("and on ", 20) + `{{end}}`, "a sentence of 40 words"},
		{"hard to read", "en/goal.txt", question + `{{define "lead"}}` + strings.Repeat("Organisational considerations notwithstanding professional stakeholders. ", 8) + `{{end}}`, "hard to read"},
		{"HTML says something else", "en/goal.html", `<p>Win a prize</p>`, "en/goal.html:1: the text says"},
		{"a broken shape", "en/goal.html", "<p>\n{{.Salary}}</p>", "en/goal.html:"},
		{"a shape that does not parse", "en/goal.html", "<p>\n{{if}}</p>", "en/goal.html:2: "},
		{"no such letter", "en/gaol.txt", "x", "en/gaol.txt: no letter has this name"},
		{"no such language", "xx/goal.txt", "x", "xx/goal.txt: there is no such language"},
		{"a footer without its exits", "en/words.txt", strings.ReplaceAll(shared(t), `{{key "stop"}}`, "less"), `the footer does not name "stop"`},
		{"a footer without the contact", "en/words.txt", strings.ReplaceAll(shared(t), `{{.Contact}}`, "Somebody"), "the footer does not name who could read it"},
		{"a footer that is gone", "en/words.txt", strings.Replace(shared(t), `"footer private"`, `"footer"`, 1), "the footer does not name"},
		{"a subject that is gone", "en/words.txt", strings.Replace(shared(t), `"subject ladder"`, `"subject"`, 1), "the subject is not one line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := New(Options{Overlay: overlay(c.file, c.src)})
			if err == nil {
				t.Fatalf("taken; goal reads\n%s", write(t, w, sample(t, "en", "goal")).Text)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q, want %q in it", err, c.want)
			}
			if len(Lint(overlay(c.file, c.src))) == 0 {
				t.Error("Lint finds nothing")
			}
		})
	}
}

func shared(t *testing.T) string {
	t.Helper()
	data, err := embedded.ReadFile("en/" + sharedFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestOverlayThatIsNotThere is a mistake in the configuration, not an empty overlay.
func TestOverlayThatIsNotThere(t *testing.T) {
	if _, err := New(Options{Overlay: os.DirFS(t.TempDir() + "/none")}); err == nil {
		t.Error("taken")
	}
	if _, err := New(Options{Overlay: os.DirFS(t.TempDir())}); err != nil {
		t.Errorf("an empty overlay: %v", err)
	}
}

// TestProblemsNameALine: what concerns a whole letter points at the part to mend.
func TestProblemsNameALine(t *testing.T) {
	two := "{{define \"lead\"}}Hi.{{end}}\n\n{{define \"question\"}}What is it? And when?{{end}}\n"
	exits := strings.ReplaceAll(shared(t), `{{key "stop"}}`, "less")
	at := strings.Count(exits[:strings.Index(exits, `define "exits"`)], "\n") + 1
	for _, c := range []struct{ file, src, want string }{
		{"en/goal.txt", two, "en/goal.txt:3: "},
		{"en/words.txt", exits, fmt.Sprintf("en/words.txt:%d: ", at)},
	} {
		problems := Lint(overlay(c.file, c.src))
		if len(problems) == 0 || !strings.HasPrefix(problems[0].String(), c.want) {
			t.Errorf("%s: %v, want %q", c.file, problems, c.want)
		}
	}
}

// TestSummaryCannotNameAnAnswer tries every value of a coaching letter in the one that
// a manager is copied on.
func TestSummaryCannotNameAnAnswer(t *testing.T) {
	for _, field := range []string{"Answer", "Previous", "Goal", "Path", "Steps", "Topic", "Contact"} {
		src := `{{define "lead"}}{{.` + field + `}}{{end}}`
		if _, err := New(Options{Overlay: overlay("en/summary.txt", src)}); err == nil {
			t.Errorf("a summary may speak of %s", field)
		}
	}
}
