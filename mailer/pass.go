package mailer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"whyloop/conversation"
	"whyloop/conversation/crash"
)

// pass is one pass over one folder.
type pass struct {
	*Inbox
	s        *session
	folder   string
	validity uint32
	advance  bool // the cursor follows; not while a folder is looked through anew
	done     int
	tidy     []imap.UID // handled, to be moved
	waits    *waiting
}

// window is how many UIDs are asked about at a time: memory stays constant however
// large the mailbox is. Where a window is empty the next one is twice as wide.
const window, maxWindow = 500, 1 << 20

func (i *Inbox) syncFolder(ctx context.Context, folder string) (int, error) {
	data, err := i.open.choose(folder)
	if err != nil {
		return 0, err
	}
	validity, last, err := i.ledger.Cursor(ctx, folder)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errLedger, err)
	}
	next := uint32(data.UIDNext)
	if next == 0 {
		if next, err = i.open.nextUID(); err != nil {
			return 0, err
		}
	}
	i.seen = next // of the main folder, which is looked into last
	p := &pass{Inbox: i, s: i.open, folder: folder, validity: data.UIDValidity, waits: i.waitsIn(folder, data.UIDValidity)}
	switch {
	case validity == 0: // never seen: old mail is not ours to answer
		i.log.Info("mailbox is read from here on", "folder", folder, "uid", next)
		return 0, p.note(ctx, next-1)
	case validity != data.UIDValidity:
		i.log.Warn("mailbox was renumbered, looking through its newest mails", "folder", folder)
		err = p.rescan(ctx, next-1)
	default:
		p.advance = true
		if err = p.again(ctx); err == nil {
			err = p.forward(ctx, max(last, p.waits.ahead)+1, next-1)
		}
	}
	err = errors.Join(err, p.move())
	crash.Point("inbox.moved")
	return p.done, err
}

// note moves the cursor, up to what waits.
func (p *pass) note(ctx context.Context, uid uint32) error {
	w := *p.waits
	w.ahead = max(w.ahead, uid)
	if err := p.ledger.Advance(context.WithoutCancel(ctx), p.folder, p.validity, w.before()); err != nil {
		return fmt.Errorf("%w: %w", errLedger, err)
	}
	p.waits.ahead = w.ahead
	return nil
}

// forward handles lo to hi, oldest first.
func (p *pass) forward(ctx context.Context, lo, hi uint32) error {
	if lo > hi {
		return nil
	}
	for width := uint32(window); lo <= hi; {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		top := hi
		if hi-lo >= width {
			top = lo + width - 1
		}
		uids, err := p.s.search(lo, top, imap.SearchCriteria{})
		if err != nil {
			return err
		}
		if err := p.all(ctx, uids); err != nil {
			return err
		}
		width = nextWidth(width, len(uids))
		if top == hi {
			break // hi may be the largest UID there is
		}
		lo = top + 1
	}
	return p.note(ctx, hi)
}

// rescan looks at the newest mails of a folder whose UIDs mean something else now, newest window first.
// What had been handled is known by its content, so nothing happens twice.
func (p *pass) rescan(ctx context.Context, hi uint32) error {
	c := imap.SearchCriteria{Since: p.now().Add(-p.c.Rescan - 24*time.Hour)} // SINCE knows days, in the server's zone
	if p.s.keywords {
		c.NotFlag = []imap.Flag{imap.Flag(p.c.Keyword)}
	}
	for width, top := uint32(window), hi; top > 0; {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		lo := uint32(1)
		if top > width {
			lo = top - width + 1
		}
		uids, err := p.s.search(lo, top, c)
		if err != nil {
			return err
		}
		if err := p.all(ctx, uids); err != nil {
			return err
		}
		width, top = nextWidth(width, len(uids)), lo-1
	}
	return p.note(ctx, hi)
}

func nextWidth(width uint32, found int) uint32 {
	if found > 0 {
		return window
	}
	return min(width*2, maxWindow)
}

// all fetches and handles mails in groups.
func (p *pass) all(ctx context.Context, uids []imap.UID) error {
	for len(uids) > 0 {
		n := min(len(uids), window)
		sizes, err := p.s.sizes(uids[:n])
		if err != nil {
			return err
		}
		uids = uids[n:]
		for len(sizes) > 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			g := group(sizes, p.c.MaxMail)
			if err := p.group(ctx, sizes[:g]); err != nil {
				return err
			}
			sizes = sizes[g:]
		}
	}
	return nil
}

// What is fetched by one command: few enough bytes to hold, many enough mails to save round trips.
const groupBytes, groupMails = 1 << 20, 64

// group is how many of the sizes make the next group; a large mail is alone.
func group(sizes []sized, maxMail int64) int {
	var sum int64
	for n, s := range sizes {
		sum += s.size
		if n > 0 && (sum > groupBytes || n >= groupMails || s.size > maxMail) {
			return n
		}
		if s.size > maxMail {
			return 1
		}
	}
	return len(sizes)
}

// maxTries is after how many tries a mail is held.
const maxTries = 3

// inGroup stands for the mail in hand while a group is: no mail has this UID (RFC 3501 §2.3.1.1 counts up to it, and
// no mailbox has got there).
const inGroup = 1<<32 - 1

