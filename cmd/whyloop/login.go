package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"
)

type loginCmd struct {
	Now    loginNowCmd    `cmd:"" default:"withargs" help:"Sign in at the provider, in a browser here or elsewhere."`
	Status loginStatusCmd `cmd:"" help:"Who is signed in, until when, and when the client secret ends; never the token."`
}

type loginNowCmd struct {
	Wait time.Duration `default:"10m" help:"How long to wait for the browser."`
}

// Help is shown under the command's own --help.
func (loginNowCmd) Help() string {
	return `Prints an address to open in a browser, in which you sign in as the coaching mailbox. The browser then comes back to this machine. If it runs on another one (you work over ssh), its last page does not load: copy that page's address and paste it here. A daemon at work takes the new token up by itself, within a minute.`
}

// errNoOAuth is a configuration with passwords.
var errNoOAuth = errors.New("the configuration has no [oauth] provider: it signs in with passwords, which need no login")

// Run signs in and keeps the token.
func (cmd loginNowCmd) Run(env *environ) error {
	syscall.Umask(0o077)
	c, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	if c.tokens == nil {
		return errNoOAuth
	}
	ctx, cancel := context.WithTimeout(env.ctx, cmd.Wait)
	defer cancel()
	if c.OAuth.flow() == flowClient {
		return c.tokens.tryOwn(ctx, env)
	}
	got, err := c.tokens.browse(ctx, env.stdin, env.stdout)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "\nSigned in. The token is kept in %s (mode 0600) and renewed by itself; this one lives until %s.\nNext: whyloop --config %s check\n",
		c.OAuth.TokenFile, minute(got.Expires), env.config)
	return nil
}

// tryOwn proves that the app can sign in; nothing is kept.
func (t *tokens) tryOwn(ctx context.Context, env *environ) error {
	got, err := t.grant.own(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "Client credentials need no browser. The provider gave a token that lives until %s; none is kept on disk.\nNext: whyloop --config %s check\n",
		minute(got.Expires), env.config)
	return nil
}

type loginStatusCmd struct{}

// Help is shown under the command's own --help.
func (loginStatusCmd) Help() string {
	return `Reads what is kept and asks nobody. The exit code is 1 when a login, or a new client secret, is needed.`
}

// Run prints how the sign-in stands.
func (loginStatusCmd) Run(env *environ) error {
	c, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	if c.tokens == nil {
		return errNoOAuth
	}
	return c.tokens.status(env.stdout, env.now())
}

func (t *tokens) status(w io.Writer, now time.Time) error {
	o := t.c
	line := func(what, format string, args ...any) {
		fmt.Fprintf(w, "%-14s %s\n", what, fmt.Sprintf(format, args...))
	}
	line("provider", "%s, %s", o.Provider, o.flow())
	line("who", "%s", t.who)
	line("app", "%s", o.ClientID)
	err := t.tokenStatus(line, now)
	switch left, known := o.secretLeft(now); {
	case !o.Secret.given():
		line("client secret", "none")
	case !known:
		line("client secret", "its end is not known; write it into oauth.secret_expires")
	case left <= 0:
		line("client secret", "EXPIRED on %s", o.SecretExpires)
		err = errors.Join(err, errors.New(o.secretWord(now)))
	case left <= secretWarning:
		line("client secret", "WARNING: %s", o.secretWord(now))
	default:
		line("client secret", "expires on %s, in %s", o.SecretExpires, count(int(left/aDay), "day"))
	}
	return err
}

// tokenStatus is about the token alone.
func (t *tokens) tokenStatus(line func(what, format string, args ...any), now time.Time) error {
	if t.c.flow() == flowClient {
		line("token", "had from the provider when needed; none is kept")
		return nil
	}
	kept, err := readToken(t.c.TokenFile)
	if err != nil {
		line("token", "none: %v", err)
		return fmt.Errorf("%w; mend it with: whyloop login", err)
	}
	state := "lives until"
	if !kept.alive(now) {
		state = "ended at" // the daemon, or whoever signs in next, renews it
	}
	line("token", "%s %s", state, minute(kept.Expires))
	line("refresh token", "present, had on %s", minute(kept.Obtained))
	line("kept in", "%s", t.c.TokenFile)
	if kept.ClientID != t.c.ClientID {
		return errors.New("that token is for another oauth.client_id; mend it with: whyloop login")
	}
	return nil
}
