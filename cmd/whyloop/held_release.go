package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
	"whyloop/mailer"
	"whyloop/parser"
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

// wordsOf returns what somebody wrote in a mail, as the daemon would read it, safe for a terminal.
func wordsOf(raw []byte) string {
	_, text, _ := strings.Cut(string(raw), "\r\n\r\n")
	if m, err := new(parser.Parser).Parse(bytes.NewReader(raw)); err == nil {
		if v, err := m.Visible(parser.Known{}); err == nil && !v.Empty {
			text = v.Body
		}
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.ReplaceAll(strings.TrimRight(line, "\r\n"), "\t", " ")
		fmt.Fprintln(&b, showable(strings.ToValidUTF8(line, "?")))
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
		reason, err := judgeAgain(env.ctx, c, k, s, h)
		if err != nil {
			return err
		}
		if reason != "" {
			return fmt.Errorf("it stays held: %s", reason)
		}
		if _, err := readmit(env.ctx, c, k, s); err != nil { // it may have been a yes to "was that you?"
			return err
		}
		_, err = fmt.Fprintf(env.stdout, "Released %s: it was taken as if it had just come.\n", cmd.ID)
		return err
	})
}

// judgeAgain hands a held mail to the desk once more, and drops it where something was done about it; else it returns
// why it stays.
func judgeAgain(ctx context.Context, c Config, k *conversation.Coach, s *sqlite.Store, h conversation.HeldMail) (reason string, err error) {
	keys, _, err := newKeys(c)
	if err != nil {
		return "", err
	}
	again := new(heldAgain)
	desk, err := mailer.NewDesk(newParser(c, keys), k, again, mailer.DeskConfig{Keys: keys, Address: c.Mailbox.Address}, slog.New(slog.DiscardHandler), k.Now)
	if err != nil {
		return "", err
	}
	if err := handle(ctx, desk, h); err != nil {
		return "", err
	}
	switch {
	case again.reason == "":
		return "", s.DropHeld(ctx, h.ID)
	case again.reason != h.Reason:
		return again.reason, s.Rehold(ctx, h.ID, again.reason)
	}
	return again.reason, nil
}

// handle is the desk's, but for a panic, which is one mail's failure.
func handle(ctx context.Context, desk *mailer.Desk, h conversation.HeldMail) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errors.New("the mail cannot be handled") // v could quote it
		}
	}()
	_, err = desk.Handle(ctx, mailer.Arrived{Raw: h.Raw, At: h.At})
	return err
}

// readmit judges again what was held from an address that has since become the rep's, and returns of how much something was done.
func readmit(ctx context.Context, c Config, k *conversation.Coach, s *sqlite.Store) (int, error) {
	rows, err := s.HeldFrom(ctx, conversation.HoldWrongSender)
	if err != nil {
		return 0, err
	}
	done := 0
	var errs []error
	for _, row := range rows {
		h, err := s.HeldMail(ctx, row.ID)
		if errors.Is(err, sqlite.ErrNotHeld) {
			continue // the admin was quicker
		}
		if err == nil && !isTheirs(ctx, s, h) {
			continue
		}
		reason := ""
		if err == nil {
			reason, err = judgeAgain(ctx, c, k, s, h)
		}
		switch {
		case err == nil && reason == "":
			done++
		case err != nil && h.ID != "" && !errors.Is(err, mailer.ErrLater): // it had been read once: what fails now would fail each time
			err = s.Rehold(ctx, h.ID, "poison")
		}
		errs = append(errs, err)
	}
	return done, errors.Join(errs...)
}

// isTheirs reports whether the author's address of a held mail belongs to the conversation it named.
func isTheirs(ctx context.Context, s *sqlite.Store, h conversation.HeldMail) bool {
	m, err := new(parser.Parser).Parse(bytes.NewReader(h.Raw))
	if err != nil || m.From == "" {
		return false
	}
	c, err := s.ByAddress(ctx, m.From)
	return err == nil && c.ID == h.Conversation
}

// heldAgain notes why a released mail would be held again; it is held already.
type heldAgain struct{ reason string }

// Hold implements mailer.Holder.
func (h *heldAgain) Hold(_ context.Context, m conversation.HeldMail) error {
	h.reason = m.Reason
	return nil
}
