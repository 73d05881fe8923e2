package mailer

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

func TestSenderWays(t *testing.T) {
	token := &tokenBox{token: "secret"}
	noToken := &tokenBox{err: errors.New("no network")}
	gone := &tokenBox{err: fmt.Errorf("taken back: %w", ErrSignIn)}
	s := servers(t, mailtest.Options{TLS: true})
	plain := servers(t, mailtest.Options{})
	for name, c := range map[string]struct {
		addr    string
		mode    TLSMode
		roots   *x509.CertPool
		auth    Auth
		verdict Verdict
		note    string
	}{
		"none on loopback":     {plain.SMTPAddr, TLSNone, nil, coachAuth(), Sent, "sent"},
		"STARTTLS":             {s.SMTPAddr, TLSStart, s.Roots(), coachAuth(), Sent, "sent"},
		"direct TLS":           {s.SMTPSAddr, TLSDirect, s.Roots(), coachAuth(), Sent, "sent"},
		"XOAUTH2":              {s.SMTPSAddr, TLSDirect, s.Roots(), XOAuth2("coach@demo.test", token), Sent, "sent"},
		"no token to be had":   {s.SMTPSAddr, TLSDirect, s.Roots(), XOAuth2("coach@demo.test", noToken), Retry, "unreachable"},
		"no token any more":    {s.SMTPSAddr, TLSDirect, s.Roots(), XOAuth2("coach@demo.test", gone), Ours, "sign-in"},
		"wrong token":          {s.SMTPSAddr, TLSDirect, s.Roots(), XOAuth2("mo@demo.test", token), Ours, "sign-in"},
		"wrong password":       {s.SMTPSAddr, TLSDirect, s.Roots(), Password("coach@demo.test", "x"), Ours, "sign-in"},
		"no sign-in":           {s.SMTPSAddr, TLSDirect, s.Roots(), nil, Ours, "sender"},
		"STARTTLS stripped":    {plain.SMTPAddr, TLSStart, nil, coachAuth(), Ours, "no-tls"},
		"unknown CA, direct":   {s.SMTPSAddr, TLSDirect, x509.NewCertPool(), coachAuth(), Ours, "certificate"},
		"unknown CA, STARTTLS": {s.SMTPAddr, TLSStart, x509.NewCertPool(), coachAuth(), Ours, "certificate"},
		"TLS to a plain port":  {plain.SMTPAddr, TLSDirect, nil, coachAuth(), Retry, "unreachable"},
		"plain to a TLS port":  {s.SMTPSAddr, TLSNone, nil, coachAuth(), Retry, "unreachable"},
		"nobody listens":       {"127.0.0.1:1", TLSNone, nil, coachAuth(), Retry, "unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			srv := server(t, c.addr, c.mode, c.auth)
			srv.Roots = c.roots
			x, err := NewSender(SenderConfig{Server: srv, From: "coach@demo.test", Limits: short()})
			if err != nil {
				t.Fatal(err)
			}
			defer x.Close()
			out := x.Send(context10(t), letter(t, 1, newClock()))
			if out.Verdict != c.verdict || out.Note != c.note {
				t.Fatalf("outcome %+v, want %s %s", out, c.verdict, c.note)
			}
			if _, err := x.Examine(context10(t)); (err == nil) != (c.verdict == Sent) || errors.Is(err, ErrSender) != (name == "no sign-in") {
				t.Fatalf("Examine differs: %v", err)
			}
		})
	}
}

func TestServerRefusesPlainOffLoopback(t *testing.T) {
	for _, host := range []string{"mail.example.com", "10.0.0.1", "localhost.evil.example"} {
		_, err := NewSender(SenderConfig{Server: Server{Host: host, Port: 25, TLS: TLSNone}, From: "coach@demo.test"})
		if !errors.Is(err, ErrUnprotected) {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// TestSenderSmuggling: an address that carries a parameter, a command or a line break never reaches
// the server.
func TestSenderSmuggling(t *testing.T) {
	s := servers(t, mailtest.Options{})
	x := testSender(t, s)
	for _, rcpt := range []string{"", "sam", "sam@", "@demo.test", "x@y> ORCPT=rfc822;z@z", "a b@demo.test", "sam@demo.test\r\nRCPT TO:<mo@demo.test>",
		"<sam@demo.test>", "\"a b\"@demo.test", "sam@[127.0.0.1]", "sám@demo.test", "sam@demo..test", ".sam@demo.test", "sam@-demo.test", "sam@demo.test\x00"} {
		d := letter(t, 1, newClock())
		d.Recipient = rcpt
		if out := x.Send(context10(t), d); out.Verdict != Failed || out.Note != "unsendable" {
			t.Errorf("%q: %+v", rcpt, out)
		}
	}
	if n := len(s.Accepted()); n != 0 {
		t.Errorf("%d accepted", n)
	}
}

func BenchmarkOutbox(b *testing.B) {
	s := servers(b, mailtest.Options{})
	c, q := newClock(), &countQueue{}
	x, err := NewSender(SenderConfig{Server: server(b, s.SMTPAddr, TLSNone, coachAuth()), From: "coach@demo.test"})
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	q.d, q.left = letter(b, 1, c), b.N
	o := NewOutbox(q, x, OutboxConfig{}, quietLog(), c.now)
	start := time.Now()
	b.ResetTimer()
	if n, err := o.Drain(context.Background()); n != b.N || err != nil {
		b.Fatal(n, err)
	}
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "letters/s")
}
