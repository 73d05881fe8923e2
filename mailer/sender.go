package mailer

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"whyloop/conversation"
	"whyloop/conversation/crash"
)

// SenderConfig says where letters are handed in.
type SenderConfig struct {
	Server Server
	From   string // envelope sender: the mailbox itself, so that bounces arrive
	Helo   string // our name in EHLO (RFC 5321 §4.1.1.1); "" means localhost
	Limits SMTPTimeouts
}

// SMTPTimeouts are how long each answer is waited for. The zero value of each field means
// RFC 5321 §4.5.3.2's own, which are long: a server that thinks is not one that is gone.
type SMTPTimeouts struct {
	Connect time.Duration // to connect, greet, shake hands and sign in; 1 min
	Command time.Duration // MAIL, RCPT and DATA; 5 min
	Body    time.Duration // to take the letter's bytes; 3 min
	Dot     time.Duration // after the final dot; 10 min: giving up earlier makes duplicates
	Grace   time.Duration // for the letter in hand once the context has ended; 8 s
}

func (t SMTPTimeouts) withDefaults() SMTPTimeouts {
	set := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	set(&t.Connect, time.Minute)
	set(&t.Command, 5*time.Minute)
	set(&t.Body, 3*time.Minute)
	set(&t.Dot, 10*time.Minute)
	set(&t.Grace, 8*time.Second)
	return t
}

// Sender hands letters in over SMTP, many over one connection. It is for one goroutine at a
// time; Close may be called from any.
type Sender struct {
	c SenderConfig

	mu     sync.Mutex // of what follows
	client *smtp.Client
	wire   *wire
	dsn    bool
}

// NewSender makes sure that the server can be spoken to safely and the envelope sender be
// written. It connects at the first letter.
func NewSender(c SenderConfig) (*Sender, error) {
	c.Limits = c.Limits.withDefaults()
	if c.Helo == "" {
		c.Helo = "localhost"
	}
	if err := c.Server.check(); err != nil {
		return nil, err
	}
	if err := errors.Join(CheckAddress(c.From), checkLine("EHLO name", c.Helo)); err != nil {
		return nil, fmt.Errorf("envelope sender: %w", err)
	}
	return &Sender{c: c}, nil
}

// Send hands one letter in for its one recipient, with its stored bytes. It always says what
// became of it; when ctx ends, what is in hand is still finished within Limits.Grace.
func (s *Sender) Send(ctx context.Context, d conversation.Delivery) Outcome {
	if CheckAddress(d.Recipient) != nil || len(d.Raw) == 0 {
		return Outcome{Verdict: Failed, Note: "unsendable"}
	}
	if !s.connected() {
		if err := s.connect(ctx); err != nil {
			return classify(stageConnect, err)
		}
	}
	defer s.wire.closeAfter(ctx, s.c.Limits.Grace)()
	at, err := s.transact(d)
	out := classify(at, err)
	if out.Verdict != Sent {
		s.recover(at, out)
	}
	return out
}

// stage is how far a transaction had come.
type stage int

const (
	stageConnect stage = iota // up to and with sign-in
	stageMail
	stageRcpt
	stageData // the DATA command
	stageBody // bytes under way; the final dot is not written
	stageDot  // the final dot may have arrived
)

// transact is one transaction for one recipient (RFC 5321 §3.3).
func (s *Sender) transact(d conversation.Delivery) (stage, error) {
	crash.Point("sender.connected")
	s.deadline(s.c.Limits.Command)
	if err := s.client.Mail(s.mailArg(d)); err != nil {
		return stageMail, err
	}
	crash.Point("sender.mail")
	s.deadline(s.c.Limits.Command)
	if err := s.client.Rcpt(s.rcptArg(d)); err != nil {
		return stageRcpt, err
	}
	crash.Point("sender.rcpt")
	s.deadline(s.c.Limits.Command)
	w, err := s.client.Data()
	if err != nil {
		return stageData, err
	}
	crash.Point("sender.data")
	s.deadline(s.c.Limits.Body)
	if _, err := w.Write(d.Raw); err != nil {
		return stageBody, err
	}
	crash.Point("sender.body")
	s.deadline(s.c.Limits.Dot)
	if err := w.Close(); err != nil {
		return stageDot, err
	}
	return stageDot, nil
}

