package parser

import (
	"strconv"
	"strings"
	"testing"
)

// TestForwarded: a forwarder's sealed word counts where our server says that the chain is whole and each who sealed it is
// one we were told to believe; nothing else about a chain does.
func TestForwarded(t *testing.T) {
	const (
		ours = "Authentication-Results: mx.acme.example; arc=pass; dkim=fail header.d=rep.example; dmarc=fail header.from=rep.example\n"
		hop  = "Received: from out.lists.example (out.lists.example [192.0.2.9]) by mx.acme.example with ESMTPS; x\n"
		set1 = "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=lists.example; s=s; b=xx\nARC-Message-Signature: i=1; d=lists.example; b=xx\n" +
			"ARC-Authentication-Results: i=1; mx.lists.example; dkim=pass header.d=rep.example; dmarc=pass (p=reject) header.from=rep.example\n"
		set2 = "ARC-Seal: i=2; a=rsa-sha256; cv=pass; d=other.example; s=s; b=xx\nARC-Message-Signature: i=2; d=other.example; b=xx\n" +
			"ARC-Authentication-Results: i=2; mx.other.example; arc=pass; dmarc=fail header.from=rep.example\n"
		from = "From: Rep <rep@rep.example>\n"
	)
	swap := func(s, a, b string) string {
		t.Helper()
		if !strings.Contains(s, a) {
			t.Fatalf("no %q", a)
		}
		return strings.Replace(s, a, b, 1)
	}
	for _, c := range []struct {
		name, head string
		want       Auth
	}{
		{"sealed by a forwarder of ours", ours + hop + set1 + from, AuthPass},
		{"its case", ours + hop + swap(set1, "d=lists.example", "d=Lists.Example") + from, AuthPass},
		{"by two of ours", ours + hop + set2 + set1 + from, AuthPass},
		{"no word of our server's on the chain", swap(ours, "arc=pass; ", "") + hop + set1 + from, AuthFail},
		{"our server says it is broken", swap(ours, "arc=pass", "arc=fail") + hop + set1 + from, AuthFail},
		{"our server says both", swap(ours, "arc=pass", "arc=pass; arc=fail") + hop + set1 + from, AuthFail},
		{"the word came with the mail", hop + ours + set1 + from, AuthNone},
		{"sealed by somebody", ours + hop + swap(set1, "d=lists.example", "d=evil.example") + from, AuthFail},
		{"by somebody before ours", ours + hop + set2 + swap(set1, "d=lists.example", "d=evil.example") + from, AuthFail},
		{"by somebody after ours", ours + hop + swap(set2, "d=other.example; s", "d=evil.example; s") + set1 + from, AuthFail},
		{"the forwarder saw no proof", ours + hop + swap(set1, "dmarc=pass", "dmarc=fail") + from, AuthFail},
		{"the forwarder saw another author", ours + hop + set1 + "From: eve@evil.example\n", AuthFail},
		{"the last alone saw proof", ours + hop + swap(set2, "dmarc=fail", "dmarc=pass") + swap(set1, "dkim=pass header.d=rep.example; dmarc=pass (p=reject) header.from=rep.example", "dmarc=fail header.from=rep.example") + from, AuthFail},
		{"it says the chain was broken before", ours + hop + swap(set2, "cv=pass", "cv=fail") + set1 + from, AuthFail},
		{"the first was not the first", ours + hop + swap(set1, "cv=none", "cv=pass") + from, AuthFail},
		{"a gap", ours + hop + strings.ReplaceAll(set2, "i=2", "i=3") + set1 + from, AuthFail},
		{"an instance twice", ours + hop + set1 + set1 + from, AuthFail},
		{"a set without results", ours + hop + set1[:strings.Index(set1, "ARC-Auth")] + from, AuthFail},
		{"a domain twice", ours + hop + swap(set1, "d=lists.example", "d=lists.example; d=evil.example") + from, AuthFail},
		{"two authors", ours + hop + set1 + from + from, AuthNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, p := range []struct {
				Parser
				want Auth
			}{
				{Parser{AuthServIDs: []string{"mx.acme.example"}, ARCSealers: []string{"lists.example", "other.example"}}, c.want},
				{Parser{AuthServIDs: []string{"mx.acme.example"}}, map[Auth]Auth{AuthPass: AuthFail, AuthFail: AuthFail, AuthNone: AuthNone}[c.want]},
				{Parser{ARCSealers: []string{"lists.example", "other.example"}}, AuthNone},
			} {
				m, _ := p.Parse(strings.NewReader(c.head + "To: c@x.example\nSubject: Re: x\n\nhi\n"))
				if m.Auth != p.want {
					t.Errorf("sealers %q: %s by %s, want %s", p.ARCSealers, m.Auth, m.AuthBy, p.want)
				}
			}
		})
	}
	long := "Authentication-Results: mx.acme.example; arc=pass\n" + hop
	for range maxARC + 1 {
		long += set1
	}
	p := Parser{AuthServIDs: []string{"mx.acme.example"}, ARCSealers: []string{"lists.example"}}
	if m, _ := p.Parse(strings.NewReader(long + from + "\nhi\n")); m.Auth == AuthPass {
		t.Error("a chain without end is believed")
	}
}

