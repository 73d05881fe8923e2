package sqlite

import (
	"database/sql"
	"errors"
)

// getMeta returns a number the store keeps about itself; 0 when it was never set.
func getMeta(t *tx, name string) (int64, error) {
	n, err := scanInt(t.row("SELECT value FROM meta WHERE name = ?", name))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

func setMeta(t *tx, name string, value int64) error {
	_, err := t.exec("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value)
	return err
}
