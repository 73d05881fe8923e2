package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// deliveryID names a delivery shortly: 40 bits of a hash.
func deliveryID(d sqlite.DeliveryRow) string {
	sum := sha256.Sum256([]byte(d.Letter + "\x00" + d.Recipient))
	return hex.EncodeToString(sum[:5])
}

// findDelivery returns the delivery that is listed under an ID.
func findDelivery(ctx context.Context, s *sqlite.Store, id string) (sqlite.DeliveryRow, error) {
	all, err := s.Outbox(ctx)
	if err != nil {
		return sqlite.DeliveryRow{}, err
	}
	for _, d := range all {
		if deliveryID(d) == id {
			return d, nil
		}
	}
	return sqlite.DeliveryRow{}, fmt.Errorf("%w under %q; \"whyloop outbox\" lists them", sqlite.ErrNotThere, showable(id))
}

type outboxShowCmd struct {
	ID string `arg:"" help:"As listed."`
}

// Run shows one delivery's states and dates, the name under which mail servers log it, and what its last word means.
func (cmd outboxShowCmd) Run(env *environ) error {
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		d, err := findDelivery(env.ctx, s, cmd.ID)
		if err != nil {
			return err
		}
		for _, l := range [][2]string{
			{"letter", string(d.Kind)}, {"to", d.Recipient}, {"conversation", d.Conversation}, {"state", string(d.State)},
			{"tries", fmt.Sprint(d.Attempts)}, {"could go since", day(d.Since)}, {"last change", day(d.Changed)},
			{"message-id", d.MessageID}, {"next try", nextTry(d)}, {"last word", reason(d)}, {"which means", meaning(d.Code)},
		} {
			fmt.Fprintf(env.stdout, "%-15s %s\n", l[0], l[1])
		}
		return nil
	})
}

// meaning says what a class of SMTP replies means (RFC 5321 §4.2.1).
func meaning(code int) string {
	switch {
	case code >= 500:
		return "the server refuses it for good: look at the address, or at what the server wants of the sender"
	case code >= 400:
		return "the server cannot take it now: it is tried again by itself"
	}
	return "-"
}

type outboxRetryCmd struct {
	ID  []string `arg:"" optional:"" help:"As listed."`
	All bool     `help:"Every letter that failed, or waits after a failure."`
}

// Run has letters tried again at once.
func (cmd outboxRetryCmd) Run(env *environ) error {
	if (len(cmd.ID) == 0) != cmd.All {
		return usageError{errors.New("want the letters' IDs, or --all")}
	}
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		ids := cmd.ID
		if cmd.All {
			all, err := s.Outbox(env.ctx)
			if err != nil {
				return err
			}
			for _, d := range all {
				if d.State == conversation.DeliveryFailed || d.State == conversation.DeliveryWaiting && d.Attempts > 0 {
					ids = append(ids, deliveryID(d))
				}
			}
		}
		var errs []error
		for _, id := range ids {
			errs = append(errs, redo(env, s, id, "Tried again when the daemon next looks", s.Retry))
		}
		if len(ids) == 0 {
			fmt.Fprintln(env.stdout, "Nothing to try again.")
		}
		return errors.Join(errs...)
	})
}

type outboxDropCmd struct {
	ID []string `arg:"" help:"As listed."`
}

// Run gives letters up.
func (cmd outboxDropCmd) Run(env *environ) error {
	return env.withStore(func(_ Config, s *sqlite.Store) error {
		var errs []error
		for _, id := range cmd.ID {
			errs = append(errs, redo(env, s, id, "Dropped", s.Drop))
		}
		return errors.Join(errs...)
	})
}

// redo does something to one delivery and says so.
func redo(env *environ, s *sqlite.Store, id, done string, do func(ctx context.Context, letter, recipient string, now time.Time) error) error {
	d, err := findDelivery(env.ctx, s, id)
	if err != nil {
		return err
	}
	if err := do(env.ctx, d.Letter, d.Recipient, env.now()); err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	_, err = fmt.Fprintf(env.stdout, "%s: %s to %s.\n", done, d.Kind, d.Recipient)
	return err
}
