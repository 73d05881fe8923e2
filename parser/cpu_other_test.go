//go:build !unix

package parser

import "time"

var began = time.Now()

// cpuTime falls back to the clock on the wall.
func cpuTime() time.Duration { return time.Since(began) }
