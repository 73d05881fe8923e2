package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"whyloop/mailer"
	"whyloop/mailer/mailtest"
)

// TestCheckWell: with a good set-up everything is ok, nothing is left in the mailbox, and a person and a
// program are told the same.
func TestCheckWell(t *testing.T) {
	r := newCheckRig(t, mailtest.Options{})
	all, code := r.findings(t)
	var checks []string
	for _, f := range all {
		checks = append(checks, f.Check)
		if f.State != stateOK {
			t.Errorf("%+v", f)
		}
	}
	want := strings.Fields("configuration files disk store key daemon zones letters oauth imap smtp alerts judge round-trip clock message-id plus-address proof spf dkim dmarc")
	if got := strings.Fields(strings.NewReplacer("round trip", "round-trip", "plus address", "plus-address").Replace(strings.Join(checks, "\n"))); code != exitOK || !slices.Equal(got, want) {
		t.Errorf("exit %d, %q", code, got)
	}
	got := r.call(t, "check")
	for _, line := range []string{"ok    imap ", "ok    round trip     a mail to itself arrived after ", "ok    proof          the server proves who wrote (dmarc)", "All is well. Next: whyloop --config " + r.config + " run"} {
		if !strings.Contains(got.out, line) {
			t.Errorf("no %q in\n%s", line, got.out)
		}
	}
	for _, folder := range []string{"INBOX", "Junk"} {
		if left, err := r.servers.Mails("coach@example.com", folder); err != nil || len(left) > 0 {
			t.Errorf("%d left in %s, %v", len(left), folder, err)
		}
	}
	if n := len(r.servers.Accepted()); n != 4 {
		t.Errorf("%d mails sent by two calls", n)
	}
	if _, code := r.findings(t, "--no-mail"); code != exitOK || len(r.servers.Accepted()) != 4 {
		t.Errorf("--no-mail sends mail, or fails: %d", code)
	}
}

// TestCheckBesideDaemon: while the daemon reads the same mailbox, its mails are found, answered by nobody
// and held by nobody, and a rep's trial mail answers no question.
func TestCheckBesideDaemon(t *testing.T) {
	s, book := setStage(t, demoPolicy)
	s.playUntil(t, "2026-11-23 09:30") // the invite is out
	before := s.total(t)
	r := &checkRig{config: s.config, now: s.clock.Now, machine: quietMachine(), args: []string{"--wait", "30s"}}
	for range 5 {
		all, code := r.findings(t)
		if code != exitOK {
			t.Fatalf("%+v", all)
		}
		if f := one(t, all, "daemon"); !strings.HasPrefix(f.Found, "runs") {
			t.Errorf("%+v", f)
		}
		for _, check := range []string{"round trip", "plus address", "proof", "clock"} {
			if f := one(t, all, check); f.State != stateOK {
				t.Errorf("%+v", f)
			}
		}
	}
	all, code := s.listened(t, r, "I would like to earn more, honestly")
	if code != exitOK || one(t, all, "rep's mail").State != stateOK || one(t, all, "rep's proof").Found != "proven by dmarc: this rep's replies count" {
		t.Errorf("exit %d, %+v", code, all)
	}
	s.playUntil(t, "2026-11-23 12:00")
	stats, err := s.daemon.store.Stats(t.Context())
	if err != nil || stats.Held != 0 || s.total(t) != before {
		t.Errorf("%d held, %d letters, want %d; %v", stats.Held, s.total(t), before, err)
	}
	if strings.Contains(book.String(), "reply taken") {
		t.Error("a mail of the check was taken for a reply")
	}
}

// total is how many letters were sent to anybody but the mailbox itself.
func (s *stage) total(t *testing.T) (n int) {
	t.Helper()
	for _, e := range s.servers.(inProcess).Accepted() {
		if !strings.HasPrefix(e.To[0], strings.Split(s.cast.coach, "@")[0]) {
			n++
		}
	}
	return n
}

// listened is "whyloop check --listen" with a rep who sends what they are asked to.
func (s *stage) listened(t *testing.T, r *checkRig, text string) ([]finding, int) {
	t.Helper()
	return r.listen(t, func(subject string) {
		raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <trial@example.com>\r\n\r\n%s\r\n", s.cast.rep.mail, s.cast.coach, subject, text)
		s.servers.(inProcess).Deliver(mailtest.Envelope{From: s.cast.rep.mail, User: s.cast.rep.mail, To: []string{s.cast.coach}, Raw: []byte(raw)})
	})
}

