//go:build crash && unix

package crash

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// plan is what the environment asks for.
type plan struct {
	point string
	left  atomic.Int64
	ahead time.Duration
}

var read = sync.OnceValue(func() *plan {
	p := &plan{}
	name, n, _ := strings.Cut(os.Getenv("WHYLOOP_CRASH"), ":")
	passes, err := strconv.Atoi(n)
	if err != nil {
		passes = 1
	}
	p.point = name
	p.left.Store(int64(passes))
	p.ahead, _ = time.ParseDuration(os.Getenv("WHYLOOP_AHEAD")) // none: not ahead
	return p
})

// Point kills the process at the pass that was asked for. It does not return then: nothing of
// the process may go on.
func Point(name string) {
	p := read()
	if p.point != name || p.left.Add(-1) != 0 {
		return
	}
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	select {}
}

// Ahead returns the clock set ahead by what was asked for.
func Ahead(now func() time.Time) func() time.Time {
	return func() time.Time { return now().Add(read().ahead) }
}
