package parser

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
)

// hostileAddresses are address lists made to have a reader go back over what it has read.
func hostileAddresses() map[string]func(size int) string {
	repeat := func(s string) func(int) string {
		return func(size int) string { return strings.Repeat(s, size/len(s)+1) }
	}
	nest := func(open, close string) func(int) string {
		return func(size int) string {
			n := size / (len(open) + len(close))
			return strings.Repeat(open, n) + strings.Repeat(close, n) + " <sam@acme.example>"
		}
	}
	return map[string]func(int) string{
		"plain":            repeat("Sam Field <sam@acme.example>, "),
		"nested comments":  nest("(", ")"),
		"open comments":    repeat("("),
		"comments":         repeat("(c) "),
		"comment each":     repeat("a@b.example (c(d)), "),
		"open quotes":      repeat(`"a@b.example, `),
		"escaped quotes":   repeat(`\"`),
		"quoted locals":    repeat(`"\"@"@b.example, `),
		"groups":           repeat("g: a@b.example; "),
		"nested groups":    repeat("g: "),
		"angles":           nest("<", ">"),
		"open angles":      repeat("<a@b.example "),
		"commas":           repeat(","),
		"encoded words":    func(size int) string { return repeat("=?utf-8?q?a?= ")(size) + "<sam@acme.example>" },
		"marks of words":   func(size int) string { return repeat("=??=")(size) + "<sam@acme.example>" },
		"half words":       func(size int) string { return repeat("=?utf-8?q?")(size) + "<sam@acme.example>" },
		"one long address": func(size int) string { return strings.Repeat("a", size) + "@acme.example" },
		"at signs":         repeat("@"),
	}
}

// BenchmarkAddresses shows that the cost of a header full of addresses grows with its size and no faster, whatever they
// look like. They stand in From and To, and each field is below what is cut.
func BenchmarkAddresses(b *testing.B) {
	for name, list := range hostileAddresses() {
		for _, size := range []int{1 << 10, 10 << 10, 100 << 10} {
			raw := addressMail(list, size)
			b.Run(fmt.Sprintf("%s/%dk", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(raw)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Parse(bytes.NewReader(raw)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// addressMail is a mail with about size bytes of addresses.
func addressMail(list func(int) string, size int) []byte {
	var h strings.Builder
	for _, field := range []string{"From", "To"} {
		fmt.Fprintf(&h, "%s: %s\r\n", field, list(size/2))
	}
	return []byte(h.String() + "Subject: Re: A question\r\n\r\nyes\r\n")
}

// TestAddressesGrowWithSize: what is allocated for a header full of addresses grows with its size and no faster. Bytes
// are counted, not time; BenchmarkAddresses shows the time.
func TestAddressesGrowWithSize(t *testing.T) {
	for name, list := range hostileAddresses() {
		small, large := allocated(t, addressMail(list, 10<<10)), allocated(t, addressMail(list, 100<<10))
		if large > 20*small {
			t.Errorf("%s: %d bytes for 10 kB, %d for 100 kB", name, small, large)
		}
	}
}

// allocated is the least of a few counts of the bytes allocated by reading a mail: other goroutines allocate too.
func allocated(t *testing.T, raw []byte) uint64 {
	t.Helper()
	least := uint64(math.MaxUint64)
	for range 5 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := Parse(bytes.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}
