package main

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// oauthConfig says how a token is had, for servers that take no password any more.
type oauthConfig struct {
	Provider, Flow, Tenant string
	ClientID               string
	Secret                 Secret
	SecretIn               string
	SecretExpires          string // a day, or "" where nobody wrote it down
	Scopes                 []string
	AuthURL, TokenURL      string
	CAFile                 string
	RedirectPort           int
	TokenFile              string
	User                   string
	Servers                []string
}

// Whom a token is had from, and how.
const (
	providerMicrosoft = "microsoft"
	providerGoogle    = "google"
	providerCustom    = "custom"

	flowClient = "client-credentials" // RFC 6749 §4.4: the program itself signs in
	flowCode   = "auth-code"          // RFC 6749 §4.1 with PKCE (RFC 7636): a person does, once

	secretInBody   = "body"
	secretInHeader = "header"
)

// given: servers are signed in to with tokens at all.
func (o oauthConfig) given() bool { return o.Provider != "" }

// opens tells whether a server is signed in to with a token.
func (o oauthConfig) opens(server string) bool {
	return o.given() && slices.Contains(o.Servers, server)
}

// flow is the one written down, or what the provider's admins would choose first.
func (o oauthConfig) flow() string {
	if o.Flow == "" && o.Provider == providerMicrosoft {
		return flowClient
	}
	return cmp.Or(o.Flow, flowCode)
}

// scopes are those written down, or what mail needs there.
func (o oauthConfig) scopes() []string {
	switch {
	case len(o.Scopes) > 0:
		return o.Scopes
	case o.Provider == providerMicrosoft && o.flow() == flowClient:
		return []string{"https://outlook.office365.com/.default"}
	case o.Provider == providerMicrosoft:
		return []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"}
	case o.Provider == providerGoogle:
		return []string{"https://mail.google.com/"}
	}
	return nil
}

// endpoint is where the provider is. Its style is never found out by trying: the second try would
// present a refresh token again that may be used once.
func (o oauthConfig) endpoint() oauth2.Endpoint {
	e := oauth2.Endpoint{AuthURL: o.AuthURL, TokenURL: o.TokenURL, AuthStyle: oauth2.AuthStyleInParams}
	if o.SecretIn == secretInHeader {
		e.AuthStyle = oauth2.AuthStyleInHeader
	}
	auth, token := "", ""
	switch o.Provider {
	case providerMicrosoft:
		base := "https://login.microsoftonline.com/" + o.Tenant + "/oauth2/v2.0/"
		auth, token = base+"authorize", base+"token"
	case providerGoogle:
		auth, token = "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token"
	}
	e.AuthURL, e.TokenURL = cmp.Or(e.AuthURL, auth), cmp.Or(e.TokenURL, token)
	return e
}

// secretLeft is how long the client secret still lives; false when nobody wrote that down.
func (o oauthConfig) secretLeft(now time.Time) (time.Duration, bool) {
	day, err := time.Parse(time.DateOnly, o.SecretExpires)
	if err != nil {
		return 0, false
	}
	return day.Sub(now), true
}

// secretWarning is when an admin begins to hear of it.
const secretWarning = 30 * aDay

// secretWord is what to tell an admin about the client secret's end; "" for nothing.
func (o oauthConfig) secretWord(now time.Time) string {
	left, known := o.secretLeft(now)
	switch {
	case !known || left > secretWarning:
		return ""
	case left <= 0:
		return fmt.Sprintf("the client secret expired on %s: make a new one, replace it, and change oauth.secret_expires", o.SecretExpires)
	}
	return fmt.Sprintf("the client secret expires on %s, in %s: make a new one, replace it, and change oauth.secret_expires",
		o.SecretExpires, count(int(left/aDay), "day"))
}

