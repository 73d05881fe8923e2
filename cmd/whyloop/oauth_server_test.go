package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// tokenServer is an OAuth 2.0 server on loopback: authorization codes with PKCE, client credentials,
// refresh tokens that are good once (a second use revokes all of the family), and introspection
// (RFC 7662) for Dovecot. Every token of its has "canary" in it, for tests that look for leaks.
type tokenServer struct {
	*httptest.Server
	user string

	mu      sync.Mutex
	life    time.Duration
	n       int
	access  map[string]time.Time // -> its end
	refresh string               // the one that is good
	codes   map[string]url.Values
	asked   []url.Values                                   // what came to the token endpoint
	fault   func(n int, w http.ResponseWriter) (done bool) // of the nth question
	now     func() time.Time
	steady  bool // refresh tokens do not rotate
	mute    bool // introspection fails
}

func newTokenServer(t *testing.T, user string) *tokenServer {
	t.Helper()
	p := unstarted(user)
	p.Server = httptest.NewServer(p.handler())
	t.Cleanup(p.Close)
	return p
}

func unstarted(user string) *tokenServer {
	return &tokenServer{user: user, life: time.Hour, access: map[string]time.Time{}, codes: map[string]url.Values{}, now: time.Now}
}

// newTokenServerAt listens where Dovecot asks.
func newTokenServerAt(t *testing.T, user, addr string) *tokenServer {
	t.Helper()
	l, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	p := unstarted(user)
	p.Server = httptest.NewUnstartedServer(p.handler())
	_ = p.Listener.Close() // the one it came with
	p.Listener = l
	p.Start()
	t.Cleanup(p.Close)
	return p
}

func (p *tokenServer) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", p.authorize)
	mux.HandleFunc("POST /token", p.token)
	mux.HandleFunc("/introspect", p.introspect)
	return mux
}

// authorize agrees at once and sends the browser back.
func (p *tokenServer) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("response_type") != "code" || q.Get("client_id") != "app" || q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	p.n++
	code := fmt.Sprintf("canary-code-%d", p.n)
	p.codes[code] = q
	p.mu.Unlock()
	back := url.Values{"code": {code}, "state": {q.Get("state")}}
	http.Redirect(w, r, q.Get("redirect_uri")+"/?"+back.Encode(), http.StatusFound)
}

// token is the token endpoint (RFC 6749 §3.2).
func (p *tokenServer) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return
	}
	p.asked = append(p.asked, r.PostForm)
	if p.fault != nil && p.fault(len(p.asked), w) {
		return
	}
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if id != "app" || secret != "canary-secret" {
		refuse(w, http.StatusUnauthorized, "invalid_client", "AADSTS7000215: Invalid client secret canary-echo")
		return
	}
	p.grant(w, r.PostForm)
}

func (p *tokenServer) grant(w http.ResponseWriter, form url.Values) {
	switch form.Get("grant_type") {
	case "client_credentials":
		p.issue(w, false)
		return
	case "refresh_token":
		if got := form.Get("refresh_token"); got == p.refresh && got != "" {
			p.issue(w, true)
			return
		}
		p.refresh = "" // reuse: somebody else may have it (RFC 9700 §4.14.2)
	case "authorization_code":
		q, ok := p.codes[form.Get("code")]
		delete(p.codes, form.Get("code"))
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		if ok && q.Get("redirect_uri") == form.Get("redirect_uri") && q.Get("code_challenge") == base64.RawURLEncoding.EncodeToString(sum[:]) {
			p.issue(w, true)
			return
		}
	}
	refuse(w, http.StatusBadRequest, "invalid_grant", "AADSTS70008: canary-description")
}

func refuse(w http.ResponseWriter, status int, code, description string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code, "error_description": description})
}

// issue gives tokens out. The caller holds mu.
func (p *tokenServer) issue(w http.ResponseWriter, refresh bool) {
	p.n++
	out := map[string]any{"access_token": fmt.Sprintf("canary-access-%d", p.n), "token_type": "Bearer", "expires_in": int(p.life.Seconds())}
	p.access[out["access_token"].(string)] = p.now().Add(p.life)
	if refresh {
		if !p.steady || p.refresh == "" {
			p.refresh = fmt.Sprintf("canary-refresh-%d", p.n)
		}
		out["refresh_token"] = p.refresh
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out)
}

// introspect tells Dovecot whose token it is (RFC 7662).
func (p *tokenServer) introspect(w http.ResponseWriter, r *http.Request) {
	got := r.FormValue("token")
	if got == "" {
		got = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	}
	p.mu.Lock()
	mute := p.mute
	p.mu.Unlock()
	if mute {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if !p.good(p.user, got) {
		_, _ = w.Write([]byte(`{"active": false}`))
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"active": true, "username": p.user, "scope": "mail"})
}

// good tells a mail server whether a token opens a mailbox.
func (p *tokenServer) good(user, access string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	end, ok := p.access[access]
	return ok && user == p.user && p.now().Before(end)
}

// revoke takes everything back.
func (p *tokenServer) revoke() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refresh = ""
	clear(p.access)
}

// revokeAccess takes the access tokens back, as a provider does that evaluates continuously.
func (p *tokenServer) revokeAccess() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.access)
}

// silence makes introspection fail, or work again.
func (p *tokenServer) silence(mute bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute = mute
}

func (p *tokenServer) setFault(f func(n int, w http.ResponseWriter) bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fault = f
}

func (p *tokenServer) questions() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.asked)
}

// config is an admin's, for a custom provider.
func (p *tokenServer) config(flow string) string {
	return fmt.Sprintf("[oauth]\nprovider = \"custom\"\nflow = %q\nclient_id = \"app\"\nclient_secret_file = \"client-secret\"\nauth_url = %q\ntoken_url = %q\n",
		flow, p.URL+"/authorize", p.URL+"/token")
}

// visitPage is a person in a browser who agrees.
func visitPage(ctx context.Context, address string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 5 * time.Second}
	res, err := client.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusFound {
		return "", fmt.Errorf("the provider answers %s", res.Status)
	}
	return res.Header.Get("Location"), nil
}
