package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"whyloop/conversation/sqlite"
)

// counter is the part of the store that metrics come from.
type counter interface {
	Stats(ctx context.Context) (sqlite.Stats, error)
}

// metrics reads the store at each scrape: counts of rows, never who or what.
type metrics struct {
	store counter
	now   func() time.Time
	ills  func(server string) string // what a mail server refuses, if anything

	up, conversations, deliveries, oldest, overdue, held, bytes, trouble *prometheus.Desc
}

func newMetrics(store counter, now func() time.Time, ills func(server string) string) *metrics {
	gauge := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("whyloop_"+name, help, labels, nil)
	}
	return &metrics{
		store: store, now: now, ills: ills,
		up:            gauge("store_up", "1 if the store can be read."),
		conversations: gauge("conversations", "Conversations in the store."),
		deliveries:    gauge("deliveries", "Letters for one recipient each, by state.", "state"),
		oldest:        gauge("oldest_delivery_seconds", "How long the oldest open delivery could have gone."),
		overdue:       gauge("overdue_seconds", "How long the earliest due conversation has waited for the alarm."),
		held:          gauge("held_mails", "Mails that nothing was done about."),
		bytes:         gauge("store_bytes", "Size of the store.", "file"),
		trouble:       gauge("server_trouble", "1 if the mail server keeps us from our work.", "server"),
	}
}

// Describe implements prometheus.Collector.
func (m *metrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.up, m.conversations, m.deliveries, m.oldest, m.overdue, m.held, m.bytes, m.trouble} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m *metrics) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	set := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, server := range mailServers() {
		set(m.trouble, float64(min(1, len(m.ills(server)))), server)
	}
	s, err := m.store.Stats(ctx)
	if err != nil {
		set(m.up, 0)
		return
	}
	set(m.up, 1)
	set(m.conversations, float64(s.Conversations))
	set(m.deliveries, float64(s.Waiting), "waiting")
	set(m.deliveries, float64(s.Claimed), "claimed")
	set(m.deliveries, float64(s.Failed), "failed")
	set(m.oldest, m.since(s.Oldest))
	set(m.overdue, m.since(s.NextDue))
	set(m.held, float64(s.Held))
	set(m.bytes, float64(s.FileBytes), "database")
	set(m.bytes, float64(s.LogBytes), "log")
}

// since returns the seconds since a moment; 0 for none, or one to come.
func (m *metrics) since(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return max(0, m.now().Sub(t).Seconds())
}
