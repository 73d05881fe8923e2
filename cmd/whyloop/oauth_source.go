package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"whyloop/mailer"
)

// tokens hands out access tokens to all who sign in. One question to the provider is under way at a
// time, whoever waits for it; a refresh token is on the disk before it is used; and
// while a token lives, a provider that fails is only told of.
type tokens struct {
	c     oauthConfig
	who   string
	grant grants
	now   func() time.Time
	log   *slog.Logger
	alarm func(mailer.Alarm)
	wake  chan struct{} // the watch, when something failed

	mu      sync.Mutex // of what follows
	have    bearer
	refused string  // an access token that a mail server did not take
	unsaved *bearer // had, but not on the disk: its refresh token must not be used
	asked   *asking // under way
	failed  failure
	told    string // what the alarm was told last
}

var _ mailer.TokenSource = (*tokens)(nil)

// asking is a question that is under way.
type asking struct {
	done chan struct{}
	err  error
}

// failure is how asking fares.
type failure struct {
	n     int // in a row
	err   error
	until time.Time // not asked again before
}

// newTokens makes the source of a configuration's tokens; nil where passwords do.
func newTokens(c Config, now func() time.Time) *tokens {
	if !c.OAuth.given() {
		return nil
	}
	who := c.OAuth.User
	if who == "" {
		who = c.Mailbox.Address
	}
	return &tokens{c: c.OAuth, who: who, grant: grants{c.OAuth, now, grantWithin}, now: now,
		log: slog.New(slog.DiscardHandler), alarm: func(mailer.Alarm) {}, wake: make(chan struct{}, 1)}
}

// Token implements mailer.TokenSource.
func (t *tokens) Token(ctx context.Context) (string, error) {
	err := t.renew(ctx, false)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.have.alive(t.now()) && t.have.Access != t.refused {
		return t.have.Access, nil
	}
	if err == nil {
		err = errors.New("the new token is as dead as the old")
	}
	return "", err
}

// newborn is how old a token is at least before a refusal makes us ask for another: a new one that
// is refused is not at fault, but the rights behind it.
const newborn = time.Minute

// Refused implements mailer.TokenSource: the token was taken back before its end.
func (t *tokens) Refused(access string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if access == t.have.Access && t.now().Sub(t.have.Obtained) >= newborn {
		t.refused = access
	}
}

// renew asks for a token where the one at hand is not fresh and the last failure lies far enough
// back, or at once when told to. Everyone who comes meanwhile waits for the same answer.
func (t *tokens) renew(ctx context.Context, now bool) error {
	t.mu.Lock()
	c := t.asked
	if c == nil {
		if !now && t.failed.n == 0 && t.have.fresh(t.now()) && t.have.Access != t.refused {
			t.mu.Unlock()
			return nil
		}
		if !now && t.failed.n > 0 && t.now().Before(t.failed.until) && !t.newLogin() {
			defer t.mu.Unlock()
			return t.failed.err
		}
		c = &asking{done: make(chan struct{})}
		t.asked = c
		go t.ask(context.WithoutCancel(ctx), c) // who waits may leave; the answer is kept all the same
	}
	t.mu.Unlock()
	select {
	case <-c.done:
		return c.err
	case <-ctx.Done():
		return fmt.Errorf("wait for token: %w", ctx.Err())
	}
}

// newLogin tells whether another process has put a token of a later sign-in in place. The
// caller holds mu.
func (t *tokens) newLogin() bool {
	if t.c.flow() != flowCode {
		return false
	}
	stored, err := readToken(t.c.TokenFile)
	return err == nil && stored.Obtained.After(t.have.Obtained)
}

// ask is the question itself.
func (t *tokens) ask(ctx context.Context, c *asking) {
	ctx, cancel := context.WithTimeout(ctx, grantWithin+lockWithin)
	defer cancel()
	got, err := t.obtain(ctx)
	t.mu.Lock()
	if got.Access != "" {
		t.have, t.refused = got, ""
	}
	t.note(err)
	t.asked, c.err = nil, err
	t.mu.Unlock()
	close(c.done)
}

// lockWithin is how long another process's question is waited for.
const lockWithin = grantWithin + 5*time.Second

