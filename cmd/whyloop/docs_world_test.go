package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// A plain "sh" block is run too, as if on a server with the package: in a world of its own with mail servers, a
// daemon at work and a rep. sudo and whyloopctl run the same program here, systemctl starts and stops that daemon,
// and paths of the system lead into the world's folder. Lines that call the programs of byHand are left out.

// byHand are programs that no test can run as a page shows them, and why.
func byHand() map[string]string {
	return map[string]string{
		"apt":                "changes the machine; packaging/test.sh installs, upgrades, removes and purges the package with dpkg",
		"cd":                 "into what git has cloned",
		"doveadm":            "wants the admin's own Dovecot",
		"git":                "wants the place it is cloned from",
		"go":                 "builds and long runs: TestDocsLongRuns looks whether there are such tests",
		"journalctl":         "wants a machine that systemd runs",
		"postconf":           "changes the machine's own Postfix",
		"sudoedit":           "opens an editor",
		"systemctl edit":     "opens an editor",
		"packaging/build.sh": "run by packaging/test.sh",
		"packaging/test.sh":  "run by .ci/run",
		".ci/run":            "is what runs this",

		"whyloop check --listen": "waits for a person; TestCheckListen is one",
	}
}

// TestDocsWorld runs every plain block of every page.
func TestDocsWorld(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: a daemon for each block")
	}
	ran, left := 0, 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.kind != "sh" {
				continue
			}
			text, dropped := runnable(t, b.text)
			left += dropped
			if strings.TrimSpace(text) == "" {
				continue
			}
			if ran++; raceEnabled && ran%6 > 0 { // a daemon for each, and the same one
				continue
			}
			t.Run(fmt.Sprintf("%s:%d", filepath.Base(p.path), b.line), func(t *testing.T) { newDocsWorld(t, text).run(t, text) })
		}
	}
	if t.Logf("%d blocks run, %d lines left out", ran, left); ran < 15 {
		t.Errorf("only %d blocks run", ran)
	}
}

// runnable is a block without the lines that nothing here can run, and how many those were.
func runnable(t *testing.T, text string) (string, int) {
	t.Helper()
	var keep []string
	dropped, within := 0, false
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		if within || strings.TrimSpace(line) == "END" {
			within = within && strings.TrimSpace(line) != "END"
			keep = append(keep, line)
			continue
		}
		within = strings.Contains(line, "<<'END'")
		if program := programByHand(t, line); program != "" {
			dropped++
			continue
		}
		keep = append(keep, line)
	}
	return strings.Join(keep, ""), dropped
}

// programByHand is the first program of a line that is byHand, or one that is not on this machine.
func programByHand(t *testing.T, line string) string {
	t.Helper()
	cmds, err := shellWords(line)
	if err != nil {
		return ""
	}
	for _, cmd := range cmds {
		for len(cmd) > 0 && (cmd[0] == "sudo" || strings.Contains(cmd[0], "=")) {
			cmd = cmd[1:]
			if len(cmd) > 2 && cmd[0] == "-u" {
				cmd = cmd[2:]
			}
		}
		if len(cmd) == 0 {
			continue
		}
		for words := range byHand() {
			if strings.HasPrefix(strings.Join(cmd, " ")+" ", words+" ") {
				return words
			}
		}
		if cmd[0] == "promtool" || cmd[0] == "sqlite3" || cmd[0] == "curl" {
			if _, err := exec.LookPath(cmd[0]); err != nil {
				t.Logf("%s is not on this machine: not run: %s", cmd[0], strings.TrimSpace(line))
				return cmd[0]
			}
		}
	}
	return ""
}

// TestDocsFences: a block says what it is, so that no command hides from being run.
func TestDocsFences(t *testing.T) {
	kinds := []string{"", "sh", "sh run", "output", "toml", "powershell", "mermaid", "transcript"} // PowerShell is Microsoft's; the transcript is what .ci/first-invite prints
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if !slices.Contains(kinds, b.kind) {
				t.Errorf("%s, block at line %d: nothing knows what to do with %q", p.path, b.line, b.kind)
			}
			for line := range strings.Lines(b.text) {
				first, _, _ := strings.Cut(strings.TrimLeft(line, "$ "), " ")
				if b.kind == "" && (slices.Contains(others(), first) || slices.Contains([]string{"whyloop", "whyloopctl", "./whyloop", "sudo"}, first)) {
					t.Errorf("%s, block at line %d: commands belong into a block of \"sh\": %s", p.path, b.line, line)
				}
			}
		}
	}
}

