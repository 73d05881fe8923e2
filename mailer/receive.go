package mailer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/crash"
	"whyloop/parser"
)

// DeskConfig says whose mail it is.
type DeskConfig struct {
	Address string // our mailbox
	Keys    Keys   // tokens and Message-IDs under any other say nothing; none: all are looked up
	Shared  bool   // others' mail arrives there too: what is not ours stays untouched
}

// Holder keeps what nothing was done about; a Ledger does.
type Holder interface {
	Hold(ctx context.Context, h conversation.HeldMail) error
}

// Desk sorts what arrives: a person's reply goes to the coach, what machines say about our letters
// does as a notice, what is doubtful is held, and the rest is counted and left. It
// answers nothing by itself. It may be used by several goroutines.
type Desk struct {
	parser *parser.Parser
	coach  conversation.Receiver
	holder Holder
	c      DeskConfig
	local  string // of our address, lower case
	domain string
	log    *slog.Logger
	now    func() time.Time

	mu     sync.Mutex
	counts map[string]int
}

var _ Handler = (*Desk)(nil)

// NewDesk makes a Desk. The error is that of the address.
func NewDesk(p *parser.Parser, coach conversation.Receiver, holder Holder, c DeskConfig, log *slog.Logger, now func() time.Time) (*Desk, error) {
	if err := CheckAddress(c.Address); err != nil {
		return nil, fmt.Errorf("mailbox address: %w", err)
	}
	local, domain, _ := strings.Cut(strings.ToLower(c.Address), "@")
	return &Desk{parser: p, coach: coach, holder: holder, c: c, local: local, domain: domain, log: log, now: now, counts: map[string]int{}}, nil
}

// Counts returns how many mails were seen of each class, and under "held:" and the reason how many
// were held.
func (d *Desk) Counts() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := make(map[string]int, len(d.counts))
	for k, n := range d.counts {
		out[k] = n
	}
	return out
}

func (d *Desk) count(what string) {
	d.mu.Lock()
	d.counts[what]++
	d.mu.Unlock()
}

// Handle implements Handler.
func (d *Desk) Handle(ctx context.Context, a Arrived) (Handled, error) {
	m, err := d.parser.Parse(bytes.NewReader(a.Raw))
	if err != nil {
		return Handled{}, fmt.Errorf("parse mail: %w", err)
	}
	crash.Point("desk.parsed")
	d.count(string(m.Class))
	d.log.Debug("mail read", "uid", a.UID, "class", m.Class, "reason", m.Reason, "auth", m.Auth, "cut", a.Cut)
	if d.c.Keys.IsTrial(m.Subject, d.now()) {
		d.count("trial")
		return Handled{}, nil
	}
	switch m.Class {
	case parser.Own:
		return Handled{}, nil
	case parser.BounceHard, parser.BounceSoft, parser.Complaint, parser.AutoReply:
		return d.notices(ctx, a, m)
	case parser.Reply, parser.Stray: // a stray answers nothing of ours: a proven rep's "start" may, the coach knows
		return d.reply(ctx, a, m)
	case parser.Held:
		return d.hold(ctx, a, m, m.Reason, "")
	case parser.Loop:
		d.log.Error("mail goes round", "uid", a.UID, "reason", m.Reason)
	}
	return Handled{Foreign: d.c.Shared}, nil
}

// hold keeps a mail for the admin. In a shared mailbox it is not ours to keep, unless it names a letter of
// ours or a conversation.
func (d *Desk) hold(ctx context.Context, a Arrived, m parser.Message, reason, conv string) (Handled, error) {
	if d.c.Shared && conv == "" && len(d.tokens(m)) == 0 && !d.namesUs(m) {
		return Handled{Foreign: true}, nil
	}
	h := conversation.HeldMail{Key: m.Key, Reason: reason, Conversation: conv, At: a.At, Raw: a.Raw}
	if err := d.holder.Hold(ctx, h); err != nil {
		return Handled{}, fmt.Errorf("hold mail: %w", err)
	}
	d.count("held:" + reason)
	d.log.Info("mail is held", "reason", reason, "conversation", conv)
	return Handled{}, nil
}

