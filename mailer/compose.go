package mailer

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wneessen/go-mail"

	"whyloop/conversation"
)

// ComposerConfig is what all our letters share.
type ComposerConfig struct {
	From           conversation.Address // the mailbox itself, so that bounces and replies arrive there
	PlusAddressing bool                 // the server delivers local+anything@ to it (RFC 5233)
	Keys           Keys
}

// Composer makes letters' final bytes. The same Head and Wording give the same bytes, as
// long as the first key stays; only a letter with files has boundaries of its own each time. It may be used by several goroutines.
type Composer struct {
	c      ComposerConfig
	local  string
	domain string
}

var _ conversation.Composer = (*Composer)(nil)

// NewComposer checks that the address can be mailed and carries a token.
func NewComposer(c ComposerConfig) (*Composer, error) {
	if err := CheckAddress(c.From.Mail); err != nil {
		return nil, fmt.Errorf("mailbox address: %w", err)
	}
	if err := checkLine("mailbox name", c.From.Name); err != nil {
		return nil, err
	}
	local, domain, _ := strings.Cut(c.From.Mail, "@")
	if c.PlusAddressing && len(local)+1+tokenChars > maxLocal {
		return nil, fmt.Errorf("mailbox address: no room for a reply token of %d characters in a local part of %d", tokenChars, maxLocal)
	}
	if len(c.Keys.keys) == 0 {
		return nil, errors.New("composer has no keys")
	}
	return &Composer{c, local, strings.ToLower(domain)}, nil
}

// MessageID is what a letter of that key is sent under, without angle brackets.
func (c *Composer) MessageID(letterKey string) string {
	return c.c.Keys.mint(forMessageID, letterKey) + "@" + c.domain
}

// tokenMark stands after a token in the local part of a References entry of ours.
const tokenMark = ".q"

// Compose implements conversation.Composer. An error means that the letter can never be sent
// as it is: an address, a name or a subject does not fit a header.
func (c *Composer) Compose(h conversation.Head, w conversation.Wording) (conversation.Letter, error) {
	if err := c.check(h, w); err != nil {
		return conversation.Letter{}, fmt.Errorf("compose %s: %w", h.Kind, err)
	}
	l := conversation.Letter{
		Key: h.Key, Conversation: h.Conversation, Kind: h.Kind,
		MessageID: c.MessageID(h.Key),
		To:        slices.Clone(h.To), Cc: slices.Clone(h.Cc),
		NotBefore: h.NotBefore,
		Text:      w.Text,
	}
	if h.Replies {
		l.Token = c.c.Keys.Token(h.Key)
	}
	m := c.message(h, w, l)
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return conversation.Letter{}, fmt.Errorf("compose %s: %w", h.Kind, err)
	}
	l.Raw = b.Bytes()
	if err := checkLines(l.Raw); err != nil {
		return conversation.Letter{}, fmt.Errorf("compose %s: %w", h.Kind, err)
	}
	return l, nil
}

// check refuses whatever could break a header or the transaction that carries it.
func (c *Composer) check(h conversation.Head, w conversation.Wording) error {
	switch {
	case h.Key == "":
		return errors.New("letter has no key")
	case len(h.To) == 0:
		return errors.New("letter has no recipient")
	case h.Date.IsZero():
		return errors.New("letter has no date")
	case !utf8.ValidString(w.Subject) || !utf8.ValidString(w.Text) || !utf8.ValidString(w.HTML):
		return errors.New("wording is not UTF-8")
	case strings.Contains(w.Text, "\x00") || strings.Contains(w.HTML, "\x00"):
		return errors.New("wording has a NUL")
	}
	all := slices.Concat(h.To, h.Cc)
	if h.ReplyTo.Mail != "" {
		all = append(all, h.ReplyTo)
	}
	for _, a := range all {
		if err := errors.Join(CheckAddress(a.Mail), checkLine("name", a.Name)); err != nil {
			return err
		}
		if !utf8.ValidString(a.Name) {
			return errors.New("name is not UTF-8")
		}
	}
	for _, f := range w.Files {
		if err := errors.Join(checkLine("file name", f.Name), checkLine("file type", f.Type)); err != nil {
			return err
		}
	}
	for _, id := range h.Refs {
		if err := checkID(id); err != nil {
			return err
		}
	}
	return errors.Join(checkLine("subject", w.Subject), checkLine("language", h.Language))
}

