package conversation

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"
)

// location returns the rep's zone; UTC where the zone data does not know it.
func (c Conversation) location() *time.Location {
	loc, err := time.LoadLocation(c.Rep.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// ring returns the first moment of s after t, which is in the rep's zone, later by their share of
// the spread. The schedule is asked in plain clock time, where no daylight saving can make it skip a
// week or ring twice.
func (c Conversation) ring(s Schedule, p Policy, t time.Time) time.Time {
	loc, share := t.Location(), c.share(p.Spread)
	local := t.Add(-share)
	plain := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
	n := s.Next(plain)
	if n.IsZero() {
		return n
	}
	at := wall(n.Year(), n.Month(), n.Day(), sinceMidnight(n), loc).Add(share)
	if !at.After(t) { // the second pass of an hour that comes twice
		n = s.Next(n)
		at = wall(n.Year(), n.Month(), n.Day(), sinceMidnight(n), loc).Add(share)
	}
	return at
}

// share spreads the reps over a span, each always at the same place, in whole minutes.
func (c Conversation) share(span time.Duration) time.Duration {
	minutes := uint64(span / time.Minute)
	if minutes == 0 {
		return 0
	}
	h := sha256.Sum256([]byte(c.ID))
	return time.Duration(binary.BigEndian.Uint64(h[:])%minutes) * time.Minute
}

// isoWeek names the week of a moment in its own location: "2026-W48" (ISO 8601).
func isoWeek(t time.Time) string {
	y, w := t.ISOWeek()
	return fmt.Sprintf("%04d-W%02d", y, w)
}

// resolve returns the moment a When names, at the start of working hours; the zero
// time when it names none or one that has passed.
func (w When) resolve(now time.Time, h Hours) time.Time {
	day := now
	switch {
	case w.Days > 0:
		day = now.AddDate(0, 0, w.Days)
	case w.HasWeekday:
		day = now.AddDate(0, 0, (int(w.Weekday)-int(now.Weekday())+6)%7+1)
	case w.Day > 0:
		day = w.date(now)
	default:
		return time.Time{}
	}
	at := wall(day.Year(), day.Month(), day.Day(), h.From, now.Location())
	if !at.After(now) {
		return time.Time{}
	}
	return at
}

// date completes a date from its missing month or year, to the next such day.
func (w When) date(now time.Time) time.Time {
	y, m := w.Year, w.Month
	if y != 0 {
		if m == 0 {
			m = now.Month()
		}
		return time.Date(y, m, w.Day, 12, 0, 0, 0, now.Location())
	}
	if m == 0 {
		at := time.Date(now.Year(), now.Month(), w.Day, 12, 0, 0, 0, now.Location())
		if at.Before(now) {
			at = at.AddDate(0, 1, 0)
		}
		return at
	}
	at := time.Date(now.Year(), m, w.Day, 12, 0, 0, 0, now.Location())
	if at.Before(now) {
		at = at.AddDate(1, 0, 0)
	}
	return at
}
