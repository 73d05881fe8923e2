package main

import (
	"github.com/prometheus/client_golang/prometheus"

	"whyloop/conversation"
)

// rulings counts what reps said when an answer of theirs was offered as their why: how often the judge was
// right, by what it had heard, since the daemon began. A ruling that is taken back later stays counted.
type rulings struct{ *prometheus.CounterVec }

func newRulings() rulings {
	r := rulings{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "whyloop_rulings_total",
		Help: "What reps said of a why that was offered to them, by the label of the answer that led to it.",
	}, []string{"label", "ruling"})}
	for _, l := range []conversation.Label{conversation.Repeat, conversation.Exhausted, conversation.Stuck, conversation.New} {
		r.WithLabelValues(string(l), string(conversation.Agreed))
		r.WithLabelValues(string(l), string(conversation.Rejected))
	}
	return r
}

func (r rulings) count(was conversation.Ruled) {
	r.WithLabelValues(string(was.Label), string(was.Ruling)).Inc()
}
