package mailtest

import (
	"fmt"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Mail is a mail as it lies in a mailbox.
type Mail struct {
	UID   uint32
	Flags []string // lower case
	Raw   []byte
}

// Mails returns what lies in a user's folder, in UID order. It is a client of its
// own, which faults do not reach and which sets no flag.
func (s *Servers) Mails(address, folder string) (mails []Mail, err error) {
	u := s.lookup(address)
	if u == nil {
		return nil, fmt.Errorf("inspect: no user %q", address)
	}
	c, err := imapclient.DialInsecure(s.inspect, nil)
	if err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	defer func() { _ = c.Close() }()
	if err := c.Login(u.address, u.password).Wait(); err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	data, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	if data.NumMessages == 0 {
		return nil, nil
	}
	all := imap.SeqSet{{Start: 1, Stop: 0}}
	msgs, err := c.Fetch(all, &imap.FetchOptions{UID: true, Flags: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}}).Collect()
	for _, m := range msgs {
		x := Mail{UID: uint32(m.UID)}
		for _, f := range m.Flags {
			x.Flags = append(x.Flags, string(f))
		}
		if len(m.BodySection) > 0 {
			x.Raw = m.BodySection[0].Bytes
		}
		mails = append(mails, x)
	}
	if err != nil {
		return mails, fmt.Errorf("inspect: %w", err)
	}
	return mails, nil
}
