package mailer

import (
	"bytes"
	"testing"

	"whyloop/conversation"
)

func testKeys(t testing.TB, ids string) Keys {
	t.Helper()
	var all []Key
	for i := range len(ids) {
		all = append(all, Key{ID: ids[i], Secret: bytes.Repeat([]byte{ids[i]}, 32)})
	}
	k, err := NewKeys(all...)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func testComposer(t testing.TB) *Composer {
	t.Helper()
	c, err := NewComposer(ComposerConfig{
		From:           conversation.Address{Name: "Why loop", Mail: "coach@demo.test"},
		PlusAddressing: true, Keys: testKeys(t, "a"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// EXPORT carries a page and its JSON: a whole message that a reader takes apart again.
func TestComposeAttachesFiles(t *testing.T) {
	c := composer(t, false)
	w := conversation.Wording{Subject: "Yours", Text: "attached", HTML: "<p>attached</p>", Files: []conversation.File{
		{Name: "whyloop.txt", Type: "text/plain", Data: []byte("page\n")},
		{Name: "whyloop.json", Type: "application/json", Data: []byte(`{"a":1}`)},
	}}
	l, err := c.Compose(head(), w)
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
	if _, err := c.Compose(head(), w); err == nil {
		t.Error("a file name with a line end was taken")
	}
}
