package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// loginConfig writes a configuration with [oauth] and its secret, and returns its path.
func loginConfig(t *testing.T, oauth string) string {
	t.Helper()
	text := strings.Replace(smallConfig, "password_file = \"password\"\n", "", 1)
	path := writeConfig(t, text+oauth)
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "client-secret"), []byte("canary-secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// loginRun is a "whyloop login" under way.
type loginRun struct {
	address string // to open
	typed   *io.PipeWriter
	out     *logBook
	done    chan called
}

// beginLogin starts a login and waits for the address it prints.
func beginLogin(t *testing.T, config string, args ...string) *loginRun {
	t.Helper()
	in, typed := io.Pipe()
	s := &loginRun{typed: typed, out: &logBook{}, done: make(chan called, 1)}
	t.Cleanup(func() { _ = typed.Close() })
	read, write := io.Pipe()
	errs := &logBook{}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	go func() {
		code := run(ctx, append([]string{"--config", config, "login"}, args...), in, io.MultiWriter(s.out, write), errs)
		_ = write.Close()
		s.done <- called{code, s.out.String(), errs.String()}
	}()
	lines := bufio.NewScanner(read)
	for lines.Scan() {
		if text := strings.TrimSpace(lines.Text()); strings.HasPrefix(text, "http") {
			s.address = text
			break
		}
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	return s
}

func (s *loginRun) end(t *testing.T) called {
	t.Helper()
	select {
	case got := <-s.done:
		if strings.Contains(got.out+got.errors, "canary") {
			t.Errorf("it tells secrets: %+v", got)
		}
		return got
	case <-time.After(20 * time.Second):
		t.Fatal("the login does not end:\n" + s.out.String())
		return called{}
	}
}

func fetchPage(t *testing.T, address string) (int, string) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// TestLogin: a browser on this machine goes there and comes back.
func TestLogin(t *testing.T) {
	p := newTokenServer(t, "coach@example.com")
	config := loginConfig(t, p.config(flowCode))
	s := beginLogin(t, config)
	back, err := visitPage(t.Context(), s.address)
	if err != nil {
		t.Fatal(err)
	}
	if code, _ := fetchPage(t, strings.Replace(back, "state=", "state=x", 1)); code != http.StatusBadRequest {
		t.Errorf("a foreign state: %d", code)
	}
	if code, _ := fetchPage(t, strings.Replace(back, "/?", "/elsewhere?", 1)); code != http.StatusBadRequest {
		t.Errorf("a foreign path: %d", code)
	}
	if code, page := fetchPage(t, back); code != http.StatusOK || strings.Contains(page, "canary") || !strings.Contains(page, "Signed in") {
		t.Errorf("%d %s", code, page)
	}
	got := s.end(t)
	if got.code != exitOK || !strings.Contains(got.out, "Signed in. The token is kept in") || !strings.Contains(got.out, "check") {
		t.Fatalf("%+v", got)
	}
	file := filepath.Join(filepath.Dir(config), "state", "whyloop.token")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if kept, err := readToken(file); err != nil || kept.Refresh != p.refresh || kept.User != "coach@example.com" {
		t.Errorf("%v", err)
	}
	status := call(t, "", "--config", config, "login", "status")
	for _, want := range []string{"custom, auth-code", "coach@example.com", "lives until", "present", "its end is not known"} {
		if !strings.Contains(status.out, want) {
			t.Errorf("status lacks %q: %+v", want, status)
		}
	}
	if status.code != exitOK || strings.Contains(status.out+status.errors, "canary") {
		t.Errorf("status: %+v", status)
	}
}

// TestLoginPasted: the browser is elsewhere; its last address is pasted, after one that is not it.
func TestLoginPasted(t *testing.T) {
	p := newTokenServer(t, "coach@example.com")
	s := beginLogin(t, loginConfig(t, p.config(flowCode)))
	back, err := visitPage(t.Context(), s.address)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	forged := u.Query()
	forged.Set("state", "forged")
	fmt.Fprintf(s.typed, "\nhttp://127.0.0.1/?%s\n  %s  \n", forged.Encode(), back)
	if got := s.end(t); got.code != exitOK || !strings.Contains(got.out, "That is not the address") {
		t.Errorf("%+v", got)
	}
}

// TestLoginRefused: what can go wrong, and what is said.
func TestLoginRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(t *testing.T, p *tokenServer, s *loginRun, back string)
		want string
	}{
		{"the person says no", func(t *testing.T, _ *tokenServer, _ *loginRun, back string) {
			u, _ := url.Parse(back)
			fetchPage(t, u.Scheme+"://"+u.Host+"/?error=access_denied&error_description=canary&state="+u.Query().Get("state"))
		}, "the provider says no: access_denied"},
		{"no plain word", func(t *testing.T, _ *tokenServer, _ *loginRun, back string) {
			u, _ := url.Parse(back)
			fetchPage(t, u.Scheme+"://"+u.Host+"/?error=%3Cscript%3Ecanary&state="+u.Query().Get("state"))
		}, "the provider says no: something"},
		{"another's verifier", func(t *testing.T, p *tokenServer, _ *loginRun, back string) {
			p.mu.Lock()
			for _, q := range p.codes {
				q.Set("code_challenge", strings.Repeat("x", 43))
			}
			p.mu.Unlock()
			fetchPage(t, back)
		}, "does not take the code (invalid_grant AADSTS70008)"},
		{"no refresh token", func(t *testing.T, p *tokenServer, _ *loginRun, back string) {
			p.setFault(func(_ int, w http.ResponseWriter) bool {
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "canary", "expires_in": 3600})
				return true
			})
			fetchPage(t, back)
		}, "gave no refresh token"},
		{"the provider is down", func(t *testing.T, p *tokenServer, _ *loginRun, back string) {
			p.setFault(func(_ int, w http.ResponseWriter) bool { w.WriteHeader(502); return true })
			fetchPage(t, back)
		}, "gives no token now (HTTP 502)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newTokenServer(t, "coach@example.com")
			config := loginConfig(t, p.config(flowCode))
			s := beginLogin(t, config)
			back, err := visitPage(t.Context(), s.address)
			if err != nil {
				t.Fatal(err)
			}
			c.do(t, p, s, back)
			if got := s.end(t); got.code != exitFailure || !strings.Contains(got.errors, c.want) {
				t.Errorf("%+v, want %q", got, c.want)
			}
			left, err := os.ReadDir(filepath.Join(filepath.Dir(config), "state")) // which the login made
			if err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
			if got := call(t, "", "--config", config, "login", "status"); got.code != exitFailure || !strings.Contains(got.errors, "mend it with: whyloop login") {
				t.Errorf("status: %+v", got)
			}
		})
	}
}

