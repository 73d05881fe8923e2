package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// tokenStage is a stage whose coach signs in with tokens of a provider of the test's own.
func tokenStage(t *testing.T, c cast, p *tokenServer, servers provider, flow, config string) (*stage, *logBook) {
	t.Helper()
	book := &logBook{}
	log := slog.New(slog.NewTextHandler(book, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o := staging{dir: t.TempDir(), out: io.Discard, log: log, script: canaryScript(), config: config + p.config(flow)}
	s, err := emptyStage(c, o)
	if err != nil {
		t.Fatal(err)
	}
	s.servers = servers
	if err := s.writeConfig(o); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(o.dir, "client-secret"), []byte("canary-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if flow == flowCode {
		loginWith(t, s.config)
	}
	if err := s.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
		if i := strings.Index(book.String(), "canary"); i >= 0 {
			t.Error("a token or an answer is in the log")
		}
		if t.Failed() {
			t.Log(book.String())
		}
	})
	if _, err := s.daemon.coach.Enrol(t.Context(), s.cast.enrolled()); err != nil {
		t.Fatal(err)
	}
	return s, book
}

// loginWith is "whyloop login" with a person who agrees.
func loginWith(t *testing.T, config string) {
	t.Helper()
	run := beginLogin(t, config)
	back, err := visitPage(t.Context(), run.address)
	if err != nil {
		t.Fatal(err)
	}
	fetchPage(t, back)
	if got := run.end(t); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
}

// tokenServersConfig is serversConfig without a password.
const tokenServersConfig = `[imap]
server = "127.0.0.1"
port = %s
tls = "none"
[smtp]
server = "127.0.0.1"
port = %s
tls = "none"
per_minute = 10000
[trust]
authserv_id = "mx.northwind.example"
check_dkim = false
`

func tokenMail(t *testing.T, c cast, p *tokenServer, mechanism string) (*mailtest.Servers, string) {
	t.Helper()
	servers, err := mailtest.New(mailtest.Options{Domain: "northwind.example", AuthServID: "mx.northwind.example",
		Mechanisms: []string{"PLAIN", mechanism}, Token: p.good})
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{c.coach, c.rep.mail, c.manager.mail, c.contact.mail} {
		servers.AddUser(address, demoPassword)
	}
	_, imapPort, _ := strings.Cut(servers.IMAPAddr, ":")
	_, smtpPort, _ := strings.Cut(servers.SMTPAddr, ":")
	return servers, fmt.Sprintf(tokenServersConfig, imapPort, smtpPort) + demoPolicy
}

// TestDaemonWithTokens is the whole job with tokens that live for two seconds: from the login to the
// manager's summary, with restarts, by either flow and mechanism.
func TestDaemonWithTokens(t *testing.T) {
	for flow, mechanism := range map[string]string{flowClient: "OAUTHBEARER", flowCode: "XOAUTH2"} {
		t.Run(flow, func(t *testing.T) {
			t.Parallel() // it waits for tokens to end
			c := demoCast()
			p := newTokenServer(t, c.coach)
			p.life = 2 * time.Second
			servers, config := tokenMail(t, c, p, mechanism)
			s, _ := tokenStage(t, c, p, inProcess{servers}, flow, config)
			for _, moment := range []string{"2026-11-23 08:58", "2026-11-23 12:00", "2026-11-26 15:30"} {
				s.playUntil(t, moment)
				time.Sleep(p.life) // each restart finds a token that has ended
				if err := s.restart(); err != nil {
					t.Fatal(err)
				}
			}
			s.playUntil(t, "2026-12-04 18:00")
			if len(s.script) > 0 {
				t.Fatalf("the rep was never asked %q", s.script[0].asked)
			}
			s.checkManager(t)
			if got := call(t, "", "--config", s.config, "check"); got.code != exitOK || !strings.Contains(got.out, "ok    oauth") || strings.Contains(got.out, "canary") {
				t.Errorf("check: %+v", got)
			}
		})
	}
}

