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
