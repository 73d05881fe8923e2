package parser

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"
)

// TestAnswers reads what people answer to coaching questions (testdata/answers.json, written for this project): bare, with
// the writer known, and inside replies of random clients. Not a word may be lost or gained.
func TestAnswers(t *testing.T) {
	raw, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	sent := letters(t)
	letter := sent["why-second"]
	known := Known{Sent: []string{sent["goal"], letter}, Name: "Sam Field", Address: "sam.field@acme.example"}
	rng := rand.New(rand.NewPCG(3, 4))
	for _, a := range all {
		if got := Extract(Plain, a, Known{}).Body; squeeze(got) != squeeze(a) {
			t.Errorf("bare %q: %q", a, got)
		}
		if got := Extract(Plain, a, known).Body; squeeze(got) != squeeze(a) {
			t.Errorf("known %q: %q", a, got)
		}
		for _, position := range positions {
			c := &clients[rng.IntN(len(clients))]
			above, middle, below, want := arrange(letter, a, position)
			body := c.compose(rng, above, middle, below, gateBanners[rng.IntN(len(gateBanners))], gateFooters[rng.IntN(len(gateFooters))])
			if got := Extract(c.kind, body, known).Body; squeeze(got) != squeeze(want) {
				t.Errorf("%s, %s, %q: %q", c.name, position, a, got)
			}
		}
	}
}
