package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// initRig is an empty folder on a machine of the test's own.
type initRig struct {
	machine machine
	config  string
}

func newInitRig(t *testing.T) *initRig {
	return &initRig{quietMachine(), filepath.Join(t.TempDir(), "whyloop.toml")}
}

// call runs init, with lines that are typed or piped in.
func (r *initRig) call(t *testing.T, typed string, args ...string) called {
	t.Helper()
	var out, errs bytes.Buffer
	in := bufio.NewReader(strings.NewReader(typed)) // both kinds of reading share it, as they share a terminal
	m := r.machine
	m.hidden = func() (string, error) { return in.ReadString('\n') }
	env := &environ{ctx: t.Context(), stdin: in, stdout: &out, stderr: &errs, now: time.Now, machine: m}
	code := env.run(append([]string{"--config", r.config, "init"}, args...))
	if strings.Contains(out.String()+errs.String(), "canary") {
		t.Errorf("it tells the secret: %s%s", out.String(), errs.String())
	}
	return called{code, out.String(), errs.String()}
}

// made reads what was written.
func (r *initRig) made(t *testing.T) Config {
	t.Helper()
	c, err := loadConfig(r.config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

// TestInitProviders: each provider's servers are written, by its name or by where the domain's mail goes.
func TestInitProviders(t *testing.T) {
	for _, c := range []struct {
		name, address, mx string
		args              []string
		imap, smtp, want  string
	}{
		{"google", "coach@example.com", "aspmx.l.google.com", nil, "imap.gmail.com:993 tls", "smtp.gmail.com:587 starttls", "authserv_id = \"mx.google.com\"\n"},
		{"gmail", "coach@gmail.com", "", nil, "imap.gmail.com:993 tls", "smtp.gmail.com:587 starttls", "processed = \"\"\n"},
		{"microsoft", "coach@example.com", "example-com.mail.protection.outlook.com", nil, "outlook.office365.com:993 tls", "smtp.office365.com:587 starttls", "profile = \"exchange-online\"\n"},
		{"fastmail", "coach@example.com", "in1-smtp.messagingengine.com", nil, "imap.fastmail.com:993 tls", "smtp.fastmail.com:465 tls", "junk = \"Spam\"\n"},
		{"icloud", "coach@example.com", "mx01.mail.icloud.com", nil, "imap.mail.me.com:993 tls", "smtp.mail.me.com:587 starttls", "junk = \"Junk\"\n"},
		{"zoho", "coach@example.com", "mx.zoho.com", nil, "imappro.zoho.com:993 tls", "smtppro.zoho.com:465 tls", "junk = \"Spam\"\n"},
		{"zoho in Europe", "coach@example.com", "mx2.zoho.eu", nil, "imappro.zoho.eu:993 tls", "smtppro.zoho.eu:465 tls", ""},
		{"google by tokens", "coach@example.com", "smtp.google.com", []string{"--sign-in", "oauth"}, "imap.gmail.com:993 tls", "smtp.gmail.com:587 starttls", "provider = \"google\"\n"},
		{"by name", "coach@example.com", "mx.filter.example", []string{"--provider", "google"}, "imap.gmail.com:993 tls", "smtp.gmail.com:587 starttls", "# For Google Workspace or Gmail.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newInitRig(t)
			_, domain, _ := strings.Cut(c.address, "@")
			if c.mx != "" {
				r.machine.dns = newDNS(t, map[string][]string{"MX " + domain: {c.mx}}).resolver()
			}
			args := append([]string{"--address", c.address, "--contact", "Ines <ines@example.org>", "--helpline", "Samaritans, 116 123", "--tenant", "example.com", "--client-id", "app", "--secret-stdin"}, c.args...)
			if got := r.call(t, "canary-secret\n", args...); got.code != exitOK || !strings.Contains(got.out, "check\n") || strings.Contains(got.out, "Still to be filled in") {
				t.Fatalf("%+v", got)
			}
			m := r.made(t)
			if at := m.IMAP.address() + " " + m.IMAP.TLS; at != c.imap {
				t.Errorf("IMAP %s", at)
			}
			if at := m.SMTP.address() + " " + m.SMTP.TLS; at != c.smtp {
				t.Errorf("SMTP %s", at)
			}
			text, err := os.ReadFile(r.config)
			if err != nil || !strings.Contains(string(text), c.want) {
				t.Errorf("no %q in it, %v", c.want, err)
			}
			secret := filepath.Join(filepath.Dir(r.config), "password")
			if m.OAuth.given() {
				secret = filepath.Join(filepath.Dir(r.config), "client-secret")
			}
			if (m.OAuth.flow() == flowClient && m.OAuth.Tenant == "example.com") != (c.name == "microsoft") {
				t.Errorf("%+v", m.OAuth)
			}
			if text, err := os.ReadFile(secret); err != nil || string(text) != "canary-secret\n" || mode(t, secret) != 0o600 || mode(t, r.config) != 0o600 {
				t.Errorf("secret: %v", err)
			}
		})
	}
}

// TestInitSRV: a domain's own records lead to its servers, TLS from the first byte before STARTTLS; a name outside the
// domain is told of; a service that is said not to exist is none.
func TestInitSRV(t *testing.T) {
	for _, c := range []struct {
		name       string
		records    map[string][]string
		imap, smtp string
		says       string
	}{
		{"both", map[string][]string{"SRV _imaps._tcp.example.com": {"imap.example.com:993"}, "SRV _submissions._tcp.example.com": {"smtp.example.com:465"}},
			"imap.example.com:993 tls", "smtp.example.com:465 tls", "names it in DNS (SRV)."},
		{"STARTTLS alone", map[string][]string{"SRV _imap._tcp.example.com": {"in.example.com:143"}, "SRV _submission._tcp.example.com": {"out.example.com:2587"}},
			"in.example.com:143 starttls", "out.example.com:2587 starttls", ""},
		{"TLS first", map[string][]string{"SRV _imap._tcp.example.com": {"a.example.com:143"}, "SRV _imaps._tcp.example.com": {"b.example.com:993"}}, "b.example.com:993 tls", "", ""},
		{"outside", map[string][]string{"SRV _imaps._tcp.example.com": {"imap.provider.example:993"}}, "imap.provider.example:993 tls", "", "outside example.com: make sure"},
		{"said to be none", map[string][]string{"SRV _imaps._tcp.example.com": {":0"}}, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newInitRig(t)
			r.machine.dns = newDNS(t, c.records).resolver()
			got := r.call(t, "", "--address", "coach@example.com")
			if got.code != exitOK || !strings.Contains(got.out, c.says) {
				t.Fatalf("%+v", got)
			}
			for want, what := range map[string]string{c.imap: "IMAP", c.smtp: "SMTP"} {
				want = strings.Replace(want, " ", ", ", 1)
				if listed := strings.Contains(got.out, "  "+what+"  "); want != "" && !strings.Contains(got.out, what+"  "+want) || want == "" && listed {
					t.Errorf("%s: want %q in\n%s", what, want, got.out)
				}
			}
		})
	}
}

