package mailer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// keeping is how often a folder is looked through for handled mail whose time is over.
const keeping = 24 * time.Hour

// forget deletes from the server what must not lie there any more: all mail from people who were erased, and once
// a day handled mail older than Keep. What cannot be deleted for now is tried again at the next pass.
func (i *Inbox) forget(ctx context.Context) error {
	leaving, err := i.ledger.Departing(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", errLedger, err)
	}
	old := i.c.Keep > 0 && i.now().Sub(i.kept) >= keeping
	if len(leaving) == 0 && !old {
		return nil
	}
	err = i.forgetAll(ctx, leaving, old)
	if err != nil && !isNo(err) {
		return err
	}
	// The main folder is selected again, so that IDLE watches it. What came since it was looked into is no news to
	// IDLE then, and must be looked for at once.
	data, again := i.open.choose(i.c.Folder)
	if again == nil && uint32(data.UIDNext) > i.seen {
		i.open.ring()
	}
	return errors.Join(err, again)
}

// forgetAll looks through every folder.
func (i *Inbox) forgetAll(ctx context.Context, leaving []string, old bool) error {
	for _, f := range i.holding() {
		if err := i.forgetIn(f, leaving, old); err != nil {
			return err
		}
	}
	for _, address := range leaving {
		if err := i.ledger.Departed(context.WithoutCancel(ctx), address); err != nil {
			return fmt.Errorf("%w: %w", errLedger, err)
		}
	}
	if old {
		i.kept = i.now()
	}
	return nil
}

// holding are the folders in which handled mail can lie.
func (i *Inbox) holding() []string {
	all := i.folders()
	if i.c.Processed != "" && !slices.Contains(all, i.c.Processed) {
		all = append(all, i.c.Processed)
	}
	return all
}

func (i *Inbox) forgetIn(folder string, leaving []string, old bool) error {
	if _, err := i.open.choose(folder); isNo(err) && folder != i.c.Folder {
		return nil // it is not there
	} else if err != nil {
		return err
	}
	ours := i.open.keywords || folder == i.c.Processed && !i.c.Shared // what was handled can be told from what was not
	var uids []imap.UID
	for _, address := range leaving {
		found, err := i.from(address)
		if err != nil {
			return err
		}
		uids = append(uids, found...)
	}
	if old && ours {
		c := imap.SearchCriteria{Before: i.now().Add(-i.c.Keep), NotFlag: []imap.Flag{imap.FlagDeleted}}
		i.onlyHandled(&c)
		found, err := i.open.search(1, 1<<32-1, c)
		if err != nil {
			return err
		}
		uids = append(uids, found...)
	}
	slices.Sort(uids)
	return i.expunge(folder, slices.Compact(uids))
}

// onlyHandled narrows a search to mail we handled, where the server lets it be told by a keyword; it goes with a mail that is moved.
func (i *Inbox) onlyHandled(c *imap.SearchCriteria) {
	if i.open.keywords {
		c.Flag = append(c.Flag, imap.Flag(i.c.Keyword))
	}
}

// from finds those of a person's mails in the selected folder that we handled; where that cannot be told, all of them, but
// none in a mailbox that others use too.
func (i *Inbox) from(address string) ([]imap.UID, error) {
	if i.c.Shared && !i.open.keywords {
		return nil, nil
	}
	c := imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "From", Value: address}}}
	i.onlyHandled(&c)
	found, err := i.open.search(1, 1<<32-1, c)
	if err != nil {
		return nil, err
	}
	var theirs []imap.UID
	for part := range slices.Chunk(found, window) { // the search matches within longer addresses too
		ok, err := i.open.written(part, address)
		if err != nil {
			return nil, err
		}
		theirs = append(theirs, ok...)
	}
	return theirs, nil
}

// written returns those mails whose one author has that address.
func (s *session) written(uids []imap.UID, address string) ([]imap.UID, error) {
	var theirs []imap.UID
	err := s.do(s.limits.Fetch, maxAnswer, func() error {
		all, err := s.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, Envelope: true}).Collect()
		for _, m := range all {
			if m.Envelope != nil && len(m.Envelope.From) == 1 && strings.EqualFold(m.Envelope.From[0].Addr(), address) {
				theirs = append(theirs, m.UID)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("fetch authors: %w", err)
	}
	return theirs, nil
}

// expunge deletes mails. Without UIDPLUS they are only marked: EXPUNGE would take along what anyone else has marked.
func (i *Inbox) expunge(folder string, uids []imap.UID) error {
	for part := range slices.Chunk(uids, window) {
		set := imap.UIDSetNum(part...)
		err := i.open.do(i.c.Limits.Command, maxAnswer, func() error {
			return i.open.client.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
		})
		if err == nil && i.open.client.Caps().Has(imap.CapUIDPlus) {
			err = i.open.do(i.c.Limits.Fetch, maxAnswer, func() error { return i.open.client.UIDExpunge(set).Close() })
		} else if err == nil {
			i.log.Warn("mails are marked for deletion only: the server has no UIDPLUS", "folder", folder, "count", len(part))
		}
		if err != nil {
			return fmt.Errorf("delete mails: %w", err)
		}
		i.log.Info("mails are deleted from the server", "folder", folder, "count", len(part))
	}
	return nil
}
