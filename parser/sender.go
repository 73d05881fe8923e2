package parser

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"golang.org/x/net/publicsuffix"
)

// Profiles of providers that put their proof elsewhere.
const (
	profileExchange = "exchange-online" // X-MS-Exchange-Organization-AuthAs
	profileGmail    = "gmail"           // Authentication-Results right below its own Received
)

// lookupTimeout bounds all DNS lookups of one mail.
const lookupTimeout = 5 * time.Second

// prove decides Auth: what our own server wrote first, then, where it wrote
// nothing, our own DKIM check.
func (p *Parser) prove(m *Message, e *mail, raw []byte) {
	if m.From == "" {
		m.AuthBy = "no-single-from"
		return
	}
	dom := domain(m.From)
	if p.Profile == profileExchange && internalExchange(e.header) {
		m.Auth, m.AuthBy = AuthPass, "exchange-internal"
		return
	}
	if m.Auth, m.AuthBy = p.trusted(e.header, dom); m.Auth == AuthNone && p.Resolver != nil {
		m.Auth, m.AuthBy = p.ownDKIM(raw[skipMbox(raw):], dom)
	}
}

// internalExchange believes Microsoft's mark for mail inside a tenant when the topmost
// Received is Microsoft's: its header firewall removes such marks from outside.
func internalExchange(h header) bool {
	by := receivedBy(h.get("received"))
	return strings.EqualFold(h.get("x-ms-exchange-organization-authas"), "internal") &&
		strings.HasSuffix(by, ".outlook.com") && len(h.all("x-ms-exchange-organization-authas")) == 1
}

// receivedBy returns the "by" host of a Received field (RFC 5321 §4.4).
func receivedBy(v string) string { return receivedWord(v, "by") }

// receivedWord returns the token after a keyword of a Received field.
func receivedWord(v, key string) string {
	f := strings.Fields(stripComments(prefix(v, 4000)))
	for i := 0; i+1 < len(f); i++ {
		if strings.EqualFold(f[i], key) {
			return strings.ToLower(strings.Trim(f[i+1], ";"))
		}
	}
	return ""
}

// trusted judges by our own server's word, and by that of a forwarder that it and we believe.
func (p *Parser) trusted(h header, dom string) (Auth, string) {
	v := p.verdicts(h, dom)
	auth, by := v.auth()
	if auth != AuthPass && v.arcPass && !v.arcFail && p.forwarded(h, dom) {
		return AuthPass, "arc"
	}
	return auth, by
}

// verdicts collects the Authentication-Results that stand above the first Received that
// names an outside host: everything below it may have come with the mail (RFC 8601 §5).
func (p *Parser) verdicts(h header, dom string) verdict {
	var v verdict
	for i, f := range h {
		switch f.name {
		case "authentication-results":
			v.add(p.results(f.value), dom)
		case "received":
			if inside(f.value) {
				continue
			}
			if p.Profile == profileGmail {
				v.add(p.gmailResults(h[i:]), dom)
			}
			return v
		}
	}
	return v
}

// inside says whether a Received tells of a hop within one server: without a "from", from the
// loopback address (the bracketed one: a HELO name may lie), or by LMTP (RFC 2033).
func inside(v string) bool {
	v = strings.TrimSpace(v)
	if len(v) > 3 && strings.EqualFold(v[:3], "by ") {
		return true
	}
	if w := receivedWord(v, "with"); w == "lmtp" || w == "lmtps" || w == "lmtpa" {
		return true
	}
	_, c, _ := strings.Cut(v, "(")
	c, _, _ = strings.Cut(c, ")")
	i := strings.LastIndexByte(c, '[')
	return i >= 0 && (strings.HasPrefix(c[i:], "[127.0.0.1]") || strings.HasPrefix(c[i:], "[::1]") || strings.HasPrefix(c[i:], "[IPv6:::1]"))
}

// gmailResults returns the first Authentication-Results below Gmail's own Received, where Gmail puts it.
func (p *Parser) gmailResults(h header) []result {
	if !p.pinned(receivedBy(h[0].value)) {
		return nil
	}
	for _, f := range h[1:] {
		switch f.name {
		case "authentication-results":
			return p.results(f.value)
		case "received", "from":
			return nil
		}
	}
	return nil
}

func (p *Parser) pinned(id string) bool {
	for _, a := range p.AuthServIDs {
		if a != "" && strings.EqualFold(a, id) {
			return true
		}
	}
	return false
}

// result is one method's result with its properties (RFC 8601 §2.2).
type result struct {
	method, value string
	props         map[string]string
}