// TestInitKnocks: without records the usual names are tried, all at once; one with a good greeting is better than one whose
// certificate is another's.
func TestInitKnocks(t *testing.T) {
	s, err := mailtest.New(mailtest.Options{TLS: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, c := range []struct {
		name       string
		at         map[string]string // knocked at -> answers
		imap, smtp string
	}{
		{"STARTTLS", map[string]string{"mail.example.com:143": s.IMAPAddr, "mail.example.com:587": s.SMTPAddr}, "mail.example.com:143, starttls", "mail.example.com:587, starttls"},
		{"the first of two", map[string]string{"imap.example.com:143": s.IMAPAddr, "mail.example.com:143": s.IMAPAddr}, "imap.example.com:143, starttls", ""},
		{"another's certificate", map[string]string{"imap.example.com:993": s.IMAPSAddr, "example.com:465": s.SMTPSAddr}, "imap.example.com:993, tls", "example.com:465, tls"},
		{"a good greeting", map[string]string{"imap.example.com:993": s.IMAPSAddr, "mail.example.com:143": s.IMAPAddr}, "mail.example.com:143, starttls", ""},
		{"another service", map[string]string{"imap.example.com:143": s.SMTPAddr, "smtp.example.com:587": s.IMAPAddr}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newInitRig(t)
			r.machine.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				to, ok := c.at[address]
				if !ok {
					return nil, errors.New("nobody listens")
				}
				return new(net.Dialer).DialContext(ctx, network, to)
			}
			got := r.call(t, "", "--address", "coach@example.com")
			for _, want := range []string{"IMAP  " + c.imap, "SMTP  " + c.smtp} {
				if found := strings.Contains(got.out, want); found != !strings.HasSuffix(want, "  ") {
					t.Errorf("%q in it: %v\n%s", want, found, got.out)
				}
			}
		})
	}
}

