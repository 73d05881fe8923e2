// Package mailtest is a mail provider in the process: an IMAP and an SMTP server
// on loopback sockets that know the same users. What is submitted over SMTP for one
// of them lies in that user's INBOX a moment later, with the trace fields a real
// server adds; everything accepted is recorded for assertions. Each step of either
// protocol can be made to fail by a hook, and what a real server may lack (MOVE,
// UIDPLUS, keywords) can be left out.
//
// It is made for tests and for the demo. It keeps everything in memory, and its
// servers listen on 127.0.0.1 alone:
//
//	s, err := mailtest.New(mailtest.Options{Domain: "demo.test"})
//	defer s.Close()
//	s.AddUser("coach@demo.test", "pw")
//	... s.IMAPAddr, s.SMTPAddr ...
//
// It differs from a real server in these: flags are lower-cased, there is no
// CONDSTORE and no special use, and faults are possible on plain connections only.
package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"
)

// Options say what kind of provider it is. The zero value is a friendly one at demo.test.
type Options struct {
	Domain string // of its users; "" means demo.test

	// Epoch is the UIDVALIDITY its mailboxes begin with (RFC 3501 §2.3.1.1). 0 takes the
	// seconds of the clock, so that a cursor of an earlier process is not taken for one of this.
	Epoch uint32

	TLS bool // make a CA, offer STARTTLS and open IMAPSAddr and SMTPSAddr

	NoMove     bool // no MOVE (RFC 6851)
	NoUIDPlus  bool // no UIDPLUS (RFC 4315)
	NoKeywords bool // no flags of the client's own: PERMANENTFLAGS without \*
	NoDSN      bool // no DSN extension (RFC 3461)

	// AuthServID, when set, makes it add an Authentication-Results field (RFC 8601) of that
	// name to what it delivers, and strip those that bear it already: dmarc=pass when the
	// From address is that of the user who signed in, else dmarc=fail.
	AuthServID string

	// Mechanisms are the SASL mechanisms offered; nil means PLAIN, LOGIN and XOAUTH2. OAUTHBEARER is known too.
	Mechanisms []string

	// Token, when set, says whether a token opens a user's mailbox; nil takes the password for it.
	Token func(user, token string) bool

	OpenRelay bool // take mail without AUTH (RFC 4954)

	Now func() time.Time // for Received and INTERNALDATE; nil means time.Now
}

// Servers are a running IMAP and SMTP server. Their methods may be called at any time and
// from any goroutine.
type Servers struct {
	IMAPAddr, SMTPAddr   string // host:port, plain, with STARTTLS when Options.TLS
	IMAPSAddr, SMTPSAddr string // host:port, implicit TLS; "" without Options.TLS

	opts   Options
	ca     *authority
	epoch  atomic.Uint32
	nextID atomic.Uint32 // of queue ids

	imap    *imapserver.Server
	smtp    *smtp.Server
	inspect string // an address of the IMAP server without faults
	conns   connSet
	doors   []net.Listener

	smtpSteps, imapSteps steps

	wg sync.WaitGroup // serving loops and IMAP sessions

	mu       sync.Mutex
	users    map[string]*user
	accepted []Envelope
	taken    chan struct{} // closed and replaced at each new mail in accepted
	smtpHook func(Step) Fault
	imapHook func(Step) Fault
	asking   sync.Mutex // one hook call at a time
	closed   bool
}

type user struct {
	address, password string
	box               *imapmemserver.User
}