// results reads an Authentication-Results value of a pinned authserv-id. One that
// cannot be read in full counts as absent.
func (p *Parser) results(v string) []result {
	if strings.ContainsRune(v, 0) || len(v) > maxPartHead {
		return nil
	}
	id, rest, _ := cutQuoted(stripComments(v), ';')
	f := strings.Fields(id)
	if len(f) == 0 || len(f) > 2 || len(f) == 2 && strings.Trim(f[1], "0123456789") != "" || !p.pinned(unquote(f[0])) {
		return nil
	}
	return readResults(rest)
}

// readResults reads results parted by semicolons; all of them, or none.
func readResults(s string) []result {
	var rs []result
	for s != "" && len(rs) < 100 {
		var one string
		one, s, _ = cutQuoted(s, ';')
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		r, ok := readResult(one)
		if !ok {
			return nil
		}
		rs = append(rs, r)
	}
	return rs
}

// readResult reads "method[/version]=result prop=value ...".
func readResult(s string) (result, bool) {
	s = strings.NewReplacer(" =", "=", "= ", "=").Replace(strings.Join(strings.Fields(s), " "))
	head, rest, _ := cutQuoted(s, ' ')
	method, value, _ := strings.Cut(strings.ToLower(head), "=")
	method, _, _ = strings.Cut(method, "/")
	if !word(method) || !word(value) {
		return result{}, false
	}
	r := result{method, value, map[string]string{}}
	for rest != "" {
		var one string
		one, rest, _ = cutQuoted(rest, ' ')
		if k, v, ok := strings.Cut(one, "="); ok {
			k = strings.ToLower(k)
			if _, twice := r.props[k]; twice {
				v = "" // contradicting itself
			}
			r.props[k] = lowerASCII(unquote(v))
		}
	}
	return r, true
}

// word says whether s is a keyword: letters, digits, "-", "_" and ".".
func word(s string) bool {
	for _, c := range s {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return s != ""
}

// verdict is what the results say together: the worst of contradicting ones.
type verdict struct{ dmarcPass, dmarcFail, dkimPass, dkimFail, arcPass, arcFail bool }

func (v *verdict) add(rs []result, dom string) {
	for _, r := range rs {
		switch r.method {
		case "dmarc":
			from := r.props["header.from"]
			if i := strings.LastIndexByte(from, '@'); i >= 0 {
				from = from[i+1:]
			}
			switch {
			case r.value == "fail", r.value == "pass" && from != dom:
				v.dmarcFail = true
			case r.value == "pass":
				v.dmarcPass = true
			}
		case "dkim":
			d := r.props["header.d"]
			if d == "" {
				d = domain(r.props["header.i"])
			}
			switch {
			case !aligned(d, dom):
			case r.value == "pass":
				v.dkimPass = true
			case r.value == "fail":
				v.dkimFail = true
			}
		case "arc":
			if r.value == "pass" {
				v.arcPass = true
			} else {
				v.arcFail = true
			}
		}
	}
}

func (v *verdict) auth() (Auth, string) {
	switch {
	case v.dmarcFail:
		return AuthFail, "dmarc"
	case v.dmarcPass:
		return AuthPass, "dmarc"
	case v.dkimPass:
		return AuthPass, "dkim"
	case v.dkimFail:
		return AuthFail, "dkim"
	}
	return AuthNone, "no-trusted-result"
}

// aligned is DMARC's relaxed alignment (RFC 7489 §3.1.1): the same organisational domain.
func aligned(d, from string) bool {
	if d == from {
		return d != ""
	}
	a, err := publicsuffix.EffectiveTLDPlusOne(d)
	b, _ := publicsuffix.EffectiveTLDPlusOne(from) // "" where there is none, as a is not
	return err == nil && a == b
}

// ownDKIM verifies the signatures ourselves (RFC 6376). Only one of the author's own
// domain counts; a lookup that fails for now is no failure of the mail.
func (p *Parser) ownDKIM(raw []byte, dom string) (Auth, string) {
	if !bytes.Contains(bytes.ToLower(raw[:min(len(raw), MaxHeader)]), []byte("dkim-signature:")) {
		return AuthNone, "unsigned"
	}
	ctx, cancel := context.WithTimeout(context.Background(), lookupTimeout)
	defer cancel()
	vs, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{
		LookupTXT:        func(name string) ([]string, error) { return p.Resolver(ctx, name) },
		MaxVerifications: maxSigs,
	})
	auth, by := AuthNone, "dkim-unaligned"
	if err != nil {
		by = "dkim-unreadable" // or more signatures than are checked
	}
	for _, v := range vs {
		switch {
		case !aligned(lowerASCII(v.Domain), dom):
		case v.Err == nil:
			return AuthPass, "own-dkim"
		case dkim.IsTempFail(v.Err) || ctx.Err() != nil:
			auth, by = AuthTemp, "own-dkim"
		case auth == AuthNone:
			auth, by = AuthFail, "own-dkim"
		}
	}
	return auth, by
}
