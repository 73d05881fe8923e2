package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// withStore opens the configured store for a command that runs beside the daemon.
func (env *environ) withStore(do func(Config, *sqlite.Store) error) error {
	c, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	s, err := sqlite.Open(c.Store.Path)
	if err != nil {
		return err
	}
	return errors.Join(do(c, s), s.Close())
}

// table prints aligned columns, or a word when there are no rows.
func table(w io.Writer, none, head string, rows []string) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, none)
		return err
	}
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, head)
	for _, r := range rows {
		fmt.Fprintln(tw, r)
	}
	return tw.Flush()
}

// day writes a moment for a table, in UTC; "-" when there is none.
func day(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// find returns a rep's conversation, with a word that helps when there is none.
func find(ctx context.Context, s *sqlite.Store, address string) (conversation.Conversation, error) {
	c, err := s.ByAddress(ctx, address)
	if errors.Is(err, conversation.ErrNotFound) {
		return c, fmt.Errorf("no rep has the address %s; \"whyloop rep list\" shows all", address)
	}
	return c, err
}
