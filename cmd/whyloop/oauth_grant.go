package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"whyloop/mailer"
)

// grants asks the provider for tokens.
type grants struct {
	c      oauthConfig
	now    func() time.Time
	within time.Duration // bounds one question
}

// grantWithin is for how long a provider may think.
const grantWithin = 20 * time.Second

// assumedLife is a token's where the provider does not say it (RFC 6749 §5.1 only recommends to).
const assumedLife = time.Hour

// client speaks to the provider. It follows no redirect: a secret would go along.
func (g grants) client() (*http.Client, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	t.DisableKeepAlives = true // a question an hour
	if g.c.CAFile != "" {
		pem, err := os.ReadFile(g.c.CAFile)
		if err != nil {
			return nil, fmt.Errorf("oauth.ca_file: %w", err)
		}
		t.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !t.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("oauth.ca_file: %s holds no certificate in PEM form", g.c.CAFile)
		}
	}
	refuse := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Transport: t, Timeout: g.within, CheckRedirect: refuse}, nil
}

// config reads the secret anew each time, so that a replaced one counts at once.
func (g grants) config(ctx context.Context) (context.Context, *oauth2.Config, error) {
	client, err := g.client()
	if err != nil {
		return nil, nil, err
	}
	secret := ""
	if g.c.Secret.given() {
		if secret, err = g.c.Secret.read(ctx); err != nil {
			return nil, nil, fmt.Errorf("client secret: %w", err)
		}
	}
	return context.WithValue(ctx, oauth2.HTTPClient, client),
		&oauth2.Config{ClientID: g.c.ClientID, ClientSecret: secret, Endpoint: g.c.endpoint(), Scopes: g.c.scopes()}, nil
}

// own is a token of the program itself (RFC 6749 §4.4).
func (g grants) own(ctx context.Context) (bearer, error) {
	ctx, c, err := g.config(ctx)
	if err != nil {
		return bearer{}, err
	}
	cc := clientcredentials.Config{ClientID: c.ClientID, ClientSecret: c.ClientSecret, TokenURL: c.Endpoint.TokenURL,
		Scopes: c.Scopes, AuthStyle: c.Endpoint.AuthStyle}
	got, err := cc.Token(ctx)
	return g.token(got, err)
}

// refresh is the next token of a person's sign-in (RFC 6749 §6), with the next refresh token, or the same again.
func (g grants) refresh(ctx context.Context, refresh string) (bearer, error) {
	ctx, c, err := g.config(ctx)
	if err != nil {
		return bearer{}, err
	}
	got, err := c.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh}).Token()
	return g.token(got, err)
}

// exchange makes a token of the code that a browser brought (RFC 6749 §4.1.3, RFC 7636 §4.5).
func (g grants) exchange(ctx context.Context, code, verifier, redirect string) (bearer, error) {
	ctx, c, err := g.config(ctx)
	if err != nil {
		return bearer{}, err
	}
	c.RedirectURL = redirect
	got, err := c.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	return g.token(got, err)
}

// printable is what a token may be made of (RFC 6750 §2.1 and a little more): it goes into a SASL message.
var printable = regexp.MustCompile(`^[\x21-\x7e]+$`)

func (g grants) token(got *oauth2.Token, err error) (bearer, error) {
	if err != nil {
		return bearer{}, g.fault(err)
	}
	now := g.now().UTC().Round(0)
	t := bearer{Access: got.AccessToken, Refresh: got.RefreshToken, Expires: now.Add(assumedLife), Obtained: now, ClientID: g.c.ClientID}
	if !got.Expiry.IsZero() {
		t.Expires = now.Add(time.Until(got.Expiry).Round(time.Second)) // the library counts by the machine's clock
	}
	if !printable.MatchString(t.Access) || !t.Expires.After(now) {
		return bearer{}, &grantError{kind: faultGarbage, host: g.host()}
	}
	return t, nil
}

func (g grants) host() string {
	u, err := url.Parse(g.c.endpoint().TokenURL)
	if err != nil {
		return "token server"
	}
	return u.Host
}

// faultKind is what a failed question means for us.
type faultKind string

// The kinds. The first two pass by themselves, the others want a person.
const (
	faultNetwork faultKind = "unreachable" // no answer, or one that asks to come again
	faultGarbage faultKind = "garbage"     // an answer that is none
	faultLogin   faultKind = "login"       // invalid_grant: expired, revoked, or a password was changed
	faultClient  faultKind = "client"      // the app, its secret or its rights
)

