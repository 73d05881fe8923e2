package mailer

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestRealServers sends through Postfix and reads from Dovecot: STARTTLS and implicit TLS, sign-in, DSN
// parameters, IDLE, keyword, MOVE. It runs where those of .ci/servers are up and
// WHYLOOP_REAL_SERVERS names the directory they were started in (its cert.pem is their CA):
//
//	.ci/servers/up-dovecot.sh /tmp/x && .ci/servers/up-postfix.sh /tmp/x
//	WHYLOOP_REAL_SERVERS=/tmp/x go test ./mailer -run RealServers
//
// Ports: IMAP 11143, IMAPS 11993, submission 11587; any user of demo.test, password "pw".
func TestRealServers(t *testing.T) {
	dir := os.Getenv("WHYLOOP_REAL_SERVERS")
	if dir == "" {
		t.Skip("WHYLOOP_REAL_SERVERS is not set: no Dovecot and Postfix to test with")
	}
	pem, err := os.ReadFile(filepath.Join(dir, "cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	for _, way := range []struct {
		port int
		mode TLSMode
	}{{11143, TLSStart}, {11993, TLSDirect}} {
		t.Run(string(way.mode), func(t *testing.T) { sendAndRead(t, roots, way.port, way.mode) })
	}
}

func sendAndRead(t *testing.T, roots *x509.CertPool, port int, mode TLSMode) {
	name := fmt.Sprintf("coach%d@demo.test", time.Now().UnixNano())
	at := func(port int, mode TLSMode) Server {
		return Server{Host: "127.0.0.1", Port: port, TLS: mode, Roots: roots, Auth: Password(name, "pw")}
	}
	x, err := NewSender(SenderConfig{Server: at(11587, TLSStart), From: name})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	desk, c := newDesk(), newClock()
	l := newLedger()
	in, err := NewInbox(l, desk, InboxConfig{Server: at(port, mode), Processed: "Processed"}, quietLog(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if n, err := in.Sync(ctx); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	running, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); in.Run(running) }()
	q := &queue{}
	for n := range 20 {
		d := letter(t, n, c)
		d.Recipient = name
		q.add(d)
	}
	out := NewOutbox(q, x, OutboxConfig{}, quietLog(), c.now)
	if n, err := out.Drain(ctx); n != 20 || err != nil {
		t.Fatalf("sent %d, %v; %+v", n, err, q.row(t, "why/0").history)
	}
	for n := range 20 {
		select {
		case <-desk.came:
		case <-ctx.Done():
			t.Fatalf("%d of 20 letters arrived", n)
		}
	}
	stop()
	<-done
	for n, r := range q.rows { // Postfix delivers in an order of its own; each letter has a boundary of its own
		_, sent, _ := bytes.Cut(r.d.Raw, []byte("\r\n\r\n"))
		if !slices.ContainsFunc(desk.got, func(a Arrived) bool { return bytes.HasSuffix(a.Raw, sent) }) {
			t.Errorf("letter %d has changed on its way", n)
		}
	}
	checkTidied(t, at(port, mode), 20)
	m, err := mail.ReadMessage(bytes.NewReader(desk.got[0].Raw))
	if err != nil {
		t.Fatal(err)
	}
	author, err := mail.ParseAddress(m.Header.Get("From"))
	if err != nil {
		t.Fatal(err)
	}
	l.departing = []string{strings.ToLower(author.Address)}
	if in, err = NewInbox(l, desk, InboxConfig{Server: at(port, mode), Processed: "Processed"}, quietLog(), time.Now); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	in.Close()
	checkTidied(t, at(port, mode), 0)
}

// checkTidied looks with a client of its own: INBOX is empty, Processed holds so many, unseen.
func checkTidied(t *testing.T, srv Server, moved uint32) {
	t.Helper()
	second := time.Second
	s, err := openSession(context10(t), srv, IMAPTimeouts{Connect: 5 * second, Command: 5 * second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.logout()
	for folder, want := range map[string]uint32{"INBOX": 0, "Processed": moved} {
		data, err := s.choose(folder)
		if err != nil || data.NumMessages != want {
			t.Errorf("%s: %+v, %v", folder, data, err)
		}
	}
}

// TestRealServersHundredThousand meets a Dovecot mailbox of 100,000 old mails whose numbering has changed: the
// first new reply is handled without reading them, in bounded memory. It takes a minute, and so runs by hand,
// where WHYLOOP_REAL_MAILBOX is the number of old mails.
func TestRealServersHundredThousand(t *testing.T) {
	dir := os.Getenv("WHYLOOP_REAL_SERVERS")
	old, err := strconv.Atoi(os.Getenv("WHYLOOP_REAL_MAILBOX"))
	if dir == "" || err != nil {
		t.Skip("WHYLOOP_REAL_SERVERS and WHYLOOP_REAL_MAILBOX are not set")
	}
	pem, err := os.ReadFile(filepath.Join(dir, "cert.pem"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	name := fmt.Sprintf("big%d@demo.test", time.Now().UnixNano())
	l, desk := newLedger(), newDesk()
	server := Server{Host: "127.0.0.1", Port: 11143, TLS: TLSStart, Roots: roots, Auth: Password(name, "pw")}
	limits := IMAPTimeouts{Command: 5 * time.Minute, Fetch: time.Minute}
	in, err := NewInbox(l, desk, InboxConfig{Server: server, Limits: limits}, quietLog(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	if n, err := in.Sync(ctx); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	box := filepath.Join(dir, "mail", name, "Maildir")
	for n := range old {
		drop(t, filepath.Join(box, "cur", fmt.Sprintf("%d.M%dP1.old:2,S", 1_000_000_000+n, n)), "old", time.Now().Add(-90*24*time.Hour))
	}
	l.cursors["INBOX"] = [2]uint32{99, 5} // a numbering that is over
	drop(t, filepath.Join(box, "new", "2000000000.M1P1.new"), "new", time.Now())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, err := in.Sync(ctx)
	runtime.GC()
	runtime.ReadMemStats(&after)
	grown := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	if n != 1 || err != nil || desk.bodies() != "new" || grown > 8<<20 {
		t.Errorf("handled %d: %q, %v; the heap grew by %d bytes", n, desk.bodies(), err, grown)
	}
	t.Logf("%d old mails, %d bytes more in use", old, grown)
}

// drop puts a mail into a Maildir, as if it had come at a time.
func drop(t *testing.T, path, body string, at time.Time) {
	t.Helper()
	raw := fmt.Sprintf("From: sam@example.com\r\nTo: coach@example.com\r\nSubject: %s\r\nMessage-ID: <%s@example.com>\r\nDate: %s\r\n\r\n%s\r\n",
		body, filepath.Base(path), at.Format(time.RFC1123Z), body)
	if err := os.WriteFile(path, []byte(raw), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chtimes(path, at, at), os.Chown(path, 65534, 65534)); err != nil {
		t.Fatal(err)
	}
}
