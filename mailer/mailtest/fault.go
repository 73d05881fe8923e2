package mailtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
)

// Step is a moment of a session at which a hook is asked what shall happen.
type Step struct {
	Name string // the command in upper case ("MAIL", "UID FETCH"), StepConnect or StepDot
	Line string // the whole command line without CRLF; "" at StepConnect and StepDot
	Conn int    // which connection, from 1
	N    int    // how often this step was reached on all connections, from 1
}

// Steps that are no command.
const (
	StepConnect = "CONNECT" // before the greeting
	StepDot     = "DOT"     // SMTP: the final dot has arrived, nothing is answered yet
)

// Fault is what shall happen instead of what should. The zero value is none. At most one of
// Reply, Stall, Close and Raw is looked at, in this order.
type Fault struct {
	// Reply answers in the server's stead, and the command is not carried out. SMTP: the whole
	// reply, "451 4.3.0 later". IMAP: what follows the tag, "NO [UNAVAILABLE] later".
	Reply string
	Stall bool   // says nothing more until the client goes
	Close bool   // ends the connection
	Raw   []byte // is written as it stands instead of an answer; the command is not carried out

	// Done carries the command out first and takes away its answer only: at StepDot the mail was
	// stored, and then Stall, Close or Raw follows. SMTP only.
	Done bool
}

func (f Fault) none() bool { return f.Reply == "" && !f.Stall && !f.Close && f.Raw == nil }

// HookSMTP sets what is asked at each SMTP step of a plain connection; nil ends it. It is
// called by one goroutine at a time, and does not block.
func (s *Servers) HookSMTP(h func(Step) Fault) {
	s.mu.Lock()
	s.smtpHook = h
	s.mu.Unlock()
}

// HookIMAP sets what is asked at each IMAP step of a plain connection; nil ends it. It is
// called as that of HookSMTP.
func (s *Servers) HookIMAP(h func(Step) Fault) {
	s.mu.Lock()
	s.imapHook = h
	s.mu.Unlock()
}

// steps counts them for Step.N.
type steps struct {
	mu    sync.Mutex
	conns int
	n     map[string]int
}

func (s *steps) conn() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns++
	return s.conns
}

func (s *steps) next(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.n == nil {
		s.n = map[string]int{}
	}
	s.n[name]++
	return s.n[name]
}

// errFault ends a session that a fault has cut.
var errFault = fmt.Errorf("connection cut by a fault: %w", net.ErrClosed)

// scripted is a server's side of a plain connection that asks the hook before each
// line of the client's gets through.
type scripted struct {
	net.Conn
	smtp  bool
	ask   func(Step) Fault
	id    int
	count *steps

	greeted bool
	raw     []byte // read from the client, not yet looked at
	ready   []byte // looked at, on its way to the server
	literal bool   // let everything through: TLS took over

	mu      sync.Mutex
	data    bool  // SMTP: between 354 and the final dot
	verdict Fault // SMTP: what the session's Data shall answer
	after   Fault // what becomes of the next answer
}

func (c *scripted) fault(name, line string) Fault {
	return c.ask(Step{Name: name, Line: line, Conn: c.id, N: c.count.next(name)})
}

// Read hands the server what the client sent, line by line.
func (c *scripted) Read(p []byte) (int, error) {
	for len(c.ready) == 0 {
		if c.literal {
			if len(c.raw) == 0 {
				return c.Conn.Read(p)
			}
			c.ready, c.raw = c.raw, nil
			break
		}
		if i := bytes.IndexByte(c.raw, '\n'); i >= 0 {
			line := c.raw[:i+1]
			c.raw = c.raw[i+1:]
			if err := c.line(line); err != nil {
				return 0, err
			}
			continue
		}
		buf := make([]byte, 32<<10)
		n, err := c.Conn.Read(buf)
		c.raw = append(c.raw, buf[:n]...)
		if err != nil {
			return 0, err
		}
	}
	n := copy(p, c.ready)
	c.ready = c.ready[n:]
	return n, nil
}

