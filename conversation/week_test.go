package conversation

import (
	"archive/zip"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// zones returns every IANA zone that Go's own zone data knows.
func zones(t *testing.T) []*time.Location {
	t.Helper()
	//lint:ignore SA1019 the tests run where they were built
	r, err := zip.OpenReader(filepath.Join(runtime.GOROOT(), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Skipf("no zone data beside the Go toolchain: %v", err)
	}
	defer r.Close()
	var all []*time.Location
	for _, f := range r.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		loc, err := time.LoadLocation(f.Name)
		if err != nil {
			t.Fatalf("load %s: %v", f.Name, err)
		}
		all = append(all, loc)
	}
	if len(all) < 400 {
		t.Fatalf("%d zones, want them all", len(all))
	}
	return all
}

// Ten years of weekly moments in every zone of the world: each ISO week has exactly one, at the hour
// on the wall that was asked for, or at the end of the gap where that hour is skipped.
func TestRingOncePerWeekInEveryZone(t *testing.T) {
	schedules := []Weekly{{time.Monday, 8, 30}, {time.Sunday, 2, 30}, {time.Sunday, 1, 30}, {time.Saturday, 0, 0}}
	if testing.Short() {
		schedules = schedules[:2]
	}
	weeks := 0
	for _, loc := range zones(t) {
		for _, s := range schedules {
			weeks += ringThrough(t, loc, s)
		}
	}
	t.Logf("%d weeks", weeks)
}

func ringThrough(t *testing.T, loc *time.Location, s Weekly) int {
	t.Helper()
	c := Conversation{ID: "c1"}
	at, end := time.Date(2024, 1, 1, 0, 0, 0, 0, loc), time.Date(2034, 1, 1, 0, 0, 0, 0, loc)
	last, n := "", 0
	for {
		next := c.ring(s, Policy{}, at)
		if !next.After(at) {
			t.Fatalf("%s: ring after %v is %v", loc, at, next)
		}
		if next.After(end) {
			return n
		}
		week := isoWeek(next)
		if week == last {
			t.Fatalf("%s: two rings in %s: %v, %v", loc, week, at, next)
		}
		if last != "" && next.Sub(at) > 7*24*time.Hour+3*time.Hour {
			// A zone that crossed the date line has a week without that day.
			if skipped := wall(at.Year(), at.Month(), at.Day()+7, sinceMidnight(next), loc); skipped.Day() == at.AddDate(0, 0, 7).Day() {
				t.Fatalf("%s: no ring between %v and %v", loc, at, next)
			}
		}
		if early := next.Hour()*60 + next.Minute() - s.Hour*60 - s.Minute; early != 0 && (early < 0 || early > 120) && next.Weekday() == s.Day {
			t.Fatalf("%s: rings at %v, want %02d:%02d or the end of a gap", loc, next, s.Hour, s.Minute)
		}
		last, at, n = week, next, n+1
	}
}

func TestWallInGapAndOverlap(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		day   int
		month time.Month
		clock time.Duration
		want  string
	}{
		{"in the gap of spring", 29, time.March, 2*time.Hour + 30*time.Minute, "2026-03-29T03:00:00+02:00"},
		{"before the gap", 29, time.March, time.Hour + 59*time.Minute, "2026-03-29T01:59:00+01:00"},
		{"the first pass of autumn", 25, time.October, 2*time.Hour + 30*time.Minute, "2026-10-25T02:30:00+02:00"},
		{"after the overlap", 25, time.October, 3 * time.Hour, "2026-10-25T03:00:00+01:00"},
		{"an ordinary day", 24, time.November, 8*time.Hour + 30*time.Minute, "2026-11-24T08:30:00+01:00"},
	}
	for _, tt := range tests {
		if got := wall(2026, tt.month, tt.day, tt.clock, berlin).Format(time.RFC3339); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestHours(t *testing.T) {
	h := DefaultHours()
	h.Holidays = map[string]bool{"2026-12-25": true}
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct{ at, open string }{
		{"2026-11-24 12:00", "2026-11-24 12:00"},
		{"2026-11-24 06:59", "2026-11-24 07:00"},
		{"2026-11-24 19:00", "2026-11-25 07:00"},
		{"2026-11-27 19:30", "2026-11-30 07:00"}, // Friday evening
		{"2026-12-24 20:00", "2026-12-28 07:00"}, // Christmas on a Friday
	} {
		if got := h.Open(at(tt.at)); !got.Equal(at(tt.open)) {
			t.Errorf("Open(%s) = %s, want %s", tt.at, got.Format("2006-01-02 15:04"), tt.open)
		}
	}
	for _, tt := range []struct {
		at   string
		n    int
		want string
	}{
		{"2026-11-24 12:00", 3, "2026-11-27 12:00"},
		{"2026-11-26 12:00", 3, "2026-12-01 12:00"},
		{"2026-12-24 12:00", 1, "2026-12-28 12:00"},
		{"2026-11-28 12:00", 1, "2026-11-30 12:00"},
	} {
		if got := h.AddWorkdays(at(tt.at), tt.n); !got.Equal(at(tt.want)) {
			t.Errorf("AddWorkdays(%s, %d) = %s, want %s", tt.at, tt.n, got.Format("2006-01-02 15:04"), tt.want)
		}
	}
	never := Hours{From: h.From, To: h.To}
	if got := never.Open(at("2026-11-24 12:00")); got.IsZero() {
		t.Error("hours without a workday: no moment at all")
	}
}

// TestHoursRoundTheClock: hours up to 24:00 are open in every zone at any moment, and end with the day.
func TestHoursRoundTheClock(t *testing.T) {
	h := Hours{To: 24 * time.Hour, Workdays: [7]bool{true, true, true, true, true, true, true}}
	evening := Hours{From: 20 * time.Hour, To: 24 * time.Hour, Workdays: h.Workdays}
	for _, loc := range zones(t) {
		for _, at := range []time.Time{time.Date(2026, 11, 24, 22, 49, 16, 0, loc), time.Date(2026, 3, 28, 23, 30, 0, 0, loc), time.Date(2026, 7, 1, 0, 0, 0, 0, loc)} {
			if got := h.Open(at); !got.Equal(at) {
				t.Errorf("%s: Open(%s) = %s", loc, at, got)
			}
			from, to := evening.bounds(at, 0)
			if length := to.Sub(from); length < 3*time.Hour || length > 5*time.Hour { // a clock may be changed in it
				t.Errorf("%s: from %s to %s", loc, from, to)
			}
		}
	}
}

func TestResolveWhen(t *testing.T) {
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC) // a Tuesday
	for _, tt := range []struct {
		when When
		want string
	}{
		{When{Days: 14}, "2026-12-08"},
		{When{Weekday: time.Monday, HasWeekday: true}, "2026-11-30"},
		{When{Weekday: time.Tuesday, HasWeekday: true}, "2026-12-01"},
		{When{Day: 14, Month: time.July}, "2027-07-14"},
		{When{Day: 3}, "2026-12-03"},
		{When{Day: 18, Month: time.December}, "2026-12-18"},
		{When{Day: 18, Month: time.December, Year: 2025}, "0001-01-01"}, // has passed
		{When{}, "0001-01-01"},
	} {
		if got := tt.when.resolve(now, DefaultHours()).Format(time.DateOnly); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.when, got, tt.want)
		}
	}
}

func TestShareSpreadsReps(t *testing.T) {
	seen := map[time.Duration]int{}
	for i := range 600 {
		c := Conversation{ID: strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('0'+i%10))}
		d := c.share(time.Hour)
		if d < 0 || d >= time.Hour || d != c.share(time.Hour) {
			t.Fatalf("share of %q is %v", c.ID, d)
		}
		seen[d]++
	}
	if len(seen) < 40 {
		t.Errorf("600 reps share %d of 60 minutes", len(seen))
	}
}
