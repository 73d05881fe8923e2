package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// commandOf is the command that some arguments call: "rep edit". It is empty where they call none.
func commandOf(t *testing.T, args []string) string {
	t.Helper()
	for i, a := range args { // a redirection is the shell's
		if strings.HasPrefix(a, ">") || strings.HasPrefix(a, "<") || strings.HasPrefix(a, "2>") {
			args = args[:i]
			break
		}
	}
	call, err := commandLine(t).Parse(args)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(regexp.MustCompile(`<[^>]*>|\[[^\]]*\]`).ReplaceAllString(call.Command(), ""))
}

// commandsIn are the commands of ours that lines of a shell call.
func commandsIn(t *testing.T, text string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	text = strings.ReplaceAll(hereDocument.ReplaceAllString(text, "$1"), "\\\n", " ")
	for line := range strings.Lines(text) {
		cmds, err := shellWords(strings.TrimLeft(strings.TrimSpace(line), "! "))
		if err != nil {
			continue
		}
		for _, cmd := range cmds {
			if args, is, err := ours(cmd); err == nil && is {
				if name := commandOf(t, args); name != "" {
					all[name] = true
				}
			}
		}
	}
	return all
}

// TestDocsCommandsAreRun: each command that a page shows is run as a whole program by a page that is run, by the test of the
// package against real mail servers, or by the test named here.
func TestDocsCommandsAreRun(t *testing.T) {
	elsewhere := map[string]string{
		"run":          "TestHangup", // and, as the service does, in packaging/test.sh
		"login now":    "TestLogin",
		"login status": "TestLogin",
		"demo":         "TestDemo", // and in .ci/run
	}
	run := commandsIn(t, packaged(t, "test.sh"))
	shown := map[string]string{}
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			for name := range commandsIn(t, b.text) {
				switch b.kind {
				case "sh run":
					run[name] = true
				case "sh":
					shown[name] = p.path
				}
			}
		}
	}
	if len(run) < 15 || len(shown) < 10 {
		t.Fatalf("found only %d that are run, and %d that are shown", len(run), len(shown))
	}
	for name, path := range shown {
		if test, ok := elsewhere[name]; ok && declared(t, test) {
			continue
		}
		if !run[name] {
			t.Errorf("%s shows \"whyloop %s\", which nothing runs", path, name)
		}
	}
}

// declared reports whether this package has a test whose name begins so.
func declared(t *testing.T, name string) bool {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(files, func(f string) bool {
		text, err := os.ReadFile(f)
		return err == nil && strings.Contains(string(text), "\nfunc "+name)
	})
}
