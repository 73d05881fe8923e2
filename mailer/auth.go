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

// TokenSource returns an OAuth 2.0 access token that is valid now.
type TokenSource func(ctx context.Context) (string, error)

// XOAuth2 signs in by XOAUTH2, as Google and Microsoft 365 want it, or by OAUTHBEARER
// (RFC 7628) where the server offers that alone.
func XOAuth2(username string, token TokenSource) Auth { return oauth{username, token} }

type oauth struct {
	username string
	token    TokenSource
}

func (a oauth) Client(ctx context.Context, offered []string) (sasl.Client, error) {
	x, bearer := slices.Contains(offered, "XOAUTH2"), slices.Contains(offered, sasl.OAuthBearer)
	if !x && !bearer {
		return nil, noMechanism(offered)
	}
	token, err := a.token(ctx)
	if err != nil {
		return nil, fmt.Errorf("get access token: %w", err)
	}
	if x {
		return &xoauth2Client{a.username, token}, nil
	}
	return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: a.username, Token: token}), nil
}

// xoauth2Client is Google's protocol, which has no RFC:
// https://developers.google.com/gmail/imap/xoauth2-protocol.
type xoauth2Client struct{ username, token string }

func (c *xoauth2Client) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + c.username + "\x01auth=Bearer " + c.token + "\x01\x01"), nil
}

// Next answers the challenge in which a refusal is told. An empty answer would be
// sent as "=", to which Dovecot says BAD instead of AUTHENTICATIONFAILED.
func (c *xoauth2Client) Next([]byte) ([]byte, error) { return []byte{1}, nil }

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
