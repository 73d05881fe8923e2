package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// visit is one trip of a browser to the provider and back. It comes back to this machine
// (RFC 8252 §7.3), or its last address is pasted.
type visit struct {
	state    string // ties the way back to the way there (RFC 6749 §10.12)
	verifier string // ties the code to us (RFC 7636)
	redirect string
	codes    chan brought
}

// brought is what a browser came back with.
type brought struct {
	code string
	err  error
}

// browse takes a person to the provider and makes a token of what they bring. What could keep the
// token from being stored is found out before.
func (t *tokens) browse(ctx context.Context, in io.Reader, out io.Writer) (bearer, error) {
	err := os.Mkdir(filepath.Dir(t.c.TokenFile), 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return bearer{}, fmt.Errorf("keep token: %w", err)
	}
	room, err := newSlot(t.c.TokenFile)
	if err != nil {
		return bearer{}, err
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", fmt.Sprint(t.c.RedirectPort)))
	if err != nil {
		room.drop()
		return bearer{}, fmt.Errorf("listen for the browser: %w", err)
	}
	v := &visit{state: rand.Text(), verifier: oauth2.GenerateVerifier(), redirect: t.c.redirect(l.Addr()), codes: make(chan brought, 1)}
	server := &http.Server{Handler: v, ReadHeaderTimeout: readyTimeout}
	go func() { _ = server.Serve(l) }() // it ends with Shutdown
	fmt.Fprintf(out, "Open this address in a browser and sign in as %s:\n\n  %s\n\n"+
		"If the browser runs on another machine, its last page does not load: paste that page's address here.\n", t.who, t.visitURL(v))
	go v.pasted(in, out)
	got, err := t.back(ctx, v)
	goodbye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = server.Shutdown(goodbye) // the page that says "you may close this" is on its way
	if err != nil {
		room.drop()
		return bearer{}, err
	}
	return got, t.keepLogin(ctx, room, got)
}

// redirect is the address that the browser comes back to. Microsoft lets the port differ from the one
// registered for "localhost" only, the others for 127.0.0.1 (RFC 8252 §7.3, §8.3).
func (o oauthConfig) redirect(at net.Addr) string {
	_, port, _ := net.SplitHostPort(at.String())
	if o.Provider == providerMicrosoft {
		return "http://localhost:" + port
	}
	return "http://127.0.0.1:" + port
}

func (t *tokens) visitURL(v *visit) string {
	c := oauth2.Config{ClientID: t.c.ClientID, Endpoint: t.c.endpoint(), Scopes: t.c.scopes(), RedirectURL: v.redirect}
	o := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(v.verifier), oauth2.SetAuthURLParam("login_hint", t.who)}
	if t.c.Provider == providerGoogle { // or there is no refresh token
		o = append(o, oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent"))
	}
	return c.AuthCodeURL(v.state, o...)
}

// back waits for the browser and trades its code.
func (t *tokens) back(ctx context.Context, v *visit) (bearer, error) {
	select {
	case <-ctx.Done():
		return bearer{}, fmt.Errorf("nobody came back from the provider: %w", ctx.Err())
	case a := <-v.codes:
		if a.err != nil {
			return bearer{}, a.err
		}
		got, err := t.grant.exchange(ctx, a.code, v.verifier, v.redirect)
		if e := (*grantError)(nil); errors.As(err, &e) && e.kind == faultLogin {
			return bearer{}, fmt.Errorf("%s does not take the code (%s): it is good once and for minutes only; begin again", e.host, e.code)
		}
		if err == nil && got.Refresh == "" {
			err = errors.New("the provider gave no refresh token, so the sign-in would last an hour: the app must ask for offline access (scope offline_access)")
		}
		return got, err
	}
}

// keepLogin puts the token in place of any other.
func (t *tokens) keepLogin(ctx context.Context, room *slot, got bearer) error {
	release, err := lockToken(ctx, t.c.TokenFile)
	if err != nil {
		room.drop()
		return err
	}
	defer release()
	got.User = t.who
	return room.keep(got)
}

// The two pages that the browser may end on. Nothing that it brought is in them.
const (
	pageDone = "<!doctype html><title>whyloop</title><p>Signed in. You may close this page and go back to the terminal.\n"
	pageOdd  = "<!doctype html><title>whyloop</title><p>This is not the answer that whyloop waits for. Begin again in the terminal.\n"
)

// ServeHTTP takes the browser back. What does not know the state is not from it.
func (v *visit) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	if r.Method != http.MethodGet || r.URL.Path != "/" || !v.take(r.URL.Query()) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, pageOdd) // it may have gone
		return
	}
	_, _ = io.WriteString(w, pageDone)
}

// take looks at what came back and reports whether it is the answer.
func (v *visit) take(q url.Values) bool {
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(v.state)) != 1 {
		return false
	}
	a := brought{code: q.Get("code")}
	switch {
	case q.Get("error") != "":
		word := "something it does not name plainly"
		if plainCode.MatchString(q.Get("error")) {
			word = q.Get("error")
		}
		a.err = fmt.Errorf("the provider says no: %s", word)
	case a.code == "":
		return false
	}
	select {
	case v.codes <- a:
	default: // one is enough
	}
	return true
}

// maxPaste is the most of a pasted address that is read.
const maxPaste = 64 << 10

// pasted reads addresses until one is the answer. It is left behind when the browser comes by
// itself: a terminal's read cannot be ended.
func (v *visit) pasted(in io.Reader, out io.Writer) {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxPaste)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		if text == "" {
			continue
		}
		u, err := url.Parse(text)
		if err == nil && v.take(u.Query()) {
			return
		}
		fmt.Fprintln(out, "That is not the address of this sign-in's last page. It begins with "+v.redirect+" and has \"state\" and \"code\" in it. Paste it again:")
	}
}
