package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"whyloop/conversation/sqlite"
)

// alertsConfig says how an admin hears of troubles without looking. Its zero value tells nobody.
type alertsConfig struct {
	To   string
	URL  string
	Ping Secret // the same URL, from a file: whoever has it can say that all is well
}

func (c *Config) alertsSection() section {
	a := &c.Alerts
	return section{"alerts", "How you hear of troubles without looking: see monitoring.md.", []setting{
		{key: "to", value: text(&a.To, isAddress), example: `"you@example.net"`,
			doc: "Where a mail goes when something needs you, once a day at most: counts and commands, no names and nobody's words. An address on another mail server, that no rep and no manager has."},
		{key: "ping_url", value: text(&a.URL, isPingURL), example: `"https://ping.example.net/0123"`,
			doc: "A URL that is fetched every five minutes while all works, so that somebody else notices when it does not (a dead man's switch). Plain http only on this machine."},
		{key: "ping_url_file", value: text(&a.Ping.File), example: `"ping-url"`, doc: "Or a file that holds it, mode 0600."},
	}}
}

// pings reports whether anybody is to be told that all works.
func (a alertsConfig) pings() bool { return a.URL != "" || a.Ping.given() }

// url is what is fetched. Its errors never hold it.
func (a alertsConfig) url(ctx context.Context) (string, error) {
	if a.URL != "" {
		return a.URL, nil
	}
	text, err := a.Ping.read(ctx)
	if err != nil {
		return "", err
	}
	if isPingURL(text) != nil {
		return "", fmt.Errorf("%s holds no https URL", a.Ping.File)
	}
	return text, nil
}

// isPingURL accepts a URL that may cross the network: its path is a secret.
func isPingURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("want a URL like \"https://ping.example.net/0123\"")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return errors.New("plain http would show the URL, which is a secret, to the network; use https")
	case u.User != nil || u.Fragment != "":
		return errors.New("want a URL without a user and without a hash")
	}
	return nil
}

// checkAlerts checks what no single value of [alerts] shows.
func (r *configReader) checkAlerts(c *Config) {
	a := c.Alerts
	if a.To != "" && sameMailbox(a.To, c.Mailbox.Address) {
		r.complain("alerts.to", "alerts.to is the coaching mailbox itself, which whyloop reads and nobody else; name another address, best on another server")
	}
	if a.URL != "" && a.Ping.given() {
		r.complain("alerts.ping_url_file", "[alerts] has both ping_url and ping_url_file; keep one")
	}
}

// sameMailbox compares addresses as plus addressing does: coach+x@ is coach@.
func sameMailbox(a, b string) bool {
	base := func(s string) string {
		local, domain, _ := strings.Cut(strings.ToLower(s), "@")
		local, _, _ = strings.Cut(local, "+")
		return local + "@" + domain
	}
	return base(a) == base(b)
}

// closed are the addresses that nobody who takes part may have.
func (c Config) closed() []string {
	all := []string{c.Mailbox.Address}
	if c.Alerts.To != "" {
		all = append(all, c.Alerts.To)
	}
	return all
}

// admitsAlerts refuses an address for alerts that a rep or a manager has: how many letters wait or came back is not
// for somebody who takes part.
func (c Config) admitsAlerts(ctx context.Context, s *sqlite.Store) error {
	if c.Alerts.To == "" {
		return nil
	}
	all, err := s.List(ctx)
	if err != nil {
		return err
	}
	for _, r := range all {
		if strings.EqualFold(r.Address, c.Alerts.To) || strings.EqualFold(r.Manager, c.Alerts.To) {
			return errors.New("alerts.to is the address of a rep or of a manager; name another, best on another mail server")
		}
	}
	return nil
}

// lookAtAlerts is what `whyloop check` says of it. Nothing is sent or fetched.
func (c Config) lookAtAlerts(ctx context.Context) (string, error) {
	s, err := sqlite.Open(c.Store.Path)
	if err != nil {
		return "", err
	}
	if err := errors.Join(c.admitsAlerts(ctx, s), s.Close()); err != nil {
		return "", err
	}
	found := []string{"no mail"}
	if c.Alerts.To != "" {
		found[0] = "a mail to " + c.Alerts.To
	}
	if c.Alerts.pings() {
		if _, err := c.Alerts.url(ctx); err != nil {
			return "", fmt.Errorf("alerts.ping_url_file: %w", err)
		}
		found = append(found, "a ping")
	}
	return strings.Join(found, ", "), nil
}
