package mailer

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whyloop/conversation"
	"whyloop/parser"
)

func headOf(key string, refs ...string) conversation.Head {
	return conversation.Head{
		Key: key, Conversation: "c1", Kind: conversation.KindWhy, Language: "en", Refs: refs, Replies: true,
		To:   []conversation.Address{{Name: "Sam Ö. \"S\" <x>", Mail: "sam@demo.test"}},
		Date: time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("CET", 3600)),
	}
}

var words = conversation.Wording{Subject: "A question, whenever it suits", Text: "Hi Sam,\n\nWhat will thät get you?\n.\n", HTML: "<p>Hi Säm</p>"}

// readBack takes a message apart with the standard library, which shares no code with what wrote it.
func readBack(t interface{ Fatal(...any) }, raw []byte) (h mail.Header, text, html string) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(m.Body, params["boundary"])
	for _, into := range []*string{&text, &html} {
		p, err := r.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		*into = string(b)
	}
	if _, err := r.NextRawPart(); !errors.Is(err, io.EOF) {
		t.Fatal("more than two parts", err)
	}
	return m.Header, text, html
}

func TestComposeFields(t *testing.T) {
	c := testComposer(t)
	h := headOf("why/1", "root@demo.test", "b@demo.test")
	h.Answers, h.InReply = "<his@phone>", true
	l, err := c.Compose(h, words)
	if err != nil {
		t.Fatal(err)
	}
	head, text, html := readBack(t, l.Raw)
	for field, want := range map[string]string{
		"Message-Id": "<" + l.MessageID + ">", "In-Reply-To": "<his@phone>", "Subject": "Re: A question, whenever it suits",
		"References":     "<root@demo.test> <" + l.Token + ".q@demo.test> <b@demo.test> <his@phone>",
		"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "DR, RN, NRN, AutoReply",
		"Reply-To": `"Why loop" <coach+` + l.Token + `@demo.test>`, "Date": "Mon, 23 Nov 2026 09:00:00 +0100", "Cc": "", "Content-Language": "en",
		"List-Id": "", "Precedence": "", "User-Agent": "", "X-Mailer": "",
	} {
		if got := head.Get(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	to, err := head.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != h.To[0].Name || to[0].Address != "sam@demo.test" {
		t.Errorf("To %v, %v", to, err)
	}
	if text != strings.ReplaceAll(words.Text, "\n", "\r\n") || html != words.HTML+"\r\n" {
		t.Errorf("parts %q, %q", text, html)
	}
	if !c.c.Keys.OwnMark(head.Get("X-Whyloop"), head.Get("Message-Id")) || c.c.Keys.OwnMark(head.Get("X-Whyloop"), "<other@demo.test>") {
		t.Error("the mark does not verify")
	}
	if !c.c.Keys.VerifyToken("why/1", l.Token) || c.c.Keys.VerifyToken("why/2", l.Token) || len("coach+"+l.Token) > 64 {
		t.Error("the token does not verify")
	}
	again, err := c.Compose(h, words)
	if err != nil || !bytes.Equal(again.Raw, l.Raw) {
		t.Error("the bytes are not reproducible", err)
	}
	h.Bulk = true
	bulk, err := c.Compose(h, words)
	if err != nil {
		t.Fatal(err)
	}
	if head, _, _ := readBack(t, bulk.Raw); head.Get("Precedence") != "bulk" || head.Get("Auto-Submitted") != "auto-replied" {
		t.Errorf("to a stubborn responder: %v", head)
	}
}

func TestComposeFirstOfAThread(t *testing.T) {
	c := testComposer(t)
	l, err := c.Compose(headOf("invite/1"), words)
	if err != nil {
		t.Fatal(err)
	}
	h, _, _ := readBack(t, l.Raw)
	if h.Get("Subject") != words.Subject || h.Get("In-Reply-To") != "" || h.Get("References") != "<"+l.Token+".q@demo.test>" || h.Get("Auto-Submitted") != "auto-generated" {
		t.Errorf("%v", h)
	}
}

// TestComposeSummary: To the rep, Cc the manager, nothing of the private threads.
func TestComposeSummary(t *testing.T) {
	h := headOf("summary/1")
	h.Replies, h.Cc = false, []conversation.Address{{Name: "Mo", Mail: "mo@demo.test"}}
	l, err := testComposer(t).Compose(h, words)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := readBack(t, l.Raw)
	if l.Token != "" || head.Get("Reply-To") != "" || head.Get("References") != "" || head.Get("Cc") != `"Mo" <mo@demo.test>` || len(l.Recipients()) != 2 {
		t.Errorf("token %q, %v", l.Token, head)
	}
}

func TestComposeTrimsReferences(t *testing.T) {
	var refs []string
	for n := range 60 {
		refs = append(refs, strings.Repeat("r", n+1)+"@demo.test")
	}
	l, err := testComposer(t).Compose(headOf("why/61", refs...), words)
	if err != nil {
		t.Fatal(err)
	}
	h, _, _ := readBack(t, l.Raw)
	got := strings.Fields(h.Get("References"))
	if len(got) != keepRefs+1 || got[0] != "<r@demo.test>" || got[keepRefs] != "<"+refs[59]+">" || h.Get("In-Reply-To") != "<"+refs[59]+">" {
		t.Errorf("%v", got)
	}
}

func TestComposeRefuses(t *testing.T) {
	c := testComposer(t)
	for name, spoil := range map[string]func(*conversation.Head, *conversation.Wording){
		"CR in name":      func(h *conversation.Head, _ *conversation.Wording) { h.To[0].Name = "Sam\rBcc: x@y.example" },
		"LF in name":      func(h *conversation.Head, _ *conversation.Wording) { h.To[0].Name = "Sam\nBcc: x@y.example" },
		"NUL in name":     func(h *conversation.Head, _ *conversation.Wording) { h.To[0].Name = "Sam\x00" },
		"bad UTF-8":       func(h *conversation.Head, _ *conversation.Wording) { h.To[0].Name = "Sam\xff" },
		"address":         func(h *conversation.Head, _ *conversation.Wording) { h.To[0].Mail = "a@b> ORCPT=x" },
		"Cc address":      func(h *conversation.Head, _ *conversation.Wording) { h.Cc = []conversation.Address{{Mail: "mo"}} },
		"LF in subject":   func(_ *conversation.Head, w *conversation.Wording) { w.Subject = "x\nBcc: x@y.example" },
		"NUL in text":     func(_ *conversation.Head, w *conversation.Wording) { w.Text = "\x00" },
		"LF in reference": func(h *conversation.Head, _ *conversation.Wording) { h.Refs = []string{"a@b\r\nBcc: x@y.example"} },
		"LF in language":  func(h *conversation.Head, _ *conversation.Wording) { h.Language = "en\nX: y" },
		"no key":          func(h *conversation.Head, _ *conversation.Wording) { h.Key = "" },
		"no recipient":    func(h *conversation.Head, _ *conversation.Wording) { h.To = nil },
		"no date":         func(h *conversation.Head, _ *conversation.Wording) { h.Date = time.Time{} },
	} {
		h, w := headOf("k"), words
		spoil(&h, &w)
		if l, err := c.Compose(h, w); err == nil {
			t.Errorf("%s: taken\n%s", name, l.Raw)
		}
	}
	h := headOf("k")
	h.Answers = "evil\r\nBcc: x@y.example"
	if l, err := c.Compose(h, words); err != nil || strings.Contains(string(l.Raw), "evil") {
		t.Error("a stranger's Message-ID stops or breaks our letter", err)
	}
}

// fields are all a letter of ours may have.
var fields = []string{"Auto-Submitted", "Cc", "Content-Language", "Content-Type", "Date", "From", "In-Reply-To", "Message-Id",
	"Mime-Version", "References", "Reply-To", "Subject", "To", "X-Auto-Response-Suppress", "X-Whyloop"}

// TestComposeInjection: whatever names, subjects and words say, the fields are ours, the words come
// back as they were, and only CRLF ends a line.
func TestComposeInjection(t *testing.T) {
	c := testComposer(t)
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"\r\nBcc: x@y.example", "\n.\nMAIL FROM:<>", "=?utf-8?q?x?=", "a\u0085b", "\u2028", "--whyloop-", "\t", strings.Repeat("x", 3000), strings.Repeat("é ", 900), "<>;,:@\"",
	}))
	rapid.Check(t, func(rt *rapid.T) {
		h, w := headOf(rapid.StringN(1, 40, 200).Draw(rt, "key")), words
		h.To[0].Name, w.Subject, w.Text = text.Draw(rt, "name"), text.Draw(rt, "subject"), text.Draw(rt, "text")
		l, err := c.Compose(h, w)
		if err != nil {
			return // refused
		}
		head, body, _ := readBack(rt, l.Raw)
		for name, values := range head {
			if !slices.Contains(fields, name) || len(values) != 1 {
				rt.Fatalf("field %s: %q", name, values)
			}
		}
		if err := checkLines(l.Raw); err != nil {
			rt.Fatal(err)
		}
		if want := lines(w.Text); body != want && strings.TrimRight(body, "\r\n") != strings.TrimRight(want, "\r\n") {
			rt.Fatalf("text %q, want %q", body, want)
		}
		to, err := head.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "sam@demo.test" {
			rt.Fatalf("To %v, %v", to, err)
		}
	})
}

