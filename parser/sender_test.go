package parser

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

const received = "Received: from out.acme.example (out.acme.example [192.0.2.1]) by mx.acme.example with ESMTPS; Mon, 07 Sep 2026 08:00:00 +0000\n"

func TestAuthenticationResults(t *testing.T) {
	const from = "From: Rep <rep@acme.example>\n"
	for _, c := range []struct {
		name, head string
		want       Auth
	}{
		{"dmarc pass", "Authentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthPass},
		{"case and version", "Authentication-Results: MX.acme.example 1; DMARC=Pass header.from=ACME.example\n" + received + from, AuthPass},
		{"aligned dkim", "Authentication-Results: mx.acme.example; dkim=pass header.d=mail.acme.example\n" + received + from, AuthPass},
		{"dkim by header.i", "Authentication-Results: mx.acme.example; dkim=pass header.i=@acme.example\n" + received + from, AuthPass},
		{"two fields", "Authentication-Results: mx.acme.example; spf=pass smtp.mailfrom=x.example\nAuthentication-Results: mx.acme.example; dkim=pass header.d=acme.example\n" + received + from, AuthPass},
		{"dkim fail beside pass", "Authentication-Results: mx.acme.example; dkim=fail header.d=acme.example; dkim=pass header.d=acme.example\n" + received + from, AuthPass},
		{"local hop above", "Received: from mx.acme.example (localhost [127.0.0.1]) by mx.acme.example with ESMTP; x\nAuthentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthPass},
		{"lmtp hop above", "Received: from mx.acme.example by store.acme.example with LMTP id 1; x\nAuthentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthPass},
		{"helo lies about loopback", "Received: from [127.0.0.1] (evil.example [203.0.113.9]) by mx.acme.example with ESMTP; x\nAuthentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + from, AuthNone},
		{"below received", received + "Authentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + from, AuthNone},
		{"other id", "Authentication-Results: mx.acme.example.evil; dmarc=pass header.from=acme.example\n" + received + from, AuthNone},
		{"no id", "Authentication-Results: spf=pass smtp.mailfrom=acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthNone},
		{"bestguess", "Authentication-Results: mx.acme.example; dmarc=bestguesspass header.from=acme.example\n" + received + from, AuthNone},
		{"worst counts", "Authentication-Results: mx.acme.example; dmarc=pass header.from=acme.example; dmarc=fail header.from=acme.example\n" + received + from, AuthFail},
		{"other from", "Authentication-Results: mx.acme.example; dmarc=pass header.from=evil.example\n" + received + from, AuthFail},
		{"no header.from", "Authentication-Results: mx.acme.example; dmarc=pass\n" + received + from, AuthFail},
		{"quoted reason", "Authentication-Results: mx.acme.example; dmarc=fail reason=\"; dmarc=pass header.from=acme.example\"\n" + received + from, AuthFail},
		{"worst counts, the other way round", "Authentication-Results: mx.acme.example; dmarc=fail header.from=acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthFail},
		{"a pass that another result does not take back", "Authentication-Results: mx.acme.example; dmarc=pass header.from=acme.example; dmarc=none\n" + received + from, AuthPass},
		{"header.from as an address", "Authentication-Results: mx.acme.example; dmarc=pass header.from=rep@acme.example\n" + received + from, AuthPass},
		{"header.from contradicts itself", "Authentication-Results: mx.acme.example; dmarc=pass header.from=acme.example header.from=acme.example\n" + received + from, AuthFail},
		{"no policy of another domain", "Authentication-Results: mx.acme.example; dmarc=none header.from=list.example; dkim=pass header.d=acme.example\n" + received + from, AuthPass},
		{"dkim pass beside fail", "Authentication-Results: mx.acme.example; dkim=pass header.d=acme.example; dkim=fail header.d=acme.example\n" + received + from, AuthPass},
		{"dkim fail", "Authentication-Results: mx.acme.example; dkim=fail header.d=acme.example; dkim=neutral header.d=acme.example\n" + received + from, AuthFail},
		{"dkim neither", "Authentication-Results: mx.acme.example; dkim=neutral header.d=acme.example\n" + received + from, AuthNone},
		{"another's dkim fails", "Authentication-Results: mx.acme.example; dkim=fail header.d=evil.example\n" + received + from, AuthNone},
		{"a method that cannot be read takes all with it", "Authentication-Results: mx.acme.example; dmarc==pass; dmarc=pass header.from=acme.example\n" + received + from, AuthNone},
		{"an empty result", "Authentication-Results: mx.acme.example;; dmarc=pass header.from=acme.example;\n" + received + from, AuthPass},
		{"no id at all", "Authentication-Results: ; dmarc=pass header.from=acme.example\n" + received + from, AuthNone},
		{"a version that is none", "Authentication-Results: mx.acme.example x; dmarc=pass header.from=acme.example\n" + received + from, AuthNone},
		{"more than a version", "Authentication-Results: mx.acme.example 1 2; dmarc=pass header.from=acme.example\n" + received + from, AuthNone},
		{"lmtps hop above", "Received: from mx.acme.example by store.acme.example with LMTPS id 1; x\nAuthentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthPass},
		{"lmtpa hop above", "Received: from mx.acme.example by store.acme.example with LMTPA id 1; x\nAuthentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthPass},
		{"local hop of IPv6 above", "Received: from mx.acme.example (localhost [::1]) by mx.acme.example with ESMTP; x\nAuthentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthPass},
		{"local hop of IPv6 above, with its name", "Received: from mx.acme.example (localhost [IPv6:::1]) by mx.acme.example with ESMTP; x\nAuthentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthPass},
		{"a hop that says nothing", "Received: by\nAuthentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + received + from, AuthNone},
		{"unreadable", "Authentication-Results: mx.acme.example; dmarc==pass\n" + received + from, AuthNone},
		{"unaligned dkim", "Authentication-Results: mx.acme.example; dkim=pass header.d=evil.example\n" + received + from, AuthNone},
		{"public suffix", "Authentication-Results: mx.acme.example; dkim=pass header.d=co.uk\n" + received + "From: a@acme.co.uk\n", AuthNone},
		{"spf alone", "Authentication-Results: mx.acme.example; spf=pass smtp.mailfrom=rep@acme.example\n" + received + from, AuthNone},
		{"two from", "Authentication-Results: mx.acme.example; dmarc=pass header.from=acme.example\n" + received + from + from, AuthNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Parser{AuthServIDs: []string{"mx.acme.example"}}
			m, _ := p.Parse(strings.NewReader(c.head + "To: c@x.example\nSubject: Re: x\n\nhi\n"))
			if m.Auth != c.want {
				t.Errorf("%s by %s, want %s", m.Auth, m.AuthBy, c.want)
			}
		})
	}
}

// TestARCIsNoProof: what forwarders seal (RFC 8617) proves nothing, for nobody says which of them to believe; our own server's word does, whatever
// made it say so.
func TestARCIsNoProof(t *testing.T) {
	const chain = "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=mx.acme.example; s=a; b=AAAA\nARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=mx.acme.example; s=a; h=from:to; bh=AAAA; b=AAAA\nARC-Authentication-Results: i=1; mx.acme.example; dmarc=pass header.from=acme.example; dkim=pass header.d=acme.example\n"
	for head, want := range map[string]Auth{
		chain + received: AuthNone,
		"Authentication-Results: mx.acme.example; arc=pass (i=1 dmarc=pass fromdomain=acme.example)\n" + chain + received:                                      AuthNone,
		"Authentication-Results: mx.acme.example; arc=pass; dmarc=fail header.from=acme.example\n" + chain + received:                                          AuthFail,
		"Authentication-Results: mx.acme.example; arc=pass; dmarc=pass (override by ARC) header.from=acme.example\n" + chain + received:                        AuthPass,
		"X-Google-ARC: x\nAuthentication-Results: other.example; arc=pass\n" + chain + received + strings.Replace(chain, "i=1", "i=2", 1) + "Subject: Re: y\n": AuthNone,
	} {
		p := Parser{AuthServIDs: []string{"mx.acme.example"}, Resolver: func(context.Context, string) ([]string, error) { return nil, errors.New("asked") }}
		m, _ := p.Parse(strings.NewReader(head + "From: Rep <rep@acme.example>\nTo: c@x.example\nSubject: Re: x\n\nhi\n"))
		if m.Auth != want {
			t.Errorf("%s by %s, want %s: %q", m.Auth, m.AuthBy, want, head)
		}
	}
}

func TestProfiles(t *testing.T) {
	const google = "Delivered-To: c@x.example\nReceived: by 2002:a05:1 with SMTP id 1; x\nReceived: from out.acme.example (out.acme.example. [192.0.2.1]) by mx.google.com with ESMTPS id 2; x\nReceived-SPF: pass\nAuthentication-Results: mx.google.com; dkim=pass header.i=@acme.example; dmarc=pass (p=REJECT) header.from=acme.example\n"
	const forged = "Authentication-Results: mx.google.com; dmarc=pass header.from=acme.example\n"
	const outlook = "Received: from A.eurprd01.prod.outlook.com (2603::1) by B.eurprd01.prod.outlook.com (2603::2) with HTTPS; x\nX-MS-Exchange-Organization-AuthAs: Internal\n"
	for _, c := range []struct {
		name, profile, head string
		want                Auth
	}{
		{"gmail", "gmail", google, AuthPass},
		{"gmail without the profile", "", google, AuthNone},
		{"gmail, the first counts", "gmail", strings.Replace(google, "dmarc=pass", "dmarc=fail", 1) + forged, AuthFail},
		{"gmail, none of its own", "gmail", "Received: from a by mx.google.com with ESMTPS id 2; x\nReceived: from b by c; x\n" + forged, AuthNone},
		{"gmail, received by another", "gmail", "Received: from a by mx.evil.example with ESMTPS id 2; x\n" + forged, AuthNone},
		{"gmail, below the author", "gmail", "Received: from a by mx.google.com with ESMTPS id 2; x\nFrom: rep@acme.example\n" + forged + "Subject: Re: x\n\nhi\n", AuthNone},
		{"exchange", "exchange-online", outlook, AuthPass},
		{"exchange, from outside by its own word", "exchange-online", strings.Replace(outlook, "Internal", "Anonymous", 1), AuthNone},
		{"exchange, two marks", "exchange-online", outlook + "X-MS-Exchange-Organization-AuthAs: Internal\n", AuthNone},
		{"exchange without the profile", "", outlook, AuthNone},
		{"exchange, from outside", "exchange-online", strings.Replace(outlook, "Internal", "Anonymous", 1), AuthNone},
		{"exchange, two marks", "exchange-online", outlook + "X-MS-Exchange-Organization-AuthAs: Internal\n", AuthNone},
		{"exchange, a host that ends like it", "exchange-online", strings.ReplaceAll(outlook, ".prod.outlook.com", ".evil-outlook.com"), AuthNone},
		{"exchange mark from outside", "exchange-online", "Received: from a by mx.evil.example; x\n" + outlook, AuthNone},
	} {
		p := Parser{AuthServIDs: []string{"mx.google.com"}, Profile: c.profile}
		m, _ := p.Parse(strings.NewReader(c.head + "From: rep@acme.example\nSubject: Re: x\n\nhi\n"))
		if m.Auth != c.want {
			t.Errorf("%s: %s by %s, want %s", c.name, m.Auth, m.AuthBy, c.want)
		}
	}
}

// TestResults: what of an Authentication-Results field can be read at all.
func TestResults(t *testing.T) {
	p := Parser{AuthServIDs: []string{"", "mx.acme.example"}}
	for v, want := range map[string]int{
		"mx.acme.example; dmarc=pass; spf=fail": 2, "mx.acme.example; dmarc=pass reason=a\x00b": 0, `""; dmarc=pass`: 0, "mx.acme.example; dmarc": 0, "mx.acme.example; =pass": 0,
		"mx.acme.example; dmarc=pa$s": 0, "mx.acme.example; dmarc=": 0, "mx.acme.example" + strings.Repeat("; spf=pass", 150): 100,
		"mx.acme.example; spf=pass x=" + strings.Repeat("x", maxPartHead): 0,
	} {
		if got := p.results(v); len(got) != want {
			t.Errorf("%.60q: %d results, want %d", v, len(got), want)
		}
	}
	for s, want := range map[string]bool{"a": true, "z": true, "a-z": true, "a_z": true, "a.z": true, "0": true, "9": true, "": false, "A": false, "a{": false, "a`": false, "a/": false, "a:": false} {
		if word(s) != want {
			t.Errorf("word(%q)", s)
		}
	}
	for _, c := range []struct {
		d, from string
		want    bool
	}{
		{"acme.example", "acme.example", true}, {"mail.acme.example", "acme.example", true}, {"co.uk", "co.uk", true}, {"", "", false},
		{"co.uk", "com", false}, {"co.uk", "acme.co.uk", false}, {"acme.co.uk", "other.co.uk", false}, {"", "acme.example", false},
	} {
		if aligned(c.d, c.from) != c.want {
			t.Errorf("aligned(%q, %q)", c.d, c.from)
		}
	}
}

// signed returns a mail signed for acme.example, and a resolver that knows the key.
func signed(t *testing.T) ([]byte, func(context.Context, string) ([]string, error)) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	const mail = "From: Rep <rep@acme.example>\r\nTo: c@x.example\r\nSubject: Re: x\r\nMessage-ID: <1@acme.example>\r\nDate: Mon, 07 Sep 2026 08:00:00 +0000\r\n\r\nFreedom.\r\n"
	var out bytes.Buffer
	if err := dkim.Sign(&out, strings.NewReader(mail), &dkim.SignOptions{Domain: "acme.example", Selector: "s", Signer: private}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), func(_ context.Context, name string) ([]string, error) {
		if name != "s._domainkey.acme.example" {
			return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
		}
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
	}
}

func TestOwnDKIM(t *testing.T) {
	mail, resolver := signed(t)
	down := func(context.Context, string) ([]string, error) {
		return nil, &net.DNSError{Err: "timeout", IsTimeout: true, IsTemporary: true}
	}
	other := bytes.Replace(mail, []byte("rep@acme.example"), []byte("rep@evil.example"), 1)
	for _, c := range []struct {
		name     string
		mail     []byte
		resolver func(context.Context, string) ([]string, error)
		want     Auth
	}{
		{"good", mail, resolver, AuthPass},
		{"no resolver, no network", mail, nil, AuthNone},
		{"changed body", bytes.Replace(mail, []byte("Freedom."), []byte("Money."), 1), resolver, AuthFail},
		{"other author", other, resolver, AuthNone},
		{"dns down", mail, down, AuthTemp},
		{"unsigned", []byte("From: rep@acme.example\r\n\r\nx\r\n"), resolver, AuthNone},
		{"two authors", append([]byte("From: evil@evil.example\r\n"), mail...), resolver, AuthNone},
	} {
		p := Parser{Resolver: c.resolver}
		m, err := p.Parse(bytes.NewReader(c.mail))
		if err != nil || m.Auth != c.want {
			t.Errorf("%s: %s by %s, want %s (%v)", c.name, m.Auth, m.AuthBy, c.want, err)
		}
	}
}

// TestOwnDKIMTells names why a mail is not proven, and waits for DNS no longer than it may.
func TestOwnDKIMTells(t *testing.T) {
	mail, resolver := signed(t)
	i := bytes.IndexByte(mail, '\n')
	for mail[i+1] == ' ' || mail[i+1] == '\t' {
		i += 1 + bytes.IndexByte(mail[i+1:], '\n')
	}
	signature, rest := mail[:i+1], mail[i+1:]
	for _, c := range []struct {
		name string
		mail []byte
		want Auth
		by   string
	}{
		{"unsigned", rest, AuthNone, "unsigned"},
		{"a field that only speaks of a signature", append([]byte("X-Note: dkim-signature: none\r\n"), rest...), AuthNone, "dkim-unaligned"},
		{"more signatures than are checked", append(bytes.Repeat(signature, 6), rest...), AuthPass, "own-dkim"},
		{"more of them, none the author's", bytes.Replace(append(bytes.Repeat(signature, 6), rest...), []byte("rep@acme.example"), []byte("rep@evil.example"), 1), AuthNone, "dkim-unreadable"},
	} {
		p := Parser{Resolver: resolver}
		if m, err := p.Parse(bytes.NewReader(c.mail)); err != nil || m.Auth != c.want || m.AuthBy != c.by {
			t.Errorf("%s: %s by %s, want %s by %s (%v)", c.name, m.Auth, m.AuthBy, c.want, c.by, err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		p, start := Parser{Resolver: func(ctx context.Context, _ string) ([]string, error) {
			<-ctx.Done()
			return nil, errors.New("gave up")
		}}, time.Now()
		if m, _ := p.Parse(bytes.NewReader(mail)); m.Auth != AuthTemp || time.Since(start) != lookupTimeout {
			t.Errorf("%s by %s after %v", m.Auth, m.AuthBy, time.Since(start))
		}
	})
}

func TestTrustedFailBeatsOwnCheck(t *testing.T) {
	mail, resolver := signed(t)
	p := Parser{AuthServIDs: []string{"mx.acme.example"}, Resolver: resolver}
	m, _ := p.Parse(bytes.NewReader(append([]byte("Authentication-Results: mx.acme.example; dmarc=fail header.from=acme.example\r\n"), mail...)))
	if m.Auth != AuthFail {
		t.Errorf("%s by %s", m.Auth, m.AuthBy)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("cable cut") }

func TestReaderFails(t *testing.T) {
	if _, err := Parse(failing{}); err == nil || !strings.Contains(err.Error(), "read mail: cable cut") {
		t.Error(err)
	}
}