// TestInitBounded: DNS that is silent and servers that accept and say nothing cost seconds, not the evening.
func TestInitBounded(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts by the kernel's hand, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m := quietMachine()
	d := newDNS(t, nil)
	d.fallSilent()
	m.dns = d.resolver()
	m.dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, l.Addr().String())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if f := m.find(ctx, "example.com"); f.name != presetOther || f.imap.Server != "" {
		t.Errorf("%+v", f)
	}
	if most := 2*lookupWithin + knockWithin; most > 15*time.Second {
		t.Errorf("%s in the worst case", most)
	}
}

// TestInitAsks: a person at a terminal is asked little, wrong answers again, and the password is not shown.
func TestInitAsks(t *testing.T) {
	r := newInitRig(t)
	r.machine.terminal = true
	r.machine.dns = newDNS(t, map[string][]string{"SRV _imaps._tcp.example.com": {"imap.example.com:993"}}).resolver()
	typed := []string{"coach", "coach@example.com", "", "smtp.example.com:465", "canary-password", "Ines", "Ines <ines@example.com>", "Samaritans, 116 123"}
	got := r.call(t, strings.Join(typed, "\n")+"\n")
	if got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	for _, want := range []string{"want a bare address", "IMAP server [imap.example.com:993]: ", "SMTP server: ", "It is not shown", "want a name and an address", "Wrote " + r.config + " and "} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in\n%s", want, got.out)
		}
	}
	m := r.made(t)
	if m.IMAP.address() != "imap.example.com:993" || m.SMTP.address() != "smtp.example.com:465" || m.SMTP.TLS != tlsDirect || m.Contact.Name != "Ines" || m.Care.Helpline != "Samaritans, 116 123" {
		t.Errorf("%+v", m)
	}
	if got := r.call(t, ""); got.code != exitFailure || !strings.Contains(got.errors, "is there already") {
		t.Errorf("a second time: %+v", got)
	}
}

// TestInitPartly: what nobody answered is left empty and listed; nothing is made up.
func TestInitPartly(t *testing.T) {
	r := newInitRig(t)
	got := r.call(t, "", "--address", "coach@example.com", "--provider", "microsoft")
	for _, want := range []string{"Still to be filled in:", "oauth.tenant", "oauth.client_id", "contact.name", "contact.address", "care.helpline", "client-secret), type it", "login\n", "check\n"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in\n%s", want, got.out)
		}
	}
	_, err := loadConfig(r.config)
	if err == nil || !strings.Contains(err.Error(), `contact.name is empty; write for example "Ines"`) || strings.Contains(err.Error(), "smtp") {
		t.Errorf("%v", err)
	}
}

// TestInitOwnProvider: tokens of a provider that init does not know want its addresses too.
func TestInitOwnProvider(t *testing.T) {
	r := newInitRig(t)
	got := r.call(t, "", "--address", "coach@example.com", "--offline", "--sign-in", "oauth", "--client-id", "app")
	for _, want := range []string{"oauth.auth_url", "oauth.token_url", "imap.server", "smtp.server"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in\n%s", want, got.out)
		}
	}
	if strings.Contains(got.out, "oauth.tenant") || strings.Contains(got.out, "oauth.client_id") {
		t.Error(got.out)
	}
}

