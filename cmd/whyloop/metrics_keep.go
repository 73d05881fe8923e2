package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// keepMetrics tell a monitor when what must happen again and again last did, and what is wrong with whyloop's own keeping.
type keepMetrics struct {
	pulse func() pulseReport
	ills  func(part string) string
	free  func() (int64, error) // of the store's disk, in bytes

	last, trouble, disk *prometheus.Desc
}

func newKeepMetrics(pulse func() pulseReport, ills func(string) string, free func() (int64, error)) *keepMetrics {
	return &keepMetrics{
		pulse: pulse, ills: ills, free: free,
		last:    prometheus.NewDesc("whyloop_last_success_timestamp_seconds", "When it last succeeded; absent before the first time.", []string{"of"}, nil),
		trouble: prometheus.NewDesc("whyloop_trouble", "1 if the store is damaged, the last backup failed, the last reload was refused, a mail to the admin was refused, or a ping did not arrive.", []string{"part"}, nil),
		disk:    prometheus.NewDesc("whyloop_disk_free_bytes", "What may still be written where the store is.", nil, nil),
	}
}

// keptParts are what troubles may be about besides the mail servers.
func keptParts() []string {
	return []string{aboutStore, aboutBackup, aboutConfig, aboutAlerts, aboutPing}
}

// Describe implements prometheus.Collector.
func (m *keepMetrics) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{m.last, m.trouble, m.disk} {
		ch <- d
	}
}

// Collect implements prometheus.Collector.
func (m *keepMetrics) Collect(ch chan<- prometheus.Metric) {
	r := m.pulse()
	for of, at := range map[string]time.Time{"imap": r.IMAP, "smtp": r.SMTP, "tick": r.Ticked, "check": r.Checked, "backup": r.BackedUp, "ping": r.Pinged} {
		if !at.IsZero() {
			ch <- prometheus.MustNewConstMetric(m.last, prometheus.GaugeValue, float64(at.Unix()), of)
		}
	}
	for _, part := range keptParts() {
		ch <- prometheus.MustNewConstMetric(m.trouble, prometheus.GaugeValue, float64(min(1, len(m.ills(part)))), part)
	}
	if free, err := m.free(); err == nil {
		ch <- prometheus.MustNewConstMetric(m.disk, prometheus.GaugeValue, float64(free))
	}
}
