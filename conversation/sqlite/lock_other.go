//go:build !(darwin || linux || freebsd || netbsd || openbsd || dragonfly)

package sqlite

import (
	"errors"
	"os"
)

// lockFile refuses: without flock nothing would keep a second daemon out.
func lockFile(*os.File) error {
	return errors.New("this system has no flock, so the daemon cannot run on it")
}
