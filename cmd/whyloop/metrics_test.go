package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"whyloop/conversation/sqlite"
)

// counts is a store that was counted.
type counts struct {
	stats sqlite.Stats
	err   error
}

func (c counts) Stats(context.Context) (sqlite.Stats, error) { return c.stats, c.err }

func TestMetrics(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	at := func() time.Time { return now }
	got := newMetrics(counts{stats: sqlite.Stats{Conversations: 7, Waiting: 2, Failed: 1, Oldest: now.Add(-time.Minute), NextDue: now.Add(time.Hour), Held: 3}}, at, func(server string) string { return map[string]string{"imap": "sign-in"}[server] })
	want := `
# HELP whyloop_conversations Conversations in the store.
# TYPE whyloop_conversations gauge
whyloop_conversations 7
# HELP whyloop_deliveries Letters for one recipient each, by state.
# TYPE whyloop_deliveries gauge
whyloop_deliveries{state="claimed"} 0
whyloop_deliveries{state="failed"} 1
whyloop_deliveries{state="waiting"} 2
# HELP whyloop_oldest_delivery_seconds How long the oldest open delivery could have gone.
# TYPE whyloop_oldest_delivery_seconds gauge
whyloop_oldest_delivery_seconds 60
# HELP whyloop_overdue_seconds How long the earliest due conversation has waited for the alarm.
# TYPE whyloop_overdue_seconds gauge
whyloop_overdue_seconds 0
# HELP whyloop_server_trouble 1 if the mail server keeps us from our work.
# TYPE whyloop_server_trouble gauge
whyloop_server_trouble{server="imap"} 1
whyloop_server_trouble{server="oauth"} 0
whyloop_server_trouble{server="smtp"} 0
`
	names := []string{"whyloop_conversations", "whyloop_deliveries", "whyloop_oldest_delivery_seconds", "whyloop_overdue_seconds", "whyloop_server_trouble"}
	if err := testutil.CollectAndCompare(got, strings.NewReader(want), names...); err != nil {
		t.Error(err)
	}
	if problems, err := testutil.CollectAndLint(got); err != nil || len(problems) > 0 {
		t.Error(problems, err)
	}
	down := newMetrics(counts{err: errors.New("gone")}, at, func(string) string { return "" })
	if err := testutil.CollectAndCompare(down, strings.NewReader("# HELP whyloop_store_up 1 if the store can be read.\n# TYPE whyloop_store_up gauge\nwhyloop_store_up 0\n"), "whyloop_store_up"); err != nil {
		t.Error(err)
	}
}
