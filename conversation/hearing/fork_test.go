package hearing

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFork(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"Two things: more time with my kids and not worrying about rent", []string{"more time with my kids", "not worrying about rent"}},
		{"partly the money, partly proving my father wrong", []string{"the money", "proving my father wrong"}},
		{"It's half pride and half fear", []string{"pride", "fear"}},
		{"1. freedom 2. respect", []string{"freedom", "respect"}},
		{"1) a house of our own\n2) a job I like", []string{"a house of our own", "a job I like"}},
		{"- seeing the world\n- being my own boss", []string{"seeing the world", "being my own boss"}},
		{"Respect from the team, and also a bit of security", []string{"Respect from the team", "a bit of security"}},
		{"teils Sicherheit, teils Anerkennung", []string{"Sicherheit", "Anerkennung"}},
		{"la liberté et aussi la sécurité", []string{"la liberté", "la sécurité"}},
		{"peace and quiet", nil},
		{"more time with my wife and kids", nil},
		{"I could pay off the loan and then we'd finally move", nil},
		{"freedom", nil},
		{"", nil},
		{"I want to finish what my grandfather started all those years ago when he opened the shop, and also tea", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, fork(tt.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}
