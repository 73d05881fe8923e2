package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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

// TestTokensBackOff: a provider that fails is asked ever more rarely, and not by each who waits.
func TestTokensBackOff(t *testing.T) {
	r := newTokenRig(t, flowClient)
	r.p.setFault(func(_ int, w http.ResponseWriter) bool { w.WriteHeader(500); return true })
	var at []time.Duration
	start := r.clock.Now()
	for r.clock.Now().Before(start.Add(15 * time.Minute)) {
		before := r.p.questions()
		_, _ = r.token(t)
		if r.p.questions() > before {
			at = append(at, r.clock.Now().Sub(start))
		}
		r.clock.Set(r.clock.Now().Add(5 * time.Second))
	}
	if got := fmt.Sprint(at); got != "[0s 10s 30s 1m10s 2m10s 4m10s 9m10s 14m10s]" {
		t.Errorf("asked at %s", got)
	}
}

// TestTokensSingleFlight: however many wait, one question; and a caller who leaves loses nothing.
func TestTokensSingleFlight(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.clock.Set(r.clock.Now().Add(2 * time.Hour))
	inside, release := make(chan struct{}), make(chan struct{})
	r.p.setFault(func(int, http.ResponseWriter) bool { close(inside); <-release; return false })
	leaving, leave := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() { _, err := r.t.Token(leaving); gone <- err }()
	<-inside
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := r.t.Token(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(release)
	all.Wait()
	if n := r.p.questions(); n != 1 || r.kept(t).Refresh != r.p.refresh {
		t.Errorf("%d questions; the rotated token was kept: %v", n, r.kept(t).Refresh == r.p.refresh)
	}
}

// TestTokensTwoProcesses: a command beside the daemon renews; neither shows a refresh token twice.
func TestTokensTwoProcesses(t *testing.T) {
	r := newTokenRig(t, flowCode)
	other := r.process(Config{Mailbox: mailboxConfig{Address: "coach@demo.test"}, OAuth: r.t.c})
	for range 4 {
		r.clock.Set(r.clock.Now().Add(55 * time.Minute))
		before := r.p.questions()
		var all sync.WaitGroup
		for _, s := range []*tokens{r.t, other, r.t, other} {
			all.Go(func() {
				if got, err := s.Token(t.Context()); err != nil || !r.p.good("coach@demo.test", got) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := r.p.questions() - before; n != 1 {
			t.Errorf("%d questions", n)
		}
	}
}

// TestTokensLoginHeals: after a revocation a login by another process is taken up without a restart.
func TestTokensLoginHeals(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.must(t)
	r.p.revoke()
	r.clock.Set(r.clock.Now().Add(time.Hour))
	if _, err := r.token(t); !errors.Is(err, mailer.ErrSignIn) {
		t.Fatal(err)
	}
	r.clock.Set(r.clock.Now().Add(time.Second)) // far within the pause
	r.login(t)
	r.must(t)
	if !slices.Equal(r.alarms, []string{"token-login", ""}) {
		t.Errorf("alarms %q", r.alarms)
	}
	if err := os.Remove(r.t.c.TokenFile); err != nil {
		t.Fatal(err)
	}
	fresh := r.process(Config{OAuth: r.t.c})
	if _, err := fresh.Token(t.Context()); !errors.Is(err, mailer.ErrSignIn) || !strings.Contains(err.Error(), "nobody has signed in yet") || !strings.Contains(err.Error(), "whyloop login") {
		t.Errorf("no file: %v", err)
	}
}

// TestTokensRefused: an access token that was taken back early is replaced; one that is refused from the
// start is not asked for again and again.
func TestTokensRefused(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.must(t)
	r.clock.Set(r.clock.Now().Add(5 * time.Minute))
	r.p.revokeAccess()
	old, err := r.t.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.t.Refused(old)
	r.must(t)
	before := r.p.questions()
	for range 5 {
		again, err := r.t.Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.t.Refused(again)
	}
	if n := r.p.questions() - before; n != 0 {
		t.Errorf("%d questions for a token that is new", n)
	}
}

// TestTokensDisk: where the token cannot be kept the provider is not asked at all, and what it had given
// already is not used before it is kept.
func TestTokensDisk(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.must(t)
	file := r.t.c.TokenFile
	r.clock.Set(r.clock.Now().Add(51 * time.Minute))
	r.p.setFault(func(int, http.ResponseWriter) bool { // the folder goes while the provider answers
		if err := os.Rename(filepath.Dir(file), filepath.Dir(file)+".away"); err != nil {
			t.Error(err)
		}
		return false
	})
	r.must(t) // the new access token is good
	asked := r.p.questions()
	r.p.setFault(nil)
	for range 4 {
		r.clock.Set(r.clock.Now().Add(15 * time.Minute))
		if in, _ := r.token(t); in != r.t.have.alive(r.clock.Now()) {
			t.Error("a token was withheld while it lives, or given after its end")
		}
	}
	if n := r.p.questions(); n != asked {
		t.Errorf("%d questions with a refresh token that is not on the disk", n-asked)
	}
	if !slices.Equal(r.alarms, []string{"token-file"}) {
		t.Errorf("alarms %q", r.alarms)
	}
	if err := os.Rename(filepath.Dir(file)+".away", filepath.Dir(file)); err != nil {
		t.Fatal(err)
	}
	r.clock.Set(r.clock.Now().Add(15 * time.Minute))
	r.must(t)
	leftovers, _ := filepath.Glob(file + ".new-*")
	for _, name := range leftovers { // of the moment when the folder was gone
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if r.kept(t).Refresh != r.p.refresh {
		t.Error("the file does not hold the provider's last refresh token")
	}
}

// TestTokensFile: a token file that cannot be used is named, never shown, and left as it is.
func TestTokensFile(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(path string) error
		says  string
		alarm string
	}{
		"damaged":     {func(path string) error { return os.WriteFile(path, []byte(`{"refresh_token": "canary`), 0o600) }, "is damaged", "token-file"},
		"empty":       {func(path string) error { return os.WriteFile(path, nil, 0o600) }, "is damaged", "token-file"},
		"open to all": {func(path string) error { return os.Chmod(path, 0o644) }, "chmod 600", "token-file"},
		"another app's": {func(path string) error {
			return os.WriteFile(path, []byte(`{"refresh_token": "canary", "client_id": "other", "obtained": "2020-01-01T00:00:00Z", "expires": "2020-01-01T01:00:00Z"}`), 0o600)
		}, "another client_id", "token-login"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTokenRig(t, flowCode)
			if err := c.do(r.t.c.TokenFile); err != nil {
				t.Fatal(err)
			}
			if _, err := r.token(t); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			if !slices.Equal(r.alarms, []string{c.alarm}) || r.p.questions() != 0 {
				t.Errorf("alarms %q, %d questions", r.alarms, r.p.questions())
			}
			if err := os.Chmod(r.t.c.TokenFile, 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestTokensFull: where there is no room for the next token, the provider is not asked for it.
func TestTokensFull(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.must(t)
	r.clock.Set(r.clock.Now().Add(51 * time.Minute))
	before, file := r.p.questions(), r.t.c.TokenFile
	if err := os.Rename(filepath.Dir(file), filepath.Dir(file)+".away"); err != nil {
		t.Fatal(err)
	}
	r.must(t)
	if err := os.Rename(filepath.Dir(file)+".away", filepath.Dir(file)); err != nil {
		t.Fatal(err)
	}
	if n := r.p.questions() - before; n != 0 {
		t.Errorf("%d questions", n)
	}
	r.clock.Set(r.clock.Now().Add(time.Minute))
	r.must(t)
	if n := r.p.questions() - before; n != 1 {
		t.Errorf("%d questions once there is room", n)
	}
}

// TestTokensWatch: the daemon's own watch renews although nobody signs in, and warns of the secret's end once a day.
func TestTokensWatch(t *testing.T) {
	r := newTokenRig(t, flowClient)
	r.t.c.SecretExpires = r.clock.Now().AddDate(0, 0, 20).Format(time.DateOnly)
	r.p.life = 2 * time.Second // renewed after one and a half
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	r.t.now, r.t.grant.now, r.p.now = time.Now, time.Now, time.Now
	done := make(chan struct{})
	go func() { defer close(done); r.t.run(ctx) }()
	for r.p.questions() < 3 && ctx.Err() == nil {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	<-done
	if n := r.p.questions(); n < 3 {
		t.Errorf("%d questions", n)
	}
	if n := strings.Count(r.book.String(), "the client secret expires on"); n != 1 {
		t.Errorf("warned %d times:\n%s", n, r.book)
	}
}

func TestOAuthSecretWord(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for day, want := range map[string]string{
		"": "", "2026-12-25": "", "2026-12-24": "in 29 days", "2026-11-25": "in 0 days", "2026-11-24": "expired on 2026-11-24", "2026-01-01": "expired",
	} {
		got := oauthConfig{SecretExpires: day}.secretWord(now)
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
}

func TestOAuthConfigTroubles(t *testing.T) {
	base := strings.Replace(smallConfig, "password_file = \"password\"\n", "", 1)
	ms := "provider = \"microsoft\"\ntenant = \"t\"\nclient_id = \"app\"\nclient_secret_file = \"s\"\n"
	for _, c := range []struct{ name, oauth, want string }{
		{"microsoft", ms, ""},
		{"google", "provider = \"google\"\nclient_id = \"app\"\nclient_secret_command = [\"pass\"]\n", ""},
		{"public client", "provider = \"custom\"\nclient_id = \"app\"\nauth_url = \"https://a.example/a\"\ntoken_url = \"https://a.example/t\"\n", ""},
		{"no provider", "client_id = \"app\"\n", "[imap] needs password_file or password_command, or tokens by [oauth]"},
		{"no app", "provider = \"microsoft\"\ntenant = \"t\"\nclient_secret_file = \"s\"\n", "[oauth] client_id is missing"},
		{"no tenant", "provider = \"microsoft\"\nclient_id = \"a\"\nclient_secret_file = \"s\"\n", "[oauth] tenant is missing"},
		{"everyone's tenant", strings.Replace(ms, `"t"`, `"common"`, 1), "needs your own directory"},
		{"odd tenant", strings.Replace(ms, `"t"`, `"a/b"`, 1), "want a directory's ID or domain"},
		{"no secret", strings.Replace(ms, "client_secret_file = \"s\"\n", "", 1), "needs client_secret_file or"},
		{"two secrets", ms + "client_secret_command = [\"pass\"]\n", "has both client_secret_file"},
		{"google alone", "provider = \"google\"\nflow = \"client-credentials\"\nclient_id = \"app\"\nclient_secret_file = \"s\"\n", "Google opens no mailbox by"},
		{"custom without URLs", "provider = \"custom\"\nclient_id = \"a\"\n", "[oauth] token_url is missing"},
		{"secrets in the clear", "provider = \"custom\"\nclient_id = \"a\"\ntoken_url = \"http://a.example/t\"\n", "begins with https://"},
		{"two scopes in one", ms + "scopes = [\"a b\"]\n", "one scope without spaces"},
		{"no day", ms + "secret_expires = \"soon\"\n", "want a day"},
		{"no server", ms + "servers = [\"pop\"]\n", "want one of imap, smtp"},
		{"imap left out", ms + "servers = [\"smtp\"]\n", "[imap] needs password_file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := loadConfig(writeConfig(t, base+"[oauth]\n"+c.oauth))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := loadConfig(writeConfig(t, smallConfig+"[oauth]\n"+ms)); err == nil || !strings.Contains(err.Error(), "[imap] has a password, and oauth.servers names it too") {
		t.Errorf("a password as well: %v", err)
	}
}

// TestOAuthEndpoints: what the providers' own pages say.
func TestOAuthEndpoints(t *testing.T) {
	m := oauthConfig{Provider: providerMicrosoft, Tenant: "t"}
	if e := m.endpoint(); e.TokenURL != "https://login.microsoftonline.com/t/oauth2/v2.0/token" || m.flow() != flowClient ||
		!slices.Equal(m.scopes(), []string{"https://outlook.office365.com/.default"}) {
		t.Errorf("%+v, %s, %q", e, m.flow(), m.scopes())
	}
	m.Flow = flowCode
	v := &visit{state: "s", verifier: strings.Repeat("v", 43), redirect: "http://localhost:1"}
	at := (&tokens{c: m, who: "coach@example.com"}).visitURL(v)
	for _, want := range []string{"https://login.microsoftonline.com/t/oauth2/v2.0/authorize?", "code_challenge_method=S256", "state=s", "offline_access",
		"IMAP.AccessAsUser.All", "SMTP.Send", "login_hint=coach%40example.com", "redirect_uri=http%3A%2F%2Flocalhost%3A1"} {
		if !strings.Contains(at, want) {
			t.Errorf("%s lacks %s", at, want)
		}
	}
	g := oauthConfig{Provider: providerGoogle}
	if at := (&tokens{c: g, who: "c"}).visitURL(v); !strings.Contains(at, "access_type=offline") || !strings.Contains(at, "prompt=consent") ||
		!strings.Contains(at, "mail.google.com") || g.flow() != flowCode {
		t.Error(at)
	}
	if bytes.Contains([]byte(at), []byte(v.verifier)) {
		t.Error("the verifier goes to the browser")
	}
}
