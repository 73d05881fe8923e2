package mailer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestDeskForgetsRetiredKeys: whatever a key made that is in use no longer routes nothing, wherever it stands; what
// others' servers made that looks like it does.
func TestDeskForgetsRetiredKeys(t *testing.T) {
	r := newDeskRig(t, false)
	r.d.c.Keys = testKeys(t, "zy")
	retired, valid := r.our.Token, testKeys(t, "y").Token("why/1")
	mail := func(to, id string) string { return fmt.Sprintf(answer, to, to, id, id) }
	for _, c := range []struct {
		name, raw   string
		tokens, ids []string
	}{
		{"a plus-address", mail("coach+"+retired+"@demo.test", "x@y.test"), nil, []string{"x@y.test"}},
		{"a bounce's address", mail("coach+b"+retired+"@demo.test", "x@y.test"), nil, []string{"x@y.test"}},
		{"References", mail("coach@demo.test", retired+".q@demo.test"), nil, []string{retired + ".q@demo.test"}},
		{"a Message-ID", mail("coach@demo.test", retired+"@Demo.Test"), nil, nil},
		{"a Message-ID of another server's", mail("coach@demo.test", retired+"@y.test"), nil, []string{retired + "@y.test"}},
		{"a Message-ID of ours with another form", mail("coach@demo.test", "x@demo.test"), nil, []string{"x@demo.test"}},
		{"a plus-address of an older key in use", mail("coach+"+valid+"@demo.test", valid+"@demo.test"), []string{valid}, []string{valid + "@demo.test"}},
		{"References of an older key in use", mail("coach@demo.test", valid+".q@demo.test"), []string{valid}, []string{valid + ".q@demo.test"}},
	} {
		r.handle(t, strings.ReplaceAll(c.raw, "\r", ""))
		if ref := r.c.got[len(r.c.got)-1].Ref; !slices.Equal(ref.Tokens, c.tokens) || !slices.Equal(ref.MessageIDs, c.ids) {
			t.Errorf("%s: tokens %q, Message-IDs %q", c.name, ref.Tokens, ref.MessageIDs)
		}
	}
}
