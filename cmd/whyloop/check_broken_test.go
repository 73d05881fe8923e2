package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation/sqlite"
	"whyloop/mailer/mailtest"
)

// broken is a set-up with one thing wrong.
type broken struct {
	name    string
	options mailtest.Options
	do      func(t *testing.T, r *checkRig)
	checks  string // which say so, and how: "fail imap, warn proof"
}

// change replaces text in the configuration.
func change(pairs ...string) func(*testing.T, *checkRig) {
	return func(t *testing.T, r *checkRig) {
		for i := 0; i < len(pairs); i += 2 {
			r.edit(t, pairs[i], pairs[i+1])
		}
	}
}

func brokenSetups() []broken {
	return []broken{
		{name: "No configuration yet", do: func(t *testing.T, r *checkRig) { remove(t, r.config) }, checks: "fail configuration"},
		{name: "A misspelt setting, and one forgotten", do: change("[imap]\nserver", "[imap]\nsever", "name = \"Ines\"\n", ""), checks: "fail configuration"},
		{name: "The configuration can be read by others", do: func(t *testing.T, r *checkRig) { chmod(t, r.config, 0o644) }, checks: "fail configuration"},
		{name: "The password file is missing", do: func(t *testing.T, r *checkRig) { remove(t, filepath.Join(r.dir, "password")) },
			checks: "fail files, fail imap, fail smtp, warn round trip"},
		{name: "The password file can be read by others", do: func(t *testing.T, r *checkRig) { chmod(t, filepath.Join(r.dir, "password"), 0o640) },
			checks: "fail files, fail imap, fail smtp, warn round trip"},
		{name: "A wrong password", do: func(t *testing.T, r *checkRig) { r.write(t, "password", "wrong\n") }, checks: "fail imap, fail smtp, warn round trip"},
		{name: "Nothing listens at that port", do: func(t *testing.T, r *checkRig) { r.edit(t, "port = "+port(r.servers.IMAPAddr), "port = 1") }, checks: "fail imap, warn round trip"},
		{name: "A server name with a typing mistake", do: change("server = \"127.0.0.1\"", "server = \"imap..example.com\"", "tls = \"none\"", "tls = \"tls\""), checks: "fail imap, warn round trip"},
		{name: "TLS where the port wants STARTTLS", do: change("tls = \"none\"", "tls = \"tls\""), checks: "fail imap, warn round trip"},
		{name: "A certificate authority that this machine does not know", do: useTLS(""), checks: "fail imap, warn round trip"},
		{name: "A certificate for another name", do: useTLS("127.0.0.2"), checks: "fail imap, warn round trip"},
		{name: "No such folder", do: change("junk = \"Junk\"", "junk = \"Spam\""), checks: "fail imap, warn round trip"},
		{name: "A plain IMAP server", options: mailtest.Options{NoMove: true, NoUIDPlus: true, NoKeywords: true}, do: change("junk = \"Junk\"\n", ""), checks: "warn imap"},
		{name: "The account may not send as the mailbox", do: refuse5("MAIL", "coach", "553 5.7.1 Sender address rejected: not owned by user"), checks: "fail smtp, warn round trip"},
		{name: "The server takes no mail", do: refuse5(mailtest.StepDot, "", "550 5.7.0 Message rejected"), checks: "fail round trip"},
		{name: "The mail does not arrive: the address is another mailbox", do: anotherMailbox, checks: "fail round trip"},
		{name: "Plus addresses are not delivered", do: refuse5("RCPT", "+", "550 5.1.1 No such user"), checks: "fail plus address"},
		{name: "This machine's clock is two hours slow", options: mailtest.Options{Now: func() time.Time { return time.Now().Add(2 * time.Hour) }}, checks: "fail clock"},
		{name: "This machine's clock was never set", do: func(_ *testing.T, r *checkRig) { r.now = func() time.Time { return time.Unix(0, 0) } }, checks: "fail clock"},
		{name: "The server proves who wrote, and is not asked", do: change("authserv_id = \"mx.example.com\"", ""), checks: "warn proof"},
		{name: "The server's name is written wrongly", do: change("mx.example.com", "mail.example.com"), checks: "warn proof"},
		{name: "The disk is nearly full", do: func(_ *testing.T, r *checkRig) {
			r.machine.free = func(string) (int64, error) { return 20 << 20, nil }
		}, checks: "fail disk"},
		{name: "The store is damaged", do: damage, checks: "fail store, warn alerts"},
		{name: "The store's folder can be read by others", do: func(t *testing.T, r *checkRig) {
			if err := os.Mkdir(filepath.Join(r.dir, "state"), 0o755); err != nil {
				t.Fatal(err)
			}
			chmod(t, filepath.Join(r.dir, "state"), 0o755) // whatever the umask says
		}, checks: "fail files, fail store, warn alerts"},
		{name: "The key is cut short", do: func(t *testing.T, r *checkRig) {
			r.edit(t, "[store]\n", "[store]\nkey_file = \"short\"\n")
			r.write(t, "short", "abc\n")
		}, checks: "fail key, warn round trip"},
		{name: "A letter of one's own is broken", do: ownLetter, checks: "fail letters"},
		{name: "The model for second opinions is not there", do: change("[contact]", "[judge]\nurl = \"http://127.0.0.1:1/v1\"\nmodel = \"small\"\n[contact]"), checks: "fail judge"},
		{name: "A client secret ends next week", do: func(t *testing.T, r *checkRig) { oauthed(t, r, newTokenServer(t, "coach@example.com")) }, checks: "warn oauth"},
		{name: "The provider has taken the sign-in back", do: func(t *testing.T, r *checkRig) {
			p := newTokenServer(t, "coach@example.com")
			oauthed(t, r, p)
			r.edit(t, "flow = \"client-credentials\"", "flow = \"auth-code\"")
		}, checks: "fail oauth, fail imap, fail smtp, warn round trip"},
		{name: "Nobody has told DNS who may send", do: func(_ *testing.T, r *checkRig) { r.machine.dns = noNames{} }, checks: "warn spf, warn dkim, warn dmarc"},
		{name: "DNS does not answer", do: func(_ *testing.T, r *checkRig) { r.machine.dns = silentNames{} }, checks: "warn spf, warn dkim, warn dmarc"},
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func chmod(t *testing.T, path string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

// useTLS goes through IMAP's TLS port, by another name where one is given.
func useTLS(host string) func(*testing.T, *checkRig) {
	return func(t *testing.T, r *checkRig) {
		to := port(r.servers.IMAPSAddr)
		if host != "" {
			to = port(door(t, r.servers.IMAPSAddr))
			r.edit(t, "server = \"127.0.0.1\"", "ca_file = \"ca.pem\"\nserver = \""+host+"\"")
			r.write(t, "ca.pem", string(r.servers.RootPEM()))
		}
		r.edit(t, "port = "+port(r.servers.IMAPAddr), "port = "+to)
		r.edit(t, "tls = \"none\"", "tls = \"tls\"")
	}
}

// refuse5 has the SMTP server answer a step whose line holds some text.
func refuse5(step, holds, reply string) func(*testing.T, *checkRig) {
	return func(_ *testing.T, r *checkRig) {
		r.servers.HookSMTP(func(s mailtest.Step) mailtest.Fault {
			if s.Name == step && strings.Contains(s.Line, holds) {
				return mailtest.Fault{Reply: reply}
			}
			return mailtest.Fault{}
		})
	}
}

// damage overwrites a page in the middle of a store.
func damage(t *testing.T, r *checkRig) {
	path := filepath.Join(r.dir, "state", "whyloop.db")
	s, err := sqlite.Open(path)
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(bytes.Repeat([]byte{0xff}, 4096), 2*4096); err != nil {
		t.Fatal(err)
	}
}

// anotherMailbox signs in to one and writes to another.
func anotherMailbox(t *testing.T, r *checkRig) {
	change("address = \"coach@example.com\"", "address = \"sam@example.com\"",
		"junk = \"Junk\"\n", "junk = \"Junk\"\nusername = \"coach@example.com\"\n", "[contact]", "username = \"coach@example.com\"\n[contact]")(t, r)
	r.args = []string{"--wait", "2s"}
}

func ownLetter(t *testing.T, r *checkRig) {
	if err := os.MkdirAll(filepath.Join(r.dir, "letters", "en"), 0o755); err != nil {
		t.Fatal(err)
	}
	r.write(t, "letters/en/why.txt", "Subject: A question\n\nDear {{.Nme}}\n")
	r.edit(t, "[contact]", "[templates]\ndir = \"letters\"\n[contact]")
}

// oauthed has a token fetched, and both servers opened by the password all the same.
func oauthed(t *testing.T, r *checkRig, p *tokenServer) {
	r.write(t, "client-secret", "canary-secret\n")
	day := r.now().AddDate(0, 0, 7).UTC().Format(time.DateOnly)
	r.edit(t, "[contact]", p.config(flowClient)+"secret_expires = \""+day+"\"\n[contact]")
	for range 2 {
		r.edit(t, "password_file = \"password\"\n", "")
	}
	r.servers.AddUser("coach@example.com", "canary-access-1") // the first token is the password here
}

// silentNames is DNS that does not answer.
type silentNames struct{ noNames }

func (silentNames) LookupTXT(_ context.Context, name string) ([]string, error) {
	return nil, &net.DNSError{Err: "i/o timeout", Name: name, Server: "192.0.2.53:53", IsTimeout: true}
}

// TestBrokenSetups: each is noticed by the right check and by no other, with its mend. docs/check.md shows what is
// said. After a change: UPDATE_DOCS=1 go test ./cmd/whyloop -run TestBrokenSetups
func TestBrokenSetups(t *testing.T) {
	var doc strings.Builder
	for i, b := range brokenSetups() {
		r := newCheckRig(t, b.options)
		if b.do != nil {
			b.do(t, r)
		}
		all, _ := r.findings(t)
		var got []string
		fmt.Fprintf(&doc, "\n### %d. %s\n\n```\n", i+1, b.name)
		for _, f := range all {
			if f.State == stateOK {
				continue
			}
			got = append(got, f.State+" "+f.Check)
			var said strings.Builder
			f.print(&said)
			doc.WriteString(r.plain(said.String()))
		}
		doc.WriteString("```\n")
		if diff := cmp.Diff(strings.Split(b.checks, ", "), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", b.name, diff)
		}
	}
	checkGenerated(t, filepath.Join(docsRoot, "docs", "check.md"), "<!-- the rest is generated by TestBrokenSetups -->\n", doc.String())
}

// plain replaces what differs from run to run.
func (r *checkRig) plain(text string) string {
	text = strings.NewReplacer(r.dir, "/etc/whyloop", ":"+port(r.servers.IMAPAddr), ":143", ":"+port(r.servers.SMTPAddr), ":587", ":"+port(r.servers.IMAPSAddr), ":993").Replace(text)
	text = regexp.MustCompile(`127\.0\.0\.1:\d{4,5}`).ReplaceAllString(text, "login.example.com")
	text = regexp.MustCompile(` 20\d\d-\d\d-\d\d \d\d:\d\d UTC`).ReplaceAllString(text, " 2026-11-24 12:00 UTC")
	return regexp.MustCompile(` 20\d\d-\d\d-\d\d,`).ReplaceAllString(text, " 2026-12-01,")
}

// checkGenerated holds the part of a page below a mark against what it should be, or writes it.
func checkGenerated(t *testing.T, path, mark, want string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(data), mark)
	if !ok {
		t.Fatalf("%s lacks the line %q", path, mark)
	}
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(path, []byte(head+mark+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, rest); diff != "" {
		t.Errorf("%s is not what the code says; UPDATE_DOCS=1 writes it anew (-code +docs):\n%s", path, diff)
	}
}