// reply takes a person's mail to the coach.
func (d *Desk) reply(ctx context.Context, a Arrived, m parser.Message) (Handled, error) {
	if m.Auth == parser.AuthTemp {
		return Handled{}, fmt.Errorf("sender's proof: DNS does not answer: %w", ErrLater)
	}
	res, err := d.coach.Receive(ctx, d.inbound(a, m))
	if err != nil {
		return Handled{}, fmt.Errorf("receive reply: %w", err)
	}
	if res.Hold != "" {
		return d.hold(ctx, a, m, res.Hold, res.Conversation)
	}
	d.log.Info("reply taken", "conversation", res.Conversation, "again", res.Again)
	return Handled{}, nil
}

// inbound puts a parsed mail into the coach's words.
func (d *Desk) inbound(a Arrived, m parser.Message) conversation.Inbound {
	return conversation.Inbound{
		Key:       m.Key,
		Ref:       d.ref(m),
		MessageID: bareID(m.MessageID),
		Digest:    digest(m, a.Raw),
		Proof:     proof(m.Auth),
		At:        a.At,
		Absence:   m.Absence,
		To:        slices.Concat(m.To, m.Cc),
		Mail:      mailOf{m},
	}
}

// ref collects all that says which letter a mail answers.
func (d *Desk) ref(m parser.Message) conversation.Ref {
	r := conversation.Ref{Tokens: d.tokens(m), From: m.From}
	for _, id := range m.InReplyTo {
		r.MessageIDs = appendNew(r.MessageIDs, d.believed(id))
	}
	for k := len(m.References) - 1; k >= 0; k-- {
		r.MessageIDs = appendNew(r.MessageIDs, d.believed(m.References[k]))
	}
	return r
}

// believed is a Message-ID without its brackets, or "" where it could be ours and its key was retired.
func (d *Desk) believed(id string) string {
	id = bareID(id)
	if local, domain, _ := strings.Cut(strings.ToLower(id), "@"); domain == d.domain && d.c.Keys.retired(local) {
		return ""
	}
	return id
}

// verpMark stands before the token in the address that bounces go to.
const verpMark = "b"

// tokens finds reply tokens in the addresses a mail went to and in its References, the newest first.
func (d *Desk) tokens(m parser.Message) []string {
	var all []string
	for _, to := range m.Recipients {
		local, domain, _ := strings.Cut(strings.ToLower(to), "@")
		detail, ok := strings.CutPrefix(local, d.local+"+")
		if len(detail) == tokenChars+1 { // the envelope sender of a letter, which its bounces go to
			detail = strings.TrimPrefix(detail, verpMark)
		}
		if ok && domain == d.domain && looksLikeToken(detail) && !d.c.Keys.retired(detail) {
			all = appendNew(all, detail)
		}
	}
	for k := len(m.References) - 1; k >= 0; k-- {
		local, domain, _ := strings.Cut(strings.ToLower(bareID(m.References[k])), "@")
		token, ok := strings.CutSuffix(local, tokenMark)
		if ok && domain == d.domain && looksLikeToken(token) && !d.c.Keys.retired(token) {
			all = appendNew(all, token)
		}
	}
	return all
}

// namesUs tells whether a mail refers to any Message-ID that could be ours.
func (d *Desk) namesUs(m parser.Message) bool {
	for _, id := range append(d.ref(m).MessageIDs, m.Returned.MessageIDs...) {
		if _, domain, _ := strings.Cut(bareID(id), "@"); strings.EqualFold(domain, d.domain) {
			return true
		}
	}
	return false
}

func appendNew(all []string, s string) []string {
	for _, have := range all {
		if have == s {
			return all
		}
	}
	if s == "" {
		return all
	}
	return append(all, s)
}