// docsWorld is a server with the package, as far as a folder can be one.
type docsWorld struct {
	root, here, bin, config, health string
}

const docsWorldConfig = `[mailbox]
address = "coach@example.com"
[imap]
server = "127.0.0.1"
port = %s
tls = "none"
%s
[smtp]
server = "127.0.0.1"
port = %s
tls = "none"
%s
[contact]
name = "Ines"
address = "ines@example.com"
[care]
helpline = "Samaritans, 116 123"
[store]
path = "%s/var/lib/whyloop/whyloop.db"
key_file = "%[5]s/var/lib/whyloop/whyloop.key"
[health]
listen = "%s"
`

func newDocsWorld(t *testing.T, text string) *docsWorld {
	t.Helper()
	w := &docsWorld{root: t.TempDir(), here: t.TempDir(), bin: program(t), health: freeAddress(t)}
	w.config = filepath.Join(w.root, "etc/whyloop/whyloop.toml")
	for _, dir := range []string{"etc/whyloop", "var/lib/whyloop", "var/backups/whyloop", "usr/local/bin"} {
		if err := os.MkdirAll(filepath.Join(w.root, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	tokens := strings.Contains(text, " login")
	w.configure(t, tokens, strings.Contains(text, " init"))
	w.shims(t)
	w.files(t)
	if strings.Contains(text, " init") {
		return w // there is no daemon yet
	}
	if !strings.Contains(text, "rep add sam@example.com") {
		w.must(t, "whyloopctl rep add sam@example.com --name Sam --manager 'Dana <dana@example.com>' --zone Europe/London")
	}
	w.must(t, "systemctl start whyloop")
	t.Cleanup(func() { w.must(t, "systemctl stop whyloop") })
	w.earlierBackups(t, text)
	return w
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// configure starts mail servers and writes what an admin would have, or the package's untouched file.
func (w *docsWorld) configure(t *testing.T, tokens, fresh bool) {
	t.Helper()
	o := mailtest.Options{Domain: "example.com"}
	secret, oauth := "password_file = \"password\"", ""
	if tokens {
		p := newTokenServer(t, "coach@example.com")
		o.Mechanisms, o.Token = []string{"XOAUTH2"}, p.good
		day := time.Now().AddDate(1, 0, 0).Format(time.DateOnly)
		secret, oauth = "", p.config(flowClient)+"secret_expires = \""+day+"\"\n"
	}
	servers, err := mailtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = servers.Close() })
	for _, who := range []string{"coach", "sam", "dana", "ines"} {
		servers.AddUser(who+"@example.com", "pw")
	}
	text := fmt.Sprintf(docsWorldConfig, port(servers.IMAPAddr), secret, port(servers.SMTPAddr), secret, w.root, w.health) + oauth
	if fresh {
		text = call(t, "", "docs", "config", w.root+"/var/lib/whyloop").out
	}
	w.write(t, w.config, text, 0o600)
	w.write(t, filepath.Join(w.root, "etc/whyloop/password"), "pw\n", 0o600)
	w.write(t, filepath.Join(w.root, "etc/whyloop/client-secret"), "canary-secret\n", 0o600)
}

func (w *docsWorld) write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// shims are the programs that stand in for those of a server.
func (w *docsWorld) shims(t *testing.T) {
	t.Helper()
	for name, text := range map[string]string{
		"whyloopctl": `exec whyloop --config ` + quoted(w.config) + ` "$@"`,
		"sudo":       `[ "$1" != -u ] || shift 2; exec "$@"`,
		"systemctl": `pid=` + quoted(w.root+"/pid") + `
runs() { [ -e "$pid" ] && kill -0 "$(cat "$pid")" 2>/dev/null && ! grep -qs '^State:.*Z' "/proc/$(cat "$pid")/status"; }
begin() {
  runs && return
  whyloopctl run >>` + quoted(w.root+"/log") + ` 2>&1 & echo $! >"$pid"
  for i in $(seq 1 400); do (exec 3<>/dev/tcp/` + strings.Replace(w.health, ":", "/", 1) + `) 2>/dev/null && return; sleep 0.05; done
  cat ` + quoted(w.root+"/log") + `; exit 1
}
finish() { if runs; then kill -TERM "$(cat "$pid")"; while runs; do sleep 0.02; done; fi; }
case "$*" in
  'start whyloop' | 'enable --now whyloop') begin ;;
  'stop whyloop') finish ;;
  'restart whyloop') finish; begin ;;
  'reload whyloop') kill -HUP "$(cat "$pid")" ;;
  'status whyloop') runs && echo 'Status: ready' ;;
  'reset-failed whyloop') ;;
  *) echo "systemctl $*: not known here" >&2; exit 1 ;;
esac`,
	} {
		w.write(t, filepath.Join(w.bin, name), "#!/bin/bash\n"+text+"\n", 0o755)
	}
}

// files are what the pages find where an admin calls them.
func (w *docsWorld) files(t *testing.T) {
	t.Helper()
	w.write(t, filepath.Join(w.here, "team.csv"), "name,address,manager_name,manager_address,zone\nPat,pat@example.com,Dana,dana@example.com,Europe/London\n", 0o600)
	w.write(t, filepath.Join(w.here, "reply.eml"), gmailReply, 0o600)
	w.write(t, filepath.Join(w.here, "whyloop"), "#!/bin/sh\n", 0o755)
	paths, err := filepath.Glob(filepath.Join(docsRoot, "packaging", "monitoring", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		w.write(t, filepath.Join(w.here, filepath.Base(path)), string(text), 0o644)
	}
}

// earlierBackups are there where a block names one.
func (w *docsWorld) earlierBackups(t *testing.T, text string) {
	t.Helper()
	name := regexp.MustCompile(`/var/backups/whyloop/(whyloop-\d{8}-\d{6}\.db)`).FindStringSubmatch(text)
	if name == nil {
		return
	}
	dir := filepath.Join(w.root, "var/backups/whyloop")
	w.must(t, "whyloopctl backup "+dir)
	made, err := filepath.Glob(filepath.Join(dir, "whyloop-*.db"))
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}
	if err := os.Rename(made[0], filepath.Join(dir, name[1])); err != nil {
		t.Fatal(err)
	}
}

// run runs a block, its system's paths led into the world.
func (w *docsWorld) run(t *testing.T, text string) {
	t.Helper()
	r := strings.NewReplacer("/etc/whyloop", w.root+"/etc/whyloop", "/var/lib/whyloop", w.root+"/var/lib/whyloop", "/var/backups/whyloop", w.root+"/var/backups/whyloop",
		"/usr/local/bin", w.root+"/usr/local/bin", "127.0.0.1:9465", w.health, " -o whyloop -g whyloop", "", " -o whyloop", "")
	w.must(t, r.Replace(text))
}

// must runs commands in the world.
func (w *docsWorld) must(t *testing.T, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", text)
	cmd.Dir = w.here
	cmd.Env = []string{"PATH=" + w.bin + ":" + os.Getenv("PATH"), "HOME=" + w.here, "LC_ALL=C.UTF-8", "TZ=UTC", "WHYLOOP_CONFIG=" + w.config}
	cmd.Stdin = strings.NewReader("sam@example.com\n") // what is asked for, where anything is
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		log, _ := os.ReadFile(w.root + "/log")
		t.Fatalf("%v\n%s\nsaid:\n%s\nthe daemon:\n%s", err, text, out.String(), log)
	}
}

// TestDocsLongRuns: what a page shows of "go test" names tests that exist, and variables that they read.
func TestDocsLongRuns(t *testing.T) {
	var all strings.Builder
	for _, s := range sources(t) {
		if s.test {
			text, err := os.ReadFile(s.path)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	n := 0
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.kind != "sh" {
				continue
			}
			for line := range strings.Lines(b.text) {
				if !strings.Contains(line, "go test") {
					continue
				}
				n++
				for _, m := range regexp.MustCompile(`\b(WHYLOOP_[A-Z_]+)=|\b(Test\w+)`).FindAllStringSubmatch(line, -1) {
					if want := m[1] + m[2]; !strings.Contains(all.String(), `"`+m[1]+`"`) && !strings.Contains(all.String(), "\nfunc "+m[2]) || m[2] != "" && !strings.Contains(all.String(), "\nfunc "+m[2]) {
						t.Errorf("%s: no test knows %s: %s", p.path, want, line)
					}
				}
			}
		}
	}
	if n < 5 {
		t.Errorf("only %d found", n)
	}
}
