//go:build unix

package hearing

import (
	"syscall"
	"testing"
	"time"
)

// cpuTime reports the processor time an operation takes, which a busy machine does not stretch.
func cpuTime(b *testing.B) (report func()) {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano())
	}
	from := used()
	return func() { b.ReportMetric(float64((used()-from).Microseconds())/float64(b.N), "cpu-µs/op") }
}
