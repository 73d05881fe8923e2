package main

import (
	"fmt"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

type outboxCmd struct {
	List  outboxListCmd  `cmd:"" default:"1" help:"List letters that wait, are being sent, or failed for good."`
	Show  outboxShowCmd  `cmd:"" help:"Show one letter's states and dates, never its words."`
	Retry outboxRetryCmd `cmd:"" help:"Try letters again at once, which failed or wait after a failure."`
	Drop  outboxDropCmd  `cmd:"" help:"Give letters up."`
}

type outboxListCmd struct{}

// Run shows each delivery's state; a letter's words are shown to nobody but its readers.
func (outboxListCmd) Run(env *environ) error {
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		all, err := s.Outbox(env.ctx)
		if err != nil {
			return err
		}
		rows := make([]string, len(all))
		for i, d := range all {
			rows[i] = fmt.Sprintf("%s\t%s\t%s\t%s\t%d\t%s\t%s\t%s", deliveryID(d), d.State, d.Kind, d.Recipient, d.Attempts, day(d.Since), nextTry(d), reason(d))
		}
		return table(env.stdout, "The outbox is empty.", "ID\tSTATE\tLETTER\tTO\tTRIES\tSINCE (UTC)\tNEXT TRY\tLAST WORD", rows)
	})
}

func nextTry(d sqlite.DeliveryRow) string {
	if d.State == conversation.DeliveryFailed {
		return "never"
	}
	return day(d.Next)
}

func reason(d sqlite.DeliveryRow) string {
	switch {
	case d.Code != 0:
		return fmt.Sprintf("%d %s", d.Code, d.Note)
	case d.Note != "":
		return d.Note
	}
	return "-"
}
