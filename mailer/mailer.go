// Package mailer knows mail servers. It makes a letter's final bytes, sends what the
// outbox holds over SMTP, and brings what arrives over IMAP to the coach.
//
// It promises that a letter is sent at least once, and more than once only where a
// connection was lost after the final dot, and then with the same bytes and the same
// Message-ID; and that a mail is marked and passed only after its handling was
// committed. It refuses to write a header that anyone's name, subject or address could
// break, to send a letter to more than one recipient in a transaction, and to delete or
// move mail where the server cannot do it safely. It never logs an address, a subject or
// a word of a mail.
package mailer

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// TLSMode is how a connection is protected.
type TLSMode string

// The modes. TLSNone is for loopback addresses only, and refused elsewhere.
const (
	TLSDirect TLSMode = "tls"      // from the first byte (RFC 8314 §3)
	TLSStart  TLSMode = "starttls" // STARTTLS, and no mail without it (RFC 3207, RFC 9051 §6.2.1)
	TLSNone   TLSMode = "none"
)

// Server is where a mail server is and how to sign in there.
type Server struct {
	Host  string
	Port  int
	TLS   TLSMode
	Roots *x509.CertPool // who vouches for its certificate; nil: the system's
	Auth  Auth           // nil: not at all

	observe func(tls.ConnectionState) error                                      // sees a connection whose certificate was accepted; nil: nobody does
	connect func(ctx context.Context, network, address string) (net.Conn, error) // nil: over the network; tests have wires of their own
}

// Errors that concern us rather than a letter or a mail.
var (
	// ErrSignIn is a refused user name, password or token.
	ErrSignIn = errors.New("sign-in refused")
	// ErrUnprotected is a connection that would have gone over a network in the clear.
	ErrUnprotected = errors.New("connection is not protected by TLS")
)

// Address is host:port.
func (s Server) Address() string { return net.JoinHostPort(s.Host, fmt.Sprint(s.Port)) }

// check refuses a server that cannot be spoken to safely.
func (s Server) check() error {
	switch s.TLS {
	case TLSDirect, TLSStart:
		return nil
	case TLSNone:
		if isLoopback(s.Host) {
			return nil
		}
		return fmt.Errorf("server %s: %w", s.Host, ErrUnprotected)
	}
	return fmt.Errorf("server %s: unknown TLS mode %q", s.Host, s.TLS)
}

// isLoopback knows only names that cannot lead elsewhere.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s Server) tlsConfig(protocols ...string) *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12, NextProtos: protocols, VerifyConnection: s.observe}
}

// dial connects, with TLS from the first byte where the mode says so. The second
// connection is the socket under it: deadlines and Close act there at once, whatever a
// library holds locked above.
func (s Server) dial(ctx context.Context, timeout time.Duration, protocols ...string) (net.Conn, *wire, error) {
	if err := s.check(); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	connect := s.connect
	if connect == nil {
		connect = (&net.Dialer{}).DialContext
	}
	c, err := connect(ctx, "tcp", s.Address())
	if err != nil {
		return nil, nil, fmt.Errorf("connect: %w", err)
	}
	w := &wire{Conn: c}
	w.allow(noLimit)
	if s.TLS != TLSDirect {
		return w, w, nil
	}
	t := tls.Client(w, s.tlsConfig(protocols...))
	if err := t.HandshakeContext(ctx); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("shake hands: %w", err), ignoreClosed(c.Close()))
	}
	return t, w, nil
}

// wire is the socket, with a budget of bytes that may still be read: neither library
// limits what a server may send.
type wire struct {
	net.Conn
	left atomic.Int64
	own  bool // our own watchdogs end waits: go-imap's 30 s for a whole answer would cut slow links
}

func (w *wire) SetReadDeadline(t time.Time) error {
	if w.own {
		return nil
	}
	return w.Conn.SetReadDeadline(t)
}

// closeAfter closes the socket a while after ctx has ended, unless it is released before.
func (w *wire) closeAfter(ctx context.Context, grace time.Duration) (release func()) {
	var mu sync.Mutex
	var timer *time.Timer
	stop := context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		timer = time.AfterFunc(grace, func() { _ = w.Close() })
	})
	return func() {
		stop()
		mu.Lock()
		defer mu.Unlock()
		if timer != nil {
			timer.Stop()
		}
	}
}

// noLimit lifts the budget.
const noLimit = 1 << 62

// errFlood is a server that sends more than was asked for.
var errFlood = errors.New("server sends more than was asked for")

// allow sets how many bytes may be read from now on.
func (w *wire) allow(n int64) { w.left.Store(n) }

func (w *wire) Read(p []byte) (int, error) {
	if w.left.Load() <= 0 {
		return 0, errFlood
	}
	n, err := w.Conn.Read(p)
	w.left.Add(-int64(n))
	return n, err
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
