package sqlite

import (
	"net/url"
	"strconv"
	"time"
)

// writerDSN opens a connection that begins every transaction with the write lock: one
// that read first and asked for it later would be refused at once, whatever the busy timeout.
// Pragmas stand here and nowhere else, for one that is executed reaches a single
// connection of a pool.
func writerDSN(path string, busy time.Duration) string {
	return dsn(path, busy, url.Values{
		"_txlock":     {"immediate"},
		"_query_only": {"false"},
	})
}

// readerDSN opens a connection that cannot write.
func readerDSN(path string, busy time.Duration) string {
	return dsn(path, busy, url.Values{
		"_txlock":     {"deferred"},
		"_query_only": {"true"},
	})
}

func dsn(path string, busy time.Duration, v url.Values) string {
	v.Set("mode", "rw") // preparePrivate made the file, with its mode
	v.Set("_busy_timeout", strconv.FormatInt(max(busy.Milliseconds(), 1), 10))
	v.Set("_journal_mode", "WAL")
	v.Set("_synchronous", "FULL") // the build's default for WAL is NORMAL, which may lose a commit
	v.Set("_foreign_keys", "true")
	v.Set("_secure_delete", "true") // overwrite what is deleted
	v.Set("_stmt_cache_size", "64")
	u := url.URL{Path: path}
	return "file:" + u.EscapedPath() + "?" + v.Encode()
}
