package conversation_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

// TestRulingsAreTold: each why that is offered and confirmed or turned down is told once, with what was heard before it.
func TestRulingsAreTold(t *testing.T) {
	for _, c := range []struct {
		name, script string
		want         []conversation.Ruled
	}{
		{"a repetition, confirmed", "Sam: more freedom\n@ +1h\nSam: more freedom again\n@ +1h\nSam: yes", []conversation.Ruled{{Label: conversation.Repeat, Ruling: conversation.Agreed}}},
		{"said to be the end, turned down", "Sam: more freedom\n@ +1h\nSam: that's it\n@ +1h\nSam: no", []conversation.Ruled{{Label: conversation.Exhausted, Ruling: conversation.Rejected}}},
		{"turned down, and yes after all", "Sam: more freedom\n@ +1h\nSam: that's it\n@ +1h\nSam: no\n@ +1h\nSam: yes", []conversation.Ruled{
			{Label: conversation.Exhausted, Ruling: conversation.Rejected}, {Label: conversation.Exhausted, Ruling: conversation.Agreed}}},
		{"picked from the list", "! rungs 2\nSam: more freedom\n@ +1h\nSam: a garden of my own\n@ +1h\nSam: 2", nil},
		{"in their own words", "Sam: more freedom\n@ +1h\nSam: that's it\n@ +1h\nSam: owning my own time", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			var got []conversation.Ruled
			s.coach.Ruled = func(r conversation.Ruled) { got = append(got, r) }
			s.play("! enrol\n@ +1h\nSam: yes\n@ +1h\nSam: close twenty deals\n@ +1h\n" + c.script)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("rulings (-want +got):\n%s\n%s", diff, s.out.String())
			}
		})
	}
}
