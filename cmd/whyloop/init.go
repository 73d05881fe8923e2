package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

type initCmd struct {
	File string `arg:"" optional:"" help:"Where to write it; the --config file when left out, - for standard output."`
}

// Run writes the reference with every setting. It never overwrites a file.
func (cmd initCmd) Run(env *environ) error {
	var text bytes.Buffer
	if err := writeReference(&text); err != nil {
		return err
	}
	path := cmd.File
	if path == "" {
		path = env.config
	}
	if path == "-" {
		_, err := text.WriteTo(env.stdout)
		return err
	}
	if err := writeNew(path, text.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "Wrote %s (mode 0600). Fill in the lines that begin without #, then:\n  whyloop check --config %s\n", path, path)
	return nil
}

// writeNew writes a file of ours alone, unless there is one.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; remove it, or name another file", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
