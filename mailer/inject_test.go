package mailer

import (
	"bytes"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// injector stands between a client and a server, and puts words of its own behind the server's answer to STARTTLS, in the
// same packet: whoever keeps them takes them for the server's, said under TLS.
func injector(t *testing.T, to, answer, words string) (addr string, injected *atomic.Bool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	injected = &atomic.Bool{}
	var wg sync.WaitGroup
	t.Cleanup(func() { l.Close(); wg.Wait() })
	wg.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", to)
			if err != nil {
				client.Close()
				continue
			}
			wg.Go(func() { between(client, server, answer, words, injected) })
		}
	})
	return l.Addr().String(), injected
}

// between carries both ways until either side ends.
func between(client, server net.Conn, answer, words string, injected *atomic.Bool) {
	var asked atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		carry(server, client, func(b []byte) []byte { asked.CompareAndSwap(false, bytes.Contains(b, []byte("STARTTLS"))); return b })
	})
	wg.Go(func() {
		carry(client, server, func(b []byte) []byte {
			if !asked.Load() || !bytes.Contains(b, []byte(answer)) || injected.Swap(true) {
				return b
			}
			return append(b, words...)
		})
	})
	wg.Wait()
}

func carry(to io.WriteCloser, from io.Reader, through func([]byte) []byte) {
	defer to.Close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			if _, err := to.Write(through(bytes.Clone(buf[:n]))); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// TestInjectedBeforeTLS: what was said before TLS began counts for nothing after it. SMTP goes on without it; to IMAP it is
// no handshake, and the connection ends.
func TestInjectedBeforeTLS(t *testing.T) {
	s := servers(t, mailtest.Options{TLS: true})
	smtp, injected := injector(t, s.SMTPAddr, "220 ", "250-evil.example\r\n250 AUTH LOGIN\r\n535 5.7.8 no\r\n")
	srv := server(t, smtp, TLSStart, coachAuth())
	srv.Roots = s.Roots()
	x, err := NewSender(SenderConfig{Server: srv, From: "coach@demo.test", Limits: short()})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if out := x.Send(context10(t), letter(t, 1, newClock())); out.Verdict != Sent || !injected.Load() {
		t.Errorf("SMTP: %+v, injected %v", out, injected.Load())
	}

	imap, injected := injector(t, s.IMAPAddr, "OK Begin TLS", "* PREAUTH evil\r\n* BYE evil\r\n")
	srv = server(t, imap, TLSStart, coachAuth())
	srv.Roots = s.Roots()
	m, err := OpenMailbox(context10(t), InboxConfig{Server: srv, Limits: IMAPTimeouts{Connect: time.Second, Command: time.Second}})
	if err == nil {
		m.Close()
	}
	if err == nil || !injected.Load() {
		t.Errorf("IMAP: opened %v, injected %v", err == nil, injected.Load())
	}
}
