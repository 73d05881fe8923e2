package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

type keyCmd struct {
	List   keyListCmd   `cmd:"" default:"1" help:"List the keys: which signs, which are still believed. No secret is printed."`
	Rotate keyRotateCmd `cmd:"" help:"Make a new key that signs from now on. Those of before are still believed."`
	Retire keyRetireCmd `cmd:"" help:"Believe a key no longer."`
}

type keyListCmd struct{}

// Run lists them.
func (keyListCmd) Run(env *environ) error {
	c, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	r, err := loadKey(c.Store.KeyFile)
	if err != nil {
		return err
	}
	var rows []string
	for i, k := range r.keys {
		does := "is believed"
		if i == 0 {
			does = "signs"
		}
		made := k.day
		if made == "" {
			made = "-"
		}
		rows = append(rows, strings.Join([]string{k.id, made, does}, "\t"))
	}
	return table(env.stdout, "", "KEY\tMADE\tIT", rows)
}

type keyRotateCmd struct{}

// Help is shown under the command's own --help.
func (keyRotateCmd) Help() string {
	return `Replies to letters under the keys of before find their way as long as those are kept; keep them for as long as somebody may answer an old letter, some months. The daemon takes the new key up when it reloads or starts.`
}

// Run puts a new key first.
func (keyRotateCmd) Run(env *environ) error {
	return env.changeRing(func(r keyring) (keyring, error) { return r.rotated(env.now()) })
}

type keyRetireCmd struct {
	ID string `arg:"" help:"As listed."`
}

// Help is shown under the command's own --help.
func (keyRetireCmd) Help() string {
	return `Do it at once if a key was seen by somebody. From then on its tokens and Message-IDs say nothing: a reply to a letter under it counts where the sender is proven, and is then taken for the open question; else it is held.`
}

// Run takes a key out.
func (cmd keyRetireCmd) Run(env *environ) error {
	return env.changeRing(func(r keyring) (keyring, error) { return r.without(cmd.ID) })
}

// changeRing writes the key file anew, whole or not at all; two who change it at once do not lose a key.
func (env *environ) changeRing(change func(keyring) (keyring, error)) error {
	c, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	path := c.Store.KeyFile
	lock := path + ".new"
	f, err := os.OpenFile(lock, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("somebody else changes the keys, or died doing so; if nobody does, remove %s: %w", lock, err)
	}
	defer os.Remove(lock) // gone already when all went well
	defer f.Close()
	r, err := loadKey(path)
	if err != nil {
		return err
	}
	if r, err = change(r); err != nil {
		return err
	}
	if _, err := f.Write(r.bytes()); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	if err := os.Rename(lock, path); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%s.\nThe daemon takes it up when it reloads: systemctl reload whyloop. Copy %s to where your backups are.\n", r.tells(), path)
	return err
}
