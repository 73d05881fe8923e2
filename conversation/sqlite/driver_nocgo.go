//go:build !cgo

package sqlite

import (
	_ "github.com/mattn/go-sqlite3" // a stub without cgo; Open says so before it is asked
)

const (
	hasCgo     = false
	driverName = "sqlite3"
)

func translate(err error) error { return err }

func isBusy(error) bool { return false }

func copyPages(_, _ any) error { return ErrNoCgo }
