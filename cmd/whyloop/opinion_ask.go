package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"

	"whyloop/conversation"
)

// What can be wrong with asking: fixed words, the only thing said of it in logs.
const (
	faultResting = "resting" // it failed before, and is left alone for a while
	faultStopped = "stopped" // whyloop is told to stop: no fault of the endpoint
	faultKey     = "key"     // the API key cannot be read
	faultReach   = "unreachable"
	faultTimeout = "timeout"
	faultStatus  = "status"
	faultSize    = "too-big"
	faultJunk    = "junk"   // no chat completion
	faultSchema  = "schema" // a completion, but not what was asked for
	faultRange   = "range"  // an answer that does not exist, a certainty that cannot be
)

// opinionFault is why there is no opinion. It holds nothing that was sent or that came back.
type opinionFault struct {
	what   string
	status int // of faultStatus: the HTTP status
	err    error
}

// Error implements error; what it wraps is for `whyloop check`, which sends no rep's words.
func (f opinionFault) Error() string {
	switch {
	case f.status != 0:
		return fmt.Sprintf("%s %d", f.what, f.status)
	case f.err != nil:
		return fmt.Sprintf("%s: %v", f.what, f.err)
	}
	return f.what
}

// Unwrap returns the error beneath.
func (f opinionFault) Unwrap() error { return f.err }

func fault(what string, err error) error { return opinionFault{what: what, err: err} }

// maxReply bounds what is read of an answer, in bytes: a verdict is a line, the rest is its envelope.
const maxReply = 64 << 10

// newOpinionClient follows no redirect, which could lead words elsewhere; and where the endpoint
// is on this machine, it connects to nothing else, whatever a name resolves to, and asks no proxy.
func newOpinionClient(c judgeConfig) *http.Client {
	dialer := &net.Dialer{Timeout: c.Timeout}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConns: 1, IdleConnTimeout: restFor,
		MaxResponseHeaderBytes: maxReply, TLSHandshakeTimeout: c.Timeout, ForceAttemptHTTP2: true, DialContext: dialer.DialContext}
	if c.here() {
		transport.Proxy, dialer.Control = nil, onlyHere
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// onlyHere refuses to connect to anywhere but this machine.
func onlyHere(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !to.Addr().Unmap().IsLoopback() {
		return errors.New("judge.url leads to another machine")
	}
	return nil
}

// ask asks about one answer. Every error is an opinionFault.
func (o *opinion) ask(ctx context.Context, l conversation.Ladder, answer string, names []string) (view, error) {
	if o.rest.resting(o.now()) {
		o.tally.spared.Add(1)
		return view{}, fault(faultResting, nil)
	}
	o.tally.asked.Add(1)
	inTime, cancel := context.WithTimeout(ctx, o.config.Timeout)
	defer cancel()
	content, err := o.post(inTime, newInquiry(o.config.Model, l, answer, newRedactor(names)))
	var v view
	if err == nil {
		v, err = readView(content, len(l.Rungs))
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return view{}, fault(faultStopped, nil)
	case err != nil && inTime.Err() != nil:
		err = fault(faultTimeout, nil)
	}
	o.rest.note(err != nil, o.now())
	if err != nil {
		o.tally.failed.Add(1)
	}
	return v, err
}

// post sends a question and returns what the model wrote.
func (o *opinion) post(ctx context.Context, q inquiry) (string, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return "", fault(faultJunk, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, o.config.endpoint(), bytes.NewReader(body))
	if err != nil {
		return "", fault(faultReach, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "whyloop")
	if err := o.sign(ctx, req); err != nil {
		return "", fault(faultKey, err)
	}
	res, err := o.client.Do(req)
	if err != nil {
		return "", fault(faultReach, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		o.forgetKey(res.StatusCode)
		return "", opinionFault{what: faultStatus, status: res.StatusCode}
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxReply+1))
	switch {
	case err != nil:
		return "", fault(faultReach, err)
	case len(data) > maxReply:
		return "", fault(faultSize, nil)
	}
	return readCompletion(data)
}

// sign adds the API key, which is read once and kept: a password manager may take seconds.
func (o *opinion) sign(ctx context.Context, req *http.Request) error {
	if !o.config.Key.given() {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.key == "" {
		key, err := o.config.Key.read(ctx)
		if err != nil {
			return err
		}
		o.key = key
	}
	req.Header.Set("Authorization", "Bearer "+o.key)
	return nil
}

// forgetKey has the key read again once it was refused: it may have been replaced.
func (o *opinion) forgetKey(status int) {
	if status == http.StatusUnauthorized || status == http.StatusForbidden {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.key = ""
	}
}
