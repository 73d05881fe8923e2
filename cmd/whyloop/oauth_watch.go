package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"whyloop/mailer"
)

// listen says who is to hear of troubles.
func (t *tokens) listen(log *slog.Logger, alarm func(mailer.Alarm)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log, t.alarm = log, alarm
}

// How long the watch sleeps at the most and at the least: the machine may have slept too. In trouble it looks
// more often whether somebody has signed in anew.
const watchAtMost, watchInTrouble, watchAtLeast = time.Minute, 5 * time.Second, time.Second

// run renews the token ahead of its end for as long as ctx lasts, whether anybody signs in or not:
// so a provider's failure is known while the old bearer still opens the mailbox, and a refresh token
// does not die of idleness.
func (t *tokens) run(ctx context.Context) {
	warned := time.Time{}
	for ctx.Err() == nil {
		_ = t.renew(ctx, false) // it was logged, and told to the alarm
		if word := t.c.secretWord(t.now()); word != "" && t.now().Sub(warned) >= aDay {
			warned = t.now()
			t.log.Warn("client secret", "what", word)
		}
		timer := time.NewTimer(t.wait())
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-t.wake:
		}
		timer.Stop()
	}
}

// wait is until the next renewal, within the watch's bounds.
func (t *tokens) wait() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed.n > 0 {
		return min(max(t.failed.until.Sub(t.now()), watchAtLeast), watchInTrouble)
	}
	return min(max(t.have.renewAt().Sub(t.now()), watchAtLeast), watchAtMost)
}

// until is when the token at hand ends; zero where there is none.
func (t *tokens) until() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.have.Expires
}

// lookAtOAuth has a token, which is what `whyloop check` asks for.
func (c Config) lookAtOAuth(ctx context.Context) finding {
	if c.tokens == nil {
		return well("not used: passwords")
	}
	if _, err := c.tokens.Token(ctx); err != nil {
		return failed(err, mendOAuth(err))
	}
	found := fmt.Sprintf("%s, token until %s", c.OAuth.Provider, minute(c.tokens.until()))
	if word := c.OAuth.secretWord(c.tokens.now()); word != "" {
		what, mend, _ := strings.Cut(word, ": ")
		return warned(mend, "%s; %s", found, what)
	}
	return well("%s", found)
}

// mendOAuth says what mends a token that is not given.
func mendOAuth(err error) string {
	var g *grantError
	switch {
	case !errors.As(err, &g):
		return "look at oauth.token_file, its folder and its mode (0600); then: whyloop login"
	case g.kind == faultLogin:
		return "sign in anew: whyloop login"
	case g.kind == faultClient:
		return clientMend(g.code)
	case g.kind == faultGarbage:
		return "look at oauth.token_url: another server answers there"
	}
	return "the provider, or the way to it: look at its status page, this machine's DNS and firewall, and oauth.token_url; what waits goes out by itself afterwards"
}

// mend says what mends an error of a mail server's, however it is signed in to.
func (c Config) mend(name string, s serverConfig, err error) string {
	usual := mendServer(name, s, err)
	switch g := (*grantError)(nil); {
	case !c.OAuth.opens(name):
		return usual
	case errors.As(err, &g):
		return "see oauth above"
	case strings.HasPrefix(usual, fmt.Sprintf("look at %s.username", name)):
		return fmt.Sprintf("the token is good, but does not open this mailbox: look at %s.username, at what the app or the account may do there, and at oauth.scopes", name)
	}
	return usual
}

// minute writes a moment for a person.
func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// tokenMetrics tell a monitor how long tokens and the client secret still live.
type tokenMetrics struct {
	t             *tokens
	token, secret *prometheus.Desc
}

func newTokenMetrics(t *tokens) tokenMetrics {
	return tokenMetrics{
		t:      t,
		token:  prometheus.NewDesc("whyloop_oauth_token_seconds", "How long the access token still lives; it is renewed ten minutes before its end.", nil, nil),
		secret: prometheus.NewDesc("whyloop_oauth_secret_seconds", "How long the client secret still lives, where oauth.secret_expires says it.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (m tokenMetrics) Describe(ch chan<- *prometheus.Desc) { ch <- m.token; ch <- m.secret }

// Collect implements prometheus.Collector. Where passwords do, there is nothing to tell.
func (m tokenMetrics) Collect(ch chan<- prometheus.Metric) {
	if m.t == nil {
		return
	}
	set := func(d *prometheus.Desc, left time.Duration) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, max(0, left.Seconds()))
	}
	set(m.token, m.t.until().Sub(m.t.now()))
	if left, known := m.t.c.secretLeft(m.t.now()); known {
		set(m.secret, left)
	}
}

// together are several collectors as one.
type together []prometheus.Collector

// Describe implements prometheus.Collector.
func (all together) Describe(ch chan<- *prometheus.Desc) {
	for _, c := range all {
		c.Describe(ch)
	}
}

// Collect implements prometheus.Collector.
func (all together) Collect(ch chan<- prometheus.Metric) {
	for _, c := range all {
		c.Collect(ch)
	}
}
