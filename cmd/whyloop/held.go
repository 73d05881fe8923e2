package main

import (
	"fmt"

	"whyloop/conversation/sqlite"
)

type heldCmd struct {
	List    heldListCmd    `cmd:"" default:"1" help:"List held mail: when it came and why it was held."`
	Show    heldShowCmd    `cmd:"" help:"Print the header of one held mail, and none of what was written."`
	Release heldReleaseCmd `cmd:"" help:"Have one held mail judged again, as if it had just come."`
	Drop    heldDropCmd    `cmd:"" help:"Delete one held mail."`
}

type heldListCmd struct{}

// Run lists held mail without its words.
func (heldListCmd) Run(env *environ) error {
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		all, err := s.Held(env.ctx)
		if err != nil {
			return err
		}
		rows := make([]string, len(all))
		for i, h := range all {
			rows[i] = fmt.Sprintf("%s\t%s\t%s\t%d", h.ID, day(h.At), h.Reason, h.Size)
		}
		return table(env.stdout, "No mail is held.", "ID\tHELD SINCE (UTC)\tWHY\tBYTES", rows)
	})
}

type heldShowCmd struct {
	ID string `arg:"" help:"As listed."`
}

// Run prints the header alone, safe for a terminal. No command prints what somebody wrote to us by mistake.
func (cmd heldShowCmd) Run(env *environ) error {
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		h, err := s.HeldMail(env.ctx, cmd.ID)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "Held since %s: %s, %d bytes\n\n%s", day(h.At), h.Reason, len(h.Raw), headerOf(h.Raw))
		return err
	})
}

type heldDropCmd struct {
	ID string `arg:"" help:"As listed."`
}

// Run deletes the mail; nothing is sent about it.
func (cmd heldDropCmd) Run(env *environ) error {
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		if err := s.DropHeld(env.ctx, cmd.ID); err != nil {
			return err
		}
		_, err := fmt.Fprintf(env.stdout, "Dropped %s.\n", cmd.ID)
		return err
	})
}