// awaitReady waits until what keeps the daemon from its work is told in these words; "" for nothing.
func awaitReady(t *testing.T, s *stage, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		err := s.daemon.ready(ctx)
		if want == "" && err == nil || want != "" && err != nil && strings.Contains(err.Error(), want) {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("ready says %v, want %q", err, want)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// TestDaemonTokenTroubles: a provider that fails is told of while the old token still opens the mailbox;
// a revocation is told with its mend; a login heals it.
func TestDaemonTokenTroubles(t *testing.T) {
	c := demoCast()
	p := newTokenServer(t, c.coach)
	servers, config := tokenMail(t, c, p, "XOAUTH2")
	s, book := tokenStage(t, c, p, inProcess{servers}, flowCode, config)
	s.playUntil(t, "2026-11-23 08:58")
	awaitReady(t, s, "")
	p.revoke()
	if err := s.daemon.config.tokens.renew(t.Context(), true); err != nil {
		t.Fatalf("a fresh token in the file is as good: %v", err)
	}
	ageToken(t, s.daemon.config.tokens)
	_ = s.daemon.config.tokens.renew(t.Context(), true)
	awaitReady(t, s, "oauth: token-login")
	if text := book.String(); !strings.Contains(text, "mend it with: whyloop login") || !strings.Contains(text, "old_one_lives") {
		t.Error("the log does not name the mend")
	}
	loginWith(t, s.config)
	awaitReady(t, s, "")
	if err := s.restart(); err != nil {
		t.Fatal(err)
	}
	s.playUntil(t, "2026-12-04 18:00")
	if len(s.script) > 0 {
		t.Fatalf("the rep was never asked %q", s.script[0].asked)
	}
}

// ageToken makes the kept token one that ends in five minutes.
func ageToken(t *testing.T, s *tokens) {
	t.Helper()
	old, err := readToken(s.c.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	old.Obtained, old.Expires = old.Obtained.Add(-55*time.Minute), old.Expires.Add(-55*time.Minute)
	room, err := newSlot(s.c.TokenFile)
	if err == nil {
		err = room.keep(old)
	}
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.have = old
	s.mu.Unlock()
}

// realTokenConfig is realConfig without a password.
const realTokenConfig = `[imap]
server = "localhost"
port = 11993
tls = "tls"
ca_file = %q
[smtp]
server = "localhost"
port = 11587
tls = "starttls"
ca_file = %q
per_minute = 10000
[policy]
think_time = "0s"
[trust]
check_dkim = false
`

// TestRealServersWithTokens is the whole job against Dovecot, which asks our provider about each token
// (RFC 7662), and Postfix, which asks Dovecot; then everything is revoked.
func TestRealServersWithTokens(t *testing.T) {
	dir := os.Getenv("WHYLOOP_REAL_SERVERS")
	if dir == "" {
		t.Skip("needs Dovecot and Postfix: .ci/real-servers starts them and sets WHYLOOP_REAL_SERVERS")
	}
	name := strings.ToLower(rand.Text()[:8])
	at := func(who string) string { return who + "-" + name + "@demo.test" }
	c := cast{coach: at("coach"), rep: person{"Sam", at("sam")}, manager: person{"Dana", at("dana")}, contact: person{"Ines", at("ines")}, zone: "Europe/London"}
	p := newTokenServerAt(t, c.coach, "127.0.0.1:11800") // as .ci/servers/up-dovecot.sh has it
	p.life = 4 * time.Second
	ca := filepath.Join(dir, "cert.pem")
	s, _ := tokenStage(t, c, p, realServers{}, flowCode, fmt.Sprintf(realTokenConfig, ca, ca))
	s.playUntil(t, "2026-11-23 08:58")
	time.Sleep(p.life)
	if err := s.restart(); err != nil {
		t.Fatal(err)
	}
	s.playUntil(t, "2026-12-04 18:00")
	if len(s.script) > 0 {
		t.Fatalf("the rep was never asked %q; they got %q", s.script[0].asked, heads(s.letters(t, s.cast.rep)))
	}
	s.checkManager(t)
	if got := call(t, "", "--config", s.config, "check"); got.code != exitOK {
		t.Errorf("check: %+v", got)
	}
	checkFailing(t, s, p)
	p.revoke()
	awaitReady(t, s, "oauth: token-login")
	got := call(t, "", "--config", s.config, "check")
	if got.code != exitFailure || strings.Count(got.out, "mend it with: whyloop login") == 0 || strings.Contains(got.out+got.errors, "canary") {
		t.Errorf("check after a revocation: %+v", got)
	}
	p.mu.Lock()
	p.life = time.Hour // Dovecot lets nobody in for some seconds after a refusal
	p.mu.Unlock()
	loginWith(t, s.config)
	awaitReady(t, s, "")
	if got := call(t, "", "--config", s.config, "check"); got.code != exitOK {
		t.Errorf("check after a login: %+v", got)
	}
}

// checkFailing has a provider that gives no tokens for a while: the admin hears of it while the old one still opens the
// mailbox, and of Dovecot not being able to ask about a token as of a server that may be back.
func checkFailing(t *testing.T, s *stage, p *tokenServer) {
	t.Helper()
	p.mu.Lock()
	p.life = time.Hour
	p.mu.Unlock()
	loginWith(t, s.config)
	tokens := s.daemon.config.tokens
	ageToken(t, tokens) // it lives five minutes yet
	p.setFault(func(_ int, w http.ResponseWriter) bool { w.WriteHeader(http.StatusServiceUnavailable); return true })
	for range patience {
		_ = tokens.renew(t.Context(), true) // it fails, which is told to the alarm
	}
	awaitReady(t, s, "oauth: token-unreachable")
	if got := call(t, "", "--config", s.config, "check"); got.code != exitOK {
		t.Errorf("the old token opens the mailbox all the same: %+v", got)
	}
	p.silence(true)
	if got := call(t, "", "--config", s.config, "check"); got.code != exitFailure || !strings.Contains(got.out, "fail  imap") || strings.Contains(got.out+got.errors, "canary") {
		t.Errorf("check while Dovecot cannot ask: %+v", got)
	}
	p.silence(false)
	p.setFault(nil)
	if err := tokens.renew(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	awaitReady(t, s, "")
	p.mu.Lock()
	p.life = 4 * time.Second
	p.mu.Unlock()
	ageToken(t, tokens)
	if err := tokens.renew(t.Context(), true); err != nil {
		t.Fatal(err)
	}
}
