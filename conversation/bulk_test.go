package conversation_test

import (
	"testing"
	"time"

	"whyloop/conversation"
)

// heads is the stage's composer, and keeps the heads of letters.
type heads struct {
	*stage
	all []conversation.Head
}

func (h *heads) Compose(head conversation.Head, w conversation.Wording) (conversation.Letter, error) {
	h.all = append(h.all, head)
	return h.stage.Compose(head, w)
}

// TestStubbornResponder: a responder that answers twice within a day gets "Precedence: bulk" from then on; one that answers
// once a day, as it should, never; and a letter that the manager gets too bears it for nobody.
func TestStubbornResponder(t *testing.T) {
	const agreed = `! enrol
@ +1h
Sam: yes
@ +1h
Sam: get the Nordics territory
@ +1h
Sam: travel more
@ +1h
Sam: that's it
@ +1h
Sam: yes
@ +1h
Sam: private
@ 2026-11-24 09:00
Sam: ring Anna in Oslo
@ +1h
Sam: after lunch
`
	for _, tt := range []struct {
		name, machine string
		bulk          bool
	}{
		{"once", "! away 2026-11-25\n", false},
		{"once a day", "! away 2026-11-25\n@ +24h\n! away 2026-11-26\n", false},
		{"twice within a day", "! away 2026-11-25\n@ +20h\n! away 2026-11-25\n", true},
	} {
		h := &heads{stage: newStage(t)}
		h.coach.Composer = h
		h.play(agreed + tt.machine)
		before := len(h.all)
		h.play("@ 2026-11-26 16:00\nSam (preview): ok\n@ 2026-11-30 10:00\n")
		if len(h.all)-before < 3 {
			t.Fatalf("%s: only %d letters after it\n%s", tt.name, len(h.all)-before, h.out.String())
		}
		copied := false
		for i, head := range h.all {
			copied = copied || len(head.Cc) > 0
			if want := tt.bulk && i >= before && len(head.Cc) == 0; head.Bulk != want {
				t.Errorf("%s: %s says bulk: %v", tt.name, head.Key, head.Bulk)
			}
		}
		if !copied {
			t.Errorf("%s: the manager got nothing", tt.name)
		}
		if c, _ := h.conversation(); c.Auto.Before(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: an automatic reply of %v", tt.name, c.Auto)
		}
	}
}
