package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"whyloop/conversation"
)

// value is one setting's place in a Config: it takes what TOML decoded, refusing what
// does not fit with a word on what would, and prints what it holds as TOML.
type value interface {
	set(v any) error
	toml() string
}

// textValue is a string, checked by each of its checks unless it is empty.
type textValue struct {
	to     *string
	checks []func(string) error
}

func text(to *string, checks ...func(string) error) value { return textValue{to, checks} }

func (t textValue) toml() string { return strconv.Quote(*t.to) }

func (t textValue) set(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("want text in quotes, got %s", describe(v))
	}
	s = strings.TrimSpace(s)
	for _, check := range t.checks {
		if s == "" {
			break
		}
		if err := check(s); err != nil {
			return err
		}
	}
	*t.to = s
	return nil
}

// yesNoValue is true or false.
type yesNoValue struct{ to *bool }

func yesNo(to *bool) value { return yesNoValue{to} }

func (f yesNoValue) toml() string { return strconv.FormatBool(*f.to) }

func (f yesNoValue) set(v any) error {
	b, ok := v.(bool)
	if !ok {
		return fmt.Errorf("want true or false, got %s", describe(v))
	}
	*f.to = b
	return nil
}

// numberValue is a whole number within bounds.
type numberValue struct {
	to       *int
	min, max int64
}

func number(to *int, min, max int64) value { return numberValue{to, min, max} }

func (n numberValue) toml() string { return strconv.Itoa(*n.to) }

func (n numberValue) set(v any) error {
	i, err := numberIn(v, n.min, n.max)
	if err != nil {
		return err
	}
	*n.to = int(i)
	return nil
}

func numberIn(v any, min, max int64) (int64, error) {
	i, ok := v.(int64)
	if !ok {
		return 0, fmt.Errorf("want a number, got %s", describe(v))
	}
	if i < min || i > max {
		return 0, fmt.Errorf("want a number from %d to %d, got %d", min, max, i)
	}
	return i, nil
}

// numbersValue is a fixed count of numbers.
type numbersValue struct {
	to       *[]int
	n        int
	min, max int64
}

func (n numbersValue) toml() string { return strings.ReplaceAll(fmt.Sprint(*n.to), " ", ", ") }

func (n numbersValue) set(v any) error {
	list, ok := v.([]any)
	if !ok || len(list) != n.n {
		return fmt.Errorf("want %d numbers in brackets, like %s", n.n, n.toml())
	}
	out := make([]int, 0, n.n)
	for _, e := range list {
		i, err := numberIn(e, n.min, n.max)
		if err != nil {
			return err
		}
		out = append(out, int(i))
	}
	*n.to = out
	return nil
}

// spanValue is a duration within bounds, written "90s", "5m", "36h" or "30d".
type spanValue struct {
	to       *time.Duration
	min, max time.Duration
}

func span(to *time.Duration, min, max time.Duration) value { return spanValue{to, min, max} }

func (s spanValue) toml() string { return strconv.Quote(spanText(*s.to)) }

func (s spanValue) set(v any) error {
	t, ok := v.(string)
	if !ok {
		return fmt.Errorf("want a duration in quotes, like %s, got %s", s.toml(), describe(v))
	}
	d, err := parseSpan(t)
	if err != nil {
		return fmt.Errorf("want a duration like \"90s\", \"5m\", \"36h\" or \"30d\", got %q", t)
	}
	if d < s.min || d > s.max {
		return fmt.Errorf("want a duration from %s to %s, got %q", spanText(s.min), spanText(s.max), t)
	}
	*s.to = d
	return nil
}

const aDay = 24 * time.Hour

// parseSpan is time.ParseDuration with days.
func parseSpan(t string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(t, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * aDay, err
	}
	return time.ParseDuration(t)
}

