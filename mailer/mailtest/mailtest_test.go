package mailtest

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, o Options) *Servers {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	s.AddUser("sam@demo.test", "pw")
	s.AddUser("Coach@demo.test", "pw")
	return s
}

const letter = "From: Sam <sam@demo.test>\r\nAuthentication-Results: mx.demo.test;\r\n\tdmarc=pass header.from=evil.example\r\nAuthentication-Results: other.example; dmarc=pass\r\nSubject: x\r\n\r\n..words\r\n"

// submit hands a mail in as a client would.
func submit(t *testing.T, s *Servers, user, from, to string) error {
	t.Helper()
	c, err := smtp.Dial(s.SMTPAddr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if user != "" {
		if err := c.Auth(sasl.NewPlainClient("", user, "pw")); err != nil {
			return err
		}
	}
	return c.SendMail(from, []string{to}, strings.NewReader(letter))
}

func inbox(t *testing.T, s *Servers, user string) []Mail {
	t.Helper()
	mails, err := s.Mails(user, "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	return mails
}

// TestDelivery: what is handed in lies in the INBOX, with a server's trace and no forged results.
func TestDelivery(t *testing.T) {
	s := start(t, Options{AuthServID: "mx.demo.test"})
	if err := submit(t, s, "sam@demo.test", "sam@demo.test", "coach+token@demo.test"); err != nil {
		t.Fatal(err)
	}
	mails := inbox(t, s, "coach@demo.test")
	if len(mails) != 1 {
		t.Fatalf("%d mails", len(mails))
	}
	raw := string(mails[0].Raw)
	for _, want := range []string{"Return-Path: <sam@demo.test>\r\n", "Delivered-To: coach+token@demo.test\r\n",
		"Authentication-Results: mx.demo.test;\r\n\tdmarc=pass header.from=demo.test\r\n", "Received: ", "other.example; dmarc=pass", "\r\n\r\n..words\r\n"} {
		if !strings.Contains(raw, want) {
			t.Errorf("%q is missing in\n%s", want, raw)
		}
	}
	if strings.Contains(raw, "evil.example") {
		t.Error("a forged result was let through")
	}
	if e := s.Accepted()[0]; e.User != "sam@demo.test" || string(e.Raw) != letter || e.To[0] != "coach+token@demo.test" {
		t.Errorf("recorded %+v", e)
	}
	if err := submit(t, s, "coach@demo.test", "sam@demo.test", "coach@demo.test"); err != nil {
		t.Fatal(err)
	}
	if raw := string(inbox(t, s, "coach@demo.test")[1].Raw); !strings.Contains(raw, "dmarc=fail") {
		t.Error("a forged From passes")
	}
}

func TestRefusals(t *testing.T) {
	s := start(t, Options{})
	if submit(t, s, "", "sam@demo.test", "coach@demo.test") == nil {
		t.Error("took mail without sign-in")
	}
	if submit(t, s, "nobody@demo.test", "sam@demo.test", "coach@demo.test") == nil {
		t.Error("let a stranger sign in")
	}
	if submit(t, s, "sam@demo.test", "sam@demo.test", "nobody@demo.test") == nil {
		t.Error("took mail for nobody")
	}
	if err := submit(t, s, "sam@demo.test", "sam@demo.test", "mo@elsewhere.test"); err != nil {
		t.Error(err)
	}
	if err := submit(t, start(t, Options{OpenRelay: true}), "", "sam@demo.test", "coach@demo.test"); err != nil {
		t.Error(err)
	}
}

func signIn(t *testing.T, s *Servers) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(s.IMAPAddr, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login("sam@demo.test", "pw").Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestEpoch: SELECT, STATUS, APPEND, COPY and MOVE name the same UIDVALIDITY.
func TestEpoch(t *testing.T) {
	s := start(t, Options{Epoch: 1000})
	s.Deliver(Envelope{To: []string{"sam@demo.test"}, Raw: []byte(letter)})
	s.Deliver(Envelope{To: []string{"sam@demo.test"}, Raw: []byte(letter)})
	c := signIn(t, s)
	sel, err := c.Select("INBOX", nil).Wait()
	if err != nil || sel.UIDValidity != 1001 {
		t.Fatalf("SELECT %+v, %v", sel, err)
	}
	status, err := c.Status("INBOX", &imap.StatusOptions{UIDValidity: true}).Wait()
	if err != nil || status.UIDValidity != 1001 {
		t.Errorf("STATUS %+v, %v", status, err)
	}
	cp, err := c.Copy(imap.UIDSetNum(1), "Junk").Wait()
	if err != nil || cp.UIDValidity != 1002 {
		t.Errorf("COPY %+v, %v", cp, err)
	}
	mv, err := c.Move(imap.UIDSetNum(1), "Junk").Wait()
	if err != nil || mv.UIDValidity != 1002 {
		t.Errorf("MOVE %+v, %v", mv, err)
	}
	if got := inbox(t, s, "sam@demo.test"); len(got) != 1 || got[0].UID != 2 {
		t.Errorf("INBOX holds %v", got)
	}
	s.SetEpoch(2000)
	if sel, err = c.Select("INBOX", nil).Wait(); err != nil || sel.UIDValidity != 2001 {
		t.Errorf("SELECT %+v, %v", sel, err)
	}
}

func TestTLS(t *testing.T) {
	s := start(t, Options{TLS: true})
	good, bad := &tls.Config{RootCAs: s.Roots(), ServerName: "localhost"}, &tls.Config{ServerName: "localhost"}
	for _, addr := range []string{s.IMAPSAddr, s.SMTPSAddr} {
		c, err := tls.Dial("tcp", addr, good)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Close()
		if c, err := tls.Dial("tcp", addr, bad); err == nil {
			_ = c.Close()
			t.Error("an unknown CA is believed")
		}
	}
	if !strings.Contains(string(s.RootPEM()), "BEGIN CERTIFICATE") {
		t.Error("no PEM")
	}
}

// TestFaultEndsWithTheServer: a client that waits at a stalled step does not keep Close waiting.
func TestFaultEndsWithTheServer(t *testing.T) {
	s := start(t, Options{})
	reached := make(chan struct{})
	s.HookSMTP(func(st Step) Fault {
		if st.Name != "EHLO" {
			return Fault{}
		}
		close(reached)
		return Fault{Stall: true}
	})
	c, err := net.Dial("tcp", s.SMTPAddr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "EHLO x\r\n"); err != nil {
		t.Fatal(err)
	}
	<-reached
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWaitAccepted(t *testing.T) {
	s := start(t, Options{})
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	go s.Deliver(Envelope{To: []string{"sam@demo.test"}, Raw: []byte(letter)})
	if got, err := s.WaitAccepted(ctx, 1); err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	ended, end := context.WithCancel(ctx)
	end()
	if _, err := s.WaitAccepted(ended, 2); err == nil {
		t.Fatal("no error")
	}
}
