package mailer

import (
	"hash/fnv"
	"time"

	"whyloop/conversation"
)

// giveUp is how long a letter is tried; a weekly prompt is useless later. RFC 5321 §4.5.4.1
// would have four or five days.
const giveUp = 48 * time.Hour

// waits is what follows the first, second ... failed attempt; the last one repeats.
func waits() []time.Duration {
	return []time.Duration{
		5 * time.Minute, 15 * time.Minute, 30 * time.Minute,
		time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour,
	}
}

// settlement is what an outcome means for a letter.
func settlement(d conversation.Delivery, out Outcome, now time.Time) conversation.Settlement {
	s := conversation.Settlement{Code: out.Code, Note: out.Note}
	switch out.Verdict {
	case Sent:
		s.State = conversation.DeliverySent
	case Failed:
		s.State = conversation.DeliveryFailed
	default:
		end := d.Since.Add(giveUp)
		if !now.Before(end) {
			s.State = conversation.DeliveryFailed
			break
		}
		s.State = conversation.DeliveryRetry
		s.Next = now.Add(backoff(d))
		if s.Next.After(end) {
			s.Next = end // one last attempt
		}
	}
	return s
}

// backoff is how long to wait after a failed attempt, spread by ±10 % so that letters deferred
// together do not come back together. The spread is the letter's own: the same each time.
func backoff(d conversation.Delivery) time.Duration {
	all := waits()
	wait := all[min(max(d.Attempt, 1), len(all))-1]
	h := fnv.New64a()
	_, _ = h.Write([]byte(d.Letter + "\x00" + d.Recipient + "\x00" + string(rune(d.Attempt)))) // never fails
	spread := float64(h.Sum64()%2001)/1000 - 1                                                 // -1 to 1
	return wait + time.Duration(spread*float64(wait)/10)
}

// pause is the outbox at rest while a failure concerns all letters.
type pause struct {
	why   string // "" while the server is merely down
	until time.Time
	n     int
}

func (p *pause) active() bool { return p.n > 0 }

// add lengthens the pause: 1 min, 5, 15, 30, then 1 h between probes.
func (p *pause) add(now time.Time, why string) {
	steps := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}
	p.until = now.Add(steps[min(p.n, len(steps)-1)])
	p.why = why
	p.n++
}

// whyDown is why the outbox rests when the server cannot be reached: what it was before, and
// after about an hour reason enough for an alarm.
func (p *pause) whyDown() string {
	if p.why == "" && p.n >= 4 {
		return "unreachable"
	}
	return p.why
}

// limiter allows so many letters in any minute.
type limiter struct {
	perMinute int // 0: no limit
	times     []time.Time
}

// room is how many may go now, at most n.
func (l *limiter) room(now time.Time, n int) int {
	if l.perMinute <= 0 {
		return n
	}
	for len(l.times) > 0 && (!l.times[0].Add(time.Minute).After(now) || l.times[0].After(now)) {
		l.times = l.times[1:] // a minute old, or the clock went back
	}
	return max(0, min(n, l.perMinute-len(l.times)))
}

func (l *limiter) took(now time.Time) {
	if l.perMinute > 0 {
		l.times = append(l.times, now)
	}
}
