package parser

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// seeds are whole mails with the shapes that the readers branch on.
var seeds = []string{
	"From: a@b.example\n\nhi\n",
	"From a@b Mon Jan\nFrom: =?utf-8?q?J=C3=B6rg?= <a@b.example>\nSubject: Re: x\n\nhi\n\n-- \nJ\n",
	"Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain; charset=utf-7\n\n+AGE-\n--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>x<blockquote>y\n--c--\n--b--",
	"Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=iso-2022-kr\n\nGyQpQw4=\n",
	"Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; format=flowed; delsp=yes\n\na =\n b \n> c \n> d\n-- \n",
	"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: x\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n",
	"Auto-Submitted: auto-replied (x); y=z\nDate: Mon, 07 Sep 2026 08:00:00 +0000\nSubject: Automatic reply: x\n\nBack on 14 July, 7/9, 2026-09-18, 9月18日まで\n",
	"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n#86)C\nend\n",
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Add([]byte(dsn("Action: failed\nStatus: 5.1.1\n")))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := Parser{AuthServIDs: []string{"mx"}, Own: []string{"c@x"}}
		m, err := p.Parse(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if m.Class == "" || m.Reason == "" || m.Auth == "" {
			t.Fatalf("unjudged: %+v", m)
		}
		for _, s := range append([]string{m.From, m.FromName, m.Subject, m.MessageID}, m.Recipients...) {
			if strings.ContainsAny(s, "\r\n\x00") {
				t.Fatalf("a line end came through: %q", s)
			}
		}
		again, _ := p.Parse(bytes.NewReader(b))
		if again.Key != m.Key || again.Class != m.Class {
			t.Fatal("two readings differ")
		}
		x, err := m.Visible(Known{Sent: []string{"What will that get you?"}, Name: "Jörg B"})
		if err != nil {
			t.Fatal(err)
		}
		sane(t, x)
	})
}

// sane checks what holds for every text.
func sane(t *testing.T, x Text) {
	t.Helper()
	if !utf8.ValidString(x.Body) || !utf8.ValidString(x.Footer) {
		t.Fatalf("not UTF-8: %q", x.Body)
	}
	if x.Empty != (x.Body == "") || x.Body != strings.TrimSpace(x.Body) {
		t.Fatalf("empty is %v of %q", x.Empty, x.Body)
	}
	if i := strings.IndexFunc(x.Body, invisible); i >= 0 {
		t.Fatalf("invisible characters in %q", x.Body)
	}
}

func FuzzExtract(f *testing.F) {
	for _, p := range phrasebooks {
		for _, a := range append(p.attributions, p.devices...) {
			f.Add("Yes.\n\n"+a+"\n> What will that get you?\n", "What will that get you?")
		}
		for _, h := range p.headers {
			f.Add("Yes.\n\n"+strings.ReplaceAll(h, "|", "\n")+"\n\nOld\n", "Old and new letter here.")
		}
	}
	f.Fuzz(func(t *testing.T, body, letter string) {
		for _, k := range []Known{{}, {Sent: []string{letter}, Name: "Sam Field", Footers: []string{letter}}} {
			x := Extract(Plain, body, k)
			sane(t, x)
			// Nothing is invented: every word kept was in the mail.
			have := clean(body)
			for _, w := range fieldsOf(strings.ToLower(x.Body)) {
				if !strings.Contains(strings.ToLower(have), w) {
					t.Fatalf("%q is not in %q", w, body)
				}
			}
		}
	})
}

func FuzzHTML(f *testing.F) {
	for i := range clients {
		if c := &clients[i]; c.kind == HTML {
			f.Add(c.header + c.frame[0] + htmlOf("What will that get you?") + c.frame[1] + htmlOf("yes"))
		}
	}
	f.Add("<p style='display:none'>x</p><ul><li>a<li>b</ul><ol><li>c</ol><pre>d\n e</pre><table><tr><td>f<td>g</table></br><img alt=😀><a@b.example>")
	f.Fuzz(func(t *testing.T, body string) {
		start := time.Now()
		sane(t, Extract(HTML, body, Known{}))
		sane(t, Extract(HTML, body, Known{Sent: []string{"What will that get you?"}}))
		if d := time.Since(start); d > 2*time.Second {
			t.Fatalf("%v for %d bytes", d, len(body))
		}
	})
}

func FuzzClass(f *testing.F) {
	f.Add("Subject", "Automatic reply: x", "Text")
	f.Add("X-Failed-Recipients", "a@b.example", "550 5.1.1 user unknown")
	f.Add("Content-Type", "text/calendar; method=REPLY", "METHOD:REPLY")
	f.Add("Auto-Submitted", "auto-replied (a (b", "Until 18 September")
	f.Fuzz(func(t *testing.T, name, value, body string) {
		if strings.ContainsAny(name+value, "\r\n") {
			return
		}
		m, err := Parse(strings.NewReader(name + ": " + value + "\nFrom: a@b.example\nDate: Mon, 07 Sep 2026 08:00:00 +0000\n\n" + body))
		if err != nil || m.Class == "" {
			t.Fatal(m.Class, err)
		}
		if !m.BackOn.IsZero() && m.Class != AutoReply {
			t.Fatal("a date of return without an automatic reply")
		}
	})
}

func FuzzAuthenticationResults(f *testing.F) {
	f.Add("mx.acme.example; dmarc=pass header.from=acme.example")
	f.Add("mx.acme.example 1 (x); dkim=pass (y) reason=\"a;b\" header.d=acme.example; spf=fail")
	f.Add("mx.acme.example; dmarc==pass;;;=")
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsAny(value, "\r\n") {
			return
		}
		p := Parser{AuthServIDs: []string{"mx.acme.example"}}
		m, err := p.Parse(strings.NewReader("Authentication-Results: " + value + "\nFrom: rep@acme.example\n\nx\n"))
		if err != nil {
			t.Fatal(err)
		}
		low := strings.ToLower(value)
		if m.Auth == AuthPass && (!strings.Contains(low, "mx.acme.example") || !strings.Contains(low, "pass") || !strings.Contains(low, "acme.example")) {
			t.Fatalf("%q proves nothing", value)
		}
		// What stands below the first hop from outside proves nothing, whatever it is.
		m, _ = p.Parse(strings.NewReader("Received: from a (b [192.0.2.9]) by mx.acme.example; x\nAuthentication-Results: " + value + "\nFrom: rep@acme.example\n\nx\n"))
		if m.Auth != AuthNone {
			t.Fatalf("believed below Received: %q", value)
		}
	})
}

func FuzzAddresses(f *testing.F) {
	for _, s := range []string{"a@b.example", "\"a\\\"b\" <a@b.example>, c@d", "g: a@b, c@d;", "a (c (d)) <a@b.example>", "=?utf-8?q?a=40b?= <c@d.example>", "<<a@b>>", "\"\"@\">\"", "\"@\"@b.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, _ := mailboxes(s)
		if len(list) > MaxAddresses {
			t.Fatal(len(list))
		}
		for _, m := range list {
			if m.addr == "" || !strings.Contains(m.addr, "@") || strings.ContainsAny(m.addr, "\r\n\x00<>") || strings.ContainsAny(m.name, "\r\n\x00") {
				t.Fatalf("%q gave %+v", s, m)
			}
			base, _ := plus(m.addr)
			if domain(base) != domain(m.addr) {
				t.Fatalf("%q: %q", s, base)
			}
		}
	})
}
