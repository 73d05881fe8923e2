package conversation

import "time"

// Schedule proposes moments. Next returns the first one after t, on the clock on the
// wall: its argument and its answer are read as year, month, day, hour and
// minute, and their location is ignored. cron.Schedule fits. The zero time ends it.
type Schedule interface{ Next(t time.Time) time.Time }

// Policy is what the admin may configure about the conversation: plain values.
type Policy struct {
	ThinkTime time.Duration // a reply's answer waits this long, so that a second thought can join it
	Hours     Hours

	CheckIn, Preview, Summary Schedule      // each rings at most once a week
	Spread                    time.Duration // the weekly letters of different reps are spread over this long

	MaxRungs      int           // so many answers, then PICK
	Remind        [2]int        // workdays of silence before REMINDER 1, and from there before REMINDER 2
	ShareSilence  int           // workdays of silence after SHARE that mean private
	SkipFor       int           // workdays before a skipped question is tried another way
	PauseDays     int           // a pause without an end named
	AwayDays      int           // an absence without a return date
	WhyCheck      time.Duration // so long after a why was found true it is asked about again
	MaxUnanswered int           // check-ins in a row without an answer, then DORMANT
	DormantAfter  time.Duration // silence after REMINDER 2, then DORMANT
	CloseAfter    time.Duration // silence after DORMANT, then it is closed
	Retention     time.Duration // from STOP or DECLINED to erasure

	PerDay, PerWeek int // letters a rep gets at the most

	CcSummary bool // the manager is copied on summaries, as the invite says
	// RemoteJudge: where the judge is unsure, a model on another machine gets the ladder. Reps are told before their first answer, and in every footer.
	RemoteJudge bool
	Languages   []string // that there are letters in
	Helpline    string   // CARE's, as it is to be printed: a name and a number
	Contact     Address  // who helps and who can read the server
}

// DefaultPolicy returns the policy of CONVERSATION, all but the contact.
func DefaultPolicy() Policy {
	return Policy{
		ThinkTime:     2 * time.Minute,
		Hours:         DefaultHours(),
		CheckIn:       Weekly{time.Monday, 8, 30},
		Preview:       Weekly{time.Thursday, 15, 0},
		Summary:       Weekly{time.Friday, 15, 0},
		Spread:        time.Hour,
		MaxRungs:      10,
		Remind:        [2]int{3, 7},
		ShareSilence:  5,
		SkipFor:       2,
		PauseDays:     14,
		AwayDays:      7,
		WhyCheck:      12 * 7 * 24 * time.Hour,
		MaxUnanswered: 4,
		DormantAfter:  30 * 24 * time.Hour,
		CloseAfter:    30 * 24 * time.Hour,
		Retention:     30 * 24 * time.Hour,
		PerDay:        12,
		PerWeek:       40,
		CcSummary:     true,
	}
}

// Weekly is a Schedule that rings once a week.
type Weekly struct {
	Day          time.Weekday
	Hour, Minute int
}

// Next implements Schedule.
func (w Weekly) Next(t time.Time) time.Time {
	days := (int(w.Day) - int(t.Weekday()) + 7) % 7
	n := time.Date(t.Year(), t.Month(), t.Day()+days, w.Hour, w.Minute, 0, 0, t.Location())
	if !n.After(t) {
		n = n.AddDate(0, 0, 7)
	}
	return n
}

// Hours says when letters may go out, on the rep's own clock.
type Hours struct {
	From, To time.Duration   // after midnight
	Workdays [7]bool         // by time.Weekday
	Holidays map[string]bool // "2026-12-25"
}

// DefaultHours is 07:00 to 19:00 from Monday to Friday.
func DefaultHours() Hours {
	return Hours{
		From:     7 * time.Hour,
		To:       19 * time.Hour,
		Workdays: [7]bool{time.Monday: true, time.Tuesday: true, time.Wednesday: true, time.Thursday: true, time.Friday: true},
	}
}

// Workday reports whether t's day, in t's location, is one on which letters go out.
func (h Hours) Workday(t time.Time) bool {
	return h.Workdays[t.Weekday()] && !h.Holidays[t.Format(time.DateOnly)]
}

// longestBreak bounds the search for a workday, in days: a year of holidays is a
// mistake in the configuration, and no reason to loop.
const longestBreak = 370

// Open returns t when it is inside working hours, else their next start, in t's location.
func (h Hours) Open(t time.Time) time.Time {
	for day := range longestBreak {
		from, to := h.bounds(t, day)
		if !h.Workday(from) || !t.Before(to) {
			continue
		}
		if t.Before(from) {
			return from
		}
		return t
	}
	return t
}

// bounds returns when working hours begin and end, so many days after t's.
func (h Hours) bounds(t time.Time, days int) (from, to time.Time) {
	return wall(t.Year(), t.Month(), t.Day()+days, h.From, t.Location()),
		wall(t.Year(), t.Month(), t.Day()+days, h.To, t.Location())
}

// AddWorkdays returns the moment n workdays after t, at the same time of day.
func (h Hours) AddWorkdays(t time.Time, n int) time.Time {
	clock := sinceMidnight(t)
	for day := 1; day <= longestBreak; day++ {
		at := wall(t.Year(), t.Month(), t.Day()+day, clock, t.Location())
		if h.Workday(at) {
			n--
		}
		if n <= 0 {
			return at
		}
	}
	return t.AddDate(0, 0, longestBreak)
}

func sinceMidnight(t time.Time) time.Duration {
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second
}

// wall returns the moment at which a clock on the wall of loc shows the given time. A time
// that daylight saving skips (02:30 when clocks go from 02:00 to 03:00) becomes the end of the gap;
// one that comes twice is the first of the two. 24 hours are the midnight that follows.
func wall(y int, m time.Month, d int, clock time.Duration, loc *time.Location) time.Time {
	h, mi, s := int(clock/time.Hour), int(clock/time.Minute%60), int(clock/time.Second%60)
	t := time.Date(y, m, d, h, mi, s, 0, loc)
	if t.Hour() != h%24 || t.Minute() != mi {
		return gapEnd(t)
	}
	// time.Date does not say which of two it returns: take the earlier one.
	if start, _ := t.ZoneBounds(); !start.IsZero() {
		_, before := start.Add(-time.Second).Zone()
		_, after := t.Zone()
		first := t.Add(time.Duration(after-before) * time.Second)
		if before > after && first.Before(start) {
			return first
		}
	}
	return t
}

// gapEnd returns the transition nearest to t, which time.Date placed on one side
// or the other of a gap.
func gapEnd(t time.Time) time.Time {
	start, end := t.ZoneBounds()
	if end.IsZero() || (!start.IsZero() && t.Sub(start) < end.Sub(t)) {
		return start
	}
	return end
}
