package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// called is what a command did.
type called struct {
	code        int
	out, errors string
}

// call runs whyloop as a shell would.
func call(t *testing.T, stdin string, args ...string) called {
	t.Helper()
	return callAt(t, time.Now, stdin, args...)
}

// callAt runs it by another clock. There is no network but for the servers that the configuration names.
func callAt(t *testing.T, now func() time.Time, stdin string, args ...string) called {
	t.Helper()
	var out, errs bytes.Buffer
	env := &environ{ctx: context.Background(), stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs, now: now, machine: quietMachine()}
	code := env.run(args)
	return called{code, out.String(), errs.String()}
}

func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		want string // in what was printed
	}{
		{"", exitOK, "Usage: whyloop <command>"},
		{"--help", exitOK, "New here? Try \"whyloop demo\"."},
		{"read --help", exitOK, "without the network, and nothing is"},
		{"rep add --help", exitOK, "--manager"},
		{"version", exitOK, "whyloop " + release},
		{"nonsense", exitUsage, "Try \"whyloop --help\"."},
		{"version --nonsense", exitUsage, "unknown flag --nonsense"},
		{"read --text --json", exitUsage, "--text and --json can't be used together"},
		{"read --kind word", exitUsage, "must be one of"},
		{"rep pause", exitUsage, "<address>"},
		{"read /no/such/file", exitFailure, "no such file"},
		{"--config /no/such/file outbox", exitFailure, "no configuration at /no/such/file; write one with \"whyloop init /no/such/file\""},
	} {
		got := call(t, "", strings.Fields(c.args)...)
		if got.code != c.code || !strings.Contains(got.out+got.errors, c.want) {
			t.Errorf("whyloop %s: exit %d, want %d and %q\n%s%s", c.args, got.code, c.code, c.want, got.out, got.errors)
		}
		if c.code != exitOK && got.out != "" {
			t.Errorf("whyloop %s: an error on standard output: %s", c.args, got.out)
		}
	}
}

func TestInit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "whyloop.toml")
	if got := call(t, "", "init", path); got.code != exitOK || !strings.Contains(got.out, "whyloop --config "+path+" check") {
		t.Fatalf("%+v", got)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if got := call(t, "", "init", path); got.code != exitFailure || !strings.Contains(got.errors, "is there already") {
		t.Errorf("a second init: %+v", got)
	}
	if got := call(t, "", "init", "-"); !strings.Contains(got.out, "[mailbox]") {
		t.Errorf("to standard output: %+v", got)
	}
}

// TestConfigFromEnvironment: WHYLOOP_CONFIG names the file where --config does not.
func TestConfigFromEnvironment(t *testing.T) {
	t.Setenv("WHYLOOP_CONFIG", writeConfig(t, "[nonsense]\n"))
	if got := call(t, "", "outbox"); !strings.Contains(got.errors, `unknown section "nonsense"`) {
		t.Errorf("%+v", got)
	}
	if got := call(t, "", "--config", writeConfig(t, smallConfig), "outbox"); got.code != exitOK {
		t.Errorf("--config is the stronger: %+v", got)
	}
}

const gmailReply = "From: Sam <sam@example.com>\r\nTo: coach@example.com\r\nSubject: Re: A question\r\n" +
	"Message-ID: <r1@mail.example>\r\nIn-Reply-To: <q1@example.com>\r\n\r\n" +
	"More time for my kids\r\n\r\nOn Mon, Nov 23, 2026 at 9:00 AM Whyloop <coach@example.com> wrote:\r\n> What will that get you?\r\n"

func TestRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "reply.eml")
	if err := os.WriteFile(file, []byte(gmailReply), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, stdin string
		args        []string
		want        readLine
	}{
		{"a message", "", []string{file}, readLine{File: file, Class: "reply", Text: "More time for my kids", From: "sam@example.com",
			Auth: "none", MessageID: "<r1@mail.example>"}},
		{"on standard input", gmailReply, nil, readLine{File: "-", Class: "reply", Text: "More time for my kids", From: "sam@example.com",
			Auth: "none", MessageID: "<r1@mail.example>"}},
		{"a body", "yes\n\n> Would you like to try?\n", nil, readLine{File: "-", Class: "reply", Text: "yes", Auth: "none"}},
		{"HTML", "<div>yes<blockquote type=cite>Would you like to try?</blockquote></div>", nil, readLine{File: "-", Class: "reply", Text: "yes", Auth: "none"}},
		{"as told", "From: here to there\n", []string{"--kind", "plain"}, readLine{File: "-", Class: "reply", Text: "From: here to there", Auth: "none"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			res := call(t, c.stdin, append([]string{"read"}, c.args...)...)
			var got readLine
			if err := json.Unmarshal([]byte(res.out), &got); err != nil {
				t.Fatalf("%v in %+v", err, res)
			}
			if got.File != c.want.File || got.Class != c.want.Class || got.Text != c.want.Text || got.From != c.want.From ||
				got.Auth != c.want.Auth || got.MessageID != c.want.MessageID {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
	if got := call(t, gmailReply, "read", "--text"); got.out != "More time for my kids\n" {
		t.Errorf("--text: %+v", got)
	}
}

// TestReadMany: one line a file, in their order.
func TestReadMany(t *testing.T) {
	dir := t.TempDir()
	args := []string{"read"}
	for _, name := range []string{"b.eml", "a.eml", "c.eml"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(gmailReply), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	got := call(t, "", args...)
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines: %s", len(lines), got.out)
	}
	for i, l := range lines {
		if !strings.Contains(l, args[i+1]) {
			t.Errorf("line %d is %s, want %s", i, l, args[i+1])
		}
	}
}

// TestReadSent: a letter of ours is known in a quote whose marks a client lost.
func TestReadSent(t *testing.T) {
	letter := "You said: \"Close 20 deals\".\n\nWhat will that get you?\n\nReply stop, pause, skip or help any time."
	file := filepath.Join(t.TempDir(), "sent.txt")
	if err := os.WriteFile(file, []byte(letter), 0o600); err != nil {
		t.Fatal(err)
	}
	got := call(t, "A bigger house\n\n"+letter+"\n", "read", "--text", "--sent", file)
	if got.out != "A bigger house\n" {
		t.Errorf("got %q", got.out)
	}
}

func TestJudge(t *testing.T) {
	in := `{"id":"x","goal":"hit quota","turns":[{"q":"?","a":"commission"},{"q":"?","a":"commission"}]}` + "\n" +
		`{"id":"y","goal":"more money","turns":[]}` + "\n"
	got := call(t, in, "judge")
	lines := strings.Split(strings.TrimSpace(got.out), "\n")
	if got.code != exitOK || len(lines) != 2 {
		t.Fatalf("%+v", got)
	}
	var x verdictLine
	if err := json.Unmarshal([]byte(lines[0]), &x); err != nil {
		t.Fatal(err)
	}
	if len(x.Verdicts) != 2 || x.Verdicts[0].Label != conversation.New || x.Verdicts[0].Why != nil ||
		x.Verdicts[1].Label != conversation.Repeat || !x.Verdicts[1].Confirm || x.Verdicts[1].Why == nil {
		t.Errorf("got %s", lines[0])
	}
	if lines[1] != `{"id":"y","verdicts":[]}` {
		t.Errorf("got %s", lines[1])
	}
	if got := call(t, in, "judge", "--explain"); !strings.Contains(got.out, `Is this your why: "commission"?`) {
		t.Errorf("--explain: %+v", got)
	}
	if got := call(t, "no json\n", "judge"); got.code != exitFailure || !strings.Contains(got.errors, "ladder 1") {
		t.Errorf("nonsense: %+v", got)
	}
}

func TestHeld(t *testing.T) {
	path := writeConfig(t, smallConfig)
	c, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sqlite.Open(c.Store.Path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	if err := s.Hold(context.Background(), conversation.HeldMail{Reason: "unknown-sender", At: at, Raw: []byte("Subject: SECRET\r\n\r\nWORDS\r\n")}); err != nil {
		t.Fatal(err)
	}
	held, err := s.Held(context.Background())
	if err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	list := call(t, "", "--config", path, "held")
	if !strings.Contains(list.out, "2026-11-23 09:00  unknown-sender") || strings.Contains(list.out, "SECRET") {
		t.Errorf("list: %+v", list)
	}
	show := call(t, "", "--config", path, "held", "show", held[0].ID)
	if !strings.Contains(show.out, "Subject: SECRET") || strings.Contains(show.out, "WORDS") {
		t.Errorf("show: %+v", show)
	}
	if got := call(t, "", "--config", path, "held", "drop", held[0].ID); got.code != exitOK {
		t.Errorf("drop: %+v", got)
	}
	if got := call(t, "", "--config", path, "held", "list"); got.out != "No mail is held.\n" {
		t.Errorf("after the drop: %+v", got)
	}
	if got := call(t, "", "--config", path, "held", "drop", held[0].ID); got.code != exitFailure {
		t.Errorf("dropped twice: %+v", got)
	}
}
