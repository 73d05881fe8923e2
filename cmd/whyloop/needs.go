package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"time"
)

// nightMissed is how long after something that is done each night it counts as left undone.
const nightMissed = 50 * time.Hour

// triedLong is how long a letter may be refused for the time being before somebody should hear of it: a server that only greylists
// has taken it by then (RFC 5321 §4.5.4.1 has a client try for days).
const triedLong = 4 * time.Hour

// secretUrgent is how long before a client secret's end it needs the admin each day; the log and "whyloop check" say it earlier.
const secretUrgent = 14 * aDay

// needs says in words what an admin should look at: counts, dates and commands, and nothing about anyone.
func (v status) needs(c Config) []string {
	var all []string
	add := func(wrong bool, format string, args ...any) {
		if wrong {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	add(!v.Runs, "The daemon does not run: whyloop run, or systemctl status whyloop.")
	for _, who := range slices.Sorted(maps.Keys(v.LastRun.Troubles)) {
		where := `"whyloop check"`
		if slices.Contains([]string{aboutBackup, aboutAlerts, aboutPing}, who) {
			where = "the log"
		}
		add(v.Runs, "%s: %s; %s says more.", who, v.LastRun.Troubles[who], where)
	}
	up := v.At.Sub(v.LastRun.Started) // so long it could have done its duties
	old := func(done time.Time, after time.Duration) bool { return v.Runs && v.At.Sub(done) > after && up > after }
	unread := 3*c.IMAP.Poll + late
	add(v.Runs && v.At.Sub(v.LastRun.At) > late, "The daemon has written no status since %s: it may hang.", day(v.LastRun.At))
	add(old(v.LastRun.IMAP, unread), "The mailbox was last read at %s.", day(v.LastRun.IMAP))
	add(v.Ready > 0, "%s should have gone since %s: whyloop outbox.", count(v.Ready, "letter"), day(v.Oldest))
	add(!v.Tried.IsZero() && v.At.Sub(v.Tried) > triedLong, "%s tried again and again, the oldest since %s; after two days we give up: whyloop outbox.", count(v.Retried, "letter"), day(v.Tried))
	add(v.Failed > 0, "%s failed for good: whyloop outbox; then retry or drop.", count(v.Failed, "letter"))
	add(v.OnHold > 0, "%s held for you: whyloop rep list.", count(v.OnHold, "conversation"))
	add(v.Bounced > 0, "%s ended because letters came back: whyloop rep list; then rep edit with another address, or rep stop.", count(v.Bounced, "conversation"))
	add(v.Held > v.Poison+v.Strange, "%s held: whyloop held.", count(v.Held-v.Poison-v.Strange, "mail"))
	add(v.Poison > 0, "%s could not be handled at all and may be a bug of ours: whyloop held.", count(v.Poison, "mail"))
	add(c.Store.BackupDir != "" && old(v.LastRun.BackedUp, nightMissed), "The last nightly backup is of %s: look at store.backup_dir and the log.", day(v.LastRun.BackedUp))
	add(old(v.LastRun.Checked, nightMissed), "The store was last read through at %s, not last night: look at the log.", day(v.LastRun.Checked))
	left, known := c.OAuth.secretLeft(v.At)
	add(known && left <= secretUrgent, "oauth: %s.", c.OAuth.secretWord(v.At))
	for _, d := range c.lowDisks() {
		add(true, "%s", d)
	}
	return all
}

// lowDisks names the folders where not much more can be written.
func (c Config) lowDisks() (all []string) {
	folders := map[string]string{"store.path": filepath.Dir(c.Store.Path)}
	if c.Store.BackupDir != "" {
		folders["store.backup_dir"] = c.Store.BackupDir
	}
	for _, key := range slices.Sorted(maps.Keys(folders)) {
		free, err := freeBytes(folders[key])
		switch {
		case errors.Is(err, fs.ErrNotExist): // made when it is first needed
		case err != nil:
			all = append(all, err.Error()+".")
		case free < lowDisk:
			all = append(all, fmt.Sprintf("The disk of %s has %s left: make room.", key, size(free)))
		}
	}
	return all
}
