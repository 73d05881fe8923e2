//go:build !linux

package sqlite

func systemParts() map[string]func(string) error { return nil }
