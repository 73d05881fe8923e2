package sqlite

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
)

//go:embed migrations/*.sql
var migrations embed.FS

// applicationID marks a SQLite file as ours ("why1"), in its header.
const applicationID = 0x77687931

// scripts returns the migrations in order; the n-th leads to schema version n.
func scripts(from fs.FS) ([]string, error) {
	names, err := fs.Glob(from, "migrations/*.sql") // sorted
	if err != nil {
		return nil, err
	}
	all := make([]string, len(names))
	for i, name := range names {
		if prefix := fmt.Sprintf("%04d_", i+1); path.Base(name)[:len(prefix)] != prefix {
			return nil, fmt.Errorf("migration %s: want the prefix %s", name, prefix)
		}
		b, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		all[i] = string(b)
	}
	return all, nil
}

// migrate brings the schema to the newest version.
func (w *writer) migrate(path string) error {
	all, err := scripts(migrations)
	if err != nil {
		return err
	}
	return w.migrateBy(path, all)
}

// migrateBy copies an older store, and takes all steps at once: two processes may open one store together, and neither may meet
// what the other has half done.
func (w *writer) migrateBy(path string, all []string) error {
	return w.alone(func(t *tx) error {
		if err := copyBefore(t, path, len(all)); err != nil {
			return err
		}
		for {
			more := false
			if err := step(t, all, &more); err != nil || !more {
				return err
			}
		}
	})
}

// step applies the next migration, if there is one, and tells whether there are more.
func step(t *tx, all []string, more *bool) error {
	var app, version, tables int
	if err := t.row("SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)").Scan(&app, &version, &tables); err != nil {
		return err
	}
	switch {
	case app != applicationID && (app != 0 || tables > 0):
		return ErrForeign
	case version > len(all):
		return fmt.Errorf("%w: its schema is %d, ours %d", ErrNewer, version, len(all))
	case version == len(all):
		return nil
	}
	mark := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, version+1)
	if _, err := t.exec(all[version] + mark); err != nil {
		return fmt.Errorf("migrate to schema %d: %w", version+1, err)
	}
	*more = version+1 < len(all)
	return nil
}
