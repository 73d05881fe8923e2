// Package parser reads the mail that strangers' programs send and finds in it
// what one person wrote.
//
// The model has two steps, because who wrote is only known after the first:
//
//	Parse    bytes -> Message: what kind of mail is it, who says they sent
//	         it, is that proven, which of our letters does it return?
//	Visible  Message + what we know of the writer -> Text: the words they newly
//	         wrote, without quotes, signatures, banners and footers.
//
// It promises to return for any bytes at all, in time linear in their number,
// with bounded memory, and without looking anything up but through the
// Resolver it is given. It refuses rather than guesses: a mail that is too
// large, too deep or broken is Held, and a reply with nothing left is Empty. In
// doubt a line is kept, for a lost word is worse than a stray one.
package parser

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"
)

// Parser holds what is configured about our own server. The zero value works:
// it trusts no Authentication-Results, knows no address of ours and asks no DNS.
// A Parser may be used by several goroutines at once.
type Parser struct {
	// AuthServIDs are the authserv-ids (RFC 8601 §2.2) whose results are believed.
	AuthServIDs []string

	// Profile names a provider whose own marks are believed: "", "exchange-online" or "gmail".
	Profile string

	// ARCSealers are the domains of forwarders whose sealed word (RFC 8617) is believed, where a server of
	// AuthServIDs says that the chain is whole.
	ARCSealers []string

	// Own are our own addresses; plus-addressed variants of them count too.
	Own []string

	// OwnMark verifies the MAC of an X-Whyloop header against the mail's
	// Message-ID. Nil: no mark is ours.
	OwnMark func(mark, messageID string) bool

	// Resolver looks up TXT records for our own DKIM check (RFC 6376 §3.6.2), which is made
	// when no trusted server says anything. Nil: no check, no network.
	Resolver func(ctx context.Context, name string) ([]string, error)
}

// Class says what kind of mail a Message is.
type Class string

// The classes, in the order they are tried.
const (
	Held       Class = "held"        // over a limit or unreadable: to be looked at by a person
	Own        Class = "own"         // written by whyloop itself
	Loop       Class = "loop"        // has gone round: too many hops, or delivered twice
	BounceHard Class = "bounce-hard" // an address that will never work
	BounceSoft Class = "bounce-soft" // a failure that may pass
	Notice     Class = "notice"      // a delivery or read notice that is no failure (RFC 3464 relayed, RFC 8098)
	Complaint  Class = "complaint"   // an abuse report (RFC 5965)
	AutoReply  Class = "auto-reply"  // a machine answers for a person (RFC 3834)
	Calendar   Class = "calendar"    // an invitation or its answer (RFC 5546), or a recall
	List       Class = "list"        // sent by or through a mailing list (RFC 2369, RFC 2919)
	Spam       Class = "spam"        // the server says so
	Auto       Class = "auto"        // another machine
	Stray      Class = "stray"       // a person perhaps, but nothing says that it answers us: only a proven rep is heard
	Reply      Class = "reply"       // an answer of a person, by all the marks above being absent
)

// Auth is what is proven about the From address.
type Auth string

// The values of Auth. Only AuthPass is a proof.
const (
	AuthNone Auth = "none" // nobody trusted says anything
	AuthPass Auth = "pass" // DMARC, or DKIM aligned with the From domain
	AuthFail Auth = "fail" // a trusted server, or our own check, says no
	AuthTemp Auth = "temp" // our own check could not reach DNS: try again later
)

