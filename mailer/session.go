package mailer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// session is one IMAP connection, signed in. Every wait on it is bounded: imapclient itself
// waits for ever on a connection that is black-holed, and only closing the socket ends that.
type session struct {
	client  *imapclient.Client
	wire    *wire
	limits  IMAPTimeouts
	changed chan struct{} // a new number of messages was announced

	keywords bool // of the selected folder: flags of our own may be set (RFC 3501 §7.1 PERMANENTFLAGS)
}

// errSilent is a server that did not answer in time.
var errSilent = errors.New("server does not answer")

// openSession connects, protects and signs in.
func openSession(ctx context.Context, srv Server, limits IMAPTimeouts) (*session, error) {
	conn, w, err := srv.dial(ctx, limits.Connect, "imap")
	if err != nil {
		return nil, err
	}
	w.own = true
	s := &session{wire: w, limits: limits, changed: make(chan struct{}, 1)}
	opts := &imapclient.Options{
		TLSConfig: srv.tlsConfig(),
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: func(d *imapclient.UnilateralDataMailbox) {
				if d.NumMessages != nil {
					s.ring()
				}
			},
		},
	}
	release := context.AfterFunc(ctx, func() { _ = w.Close() })
	defer release()
	err = s.do(limits.Connect, maxAnswer, func() error {
		if srv.TLS == TLSStart {
			s.client, err = imapclient.NewStartTLS(conn, opts)
			return err
		}
		s.client = imapclient.New(conn, opts)
		return s.client.WaitGreeting()
	})
	if err == nil {
		err = s.signIn(ctx, srv.Auth)
	}
	if err != nil {
		s.close()
		return nil, fmt.Errorf("connect: %w", err)
	}
	return s, nil
}

func (s *session) ring() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// maxAnswer is the most bytes of an answer that is no mail.
const maxAnswer = 4 << 20

// do bounds f in time and in the bytes it may make us read.
func (s *session) do(limit time.Duration, bytes int64, f func() error) error {
	s.wire.allow(bytes)
	watchdog := time.AfterFunc(limit, func() { _ = s.wire.Close() })
	err := f()
	if !watchdog.Stop() {
		return errors.Join(errSilent, err)
	}
	return err
}

// signIn authenticates by what the server offers, or by LOGIN where it offers nothing (RFC 9051 §6.2.3).
func (s *session) signIn(ctx context.Context, auth Auth) error {
	if auth == nil {
		return nil
	}
	return s.do(s.limits.Connect, maxAnswer, func() error {
		offered := mechanisms(s.client.Caps())
		pw, isPassword := auth.(passwordAuth)
		if isPassword && !slices.Contains(offered, "PLAIN") && !s.client.Caps().Has(imap.CapLoginDisabled) {
			return refused(s.client.Login(pw.username, pw.password).Wait())
		}
		client, err := auth.Client(ctx, offered)
		if err != nil {
			return err
		}
		return refused(s.client.Authenticate(client))
	})
}

func mechanisms(caps imap.CapSet) []string {
	var all []string
	for c := range caps {
		if m, ok := strings.CutPrefix(string(c), "AUTH="); ok {
			all = append(all, strings.ToUpper(m))
		}
	}
	return all
}

// refused marks a tagged NO or BAD as a refusal to let us in, unless it says that it will pass (RFC 5530 §3).
func refused(err error) error {
	var e *imap.Error
	if errors.As(err, &e) && e.Code != imap.ResponseCodeUnavailable && e.Code != imap.ResponseCodeInUse {
		return fmt.Errorf("%w: %w", ErrSignIn, err)
	}
	return err
}

// choose selects a folder. A change announced from here on rings.
func (s *session) choose(folder string) (*imap.SelectData, error) {
	select {
	case <-s.changed:
	default:
	}
	var data *imap.SelectData
	err := s.do(s.limits.Command, maxAnswer, func() (err error) {
		data, err = s.client.Select(folder, nil).Wait()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("select folder: %w", err)
	}
	s.keywords = slices.Contains(data.PermanentFlags, imap.FlagWildcard)
	return data, nil
}

// nextUID finds it out where SELECT does not say (RFC 3501 §7.1 lets servers leave it out).
func (s *session) nextUID() (uint32, error) {
	var last uint32
	err := s.do(s.limits.Command, maxAnswer, func() error {
		data, err := s.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: 0, Stop: 0}}}}, nil).Wait()
		if err != nil {
			return err
		}
		for _, u := range data.AllUIDs() {
			last = max(last, uint32(u))
		}
		return nil
	})
	return last + 1, err
}

// search returns UIDs within lo and hi that match, ascending. Both ends are checked here:
// servers answer n:* with the last mail even when its UID is below n.
func (s *session) search(lo, hi uint32, c imap.SearchCriteria) ([]imap.UID, error) {
	c.UID = []imap.UIDSet{{{Start: imap.UID(lo), Stop: imap.UID(hi)}}}
	var uids []imap.UID
	err := s.do(s.limits.Command, maxAnswer, func() error {
		data, err := s.client.UIDSearch(&c, nil).Wait()
		if err == nil {
			uids = data.AllUIDs()
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	uids = slices.DeleteFunc(uids, func(u imap.UID) bool { return uint32(u) < lo || uint32(u) > hi })
	slices.Sort(uids)
	return slices.Compact(uids), nil
}

// mark sets our keyword. A server that refuses is not asked again on this connection.
func (s *session) mark(uids []imap.UID, keyword string) error {
	if !s.keywords || keyword == "" || len(uids) == 0 {
		return nil
	}
	err := s.do(s.limits.Command, maxAnswer, func() error {
		return s.client.Store(imap.UIDSetNum(uids...), &imap.StoreFlags{
			Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.Flag(keyword)},
		}, nil).Close()
	})
	if isNo(err) {
		s.keywords = false
		return nil
	}
	if err != nil {
		return fmt.Errorf("mark mails: %w", err)
	}
	return nil
}

// isNo tells a refused command from a broken connection.
func isNo(err error) bool {
	var e *imap.Error
	return errors.As(err, &e) && !errors.Is(err, errSilent)
}

// canIdle is RFC 2177.
func (s *session) canIdle() bool { return s.client.Caps().Has(imap.CapIdle) }

// idle waits until something changes, limit has passed or ctx ends.
func (s *session) idle(ctx context.Context, limit time.Duration) error {
	var cmd *imapclient.IdleCommand
	err := s.do(s.limits.Command, maxAnswer, func() (err error) {
		cmd, err = s.client.Idle()
		return err
	})
	if err != nil {
		return fmt.Errorf("idle: %w", err)
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-s.changed:
		s.ring() // for whoever selects next to see
	case <-timer.C:
	case <-ctx.Done():
	case <-s.client.Closed():
	}
	err = s.do(s.limits.Command, maxAnswer, func() error {
		return errors.Join(cmd.Close(), cmd.Wait())
	})
	if err != nil {
		return fmt.Errorf("idle: %w", err)
	}
	return nil
}

// close ends the connection without waiting for the server.
func (s *session) close() {
	_ = s.wire.Close() // the socket first: nothing below it can then block
	if s.client != nil {
		_ = s.client.Close()
	}
}

// logout says goodbye first (RFC 9051 §6.1.3).
func (s *session) logout() {
	_ = s.do(time.Second, maxAnswer, func() error { return s.client.Logout().Wait() }) // courtesy
	s.close()
}
