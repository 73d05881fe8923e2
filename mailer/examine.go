package mailer

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Protection is how a connection was protected. The zero value: not at all.
type Protection struct {
	Version string    // "TLS 1.3"
	Expires time.Time // of the server's certificate
}

// observed has the TLS connection noted once its certificate was accepted.
func (s Server) observed(p *Protection) Server {
	s.observe = func(c tls.ConnectionState) error {
		p.Version = tls.VersionName(c.Version)
		if len(c.PeerCertificates) > 0 {
			p.Expires = c.PeerCertificates[0].NotAfter
		}
		return nil
	}
	return s
}

// Folder is one of a mailbox's, as the server lists it.
type Folder struct {
	Name string
	Junk bool // for suspected spam (RFC 6154 §2), or named so
}

// MailboxReport is what a look at a mailbox found.
type MailboxReport struct {
	Protection
	Idle     bool // RFC 2177, and it was tried
	Move     bool // RFC 6851
	UIDPlus  bool // RFC 4315
	Keywords bool // flags of our own may be set in the watched folder
	Folders  []Folder
}

// Mailbox is one that is looked at, not worked on: nothing in it is marked or moved, so that a daemon
// may read it at the same time. It is for one goroutine.
type Mailbox struct {
	MailboxReport
	c    InboxConfig
	s    *session
	next map[string]uint32 // folder -> the first UID not looked at
}

// OpenMailbox signs in, looks at what the server can do and at each folder of c, and notes where new mail
// begins. The error may quote the server; one about a folder wraps ErrFolder.
func OpenMailbox(ctx context.Context, c InboxConfig) (*Mailbox, error) {
	m := &Mailbox{c: c.withDefaults(), next: map[string]uint32{}}
	if err := c.Server.check(); err != nil {
		return nil, err
	}
	var err error
	if m.s, err = openSession(ctx, c.Server.observed(&m.Protection), m.c.Limits); err != nil {
		return nil, err
	}
	defer m.s.wire.closeAfter(ctx, 0)()
	if err := m.look(ctx); err != nil {
		m.s.close()
		return nil, err
	}
	return m, nil
}

// ErrFolder is a folder that cannot be opened.
var ErrFolder = errors.New("folder cannot be opened")

func (m *Mailbox) look(ctx context.Context) error {
	caps := m.s.client.Caps()
	m.Move, m.UIDPlus = caps.Has(imap.CapMove), caps.Has(imap.CapUIDPlus)
	if err := m.list(); err != nil {
		return err
	}
	for _, f := range m.folders() {
		err := m.begin(f)
		if isNo(err) && f == m.c.Processed {
			m.next[f] = 1 // the daemon makes it
			continue
		}
		if isNo(err) {
			return fmt.Errorf("%w: %q; there are %s: %w", ErrFolder, f, m.names(), err)
		}
		if err != nil {
			return err
		}
	}
	m.Keywords = m.s.keywords // of the watched folder, which was opened last
	m.Idle = m.s.canIdle() && m.s.idle(ctx, 0) == nil
	return nil
}

