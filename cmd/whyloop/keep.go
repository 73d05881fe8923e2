package main

import (
	"context"
	"errors"

	"whyloop/conversation/sqlite"
	"whyloop/mailer"
)

// nightlyBackups is how many of the daemon's own backups stay.
const nightlyBackups = 14

// keeping are the jobs of the night. They come one after another, so that the disk serves one of them at a time.
func (d *daemon) keeping() []job {
	return []job{
		{"backup", "33 2 * * *", d.backUp},
		{"check", "3 3 * * *", d.checkStore},
		{"import", "13 3 * * *", d.forgetImport},
		{"prune", "17 3 * * *", func(ctx context.Context) error { return d.store.Prune(ctx, d.now()) }},
	}
}

// backUp copies the store, where store.backup_dir says whereto.
func (d *daemon) backUp(ctx context.Context) error {
	c := d.present().config.Store
	if c.BackupDir == "" {
		return nil
	}
	_, err := backUp(ctx, d.store.Store, c.KeyFile, c.BackupDir, nightlyBackups, d.now())
	if err != nil {
		d.troubles.tell(aboutBackup)(mailer.Alarm{What: "failed"})
		return err
	}
	d.troubles.tell(aboutBackup)(mailer.Alarm{})
	d.store.pulse.note(func(r *pulseReport) { r.BackedUp = d.now() })
	return nil
}

// forgetImport takes whoever has left out of an import that waits.
func (d *daemon) forgetImport(ctx context.Context) error {
	w := d.present()
	return forgetImport(ctx, w.coach, d.store.Store, importPath(w.config))
}

// checkStore reads the whole store. A damaged one is a matter for a person: it is told at /healthz until a later check
// finds it whole.
func (d *daemon) checkStore(ctx context.Context) error {
	err := d.store.Check(ctx)
	switch {
	case errors.Is(err, sqlite.ErrDamaged):
		d.troubles.tell(aboutStore)(mailer.Alarm{What: "damaged"})
	case err == nil:
		d.troubles.tell(aboutStore)(mailer.Alarm{})
		d.store.pulse.note(func(r *pulseReport) { r.Checked = d.now() })
	}
	return err
}

// degraded says what no restart mends and no mail server is to blame for.
func (d *daemon) degraded() error {
	if what := d.troubles.of(aboutStore); what != "" {
		return errors.New(aboutStore + ": " + what)
	}
	return nil
}
