package main

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"whyloop/conversation"
)

// TestRulings: the numbers are by label and ruling, and each pair is there from the start, at zero.
func TestRulings(t *testing.T) {
	r := newRulings()
	r.count(conversation.Ruled{Label: conversation.Repeat, Ruling: conversation.Agreed})
	r.count(conversation.Ruled{Label: conversation.Repeat, Ruling: conversation.Agreed})
	r.count(conversation.Ruled{Label: conversation.New, Ruling: conversation.Rejected})
	want := `
# HELP whyloop_rulings_total What reps said of a why that was offered to them, by the label of the answer that led to it.
# TYPE whyloop_rulings_total counter
whyloop_rulings_total{label="exhausted",ruling="agreed"} 0
whyloop_rulings_total{label="exhausted",ruling="rejected"} 0
whyloop_rulings_total{label="new",ruling="agreed"} 0
whyloop_rulings_total{label="new",ruling="rejected"} 1
whyloop_rulings_total{label="repeat",ruling="agreed"} 2
whyloop_rulings_total{label="repeat",ruling="rejected"} 0
whyloop_rulings_total{label="stuck",ruling="agreed"} 0
whyloop_rulings_total{label="stuck",ruling="rejected"} 0
`
	if err := testutil.CollectAndCompare(r, strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.CollectAndLint(r); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
}