// New starts the servers. The error is that of listening or of making a certificate.
func New(o Options) (*Servers, error) {
	if o.Domain == "" {
		o.Domain = "demo.test"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Servers{opts: o, users: map[string]*user{}, taken: make(chan struct{})}
	s.epoch.Store(o.Epoch)
	if o.Epoch == 0 {
		s.epoch.Store(uint32(time.Now().Unix()))
	}
	var tlsConfig *tls.Config
	if o.TLS {
		var err error
		if s.ca, err = newAuthority(); err != nil {
			return nil, fmt.Errorf("make certificate: %w", err)
		}
		tlsConfig = s.ca.serverConfig()
	}
	s.imap = s.newIMAP(tlsConfig)
	s.smtp = s.newSMTP(tlsConfig)
	if err := s.listen(tlsConfig); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// listen opens the sockets and serves them.
func (s *Servers) listen(tlsConfig *tls.Config) error {
	type door struct {
		addr  *string
		serve func(net.Listener) error
		wrap  func(net.Listener) net.Listener
	}
	direct := func(l net.Listener) net.Listener {
		return tls.NewListener(&listener{Listener: l, set: &s.conns}, tlsConfig)
	}
	doors := []door{
		{&s.IMAPAddr, s.imap.Serve, func(l net.Listener) net.Listener {
			return &listener{Listener: l, set: &s.conns, wrap: s.imapConn}
		}},
		{&s.SMTPAddr, s.smtp.Serve, func(l net.Listener) net.Listener {
			return &listener{Listener: l, set: &s.conns, wrap: s.smtpConn}
		}},
		{&s.inspect, s.imap.Serve, func(l net.Listener) net.Listener { return &listener{Listener: l, set: &s.conns} }},
	}
	if tlsConfig != nil {
		doors = append(doors, door{&s.IMAPSAddr, s.imap.Serve, direct}, door{&s.SMTPSAddr, s.smtp.Serve, direct})
	}
	for _, d := range doors {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
		*d.addr = l.Addr().String()
		s.doors = append(s.doors, l)
		s.wg.Add(1)
		go func() {
			defer s.wg.Done()
			_ = d.serve(d.wrap(l)) // it ends when Close closes the listener
		}()
	}
	return nil
}

// Close ends all connections and returns when nothing of the servers runs any more.
func (s *Servers) Close() error {
	s.mu.Lock()
	closed := s.closed
	s.closed = true
	s.mu.Unlock()
	if closed {
		return nil
	}
	err := errors.Join(s.imap.Close(), s.smtp.Close())
	for _, l := range s.doors {
		_ = l.Close() // a server that had not begun to serve does not know its own
	}
	s.conns.closeAll()
	s.wg.Wait()
	return err
}

// AddUser makes a mailbox with INBOX and Junk. The address, in lower case, is the user
// name too. Adding it again replaces it by an empty one.
func (s *Servers) AddUser(address, password string) {
	address = strings.ToLower(address)
	box := imapmemserver.NewUser(address, password)
	for _, name := range []string{"INBOX", "Junk"} {
		_ = box.Create(name, nil) // it fails on a name that exists only
	}
	s.mu.Lock()
	s.users[address] = &user{address, password, box}
	s.mu.Unlock()
}

// lookup finds whose mailbox an address is; a local part's "+detail" is passed over (RFC 5233).
func (s *Servers) lookup(address string) *user {
	address = strings.ToLower(address)
	if local, domain, ok := strings.Cut(address, "@"); ok {
		local, _, _ = strings.Cut(local, "+")
		address = local + "@" + domain
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.users[address]
}

// signIn checks a user's password.
func (s *Servers) signIn(name, password string) (*user, error) {
	s.mu.Lock()
	u := s.users[strings.ToLower(name)]
	s.mu.Unlock()
	if u == nil || u.box.Login(u.address, password) != nil {
		return nil, imapserver.ErrAuthFailed
	}
	return u, nil
}

// SetEpoch changes the UIDVALIDITY of all mailboxes for sessions that select them from now on.
func (s *Servers) SetEpoch(epoch uint32) { s.epoch.Store(epoch) }

// Roots are the certificates that vouch for the servers; nil without Options.TLS.
func (s *Servers) Roots() *x509.CertPool {
	if s.ca == nil {
		return nil
	}
	return s.ca.pool
}

// RootPEM is the CA's certificate as a file would hold it; nil without Options.TLS.
func (s *Servers) RootPEM() []byte {
	if s.ca == nil {
		return nil
	}
	return s.ca.pem
}

// Disconnect ends every connection there is, as a restart of the provider would.
func (s *Servers) Disconnect() { s.conns.closeAll() }

// quiet drops what the libraries would print about broken connections.
func quiet() *log.Logger { return log.New(discard{}, "", 0) }

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