// TestCheckListen: what a rep's mail proves, and which setting would make use of it.
func TestCheckListen(t *testing.T) {
	from := func(address, user string, more ...string) func(r *checkRig, subject string) {
		return func(r *checkRig, subject string) {
			raw := "From: " + address + "\r\nTo: coach@example.com\r\nSubject: " + subject + "\r\n" + strings.Join(more, "") + "\r\nhello\r\n"
			r.servers.Deliver(mailtest.Envelope{From: address, User: user, To: []string{"coach@example.com"}, Raw: []byte(raw)})
		}
	}
	set := func(from, to string) func(*testing.T, *checkRig) {
		return func(t *testing.T, r *checkRig) { r.edit(t, from, to) }
	}
	for _, c := range []struct {
		name        string
		prepare     func(*testing.T, *checkRig)
		send        func(*checkRig, string)
		check       string
		state, want string // in what was found, or in the mend
	}{
		{"proven", nil, from("sam@example.com", "sam@example.com"), "rep's proof", stateOK, "proven by dmarc"},
		{"on its way for an hour", nil, from("sam@example.com", "sam@example.com", "Date: "+time.Now().Add(-time.Hour).Format(time.RFC1123Z)+"\r\n"), "rep's mail", stateOK, "arrived from example.com, in INBOX, 1h0m"},
		{"forged", nil, from("sam@example.com", "mallory@example.org"), "rep's proof", stateFail, "said to be forged (dmarc)"},
		{"not asked for", set(`authserv_id = "mx.example.com"`, ""), from("sam@example.com", "sam@example.com"), "rep's proof", stateWarn, `trust.authserv_id = "mx.example.com"`},
		{"another name", set("mx.example.com", "mx.example.org"), from("sam@example.com", "sam@example.com"), "rep's proof", stateFail, `trust.authserv_id = "mx.example.com"`},
		{"a name that the writer made up", set("mx.example.com", "mx.example.org"),
			from("sam@example.com", "mallory@example.org", "Authentication-Results: evil.example; dmarc=pass header.from=example.com\r\n"), "rep's proof", stateFail, "sign that domain's mail"},
		{"a machine's", nil, from("sam@example.com", "sam@example.com", "Auto-Submitted: auto-replied\r\n"), "rep's mail", stateFail, "taken for a machine's"},
		{"the mailbox itself", nil, from("coach@example.com", "coach@example.com"), "rep's mail", stateFail, "from the coaching mailbox itself"},
		{"nobody writes", nil, func(*checkRig, string) {}, "rep's mail", stateFail, "none arrived"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newCheckRig(t, mailtest.Options{})
			if c.prepare != nil {
				c.prepare(t, r)
			}
			if c.name == "nobody writes" {
				r.args = []string{"--no-mail", "--wait", "300ms"}
			}
			all, _ := r.listen(t, func(subject string) { c.send(r, subject) })
			f := one(t, all, c.check)
			if f.State != c.state || !strings.Contains(f.Found+" "+f.Mend, c.want) {
				t.Errorf("%+v, want %s and %q", f, c.state, c.want)
			}
			if left, err := r.servers.Mails("coach@example.com", "INBOX"); err != nil || len(left) > 0 {
				t.Errorf("%d left, %v", len(left), err)
			}
		})
	}
}

// listen runs check --listen, and has a person read the subject and send.
func (r *checkRig) listen(t *testing.T, send func(subject string)) ([]finding, int) {
	t.Helper()
	book := &logBook{}
	var out strings.Builder
	env := &environ{ctx: t.Context(), stdin: strings.NewReader(""), stdout: &out, now: r.now, machine: r.machine,
		stderr: onLine{book, func(line string) {
			if subject, ok := strings.CutPrefix(strings.TrimSpace(line), "Subject: "); ok {
				send("Fwd: " + subject)
			}
		}}}
	code := env.run(append([]string{"--config", r.config, "check", "--json", "--listen"}, r.args...))
	return parseFindings(t, out.String()), code
}

