package sqlite

import (
	"context"
	"errors"
	"time"
)

// How long things are kept: see Prune.
const (
	keepRaw       = 7 * 24 * time.Hour
	keepHandled   = 366 * 24 * time.Hour
	keepDeparting = 30 * 24 * time.Hour // a server that will not delete their mail for so long will not ever
	pruneStep     = 500                 // rows a transaction, so that mail never waits for the cleaning
)

// Prune drops what is no longer needed: the bytes of letters seven days after their last
// delivery was settled, the texts of all but the last twenty letters of a rep, handled
// keys older than a year, and held mail past its time. It works in small transactions and
// can be cancelled between them. At last it rebuilds the file, while writers wait, if
// an erasure was too large a store's to do so at once.
func (s *Store) Prune(ctx context.Context, now time.Time) error {
	for _, p := range s.expiries(now) {
		if err := s.pruneBy(ctx, p); err != nil {
			return err
		}
	}
	if err := errors.Join(s.pruneTexts(ctx), s.dropBefore(now)); err != nil {
		return err
	}
	return s.sweepAll(ctx)
}

// expiry is one kind of thing that is dropped when its time has come.
type expiry struct {
	what, query string
	before      time.Time
	words       bool // they are nobody's who is still here: no trace may be left
}

func (s *Store) expiries(now time.Time) []expiry {
	return []expiry{
		{what: "drop letter bytes", before: now.Add(-keepRaw), query: `UPDATE letters SET raw = NULL WHERE seq IN
			(SELECT seq FROM letters WHERE raw IS NOT NULL AND settled_at <= ?1 LIMIT ?2)`},
		{what: "drop handled keys", before: now.Add(-keepHandled), query: `DELETE FROM handled WHERE key IN
			(SELECT key FROM handled WHERE at <= ?1 LIMIT ?2)`},
		{what: "drop held mail", before: now.Add(-s.options.holdFor), words: true, query: `DELETE FROM held WHERE id IN
			(SELECT id FROM held WHERE at <= ?1 LIMIT ?2)`},
		{what: "drop who departed", before: now.Add(-keepDeparting), words: true, query: `DELETE FROM departing WHERE address IN
			(SELECT address FROM departing WHERE at <= ?1 LIMIT ?2)`},
	}
}

// pruneBy repeats a bounded statement until it finds nothing more.
func (s *Store) pruneBy(ctx context.Context, e expiry) error {
	for {
		var n int64
		err := s.write(ctx, e.what, func(t *tx) error {
			var err error
			n, err = t.exec(e.query, e.before.UnixNano(), pruneStep)
			if err == nil && n > 0 && e.words {
				err = setMeta(t, metaErased, 1)
			}
			return err
		})
		if err != nil || n < pruneStep {
			return err
		}
	}
}

// pruneTexts looks at those who got letters since it was last here: only they can have
// a letter more than is kept.
func (s *Store) pruneTexts(ctx context.Context) error {
	for {
		more := false
		err := s.write(ctx, "drop old texts", func(t *tx) error {
			var err error
			more, err = pruneSomeTexts(t)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
}

// pruneSomeTexts goes one step, and tells whether there may be another.
func pruneSomeTexts(t *tx) (more bool, err error) {
	from, err := getMeta(t, "pruned")
	if err != nil {
		return false, err
	}
	var to, n int64
	if err := t.row("SELECT ifnull(max(seq), 0), count(*) FROM (SELECT seq FROM letters WHERE seq > ? ORDER BY seq LIMIT ?)",
		from, pruneStep).Scan(&to, &n); err != nil || n == 0 {
		return false, err
	}
	ids, err := rows(t, scanText, "SELECT DISTINCT conversation FROM letters WHERE seq > ? AND seq <= ? AND conversation IS NOT NULL", from, to)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		_, err := t.exec(`UPDATE letters SET text = '' WHERE conversation = ?1 AND text <> '' AND seq <=
			(SELECT seq FROM letters WHERE conversation = ?1 AND text <> '' ORDER BY seq DESC LIMIT 1 OFFSET ?2)`, id, keepTexts)
		if err != nil {
			return false, err
		}
	}
	return n == pruneStep, setMeta(t, "pruned", to)
}