// TestLoginElse: what needs no browser, or cannot begin.
func TestLoginElse(t *testing.T) {
	p := newTokenServer(t, "coach@example.com")
	own := loginConfig(t, p.config(flowClient)+"secret_expires = \"2020-01-01\"\n")
	if got := call(t, "", "--config", own, "login"); got.code != exitOK || !strings.Contains(got.out, "need no browser") || strings.Contains(got.out, "canary") {
		t.Errorf("client credentials: %+v", got)
	}
	if got := call(t, "", "--config", own, "login", "status"); got.code != exitFailure || !strings.Contains(got.out, "EXPIRED on 2020-01-01") {
		t.Errorf("an expired secret: %+v", got)
	}
	if got := call(t, "", "--config", own, "check"); !strings.Contains(got.out, "warn  oauth") || !strings.Contains(got.out, "client secret expired on 2020-01-01") {
		t.Errorf("check: %+v", got)
	}
	p.setFault(func(_ int, w http.ResponseWriter) bool {
		refuse(w, 401, "invalid_client", "AADSTS7000222 canary")
		return true
	})
	if got := call(t, "", "--config", own, "check"); !strings.Contains(got.out, "its secret has expired: make a new one") || strings.Contains(got.out+got.errors, "canary") {
		t.Errorf("check: %+v", got)
	}
	if got := call(t, "", "--config", writeConfig(t, smallConfig), "login"); got.code != exitFailure || !strings.Contains(got.errors, "signs in with passwords") {
		t.Errorf("passwords: %+v", got)
	}
	nowhere := loginConfig(t, p.config(flowCode)+"token_file = \"no/such/folder/token\"\n")
	if got := call(t, "", "--config", nowhere, "login"); got.code != exitFailure || !strings.Contains(got.errors, "keep token") {
		t.Errorf("no folder: %+v", got)
	}
	late := loginConfig(t, p.config(flowCode))
	if got := call(t, "", "--config", late, "login", "--wait", "10ms"); got.code != exitFailure || !strings.Contains(got.errors, "nobody came back") {
		t.Errorf("nobody: %+v", got)
	}
}
