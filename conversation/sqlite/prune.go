package sqlite

import (
	"context"
	"time"
)

// How long things are kept: see Prune.
const (
	keepRaw     = 7 * 24 * time.Hour
	keepHandled = 366 * 24 * time.Hour
	pruneStep   = 500 // rows a transaction, so that mail never waits for the cleaning
)

// Prune drops what is no longer needed: the bytes of letters seven days after their last
// delivery was settled, the texts of all but the last twenty letters of a rep, handled
// keys older than a year, and held mail past its time. It works in small transactions
// and can be cancelled between them.
func (s *Store) Prune(ctx context.Context, now time.Time) error {
	const some = " LIMIT ?2)"
	steps := []struct {
		what, query string
		before      time.Time
	}{
		{"drop letter bytes", `UPDATE letters SET raw = NULL WHERE seq IN
			(SELECT seq FROM letters WHERE raw IS NOT NULL AND settled_at <= ?1` + some, now.Add(-keepRaw)},
		{"drop handled keys", `DELETE FROM handled WHERE key IN
			(SELECT key FROM handled WHERE at <= ?1` + some, now.Add(-keepHandled)},
		{"drop held mail", `DELETE FROM held WHERE id IN
			(SELECT id FROM held WHERE at <= ?1` + some, now.Add(-s.options.holdFor)},
	}
	for _, p := range steps {
		if err := s.pruneBy(ctx, p.what, p.query, p.before); err != nil {
			return err
		}
	}
	if err := s.pruneTexts(ctx); err != nil {
		return err
	}
	return s.scrub(ctx)
}

// pruneBy repeats a bounded statement until it finds nothing more.
func (s *Store) pruneBy(ctx context.Context, what, query string, before time.Time) error {
	for {
		var n int64
		err := s.write(ctx, what, func(t *tx) error {
			var err error
			n, err = t.exec(query, before.UnixNano(), pruneStep)
			return err
		})
		if err != nil || n < pruneStep {
			return err
		}
	}
}

// pruneTexts reads a small index to find who has more texts than are kept.
func (s *Store) pruneTexts(ctx context.Context) error {
	var over []string
	err := s.read(ctx, "find old texts", func(t *tx) error {
		var err error
		over, err = rows(t, scanText, `SELECT conversation FROM letters WHERE text <> '' AND conversation IS NOT NULL
			GROUP BY conversation HAVING count(*) > ?`, keepTexts)
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range over {
		err := s.write(ctx, "drop old texts", func(t *tx) error {
			_, err := t.exec(`UPDATE letters SET text = '' WHERE conversation = ?1 AND text <> '' AND seq <=
				(SELECT seq FROM letters WHERE conversation = ?1 AND text <> '' ORDER BY seq DESC LIMIT 1 OFFSET ?2)`, id, keepTexts)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// scrub takes what was deleted out of the log.
func (s *Store) scrub(ctx context.Context) error {
	return s.write(ctx, "cut the log", func(t *tx) error {
		t.scrub = true
		return nil
	})
}
