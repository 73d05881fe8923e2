package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

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
