package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// checkRig is a set-up with which all is well: mail servers and DNS of the test's own, and a configuration.
type checkRig struct {
	dir, config string
	servers     *mailtest.Servers
	dns         *dnsServer
	machine     machine
	now         func() time.Time
	args        []string
}

const checkConfig = `[mailbox]
address = "coach@example.com"
[imap]
server = "127.0.0.1"
port = %s
tls = "none"
junk = "Junk"
password_file = "password"
[smtp]
server = "127.0.0.1"
port = %s
tls = "none"
password_file = "password"
[contact]
name = "Ines"
address = "ines@example.com"
[care]
helpline = "Samaritans, 116 123"
[trust]
authserv_id = "mx.example.com"
[store]
backup_dir = "backups"
`

func newCheckRig(t *testing.T, o mailtest.Options) *checkRig {
	t.Helper()
	o.Domain, o.TLS = "example.com", true
	if o.AuthServID == "" {
		o.AuthServID = "mx.example.com"
	}
	servers, err := mailtest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := servers.Close(); err != nil {
			t.Error(err)
		}
	})
	servers.AddUser("coach@example.com", "canary-password")
	servers.AddUser("sam@example.com", "pw")
	r := &checkRig{dir: t.TempDir(), servers: servers, now: time.Now, machine: quietMachine(), args: []string{"--wait", "30s"}}
	if err := os.Chmod(r.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	r.dns = newDNS(t, map[string][]string{
		"TXT example.com":                    {"v=spf1 mx -all", "another thing"},
		"TXT _dmarc.example.com":             {"v=DMARC1; p=reject"},
		"TXT default._domainkey.example.com": {"v=DKIM1; p=MCowBQYDK2VwAyEA"},
	})
	r.machine.dns = r.dns.resolver()
	r.config = filepath.Join(r.dir, "whyloop.toml")
	r.write(t, "whyloop.toml", fmt.Sprintf(checkConfig, port(servers.IMAPAddr), port(servers.SMTPAddr)))
	r.write(t, "password", "canary-password\n")
	return r
}

func port(addr string) string {
	_, p, _ := net.SplitHostPort(addr)
	return p
}

func (r *checkRig) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (r *checkRig) edit(t *testing.T, from, to string) {
	t.Helper()
	edit(t, r.config, from, to)
}

// call runs whyloop on this set-up.
func (r *checkRig) call(t *testing.T, args ...string) called {
	t.Helper()
	var out, errs bytes.Buffer
	env := &environ{ctx: t.Context(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs, now: r.now, machine: r.machine}
	code := env.run(append([]string{"--config", r.config}, args...))
	return called{code, out.String(), errs.String()}
}

// findings are what check says to a program.
func (r *checkRig) findings(t *testing.T, args ...string) (all []finding, code int) {
	t.Helper()
	got := r.call(t, append(append([]string{"check", "--json"}, r.args...), args...)...)
	var report struct {
		State    string
		Findings []finding
	}
	if err := json.Unmarshal([]byte(got.out), &report); err != nil {
		t.Fatalf("%v in %+v", err, got)
	}
	if strings.Contains(got.out+got.errors, "canary") {
		t.Errorf("it tells secrets: %+v", got)
	}
	worst := stateOK
	for _, f := range report.Findings {
		if f.Check == "" || f.Found == "" || (f.State == stateOK) != (f.Mend == "") {
			t.Errorf("a finding that is not whole: %+v", f)
		}
		if f.State == stateFail || f.State == stateWarn && worst == stateOK {
			worst = f.State
		}
	}
	if report.State != worst || (worst == stateFail) != (got.code == exitFailure) || worst != stateFail && got.code != exitOK {
		t.Errorf("the whole is %s, exit %d; the worst is %s", report.State, got.code, worst)
	}
	return report.Findings, got.code
}

// one is the finding of a check.
func one(t *testing.T, all []finding, check string) finding {
	t.Helper()
	for _, f := range all {
		if f.Check == check {
			return f
		}
	}
	t.Fatalf("no finding %q in %+v", check, all)
	return finding{}
}

// onLine hears each line that is written.
type onLine struct {
	*logBook
	hear func(string)
}

func (o onLine) Write(p []byte) (int, error) {
	n, err := o.logBook.Write(p)
	for line := range strings.SplitSeq(string(p), "\n") {
		o.hear(line)
	}
	return n, err
}

func parseFindings(t *testing.T, out string) []finding {
	t.Helper()
	var report struct{ Findings []finding }
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return report.Findings
}

// relay joins two connections until either ends.
func relay(c net.Conn, to string) {
	defer c.Close()
	s, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer s.Close()
	go func() { _, _ = io.Copy(s, c); _ = s.Close() }()
	_, _ = io.Copy(c, s)
}
