package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer"
)

// longestHeader bounds what of a header is shown, in lines.
const longestHeader = 120

// headerOf returns a mail's header, safe for a terminal; nothing of its body, whatever its form.
func headerOf(raw []byte) string {
	var b strings.Builder
	lines := 0
	for line := range bytes.Lines(raw) {
		line = bytes.TrimRight(line, "\r\n")
		folded := len(line) > 0 && (line[0] == ' ' || line[0] == '\t')
		if len(line) == 0 || lines == longestHeader || !folded && !isField(line) {
			break
		}
		lines++
		fmt.Fprintln(&b, showable(strings.ToValidUTF8(strings.ReplaceAll(string(line), "\t", " "), "?")))
	}
	return b.String()
}

// isField reports whether a line begins a header field (RFC 5322 §2.2): a name without spaces, and a colon.
func isField(line []byte) bool {
	name, _, ok := bytes.Cut(line, []byte(":"))
	return ok && len(name) > 0 && bytes.IndexFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

type heldReleaseCmd struct {
	ID string `arg:"" help:"As listed."`
}

// Help is shown under the command's own --help.
func (heldReleaseCmd) Help() string {
	return `For when what held it has been mended: a server's name in trust.authserv_id, an address that "rep edit" corrected. It is judged by the same rules as any mail, and stays held where they hold it again: nobody's word can be made to count by hand.`
}

// Run hands the mail to the desk once more, and drops it if something was done.
func (cmd heldReleaseCmd) Run(env *environ) error {
	c, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	return env.withCoach(func(k *conversation.Coach, s *sqlite.Store) error {
		h, err := s.HeldMail(env.ctx, cmd.ID)
		if err != nil {
			return err
		}
		keys, _, err := newKeys(c)
		if err != nil {
			return err
		}
		again := new(heldAgain)
		desk, err := mailer.NewDesk(newParser(c, keys), k, again, mailer.DeskConfig{Address: c.Mailbox.Address}, slog.New(slog.DiscardHandler), env.now)
		if err != nil {
			return err
		}
		if _, err := desk.Handle(env.ctx, mailer.Arrived{Raw: h.Raw, At: h.At}); err != nil {
			return err
		}
		if again.reason != "" {
			return fmt.Errorf("it stays held: %s", again.reason)
		}
		if err := s.DropHeld(env.ctx, cmd.ID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "Released %s: it was taken as if it had just come.\n", cmd.ID)
		return err
	})
}

// heldAgain notes why a released mail would be held again; it is held already.
type heldAgain struct{ reason string }

// Hold implements mailer.Holder.
func (h *heldAgain) Hold(_ context.Context, m conversation.HeldMail) error {
	h.reason = m.Reason
	return nil
}
