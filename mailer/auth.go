package mailer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/emersion/go-sasl"
	"github.com/wneessen/go-mail/smtp"
)

// Auth signs in to a server. Each connection asks it for a client of its own.
type Auth interface {
	// Client returns a SASL client (RFC 4422) for one of the offered mechanisms, which are in
	// upper case. An error means that none fits, or that no token could be had.
	Client(ctx context.Context, offered []string) (sasl.Client, error)
}

// Password signs in by PLAIN (RFC 4616), or by LOGIN where the server has only that.
func Password(username, password string) Auth { return passwordAuth{username, password} }

type passwordAuth struct{ username, password string }

// String hides the password from anything that prints configuration.
func (passwordAuth) String() string { return "password" }

// GoString hides it from %#v too.
func (passwordAuth) GoString() string { return "mailer.Password(...)" }

func (a passwordAuth) Client(_ context.Context, offered []string) (sasl.Client, error) {
	switch {
	case slices.Contains(offered, sasl.Plain):
		return sasl.NewPlainClient("", a.username, a.password), nil
	case slices.Contains(offered, sasl.Login):
		return sasl.NewLoginClient(a.username, a.password), nil
	}
	return nil, noMechanism(offered)
}

// noMechanism tells a server that wants another way to sign in from one that is not itself: a
// busy one may answer EHLO with 421 and the HELO after it without a word of extensions.
func noMechanism(offered []string) error {
	if len(offered) == 0 {
		return errors.New("choose mechanism: server offers no sign-in")
	}
	return fmt.Errorf("choose mechanism: %w: none of %q fits", ErrSignIn, offered)
}

// TokenSource has OAuth 2.0 access tokens. It may be used by several goroutines.
type TokenSource interface {
	// Token returns one that is valid now. An error that wraps ErrSignIn wants a person, any other may pass.
	Token(ctx context.Context) (string, error)
	// Refused tells of one that a mail server did not take, though it was valid by its own end.
	Refused(token string)
}

// XOAuth2 signs in by XOAUTH2, as Google and Microsoft 365 want it, or by OAUTHBEARER
// (RFC 7628) where the server offers that alone.
func XOAuth2(username string, tokens TokenSource) Auth { return oauth{username, tokens} }

type oauth struct {
	username string
	tokens   TokenSource
}

// String hides everything from what prints configuration.
func (oauth) String() string { return "token" }

// GoString hides it from %#v too.
func (oauth) GoString() string { return "mailer.XOAuth2(...)" }

func (a oauth) Client(ctx context.Context, offered []string) (sasl.Client, error) {
	x, bearer := slices.Contains(offered, "XOAUTH2"), slices.Contains(offered, sasl.OAuthBearer)
	if !x && !bearer {
		return nil, noMechanism(offered)
	}
	token, err := a.tokens.Token(ctx)
	if err != nil {
		return nil, fmt.Errorf("get access token: %w", err)
	}
	c := &tokenClient{mechanism: "XOAUTH2", refused: func() { a.tokens.Refused(token) }}
	if x { // Google's protocol, which has no RFC: https://developers.google.com/gmail/imap/xoauth2-protocol
		c.first = []byte("user=" + a.username + "\x01auth=Bearer " + token + "\x01\x01")
		return c, nil
	}
	c.mechanism, c.first, err = sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: a.username, Token: token}).Start()
	return c, err
}

// tokenClient says all in its first message. What a server asks after that is a refusal.
type tokenClient struct {
	mechanism string
	first     []byte
	refused   func()
}

func (c *tokenClient) Start() (string, []byte, error) { return c.mechanism, c.first, nil }

// Next answers the challenge in which a refusal is told (RFC 7628 §3.2.3; XOAUTH2 likewise). An empty
// answer would be sent as "=", to which Dovecot says BAD instead of AUTHENTICATIONFAILED; an error here
// would leave the server waiting, and its refusal unheard.
func (c *tokenClient) Next([]byte) ([]byte, error) {
	c.refused()
	return []byte{1}, nil
}

// smtpAuth lets go-mail use an Auth.
type smtpAuth struct {
	ctx    context.Context
	auth   Auth
	client sasl.Client
}

func (a *smtpAuth) Start(server *smtp.ServerInfo) (string, []byte, error) {
	client, err := a.auth.Client(a.ctx, server.Auth)
	if err != nil {
		return "", nil, err
	}
	a.client = client
	return client.Start()
}

func (a *smtpAuth) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	return a.client.Next(challenge)
}
