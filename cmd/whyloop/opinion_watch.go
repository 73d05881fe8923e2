package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"whyloop/conversation"
)

// syntheticLadder is what `whyloop check` asks about: made up, so that no rep's words are sent to
// try an endpoint out.
func syntheticLadder() (l conversation.Ladder, answer string, repeats int) {
	l.Goal = "close eight deals this quarter"
	for _, a := range []string{"my bonus, finally", "we could pay the loan back early", "not owing anybody anything"} {
		l.Rungs = append(l.Rungs, conversation.Rung{Answer: a, Label: conversation.New})
	}
	return l, "being free of debt", 2
}

// lookAtJudge asks the endpoint one question.
func (c Config) lookAtJudge(ctx context.Context) finding {
	o := newOpinion(c.Judge, time.Now)
	if o == nil {
		return well("not used: the embedded judge alone")
	}
	l, answer, want := syntheticLadder()
	began := time.Now()
	v, err := o.ask(ctx, l, answer, nil)
	if err != nil {
		return failed(fmt.Errorf("no second opinion from %s: %w", c.Judge.endpoint(), err), mendJudge(c.Judge, err))
	}
	found := fmt.Sprintf("%s answers in %s", c.Judge.Model, time.Since(began).Round(100*time.Millisecond))
	if c.Judge.remote() {
		found += "; answers may leave this machine, and every rep is told"
	}
	if !v.repeats || v.at != want {
		return warned("a larger model may do better", "%s; it missed that \"being free of debt\" repeats \"not owing anybody anything\"", found)
	}
	return well("%s", found)
}

// mendJudge says what usually mends such an error.
func mendJudge(j judgeConfig, err error) string {
	var dns *net.DNSError
	f := opinionFault{}
	errors.As(err, &f)
	switch {
	case errors.As(err, &dns):
		return "no such host: look at judge.url"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there: start the model's server, or look at judge.url"
	case f.what == faultTimeout:
		return fmt.Sprintf("nothing within %s: try a smaller model, keep it loaded, or raise judge.timeout (10s at the most)", spanText(j.Timeout))
	case f.what == faultKey:
		return "look at judge.api_key_file or judge.api_key_command"
	case f.status == http.StatusUnauthorized, f.status == http.StatusForbidden:
		return "it wants another key: look at judge.api_key_file or judge.api_key_command"
	case f.status == http.StatusNotFound:
		return fmt.Sprintf("look at judge.url, which mostly ends in /v1, and whether that server has the model %q", j.Model)
	case f.status == http.StatusBadRequest, f.what == faultJunk, f.what == faultSchema, f.what == faultRange:
		return "it does not answer in the form asked for: try a model that follows a JSON schema (response_format) and does not think aloud"
	}
	return "look at judge.url and judge.model; meanwhile the embedded judge decides alone"
}

// opinionMetrics tell a monitor how often somebody was asked, and what became of it.
type opinionMetrics struct {
	of                      *opinion // nil: nobody is asked, and nothing is told
	asked, results, resting *prometheus.Desc
}

func newOpinionMetrics(o *opinion) *opinionMetrics {
	return &opinionMetrics{
		of:      o,
		asked:   prometheus.NewDesc("whyloop_opinions_asked_total", "Second opinions asked for.", nil, nil),
		results: prometheus.NewDesc("whyloop_opinions_total", "What became of them.", []string{"result"}, nil),
		resting: prometheus.NewDesc("whyloop_opinion_resting", "1 while the endpoint is left alone after failures.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (m *opinionMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.asked, m.results, m.resting} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m *opinionMetrics) Collect(ch chan<- prometheus.Metric) {
	if m.of == nil {
		return
	}
	t := &m.of.tally
	ch <- prometheus.MustNewConstMetric(m.asked, prometheus.CounterValue, float64(t.asked.Load()))
	for result, n := range map[string]int64{"agreed": t.agreed.Load(), "disagreed": t.disagreed.Load(),
		"unsure": t.unsure.Load(), "failed": t.failed.Load(), "spared": t.spared.Load()} {
		ch <- prometheus.MustNewConstMetric(m.results, prometheus.CounterValue, float64(n), result)
	}
	resting := 0.0
	if m.of.rest.resting(m.of.now()) {
		resting = 1
	}
	ch <- prometheus.MustNewConstMetric(m.resting, prometheus.GaugeValue, resting)
}
