package main

import (
	"fmt"
	"strings"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

type repSilentCmd struct {
	Address string `arg:"" help:"The rep's address."`
}

// silence is what is known of somebody who hears nothing: states and dates alone.
type silence struct {
	c       conversation.Conversation
	letters []sqlite.DeliveryRow // theirs, under way or failed
	held    []sqlite.HeldRow     // mail that may be theirs
	runs    bool                 // the daemon
	now     time.Time
}

// Run answers the admin's daily question.
func (cmd repSilentCmd) Run(env *environ) error {
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		w, err := env.silenceOf(s, cmd.Address)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(env.stdout, strings.Join(w.why(), " "))
		return err
	})
}

func (env *environ) silenceOf(s *sqlite.Store, address string) (silence, error) {
	w := silence{now: env.now()}
	var err error
	if w.c, err = find(env.ctx, s, address); err != nil {
		return w, err
	}
	letters, err := s.Outbox(env.ctx)
	if err != nil {
		return w, err
	}
	for _, d := range letters {
		if d.Conversation == w.c.ID && strings.EqualFold(d.Recipient, w.c.Rep.Address.Mail) {
			w.letters = append(w.letters, d)
		}
	}
	held, err := s.Held(env.ctx)
	if err != nil {
		return w, err
	}
	for _, h := range held {
		if h.Conversation == w.c.ID {
			w.held = append(w.held, h)
		}
	}
	_, w.runs, err = sqlite.Running(s.Path())
	return w, err
}

// why is the answer: the reason, and what else the admin should know.
func (w silence) why() []string {
	all := []string{w.reason()}
	if len(w.held) > 0 {
		all = append(all, fmt.Sprintf("%s that may be theirs is held since %s (%s): see \"whyloop held\".",
			count(len(w.held), "mail"), w.day(w.held[0].At), w.held[0].Reason))
	}
	if !w.runs {
		all = append(all, "The daemon does not run, so nothing goes to anybody.")
	}
	return all
}

func (w silence) reason() string {
	c := w.c
	switch {
	case c.End != conversation.NotEnded:
		return w.ended()
	case c.Held != "":
		return fmt.Sprintf("Held for you (%s): nothing is sent until \"whyloop rep resume %s\".", c.Held, c.Rep.Address.Mail)
	}
	if s := w.delivery(); s != "" {
		return s
	}
	switch {
	case c.Paused && c.Until.IsZero():
		return "Paused until they write start, or you resume them."
	case c.Paused:
		return fmt.Sprintf("Paused until %s.", w.day(c.Until))
	case c.Away.After(w.now):
		return fmt.Sprintf("Away: their mailbox answered with an absence, so nothing goes before %s.", w.day(c.Away))
	case !c.DueAt.IsZero() && w.now.Sub(c.DueAt) > late:
		return fmt.Sprintf("Something has been due to them since %s and was not written.", w.at(c.DueAt))
	}
	return w.waiting()
}

// late is how long after its time something may still be on its way.
const late = 5 * time.Minute

func (w silence) ended() string {
	deleted := ""
	if !w.c.EraseAt.IsZero() {
		deleted = fmt.Sprintf("; their answers are deleted on %s", w.day(w.c.EraseAt))
	}
	switch w.c.End {
	case conversation.Stopped:
		return "Stopped: they or you ended it, and only their own \"start\" brings letters back" + deleted + "."
	case conversation.Declined:
		return "Declined: they said no to the invite or left it unanswered, and only their own \"start\" brings letters back" + deleted + "."
	case conversation.Bounced:
		return "Bounced: their address refuses our mail" + deleted + ". With the right address it goes on: rep edit --address."
	}
	return "Ended" + deleted + "."
}

// delivery tells of a letter that did not get through, or waits.
func (w silence) delivery() string {
	for i := len(w.letters) - 1; i >= 0; i-- {
		d := w.letters[i]
		switch {
		case d.State == conversation.DeliveryFailed && d.Changed.After(w.c.Asked.At.Add(-late)):
			return fmt.Sprintf("The %s letter failed for good on %s (%s).", d.Kind, w.at(d.Changed), reason(d))
		case d.State == conversation.DeliveryFailed:
		case d.Attempts > 0:
			return fmt.Sprintf("The %s letter of %s has been tried %s without success (%s); next try %s.", d.Kind, w.at(d.Since), count(d.Attempts, "time"), reason(d), w.at(d.Next))
		case w.now.Sub(d.Next) > late:
			return fmt.Sprintf("The %s letter should have gone on %s and still waits.", d.Kind, w.at(d.Next))
		default:
			return fmt.Sprintf("The %s letter goes on %s: letters keep to working hours.", d.Kind, w.at(d.Next))
		}
	}
	return ""
}

// waiting is the usual case: nothing is wrong, and it is somebody's turn.
func (w silence) waiting() string {
	next := "Nothing more is planned."
	if !w.c.DueAt.IsZero() {
		next = fmt.Sprintf("The next letter of ours may come on %s.", w.at(w.c.DueAt))
	}
	if w.c.Asked.Kind == "" || w.c.Stage == conversation.StageActive {
		return "Nothing is wrong: they named a step, and no question is open. " + next
	}
	reminded := ""
	if w.c.Reminded > 0 {
		reminded = fmt.Sprintf(", and was reminded of %s", count(w.c.Reminded, "time"))
	}
	return fmt.Sprintf("It is their turn: the %s question of %s is not answered%s. %s", w.c.Asked.Kind, w.at(w.c.Asked.At), reminded, next)
}

func (w silence) zone() *time.Location {
	loc, err := time.LoadLocation(w.c.Rep.Zone)
	if err != nil {
		return time.UTC
	}
	return loc
}

func (w silence) day(t time.Time) string { return t.In(w.zone()).Format("Mon 2 January 2006") }

func (w silence) at(t time.Time) string { return t.In(w.zone()).Format("Mon 2 January 15:04 MST") }
