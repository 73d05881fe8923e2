package main

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// quietMachine is one without a network: DNS knows no name, nobody listens, and no person types.
func quietMachine() machine {
	return machine{
		dns:  noNames{},
		dial: func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("nobody listens") },
		free: func(string) (int64, error) { return 100 << 30, nil },
	}
}

// noNames is DNS that answers that there is no such name.
type noNames struct{}

func noName(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (noNames) LookupMX(_ context.Context, name string) ([]*net.MX, error) { return nil, noName(name) }
func (noNames) LookupSRV(_ context.Context, _, _, name string) (string, []*net.SRV, error) {
	return "", nil, noName(name)
}
func (noNames) LookupTXT(_ context.Context, name string) ([]string, error) { return nil, noName(name) }

// dnsServer is one on loopback: what it holds is "TXT name" -> texts, "MX name" -> hosts, "SRV name" -> "host:port".
type dnsServer struct {
	conn net.PacketConn

	mu      sync.Mutex
	records map[string][]string
	silent  bool
}

func newDNS(t *testing.T, records map[string][]string) *dnsServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dnsServer{conn: conn, records: records}
	var done sync.WaitGroup
	done.Go(s.serve)
	t.Cleanup(func() { _ = conn.Close(); done.Wait() })
	return s
}

// resolver asks this server alone.
func (s *dnsServer) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", s.conn.LocalAddr().String())
	}}
}

func (s *dnsServer) set(key string, values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[key] = values
}

// fallSilent answers nothing from now on.
func (s *dnsServer) fallSilent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent = true
}

func (s *dnsServer) serve() {
	buf := make([]byte, 4096)
	for {
		n, from, err := s.conn.ReadFrom(buf)
		if err != nil {
			return
		}
		if out := s.answer(buf[:n]); out != nil {
			_, _ = s.conn.WriteTo(out, from)
		}
	}
}

func (s *dnsServer) answer(raw []byte) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var m dnsmessage.Message
	if s.silent || m.Unpack(raw) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	kind := strings.TrimPrefix(q.Type.String(), "Type")
	values, known := s.records[kind+" "+name]
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, v := range values {
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: dnsBody(q.Type, v)})
	}
	out, err := m.Pack()
	if err != nil {
		return nil
	}
	return out
}

func dnsBody(kind dnsmessage.Type, v string) dnsmessage.ResourceBody {
	switch kind {
	case dnsmessage.TypeMX:
		return &dnsmessage.MXResource{Pref: 10, MX: dnsmessage.MustNewName(v + ".")}
	case dnsmessage.TypeSRV:
		host, port, _ := net.SplitHostPort(v)
		n, _ := net.LookupPort("tcp", port)
		return &dnsmessage.SRVResource{Port: uint16(n), Target: dnsmessage.MustNewName(host + ".")}
	}
	return &dnsmessage.TXTResource{TXT: []string{v}}
}