func (t *tokens) obtain(ctx context.Context) (bearer, error) {
	if t.c.flow() == flowClient {
		return t.grant.own(ctx)
	}
	release, err := lockToken(ctx, t.c.TokenFile)
	if err != nil {
		return bearer{}, err
	}
	defer release()
	stored, err := t.stored()
	if err != nil {
		return bearer{}, err
	}
	t.mu.Lock()
	usable := stored.fresh(t.now()) && stored.Access != t.refused
	if !usable {
		t.have = newer(t.have, stored) // it may live a while yet
	}
	t.mu.Unlock()
	if usable {
		return stored, nil // another process has asked
	}
	return t.next(ctx, stored)
}

func newer(a, b bearer) bearer {
	if b.Obtained.After(a.Obtained) {
		return b
	}
	return a
}

// stored reads the token file, having put there first what it could not take before.
func (t *tokens) stored() (bearer, error) {
	stored, err := readToken(t.c.TokenFile)
	if t.unsaved == nil || err == nil && stored.Obtained.After(t.unsaved.Obtained) {
		t.unsaved = nil // a later sign-in counts more
		return stored, t.loginError(err)
	}
	s, err := newSlot(t.c.TokenFile)
	if err == nil {
		err = s.keep(*t.unsaved)
	}
	if err != nil {
		return bearer{}, err
	}
	stored, t.unsaved = *t.unsaved, nil
	return stored, nil
}

// loginError says what mends a missing token.
func (t *tokens) loginError(err error) error {
	if errors.Is(err, errNoLogin) {
		return &grantError{kind: faultLogin, host: t.grant.host(), code: errNoLogin.Error(), under: err}
	}
	return err
}

// next trades a refresh token for the next access token.
func (t *tokens) next(ctx context.Context, old bearer) (bearer, error) {
	if old.ClientID != t.c.ClientID {
		return bearer{}, &grantError{kind: faultLogin, host: t.grant.host(), code: "it was for another client_id"}
	}
	room, err := newSlot(t.c.TokenFile)
	if err != nil {
		return bearer{}, err
	}
	got, err := t.grant.refresh(ctx, old.Refresh)
	if err != nil {
		room.drop()
		return bearer{}, err
	}
	got.User = old.User
	if got.Refresh == "" {
		got.Refresh = old.Refresh
	}
	if err := room.keep(got); err != nil {
		t.unsaved = &got
		return got, err // the access token is good; its refresh token waits for the disk
	}
	return got, nil
}

// note learns from how a question went, and tells of it. The caller holds mu.
func (t *tokens) note(err error) {
	if err == nil {
		t.failed = failure{}
		t.log.Info("token renewed", "until", t.have.Expires)
		t.tell("")
		return
	}
	t.failed.n++
	select {
	case t.wake <- struct{}{}:
	default:
	}
	pause := t.pause(err)
	t.failed.err, t.failed.until = err, t.now().Add(pause)
	left := max(0, t.have.Expires.Sub(t.now()))
	if t.have.Access == "" {
		left = 0
	}
	t.log.Warn("token could not be renewed", "why", err, "failures", t.failed.n, "again_in", pause, "old_one_lives", left.Round(time.Second))
	var g *grantError
	switch {
	case errors.As(err, &g) && g.lasting():
		t.tell("token-" + string(g.kind))
	case t.failed.n >= patience, !t.have.alive(t.now()):
		t.tell("token-" + t.kindOf(err))
	}
}

// patience is how many failures in a row nobody needs to hear of.
const patience = 3

// kindOf is a fixed word for a trouble that may pass.
func (t *tokens) kindOf(err error) string {
	if g := (*grantError)(nil); errors.As(err, &g) {
		return string(g.kind)
	}
	return "file"
}

// pause is how long to wait after a failure: longer each time, and as the provider asks. What wants
// a person is tried every five minutes: a secret may have been replaced.
func (t *tokens) pause(err error) time.Duration {
	steps := []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute}
	wait := steps[min(t.failed.n, len(steps))-1]
	var g *grantError
	if !errors.As(err, &g) {
		return wait
	}
	if g.lasting() {
		return steps[len(steps)-1]
	}
	return max(wait, g.again)
}

// tell tells the alarm what changed. The caller holds mu.
func (t *tokens) tell(what string) {
	if what != t.told {
		t.told = what
		t.alarm(mailer.Alarm{What: what})
	}
}
