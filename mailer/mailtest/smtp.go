package mailtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Envelope is a mail that the SMTP server has accepted (its client got 250 after the final dot).
type Envelope struct {
	From string
	To   []string
	User string // who had signed in; "" for nobody
	TLS  bool
	Raw  []byte // as the client sent it, dot-stuffing undone

	// Of the DSN extension (RFC 3461); zero where the client gave none.
	EnvID  string
	Return string
	Notify []string // of the last recipient
}

// Accepted returns what was accepted so far, oldest first.
func (s *Servers) Accepted() []Envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Envelope(nil), s.accepted...)
}

// WaitAccepted returns once n mails were accepted, or with the context's error.
func (s *Servers) WaitAccepted(ctx context.Context, n int) ([]Envelope, error) {
	for {
		s.mu.Lock()
		all, more := append([]Envelope(nil), s.accepted...), s.taken
		s.mu.Unlock()
		if len(all) >= n {
			return all, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return all, fmt.Errorf("%d of %d mails accepted: %w", len(all), n, ctx.Err())
		}
	}
}

func (s *Servers) newSMTP(tlsConfig *tls.Config) *smtp.Server {
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &smtpSession{servers: s, conn: c}, nil
	}))
	srv.Domain = s.opts.Domain
	srv.TLSConfig = tlsConfig
	srv.AllowInsecureAuth = true // the sockets are loopback's
	srv.EnableDSN = !s.opts.NoDSN
	srv.MaxMessageBytes = 50 << 20
	srv.ErrorLog = quiet()
	return srv
}

func (s *Servers) smtpConn(c net.Conn) net.Conn {
	ask := func(st Step) Fault {
		s.mu.Lock()
		h := s.smtpHook
		s.mu.Unlock()
		if h == nil {
			return Fault{}
		}
		s.asking.Lock()
		defer s.asking.Unlock()
		return h(st)
	}
	return &scripted{Conn: c, smtp: true, ask: ask, id: s.smtpSteps.conn(), count: &s.smtpSteps}
}

// smtpSession is one client's.
type smtpSession struct {
	servers *Servers
	conn    *smtp.Conn
	user    string
	env     Envelope
}

func (x *smtpSession) Reset()        { x.env = Envelope{} }
func (x *smtpSession) Logout() error { return nil }

// AuthMechanisms are what AUTH offers (RFC 4954 §3).
func (x *smtpSession) AuthMechanisms() []string { return x.servers.mechanisms() }

// Auth begins a sign-in.
func (x *smtpSession) Auth(mech string) (sasl.Server, error) {
	srv, err := x.servers.saslServer(mech, func(u *user) { x.user = u.address })
	if err != nil {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	return smtpSASL{srv}, nil
}

// smtpSASL puts a refusal into SMTP's words.
type smtpSASL struct{ sasl.Server }

func (s smtpSASL) Next(response []byte) ([]byte, bool, error) {
	challenge, done, err := s.Server.Next(response)
	if err != nil {
		err = smtp.ErrAuthFailed
	}
	return challenge, done, err
}

func (x *smtpSession) Mail(from string, o *smtp.MailOptions) error {
	if x.user == "" && !x.servers.opts.OpenRelay {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	x.env = Envelope{From: from, User: x.user, EnvID: o.EnvelopeID, Return: string(o.Return)}
	_, x.env.TLS = x.conn.TLSConnectionState()
	return nil
}

func (x *smtpSession) Rcpt(to string, o *smtp.RcptOptions) error {
	_, domain, _ := strings.Cut(strings.ToLower(to), "@")
	if domain == x.servers.opts.Domain && x.servers.lookup(to) == nil {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user"}
	}
	x.env.To = append(x.env.To, to)
	x.env.Notify = nil
	for _, n := range o.Notify {
		x.env.Notify = append(x.env.Notify, string(n))
	}
	return nil
}

func (x *smtpSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if c, ok := x.conn.Conn().(*scripted); ok {
		if f := c.takeVerdict(); f.Reply != "" {
			return replyError(f.Reply)
		}
	}
	x.env.Raw = raw
	x.servers.Deliver(x.env)
	return nil
}

// replyError makes a reply of the hook's an error of the library's.
func replyError(reply string) error {
	code, text, _ := strings.Cut(reply, " ")
	n, err := strconv.Atoi(code)
	if err != nil {
		return fmt.Errorf("reply %q has no code: %w", reply, err)
	}
	return &smtp.SMTPError{Code: n, EnhancedCode: smtp.NoEnhancedCode, Message: text}
}

// Deliver takes a mail as if it had come over SMTP: it is recorded and put into the INBOX of
// each recipient that is a user. Recipients elsewhere are recorded only.
func (s *Servers) Deliver(e Envelope) {
	for _, to := range e.To {
		if u := s.lookup(to); u != nil {
			_, _ = u.box.Append("INBOX", bytes.NewReader(s.stamp(e, to)), &imap.AppendOptions{Time: s.opts.Now()}) // INBOX is there always
		}
	}
	s.mu.Lock()
	s.accepted = append(s.accepted, e)
	close(s.taken)
	s.taken = make(chan struct{})
	s.mu.Unlock()
}

// stamp adds what a final delivery adds: Return-Path and Received (RFC 5321 §4.4), Delivered-To
// and, when asked, Authentication-Results, of which forged ones are taken out (RFC 8601 §5).
func (s *Servers) stamp(e Envelope, to string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\nDelivered-To: %s\r\n", e.From, to)
	raw := e.Raw
	if id := s.opts.AuthServID; id != "" {
		raw = stripResults(raw, id)
		from, verdict := fromAddress(raw), "fail"
		if from != "" && strings.EqualFold(from, e.User) {
			verdict = "pass"
		}
		_, domain, _ := strings.Cut(from, "@")
		fmt.Fprintf(&b, "Authentication-Results: %s;\r\n\tdmarc=%s header.from=%s\r\n", id, verdict, domain)
	}
	fmt.Fprintf(&b, "Received: from client.invalid (localhost [127.0.0.1])\r\n\tby mx.%s with ESMTP id %06d\r\n\tfor <%s>; %s\r\n",
		s.opts.Domain, s.nextID.Add(1), to, s.opts.Now().Format(time.RFC1123Z))
	b.Write(raw)
	return b.Bytes()
}

// fromAddress is the one author's address in lower case, "" when there is not exactly one.
func fromAddress(raw []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil || len(m.Header["From"]) != 1 {
		return ""
	}
	a, err := mail.ParseAddress(m.Header.Get("From"))
	if err != nil {
		return ""
	}
	return strings.ToLower(a.Address)
}

// stripResults takes the Authentication-Results fields out that bear an authserv-id of ours.
func stripResults(raw []byte, id string) []byte {
	var out []byte
	for len(raw) > 0 && !bytes.HasPrefix(raw, []byte("\r\n")) {
		end := fieldEnd(raw)
		name, value, _ := strings.Cut(string(raw[:end]), ":")
		if !strings.EqualFold(name, "Authentication-Results") || !strings.Contains(strings.ToLower(value), strings.ToLower(id)) {
			out = append(out, raw[:end]...)
		}
		raw = raw[end:]
	}
	return append(out, raw...)
}

// fieldEnd is where the first header field ends, its folded lines included.
func fieldEnd(raw []byte) int {
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\n' && (i+1 == len(raw) || raw[i+1] != ' ' && raw[i+1] != '\t') {
			return i + 1
		}
	}
	return len(raw)
}
