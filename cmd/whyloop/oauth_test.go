package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"whyloop/mailer"
)

// tokenRig is a token source against a provider of the test's own, with a clock that it moves.
type tokenRig struct {
	p      *tokenServer
	t      *tokens
	clock  *clock
	book   *logBook
	alarms []string
}

func newTokenRig(t *testing.T, flow string) *tokenRig {
	t.Helper()
	r := &tokenRig{p: newTokenServer(t, "coach@demo.test"), clock: newClock(time.Now().UTC()), book: &logBook{}}
	r.p.now = r.clock.Now
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "client-secret"), []byte("canary-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := Config{Mailbox: mailboxConfig{Address: "coach@demo.test"}, OAuth: oauthConfig{Provider: providerCustom, Flow: flow, ClientID: "app",
		Secret: Secret{File: filepath.Join(dir, "client-secret")}, AuthURL: r.p.URL + "/authorize", TokenURL: r.p.URL + "/token",
		TokenFile: filepath.Join(dir, "whyloop.token"), Servers: []string{"imap", "smtp"}}}
	r.t = r.process(c)
	if flow == flowCode {
		r.login(t)
	}
	t.Cleanup(func() { r.checkLeaks(t) })
	return r
}

// process is a whyloop of its own on the same token file.
func (r *tokenRig) process(c Config) *tokens {
	s := newTokens(c, r.clock.Now)
	s.listen(slog.New(slog.NewTextHandler(r.book, nil)), func(a mailer.Alarm) { r.alarms = append(r.alarms, a.What) })
	return s
}

