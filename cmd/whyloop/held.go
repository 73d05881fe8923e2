package main

import (
	"errors"
	"fmt"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

type heldCmd struct {
	List    heldListCmd    `cmd:"" default:"1" help:"List held mail: when it came and why it was held."`
	Show    heldShowCmd    `cmd:"" help:"Print the header of one held mail; its words only with --body, and then the rep is told."`
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
			rows[i] = fmt.Sprintf("%s\t%s\t%s\t%d\t%s", h.ID, day(h.At), h.Reason, h.Size, day(h.Shown))
		}
		return table(env.stdout, "No mail is held.", "ID\tHELD SINCE (UTC)\tWHY\tBYTES\tREAD BY AN ADMIN", rows)
	})
}

type heldShowCmd struct {
	ID   string `arg:"" help:"As listed."`
	Body bool   `help:"Print what was written, too. It is noted, and the rep whose it may be is told."`
}

// Help is shown under the command's own --help.
func (heldShowCmd) Help() string {
	return `Without --body none of what was written is printed. With it, the mail is somebody's own words: that you had them shown stands in "held list", and the rep whose letter it answers gets a letter that says so, at the address that is known. Where none can reach them nothing is printed.`
}

// Run prints the header alone, safe for a terminal, and the words only once the rep is told.
func (cmd heldShowCmd) Run(env *environ) error {
	return env.withCoach(func(k *conversation.Coach, s *sqlite.Store) error {
		h, err := s.HeldMail(env.ctx, cmd.ID)
		if err != nil {
			return err
		}
		body := ""
		if cmd.Body {
			if err := cmd.confess(env, k, s, h); err != nil {
				return err
			}
			body = "\n" + wordsOf(h.Raw)
		}
		_, err = fmt.Fprintf(env.stdout, "Held since %s: %s, %d bytes\n\n%s%s", day(h.At), h.Reason, len(h.Raw), headerOf(h.Raw), body)
		return err
	})
}

// confess tells the rep, where the mail names one, and notes it beside the mail.
func (cmd heldShowCmd) confess(env *environ, k *conversation.Coach, s *sqlite.Store, h conversation.HeldMail) error {
	told := "Nobody could be told: it answers no letter of a rep's. That it was shown is noted."
	if h.Conversation != "" {
		id := newID()
		err := conversation.ErrConflict
		for n := 0; n < maxActs && errors.Is(err, conversation.ErrConflict); n++ {
			var c conversation.Conversation
			if c, err = s.ByID(env.ctx, h.Conversation); err == nil {
				err = k.TellRead(env.ctx, c, conversation.Act{ID: id, At: h.At})
			}
		}
		if err != nil {
			return err
		}
		told = "The rep whose letter it answers is told that you read this."
	}
	if err := s.Show(env.ctx, h.ID, env.now()); err != nil {
		return err
	}
	_, err := fmt.Fprintln(env.stderr, told)
	return err
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
