package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"whyloop/conversation"
	"whyloop/mailer"
)

// alertState is what is remembered of alerts from one look to the next, also over a restart.
type alertState struct {
	Open  bool      `json:"open,omitempty"` // the admin was told that something needs them, and not yet that all is well
	Told  time.Time `json:"told,omitzero"`  // when they were last told that something does
	Since time.Time `json:"since,omitzero"` // since when it is the other way round than Open says
}

// alertLasts is how long it must be so before a mail says so: most troubles pass by themselves.
const alertLasts = 15 * time.Minute

// The mails an admin may get.
type alertMail int

const (
	alertNone alertMail = iota
	alertNeeded
	alertWell
)

// look takes one look's finding. At most one mail in a day says that something needs the admin, and one that all is
// well again follows.
func (a alertState) look(needed bool, now time.Time) (alertState, alertMail) {
	due := now.Sub(a.Told) >= aDay
	switch {
	case needed == a.Open:
		a.Since = time.Time{}
		if needed && due {
			a.Told = now
			return a, alertNeeded
		}
		return a, alertNone
	case a.Since.IsZero():
		a.Since = now
		return a, alertNone
	case now.Sub(a.Since) < alertLasts, needed && !due:
		return a, alertNone
	case needed:
		return alertState{Open: true, Told: now}, alertNeeded
	}
	return alertState{Told: a.Told}, alertWell
}

// kindAlert is a letter to the admin: it belongs to no conversation.
const kindAlert conversation.Kind = "alert"

// aboutAlerts is the trouble of a mail to the admin that could not be delivered.
const aboutAlerts = "alerts"

// alert looks whether something needs the admin, and writes to them if it is time to.
func (d *daemon) alert(ctx context.Context) error {
	w := d.present()
	if w.config.Alerts.To == "" {
		return nil
	}
	if err := w.config.admitsAlerts(ctx, d.store.Store); err != nil {
		return err // enrolled beside the daemon, by another configuration
	}
	needs, err := d.needs(ctx, w.config)
	if err != nil {
		return err
	}
	now := d.now()
	state, mail := d.store.pulse.report().Alerts.look(len(needs) > 0, now)
	if mail != alertNone {
		if err := d.tellAdmin(ctx, w, needs, state.Told); err != nil {
			return err
		}
	}
	d.store.pulse.note(func(r *pulseReport) { r.Alerts = state })
	return d.beat(ctx)
}

// needs is what "whyloop status" would say needs the admin.
func (d *daemon) needs(ctx context.Context, c Config) ([]string, error) {
	v, err := statusOf(ctx, d.store.Store, d.now())
	v.Runs, v.LastRun = true, d.store.pulse.report()
	v.LastRun.At, v.LastRun.Troubles = v.At, d.troubles.all()
	return v.needs(c), err
}

// tellAdmin queues the mail. Its key is made of the day of the trouble, so that a crash between the queue and the
// note of it sends no second.
func (d *daemon) tellAdmin(ctx context.Context, w *work, needs []string, told time.Time) error {
	key := "alert/" + told.UTC().Format(time.DateOnly)
	if len(needs) == 0 {
		key += "/well"
	}
	to := conversation.Address{Mail: w.config.Alerts.To}
	letter, err := w.coach.Composer.Compose(conversation.Head{Key: key, Kind: kindAlert, To: []conversation.Address{to}, ReplyTo: to, Date: d.now(), Language: "en"},
		alertWording(w.config.Mailbox.Address, needs))
	if err != nil {
		return err
	}
	if err := d.store.Tell(ctx, letter, d.now()); err != nil && !errors.Is(err, conversation.ErrHandled) {
		return err
	}
	d.log.Warn("the admin is told", "things", len(needs))
	w.outbox.Wake()
	return nil
}

// alertWording says what needs the admin, or that nothing does any more.
func alertWording(mailbox string, needs []string) conversation.Wording {
	if len(needs) == 0 {
		return conversation.Wording{Subject: "whyloop: all well again",
			Text: fmt.Sprintf("Nothing needs you any more at %s.\n", mailbox)}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "At %s there is something for you to see to:\n\n", mailbox)
	for _, n := range needs {
		fmt.Fprintf(&b, "- %s\n", n)
	}
	b.WriteString("\n\"whyloop status\" says the same at any time; with the package: sudo whyloopctl status. " +
		"You get this once a day at most for as long as it lasts, and one mail when it is over.\n")
	return conversation.Wording{Subject: "whyloop needs you: " + count(len(needs), "thing"), Text: b.String()}
}

// settledAlert notes whether a mail to the admin could be delivered.
func (w *watched) settledAlert(letter string, s conversation.Settlement) {
	if !strings.HasPrefix(letter, "alert/") || w.told == nil {
		return
	}
	switch s.State {
	case conversation.DeliverySent:
		w.told(mailer.Alarm{})
	case conversation.DeliveryFailed:
		w.told(mailer.Alarm{What: "the last mail to you was refused"})
	}
}
