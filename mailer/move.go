package mailer

import (
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"
)

// move brings handled mails into the processed folder, in one command at the end of a pass: MOVE
// costs six times a STORE. Mail is moved only where nothing can be lost by it.
func (p *pass) move() error {
	uids := p.tidy
	p.tidy = nil
	if p.c.Processed == "" || p.c.Processed == p.folder || len(uids) == 0 {
		return nil
	}
	set := imap.UIDSetNum(uids...)
	caps := p.s.client.Caps()
	var err error
	switch {
	case caps.Has(imap.CapMove): // RFC 6851: atomic
		err = p.s.withFolder(p.c.Processed, func() error { _, err := p.s.client.Move(set, p.c.Processed).Wait(); return err })
	case caps.Has(imap.CapUIDPlus):
		err = p.s.copyAndExpunge(set, p.c.Processed)
	default:
		return nil // EXPUNGE would take along what anyone else has marked \Deleted
	}
	if isNo(err) {
		p.log.Warn("handled mails could not be moved, they stay", "count", len(uids))
		return nil
	}
	if err != nil {
		return fmt.Errorf("move mails: %w", err)
	}
	return nil
}

// withFolder tries a command, and once more after making the folder it wants.
func (s *session) withFolder(folder string, f func() error) error {
	err := s.do(s.limits.Fetch, maxAnswer, f)
	var e *imap.Error
	if !errors.As(err, &e) || e.Code != imap.ResponseCodeTryCreate && e.Code != imap.ResponseCodeNonExistent {
		return err
	}
	if err := s.do(s.limits.Command, maxAnswer, func() error { return s.client.Create(folder, nil).Wait() }); err != nil {
		return err
	}
	return s.do(s.limits.Fetch, maxAnswer, f)
}

// copyAndExpunge is MOVE by hand (RFC 6851 §3.3): each step waits for the one before, so that
// nothing is marked \Deleted that was not copied, and UID EXPUNGE (RFC 4315 §2.1) takes only these.
func (s *session) copyAndExpunge(set imap.UIDSet, folder string) error {
	if err := s.withFolder(folder, func() error { _, err := s.client.Copy(set, folder).Wait(); return err }); err != nil {
		return err
	}
	err := s.do(s.limits.Command, maxAnswer, func() error {
		return s.client.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
	})
	if err != nil {
		return err
	}
	return s.do(s.limits.Command, maxAnswer, func() error { return s.client.UIDExpunge(set).Close() })
}
