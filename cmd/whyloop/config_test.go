package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

// smallConfig is the least that a daemon can run with.
const smallConfig = `[mailbox]
address = "coach@example.com"
[imap]
server = "imap.example.com"
password_file = "password"
[smtp]
server = "smtp.example.com"
[contact]
name = "Ines"
address = "ines@example.com"
[care]
helpline = "Samaritans, 116 123"
`

// writeConfig writes a configuration to a file of its own and returns its path.
func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "whyloop.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConfigDefaults(t *testing.T) {
	path := writeConfig(t, smallConfig)
	c, err := loadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(path)
	if want := filepath.Join(dir, "state", "whyloop.db"); c.Store.Path != want {
		t.Errorf("store at %s, want %s", c.Store.Path, want)
	}
	if want := filepath.Join(dir, "password"); c.IMAP.Password.File != want {
		t.Errorf("password in %s, want %s", c.IMAP.Password.File, want)
	}
	got, want := c.policy(), conversation.DefaultPolicy()
	want.Contact = conversation.Address{Name: "Ines", Mail: "ines@example.com"}
	want.Helpline = "Samaritans, 116 123"
	for _, s := range []struct {
		name      string
		got, want conversation.Schedule
	}{{"check-in", got.CheckIn, want.CheckIn}, {"preview", got.Preview, want.Preview}, {"summary", got.Summary, want.Summary}} {
		for at := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC); at.Year() < 2028; at = s.want.Next(at) {
			if g, w := s.got.Next(at), s.want.Next(at); !g.Equal(w) {
				t.Fatalf("%s after %v: %v, want %v", s.name, at, g, w)
			}
		}
	}
	got.CheckIn, got.Preview, got.Summary = nil, nil, nil
	want.CheckIn, want.Preview, want.Summary = nil, nil, nil
	got.Hours.Holidays = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the defaults are not the design's (-want +got):\n%s", diff)
	}
}

func TestConfigTroubles(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"unknown key", `server = "imap.`, `sever = "imap.`, `:4: unknown key "sever" in [imap]; did you mean "server"?`},
		{"key of another section", "[smtp]\n", "[smtp]\njunk = \"Junk\"\n", `:7: unknown key "junk" in [smtp]; it belongs under [imap]`},
		{"unknown section", "[contact]", "[contacts]", `:8: unknown section "contacts"; did you mean "contact"?`},
		{"key above all sections", "[mailbox]\n", "per_minute = 3\n[mailbox]\n", `:1: unknown key "per_minute"; it belongs under [smtp]`},
		{"missing", `name = "Ines"` + "\n", "", `:8: [contact] name is missing; write for example: name = "Ines"`},
		{"missing section", "[smtp]\nserver = \"smtp.example.com\"\n", "", `: [smtp] server is missing`},
		{"empty", `"Ines"`, `""`, `:9: contact.name is empty; write for example "Ines"`},
		{"no number", "[smtp]\n", "[smtp]\nport = \"587\"\n", `:7: smtp.port: want a number, got "587"`},
		{"out of bounds", "[smtp]\n", "[smtp]\nport = 70000\n", `:7: smtp.port: want a number from 1 to 65535, got 70000`},
		{"no address", `"ines@example.com"`, `"Ines <ines@example.com>"`, `:10: contact.address: want a bare address`},
		{"host with port", `"smtp.example.com"`, `"smtp.example.com:587"`, `:7: smtp.server: want a host name like`},
		{"plain far away", "[smtp]\n", "[smtp]\ntls = \"none\"\n", `:7: smtp.tls is "none", but "smtp.example.com" is not on this machine`},
		{"no such word", "[smtp]\n", "[smtp]\ntls = \"ssl\"\n", `:7: smtp.tls: want one of tls, starttls, none, got "ssl"`},
		{"no password", "password_file = \"password\"\n", "", `:3: [imap] needs password_file or password_command`},
		{"two passwords", "[smtp]\n", "[smtp]\npassword_file = \"a\"\npassword_command = [\"b\"]\n", `:8: [smtp] has both password_file and password_command`},
		{"daily check-in", "[contact]\n", "[schedule]\ncheck_in = \"30 8 * * *\"\n[contact]\n", `:9: schedule.check_in: "30 8 * * *" rings more than once in a week (Mon 1 Jan 2024 08:30 and Tue 2 Jan 2024 08:30)`},
		{"weekday or date", "[contact]\n", "[schedule]\ncheck_in = \"30 8 1 * 1\"\n[contact]\n", `rings more than once in a week`},
		{"never", "[contact]\n", "[schedule]\ncheck_in = \"0 8 31 2 *\"\n[contact]\n", `never rings`},
		{"zone in cron", "[contact]\n", "[schedule]\ncheck_in = \"CRON_TZ=UTC\"\n[contact]\n", `leave the zone out`},
		{"no cron", "[contact]\n", "[schedule]\ncheck_in = \"Monday\"\n[contact]\n", `is no cron expression`},
		{"alerts to the mailbox", "[contact]\n", "[alerts]\nto = \"Coach+x@example.com\"\n[contact]\n", `:9: alerts.to is the coaching mailbox itself`},
		{"a ping in the clear", "[contact]\n", "[alerts]\nping_url = \"http://ping.example.net/0123\"\n[contact]\n", `:9: alerts.ping_url: plain http would show the URL, which is a secret, to the network; use https`},
		{"no ping", "[contact]\n", "[alerts]\nping_url = \"ping.example.net\"\n[contact]\n", `:9: alerts.ping_url: want a URL like "https://ping.example.net/0123"`},
		{"two pings", "[contact]\n", "[alerts]\nping_url = \"https://ping.example.net/0123\"\nping_url_file = \"p\"\n[contact]\n", `:10: [alerts] has both ping_url and ping_url_file; keep one`},
		{"hours", "[contact]\n", "[hours]\nfrom = \"19:00\"\nto = \"07:00\"\n[contact]\n", `:10: hours.to must be later than hours.from`},
		{"clock", "[contact]\n", "[hours]\nfrom = \"7\"\n[contact]\n", `:9: hours.from: want a time of day in quotes, like "07:00", got "7"`},
		{"no workday", "[contact]\n", "[hours]\nworkdays = []\n[contact]\n", `want at least one weekday`},
		{"holiday", "[contact]\n", "[hours]\nholidays = [\"25.12.2026\"]\n[contact]\n", `want a day like "2026-12-25"`},
		{"remind", "[contact]\n", "[policy]\nremind = [3]\n[contact]\n", `:9: policy.remind: want 2 numbers in brackets, like [3, 7]`},
		{"span", "[contact]\n", "[policy]\nthink_time = 120\n[contact]\n", `want a duration in quotes, like "2m", got 120`},
		{"long span", "[contact]\n", "[policy]\nthink_time = \"2d\"\n[contact]\n", `want a duration from 0s to 1h, got "2d"`},
		{"open health", "[contact]\n", "[health]\nlisten = \"0.0.0.0:9465\"\n[contact]\n", `want a loopback address`},
		{"syntax", "[contact]\n", "[contact\n", `:9: expected`},
		{"section as value", "[mailbox]\n", "health = 3\n[mailbox]\n", `:1: "health" is a section; write [health]`},
		{"mailbox as contact", `"ines@example.com"`, `"Coach@example.com"`, `contact.address is the coaching mailbox itself`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(smallConfig, c.from, c.to, 1)
			if text == smallConfig {
				t.Fatal("the case changes nothing")
			}
			path := writeConfig(t, text)
			_, err := loadConfig(path)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), path+":") {
				t.Errorf("got  %v\nwant %s...%s", err, path, c.want)
			}
		})
	}
}