// TestCheckDNS: what is said about the sending domain.
func TestCheckDNS(t *testing.T) {
	for _, c := range []struct {
		name, check, key string
		values           []string
		state, want      string
	}{
		{"no SPF", "spf", "TXT example.com", []string{"v=spf10 x"}, stateWarn, `"v=spf1 mx -all"`},
		{"two SPF", "spf", "TXT example.com", []string{"v=spf1 -all", "v=spf1 mx -all"}, stateWarn, "2 SPF records"},
		{"SPF for all", "spf", "TXT example.com", []string{"v=spf1 +all"}, stateWarn, "lets anybody send"},
		{"DMARC that is none", "dmarc", "TXT _dmarc.example.com", []string{"v=DMARC1; p=perhaps"}, stateWarn, "cannot be read"},
		{"no DMARC", "dmarc", "TXT _dmarc.example.com", nil, stateWarn, "no DMARC record"},
		{"no key", "dkim", "TXT default._domainkey.example.com", []string{"nothing"}, stateWarn, "switch DKIM signing on"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newCheckRig(t, mailtest.Options{})
			r.dns.set(c.key, c.values...)
			all, code := r.findings(t, "--no-mail")
			if f := one(t, all, c.check); code != exitOK || f.State != c.state || !strings.Contains(f.Found+" "+f.Mend, c.want) {
				t.Errorf("exit %d, %+v", code, f)
			}
		})
	}
}

// TestCheckSignature: the signature on the mail to itself is verified by the key that DNS holds.
func TestCheckSignature(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	key := "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
	for _, c := range []struct {
		name, domain, key string
		state, want       string
	}{
		{"fits", "example.com", key, stateOK, "signed by example.com, and the key fits"},
		{"by the organisation", "mail.example.com", key, stateOK, "signed by mail.example.com, and the key fits"},
		{"another key", "example.com", strings.Replace(key, "p=", "p=AAAA", 1), stateWarn, "does not hold"},
		{"by another domain", "provider.example", key, stateWarn, "signed, but not by example.com"},
	} {
		var raw bytes.Buffer
		if err := dkim.Sign(&raw, strings.NewReader("From: coach@example.com\r\nSubject: x\r\n\r\nhello\r\n"), &dkim.SignOptions{Domain: c.domain, Selector: "s1", Signer: private}); err != nil {
			t.Fatal(err)
		}
		m := quietMachine()
		m.dns = newDNS(t, map[string][]string{"TXT s1._domainkey." + c.domain: {c.key}}).resolver()
		u := &checkUp{env: &environ{ctx: t.Context(), machine: m}, arrived: &mailer.Arrived{Raw: raw.Bytes()}}
		if f := u.dkim(t.Context(), "example.com"); f.State != c.state || !strings.Contains(f.Found, c.want) {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

// TestCheckDMARCOfOrganisation: a subdomain is covered by the policy of the domain it belongs to.
func TestCheckDMARCOfOrganisation(t *testing.T) {
	r := newCheckRig(t, mailtest.Options{})
	u := &checkUp{env: &environ{ctx: t.Context(), machine: r.machine}}
	if f := u.dmarc(t.Context(), "coaching.example.com"); f.State != stateOK || f.Found != "example.com has a policy: reject" {
		t.Errorf("%+v", f)
	}
}

// TestCheckDNSSilent: a resolver that never answers is a warning, and bounded by the context.
func TestCheckDNSSilent(t *testing.T) {
	d := newDNS(t, nil)
	d.fallSilent()
	m := quietMachine()
	m.dns = d.resolver()
	u := &checkUp{env: &environ{ctx: t.Context(), machine: m}}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for _, look := range []func(context.Context, string) finding{u.spf, u.dkim, u.dmarc} {
		if f := look(ctx, "example.com"); f.State != stateWarn || !strings.HasPrefix(f.Found, "DNS does not answer") || f.Mend == "" {
			t.Errorf("%+v", f)
		}
	}
}

// TestCheckRoot: root is stopped before it makes a file that the service could not open.
func TestCheckRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	r := newCheckRig(t, mailtest.Options{})
	r.machine.root = true
	if err := os.Chown(r.config, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	all, code := r.findings(t)
	if f := one(t, all, "user"); code != exitFailure || len(all) != 1 || !strings.Contains(f.Mend, "sudo whyloopctl check") {
		t.Errorf("exit %d, %+v", code, all)
	}
	if _, err := os.Stat(filepath.Join(r.dir, "state")); !os.IsNotExist(err) {
		t.Errorf("it made the store's folder: %v", err)
	}
}

// door hands connections on from another loopback address, under which the certificate is not good.
func door(t *testing.T, to string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skip("no second loopback address here")
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go relay(c, to)
		}
	}()
	return l.Addr().String()
}
