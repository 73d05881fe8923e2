package mailer

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// ErrLater is why a Handler could not handle a mail yet, through no fault of the mail's: what it needs does
// not answer. Such a mail waits, for a day at the most, while others go on; none of its tries count.
var ErrLater = errors.New("not yet")

// errWaits is a mail that was put off.
var errWaits = errors.New("mail waits")

// waiting are a folder's mails that were put off. They are remembered in this process alone: the cursor in
// the ledger stays before the first of them, so that the next process is offered them anew, and with
// them what was handled behind them, which its content gives away.
type waiting struct {
	validity uint32
	ahead    uint32 // handled up to here, but for those that wait
	mails    map[uint32]wait
}

// wait is one mail's.
type wait struct {
	since, next time.Time
	n           int
}

// maxWait is how long a mail waits before it is held. How soon it is tried again follows from putOff.
const maxWait = 24 * time.Hour

// waitsIn returns what waits in a folder; a renumbered one begins anew.
func (i *Inbox) waitsIn(folder string, validity uint32) *waiting {
	w := i.later[folder]
	if w == nil || w.validity != validity {
		w = &waiting{validity: validity, mails: map[uint32]wait{}}
		i.later[folder] = w
	}
	return w
}

// putOff lets a mail wait, longer each time; false when it has waited long enough.
func (w *waiting) putOff(uid uint32, now time.Time) bool {
	one := w.mails[uid]
	if one.n == 0 {
		one.since = now
	}
	if !now.Before(one.since.Add(maxWait)) {
		return false
	}
	steps := []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour}
	one.next = now.Add(steps[min(one.n, len(steps)-1)])
	if end := one.since.Add(maxWait); one.next.After(end) {
		one.next = end // one last try
	}
	one.n++
	w.mails[uid] = one
	return true
}

// before is the last UID that nothing waits before or at, of those handled.
func (w *waiting) before() uint32 {
	end := w.ahead
	for uid := range w.mails {
		end = min(end, uid-1)
	}
	return end
}

// maxAgain is how many mails are tried again in a pass: each may cost a DNS timeout, and new mail waits behind.
const maxAgain = 10

// due are the mails to try again, oldest first.
func (w *waiting) due(now time.Time) []imap.UID {
	var all []imap.UID
	for uid, one := range w.mails {
		if !one.next.After(now) {
			all = append(all, imap.UID(uid))
		}
	}
	slices.Sort(all)
	return all[:min(len(all), maxAgain)]
}

// again tries what waits and is due.
func (p *pass) again(ctx context.Context) error {
	for _, uid := range p.waits.due(p.now()) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		sizes, err := p.s.sizes([]imap.UID{uid})
		if err != nil {
			return err
		}
		if len(sizes) == 0 { // somebody took it away
			delete(p.waits.mails, uint32(uid))
			if err := p.note(ctx, uint32(uid)); err != nil {
				return err
			}
			continue
		}
		if err := p.group(ctx, sizes); err != nil {
			return err
		}
	}
	return nil
}

// untilNext is how long the next mail that waits does so, at most limit.
func (i *Inbox) untilNext(limit time.Duration) time.Duration {
	for _, w := range i.later {
		for _, one := range w.mails {
			limit = min(limit, one.next.Sub(i.now()))
		}
	}
	return max(limit, time.Second)
}