// TestConfigTroublesTogether: an admin mends a file once, not once a mistake.
func TestConfigTroublesTogether(t *testing.T) {
	_, err := loadConfig(writeConfig(t, "[mailbox]\nadress = \"x\"\n[imap]\nport = 0\n"))
	if n := strings.Count(err.Error(), "\n"); n < 5 {
		t.Errorf("only %d lines:\n%v", n+1, err)
	}
}

func TestConfigReadableByOthers(t *testing.T) {
	path := writeConfig(t, smallConfig)
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if _, err := loadConfig(path); err == nil || !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
}

func TestConfigMissing(t *testing.T) {
	_, err := loadConfig(filepath.Join(t.TempDir(), "none.toml"))
	if err == nil || !strings.Contains(err.Error(), "whyloop init") {
		t.Errorf("got %v", err)
	}
}

// TestReference: what init writes, filled in, is a configuration; and every key in it,
// uncommented, is one that is read.
func TestReference(t *testing.T) {
	var b bytes.Buffer
	if err := writeReference(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := loadConfig(writeConfig(t, b.String())); err == nil || strings.Count(err.Error(), "\n") != 0 ||
		!strings.Contains(err.Error(), "[imap] needs password_file") {
		t.Errorf("as written, only the password is missing; got: %v", err)
	}
	full := strings.ReplaceAll(b.String(), "\n#", "\n")
	full = commentsAgain(full)
	for _, other := range []string{`password_command = ["pass", "show", "mail/coach"]`, `api_key_command = ["pass", "show", "judge"]`, `ping_url_file = "ping-url"`} {
		full = strings.ReplaceAll(full, other, "")
	}
	if _, err := loadConfig(writeConfig(t, full)); err != nil {
		t.Errorf("uncommented: %v\n%s", err, full)
	}
}

// commentsAgain puts back the # of lines that are prose.
func commentsAgain(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, " ") {
			lines[i] = "#" + l
		}
	}
	return strings.Join(lines, "\n")
}

// TestDocs: docs/configuration.md says what the code does. After a change of the table:
// UPDATE_DOCS=1 go test ./cmd/whyloop -run TestDocs
func TestDocs(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "configuration.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := writeSettingsTable(&table); err != nil {
		t.Fatal(err)
	}
	const mark = "<!-- the rest is generated from the settings table in cmd/whyloop -->\n"
	head, rest, ok := strings.Cut(string(data), mark)
	if !ok {
		t.Fatalf("%s lacks the line %q", path, mark)
	}
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(path, []byte(head+mark+table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(table.String(), rest); diff != "" {
		t.Errorf("docs/configuration.md is not what the code says (-code +docs):\n%s", diff)
	}
}

func TestSecret(t *testing.T) {
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte("hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range []Secret{{File: path}, {Command: []string{"echo", "hunter2"}}} {
		got, err := s.read(context.Background())
		if err != nil || got != "hunter2" {
			t.Errorf("%#v: %q, %v", s, got, err)
		}
	}
	for name, s := range map[string]Secret{
		"no file":   {File: path + "x"},
		"failing":   {Command: []string{"false"}},
		"empty":     {Command: []string{"true"}},
		"two lines": {Command: []string{"printf", `a\nb`}},
		"none such": {Command: []string{"/no/such/program"}},
	} {
		if got, err := s.read(context.Background()); err == nil {
			t.Errorf("%s: read %q", name, got)
		}
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := (Secret{File: path}).read(context.Background()); err == nil {
		t.Error("a password that others can read was read")
	}
}
