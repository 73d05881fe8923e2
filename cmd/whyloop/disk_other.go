//go:build !linux && !darwin

package main

import "math"

// freeBytes is not known here: as good as all.
func freeBytes(string) (int64, error) { return math.MaxInt64, nil }