// TestComposeIsOurOwn: the parser knows our letters when they come back.
func TestComposeIsOurOwn(t *testing.T) {
	c := testComposer(t)
	l, err := c.Compose(headOf("why/1"), words)
	if err != nil {
		t.Fatal(err)
	}
	p := &parser.Parser{OwnMark: c.c.Keys.OwnMark}
	forged := bytes.Replace(l.Raw, []byte("X-Whyloop: a"), []byte("X-Whyloop: ab"), 1)
	for _, x := range []struct {
		raw []byte
		own bool
	}{{l.Raw, true}, {forged, false}} {
		m, err := p.Parse(bytes.NewReader(x.raw))
		if err != nil || (m.Class == parser.Own) != x.own {
			t.Errorf("class %s, %v", m.Class, err)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	old, both := testKeys(t, "a"), testKeys(t, "ba")
	token := old.Token("why/1")
	if !both.VerifyToken("why/1", token) || both.Token("why/1")[0] != 'b' || testKeys(t, "b").VerifyToken("why/1", token) {
		t.Error("rotation fails")
	}
	for _, bad := range [][]Key{nil, {{ID: 'A', Secret: make([]byte, 32)}}, {{ID: 'a', Secret: make([]byte, 31)}}, {{ID: 'a', Secret: make([]byte, 32)}, {ID: 'a', Secret: make([]byte, 32)}}} {
		if _, err := NewKeys(bad...); err == nil {
			t.Errorf("taken: %d keys", len(bad))
		}
	}
}

// TestTokensAreNotGuessed: tokens of different letters share nothing, and a changed one is refused.
func TestTokensAreNotGuessed(t *testing.T) {
	k := testKeys(t, "a")
	seen := map[string]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		key := rapid.String().Draw(rt, "key")
		token := k.Token(key)
		n := rapid.IntRange(0, len(token)-1).Draw(rt, "at")
		changed := []byte(token)
		changed[n] ^= 1
		if !looksLikeToken(token) || k.VerifyToken(key, string(changed)) || k.VerifyToken(key+"x", token) {
			rt.Fatal("a wrong token verifies")
		}
		seen[token] = true
	})
}