func proof(a parser.Auth) conversation.Proof {
	switch a {
	case parser.AuthPass:
		return conversation.ProofPass
	case parser.AuthFail:
		return conversation.ProofFail
	}
	return conversation.ProofNone
}

// digest recognises the same words sent again, whatever the boundaries and dates around them.
func digest(m parser.Message, raw []byte) string {
	text, _ := m.Visible(parser.Known{}) // where it fails there are no words either
	body := []byte(text.Body)
	if len(body) == 0 {
		_, body, _ = bytes.Cut(raw, []byte("\r\n\r\n"))
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:16])
}

// mailOf is a parsed message as the coach asks it.
type mailOf struct{ m parser.Message }

// Visible implements conversation.Mail.
func (o mailOf) Visible(k conversation.Known) (conversation.Visible, error) {
	t, err := o.m.Visible(parser.Known{Sent: k.Sent, Name: k.Name, Address: k.Address, Footers: k.Footers})
	return conversation.Visible{Text: t.Body, Footer: t.Footer}, err
}

// notices takes a machine's mail to the coach, when it names a letter of ours.
func (d *Desk) notices(ctx context.Context, a Arrived, m parser.Message) (Handled, error) {
	ours := false
	for k, n := range d.noticesOf(a, m) {
		if k > 0 {
			n.ID += "/" + strconv.Itoa(k)
		}
		if len(n.Ref.Tokens) == 0 && len(n.Ref.MessageIDs) == 0 {
			continue // anyone can write a bounce
		}
		res, err := d.coach.Notice(ctx, n)
		if err != nil {
			return Handled{}, fmt.Errorf("take notice: %w", err)
		}
		ours = ours || res.Done
		d.log.Info("notice taken", "kind", n.Kind, "status", n.Status, "conversation", res.Conversation, "again", res.Again)
	}
	if !ours {
		d.count("not-ours:" + string(m.Class))
	}
	return Handled{Foreign: d.c.Shared && !ours}, nil
}

// noticesOf makes one notice a recipient.
func (d *Desk) noticesOf(a Arrived, m parser.Message) []conversation.Notice {
	n := conversation.Notice{ID: m.Key, Ref: d.ref(m), At: a.At}
	if m.Class != parser.AutoReply {
		n.Ref = d.returned(m)
	}
	switch m.Class {
	case parser.AutoReply:
		n.Kind, n.Back, n.Recipient = conversation.NoticeAbsence, m.BackOn, m.From
		return []conversation.Notice{n}
	case parser.Complaint:
		n.Kind = conversation.NoticeComplaint
		return []conversation.Notice{n}
	}
	var all []conversation.Notice // one at least: it was no bounce else
	for _, b := range m.Bounces {
		if b.Action != "" && b.Action != "failed" && b.Action != "delayed" {
			continue // delivered, relayed, expanded: no failure (RFC 3464 §2.3.3)
		}
		one := n
		one.Recipient, one.Status, one.Kind = b.Recipient, b.Status, conversation.NoticeSoft
		if b.Hard {
			one.Kind = conversation.NoticeHard
		}
		all = append(all, one)
	}
	return all
}

// returned is how a bounce names our letter: by what it returns and by the ENVID we gave, which
// is a Message-ID of ours; References it may have copied count too.
func (d *Desk) returned(m parser.Message) conversation.Ref {
	r := conversation.Ref{Tokens: d.tokens(m)}
	if _, domain, _ := strings.Cut(m.Returned.EnvID, "@"); strings.EqualFold(domain, d.domain) {
		r.MessageIDs = appendNew(r.MessageIDs, d.believed(m.Returned.EnvID))
	}
	for _, id := range m.Returned.MessageIDs {
		r.MessageIDs = appendNew(r.MessageIDs, d.believed(id))
	}
	for _, id := range d.ref(m).MessageIDs {
		r.MessageIDs = appendNew(r.MessageIDs, id)
	}
	return r
}
