package mailtest

import (
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

func (s *Servers) newIMAP(tlsConfig *tls.Config) *imapserver.Server {
	caps := imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapNamespace: {}}
	if !s.opts.NoMove {
		caps[imap.CapMove] = struct{}{}
	}
	if !s.opts.NoUIDPlus {
		caps[imap.CapUIDPlus] = struct{}{}
	}
	return imapserver.New(&imapserver.Options{
		Caps:         caps,
		TLSConfig:    tlsConfig,
		InsecureAuth: true, // the sockets are loopback's
		Logger:       quiet(),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			s.wg.Add(1)
			return &imapSession{servers: s}, nil, nil
		},
	})
}

func (s *Servers) imapConn(c net.Conn) net.Conn {
	ask := func(st Step) Fault {
		s.mu.Lock()
		h := s.imapHook
		s.mu.Unlock()
		if h == nil {
			return Fault{}
		}
		s.asking.Lock()
		defer s.asking.Unlock()
		return h(st)
	}
	return &scripted{Conn: c, ask: ask, id: s.imapSteps.conn(), count: &s.imapSteps}
}

// imapSession adds to the library's session the epoch, the switches and more ways to sign in.
type imapSession struct {
	*imapmemserver.UserSession // nil until signed in
	servers                    *Servers
	closeOnce                  sync.Once
}

func (x *imapSession) Close() error {
	x.closeOnce.Do(x.servers.wg.Done)
	return x.UserSession.Close()
}

// Login is LOGIN (RFC 3501 §6.2.3).
func (x *imapSession) Login(name, password string) error {
	u, err := x.servers.signIn(name, password)
	if err == nil {
		x.enter(u)
	}
	return err
}

func (x *imapSession) enter(u *user) { x.UserSession = imapmemserver.NewUserSession(u.box) }

// AuthenticateMechanisms are what AUTHENTICATE offers.
func (x *imapSession) AuthenticateMechanisms() []string { return x.servers.mechanisms() }

// Authenticate begins a sign-in.
func (x *imapSession) Authenticate(mech string) (sasl.Server, error) {
	return x.servers.saslServer(mech, x.enter)
}

func (x *imapSession) validity(v uint32) uint32 { return v + x.servers.epoch.Load() }

func (x *imapSession) Select(name string, o *imap.SelectOptions) (*imap.SelectData, error) {
	data, err := x.UserSession.Select(name, o)
	if err != nil {
		return nil, err
	}
	data.UIDValidity = x.validity(data.UIDValidity)
	if x.servers.opts.NoKeywords {
		data.PermanentFlags = []imap.Flag{imap.FlagSeen, imap.FlagDeleted, imap.FlagAnswered, imap.FlagFlagged}
	}
	return data, nil
}

func (x *imapSession) Status(name string, o *imap.StatusOptions) (*imap.StatusData, error) {
	data, err := x.UserSession.Status(name, o)
	if err == nil && o.UIDValidity {
		data.UIDValidity = x.validity(data.UIDValidity)
	}
	return data, err
}

func (x *imapSession) Append(name string, r imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	data, err := x.UserSession.Append(name, r, o)
	if err == nil {
		data.UIDValidity = x.validity(data.UIDValidity)
	}
	return data, err
}

func (x *imapSession) Copy(set imap.NumSet, dest string) (*imap.CopyData, error) {
	data, err := x.UserSession.Copy(set, dest)
	if err == nil {
		data.UIDValidity = x.validity(data.UIDValidity)
	}
	return data, err
}

// Move is COPY, STORE and EXPUNGE under the library's eyes, for the epoch in COPYUID.
func (x *imapSession) Move(w *imapserver.MoveWriter, set imap.NumSet, dest string) error {
	if x.servers.opts.NoMove {
		return &imap.Error{Type: imap.StatusResponseTypeBad, Text: "MOVE is not supported"}
	}
	data, err := x.Copy(set, dest)
	if err != nil {
		return err
	}
	if err := w.WriteCopyData(data); err != nil {
		return err
	}
	deleted := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := x.UserSession.Store(nil, set, deleted, nil); err != nil {
		return err
	}
	return x.UserSession.Expunge(nil, &data.SourceUIDs)
}

// Store refuses keywords where there are none.
func (x *imapSession) Store(w *imapserver.FetchWriter, set imap.NumSet, f *imap.StoreFlags, o *imap.StoreOptions) error {
	if x.servers.opts.NoKeywords {
		for _, flag := range f.Flags {
			if !strings.HasPrefix(string(flag), `\`) {
				return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeCannot, Text: "No keywords here"}
			}
		}
	}
	return x.UserSession.Store(w, set, f, o)
}

// Expunge refuses UID EXPUNGE where there is none.
func (x *imapSession) Expunge(w *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	if x.servers.opts.NoUIDPlus && uids != nil {
		return &imap.Error{Type: imap.StatusResponseTypeBad, Text: "UIDPLUS is not supported"}
	}
	return x.UserSession.Expunge(w, uids)
}

// idleEvery is how often IDLE looks for news. The library's own loses what came just before it.
const idleEvery = 2 * time.Millisecond

// Idle is RFC 2177.
func (x *imapSession) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	tick := time.NewTicker(idleEvery)
	defer tick.Stop()
	for {
		if err := x.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-stop:
			return nil
		case <-tick.C:
		}
	}
}
