package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"
)

// What DNS says about the sending domain. None of it keeps whyloop from running: it decides whether letters
// land in Junk.

// dnsWithin bounds all lookups together.
const dnsWithin = 8 * time.Second

// domain looks up SPF, DKIM and DMARC at once.
func (u *checkUp) domain() {
	_, domain, _ := strings.Cut(u.c.Mailbox.Address, "@")
	ctx, cancel := context.WithTimeout(u.env.ctx, dnsWithin)
	defer cancel()
	looks := []struct {
		what string
		look func(context.Context, string) finding
	}{{"spf", u.spf}, {"dkim", u.dkim}, {"dmarc", u.dmarc}}
	found := make([]finding, len(looks))
	var all sync.WaitGroup
	for i, l := range looks {
		all.Go(func() { found[i] = l.look(ctx, strings.ToLower(domain)) })
	}
	all.Wait()
	for i, l := range looks {
		u.note(l.what, found[i])
	}
}

// noSuch is DNS's word that there is none, as opposed to no word.
func noSuch(err error) bool {
	var e *net.DNSError
	return errors.As(err, &e) && e.IsNotFound
}

// silentDNS is what is found where nobody answers.
func silentDNS(err error) finding {
	return warned("look at this machine's DNS (/etc/resolv.conf, firewall); nothing else needs it but server names and trust.check_dkim",
		"DNS does not answer: %v", err)
}

// spf looks for the record that says who may send for the domain (RFC 7208).
func (u *checkUp) spf(ctx context.Context, domain string) finding {
	txts, err := u.env.machine.dns.LookupTXT(ctx, domain)
	if err != nil && !noSuch(err) {
		return silentDNS(err)
	}
	var records []string
	for _, t := range txts {
		if t == "v=spf1" || strings.HasPrefix(strings.ToLower(t), "v=spf1 ") { // RFC 7208 §4.5
			records = append(records, t)
		}
	}
	switch {
	case len(records) == 0:
		return warned(fmt.Sprintf("publish a TXT record at %s: \"v=spf1 %s -all\"", domain, presetOf(u.c.SMTP.Server).spfTerm()), "%s has no SPF record: letters may land in Junk", domain)
	case len(records) > 1:
		return warned("leave one record with all of it (RFC 7208 §4.5)", "%s has %d SPF records, and so none counts", domain, len(records))
	}
	fields := strings.Fields(strings.ToLower(records[0]))
	if last := fields[len(fields)-1]; last == "+all" || last == "all" {
		return warned("end the record with -all or ~all", "%s lets anybody send in its name", domain)
	}
	return well("%s has a record", domain)
}

// dmarc looks for the policy, at the domain and at the one it is registered under (RFC 7489 §6.6.3).
func (u *checkUp) dmarc(ctx context.Context, domain string) finding {
	o := &dmarc.LookupOptions{LookupTXT: u.txt(ctx)}
	record, err := dmarc.LookupWithOptions(domain, o)
	at := domain
	if errors.Is(err, dmarc.ErrNoPolicy) {
		if org, e := publicsuffix.EffectiveTLDPlusOne(domain); e == nil && org != domain {
			at = org
			record, err = dmarc.LookupWithOptions(org, o)
		}
	}
	switch {
	case errors.Is(err, dmarc.ErrNoPolicy):
		return warned(fmt.Sprintf("publish a TXT record at _dmarc.%s: \"v=DMARC1; p=none; rua=mailto:postmaster@%s\", and p=quarantine once the reports are clean", domain, domain),
			"%s has no DMARC record", domain)
	case err != nil && (dmarc.IsTempFail(err) || ctx.Err() != nil):
		return silentDNS(err)
	case err != nil:
		return warned("mend the TXT record at _dmarc."+at, "the DMARC record of %s cannot be read: %v", at, err)
	}
	return well("%s has a policy: %s", at, record.Policy)
}

// signedField is a DKIM signature, and not one that a provider keeps for itself under another name.
var signedField = regexp.MustCompile(`(?im)^DKIM-Signature:`)

// dkim verifies the signature of the mail to itself; where there is none, it looks for a key by the usual names.
func (u *checkUp) dkim(ctx context.Context, domain string) finding {
	if u.arrived != nil && signedField.Match(u.arrived.Raw) {
		return u.signature(ctx, domain)
	}
	selector, err := u.selector(ctx, domain)
	unsigned := "the mail to itself bears no signature, as many servers sign only what leaves"
	if u.arrived == nil {
		unsigned = "no mail to look at"
	}
	switch {
	case selector != "":
		return well("%s; a key is published at %s._domainkey.%s", unsigned, selector, domain)
	case err != nil:
		return silentDNS(err)
	}
	return warned("switch DKIM signing on at the mail server or provider, and publish its key; then look at a letter in a rep's mailbox: its header should say dkim=pass",
		"%s, and no key is found under the usual names", unsigned)
}

// signature verifies (RFC 6376 §6).
func (u *checkUp) signature(ctx context.Context, domain string) finding {
	vs, err := dkim.VerifyWithOptions(bytes.NewReader(u.arrived.Raw), &dkim.VerifyOptions{LookupTXT: u.txt(ctx), MaxVerifications: 5})
	if err != nil && len(vs) == 0 {
		return warned("look at the server's DKIM settings", "the signature cannot be read: %v", err)
	}
	bad := warned("sign by the mailbox's own domain, or DMARC passes by SPF alone", "signed, but not by %s", domain)
	for _, v := range vs {
		switch {
		case !sameOrganisation(v.Domain, domain):
		case v.Err == nil:
			return well("signed by %s, and the key fits", v.Domain)
		case dkim.IsTempFail(v.Err) || ctx.Err() != nil:
			bad = silentDNS(v.Err)
		default:
			bad = warned("publish the key that the server signs with", "the signature by %s does not hold: %v", v.Domain, v.Err)
		}
	}
	return bad
}

// sameOrganisation is DMARC's relaxed alignment (RFC 7489 §3.1.1).
func sameOrganisation(a, b string) bool {
	a, b = strings.ToLower(a), strings.ToLower(b)
	orgA, errA := publicsuffix.EffectiveTLDPlusOne(a)
	orgB, errB := publicsuffix.EffectiveTLDPlusOne(b)
	return a == b || errA == nil && errB == nil && orgA == orgB
}

// usualSelectors are the names that providers and mail servers give their keys.
func usualSelectors() []string {
	return []string{"google", "selector1", "selector2", "fm1", "fm2", "fm3", "sig1", "zoho", "zmail", "default", "dkim", "mail", "s1", "k1", "2026"}
}

// selector is the first of them that has a key; with none, the error of a lookup that got no answer.
func (u *checkUp) selector(ctx context.Context, domain string) (string, error) {
	names := usualSelectors()
	have, errs := make([]bool, len(names)), make([]error, len(names))
	var all sync.WaitGroup
	for i, s := range names {
		all.Go(func() {
			txts, err := u.env.machine.dns.LookupTXT(ctx, s+"._domainkey."+domain)
			have[i] = strings.Contains(strings.Join(txts, ""), "p=")
			if err != nil && !noSuch(err) {
				errs[i] = err
			}
		})
	}
	all.Wait()
	for i, s := range names {
		if have[i] {
			return s, nil
		}
	}
	for _, err := range errs {
		if err != nil {
			return "", err
		}
	}
	return "", nil
}