func FuzzCheckAddress(f *testing.F) {
	for _, s := range []string{"sam@demo.test", "a@b> ORCPT=x", "\"a b\"@c", "é@x", "a@b\r\nDATA"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if CheckAddress(s) != nil {
			return
		}
		if strings.ContainsAny(s, " <>\"\r\n\t\x00(),:;[]\\") || strings.Count(s, "@") != 1 || len(s) > 254 {
			t.Fatalf("taken: %q", s)
		}
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
			t.Fatalf("%q reads as %v, %v", s, a, err)
		}
	})
}

func FuzzCompose(f *testing.F) {
	f.Add("k", "Sam", "A question", "What will that get you?")
	f.Add("k", "S\r\nBcc: x@y.example", "=?utf-8?b??=", "\n.\n")
	c := testComposer(f)
	f.Fuzz(func(t *testing.T, key, name, subject, text string) {
		h, w := headOf(key), words
		h.To[0].Name, w.Subject, w.Text = name, subject, text
		l, err := c.Compose(h, w)
		if err != nil {
			return
		}
		head, _, _ := readBack(t, l.Raw)
		for field, values := range head {
			if !slices.Contains(fields, field) || len(values) != 1 {
				t.Fatalf("field %s: %q", field, values)
			}
		}
	})
}

func BenchmarkCompose(b *testing.B) {
	c := testComposer(b)
	for b.Loop() {
		if _, err := c.Compose(headOf("why/1", "root@demo.test"), words); err != nil {
			b.Fatal(err)
		}
	}
}
