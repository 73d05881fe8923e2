package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"whyloop/conversation/sqlite"
)

// What `whyloop check` finds out on this machine alone.

// begin reads the configuration; without it there is nothing to look at.
func (u *checkUp) begin() bool {
	c, err := loadConfig(u.env.config)
	if err != nil {
		u.note("configuration", failed(err, mendConfig(u.env.config, err)))
		return false
	}
	u.c = c
	if f := u.owner(); f.State == stateFail {
		u.note("user", f)
		return false // every file made now would be root's
	}
	u.note("configuration", well("%s", u.env.config))
	return true
}

func mendConfig(path string, err error) string {
	switch {
	case strings.Contains(err.Error(), "no configuration at"):
		return "whyloop init " + path
	case strings.Contains(err.Error(), "can be read by others"):
		return "chmod 600 " + path
	case errors.Is(err, fs.ErrPermission):
		return "it belongs to another user: with the package, sudo whyloopctl check"
	}
	return "edit the lines named; docs/configuration.md tells of every setting"
}

// owner refuses root where the service is somebody else.
func (u *checkUp) owner() finding {
	info, err := os.Stat(u.env.config)
	if err != nil || !u.env.machine.root {
		return well("")
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && s.Uid != 0 {
		return failed(fmt.Errorf("you are root, and %s belongs to another user: what root makes now, the service cannot open", u.env.config),
			"call it as that user: with the package, sudo whyloopctl check")
	}
	return well("")
}

// files looks at the modes of what holds secrets or people's words.
func (u *checkUp) files(context.Context) finding {
	c := u.c
	var wrong, mends []string
	n := 0
	trouble := func(err error, mend string) {
		wrong, mends = append(wrong, err.Error()), append(mends, mend)
	}
	secrets := []string{c.IMAP.Password.File, c.SMTP.Password.File, c.OAuth.Secret.File, c.Judge.Key.File}
	for i, path := range secrets {
		if path == "" || slices.Contains(secrets[:i], path) {
			continue
		}
		n++
		if _, err := readPrivate(path); err != nil {
			trouble(err, mendSecretFile(path, err))
		}
	}
	for _, dir := range []string{filepath.Dir(c.Store.Path), c.Store.BackupDir} {
		if info, err := os.Stat(dir); dir != "" && err == nil {
			n++
			if mode := info.Mode().Perm(); mode&0o077 != 0 {
				trouble(fmt.Errorf("%s holds people's words and can be read by others (mode %04o)", dir, mode), "chmod 700 "+dir)
			}
		}
	}
	if info, err := os.Stat(c.Templates.Dir); c.Templates.Dir != "" && err == nil && info.Mode().Perm()&0o022 != 0 {
		trouble(fmt.Errorf("others can write into %s, and so change what letters say", c.Templates.Dir), "chmod go-w "+c.Templates.Dir)
	}
	if len(wrong) > 0 {
		return failed(errors.New(strings.Join(wrong, "\n")), strings.Join(mends, "\n"))
	}
	return well("%s with secrets or words, for their owner alone", count(n+1, "place"))
}

func mendSecretFile(path string, err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Sprintf("(umask 077; cat > %s), then type the secret, Enter, Ctrl-D", path)
	}
	if errors.Is(err, fs.ErrPermission) {
		return "it belongs to another user: chown it to the one the service runs as"
	}
	return "chmod 600 " + path
}

// What should be left on a disk, and what must be: a store of some hundred reps, and its log, stay below the first.
const lowDisk, noDisk = 500 << 20, 50 << 20

// disk looks at the room for the store and its backups.
func (u *checkUp) disk(context.Context) finding {
	state := well("")
	var found []string
	for _, dir := range []string{filepath.Dir(u.c.Store.Path), u.c.Store.BackupDir} {
		if dir == "" {
			continue
		}
		free, err := u.env.machine.free(existing(dir))
		if err != nil {
			return warned("look at the folder's disk", "%v", err)
		}
		found = append(found, fmt.Sprintf("%d MB free for %s", free>>20, dir))
		switch mend := "make room there: whyloop stops reading and sending before it does half a thing, and mail waits on the server"; {
		case free < noDisk:
			state = finding{State: stateFail, Mend: mend}
		case free < lowDisk && state.State == stateOK:
			state = finding{State: stateWarn, Mend: mend}
		}
	}
	state.Found = strings.Join(found, ", ")
	return state
}