// mailArg is the reverse-path and what the DSN extension adds (RFC 3461 §4.3, §4.4): only
// headers are returned, so that no private word stands in a bounce. go-mail closes neither
// bracket nor checks what is between them, so both were checked before.
func (s *Sender) mailArg(d conversation.Delivery) string {
	arg := "<" + s.c.From + ">"
	if s.dsn {
		arg += " RET=HDRS"
		if checkID(d.MessageID) == nil && len(d.MessageID) <= maxEnvID && !strings.ContainsAny(d.MessageID, "+=") {
			arg += " ENVID=" + d.MessageID
		}
	}
	return arg
}

// maxEnvID is the most characters of an ENVID (RFC 3461 §5.4).
const maxEnvID = 100

func (s *Sender) rcptArg(d conversation.Delivery) string {
	arg := "<" + d.Recipient + ">"
	if s.dsn {
		arg += " NOTIFY=FAILURE,DELAY"
	}
	return arg
}

// connect dials, protects and signs in.
func (s *Sender) connect(ctx context.Context) error {
	limit := s.c.Limits.Connect
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var w *wire
	release := func() bool { return true }
	opts := []mail.Option{
		mail.WithPort(s.c.Server.Port), mail.WithTimeout(limit), mail.WithHELO(s.c.Helo), mail.WithoutSMTPUTF8(),
		mail.WithTLSConfig(s.c.Server.tlsConfig()), mail.WithTLSPolicy(mail.NoTLS),
		mail.WithDialContextFunc(func(dialling context.Context, _, _ string) (net.Conn, error) {
			c, under, err := s.c.Server.dial(dialling, limit) // go-mail ends that context when it returns
			if w = under; w != nil {
				release = context.AfterFunc(ctx, func() { _ = under.Close() }) // a silent server holds nobody
			}
			return c, err
		}),
	}
	if s.c.Server.TLS == TLSStart {
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.c.Server.Auth != nil {
		opts = append(opts, mail.WithSMTPAuthCustom(&smtpAuth{ctx: ctx, auth: s.c.Server.Auth}))
	}
	dialer, err := mail.NewClient(s.c.Server.Host, opts...)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	client, err := dialer.DialToSMTPClientWithContext(ctx)
	if !release() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		if w != nil {
			_ = w.Close() // the library leaves it open
		}
		return fmt.Errorf("connect: %w", err)
	}
	dsn, _ := client.Extension("DSN")
	s.mu.Lock()
	s.client, s.wire, s.dsn = client, w, dsn
	s.mu.Unlock()
	return nil
}

func (s *Sender) connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.client != nil
}

// deadline is the watchdog around the next answer.
func (s *Sender) deadline(d time.Duration) {
	_ = s.wire.SetDeadline(time.Now().Add(d)) // sockets use real time; it fails on a closed one only
	s.wire.allow(maxReply)
}

// maxReply is the most bytes of one answer that are read.
const maxReply = 64 << 10

// recover makes the connection fit for the next letter after a refusal, or drops it.
func (s *Sender) recover(at stage, out Outcome) {
	if out.Code == 0 || out.Code == 421 || at == stageBody || out.Verdict == Ours { // 421: it is closing (RFC 5321 §3.8)
		s.drop()
		return
	}
	s.deadline(s.c.Limits.Command)
	if err := s.client.Reset(); err != nil {
		s.drop()
	}
}

// drop closes the connection without a word.
func (s *Sender) drop() {
	s.mu.Lock()
	w := s.wire
	s.client, s.wire = nil, nil
	s.mu.Unlock()
	if w != nil {
		_ = w.Close() // nothing is lost by an error here
	}
}

// Close says goodbye and closes the connection, if there is one. The next Send opens another.
func (s *Sender) Close() {
	s.mu.Lock()
	client, w := s.client, s.wire
	s.client, s.wire = nil, nil
	s.mu.Unlock()
	if client == nil {
		return
	}
	_ = w.SetDeadline(time.Now().Add(time.Second))
	_ = client.Quit() // courtesy (RFC 5321 §4.1.1.10)
	_ = w.Close()
}

// Verdict is what one attempt comes to.
type Verdict string