// folders are those that mail can be found in, the watched one last.
func (m *Mailbox) folders() []string {
	var all []string
	for _, f := range []string{m.c.Processed, m.c.Junk} {
		if f != "" && f != m.c.Folder && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	return append(all, m.c.Folder)
}

func (m *Mailbox) begin(folder string) (err error) {
	_, m.next[folder], err = m.open(folder)
	return err
}

// open selects a folder and tells the UID that its next mail will have.
func (m *Mailbox) open(folder string) (data *imap.SelectData, next uint32, err error) {
	if data, err = m.s.choose(folder); err != nil {
		return nil, 0, err
	}
	if next = uint32(data.UIDNext); next == 0 {
		next, err = m.s.nextUID()
	}
	return data, next, err
}

// list asks for the folders, and what they are for where the server tells (RFC 6154).
func (m *Mailbox) list() error {
	var o *imap.ListOptions
	if m.s.client.Caps().Has(imap.CapSpecialUse) {
		o = &imap.ListOptions{ReturnSpecialUse: true}
	}
	var all []*imap.ListData
	err := m.s.do(m.s.limits.Command, maxAnswer, func() (err error) {
		all, err = m.s.client.List("", "*", o).Collect()
		return err
	})
	if err != nil {
		return fmt.Errorf("list folders: %w", err)
	}
	for _, d := range all {
		m.Folders = append(m.Folders, Folder{d.Mailbox, slices.Contains(d.Attrs, imap.MailboxAttrJunk) || isJunkName(d)})
	}
	return nil
}

// names are the first folders, for a person to choose from.
func (m *Mailbox) names() string {
	var all []string
	for _, f := range m.Folders[:min(len(m.Folders), 20)] {
		all = append(all, fmt.Sprintf("%q", f.Name))
	}
	return strings.Join(all, ", ")
}

// isJunkName knows what servers without special use call it.
func isJunkName(d *imap.ListData) bool {
	name := d.Mailbox
	if i := strings.LastIndexFunc(name, func(r rune) bool { return r == d.Delim }); i >= 0 && d.Delim != 0 {
		name = name[i+1:]
	}
	return slices.Contains([]string{"junk", "spam", "junk email", "junk e-mail", "bulk mail"}, strings.ToLower(name))
}

// New returns the mails that have come since the last call and in whose subject it says mark, wherever the
// server or a daemon has put them. Of all others nothing but the subject is read.
func (m *Mailbox) New(ctx context.Context, mark string) ([]Arrived, error) {
	defer m.s.wire.closeAfter(ctx, 0)()
	var all []Arrived
	for _, f := range m.folders() {
		mails, err := m.newIn(f, mark)
		if isNo(err) && f == m.c.Processed {
			continue // not made yet
		}
		if err != nil {
			return all, err
		}
		all = append(all, mails...)
	}
	return all, nil
}

func (m *Mailbox) newIn(folder, mark string) ([]Arrived, error) {
	data, next, err := m.open(folder)
	if err != nil || next <= m.next[folder] {
		return nil, err
	}
	uids, err := m.subjects(m.next[folder], next-1, mark)
	if err != nil {
		return nil, err
	}
	m.next[folder] = next
	if len(uids) == 0 {
		return nil, nil
	}
	sizes, err := m.s.sizes(uids)
	if err != nil || len(sizes) == 0 {
		return nil, err
	}
	mails, err := m.s.fetch(sizes, m.c.MaxMail)
	for i := range mails {
		mails[i].Folder, mails[i].Validity = folder, data.UIDValidity
	}
	return mails, err
}

// subjects finds the mails with a mark in their subject. It reads the subjects itself: a server's index may
// come minutes after the mail.
func (m *Mailbox) subjects(lo, hi uint32, mark string) (found []imap.UID, err error) {
	section := &imap.FetchItemBodySection{Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"Subject"}, Peek: true}
	set := imap.UIDSet{{Start: imap.UID(lo), Stop: imap.UID(hi)}}
	err = m.s.do(m.s.limits.Fetch, maxAnswer, func() error {
		cmd := m.s.client.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			if uid, subject := readSubject(msg); uint32(uid) >= lo && uint32(uid) <= hi && strings.Contains(subject, mark) {
				found = append(found, uid)
			}
		}
		return cmd.Close()
	})
	if err != nil {
		return nil, fmt.Errorf("read subjects: %w", err)
	}
	return found, nil
}

// maxSubject is the most bytes of a subject that are looked at.
const maxSubject = 16 << 10

func readSubject(msg *imapclient.FetchMessageData) (uid imap.UID, subject string) {
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = item.UID
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			raw, _ := io.ReadAll(io.LimitReader(item.Literal, maxSubject)) // what could be read is looked at; a broken connection shows at the end
			subject = strings.NewReplacer("\r\n ", " ", "\r\n\t", " ").Replace(string(raw))
			if decoded, err := new(mime.WordDecoder).DecodeHeader(subject); err == nil {
				subject = decoded
			}
		}
	}
	return uid, subject
}

// Remove deletes a mail that New returned, where the server can delete it alone (RFC 4315 §2.1); elsewhere
// it stays.
func (m *Mailbox) Remove(ctx context.Context, a Arrived) error {
	defer m.s.wire.closeAfter(ctx, 0)()
	if !m.UIDPlus {
		return nil
	}
	if data, err := m.s.choose(a.Folder); err != nil || data.UIDValidity != a.Validity {
		return err
	}
	set := imap.UIDSetNum(imap.UID(a.UID))
	err := m.s.do(m.s.limits.Command, maxAnswer, func() error {
		return m.s.client.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}, nil).Close()
	})
	if err != nil {
		return fmt.Errorf("delete mail: %w", err)
	}
	return m.s.do(m.s.limits.Command, maxAnswer, func() error { return m.s.client.UIDExpunge(set).Close() })
}

// Close signs out.
func (m *Mailbox) Close() { m.s.logout() }

// ErrSender is a server that does not let us send in the mailbox's name.
var ErrSender = errors.New("sender refused")

// SenderReport is what a look at the SMTP server found.
type SenderReport struct {
	Protection
	DSN bool // RFC 3461: bounces name the letter
}

// Examine connects, signs in, and begins a mail from the mailbox to itself that it does not send. The error
// may quote the server; one about the envelope wraps ErrSender.
func (s *Sender) Examine(ctx context.Context) (r SenderReport, err error) {
	s.Close()
	was := s.c.Server
	defer func() { s.c.Server = was }()
	s.c.Server = was.observed(&r.Protection)
	if err := s.connect(ctx); err != nil {
		return r, err
	}
	defer s.Close()
	defer s.wire.closeAfter(ctx, 0)()
	r.DSN = s.dsn
	s.deadline(s.c.Limits.Connect)
	err = s.client.Mail("<" + s.c.From + ">")
	if err == nil {
		err = s.client.Rcpt("<" + s.c.From + ">")
	}
	if err != nil {
		return r, fmt.Errorf("%w: %w", ErrSender, err)
	}
	return r, s.client.Reset()
}
