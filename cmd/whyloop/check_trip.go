package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"whyloop/conversation"
	"whyloop/mailer"
)

// trip is two mails from the mailbox to itself: to its address, and to one with a reply token in it.
type trip struct {
	mark  string
	plain leg
	plus  leg
}

// leg is one of them.
type leg struct {
	letter conversation.Letter
	to     string
	began  time.Time // by our clock, before it was handed in
	ended  time.Time // when it was seen
	took   time.Duration
	mail   *mailer.Arrived // nil: not seen
	out    mailer.Outcome
}

// ownWait is how long a mail to itself may take: some servers hold what comes the first time for a minute.
const ownWait = time.Minute

// plusGrace is how long after the first the second may come.
const plusGrace = 5 * time.Second

// roundTrip sends both, sees what arrives, and deletes it.
func (u *checkUp) roundTrip() {
	if !u.Mail {
		u.note("clock", u.clock(leg{}))
		return
	}
	if u.mailbox == nil || u.sender == nil || u.failed("key") {
		u.note("round trip", warned("mend what failed above first", "not tried"))
		u.note("clock", u.clock(leg{}))
		return
	}
	ctx, cancel := context.WithTimeout(u.env.ctx, u.wait(ownWait))
	defer cancel()
	t, err := u.newTrip()
	if err == nil {
		err = u.travel(ctx, t)
	}
	if err != nil {
		u.note("round trip", failed(err, "try again; look at the mail server's log"))
		return
	}
	u.arrived = t.plain.mail
	u.note("round trip", u.tripped(t))
	u.note("clock", u.clock(t.plain))
	if t.plain.mail == nil {
		return
	}
	u.note("message-id", u.messageID(t))
	u.note("plus address", u.plusAddress(t))
	u.note("proof", u.proofOfOurs(t.plain.mail.Raw))
}

func (u *checkUp) wait(usual time.Duration) time.Duration {
	if u.Wait > 0 {
		return u.Wait
	}
	return usual
}

// tripText is what stands in a mail to itself.
const tripText = "This is a mail of whyloop's to itself. \"whyloop check\" sent it to see what the mail servers make of it, and deletes it again. Nobody needs to do anything.\n"

func (u *checkUp) newTrip() (*trip, error) {
	keys, _, err := newKeys(u.c)
	if err != nil {
		return nil, err
	}
	t := &trip{mark: keys.TrialMark(u.env.now())}
	composer, err := mailer.NewComposer(mailer.ComposerConfig{From: u.c.mailbox(), PlusAddressing: true, Keys: keys})
	if err != nil {
		return nil, err
	}
	compose := func(to, what string) (leg, error) {
		l, err := composer.Compose(conversation.Head{Key: t.mark + what, Kind: "check", To: []conversation.Address{{Mail: to}}, Date: u.env.now(), Replies: true},
			conversation.Wording{Subject: "whyloop " + t.mark + what, Text: tripText})
		return leg{letter: l, to: to}, err
	}
	if t.plain, err = compose(u.c.Mailbox.Address, ""); err != nil {
		return nil, err
	}
	local, domain, _ := strings.Cut(u.c.Mailbox.Address, "@")
	t.plus, err = compose(local+"+"+t.plain.letter.Token+"@"+domain, " plus")
	return t, err
}

// travel hands both in and waits for them.
func (u *checkUp) travel(ctx context.Context, t *trip) error {
	for _, l := range []*leg{&t.plain, &t.plus} {
		l.began = u.env.now()
		l.out = u.sender.Send(ctx, conversation.Delivery{Letter: l.letter.Key, MessageID: l.letter.MessageID, Recipient: l.to, Raw: l.letter.Raw})
	}
	began := time.Now()
	err := u.await(ctx, t.mark, func(a mailer.Arrived) {
		l := &t.plain
		if strings.Contains(string(a.Raw), t.mark+" plus") {
			l = &t.plus
		}
		l.mail, l.ended, l.took = &a, u.env.now(), time.Since(began)
	}, func() bool { return t.over(time.Since(began)) })
	if errors.Is(err, context.DeadlineExceeded) {
		err = nil // what has not come by then is told
	}
	return err
}

// over: nothing is waited for any more.
func (t *trip) over(passed time.Duration) bool {
	if t.plain.out.Verdict != mailer.Sent {
		return true
	}
	return t.plain.mail != nil && (t.plus.mail != nil || t.plus.out.Verdict != mailer.Sent || passed > t.plain.took*3+plusGrace)
}

// The pauses between two looks.
const lookFirst, lookLast = 50 * time.Millisecond, 2 * time.Second

