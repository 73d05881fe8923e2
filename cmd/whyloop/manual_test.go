package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestManual: every command and every flag that people may use stands in the page.
func TestManual(t *testing.T) {
	t.Setenv("SOURCE_DATE_EPOCH", "1795500000")
	got := call(t, "", "docs", "man")
	if got.code != exitOK || !strings.HasPrefix(got.out, ".TH WHYLOOP 1 2026-11-24 ") {
		t.Fatalf("exit %d: %.200s%s", got.code, got.out, got.errors)
	}
	app := definition(t)
	for _, n := range leaves(app.Node) {
		if want := ".SS " + roff(usageOf(n)) + "\n"; !strings.Contains(got.out, want) {
			t.Errorf("the page lacks %s", want)
		}
		for _, f := range n.Flags {
			if want := `\fB` + roff("--"+f.Name) + `\fR`; !strings.Contains(got.out, want) {
				t.Errorf("%s: the page lacks %s", n.FullPath(), f.Name)
			}
		}
	}
	if strings.Contains(got.out, "whyloop docs") {
		t.Error("the page tells of the hidden command")
	}
}

func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		".start":  `\&.start`,
		"a\n'b":   "a\n\\&'b",
		`a\b --c`: `a\eb \-\-c`,
	} {
		if got := roff(text); got != want {
			t.Errorf("roff(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestPackagedConfiguration: what the package lays down is refused only for what an admin must
// fill in.
func TestPackagedConfiguration(t *testing.T) {
	got := call(t, "", "docs", "config", "/var/lib/whyloop")
	for _, want := range []string{"\npath = \"/var/lib/whyloop/whyloop.db\"\n", "\nkey_file = \"/var/lib/whyloop/whyloop.key\"\n"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("it lacks %q", want)
		}
	}
	path := filepath.Join(t.TempDir(), "whyloop.toml")
	if err := os.WriteFile(path, []byte(got.out), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(path)
	if err == nil { // the examples of what must be filled in are valid
		if c.Store.Path != "/var/lib/whyloop/whyloop.db" {
			t.Errorf("store at %s", c.Store.Path)
		}
		return
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		if !strings.Contains(line, "password_file or password_command") {
			t.Error(line)
		}
	}
}

// TestBashCompletion runs the script in bash, as the Tab key would.
func TestBashCompletion(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash here")
	}
	script := call(t, "", "completion", "bash").out
	for _, c := range []struct{ line, want, not string }{
		{"whyloop ", "check demo held init judge outbox read rep run", "docs"},
		{"whyloop he", "held", "rep"},
		{"whyloop rep ", "add list pause resume show --config", "run"},
		{"whyloop rep add sam@example.com --", "--name --manager --zone", "--days"},
		{"whyloop --config x.toml rep pa", "pause", "remove"},
		{"whyloop read --kind ", "auto eml plain html", "--text"},
		{"whyloop completion ", "bash zsh fish", "rep"},
	} {
		words := strings.Split(c.line, " ")
		var line strings.Builder
		for _, w := range words {
			line.WriteString(quoted(w) + " ")
		}
		cmd := exec.Command("bash", "-c", script+"\nCOMP_WORDS=("+line.String()+"); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _whyloop; echo \"${COMPREPLY[@]}\"")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", c.line, err, out)
		}
		got := " " + strings.TrimSpace(string(out)) + " "
		for _, w := range strings.Fields(c.want) {
			if !strings.Contains(got, " "+w+" ") {
				t.Errorf("%q offers%s, not %s", c.line, got, w)
			}
		}
		if strings.Contains(got, " "+c.not+" ") {
			t.Errorf("%q offers %s", c.line, c.not)
		}
	}
}

// TestCompletionSyntax: other shells, where they are installed, can read their scripts.
func TestCompletionSyntax(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		got := call(t, "", "completion", shell)
		if got.code != exitOK || !strings.Contains(got.out, "rep add") {
			t.Errorf("%s: exit %d, %d bytes", shell, got.code, len(got.out))
		}
		if _, err := exec.LookPath(shell); err != nil {
			t.Logf("no %s here: its script was not read by it", shell)
			continue
		}
		cmd := exec.Command(shell, "-n")
		cmd.Stdin = strings.NewReader(got.out)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", shell, err, out)
		}
	}
}
