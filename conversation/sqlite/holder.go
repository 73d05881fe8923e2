package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Running tells whether a daemon holds the lock of the store at path, and since when, for a person to read. It never keeps
// a daemon from starting: the lock is tried only where a daemon left word, and so has it or has died.
func Running(path string) (holder string, running bool, err error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("look at the lock: %w", err)
	}
	defer f.Close() // and with it the lock, if we got it
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return "", false, err
	}
	switch err := lockFile(f); {
	case errors.Is(err, errHeld):
		return readHolder(f), true, nil
	case err != nil:
		return "", false, fmt.Errorf("look at the lock: %w", err)
	}
	return "", false, nil
}