// Message is a mail as far as it can be read without knowing who wrote it. It is
// a value, safe for concurrent use, and keeps the text parts but no attachments.
type Message struct {
	Class  Class
	Reason string // the rule that decided: a fixed token without mail content, fit for logs

	From     string // the one From mailbox in lower case; "" unless there is exactly one
	FromName string // its display name, decoded, without control characters
	Auth     Auth
	AuthBy   string // what decided Auth: a fixed token

	MessageID  string   // with its angle brackets, "" when there is none
	InReplyTo  []string // message IDs, with angle brackets
	References []string // likewise, oldest first, the last 100
	Subject    string   // decoded, on one line
	Date       time.Time
	To, Cc     []string // addresses in lower case, at most 100 each

	// Recipients are all addresses the mail was visibly delivered to (To, Cc, Delivered-To, X-Original-To,
	// Envelope-To and the like), each once: where a reply token is to be looked for.
	Recipients []string
	ReturnPath string // the envelope sender in lower case, "<>" for the null path, "" when unknown

	BackOn   time.Time // auto-replies: the return date, where one is written; at midnight UTC
	Absence  bool      // replies: the words speak of an absence, in any language; no answer if they come within seconds of our letter
	Bounces  []Bounce  // one a recipient
	Returned Returned  // what of ours a bounce or complaint returns

	// Key is the same for the same mail fetched twice, whatever its UID: hex SHA-256
	// over the normalised Message-ID, From and a hash of the body.
	Key string

	plain, html string
}

// Bounce is what became of one recipient (RFC 3464 §2.3).
type Bounce struct {
	Recipient string // address in lower case, "" when not named
	Status    string // enhanced status code (RFC 3463), "" when none is given or implied
	Action    string // failed, delayed, delivered, relayed, expanded (RFC 3464 §2.3.3)
	Hard      bool   // the address will never work
}

// Returned identifies the letter that a bounce or complaint is about.
type Returned struct {
	MessageIDs []string // Message-IDs of the returned original
	EnvID      string   // Original-Envelope-Id (RFC 3464 §2.2.1)
}

// Known is what is known of the writer before their words are looked for.
type Known struct {
	Sent    []string // plain texts of our recent letters to them
	Name    string   // their name, as configured
	Address string   // their address
	Footers []string // trailing blocks seen before (Text.Footer of other mails)
}

// Text is what a person newly wrote.
type Text struct {
	Body   string // their words, with paragraphs and lists, "" when nothing is left
	Empty  bool   // nothing of their own was found: never guess, ask
	Footer string // the trailing block that was cut or stood last: to be compared with other mails
	Quoted bool   // a letter of Known.Sent was found in the mail
}

// Kind is the form of a body given to Extract.
type Kind string

// The kinds of body.
const (
	Plain Kind = "plain"
	HTML  Kind = "html"
)

// Parse reads one mail with nothing configured.
func Parse(r io.Reader) (Message, error) {
	var p Parser
	return p.Parse(r)
}

// Parse reads one mail. The error is that of r alone: a mail that cannot be read
// is a Message of class Held. At most MaxSize+1 bytes are read.
func (p *Parser) Parse(r io.Reader) (Message, error) {
	raw, err := readAll(io.LimitReader(r, MaxSize+1))
	if err != nil {
		return Message{}, fmt.Errorf("read mail: %w", err)
	}
	return p.parse(raw), nil
}

// readAll is io.ReadAll that copies no more than once: mails may be large and many.
func readAll(r io.Reader) ([]byte, error) {
	var chunks [][]byte
	for size := 16 << 10; ; size = min(2*size, 1<<20) {
		chunk := make([]byte, size)
		n, err := io.ReadFull(r, chunk)
		chunks = append(chunks, chunk[:n])
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			if len(chunks) == 1 {
				return chunks[0], nil
			}
			return bytes.Join(chunks, nil), nil
		case err != nil:
			return nil, err
		}
	}
}

// parse is Parse on bytes that are all there.
func (p *Parser) parse(raw []byte) Message {
	e, held := open(raw)
	m := Message{Auth: AuthNone}
	p.envelope(&m, e)
	if held != "" {
		m.Class, m.Reason = Held, held
		return m
	}
	m.plain, m.html = e.texts()
	m.Key = key(m, raw[e.bodyAt:])
	p.prove(&m, e, raw)
	p.classify(&m, e)
	m.Absence = away(&m)
	return m
}
