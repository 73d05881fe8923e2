package mailer

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// A mute is an IMAP server that takes IDLE and says nothing of what arrives. Its wires are pipes, so that a test
// in a bubble of time waits no real minute.
type mute struct {
	user  *imapmemserver.User
	srv   *imapserver.Server
	conns chan net.Conn
	count atomic.Int64 // connections so far
	idles atomic.Int64 // IDLE commands so far
	deaf  atomic.Bool  // half open: what it says from IDLE on never arrives
}

func newMute(t *testing.T) *mute {
	t.Helper()
	m := &mute{user: imapmemserver.NewUser("coach@demo.test", "secret"), conns: make(chan net.Conn)}
	if err := m.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	m.srv = imapserver.New(&imapserver.Options{
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}}, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &muteSession{UserSession: imapmemserver.NewUserSession(m.user), m: m}, nil, nil
		},
	})
	return m
}

// muteSession is one connection's.
type muteSession struct {
	*imapmemserver.UserSession
	m *mute
}

// Login is LOGIN.
func (s *muteSession) Login(name, password string) error { return s.m.user.Login(name, password) }

// Idle is IDLE without a word.
func (s *muteSession) Idle(_ *imapserver.UpdateWriter, stop <-chan struct{}) error {
	s.m.idles.Add(1)
	<-stop
	return nil
}

// serve answers on pipes until the test ends.
func (m *mute) serve(t *testing.T) Server {
	t.Helper()
	l := &pipes{conns: m.conns, done: make(chan struct{})}
	served := make(chan struct{})
	go func() { defer close(served); _ = m.srv.Serve(l) }() // it ends with an error when it is closed
	t.Cleanup(func() {
		_ = l.Close()
		_ = m.srv.Close()
		<-served
	})
	srv := Server{Host: "127.0.0.1", Port: 1, TLS: TLSNone, Auth: coachAuth()}
	srv.connect = func(ctx context.Context, _, _ string) (net.Conn, error) {
		here, there := net.Pipe()
		m.count.Add(1)
		select {
		case m.conns <- &halfOpen{Conn: there, m: m}:
			return here, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return srv
}

// deliver puts a mail into the mailbox. No connection is told.
func (m *mute) deliver(t *testing.T, body string) {
	t.Helper()
	raw := mailTo("coach@demo.test", body).Raw
	if _, err := m.user.Append("INBOX", literal{bytes.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
}

// literal is a mail as APPEND takes it.
type literal struct {
	io.Reader
	size int64
}

func (l literal) Size() int64 { return l.size }

// halfOpen is the server's end of a wire.
type halfOpen struct {
	net.Conn
	m    *mute
	lost atomic.Bool
}

// Write loses everything after the word that IDLE has begun, where the server is deaf.
func (h *halfOpen) Write(p []byte) (int, error) {
	if h.lost.Load() {
		return len(p), nil
	}
	if h.m.deaf.Load() && bytes.HasPrefix(p, []byte("+ idling")) {
		h.lost.Store(true)
	}
	return h.Conn.Write(p)
}

// pipes is a listener of pipes.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// TestSilentIdle: a server that takes IDLE and never says a word, for a month, and one whose connection is half open
// each time: every mail is handled within the poll, goroutines and memory stay where they were.
func TestSilentIdle(t *testing.T) {
	for _, c := range []struct {
		name   string
		deaf   bool
		within time.Duration // of a mail's arrival
	}{
		{"silent", false, maxIdle + time.Second},
		{"half open", true, maxIdle + 2*time.Minute + 5*time.Second}, // the answer to DONE is waited for, then a new connection is made
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const mails = 500
				m, d := newMute(t), newDesk()
				m.deaf.Store(c.deaf)
				i, err := NewInbox(newLedger(), d, InboxConfig{Server: m.serve(t)}, quietLog(), time.Now)
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				ran := make(chan struct{})
				go func() { defer close(ran); i.Run(ctx) }()
				time.Sleep(time.Minute)
				goroutines, heap, worst := runtime.NumGoroutine(), heapNow(), time.Duration(0)
				for n := range mails {
					time.Sleep(time.Duration(n%97) * time.Minute)
					sent := time.Now()
					m.deliver(t, fmt.Sprint("mail", n))
					<-d.came
					worst = max(worst, time.Since(sent))
				}
				if worst > c.within {
					t.Errorf("a mail waited for %v", worst)
				}
				if got := len(strings.Fields(d.bodies())); got != mails {
					t.Errorf("%d mails were handled, %d had come", got, mails)
				}
				synctest.Wait()
				if now := runtime.NumGoroutine(); now > goroutines+2 {
					t.Errorf("%d goroutines, at first %d", now, goroutines)
				}
				if grown := heapNow() - heap; grown > 16<<20 {
					t.Errorf("the heap grew by %d kB", grown>>10)
				}
				if more := m.count.Load() > 1; more != c.deaf || m.idles.Load() < mails {
					t.Errorf("%d connections, %d times IDLE", m.count.Load(), m.idles.Load())
				}
				t.Logf("%d mails, the slowest after %v; %d times IDLE on %d connections", mails, worst, m.idles.Load(), m.count.Load())
				cancel()
				<-ran
			})
		})
	}
}

func heapNow() int64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return int64(s.HeapAlloc)
}
