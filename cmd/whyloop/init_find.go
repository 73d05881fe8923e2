package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// Finding the servers of a domain: by who hosts its mail, by its SRV records, by the usual names.

// How long one lookup and one knock may take; all of a kind go at once.
const lookupWithin, knockWithin = 4 * time.Second, 4 * time.Second

// finds is what was found, and how, in words for a person.
type finds struct {
	preset
	how []string
}

// find looks for a domain's servers. It asks nobody for a password, and takes ten seconds at the most.
func (m machine) find(ctx context.Context, domain string) finds {
	f := finds{preset: presetFor(domain, m.mx(ctx, domain))}
	if f.name != presetOther {
		f.how = []string{fmt.Sprintf("the mail of %s is at %s", domain, f.title)}
		return f
	}
	var all sync.WaitGroup
	var imap, smtp serverConfig
	var imapHow, smtpHow string
	all.Go(func() { imap, imapHow = m.findServer(ctx, domain, imapDoors()) })
	all.Go(func() { smtp, smtpHow = m.findServer(ctx, domain, smtpDoors()) })
	all.Wait()
	if imapHow != "" {
		f.imap, f.how = imap, append(f.how, imapHow)
	}
	if smtpHow != "" {
		f.smtp, f.how = smtp, append(f.how, smtpHow)
	}
	return f
}

// mx are the hosts that take a domain's mail; none where DNS does not answer.
func (m machine) mx(ctx context.Context, domain string) (hosts []string) {
	ctx, cancel := context.WithTimeout(ctx, lookupWithin)
	defer cancel()
	records, err := m.dns.LookupMX(ctx, domain)
	if err != nil {
		return nil
	}
	for _, r := range records {
		hosts = append(hosts, r.Host)
	}
	return hosts
}

// doors are where a service may be, the best first.
type doors struct {
	what  string
	srv   []srvName
	hosts []string // usual names in the domain; "": the domain itself
	ports []serverConfig
	hello string // how a server greets
}

// srvName is a service in DNS, and how its servers are spoken to.
type srvName struct{ service, tls string }

func imapDoors() doors {
	return doors{what: "IMAP", srv: []srvName{{"imaps", tlsDirect}, {"imap", tlsStart}}, // RFC 6186 §3.2, TLS first (RFC 8314 §5.1)
		hosts: []string{"imap.", "mail.", ""}, ports: []serverConfig{{Port: 993, TLS: tlsDirect}, {Port: 143, TLS: tlsStart}}, hello: "* OK"}
}

func smtpDoors() doors {
	return doors{what: "SMTP", srv: []srvName{{"submissions", tlsDirect}, {"submission", tlsStart}}, // RFC 8314 §5.1, RFC 6186 §3.1
		hosts: []string{"smtp.", "mail.", ""}, ports: []serverConfig{{Port: 465, TLS: tlsDirect}, {Port: 587, TLS: tlsStart}}, hello: "220"}
}

// findServer asks DNS, and knocks where it does not say.
func (m machine) findServer(ctx context.Context, domain string, d doors) (s serverConfig, how string) {
	if s, ok := m.srv(ctx, domain, d); ok {
		how = fmt.Sprintf("%s server %s: %s names it in DNS (SRV)", d.what, s.address(), domain)
		if !strings.HasSuffix("."+s.Server, "."+domain) { // RFC 6186 §6: a forged answer could lead anywhere
			how += fmt.Sprintf(". It is outside %s: make sure that it is your provider's", domain)
		}
		return s, how
	}
	if s, ok := m.knock(ctx, domain, d); ok {
		return s, fmt.Sprintf("%s server %s: it answers under that usual name", d.what, s.address())
	}
	return s, ""
}

func (m machine) srv(ctx context.Context, domain string, d doors) (serverConfig, bool) {
	ctx, cancel := context.WithTimeout(ctx, lookupWithin)
	defer cancel()
	found := make([]serverConfig, len(d.srv))
	var all sync.WaitGroup
	for i, name := range d.srv {
		all.Go(func() {
			_, records, err := m.dns.LookupSRV(ctx, name.service, "tcp", domain)
			if err != nil || len(records) == 0 {
				return
			}
			host := strings.ToLower(strings.TrimSuffix(records[0].Target, ".")) // the library sorts by priority
			if isHost(host) == nil && records[0].Port != 0 && host != "" {      // ".": there is no such service (RFC 2782)
				found[i] = serverConfig{Server: host, Port: int(records[0].Port), TLS: name.tls}
			}
		})
	}
	all.Wait()
	for _, s := range found {
		if s.Server != "" {
			return s, true
		}
	}
	return serverConfig{}, false
}

// knock tries the usual names and ports, all at once, and takes the best that answers.
func (m machine) knock(ctx context.Context, domain string, d doors) (serverConfig, bool) {
	ctx, cancel := context.WithTimeout(ctx, knockWithin)
	defer cancel()
	var tries []serverConfig
	for _, host := range d.hosts {
		for _, p := range d.ports {
			p.Server = host + domain
			tries = append(tries, p)
		}
	}
	ranks := make([]int, len(tries))
	var all sync.WaitGroup
	for i, s := range tries {
		all.Go(func() { ranks[i] = m.answers(ctx, s, d.hello) })
	}
	all.Wait()
	best := 0
	for i := range ranks {
		if ranks[i] > ranks[best] { // of two as good, the earlier
			best = i
		}
	}
	return tries[best], ranks[best] > answersNot
}

// How a server answers.
const (
	answersNot = iota
	answersOdd // with a certificate that is not good for this name
	answersWell
)

// answers knocks at one server and waits for its greeting.
func (m machine) answers(ctx context.Context, s serverConfig, hello string) int {
	c, err := m.dial(ctx, "tcp", s.address())
	if err != nil {
		return answersNot
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { _ = c.Close() })
	defer stop()
	var conn net.Conn = c
	if s.TLS == tlsDirect {
		t := tls.Client(c, &tls.Config{ServerName: s.Server, MinVersion: tls.VersionTLS12})
		if err := t.HandshakeContext(ctx); err != nil {
			if e := (*tls.CertificateVerificationError)(nil); errors.As(err, &e) {
				return answersOdd
			}
			return answersNot
		}
		conn = t
	}
	line, err := bufio.NewReaderSize(conn, 512).ReadSlice('\n')
	if err != nil || !strings.HasPrefix(string(line), hello) {
		return answersNot
	}
	return answersWell
}