// login puts a first token in place, as "whyloop login" would.
func (r *tokenRig) login(t *testing.T) {
	t.Helper()
	r.p.mu.Lock()
	r.p.n++
	r.p.refresh = fmt.Sprintf("canary-refresh-%d", r.p.n)
	first := bearer{Access: fmt.Sprintf("canary-access-%d", r.p.n), Refresh: r.p.refresh, ClientID: "app", Obtained: r.clock.Now(), Expires: r.clock.Now().Add(r.p.life)}
	r.p.access[first.Access] = first.Expires
	r.p.mu.Unlock()
	room, err := newSlot(r.t.c.TokenFile)
	if err == nil {
		err = room.keep(first)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// token asks as a mail connection would, and reports whether it would be let in.
func (r *tokenRig) token(t *testing.T) (in bool, err error) {
	t.Helper()
	got, err := r.t.Token(t.Context())
	if err != nil && strings.Contains(err.Error(), "canary") {
		t.Errorf("the error tells secrets: %v", err)
	}
	return err == nil && r.p.good("coach@demo.test", got), err
}

func (r *tokenRig) must(t *testing.T) {
	t.Helper()
	if in, err := r.token(t); !in || err != nil {
		t.Fatalf("let in %v, %v; log:\n%s", in, err, r.book)
	}
}

// checkLeaks: no token, code or secret in the log, in what is printed, or in a file that others can read.
func (r *tokenRig) checkLeaks(t *testing.T) {
	t.Helper()
	if text := r.book.String() + fmt.Sprintf("%v %+v %#v %v %#v", r.t.have, r.t.have, r.t.have, r.t.c.Secret, r.t.c); strings.Contains(text, "canary") {
		t.Errorf("secrets in the log:\n%s", text)
	}
	dir := filepath.Dir(r.t.c.TokenFile)
	files, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Mode().Perm() != 0o600 || strings.Contains(f.Name(), ".new-") {
			t.Errorf("%s: %v, %v", f.Name(), info.Mode(), err)
		}
	}
}

// kept is what stands in the token file.
func (r *tokenRig) kept(t *testing.T) bearer {
	t.Helper()
	b, err := readToken(r.t.c.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestTokensRenewedAhead: asked again ten minutes before the end, never earlier; rotated tokens are on
// the disk each time.
func TestTokensRenewedAhead(t *testing.T) {
	for _, flow := range []string{flowClient, flowCode} {
		t.Run(flow, func(t *testing.T) {
			r := newTokenRig(t, flow)
			r.must(t)
			first := r.p.questions()
			r.clock.Set(r.clock.Now().Add(49 * time.Minute))
			r.must(t)
			if n := r.p.questions(); n != first {
				t.Errorf("%d questions while the token is fresh", n-first)
			}
			for range 5 {
				r.clock.Set(r.clock.Now().Add(51 * time.Minute))
				before := r.p.questions()
				r.must(t)
				if n := r.p.questions(); n != before+1 {
					t.Errorf("%d questions at a renewal", n-before)
				}
				if flow == flowCode && r.kept(t).Refresh != r.p.refresh {
					t.Error("the file holds another refresh token than the provider gave")
				}
			}
		})
	}
}

// TestTokensFaults is the table of docs/oauth2.md: a fault at each question of a renewal ten minutes before the
// end, and what becomes of it while the old token lives and after its end.
func TestTokensFaults(t *testing.T) {
	status := func(code int, header ...string) func(int, http.ResponseWriter) bool {
		return func(_ int, w http.ResponseWriter) bool {
			if len(header) > 0 {
				w.Header().Set(header[0], header[1])
			}
			w.WriteHeader(code)
			_, _ = w.Write([]byte("canary-body"))
			return true
		}
	}
	body := func(text string) func(int, http.ResponseWriter) bool {
		return func(_ int, w http.ResponseWriter) bool {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(text))
			return true
		}
	}
	said := func(code int, word, description string) func(int, http.ResponseWriter) bool {
		return func(_ int, w http.ResponseWriter) bool { refuse(w, code, word, description); return true }
	}
	for _, c := range []struct {
		name   string
		fault  func(int, http.ResponseWriter) bool
		alarm  string // at once for what wants a person, at the third failure for what may pass
		atOnce bool
		signIn bool // an admin is told of a refused sign-in
		says   string
	}{
		{"HTTP 500", status(500), "token-unreachable", false, false, "gives no token now (HTTP 500)"},
		{"HTTP 429", status(429, "Retry-After", "30"), "token-unreachable", false, false, "gives no token now (HTTP 429)"},
		{"HTTP 503", status(503), "token-unreachable", false, false, "(HTTP 503)"},
		{"temporarily_unavailable", said(400, "temporarily_unavailable", ""), "token-unreachable", false, false, "(HTTP 400)"},
		{"redirected", status(307, "Location", "http://127.0.0.1:1/canary"), "token-garbage", false, false, "no token (HTTP 307)"},
		{"no such page", status(404), "token-garbage", false, false, "no token (HTTP 404)"},
		{"no JSON", body("<html>canary</html>"), "token-garbage", false, false, "is no token"},
		{"no token in it", body(`{"token_type":"canary"}`), "token-garbage", false, false, "is no token"},
		{"odd characters", body(`{"access_token":"canary\u0001auth=x","expires_in":3600}`), "token-garbage", false, false, "is no token"},
		{"ended already", body(`{"access_token":"canary","expires_in":-1}`), "token-garbage", false, false, "is no token"},
		{"endless", body(`{"access_token":"` + strings.Repeat("canary", 400_000)), "token-garbage", false, false, "is no token"},
		{"silent", func(int, http.ResponseWriter) bool { time.Sleep(300 * time.Millisecond); return true }, "token-unreachable", false, false, "cannot be reached"},
		{"hangs up", func(int, http.ResponseWriter) bool { panic(http.ErrAbortHandler) }, "token-unreachable", false, false, "cannot be reached"},
		{"revoked", said(400, "invalid_grant", "AADSTS50173 canary"), "token-login", true, true, "(invalid_grant AADSTS50173); mend it with: whyloop login"},
		{"secret expired", said(401, "invalid_client", "AADSTS7000222 canary"), "token-client", true, true, "its secret has expired"},
		{"rights taken", said(400, "unauthorized_client", "canary"), "token-client", true, true, "(unauthorized_client)"},
		{"odd words", said(400, "canary <script>", "canary"), "token-garbage", false, false, "is no token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newTokenRig(t, flowCode)
			r.t.grant.within = 100 * time.Millisecond
			r.must(t)
			r.clock.Set(r.clock.Now().Add(50*time.Minute + time.Second))
			r.p.setFault(c.fault)
			r.must(t) // the old one lives
			if told := len(r.alarms) == 1; told != c.atOnce {
				t.Errorf("alarms after the first failure: %q", r.alarms)
			}
			for range 3 {
				r.clock.Set(r.clock.Now().Add(2 * time.Minute))
				r.must(t)
			}
			if !slices.Equal(r.alarms, []string{c.alarm}) {
				t.Errorf("alarms while the old token lives: %q, want %q", r.alarms, c.alarm)
			}
			r.clock.Set(r.clock.Now().Add(5 * time.Minute))
			_, err := r.token(t)
			if err == nil || errors.Is(err, mailer.ErrSignIn) != c.signIn || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("after its end: %v, want %q in one line", err, c.says)
			}
			r.p.setFault(nil) // it passes, or was mended
			r.clock.Set(r.clock.Now().Add(10 * time.Minute))
			r.must(t)
			if !slices.Equal(r.alarms, []string{c.alarm, ""}) {
				t.Errorf("alarms at the end: %q", r.alarms)
			}
		})
	}
}