// existing is the nearest folder that is there already.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// store opens it and reads it through.
func (u *checkUp) store(ctx context.Context) finding {
	s, err := sqlite.Open(u.c.Store.Path)
	if err != nil {
		return failed(err, mendStore(err))
	}
	stats, err := s.Stats(ctx)
	if err = errors.Join(err, s.Check(ctx), s.Close()); err != nil {
		return failed(err, mendStore(err))
	}
	return well("%s, whole, %s, %s", u.c.Store.Path, count(stats.Conversations, "conversation"), size(stats.FileBytes))
}

func size(bytes int64) string { return fmt.Sprintf("%d kB", (bytes+1023)/1024) }

func mendStore(err error) string {
	switch {
	case errors.Is(err, sqlite.ErrDamaged):
		return "stop the daemon and put the newest backup in its place: whyloop restore FILE"
	case errors.Is(err, sqlite.ErrOpen):
		_, mend, _ := strings.Cut(err.Error(), ": run ")
		return mend
	case errors.Is(err, sqlite.ErrNewer):
		return "install the whyloop that wrote it, or a later one"
	case errors.Is(err, sqlite.ErrForeign):
		return "look at store.path: that file is another program's"
	case errors.Is(err, sqlite.ErrFull):
		return "make room on the disk"
	case errors.Is(err, sqlite.ErrBusy):
		return "another program keeps it busy; try again"
	case errors.Is(err, sqlite.ErrNoCgo):
		return "build whyloop anew with a C compiler and CGO_ENABLED=1"
	}
	return "its folder must belong to the user that whyloop runs as, mode 0700: look at store.path"
}

func (u *checkUp) key(context.Context) finding {
	r, err := loadKey(u.c.Store.KeyFile)
	if err != nil {
		return failed(err, "put the key of your backup back (mode 0600), or look at store.key_file")
	}
	return well("%s: %s", u.c.Store.KeyFile, r.tells())
}

func (u *checkUp) alerts(ctx context.Context) finding {
	if u.failed("store") {
		return warned("mend the store first", "not looked at")
	}
	found, err := u.c.lookAtAlerts(ctx)
	if err != nil {
		return failed(err, "look at [alerts]; docs/monitoring.md tells of it")
	}
	return well("%s", found)
}

// daemon only tells: a check is called before the first run too.
func (u *checkUp) daemon(context.Context) finding {
	who, runs, err := sqlite.Running(u.c.Store.Path)
	switch {
	case err != nil:
		return warned("its lock file must belong to the user that whyloop runs as", "%v", err)
	case runs:
		return well("runs, %s", who)
	}
	return well("does not run")
}

// zones makes sure that each rep's clock can be read.
func (u *checkUp) zones(ctx context.Context) finding {
	unknown, known := u.repZones(ctx)
	if len(unknown) > 0 {
		return failed(fmt.Errorf("nothing is known of the time zone %s of a rep", strings.Join(unknown, ", ")), "whyloop rep edit ADDRESS --zone ZONE")
	}
	if _, err := time.LoadLocation("Europe/London"); err != nil {
		return failed(err, "build whyloop with its zone data, or install the package tzdata")
	}
	if known == 0 {
		return well("time zone data is there")
	}
	return well("%s of reps, all known", count(known, "time zone"))
}

// repZones tells which zones cannot be read, and how many can.
func (u *checkUp) repZones(ctx context.Context) (unknown []string, known int) {
	s, err := sqlite.Open(u.c.Store.Path)
	if err != nil {
		return nil, 0 // "store" says so
	}
	defer s.Close()
	reps, err := s.List(ctx)
	if err != nil {
		return nil, 0
	}
	seen := map[string]bool{}
	for _, row := range reps {
		c, err := s.ByID(ctx, row.ID)
		if err != nil || seen[c.Rep.Zone] {
			continue
		}
		seen[c.Rep.Zone] = true
		if _, err := time.LoadLocation(c.Rep.Zone); err != nil {
			unknown = append(unknown, fmt.Sprintf("%q", c.Rep.Zone))
		} else {
			known++
		}
	}
	return unknown, known
}

func (u *checkUp) letters(context.Context) finding {
	w, err := newWriter(u.c)
	if err != nil {
		return failed(err, "whyloop letters lint names every line to mend; or look at templates.dir")
	}
	found := "in " + strings.Join(w.Languages(), ", ")
	if u.c.Templates.Dir != "" {
		found += ", with yours from " + u.c.Templates.Dir
	}
	return well("%s", found)
}
