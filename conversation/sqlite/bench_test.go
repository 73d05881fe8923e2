package sqlite

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"whyloop/conversation"
)

// lived-in sizes: a conversation of some kilobytes, a letter with text and HTML.
func benchChange(i int) conversation.Change {
	id := fmt.Sprintf("rep-%d", i)
	c := sam(id)
	for range 8 {
		c.Ladder.Rungs = append(c.Ladder.Rungs, conversation.Rung{Answer: strings.Repeat("so that we can ", 8), At: monday})
	}
	l := letterFor(id, "goal/"+id)
	l.Text, l.Raw = strings.Repeat("text ", 200), []byte(strings.Repeat("raw bytes\r\n", 400))
	return conversation.Change{Conversation: c, Handled: "mail/" + id, At: monday.Add(time.Duration(i)), Letters: []conversation.Letter{l}}
}

// applyAll applies n changes from that many goroutines and returns how long it took.
func applyAll(tb testing.TB, s *Store, from, n, writers int) time.Duration {
	began := time.Now()
	next := make(chan int)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for i := range next {
				if err := s.Apply(context.Background(), benchChange(i)); err != nil {
					tb.Error(err)
				}
			}
		})
	}
	for i := range n {
		next <- from + i
	}
	close(next)
	wg.Wait()
	return time.Since(began)
}

// BenchmarkApply compares one caller with many on one store, in one run: gain is how
// much faster many are.
func BenchmarkApply(b *testing.B) {
	for _, writers := range []int{2, 8, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			s := openStore(b, storePath(b))
			var alone, many time.Duration
			for i := 0; b.Loop(); i++ {
				alone += applyAll(b, s, i*1000, 500, 1)
				many += applyAll(b, s, i*1000+500, 500, writers)
			}
			n := float64(b.N) * 500
			b.ReportMetric(n/alone.Seconds(), "alone/s")
			b.ReportMetric(n/many.Seconds(), "together/s")
			b.ReportMetric(alone.Seconds()/many.Seconds(), "gain")
		})
	}
}

// BenchmarkOutbox claims and settles letters as an outbox does that sends on many connections.
func BenchmarkOutbox(b *testing.B) {
	const batch = 500
	s := openStore(b, storePath(b))
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		applyAll(b, s, i*batch, batch, 16)
		b.StartTimer()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for {
					ds, err := s.Claim(context.Background(), monday.Add(time.Hour), time.Hour, 16)
					if err != nil || len(ds) == 0 {
						return
					}
					for _, d := range ds {
						if err := s.Settle(context.Background(), d.Letter, d.Recipient, conversation.Settlement{State: conversation.DeliverySent}, monday); err != nil {
							b.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
	}
	b.ReportMetric(float64(b.N)*batch/b.Elapsed().Seconds(), "letters/s")
}

func BenchmarkFind(b *testing.B) {
	s := openStore(b, storePath(b))
	applyAll(b, s, 0, 2000, 32)
	for i := 0; b.Loop(); i++ {
		if _, err := s.Find(context.Background(), conversation.Ref{Tokens: []string{fmt.Sprintf("token-goal/rep-%d", i%2000)}}); err != nil {
			b.Fatal(err)
		}
	}
}