// spanText writes a duration as an admin would: "30d", "5m", "0s".
func spanText(d time.Duration) string {
	switch {
	case d >= aDay && d%aDay == 0:
		return fmt.Sprintf("%dd", d/aDay)
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d >= time.Minute && d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.String()
}

// clockValue is a time of day.
type clockValue struct{ to *time.Duration }

func (c clockValue) toml() string {
	return fmt.Sprintf(`"%02d:%02d"`, *c.to/time.Hour, *c.to%time.Hour/time.Minute)
}

func (c clockValue) set(v any) error {
	s, _ := v.(string)
	t, err := time.Parse("15:04", s)
	switch {
	case s == "24:00":
		*c.to = aDay
	case err != nil:
		return fmt.Errorf("want a time of day in quotes, like %s, got %s", c.toml(), describe(v))
	default:
		*c.to = time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	}
	return nil
}

// listValue is a list of texts, each checked.
type listValue struct {
	to    *[]string
	check func(string) error
}

func list(to *[]string, check func(string) error) value { return listValue{to, check} }

func (l listValue) toml() string {
	quoted := make([]string, len(*l.to))
	for i, s := range *l.to {
		quoted[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func (l listValue) set(v any) error {
	texts, err := textsOf(v)
	if err != nil {
		return err
	}
	for _, s := range texts {
		if err := l.check(s); err != nil {
			return err
		}
	}
	*l.to = texts
	return nil
}

func textsOf(v any) ([]string, error) {
	items, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("want a list in brackets, got %s", describe(v))
	}
	texts := make([]string, 0, len(items))
	for _, item := range items {
		s, ok := item.(string)
		if !ok {
			return nil, fmt.Errorf("want a list of texts, got %s in it", describe(item))
		}
		texts = append(texts, s)
	}
	return texts, nil
}

// daysValue is a list of weekdays.
type daysValue struct{ to *[]time.Weekday }

func (d daysValue) toml() string {
	var names []string
	for _, day := range *d.to {
		names = append(names, strings.ToLower(day.String()[:3]))
	}
	return listValue{to: &names}.toml()
}

func (d daysValue) set(v any) error {
	texts, err := textsOf(v)
	if err != nil {
		return err
	}
	var days []time.Weekday
	for _, s := range texts {
		i := slices.IndexFunc(allDays(), func(day time.Weekday) bool {
			full := strings.ToLower(day.String())
			return strings.ToLower(s) == full || strings.ToLower(s) == full[:3]
		})
		if i < 0 {
			return fmt.Errorf("want weekdays like \"mon\", got %q", s)
		}
		days = append(days, time.Weekday(i))
	}
	if len(days) == 0 {
		return errors.New("want at least one weekday")
	}
	*d.to = days
	return nil
}

func allDays() []time.Weekday {
	return []time.Weekday{time.Sunday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday}
}

// cronExpr is a cron expression that rings at most once a week.
type cronExpr string

// schedule parses the expression, which was checked when it was set.
func (e cronExpr) schedule() conversation.Schedule {
	s, err := parseWeekly(string(e))
	if err != nil {
		return nil
	}
	return s
}

type cronValue struct{ to *cronExpr }

func (c cronValue) toml() string { return strconv.Quote(string(*c.to)) }

func (c cronValue) set(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("want a cron expression in quotes, like %s, got %s", c.toml(), describe(v))
	}
	if _, err := parseWeekly(s); err != nil {
		return err
	}
	*c.to = cronExpr(s)
	return nil
}

// commandValue is a program and its arguments, run without a shell.
type commandValue struct{ to *[]string }

func (c commandValue) toml() string { return listValue{to: c.to}.toml() }

func (c commandValue) set(v any) error {
	argv, err := textsOf(v)
	if err != nil {
		return fmt.Errorf("want a program and its arguments, like [\"pass\", \"mail/coach\"]: %w", err)
	}
	*c.to = argv
	return nil
}

// describe names a TOML value to the person who wrote it.
func describe(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v)
	case map[string]any, []map[string]any:
		return "a section"
	case []any:
		return "a list"
	default:
		return fmt.Sprint(v)
	}
}