// TestInitRefuses: what does not fit is refused before anything is written.
func TestInitRefuses(t *testing.T) {
	for _, c := range []struct {
		want string
		args []string
		code int
	}{
		{"name it with --address", []string{"--name", "Coach"}, exitUsage},
		{"want a bare address", []string{"--address", "coach"}, exitUsage},
		{"want a port from 1 to 65535", []string{"--address", "coach@example.com", "--imap", "a.example:x"}, exitUsage},
		{"want one of tls, starttls, none", []string{"--address", "coach@example.com", "--imap", "a.example:993/ssl"}, exitUsage},
		{"want a name and an address", []string{"--address", "coach@example.com", "--contact", "ines@example.com"}, exitUsage},
		{"want a directory's ID", []string{"--address", "coach@example.com", "--provider", "microsoft", "--tenant", "a/b"}, exitUsage},
		{"must be one of", []string{"--provider", "aol"}, exitUsage},
		{"holds no secret", []string{"--address", "coach@example.com", "--secret-stdin"}, exitFailure},
	} {
		r := newInitRig(t)
		got := r.call(t, "", c.args...)
		if got.code != c.code || !strings.Contains(got.errors, c.want) {
			t.Errorf("%q: %+v, want %q", c.args, got, c.want)
		}
		if left, err := os.ReadDir(filepath.Dir(r.config)); err != nil || len(left) > 0 {
			t.Errorf("%q left %v, %v", c.args, left, err)
		}
	}
}

// TestInitKeeps: neither a configuration nor a password that is there is overwritten, and no half is left.
func TestInitKeeps(t *testing.T) {
	r := newInitRig(t)
	password := filepath.Join(filepath.Dir(r.config), "password")
	if err := os.WriteFile(password, []byte("mine\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"--address", "coach@example.com", "--offline", "--secret-stdin"}
	if got := r.call(t, "canary\n", args...); got.code != exitFailure || !strings.Contains(got.errors, "password is there already") {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat(r.config); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a configuration was written: %v", err)
	}
	if text, err := os.ReadFile(password); err != nil || string(text) != "mine\n" {
		t.Errorf("%q, %v", text, err)
	}
}

// TestInitOverPackage: the package's configuration is filled in while nobody has touched it, and keeps its store.
func TestInitOverPackage(t *testing.T) {
	for _, touched := range []bool{false, true} {
		r := newInitRig(t)
		text := call(t, "", "docs", "config", "/var/lib/whyloop").out
		if touched {
			text = strings.Replace(text, "#name = \"Whyloop\"", "name = \"Coach\"", 1)
		}
		if err := os.WriteFile(r.config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got := r.call(t, "", "--address", "coach@example.org", "--offline")
		if touched {
			if got.code != exitFailure || !strings.Contains(got.errors, "is there already") {
				t.Errorf("touched: %+v", got)
			}
			continue
		}
		now, err := os.ReadFile(r.config)
		if got.code != exitOK || err != nil || mode(t, r.config) != 0o600 {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, want := range []string{`address = "coach@example.org"`, `path = "/var/lib/whyloop/whyloop.db"`, `key_file = "/var/lib/whyloop/whyloop.key"`} {
			if !strings.Contains(string(now), "\n"+want+"\n") {
				t.Errorf("no %s", want)
			}
		}
	}
}

// TestPresetsInDocs: the pages for people name the servers that init writes.
func TestPresetsInDocs(t *testing.T) {
	var text strings.Builder
	for _, p := range pages(t) {
		if strings.Contains(p.path, "providers") {
			text.WriteString(p.text)
		}
	}
	for _, p := range presets() {
		for _, host := range []string{p.imap.Server, p.smtp.Server} {
			if !strings.Contains(text.String(), host) {
				t.Errorf("docs/providers do not name %s of %s", host, p.title)
			}
		}
	}
	var enum string
	for _, n := range definition(t).Node.Children {
		for _, f := range n.Flags {
			if n.Name == "init" && f.Name == "provider" {
				enum = f.Enum
			}
		}
	}
	names := []string{presetAuto}
	for _, p := range presets() {
		names = append(names, p.name)
	}
	if !slices.Equal(names, strings.Split(enum, ",")) {
		t.Errorf("init takes %s, known are %q", enum, names)
	}
}
