package hearing

import (
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

// FuzzHear feeds any bytes as goal, rung and reply: there is always a verdict, its
// indexes are in range, it quotes valid text, and it is the same the second time.
func FuzzHear(f *testing.F) {
	for _, s := range []string{"", "…", "??", "stop", "like i said, freedom", "no — it's about my kids", "soit ou ou pas", "X means Y = Z", "pause until 31 February", "\xff\xfe'", "don't don’t l'argent", "👍🏽👨‍👩‍👧", strings.Repeat("a'", 3000), strings.Repeat("because if not ", 900), "1. 2. 3.", "not not not never no", "said I before said", "\u202eabc\x00"} {
		f.Add("more money", "peace and quiet", s)
		f.Add(s, s, s)
	}
	h := New()
	f.Fuzz(func(t *testing.T, goal, rung, text string) {
		l := conversation.Ladder{Goal: goal, Rungs: []conversation.Rung{{Answer: rung, Label: conversation.New}}}
		began := time.Now()
		got := h.Hear(l, text)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
		v := got.Verdict
		if v.Label == "" || v.Sure < 0 || v.Sure > 1 || v.Why < conversation.NoWhy || v.Why > len(l.Rungs) {
			t.Errorf("verdict out of range: %+v", v)
		}
		if (v.Why == conversation.NoWhy) != !v.Confirm {
			t.Errorf("a why is named exactly when it is to be confirmed: %+v", v)
		}
		for _, s := range []string{got.Text, got.Rest, got.Next, v.Because, v.Wording} {
			if !utf8.ValidString(s) && utf8.ValidString(goal+rung) {
				t.Errorf("invalid text %q", s)
			}
		}
		if diff := cmp.Diff(got, h.Hear(l, text)); diff != "" {
			t.Errorf("differs the second time: %s", diff)
		}
	})
}

// TestConcurrent hears in many goroutines at once, for the race detector.
func TestConcurrent(t *testing.T) {
	h := New()
	l, a := longLadder()
	want := h.Hear(l, a)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if diff := cmp.Diff(want, h.Hear(l, a)); diff != "" {
				t.Error(diff)
			}
		})
	}
	wg.Wait()
}

// TestAllocations keeps a decision from growing careless of memory.
func TestAllocations(t *testing.T) {
	h := New()
	l, a := longLadder()
	if n := testing.AllocsPerRun(10, func() { h.Judge(l, a) }); n > 300 {
		t.Errorf("%.0f allocations a decision", n)
	}
}
