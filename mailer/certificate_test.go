package mailer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"testing"
	"time"
)

// certified listens with a certificate of a CA that the pool holds, valid between two moments for one name.
func certified(t *testing.T, name string, from, to time.Time) (addr string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: to, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, DNSNames: []string{name}}
	if ip := net.ParseIP(name); ip != nil {
		c.DNSNames, c.IPAddresses = nil, []net.IP{ip}
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.(*tls.Conn).Handshake() // it fails where the other side refuses
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	roots = x509.NewCertPool()
	roots.AddCert(leaf)
	return l.Addr().String(), roots
}

// TestBadCertificates: a certificate that is over, not begun, or somebody else's is refused on both wires, though its
// CA is believed; the letter waits, for the fault is not its own.
func TestBadCertificates(t *testing.T) {
	now := time.Now()
	for _, c := range []struct {
		name     string
		host     string
		from, to time.Time
		good     bool
	}{
		{"good", "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour), true},
		{"expired", "127.0.0.1", now.Add(-2 * time.Hour), now.Add(-time.Hour), false},
		{"not begun", "127.0.0.1", now.Add(time.Hour), now.Add(2 * time.Hour), false},
		{"of another name", "mail.example.com", now.Add(-time.Hour), now.Add(time.Hour), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			addr, roots := certified(t, c.host, c.from, c.to)
			srv := server(t, addr, TLSDirect, coachAuth())
			srv.Roots = roots
			x, err := NewSender(SenderConfig{Server: srv, From: "coach@demo.test", Limits: short()})
			if err != nil {
				t.Fatal(err)
			}
			defer x.Close()
			out := x.Send(context10(t), letter(t, 1, newClock()))
			if refused := out.Verdict == Ours && out.Note == "certificate"; refused == c.good {
				t.Errorf("SMTP: %+v", out)
			}
			i, err := NewInbox(newLedger(), newDesk(), InboxConfig{Server: srv}, quietLog(), time.Now)
			if err != nil {
				t.Fatal(err)
			}
			var bad *tls.CertificateVerificationError
			if _, err := i.Sync(context10(t)); err == nil || errors.As(err, &bad) == c.good {
				t.Errorf("IMAP: %v", err)
			}
			i.Close()
		})
	}
}