// message fills in the fields. go-mail writes them sorted by name, From, To and Cc last.
func (c *Composer) message(h conversation.Head, w conversation.Wording, l conversation.Letter) *mail.Msg {
	m := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP), mail.WithNoDefaultUserAgent())
	if len(w.Files) == 0 { // go-mail uses a set boundary for every level, and two must differ
		m.SetBoundary(c.boundary(l))
	}
	m.FromMailAddress(header(c.c.From))
	m.ToMailAddress(headers(h.To)...)
	if len(h.Cc) > 0 {
		m.CcMailAddress(headers(h.Cc)...)
	}
	if l.Token != "" && c.c.PlusAddressing {
		m.ReplyToMailAddress(header(conversation.Address{Name: c.c.From.Name, Mail: c.replyTo(l.Token)}))
	}
	if l.Token == "" && h.ReplyTo.Mail != "" {
		m.ReplyToMailAddress(header(h.ReplyTo))
	}
	m.SetDateWithValue(h.Date)
	m.SetMessageIDWithValue(l.MessageID)
	m.Subject(subject(h, w))
	c.thread(m, h, l)
	m.SetGenHeader("Auto-Submitted", autoSubmitted(h)) // RFC 3834 §5
	// Bits of MS-OXCMAIL §2.2.3.2.14. Never All or NDR, which would withhold bounces; OOF is
	// left out so that absences can be learnt.
	m.SetGenHeader("X-Auto-Response-Suppress", "DR, RN, NRN, AutoReply")
	if h.Bulk {
		m.SetGenHeader("Precedence", "bulk")
	}
	m.SetGenHeader("X-Whyloop", c.c.Keys.mint(forMark, l.MessageID))
	if h.Language != "" {
		m.SetGenHeader(mail.HeaderContentLang, h.Language)
	}
	m.SetBodyString(mail.TypeTextPlain, lines(w.Text))
	if w.HTML != "" {
		m.AddAlternativeString(mail.TypeTextHTML, lines(w.HTML))
	}
	for _, f := range w.Files {
		m.AttachReadSeeker(f.Name, bytes.NewReader(f.Data), mail.WithFileContentType(mail.ContentType(f.Type)))
	}
	return m
}

// thread sets In-Reply-To and References (RFC 5322 §3.6.4). Our own entry stands in
// References because clients copy them even where a server has rewritten the Message-ID.
func (c *Composer) thread(m *mail.Msg, h conversation.Head, l conversation.Letter) {
	refs := trimRefs(h.Refs)
	answers := bareID(h.Answers)
	if checkID(answers) != nil {
		answers = "" // a stranger's ID that does not fit a header is not repeated
	}
	switch {
	case answers != "" && !slices.Contains(refs, answers):
		refs = append(refs, answers)
	case answers == "" && len(refs) > 0:
		answers = refs[len(refs)-1]
	}
	if l.Token != "" {
		refs = slices.Insert(refs, min(1, len(refs)), l.Token+tokenMark+"@"+c.domain)
	}
	if answers != "" {
		m.SetGenHeader(mail.HeaderInReplyTo, "<"+answers+">")
	}
	if len(refs) > 0 {
		m.SetGenHeader(mail.HeaderReferences, "<"+strings.Join(refs, "> <")+">")
	}
}

// keepRefs is how many Message-IDs of a thread are named: its root, and the newest.
const keepRefs = 10

func trimRefs(refs []string) []string {
	if len(refs) <= keepRefs {
		return slices.Clone(refs)
	}
	return append([]string{refs[0]}, refs[len(refs)-keepRefs+1:]...)
}

// replyTo is where a reply to the letter of that token goes.
func (c *Composer) replyTo(token string) string { return c.local + "+" + token + "@" + c.domain }

func (c *Composer) boundary(l conversation.Letter) string {
	return "whyloop-" + c.c.Keys.mint(forBoundary, l.MessageID)
}

// subject adds "Re: " to every letter of a thread but the first.
func subject(h conversation.Head, w conversation.Wording) string {
	if len(h.Refs) == 0 {
		return w.Subject
	}
	return "Re: " + w.Subject
}

func autoSubmitted(h conversation.Head) string {
	if h.InReply {
		return "auto-replied"
	}
	return "auto-generated"
}

// header makes an address of a field. A backslash would stand bare in an encoded word, which RFC 2047
// §5(3) does not allow in a name and some readers then lose the address over.
func header(a conversation.Address) *netmail.Address {
	return &netmail.Address{Name: strings.ReplaceAll(a.Name, `\`, "/"), Address: a.Mail}
}

func headers(all []conversation.Address) []*netmail.Address {
	var out []*netmail.Address
	for _, a := range all {
		out = append(out, header(a))
	}
	return out
}

// lines ends every line by CRLF, whatever ended it before.
func lines(s string) string {
	s = strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n").Replace(s)
	if !strings.HasSuffix(s, "\r\n") {
		s += "\r\n"
	}
	return s
}

// maxLine is the most octets of a line without its CRLF (RFC 5322 §2.1.1).
const maxLine = 998

// checkLines makes sure of the bytes: CRLF alone ends a line (RFC 5321 §2.3.8), no line is too
// long, no NUL, nothing but ASCII. A bare CR or LF is what SMTP smuggling is made of.
func checkLines(raw []byte) error {
	start := 0
	for i, b := range raw {
		switch {
		case b == '\n' && (i == 0 || raw[i-1] != '\r'), b == '\r' && (i+1 == len(raw) || raw[i+1] != '\n'):
			return errors.New("message has a bare CR or LF")
		case b == 0 || b > '~' && b != '\t':
			return errors.New("message has a NUL or an 8-bit character")
		case b == '\n':
			start = i + 1
		case i-start > maxLine:
			return errors.New("message has a line that is too long")
		}
	}
	if !bytes.HasSuffix(raw, []byte("\r\n")) {
		return errors.New("message does not end with a line break")
	}
	return nil
}