// line decides about one line of the client's.
func (c *scripted) line(line []byte) error {
	text := strings.TrimRight(string(line), "\r\n")
	if c.inData() {
		if text != "." {
			c.ready = append(c.ready, line...)
			return nil
		}
		return c.dot(line)
	}
	name, tag := c.command(text)
	f := c.fault(name, text)
	switch {
	case f.none() || f.Done:
		c.mu.Lock()
		c.after = f
		c.mu.Unlock()
		c.ready = append(c.ready, line...)
		c.literal = name == "STARTTLS"
		return nil
	case f.Reply != "" && c.smtp:
		return c.say(f.Reply + "\r\n")
	case f.Reply != "":
		return c.say(tag + " " + f.Reply + "\r\n")
	}
	return c.suffer(f)
}

// dot is the end of a mail: the session's Data learns of a fault by verdict.
func (c *scripted) dot(line []byte) error {
	f := c.fault(StepDot, "")
	if !f.Done && f.Reply == "" && !f.none() {
		return c.suffer(f)
	}
	c.mu.Lock()
	c.data = false
	if f.Done {
		c.after = f
	} else {
		c.verdict = f
	}
	c.mu.Unlock()
	c.ready = append(c.ready, line...)
	return nil
}

// command names a line: SMTP by its first word, IMAP by what follows the tag.
func (c *scripted) command(text string) (name, tag string) {
	if !c.smtp {
		tag, text, _ = strings.Cut(text, " ")
	}
	name, rest, _ := strings.Cut(text, " ")
	name = strings.ToUpper(name)
	if name == "UID" {
		second, _, _ := strings.Cut(rest, " ")
		name += " " + strings.ToUpper(second)
	}
	return name, tag
}

// suffer carries a fault out that leaves the server out of it.
func (c *scripted) suffer(f Fault) error {
	switch {
	case f.Stall:
		_, _ = io.Copy(io.Discard, c.Conn) // ends when either side closes
	case f.Raw != nil:
		return c.say(string(f.Raw))
	}
	return errors.Join(errFault, c.Conn.Close())
}

func (c *scripted) say(text string) error {
	_, err := io.WriteString(c.Conn, text)
	return err
}

// Write lets an answer through, unless a fault waits for it.
func (c *scripted) Write(p []byte) (int, error) {
	if !c.greeted {
		c.greeted = true
		if f := c.fault(StepConnect, ""); !f.none() {
			if f.Reply != "" {
				return len(p), errors.Join(c.say(f.Reply+"\r\n"), errFault, c.Conn.Close())
			}
			if err := c.suffer(f); err != nil {
				return 0, err
			}
			return len(p), nil
		}
	}
	c.mu.Lock()
	f := c.after
	c.after = Fault{}
	if c.smtp && bytes.HasPrefix(p, []byte("354")) {
		c.data = true
	}
	c.mu.Unlock()
	if f.none() {
		return c.Conn.Write(p)
	}
	if err := c.suffer(f); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (c *scripted) inData() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.data
}

// takeVerdict returns what the final dot was met with, once.
func (c *scripted) takeVerdict() Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.verdict
	c.verdict = Fault{}
	return f
}

// listener wraps each connection and keeps it, to be closed.
type listener struct {
	net.Listener
	set  *connSet
	wrap func(net.Conn) net.Conn
}

func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c = l.set.add(c)
	if l.wrap != nil {
		c = l.wrap(c)
	}
	return c, nil
}

// connSet are the open connections.
type connSet struct {
	mu    sync.Mutex
	conns map[*kept]struct{}
}

type kept struct {
	net.Conn
	set *connSet
}

func (s *connSet) add(c net.Conn) net.Conn {
	k := &kept{c, s}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conns == nil {
		s.conns = map[*kept]struct{}{}
	}
	s.conns[k] = struct{}{}
	return k
}

func (k *kept) Close() error {
	k.set.mu.Lock()
	delete(k.set.conns, k)
	k.set.mu.Unlock()
	return k.Conn.Close()
}

func (s *connSet) closeAll() {
	s.mu.Lock()
	var all []*kept
	for k := range s.conns {
		all = append(all, k)
	}
	s.mu.Unlock()
	for _, k := range all {
		_ = k.Close() // it may have closed by itself
	}
}
