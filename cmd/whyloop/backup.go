package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"whyloop/conversation/sqlite"
)

type backupCmd struct {
	Dir  string `arg:"" type:"path" help:"The folder; it is made, for you alone."`
	Keep int    `default:"14" placeholder:"N" help:"How many backups stay there; the oldest go."`
}

// Help is shown under the command's own --help.
func (backupCmd) Help() string {
	return `It works while the daemon runs. The copy is read through before it gets its name, and the key is copied beside it. A backup holds people's words, also those deleted since: let few read it, and keep few.`
}

// Run makes one more backup.
func (cmd backupCmd) Run(env *environ) error {
	if cmd.Keep < 1 {
		return usageError{errors.New("--keep: want 1 or more")}
	}
	return env.withStore(func(c Config, s *sqlite.Store) error {
		path, err := backUp(env.ctx, s, c.Store.KeyFile, cmd.Dir, cmd.Keep, env.now())
		if err == nil {
			_, err = fmt.Fprintf(env.stdout, "Wrote %s, verified.\n", path)
		}
		return err
	})
}

// backupNames is what backups are called, and what rotation counts.
const backupNames = "whyloop-????????-??????.db"

// backUp writes a verified copy of the store and its key to dir, then drops all but the newest.
func backUp(ctx context.Context, s *sqlite.Store, keyFile, dir string, keep int, now time.Time) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	info, err := os.Stat(dir)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s can be read by others; mend it with: chmod 700 %s", dir, dir)
	}
	path := filepath.Join(dir, now.UTC().Format("whyloop-20060102-150405.db"))
	if err := s.Backup(ctx, path); err != nil {
		return "", err
	}
	if err := copyKey(keyFile, filepath.Join(dir, "whyloop.key")); err != nil {
		return "", err
	}
	return path, rotate(dir, keep)
}

// copyKey keeps the key beside the backups; without it replies to letters already sent find nobody.
func copyKey(from, to string) error {
	key, err := os.ReadFile(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // no daemon has started yet
	}
	if err != nil {
		return err
	}
	if there, err := os.ReadFile(to); err == nil && bytes.Equal(there, key) {
		return nil
	}
	return replaceFile(to, key)
}

func rotate(dir string, keep int) error {
	all, err := filepath.Glob(filepath.Join(dir, backupNames))
	if err != nil {
		return err
	}
	slices.Sort(all)
	for _, old := range all[:max(0, len(all)-keep)] {
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}

type restoreCmd struct {
	File string `arg:"" type:"path" help:"A backup."`
}

// Help is shown under the command's own --help.
func (restoreCmd) Help() string {
	return `Stop the daemon first. The store that is there is kept aside. Mail that came since the backup is read again, and somebody may get a question twice; who was deleted since is back, so forget them again.`
}

// Run puts a backup in the store's place.
func (cmd restoreCmd) Run(env *environ) error {
	c, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	if err := sqlite.Verify(env.ctx, cmd.File); err != nil {
		return err
	}
	if holder, runs, err := sqlite.Running(c.Store.Path); err != nil || runs {
		return errors.Join(err, fmt.Errorf("stop the daemon first: it runs, %s", holder))
	}
	s, err := sqlite.Open(c.Store.Path) // makes the folder, where there is none yet
	if err != nil && !errors.Is(err, sqlite.ErrDamaged) && !errors.Is(err, sqlite.ErrForeign) {
		return err
	}
	if err == nil {
		release, err := s.Lock()
		if err != nil {
			return errors.Join(fmt.Errorf("stop the daemon first: %w", err), s.Close())
		}
		defer func() { _ = release() }() // the process ends anyway
		if err := s.Close(); err != nil {
			return err
		}
	}
	return cmd.swap(env, c)
}

// swap copies the backup beside the store, moves the store aside, and gives the copy its name.
func (cmd restoreCmd) swap(env *environ, c Config) error {
	data, err := os.ReadFile(cmd.File)
	if err != nil {
		return err
	}
	path := c.Store.Path
	if err := replaceFile(path+".restored", data); err != nil {
		return err
	}
	aside := unused(path + env.now().UTC().Format(".before-20060102-150405"))
	for _, end := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(path+end, aside+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(path+".restored", path); err != nil {
		return err
	}
	key := filepath.Join(filepath.Dir(cmd.File), "whyloop.key")
	if _, err := os.Stat(c.Store.KeyFile); errors.Is(err, fs.ErrNotExist) {
		if err := copyKey(key, c.Store.KeyFile); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(env.stdout, "Restored %s. What was there is kept at %s: delete it once all is well.\n", path, aside)
	return err
}

// unused is a name, or that with the first number at its end that nothing has yet: two restores in a second must not cost
// what the first kept.
func unused(path string) string {
	name := path
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = fmt.Sprintf("%s-%d", path, n)
	}
}