// TestARCForm: a chain is whole or it is none, and what is not said convinces nobody.
func TestARCForm(t *testing.T) {
	for _, c := range [][]string{{"i=1; a", "i=1; b"}, {"i=0; a"}, {"i=-1; a"}, {"i=x; a"}, {"x=1; a"}, {"i=2; a"}} {
		if got := chain(c); got != nil {
			t.Errorf("%q is a chain: %q", c, got)
		}
	}
	long := make([]string, maxARC+1)
	for n := range long {
		long[n] = "i=" + strconv.Itoa(n+1) + "; a"
	}
	if chain(long) != nil || len(chain(long[:maxARC])) != maxARC {
		t.Errorf("a chain has %d sets at the most", maxARC)
	}
	if tags := sealTags("i=1; d=a.example; D = b.example"); tags["d"] != "" {
		t.Errorf("a tag that stands twice: %q", tags["d"])
	}
	const ours = "Authentication-Results: mx.acme.example; arc=pass; dmarc=fail header.from=rep.example\nReceived: from a by mx.acme.example; x\n"
	const sealed = "ARC-Seal: i=1; cv=none; d=lists.example\nARC-Message-Signature: i=1; d=lists.example\nARC-Authentication-Results: i=1; mx.lists.example; dmarc=pass header.from=rep.example\n"
	p := Parser{AuthServIDs: []string{"mx.acme.example"}, ARCSealers: []string{"", "lists.example"}}
	for name, c := range map[string]struct {
		head string
		want Auth
		by   string
	}{
		"whole":                        {ours + sealed, AuthPass, "arc"},
		"the author is proven anyhow":  {strings.Replace(ours, "dmarc=fail", "dmarc=pass", 1) + sealed, AuthPass, "dmarc"},
		"no message signature":         {ours + strings.Replace(sealed, "ARC-Message-Signature", "X-Other", 1), AuthFail, "dmarc"},
		"sealed by nobody":             {ours + strings.Replace(sealed, "; d=lists.example", "", 1), AuthFail, "dmarc"},
		"broken, and then whole by us": {strings.Replace(ours, "arc=pass", "arc=fail; arc=pass", 1) + sealed, AuthFail, "dmarc"},
	} {
		if m, _ := p.Parse(strings.NewReader(c.head + "From: rep@rep.example\nSubject: Re: x\n\nhi\n")); m.Auth != c.want || m.AuthBy != c.by {
			t.Errorf("%s: %s by %s, want %s by %s", name, m.Auth, m.AuthBy, c.want, c.by)
		}
	}
}
