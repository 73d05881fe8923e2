package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"whyloop/mailer"
)

// aboutPing is the trouble of a ping that did not arrive.
const aboutPing = "ping"

// Bounds of a ping, and of what keeps it away.
const (
	pingWithin  = 10 * time.Second
	pingReply   = 4 << 10
	tickMissed  = 5 * time.Minute // the alarm rings each minute
	outboxStuck = time.Hour       // so long the oldest letter that could go has waited
)

// ping tells the one who waits for it that all works: only after a real round of work, so that a daemon that lives
// and does nothing is missed too.
func (d *daemon) ping(ctx context.Context) error {
	c := d.present().config
	if !c.Alerts.pings() {
		return nil
	}
	if err := d.worked(ctx, c); err != nil {
		d.log.Warn("no ping: something does not work", "why", oneLine(err))
		return nil
	}
	if err := sendPing(ctx, c.Alerts); err != nil {
		d.troubles.tell(aboutPing)(mailer.Alarm{What: "did not arrive"})
		return err
	}
	d.troubles.tell(aboutPing)(mailer.Alarm{})
	d.store.pulse.note(func(r *pulseReport) { r.Pinged = d.now() })
	return nil
}

// worked says what of a round of work is missing: mailbox read, alarm rung, letters on their way, store whole.
func (d *daemon) worked(ctx context.Context, c Config) error {
	if err := d.ready(ctx); err != nil {
		return err
	}
	stats, err := d.store.Stats(ctx)
	r, now := d.store.pulse.report(), d.now()
	switch {
	case err != nil:
		return err
	case now.Sub(r.IMAP) > 3*c.IMAP.Poll+late:
		return errors.New("the mailbox was not read")
	case now.Sub(r.Ticked) > tickMissed:
		return errors.New("the alarm did not ring")
	case !stats.Oldest.IsZero() && now.Sub(stats.Oldest) > outboxStuck:
		return errors.New("letters wait for too long")
	}
	return nil
}

// sendPing fetches the URL once. It follows no redirect, and its errors are fixed words: the URL is a secret.
func sendPing(ctx context.Context, a alertsConfig) error {
	where, err := a.url(ctx)
	if err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, pingWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return errors.New("ping: the URL cannot be used")
	}
	req.Header.Set("User-Agent", "whyloop")
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true // minutes lie between two
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		return errors.New("ping: " + pingFault(err))
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, pingReply)) // what it says does not matter
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return fmt.Errorf("ping: status %d", res.StatusCode)
	}
	return nil
}

// pingFault names an error of the network without what it says: that holds the URL.
func pingFault(err error) string {
	var dns *net.DNSError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.As(err, &dns):
		return "no such host"
	}
	return "cannot be reached"
}
