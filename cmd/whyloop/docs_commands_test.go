package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// The commands in docs/ are held by tests. A block that begins with
//
//	```sh        holds commands whose programs, subcommands, flags and arguments must exist, and is run by
//	             TestDocsWorld as if on a server with the package
//	```sh run    is run in an empty folder of the page's own, one block after the other
//	```output    after it is what that prints; a line "..." stands for any lines

// definition is the command line as kong reads it.
func definition(t *testing.T) *kong.Application {
	t.Helper()
	return commandLine(t).Model
}

func commandLine(t *testing.T) *kong.Kong {
	t.Helper()
	p, err := kong.New(new(commands), kong.Name("whyloop"), kong.Description(about),
		kong.Writers(&bytes.Buffer{}, &bytes.Buffer{}), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// docPage is one file of the documentation.
type docPage struct {
	path, text string
	blocks     []block
}

// block is a fenced part of a page.
type block struct {
	kind string // what follows the fence: "sh run"
	line int
	text string
}

// docsRoot is where the documentation begins.
var docsRoot = filepath.Join("..", "..")

func pages(t *testing.T) []docPage {
	t.Helper()
	var all []docPage
	for _, pattern := range []string{"docs/*.md", "docs/providers/*.md", "README.md", "CONTRIBUTING.md", "packaging/README.md"} {
		paths, err := filepath.Glob(filepath.Join(docsRoot, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			p := docPage{path: path, text: string(text)}
			p.blocks = blocksOf(p.text)
			all = append(all, p)
		}
	}
	if len(all) < 5 {
		t.Fatalf("only %d pages found", len(all))
	}
	return all
}

func blocksOf(text string) []block {
	var all []block
	var open *block
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimLeft(line, " ")
		fence, isFence := strings.CutPrefix(trimmed, "```")
		switch {
		case isFence && open == nil:
			open = &block{kind: strings.TrimSpace(fence), line: i + 1}
		case isFence:
			all, open = append(all, *open), nil
		case open != nil:
			open.text += line + "\n"
		}
	}
	return all
}

// shellWords splits a command as a shell does, as far as the pages go, at the operators that
// join commands. Comments end it.
func shellWords(line string) (all [][]string, err error) {
	var cmd []string
	var word strings.Builder
	in, quote := false, rune(0)
	end := func() {
		if in {
			cmd = append(cmd, word.String())
		}
		word.Reset()
		in = false
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, in = r, true
		case r == '#' && !in:
			end()
			return append(all, cmd), nil
		case strings.ContainsRune("|&;()", r):
			end()
			all, cmd = append(all, cmd), nil
		case r == ' ' || r == '\t' || r == '\n':
			end()
		default:
			word.WriteRune(r)
			in = true
		}
	}
	end()
	if quote != 0 {
		return nil, errors.New("a quotation mark is open")
	}
	return append(all, cmd), nil
}

// hereDocument is what a command reads from the page itself.
var hereDocument = regexp.MustCompile(`(?ms)^(.*)<<'END'$.*?^END$`)

// others are the programs besides ours that the pages may call.
func others() []string {
	return strings.Fields(`apt apt-get cat cd cut sh true head tail sed chmod chown cp cosign curl date df docker dpkg du echo go grep install journalctl litestream
		ls mkdir mv openssl postconf doveadm promtool pwsh rm rsync runuser sha256sum sqlite3 sudoedit systemctl systemd-analyze tar test
		touch umask gunzip gpg age dig host git packaging/build.sh packaging/test.sh .ci/run .ci/licences .ci/vulnerabilities .ci/real-servers eval source printf`)
}

// call takes a command apart: what stands before the program (sudo, variables), and ours or not.
func ours(cmd []string) (args []string, is bool, err error) {
	for len(cmd) > 0 {
		switch {
		case cmd[0] == "sudo" && len(cmd) > 2 && cmd[1] == "-u":
			cmd = cmd[3:]
		case cmd[0] == "sudo", strings.Contains(cmd[0], "=") && !strings.HasPrefix(cmd[0], "-"):
			cmd = cmd[1:]
		case cmd[0] == "go" && len(cmd) > 2 && cmd[1] == "run" && cmd[2] == "./cmd/whyloop":
			return cmd[3:], true, nil
		case slices.Contains([]string{"whyloop", "./whyloop", "whyloopctl"}, cmd[0]):
			return cmd[1:], true, nil
		case slices.Contains(others(), cmd[0]):
			return nil, false, nil
		default:
			return nil, false, fmt.Errorf("%q is not a program that the pages may call", cmd[0])
		}
	}
	return nil, false, nil
}

// TestDocsCommands: each command in a page is one that whyloop understands.
func TestDocsCommands(t *testing.T) {
	n := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if kind := strings.Fields(b.kind); len(kind) == 0 || kind[0] != "sh" {
				continue
			}
			text := strings.ReplaceAll(hereDocument.ReplaceAllString(b.text, "$1"), "\\\n", " ")
			for _, line := range strings.Split(text, "\n") {
				n += checkLine(t, fmt.Sprintf("%s, block at line %d", p.path, b.line), line)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d commands of ours found", n)
	}
}

func checkLine(t *testing.T, where, line string) (n int) {
	t.Helper()
	cmds, err := shellWords(line)
	if err != nil {
		t.Errorf("%s: %v: %s", where, err, line)
	}
	for _, cmd := range cmds {
		args, is, err := ours(cmd)
		if err != nil {
			t.Errorf("%s: %v: %s", where, err, line)
		}
		if !is {
			continue
		}
		n++
		for i, a := range args { // a redirection is the shell's
			if strings.HasPrefix(a, ">") || strings.HasPrefix(a, "<") {
				args = args[:i]
				break
			}
		}
		if _, err := commandLine(t).Parse(args); err != nil && !slices.Contains(args, "--help") {
			t.Errorf("%s: %v: %s", where, err, line)
		}
	}
	return n
}

func TestDocsCommandsCanFail(t *testing.T) {
	for line, want := range map[string]string{
		"whyloop chek":                   "unexpected argument chek",
		"sudo whyloopctl rep list --all": "unknown flag --all",
		"sudo whyloopctl rep pause":      "<address>",
		"frobnicate":                     "is not a program",
		"whyloop rep list | frobnicate":  "is not a program",
		"cat x; whyloop read --kind odd": "must be one of",
		"whyloop judge 'open":            "open",
	} {
		cmds, err := shellWords(line)
		for _, cmd := range cmds {
			args, is, e := ours(cmd)
			if err = errors.Join(err, e); is {
				_, e = commandLine(t).Parse(args)
				err = errors.Join(err, e)
			}
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}

// TestDocsProgram is whyloop for the pages that run it: a script on their PATH calls it back. There is
// nothing to test in it.
func TestDocsProgram(*testing.T) {
	at := slices.Index(os.Args, "--")
	if os.Getenv("WHYLOOP_DOCS_PROGRAM") == "" || at < 0 {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	env := &environ{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now, machine: quietMachine()}
	code := env.run(os.Args[at+1:])
	stop()
	syscall.Exit(code) // os.Exit means a failed test
}

// program lays a whyloop into a folder for PATH.
func program(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script := "#!/bin/sh\nWHYLOOP_DOCS_PROGRAM=1 exec " + quoted(self) + " -test.run='^TestDocsProgram$' -- \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "whyloop"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestDocsRun runs what the pages say can be run, and holds what it prints against what they say
// it prints.
func TestDocsRun(t *testing.T) {
	dir := program(t)
	for _, p := range pages(t) {
		var place string
		out, ran := "", -1
		for i, b := range p.blocks {
			switch {
			case b.kind == "sh run":
				if place == "" {
					place = t.TempDir()
				}
				out, ran = runBlock(t, p, b, place, dir), i
			case b.kind == "output" && ran == i-1:
				if missing := unsaid(b.text, out); missing != "" {
					t.Errorf("%s, block at line %d: not printed: %s\nprinted was:\n%s", p.path, b.line, missing, out)
				}
			case b.kind == "output":
				t.Errorf("%s: the block at line %d follows nothing that is run", p.path, b.line)
			}
		}
	}
}

func runBlock(t *testing.T, p docPage, b block, place, bin string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", b.text)
	cmd.Dir = place
	cmd.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "HOME=" + place, "LC_ALL=C.UTF-8", "TZ=UTC"}
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s, block at line %d: %v\n%s", p.path, b.line, err, out)
	}
	return string(out)
}

// unsaid returns the first line of want that out lacks where it should come.
func unsaid(want, out string) string {
	have := strings.Split(strings.TrimRight(out, "\n"), "\n")
	skip, at := false, 0
	for _, line := range strings.Split(strings.TrimRight(want, "\n"), "\n") {
		line = strings.Join(strings.Fields(line), " ")
		if line == "..." {
			skip = true
			continue
		}
		for ; at < len(have) && strings.Join(strings.Fields(have[at]), " ") != line; at++ {
			if !skip {
				return line
			}
		}
		if at == len(have) {
			return line
		}
		at, skip = at+1, false
	}
	return ""
}

func TestUnsaid(t *testing.T) {
	for _, c := range []struct{ want, out, missing string }{
		{"a\nb\n", "a\nb\n", ""},
		{"a\n...\nc", "a\nb\nb\nc\nd", ""},
		{"a\nc", "a\nb\nc", "c"},
		{"...\nz", "a\nb", "z"},
		{"a  b", "a b", ""},
	} {
		if got := unsaid(c.want, c.out); got != c.missing {
			t.Errorf("unsaid(%q, %q) = %q, want %q", c.want, c.out, got, c.missing)
		}
	}
}
