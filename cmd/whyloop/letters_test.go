package main

import (
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"whyloop/templates"
)

// ownLetters writes letters of an admin's own.
func ownLetters(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	goodGoal   = "{{define \"lead\"}}Thanks, {{.Rep}}.{{end}}\n{{define \"question\"}}What would you like to get done?{{end}}\n"
	brokenGoal = "{{define \"question\"}}What is it?{{end}}\n{{define \"lead\"}}You are at 80% of your quota.{{end}}\n"
)

func TestLettersList(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none.toml")
	got := call(t, "", "--config", none, "letters", "list")
	for _, want := range []string{"LETTER", "invite", "summary", "EN", "DE", "All are ours"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in\n%s", want, got.out)
		}
	}
	if got.code != exitOK || origins(got.out)["own"] > 0 {
		t.Errorf("%+v", got)
	}
	dir := ownLetters(t, "en/goal.txt", goodGoal)
	if got = call(t, "", "letters", "list", "--dir", dir); !regexp.MustCompile(`(?m)^goal .* own `).MatchString(got.out) || origins(got.out)["own"] != 1 {
		t.Errorf("with one of ours replaced: %+v", got)
	}
}

// origins counts what stands in the columns of languages.
func origins(list string) map[string]int {
	count := map[string]int{}
	for _, row := range strings.Split(list, "\n") {
		if cells := strings.Fields(row); len(cells) > 3 && (cells[1] == "yes" || cells[1] == "-") {
			for _, c := range cells[3:] {
				count[c]++
			}
		}
	}
	return count
}

// TestLettersLint: file and line, and an exit code that a script can go by.
func TestLettersLint(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine reads every letter, three times")
	}
	none := filepath.Join(t.TempDir(), "none.toml")
	clean := len(templates.Lint(templates.Letters())) == 0
	if got := call(t, "", "--config", none, "letters", "lint"); (got.code == exitOK) != clean || (got.out == "Every letter is in order.\n") != clean {
		t.Errorf("ours: %+v", got)
	}
	dir := ownLetters(t, "en/goal.txt", brokenGoal)
	got := call(t, "", "letters", "lint", "--dir", dir)
	if got.code != exitFailure || !strings.Contains(got.out, filepath.Join(dir, "en", "goal.txt")+":2: ") {
		t.Errorf("a broken letter: %+v", got)
	}
	if got = call(t, "", "letters", "lint", "--dir", ownLetters(t, "en/goal.txt", goodGoal)); (got.code == exitOK) != clean {
		t.Errorf("a good letter: %+v", got)
	}
	if got = call(t, "", "letters", "lint", "--dir", filepath.Join(dir, "none")); got.code != exitFailure || got.out != "" {
		t.Errorf("no such folder: %+v", got)
	}
}

// TestLettersOfTheConfiguration: the folder that the configuration names is the one that is looked at.
func TestLettersOfTheConfiguration(t *testing.T) {
	s, _ := setStage(t, demoPolicy)
	dir := ownLetters(t, "en/goal.txt", brokenGoal)
	text, err := os.ReadFile(s.config)
	if err == nil {
		err = os.WriteFile(s.config, append(text, "\n[templates]\ndir = \""+dir+"\"\n"...), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := call(t, "", "--config", s.config, "letters", "lint"); got.code != exitFailure || !strings.Contains(got.out, "goal.txt:2: ") {
		t.Errorf("%+v", got)
	}
}

// openGallery serves the letters for a test.
func openGallery(t *testing.T, dir string) *visitor {
	t.Helper()
	g, err := newGallery(overlayOf(dir))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(guard(g.pages()))
	t.Cleanup(s.Close)
	return &visitor{t: t, url: s.URL}
}

// TestGallery: every letter in every language is there, in both schemes, and its page too.
func TestGallery(t *testing.T) {
	v := openGallery(t, "")
	w, err := templates.New(templates.Options{})
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`(?:href|src)="(/(?:letter|frame)\?[^"]*)"`)
	for _, code := range w.Languages() {
		page := v.get("/?lang=" + code + "&scheme=dark&width=desktop")
		seen := map[string]int{}
		for _, m := range link.FindAllStringSubmatch(page, -1) {
			kind, _, _ := strings.Cut(m[1], "?")
			seen[kind]++
			if seen[kind]%9 != 1 {
				continue // enough are opened, all are counted
			}
			if path := html.UnescapeString(m[1]); kind == "/letter" {
				wants(t, v.get(path), "phone, light", "phone, dark", "desktop, light", "desktop, dark", "Plain text")
			} else {
				v.frame(path, "color-scheme: dark", `lang="`+code+`"`, "@media all")
			}
		}
		samples := len(templates.Samples(code))
		if seen["/frame"] != samples || strings.Count(page, `<pre class="words" lang="`+code) != samples {
			t.Errorf("%s: %d frames for %d letters", code, seen["/frame"], samples)
		}
	}
}

// frame loads a letter as it is framed: nothing may run or load in it, and only the page may frame it.
func (v *visitor) frame(path string, want ...string) {
	v.t.Helper()
	res, err := http.Get(v.url + path)
	if err != nil {
		v.t.Fatal(err)
	}
	body := readAll(v.t, res)
	wants(v.t, body, want...)
	wants(v.t, res.Header.Get("Content-Security-Policy"), "default-src 'none'", "frame-ancestors 'self'", "sandbox")
	if strings.Contains(body, "prefers-color-scheme") {
		v.t.Errorf("%s: the browser's own scheme decides", path)
	}
}

// TestGalleryUnknown: what is not there is not found, and what is not known is the default.
func TestGalleryUnknown(t *testing.T) {
	v := openGallery(t, "")
	for _, path := range []string{"/letter?name=nope", "/frame?name=", "/letter", "/nowhere"} {
		res, err := http.Get(v.url + path)
		if err != nil {
			t.Fatal(err)
		}
		if readAll(t, res); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
	wants(t, v.get("/?lang=xx&scheme=red&width=3"), "All letters in English")
	v.frame("/frame?name=why-0&scheme=red", "@media not all", "color-scheme: light;")
}

// TestGalleryOfOwnLetters: an admin's letter is shown, marked, and read anew once it has changed; a
// broken one is named and ours shown in its place.
func TestGalleryOfOwnLetters(t *testing.T) {
	dir := ownLetters(t, "en/goal.txt", goodGoal)
	v := openGallery(t, dir)
	page := v.get("/letter?name=goal")
	wants(t, page, "What would you like to get done?", "<em>own</em>")
	if err := os.WriteFile(filepath.Join(dir, "en", "goal.txt"), []byte(brokenGoal), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/letter?name=goal"} {
		page = v.get(path)
		wants(t, page, "Your own letters are not in order", "en/goal.txt:2: no numbers", "one goal you")
	}
}