// await looks for mails with a mark until it is over, and deletes what it found: also what a daemon has moved
// meanwhile.
func (u *checkUp) await(ctx context.Context, mark string, take func(mailer.Arrived), over func() bool) error {
	seen := 0
	for pause := lookFirst; ; pause = min(pause*3/2, lookLast) {
		mails, err := u.mailbox.New(ctx, mark)
		if err != nil {
			return errors.Join(ctx.Err(), err)
		}
		for _, a := range mails {
			take(a)
			seen++
			if err := u.mailbox.Remove(ctx, a); err != nil {
				return errors.Join(ctx.Err(), err)
			}
		}
		if over() {
			return u.sweep(ctx, mark, seen)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// sweep deletes copies that a daemon has put elsewhere between a look and the deletion.
func (u *checkUp) sweep(ctx context.Context, mark string, seen int) error {
	if seen == 0 {
		return nil
	}
	mails, err := u.mailbox.New(ctx, mark)
	for _, a := range mails {
		err = errors.Join(err, u.mailbox.Remove(ctx, a))
	}
	return err
}

// tripped tells how the plain one fared.
func (u *checkUp) tripped(t *trip) finding {
	l := t.plain
	switch {
	case l.out.Verdict != mailer.Sent:
		return failed(fmt.Errorf("the server takes no mail from the mailbox to itself: %s (SMTP %d)", l.out.Note, l.out.Code),
			"look at the mail server's log, and at what the account may send")
	case l.mail == nil:
		return failed(fmt.Errorf("handed in, and not arrived after %s", spanText(u.wait(ownWait))),
			"look at the mail server's queue and at filters of the mailbox; where mail is slow: whyloop check --wait 5m")
	case u.c.IMAP.Junk != "" && l.mail.Folder == u.c.IMAP.Junk:
		return warned("allow mail from "+u.c.Mailbox.Address+" in the spam filter: the reps' letters would land there too",
			"the mail to itself was taken for spam: it arrived in %s after %s", l.mail.Folder, ago(l.took))
	}
	return well("a mail to itself arrived after %s", ago(l.took))
}

// How far clocks may be apart. An hour that letters wait for, and a signature's age, bear the first.
const skewed, skewedBadly = time.Minute, 10 * time.Minute

// built is before any clock of a machine that runs this.
var built = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// clock compares this machine's with the mail server's, which stamps what arrives (INTERNALDATE, whole seconds).
func (u *checkUp) clock(l leg) finding {
	if now := u.env.now(); now.Before(built) {
		return failed(fmt.Errorf("this machine's clock says %s", minute(now)), "set the clock, and keep it right: timedatectl set-ntp true")
	}
	if l.mail == nil {
		return well("not compared with another: no mail came back")
	}
	var off time.Duration
	at := l.mail.At
	switch {
	case at.Before(l.began.Add(-time.Second)):
		off = l.began.Sub(at)
	case at.After(l.ended.Add(time.Second)):
		off = at.Sub(l.ended)
	}
	mend := "keep both clocks right: timedatectl set-ntp true"
	switch off = off.Round(time.Minute); {
	case off >= skewedBadly:
		return failed(fmt.Errorf("this machine's clock and the mail server's are %s apart", spanText(off)), mend)
	case off >= skewed:
		return warned(mend, "this machine's clock and the mail server's are %s apart", spanText(off))
	}
	return well("agrees with the mail server's")
}

// messageID tells whether replies will name what we sent.
func (u *checkUp) messageID(t *trip) finding {
	if strings.Contains(string(t.plain.mail.Raw), "<"+t.plain.letter.MessageID+">") {
		return well("kept by the server")
	}
	if t.plus.mail != nil && u.c.Mailbox.PlusAddressing {
		return well("rewritten by the server; replies are known by their address and References")
	}
	return warned("use a server that delivers plus addresses, and set mailbox.plus_addressing = true",
		"rewritten by the server: only a mail program that copies References tells what a reply answers")
}

// plusAddress tells whether replies may carry a token in their address.
func (u *checkUp) plusAddress(t *trip) finding {
	on := u.c.Mailbox.PlusAddressing
	switch works := t.plus.mail != nil; {
	case works && on:
		return well("mail to %s arrives: replies carry a token of the question they answer", u.plusExample())
	case works:
		return warned("mailbox.plus_addressing = true", "mail to %s arrives, and is not made use of", u.plusExample())
	case on:
		how := "does not arrive"
		if t.plus.out.Verdict != mailer.Sent {
			how = fmt.Sprintf("is refused (SMTP %d)", t.plus.out.Code)
		}
		return failed(fmt.Errorf("mail to %s %s, and so no reply would", u.plusExample(), how), "mailbox.plus_addressing = false, or have the server deliver such addresses")
	}
	return well("not used, and not delivered here")
}

func (u *checkUp) plusExample() string { return strings.Replace(u.c.Mailbox.Address, "@", "+…@", 1) }

// personWait is how long a person is given.
const personWait = 10 * time.Minute

// listen waits for a mail from a rep's account, and tells what proves who wrote it.
func (u *checkUp) listen() {
	if !u.Listen || u.mailbox == nil {
		return
	}
	keys, _, err := newKeys(u.c)
	if err != nil {
		return // "key" says so
	}
	mark := keys.TrialMark(u.env.now())
	u.ask(mark)
	ctx, cancel := context.WithTimeout(u.env.ctx, u.wait(personWait))
	defer cancel()
	var got *mailer.Arrived
	err = u.await(ctx, mark, func(a mailer.Arrived) { got = &a }, func() bool { return got != nil })
	switch {
	case got != nil:
		from, f := u.fromRep(got)
		u.note("rep's mail", f)
		if from {
			u.note("rep's proof", u.proofOfReps(got.Raw))
		}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		u.note("rep's mail", failed(errors.New("none arrived with that subject"), "call it again, and copy the subject; whyloop check --listen --wait 30m waits longer"))
	default:
		u.note("rep's mail", failed(err, "call it again"))
	}
}

// ask tells a person what to send. A daemon knows the subject and leaves that mail alone.
func (u *checkUp) ask(mark string) {
	w := io.Writer(u.env.stdout)
	if u.JSON {
		w = u.env.stderr
	}
	fmt.Fprintf(w, "\nNow send a mail from a rep's account, with any text:\n\n  To:      %s\n  Subject: whyloop %s\n\nWaiting for %s at the most; Ctrl-C ends it.\n",
		u.c.Mailbox.Address, mark, spanText(u.wait(personWait)))
}