func (c *Config) oauthSection() section {
	o := &c.OAuth
	return section{"oauth", "Signing in with tokens instead of passwords, as Microsoft 365 and Google want it. Then: whyloop login.", []setting{
		{key: "provider", value: text(&o.Provider, oneOf(providerMicrosoft, providerGoogle, providerCustom)),
			doc: `"microsoft", "google" or "custom"; empty means passwords.`},
		{key: "flow", value: text(&o.Flow, oneOf(flowClient, flowCode)),
			doc: `"client-credentials": the program itself signs in; "auth-code": a person does once, in a browser. Empty means the first for Microsoft and the second for all others.`},
		{key: "tenant", value: text(&o.Tenant, isTenant), example: `"example.onmicrosoft.com"`, doc: "Microsoft's: the directory's ID or domain."},
		{key: "client_id", value: text(&o.ClientID), example: `"00000000-0000-0000-0000-000000000000"`, doc: "The app's ID at the provider."},
		{key: "client_secret_file", value: text(&o.Secret.File), example: `"client-secret"`, doc: "A file that holds the app's secret, mode 0600."},
		{key: "client_secret_command", value: commandValue{&o.Secret.Command}, example: `["pass", "show", "mail/client-secret"]`,
			doc: "Or a program that prints it, run without a shell."},
		{key: "secret_expires", value: text(&o.SecretExpires, isDate), example: `"2027-11-24"`,
			doc: "The day the secret expires; whyloop warns from 30 days before."},
		{key: "secret_in", value: text(&o.SecretIn, oneOf(secretInBody, secretInHeader)),
			doc: `How the secret is sent: in the "body", or in a "header" (HTTP Basic).`},
		{key: "user", value: text(&o.User), example: `"coach@example.com"`,
			doc: "Who signs in in the browser; the mailbox's address when empty."},
		{key: "scopes", value: list(&o.Scopes, isScope), example: `["https://mail.google.com/"]`,
			doc: "What is asked for; empty means what mail needs at that provider."},
		{key: "auth_url", value: text(&o.AuthURL, isTokenURL), example: `"https://login.example.com/authorize"`,
			doc: "Where the browser goes: needed for custom, and for a provider's national cloud."},
		{key: "token_url", value: text(&o.TokenURL, isTokenURL), example: `"https://login.example.com/token"`,
			doc: "Where tokens are had: likewise."},
		{key: "ca_file", value: text(&o.CAFile), doc: "Certificates (PEM) to trust there instead of the system's."},
		{key: "redirect_port", value: number(&o.RedirectPort, 0, 65535),
			doc: "The port on this machine to which the browser comes back; 0 takes any free one."},
		{key: "token_file", value: text(&o.TokenFile), doc: "Where the token of a person's sign-in is kept, mode 0600."},
		{key: "servers", value: list(&o.Servers, oneOf("imap", "smtp")), doc: "Which servers take the token; the others sign in as their own section says."},
	}}
}

// isTenant accepts what may stand in a URL as it is.
func isTenant(s string) error {
	if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*$`).MatchString(s) {
		return fmt.Errorf("want a directory's ID or domain, got %q", s)
	}
	return nil
}

// isScope accepts one scope (RFC 6749 §3.3).
func isScope(s string) error {
	if s == "" || strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) >= 0 {
		return fmt.Errorf("want one scope without spaces, got %q", s)
	}
	return nil
}

// isTokenURL accepts https, and http on this machine: secrets go there.
func isTokenURL(s string) error {
	u, err := url.Parse(s)
	if err == nil && u.User == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())) {
		return nil
	}
	return fmt.Errorf("want a URL that begins with https://, got %q", s)
}

// checkOAuth checks what no single value of [oauth] shows.
func (r *configReader) checkOAuth(o oauthConfig) {
	if !o.given() {
		return
	}
	need := func(key, value string) {
		if value == "" {
			r.complain("oauth", "[oauth] %s is missing; oauth.provider = %q with oauth.flow = %q needs it", key, o.Provider, o.flow())
		}
	}
	need("client_id", o.ClientID)
	if o.Provider == providerMicrosoft && (o.TokenURL == "" || o.AuthURL == "" && o.flow() == flowCode) {
		need("tenant", o.Tenant)
	}
	if o.Provider == providerCustom {
		need("token_url", o.TokenURL)
	}
	if o.Provider == providerCustom && o.flow() == flowCode {
		need("auth_url", o.AuthURL)
	}
	r.checkOAuthSecret(o)
	if o.Provider == providerGoogle && o.flow() == flowClient {
		r.complain("oauth.flow", "oauth.flow: Google opens no mailbox by client-credentials; use \"auth-code\"")
	}
	if o.flow() == flowClient && slices.Contains([]string{"common", "organizations", "consumers"}, o.Tenant) {
		r.complain("oauth.tenant", "oauth.tenant: client-credentials needs your own directory's ID or domain, not %q", o.Tenant)
	}
}

func (r *configReader) checkOAuthSecret(o oauthConfig) {
	switch {
	case o.Secret.File != "" && len(o.Secret.Command) > 0:
		r.complain("oauth.client_secret_command", "[oauth] has both client_secret_file and client_secret_command; keep one")
	case !o.Secret.given() && (o.flow() == flowClient || o.Provider == providerGoogle):
		r.complain("oauth", "[oauth] needs client_secret_file or client_secret_command")
	}
}
