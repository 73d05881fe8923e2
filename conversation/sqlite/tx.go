package sqlite

import (
	"context"
	"database/sql"
	"time"
)

// tx is a transaction on one connection. No context reaches a statement: see
// Store.read. The driver keeps prepared statements by their text, so queries are
// constants wherever they are hot.
type tx struct {
	conn  *sql.Conn
	scrub bool // something was erased: its traces must leave the log too
}

// exec returns how many rows it touched.
func (t *tx) exec(query string, args ...any) (int64, error) {
	r, err := t.conn.ExecContext(context.Background(), query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (t *tx) row(query string, args ...any) *sql.Row {
	return t.conn.QueryRowContext(context.Background(), query, args...)
}

// rows collects what scan makes of each row.
func rows[T any](t *tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rs, err := t.conn.QueryContext(context.Background(), query, args...)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	var all []T
	for rs.Next() {
		v, err := scan(rs)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rs.Err()
}

// scanner is what *sql.Row and *sql.Rows share.
type scanner interface{ Scan(dest ...any) error }

func scanText(r scanner) (string, error) {
	var s string
	err := r.Scan(&s)
	return s, err
}

func scanInt(r scanner) (int64, error) {
	var n int64
	err := r.Scan(&n)
	return n, err
}

// moment is a time as a column holds it: Unix nanoseconds, NULL for the zero time.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixNano()
}

func fromMoment(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.Unix(0, n.Int64).UTC()
}