// grantError is a provider's refusal in words of our own: what it wrote itself may hold anything.
type grantError struct {
	kind   faultKind
	host   string
	code   string        // RFC 6749 §5.2, and Microsoft's number
	status int           // HTTP; 0 for none
	again  time.Duration // Retry-After; 0 for none
	flow   string
	under  error // of the network; never of an answer
}

// Error is one line with the mend.
func (e *grantError) Error() string {
	switch e.kind {
	case faultLogin:
		return fmt.Sprintf("%s takes the sign-in back (%s); mend it with: whyloop login", e.host, e.code)
	case faultClient:
		return fmt.Sprintf("%s refuses the app (%s); %s", e.host, e.code, clientMend(e.code))
	case faultGarbage:
		return fmt.Sprintf("%s answers with something that is no token (HTTP %d)", e.host, cmp.Or(e.status, http.StatusOK))
	}
	if e.status != 0 {
		return fmt.Sprintf("%s gives no token now (HTTP %d)", e.host, e.status)
	}
	return fmt.Sprintf("%s cannot be reached: %v", e.host, e.under)
}

// Unwrap makes what wants a person a refused sign-in to the mail servers' watchers.
func (e *grantError) Unwrap() []error {
	if e.lasting() {
		return []error{mailer.ErrSignIn}
	}
	return []error{e.under}
}

func (e *grantError) lasting() bool { return e.kind == faultLogin || e.kind == faultClient }

// clientMend knows Microsoft's most frequent numbers.
func clientMend(code string) string {
	switch regexp.MustCompile(`AADSTS\d+`).FindString(code) {
	case "AADSTS7000222":
		return "its secret has expired: make a new one and put it into oauth.client_secret_file"
	case "AADSTS7000215":
		return "its secret is wrong: oauth.client_secret_file wants the secret's value, not its ID"
	case "AADSTS700016":
		return "no such app in that directory: look at oauth.client_id and oauth.tenant"
	case "AADSTS90002", "AADSTS900023":
		return "no such directory: look at oauth.tenant"
	case "AADSTS65001":
		return "an admin must grant its permissions"
	}
	return "look at oauth.client_id, its secret, and what the app may do at the provider"
}

// plainCode is what an error code may look like (RFC 6749 §5.2) before it is shown.
var plainCode = regexp.MustCompile(`^[a-z_]{1,40}$`)

// fault sorts an error of the library's and keeps nothing of its text: that quotes whole answers.
func (g grants) fault(err error) error {
	e := &grantError{kind: faultGarbage, host: g.host(), flow: g.c.flow()}
	var answer *oauth2.RetrieveError
	var broken *url.Error
	switch {
	case errors.As(err, &answer):
		e.read(answer)
	case errors.As(err, &broken):
		e.kind, e.under = faultNetwork, broken.Err
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		e.kind, e.under = faultNetwork, context.DeadlineExceeded
	}
	return e
}

// read sorts an answer that is a refusal.
func (e *grantError) read(answer *oauth2.RetrieveError) {
	if answer.Response != nil {
		e.status = answer.Response.StatusCode
		if s, err := strconv.Atoi(answer.Response.Header.Get("Retry-After")); err == nil && s > 0 {
			e.again = min(time.Duration(s)*time.Second, 10*time.Minute)
		}
	}
	if plainCode.MatchString(answer.ErrorCode) {
		e.code = answer.ErrorCode
	}
	if n := regexp.MustCompile(`AADSTS\d{4,9}`).FindString(answer.ErrorDescription); n != "" {
		e.code = cmp.Or(e.code, "refused") + " " + n
	}
	switch {
	case e.status >= 500, e.status == http.StatusTooManyRequests, e.status == http.StatusRequestTimeout,
		answer.ErrorCode == "temporarily_unavailable", answer.ErrorCode == "server_error":
		e.kind = faultNetwork
	case answer.ErrorCode == "invalid_grant" && e.flow == flowCode, answer.ErrorCode == "interaction_required":
		e.kind = faultLogin
	case e.code != "" && e.status >= 400:
		e.kind = faultClient
	case e.status == http.StatusUnauthorized, e.status == http.StatusForbidden:
		e.kind, e.code = faultClient, fmt.Sprintf("HTTP %d", e.status)
	}
}
