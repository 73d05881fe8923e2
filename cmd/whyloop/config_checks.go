package main

import (
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"whyloop/conversation"
)

// oneOf accepts a few words.
func oneOf(words ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(words, s) {
			return fmt.Errorf("want one of %s, got %q", strings.Join(words, ", "), s)
		}
		return nil
	}
}

// isAddress accepts a bare ASCII addr-spec (RFC 5322 §3.4.1).
func isAddress(s string) error {
	a, err := mail.ParseAddress(s)
	ascii := strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
	if err != nil || a.Address != s || !ascii {
		return fmt.Errorf("want a bare address like \"coach@example.com\", got %q", s)
	}
	return nil
}

// isDate accepts a day, "2026-12-25".
func isDate(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return fmt.Errorf("want a day like \"2026-12-25\", got %q", s)
	}
	return nil
}

// isDomain accepts a domain without "@".
func isDomain(s string) error {
	if strings.ContainsAny(s, "@ /:") || !strings.Contains(s, ".") {
		return fmt.Errorf("want a domain like \"example.com\", got %q", s)
	}
	return nil
}

// isHost accepts a host name without a port.
func isHost(s string) error {
	if strings.ContainsAny(s, " /@") || (strings.Contains(s, ":") && net.ParseIP(s) == nil) {
		return fmt.Errorf("want a host name like \"imap.example.com\" without a port, got %q", s)
	}
	return nil
}

// isLoopback accepts host:port on this machine only: what is served there has no sign-in.
func isLoopback(s string) error {
	host, _, err := net.SplitHostPort(s)
	if err != nil {
		return fmt.Errorf("want an address like \"127.0.0.1:9465\", got %q", s)
	}
	if !loopback(host) {
		return fmt.Errorf("want a loopback address like \"127.0.0.1:9465\" (it has no sign-in), got %q", s)
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// parseWeekly parses "minute hour day-of-month month weekday" and refuses what can ring twice in one
// ISO week, or never: a letter a week is the most a rep gets of each kind. Zones are refused:
// the time is the rep's own.
func parseWeekly(expr string) (cron.Schedule, error) {
	if strings.Contains(expr, "TZ=") {
		return nil, fmt.Errorf("%q: leave the zone out, it is each rep's own", expr)
	}
	s, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(expr)
	if err != nil {
		return nil, fmt.Errorf("%q is no cron expression (minute hour day month weekday): %w", expr, err)
	}
	return s, onceAWeek(expr, s)
}

// checkedYears is how far ahead onceAWeek looks: a leap cycle, in which every date meets
// every weekday, and a few years more.
const checkedYears = 30

func onceAWeek(expr string, s conversation.Schedule) error {
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	at := s.Next(start.Add(-time.Minute))
	if at.IsZero() {
		return fmt.Errorf("%q never rings", expr)
	}
	for at.Before(start.AddDate(checkedYears, 0, 0)) {
		next := s.Next(at)
		if next.IsZero() {
			break
		}
		y, w := at.ISOWeek()
		if ny, nw := next.ISOWeek(); ny == y && nw == w {
			return fmt.Errorf("%q rings more than once in a week (%s and %s); one time on one weekday, like \"30 8 * * 1\"",
				expr, at.Format("Mon 2 Jan 2006 15:04"), next.Format("Mon 2 Jan 2006 15:04"))
		}
		at = next
	}
	return nil
}