// The verdicts.
const (
	Sent      Verdict = "sent"      // 250 after the final dot
	Retry     Verdict = "retry"     // 4xx, a network failure, or anything without a code
	Failed    Verdict = "failed"    // 5xx for this recipient or this letter: for good
	Ours      Verdict = "ours"      // a refusal that concerns us: sign-in, sender, policy, limits
	Ambiguous Verdict = "ambiguous" // lost after the final dot: the same bytes go again
)

// Outcome is what became of one attempt, in words fit for logs.
type Outcome struct {
	Verdict Verdict
	Code    int    // SMTP reply code; 0 when there was none
	Note    string // a fixed word
	Down    bool   // the server could not be reached at all: no use trying other letters now
}

// classify reads an error at a stage. Only a 5xx is for good (FACTS: code 0 is unknown).
func classify(at stage, err error) Outcome {
	if err == nil {
		return Outcome{Verdict: Sent, Code: 250, Note: "sent"}
	}
	var reply *textproto.Error
	coded := errors.As(err, &reply) && reply.Code >= 400 && reply.Code < 600
	switch {
	case at == stageConnect:
		return classifyConnect(err, reply, coded)
	case coded && reply.Code < 500:
		out := Outcome{Verdict: Retry, Code: reply.Code, Note: "deferred"}
		if isLimit(reply) {
			out.Verdict, out.Note = Ours, "limit"
		}
		return out
	case coded:
		return classifyRefusal(at, reply)
	case at == stageDot:
		return Outcome{Verdict: Ambiguous, Note: "ambiguous"}
	case isTimeout(err):
		return Outcome{Verdict: Retry, Note: "timeout"}
	}
	return Outcome{Verdict: Retry, Note: "network"}
}

// classifyConnect is about what happens before any letter: none of it is a letter's fault.
func classifyConnect(err error, reply *textproto.Error, coded bool) Outcome {
	out := Outcome{Verdict: Retry, Note: "unreachable", Down: true}
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknown), errors.As(err, &name), errors.As(err, &invalid):
		out.Verdict, out.Note = Ours, "certificate"
	case errors.Is(err, ErrSignIn):
		out.Verdict, out.Note = Ours, "sign-in"
	case errors.Is(err, ErrUnprotected), strings.Contains(err.Error(), "does not support STARTTLS"):
		out.Verdict, out.Note = Ours, "no-tls"
	case coded && reply.Code >= 500:
		out.Verdict, out.Code, out.Note = Ours, reply.Code, "sign-in"
	case coded:
		out.Code, out.Note = reply.Code, "deferred"
	}
	return out
}

// classifyRefusal tells a 5xx for this recipient from one that concerns us.
func classifyRefusal(at stage, reply *textproto.Error) Outcome {
	out := Outcome{Verdict: Failed, Code: reply.Code, Note: "refused"}
	enhanced, _, _ := strings.Cut(reply.Msg, " ")
	switch {
	case isLimit(reply):
		out.Verdict, out.Note = Ours, "limit"
	case at == stageMail:
		out.Verdict, out.Note = Ours, "sender" // it knows no recipient yet
	case reply.Code == 530, reply.Code == 534, reply.Code == 535, reply.Code == 538: // RFC 4954 §6
		out.Verdict, out.Note = Ours, "sign-in"
	case strings.HasPrefix(enhanced, "5.7."): // RFC 3463 §3.8: security or policy
		out.Verdict, out.Note = Ours, "policy"
	case at == stageData && reply.Code < 550: // 503, 502: we speak out of turn, not the recipient's doing
		out.Verdict, out.Note = Retry, "protocol"
	}
	return out
}

// isLimit knows how Google (5.4.5, 4.2.1 is a recipient's) and Microsoft 365 (5.1.90, 5.7.708)
// word a used-up daily allowance; other servers use the words alone.
func isLimit(reply *textproto.Error) bool {
	enhanced, text, _ := strings.Cut(strings.ToLower(reply.Msg), " ")
	switch enhanced {
	case "5.4.5", "4.4.5", "5.1.90":
		return true
	}
	return strings.Contains(text, "daily") && (strings.Contains(text, "limit") || strings.Contains(text, "quota"))
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}
