package parser

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// visible reads a mail's words with nothing known.
func visible(t *testing.T, mail string) string {
	t.Helper()
	m, err := Parse(strings.NewReader(mail))
	if err != nil {
		t.Fatal(err)
	}
	x, err := m.Visible(Known{})
	if err != nil {
		t.Fatal(err)
	}
	return x.Body
}

func TestBody(t *testing.T) {
	for _, c := range []struct{ name, mail, want string }{
		{"plain", "From: a@b.example\n\nhi\n", "hi"},
		{"crlf", "From: a@b.example\r\n\r\nhi\r\nyou\r\n", "hi\nyou"},
		{"mbox line", "From a@b Mon Jan 1\nFrom: a@b.example\n\nhi\n", "hi"},
		{"no empty line", "From: a@b.example\nThis is the text.\nIt goes on.\n", "This is the text.\nIt goes on."},
		{"junk header line", "From: a@b.example\njunk\nSubject: x\n\nhi\n", "hi"},
		{"alternative", "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n", "plain"},
		{"empty plain part", "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--\n", "html"},
		{"plain part holds the quote only", "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n> old\n--b\nContent-Type: text/html\n\n<p>new</p><blockquote type=cite>old</blockquote>\n--b--\n", "new"},
		{"text around an attachment", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfirst\n--b\nContent-Type: image/png\nContent-Disposition: inline\n\nxx\n--b\n\nsecond\n--b--\n", "first\n\nsecond"},
		{"attached text is not theirs", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\nnot this\n--b--\n", "hi"},
		{"forwarded mail is not theirs", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: message/rfc822\n\nFrom: x@y\n\nnot this\n--b--\n", "hi"},
		{"signed", "Content-Type: multipart/signed; boundary=b\n\n--b\n\nhi\n--b\nContent-Type: application/pgp-signature\n\nxx\n--b--\n", "hi"},
		{"cut off", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhi", "hi"},
		{"boundary is missing", "Content-Type: multipart/mixed\n\n--zz\nContent-Type: text/plain\n\nhi\n--zz--\n", "hi"},
		{"boundary is a prefix of another", "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n\nhi\n--bb--\n--b--\n", "hi"},
		{"base64 with rubbish", "Content-Transfer-Encoding: base64\n\naGkg!!\ndGhlcmU=\n", "hi there"},
		{"quoted-printable with mistakes", "Content-Transfer-Encoding: quoted-printable\n\na=20b = c=\nd =ZZ\n", "a b = cd =ZZ"},
		{"flowed", "Content-Type: text/plain; format=flowed\n\nOne line that \ngoes on.\n\n> quoted \n> too\n", "One line that goes on."},
		{"latin-1", "Content-Type: text/plain; charset=iso-8859-1\n\ncaf\xe9\n", "café"},
		{"UTF-8 under a wrong label", "Content-Type: text/plain; charset=iso-8859-1\n\ncafé\n", "café"},
		{"no label", "From: a@b.example\n\ncaf\xe9 \x93x\x94\n", "café “x”"},
		{"utf-7", "Content-Type: text/plain; charset=utf-7\n\ncaf+AOk- +- +2D3eAA-\n", "café + 😀"},
		{"unknown label", "Content-Type: text/plain; charset=martian\n\ncafé\n", "café"},
		{"BOM", "From: a@b.example\n\n\ufeffhi\n", "hi"},
		{"zero width and bidi", "From: a@b.example\n\nfr\u200bee\u202edom\n", "freedom"},
	} {
		if d := cmp.Diff(c.want, visible(t, c.mail)); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestHTMLText(t *testing.T) {
	for _, c := range []struct{ name, html, want string }{
		{"paragraphs", "<p>One</p><p>Two</p>", "One\n\nTwo"},
		{"divs and breaks", "<div>One<br>Two</div><div><br></div><div>Three</div>", "One\nTwo\n\nThree"},
		{"lists", "<ul><li>a</li><li>b</li></ul><ol><li>c<li>d</ol>", "- a\n- b\n1. c\n2. d"},
		{"table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"links", `see <a href="https://x.example/t?id=1">the list</a>.`, "see the list."},
		{"entities", "fish &amp; chips &lt;3&nbsp;&#128512;", "fish & chips <3 😀"},
		{"hidden", `a<span style="display: none">b</span><div hidden>c</div><p style="font-size:0">d</p><span style="font-size:0.9em">e</span>`, "ae"},
		{"scripts and styles", "<style>p{}</style><script>x</script><title>t</title>a", "a"},
		{"images", `a<img src="https://t.example/p.gif" alt="pixel" width=1>b<img alt="😀">`, "ab😀"},
		{"pre", "<pre>a\n  b</pre>", "a\nb"},
		{"unescaped address", "ask <sam@acme.example> now", "ask <sam@acme.example> now"},
		{"Gmail's indent is no quote", `<blockquote style="margin:0 0 0 40px;border:none;padding:0px">mine</blockquote>`, "mine"},
		{"Outlook paragraphs", `<p class="MsoNormal">One</p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Two</p>`, "One\n\nTwo"},
		{"unclosed hidden paragraph", `<p style="display:none">x<p>seen`, "seen"},
		{"closing what was never open", "</div></p>a</blockquote>b", "ab"},
		{"client signature", `<div>Freedom</div><div>-- </div><div class="gmail_signature">Sam<br>Acme</div>`, "Freedom"},
		{"nothing but a signature stays", `<div class="gmail_signature">Sam</div>`, "Sam"},
	} {
		if d := cmp.Diff(c.want, Extract(HTML, c.html, Known{}).Body); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestEnvelope(t *testing.T) {
	m, err := Parse(strings.NewReader("Return-Path: <Sam@Acme.example>\nDelivered-To: box@mail.acme.example\nX-Original-To: coach+tok9@mail.acme.example\nFrom: =?utf-8?q?J=C3=B6rg=0D=0ABcc:_x=40y?= <Sam@Acme.example>\nTo: \"Coach, the\" <coach@mail.acme.example>, bad, Ann <ann@acme.example>\nCc: coach@mail.acme.example\nSubject: =?iso-8859-1?q?caf=E9?=\n =?iso-8859-1?q?_now?=\nMessage-ID: <1@acme.example>\nIn-Reply-To: see <c.1@mail.acme.example> please\nReferences: <c.0@mail.acme.example>\n <c.1@mail.acme.example>\nDate: Mon, 07 Sep 2026 08:00:00 +0200\n\nhi\n"))
	if err != nil {
		t.Fatal(err)
	}
	if m.Key == "" || len(m.Key) != 64 {
		t.Error("key", m.Key)
	}
	m.Key, m.plain = "", ""
	want := Message{
		Class: Reply, Reason: "no-mark", Auth: AuthNone, AuthBy: "no-trusted-result", From: "sam@acme.example", FromName: "Jörg Bcc: x@y", MessageID: "<1@acme.example>",
		InReplyTo: []string{"<c.1@mail.acme.example>"}, References: []string{"<c.0@mail.acme.example>", "<c.1@mail.acme.example>"}, Subject: "café now", Date: time.Date(2026, 9, 7, 6, 0, 0, 0, time.UTC),
		To: []string{"coach@mail.acme.example", "ann@acme.example"}, Cc: []string{"coach@mail.acme.example"},
		Recipients: []string{"coach@mail.acme.example", "ann@acme.example", "box@mail.acme.example", "coach+tok9@mail.acme.example"}, ReturnPath: "sam@acme.example",
	}
	if d := cmp.Diff(want, m, cmp.AllowUnexported(Message{})); d != "" {
		t.Error(d)
	}
	if got := m.PlusTokens("coach@mail.acme.example"); len(got) != 1 || got[0] != "tok9" {
		t.Error(got)
	}
}

func TestOneFrom(t *testing.T) {
	for _, c := range []struct{ head, want string }{
		{"From: Rep <rep@acme.example>", "rep@acme.example"},
		{"From: rep@acme.example (Rep)", "rep@acme.example"},
		{"From: \"rep@acme.example\" <evil@evil.example>", "evil@evil.example"},
		{"From: a@b.example, c@d.example", ""},
		{"From: a@b.example\nFrom: a@b.example", ""},
		{"From: g: a@b.example;", ""},
		{"From: <a@b.example> <c@d.example>", ""},
		{"From: a@b@c.example", ""},
		{"From: r\u0435p@acme.example", "r\u0435p@acme.example"}, // a Cyrillic letter stays what it is
		{"Sender: a@b.example", ""},
	} {
		m, _ := Parse(strings.NewReader(c.head + "\nSubject: x\n\nhi\n"))
		if m.From != c.want {
			t.Errorf("%q: %q, want %q", c.head, m.From, c.want)
		}
	}
}

func TestKey(t *testing.T) {
	key := func(head, body string) string {
		m, _ := Parse(strings.NewReader(head + "\n\n" + body))
		return m.Key
	}
	const a = "From: a@b.example\nMessage-ID: <X@b.example>"
	if key(a, "hi") != key("Received: again\nFrom: A@b.example\nMessage-Id: <x@B.example>", "hi\n") {
		t.Error("the same mail by another way has another key")
	}
	if key(a, "hi") == key(a, "ho") || key(a, "hi") == key(strings.Replace(a, "a@b", "c@b", 1), "hi") {
		t.Error("two mails share a key")
	}
}

func TestKnownWriter(t *testing.T) {
	k := Known{Name: "Sam Field", Address: "sam@acme.example", Footers: []string{"Acme Ltd is a company\nregistered in a place that nobody can find on maps."}}
	for _, c := range []struct{ body, want string }{
		{"Freedom\n\nSam", "Freedom"},
		{"Freedom\nSam Field", "Freedom"},
		{"Freedom\n\nThanks,\nSam", "Freedom"},
		{"Freedom\n\nBest regards", "Freedom"},
		{"Freedom\n\nThanks", "Freedom\n\nThanks"},
		{"Freedom\n\n- sam", "Freedom"},
		{"Freedom for\nSamantha", "Freedom for\nSamantha"},
		{"I want:\n\n- freedom", "I want:\n\n- freedom"},
		{"Hm.\n\n-Freedom", "Hm.\n\n-Freedom"},
		{"My goal\n- freedom", "My goal\n- freedom"},
		{"Hm.\n\nMore Freedom\nSent from my iPhone", "Hm.\n\nMore Freedom"},
		{"Sam", "Sam"}, // an answer of one word is never a signature
		{"Freedom\n\nAcme Ltd is a company registered\nin a place that nobody can find on maps.", "Freedom"},
		{"[EXTERNAL]\n\nFreedom", "Freedom"},
		{"Caution: this is hard for me to say.", "Caution: this is hard for me to say."},
	} {
		if got := Extract(Plain, c.body, k).Body; got != c.want {
			t.Errorf("%q: %q, want %q", c.body, got, c.want)
		}
	}
	x := Extract(Plain, "Freedom\n\n-- \nSam Field\nAcme", k)
	if !strings.Contains(x.Footer, "Acme") {
		t.Errorf("footer %q", x.Footer)
	}
	if x = Extract(Plain, "> What will that get you?\n", Known{Sent: []string{"What will that get you?"}}); !x.Empty || !x.Quoted {
		t.Errorf("%+v", x)
	}
}

func TestInlineAnswer(t *testing.T) {
	letter := "You said: \"a calmer week\".\n\nWhat will that get you?\n\nI'm a program, not a person."
	for _, c := range []struct{ body, want string }{
		{"> You said: \"a calmer week\".\n>\n> What will that get you? Sleep, mostly.\n>\n> I'm a program, not a person.\n", "Sleep, mostly."},
		{"You said: \"a calmer week\".\nWhat will that get you? Sleep.\nI'm a program, not a person. I guessed that.", "Sleep.\nI guessed that."},
		{"When you ask \"What will that get you?\" I think of sleep.", "When you ask \"What will that get you?\" I think of sleep."},
		{"a calmer week", "a calmer week"},
		{"What will that get you?\n\nSleep.", "Sleep."},
		{"> What will that get you?\nSleep.", "Sleep."},
	} {
		if got := Extract(Plain, c.body, Known{Sent: []string{letter}}).Body; squeeze(got) != squeeze(c.want) {
			t.Errorf("%q: %q, want %q", c.body, got, c.want)
		}
	}
}
