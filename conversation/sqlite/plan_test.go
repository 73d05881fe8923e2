package sqlite

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestDueUsesItsIndex fills a table of 100,000 conversations and asks SQLite how it would
// look: by the index, already in order, and nothing else.
func TestDueUsesItsIndex(t *testing.T) {
	const people = 100_000
	s := openStore(t, storePath(t))
	if err := s.writer.alone(func(tx *tx) error {
		_, err := tx.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			INSERT INTO conversations (id, version, name, address, manager, stage, ended, paused, held, due_at, changed_at, format, state)
			SELECT 'rep-' || i, 1, 'Sam', 'rep-' || i || '@example.com', 'kim@example.com', 'why', '', 0, '', ?2 + i, 1, 1,
				'{"id":"rep-' || i || '","stage":"why","rep":{"name":"Sam"}}' FROM n`, people, monday.UnixNano())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, query string
		args        []any
		want        string
	}{
		{"due", dueQuery, []any{monday.UnixNano(), 10}, "SEARCH c USING INDEX conversations_due (due_at<?)"},
		{"claim", claimQuery, []any{monday.UnixNano(), 10}, "SEARCH d USING INDEX deliveries_ready (ready_at<?)\nSEARCH l USING INTEGER PRIMARY KEY (rowid=?)"},
		{"token", findToken, []any{"t"}, "SEARCH letters USING INDEX letters_token (token=?)"},
		{"Message-ID", findMessageID, []any{"m"}, "SEARCH letters USING INDEX letters_message_id (message_id=?)"},
		{"address", "SELECT conversation FROM addresses WHERE address = ?", []any{"a"}, "SEARCH addresses USING PRIMARY KEY (address=?)"},
	} {
		if got := plan(t, s, tt.query, tt.args...); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	began := time.Now()
	due, err := s.Due(context.Background(), monday.Add(time.Hour), 100)
	if err != nil || len(due) != 100 || due[0].ID != "rep-1" || due[99].ID != "rep-100" {
		t.Errorf("%d due, %v", len(due), err)
	}
	t.Logf("100 of %d conversations in %v", people, time.Since(began))
	for _, e := range s.expiries(monday) {
		if got := plan(t, s, e.query, monday.UnixNano(), 10); strings.Contains(got, "SCAN") {
			t.Errorf("%s scans:\n%s", e.what, got)
		}
	}
}

func plan(t *testing.T, s *Store, query string, args ...any) string {
	t.Helper()
	var steps []string
	err := s.read(context.Background(), "explain", func(tx *tx) error {
		var err error
		steps, err = rows(tx, func(r scanner) (string, error) {
			var id, parent, unused int
			var detail string
			err := r.Scan(&id, &parent, &unused, &detail)
			return detail, err
		}, "EXPLAIN QUERY PLAN "+query, args...)
		return err
	})
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", query, err))
	}
	return strings.Join(steps, "\n")
}
