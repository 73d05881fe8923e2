package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

type dueCmd struct {
	Hours int `default:"24" placeholder:"N" help:"Look so many hours ahead."`
}

// Help is shown under the command's own --help.
func (dueCmd) Help() string {
	return `Letters that wait are certain unless a reply changes their mind. What is planned becomes a letter only when its moment comes, and a step done or a reply meanwhile may make it another, or none. No words are shown.`
}

// Run lists what goes out until then.
func (cmd dueCmd) Run(env *environ) error {
	if cmd.Hours < 1 || cmd.Hours > 24*31 {
		return usageError{fmt.Errorf("--hours: want a number from 1 to %d", 24*31)}
	}
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		all, err := dueUntil(env.ctx, s, env.now().Add(time.Duration(cmd.Hours)*time.Hour))
		if err != nil {
			return err
		}
		return printDue(env.stdout, all)
	})
}

// dueItem is something that goes out, or may.
type dueItem struct {
	At   time.Time `json:"at"`
	Who  string    `json:"to"`
	Kind string    `json:"letter"`
	Sure bool      `json:"written"` // it waits in the outbox
}

// dueUntil returns what goes out until a moment, the earliest first.
func dueUntil(ctx context.Context, s *sqlite.Store, until time.Time) ([]dueItem, error) {
	letters, err := s.Outbox(ctx)
	if err != nil {
		return nil, err
	}
	var all []dueItem
	for _, d := range letters {
		if d.State != conversation.DeliveryFailed && !d.Next.After(until) {
			all = append(all, dueItem{d.Next, d.Recipient, string(d.Kind), true})
		}
	}
	rows, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.DueAt.IsZero() || r.DueAt.After(until) {
			continue
		}
		c, err := s.ByID(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		if kind := planned(c, r.DueAt); kind != "" {
			all = append(all, dueItem{r.DueAt, r.Address, kind, false})
		}
	}
	slices.SortStableFunc(all, func(a, b dueItem) int { return a.At.Compare(b.At) })
	return all, nil
}

// planned names what a due moment is likely to bring: by its date alone, for what it will be is decided then.
func planned(c conversation.Conversation, at time.Time) string {
	same := func(t time.Time) bool { return !t.IsZero() && !t.After(at) }
	switch {
	case same(c.EraseAt):
		return "deletion of their answers"
	case c.End != conversation.NotEnded || c.Held != "":
		return ""
	case c.Paused:
		return "end of the pause"
	case same(c.Away):
		return "word after the absence"
	case same(c.Dormant):
		return "deletion of their answers"
	case c.Preview != nil && same(c.Preview.At):
		return string(conversation.KindSummary)
	case same(c.Week.Preview):
		return string(conversation.KindPreview)
	case same(c.Week.CheckIn):
		return string(conversation.KindCheckIn)
	}
	return "reminder"
}

func printDue(w io.Writer, all []dueItem) error {
	rows := make([]string, len(all))
	for i, d := range all {
		sure := "planned"
		if d.Sure {
			sure = "written"
		}
		rows[i] = strings.Join([]string{day(d.At), d.Kind, d.Who, sure}, "\t")
	}
	return table(w, "Nothing goes out until then.", "WHEN (UTC)\tLETTER\tTO\tIS", rows)
}
