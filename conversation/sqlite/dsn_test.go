package sqlite

import (
	"context"
	"database/sql"
	"testing"
)

// TestPragmas looks at every connection, those that a pool opens later too.
func TestPragmas(t *testing.T) {
	s := openStore(t, storePath(t))
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "busy_timeout": "5000"}
	check := func(name string, conn *sql.Conn, queryOnly string) {
		t.Helper()
		want["query_only"] = queryOnly
		for pragma, value := range want {
			if got, err := scanText((&tx{conn: conn}).row("PRAGMA " + pragma)); err != nil || got != value {
				t.Errorf("%s: %s is %q, want %q; %v", name, pragma, got, value, err)
			}
		}
	}
	check("writer", s.writer.conn, "0")
	for range 4 {
		conn, err := s.readers.Conn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		check("reader", conn, "1")
	}
}