// group handles a group. That it is in hand is noted before anything is parsed, on no mail's account. Where that note is
// found, the process died or a mail failed within a group: then each mail is taken, and its tries are counted, by
// itself, so that those beside the one that kills are never taken for it.
func (p *pass) group(ctx context.Context, g []sized) error {
	if len(g) == 1 {
		return p.alone(ctx, g)
	}
	mails, err := p.s.fetch(g, p.c.MaxMail)
	if err != nil {
		return err // a broken connection is no mail's fault, and not counted
	}
	crash.Point("inbox.fetched")
	found, err := p.attempt(ctx, inGroup)
	if err != nil {
		return err
	}
	crash.Point("inbox.counted")
	if found > 1 {
		for k := range g {
			if err := p.alone(ctx, g[k:k+1]); err != nil {
				return err
			}
		}
	} else if err := p.mails(ctx, mails, 0); err != nil {
		return err
	}
	for range found {
		if err := p.forgive(ctx, inGroup); err != nil {
			return err
		}
	}
	return nil
}

// alone handles one mail, whose try is counted before anything is parsed.
func (p *pass) alone(ctx context.Context, one []sized) error {
	mails, err := p.s.fetch(one, p.c.MaxMail)
	if err != nil {
		return err
	}
	crash.Point("inbox.fetched")
	tries, err := p.attempt(ctx, uint32(one[0].uid))
	if err != nil {
		return err
	}
	crash.Point("inbox.counted")
	return p.mails(ctx, mails, tries)
}

func (p *pass) attempt(ctx context.Context, uid uint32) (int, error) {
	n, err := p.ledger.Attempt(context.WithoutCancel(ctx), p.folder, p.validity, uid)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errLedger, err)
	}
	return n, nil
}

func (p *pass) forgive(ctx context.Context, uid uint32) error {
	if err := p.ledger.Excuse(context.WithoutCancel(ctx), p.folder, p.validity, uid); err != nil {
		return fmt.Errorf("%w: %w", errLedger, err)
	}
	return nil
}

// mails handles what was fetched, marks it and moves the cursor on, as far as it came. tries is the count of a mail that
// is handled alone; 0 in a group, where a mail that fails is counted once it did.
func (p *pass) mails(ctx context.Context, mails []Arrived, tries int) error {
	var marked []imap.UID
	var failed error
	var passed uint32
	for _, m := range mails {
		m.Folder, m.Validity = p.folder, p.validity
		if m.At.IsZero() {
			m.At = p.now()
		}
		h, err := p.one(ctx, m, max(tries, 1))
		if err != nil && !errors.Is(err, errWaits) {
			failed = err
			if tries == 0 {
				_, countErr := p.attempt(ctx, m.UID)
				failed = errors.Join(failed, countErr)
			}
			break
		}
		passed = m.UID
		if tries > 0 && (tries > 1 || !p.advance || len(p.waits.mails) > 0) {
			// It did not kill: no death after this may count against it. Else the cursor, once it has passed, forgets the try.
			if err := p.forgive(ctx, m.UID); err != nil {
				return err
			}
		}
		if err != nil {
			continue
		}
		p.done++
		if !h.Foreign {
			marked = append(marked, imap.UID(m.UID))
		}
	}
	crash.Point("inbox.handled")
	if err := p.s.mark(marked, p.c.Keyword); err != nil {
		return errors.Join(failed, err)
	}
	crash.Point("inbox.marked")
	p.tidy = append(p.tidy, marked...)
	if p.advance && passed > 0 {
		if err := p.note(ctx, passed); err != nil {
			return errors.Join(failed, err)
		}
		crash.Point("inbox.noted")
	}
	return failed
}

// one has a mail handled, or holds it when it was tried often enough. More tries than that were
// counted for a mail only if the process ended in each: it is not let near the handler again.
func (p *pass) one(ctx context.Context, m Arrived, tries int) (Handled, error) {
	h, err := Handled{}, errFatal
	if tries <= maxTries {
		h, err = p.handle(context.WithoutCancel(ctx), m)
	}
	if err == nil {
		delete(p.waits.mails, m.UID)
		return h, nil
	}
	reason := "poison"
	if errors.Is(err, ErrLater) {
		if p.waits.putOff(m.UID, p.now()) {
			p.log.Warn("mail waits", "uid", m.UID, "why", briefly(err), "until", p.waits.mails[m.UID].next)
			return Handled{}, errWaits
		}
		reason = "dns"
	} else {
		p.log.Warn("mail could not be handled", "uid", m.UID, "try", tries, "why", briefly(err))
		if tries < maxTries {
			return Handled{}, fmt.Errorf("%w: %w", errHandler, err)
		}
	}
	err = p.ledger.Hold(context.WithoutCancel(ctx), conversation.HeldMail{Reason: reason, At: m.At, Raw: m.Raw})
	if err != nil {
		return Handled{}, fmt.Errorf("%w: hold mail: %w", errLedger, err)
	}
	delete(p.waits.mails, m.UID)
	p.log.Error("mail is held", "uid", m.UID, "reason", reason)
	return Handled{}, nil
}

// briefly is the beginning of an error: the verbs that our own packages put before it. What
// follows may quote a mail.
func briefly(err error) string {
	words := strings.SplitN(err.Error(), ": ", 3)
	return strings.Join(words[:min(len(words), 2)], ": ")
}

// handle calls the handler; a panic there is one mail's failure.
func (p *pass) handle(ctx context.Context, m Arrived) (h Handled, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errPanic // its value could quote the mail
		}
	}()
	return p.handler.Handle(ctx, m)
}

// Ways of failing that say nothing by themselves.
var (
	errPanic = errors.New("handler panicked")
	errFatal = errors.New("process ended at each try so far")
)
