package mailer

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

// partsOf reads a message of text, HTML and files: the text under "", each file under its name.
func partsOf(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	var walk func(contentType string, body io.Reader)
	walk = func(contentType string, body io.Reader) {
		kind, params, err := mime.ParseMediaType(contentType)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(kind, "multipart/") {
			return
		}
		for r := multipart.NewReader(body, params["boundary"]); ; {
			p, err := r.NextPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(p)
			if err != nil {
				t.Fatal(err)
			}
			if p.Header.Get("Content-Transfer-Encoding") == "base64" {
				b, _ = base64.StdEncoding.DecodeString(strings.ReplaceAll(string(b), "\r\n", ""))
			}
			if p.FileName() != "" || strings.HasPrefix(p.Header.Get("Content-Type"), "text/plain") {
				out[p.FileName()] = strings.TrimSpace(string(b))
			}
			walk(p.Header.Get("Content-Type"), bytes.NewReader(b))
		}
	}
	walk(m.Header.Get("Content-Type"), m.Body)
	return out
}

// EXPORT carries a page and its JSON: a whole message that a reader takes apart again.
func TestComposeAttachesFiles(t *testing.T) {
	c := testComposer(t)
	h := conversation.Head{Key: "export/c1/m1", Conversation: "c1", Kind: conversation.KindExport,
		To: []conversation.Address{{Name: "Sam", Mail: "sam@example.com"}}, Date: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), Replies: true}
	w := conversation.Wording{Subject: "Yours", Text: "attached", HTML: "<p>attached</p>", Files: []conversation.File{
		{Name: "whyloop.txt", Type: "text/plain", Data: []byte("page\n")},
		{Name: "whyloop.json", Type: "application/json", Data: []byte(`{"a":1}`)},
	}}
	l, err := c.Compose(h, w)
	if err != nil {
		t.Fatal(err)
	}
	got := partsOf(t, l.Raw)
	want := map[string]string{"": "attached", "whyloop.txt": "page", "whyloop.json": `{"a":1}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what a reader finds (-want +got):\n%s", diff)
	}
	w.Files[0].Name = "a\r\nBcc: x@example.com"
	if _, err := c.Compose(h, w); err == nil {
		t.Error("a file name with a line end was taken")
	}
}
