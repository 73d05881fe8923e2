package main

import (
	"bytes"
	"context"
	"errors"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whyloop/mailer/mailtest"
)

// canaryScript is a rep in all of whose words that nobody else may ever see a canary stands.
func canaryScript() []line {
	const m = time.Minute
	return []line{
		when(`would you like to try`, m, "Gmail", "yes, gladly"),
		when(`one goal`, m, "iPhone", "reach the canarygoal number"),
		when(`what will that get you`, m, "Outlook", "the canarymoney bonus"),
		when(`canarymoney`, m, "Thunderbird", "a garden with a canaryhouse"),
		when(`canaryhouse`, m, "Gmail", "same as I said, the canarymoney bonus"),
		when(`is this your why`, m, "Outlook", "yes"),
		when(`like Dana to see it`, m, "iPhone", "private"),
		when(`tiny step forward`, m, "Gmail", "phone Bert about the roof"),
		when(`when will you do it`, m, "iPhone", "After lunch and the canarywalk, I will"),
		when(`shall I send it`, m, "iPhone", "ok"),
		when(`phone Bert.*what happened`, m, "Gmail", "done, although canaryshame"),
		when(`tiny step fits`, m, "Outlook", "write Bert a note"),
		when(`when will you do it`, m, "iPhone", "After the canarynap"),
	}
}

// TestDaemon is the whole job over real sockets: from the invite to the second summary, with a
// restart in the middle and every reply delivered twice.
func TestDaemon(t *testing.T) {
	s, book := setStage(t, demoPolicy, canaryScript()...)
	s.playUntil(t, "2026-11-23 08:58")
	if err := s.restart(); err != nil {
		t.Fatal(err)
	}
	for _, moment := range []string{"2026-11-23 12:00", "2026-11-26 15:30", "2026-11-28 09:00"} {
		s.playUntil(t, moment)
		if err := s.restart(); err != nil {
			t.Fatal(err)
		}
		s.deliverAgain(t)
	}
	s.playUntil(t, "2026-12-04 18:00")
	if len(s.script) > 0 {
		t.Fatalf("the rep was never asked %q; they got %q", s.script[0].asked, heads(s.letters(t, s.cast.rep)))
	}
	s.checkManager(t)
	s.checkEnvelopes(t)
	s.checkLog(t, book.String())
}

// restart stops the daemon and starts another on its store.
func (s *stage) restart() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	err := s.daemon.stop(ctx)
	s.sentBefore += s.daemon.outbox.Stats().Sent
	return errors.Join(err, s.start(context.Background()))
}

// deliverAgain sends every mail of the rep's once more; nothing may come of it.
func (s *stage) deliverAgain(t *testing.T) {
	t.Helper()
	before := len(s.letters(t, s.cast.rep))
	for _, raw := range append([][]byte(nil), s.mails...) {
		m, err := mail.ReadMessage(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.submit(raw, mailText{From: m.Header.Get("To")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	if after := len(s.letters(t, s.cast.rep)); after != before {
		t.Errorf("mails delivered twice led to %d more letters", after-before)
	}
	held, err := s.daemon.store.Held(context.Background())
	if err != nil || len(held) > 0 {
		t.Errorf("held: %v, %v", held, err)
	}
}

// checkManager: two summaries, the rep in To and the manager in Cc, and no canary in any byte.
func (s *stage) checkManager(t *testing.T) {
	t.Helper()
	letters := s.letters(t, s.cast.manager)
	want := []string{"This week’s step: “phone Bert about the roof”.", "Last step: “phone Bert about the roof”: done. Next: “write Bert a note”."}
	if diff := cmp.Diff(want, heads(letters)); diff != "" {
		t.Errorf("the manager's inbox (-want +got):\n%s", diff)
	}
	private := map[string]bool{}
	for _, l := range s.letters(t, s.cast.rep) {
		if l.Cc == "" {
			private[l.MessageID] = true
		}
	}
	for _, l := range letters {
		if to, cc := bareAddress(l.To), bareAddress(l.Cc); to != s.cast.rep.mail || cc != s.cast.manager.mail {
			t.Errorf("To %s, Cc %s", to, cc)
		}
		for _, ref := range strings.Fields(l.References) {
			if private[ref] {
				t.Errorf("the summary refers to a private letter: %s", ref)
			}
		}
	}
}

// checkEnvelopes looks at everything that crossed the SMTP server: one recipient a transaction, and
// no private word in a byte that went to anyone but the rep and the coach.
func (s *stage) checkEnvelopes(t *testing.T) {
	t.Helper()
	for _, e := range accepted(s) {
		if len(e.To) != 1 {
			t.Errorf("one transaction for %d recipients", len(e.To))
		}
		to := e.To[0]
		if to == s.cast.rep.mail || strings.HasPrefix(to, "coach") {
			continue
		}
		l, err := readMail(e.Raw)
		if err != nil {
			t.Fatal(err)
		}
		if to != s.cast.manager.mail || !strings.Contains(l.Subject, "tiny step this week") {
			t.Errorf("%s got %q", to, l.Subject)
		}
		if bytes.Contains(e.Raw, []byte("canary")) || strings.Contains(l.Text, "canary") || l.ReplyTo != "" {
			t.Errorf("private words or a token went to %s", to)
		}
	}
}

// accepted is everything that crossed the in-process SMTP server.
func accepted(s *stage) []mailtest.Envelope { return s.servers.(inProcess).Accepted() }

// checkLog: no name, no address, no subject and no word of anyone's, down to debug.
func (s *stage) checkLog(t *testing.T, log string) {
	t.Helper()
	if !strings.Contains(log, "letter handed in") {
		t.Error("nothing was logged: the search proves nothing")
	}
	for _, word := range []string{"canary", "Bert", "Sam", "Dana", "northwind", "tiny step", demoPassword + "\n"} {
		if i := strings.Index(log, word); i >= 0 {
			t.Errorf("the log holds %q: ...%s...", word, log[max(0, i-80):min(len(log), i+80)])
		}
	}
}
