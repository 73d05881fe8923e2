package mailer

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/jhillyerd/enmime/v2"

	"whyloop/conversation"
)

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
	env, err := enmime.ReadEnvelope(bytes.NewReader(l.Raw))
	if err != nil || len(env.Errors) > 0 {
		t.Fatalf("read back: %v %v", err, env.Errors)
	}
	if len(env.Attachments) != 2 || strings.TrimSpace(env.Text) != "attached" || string(env.Attachments[1].Content) != `{"a":1}` {
		t.Errorf("%d files, text %q", len(env.Attachments), env.Text)
	}
	w.Files[0].Name = "a\r\nBcc: x@example.com"
	if _, err := c.Compose(h, w); err == nil {
		t.Error("a file name with a line end was taken")
	}
}
