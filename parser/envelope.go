package parser

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	netmail "net/mail"
	"strings"
	"time"
)

// charsetReader adapts decodeCharset to mime.WordDecoder.
func charsetReader(label string, r io.Reader) (io.Reader, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPartHead))
	if err != nil {
		return nil, err
	}
	return strings.NewReader(decodeCharset(label, b)), nil
}

// deliveredTo are the fields in which servers write the address they delivered to.
var deliveredTo = []string{"delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to", "x-real-to", "original-recipient", "x-forwarded-to", "apparently-to", "resent-to", "x-ms-exchange-organization-originalenveloperecipients"}

// envelope fills in what the header says plainly.
func (p *Parser) envelope(m *Message, e *mail) {
	h := e.header
	m.From, m.FromName = oneFrom(h)
	m.MessageID = first(messageIDs(h.get("message-id"), 1))
	m.InReplyTo = messageIDs(h.get("in-reply-to"), 100)
	m.References = messageIDs(h.get("references"), 100)
	m.Subject = decodeWords(prefix(h.get("subject"), 2000))
	m.Date = date(h.get("date"))
	m.To, m.Cc = addresses(h.all("to")...), addresses(h.all("cc")...)
	all := append(h.all("to"), h.all("cc")...)
	for _, n := range deliveredTo {
		for _, v := range h.all(n) {
			all = append(all, strings.TrimPrefix(strings.ToLower(v), "rfc822;"))
		}
	}
	m.Recipients = addresses(all...)
	m.ReturnPath = returnPath(h)
}

// oneFrom returns the author if the mail names exactly one mailbox in exactly one From
// field (RFC 5322 §3.6.2): anything else proves nothing about anyone.
func oneFrom(h header) (addr, name string) {
	from := h.all("from")
	if len(from) != 1 {
		return "", ""
	}
	list, odd := mailboxes(from[0])
	if odd || len(list) != 1 {
		return "", ""
	}
	return list[0].addr, list[0].name
}

// returnPath reads the envelope sender that the last server noted (RFC 5321 §4.4).
func returnPath(h header) string {
	v := strings.TrimSpace(stripComments(h.get("return-path")))
	if v == "<>" {
		return v
	}
	return cleanAddress(strings.Trim(v, "<> "))
}

// messageIDs finds "<left@right>" tokens: a header parser would refuse much of
// what clients write in References. The last max are kept, for the newest stand last.
func messageIDs(s string, max int) []string {
	var ids []string
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			break
		}
		s = s[i+1:]
		n := strings.IndexAny(s, "<> \t")
		if n < 0 {
			break
		}
		if s[n] == '>' && strings.Contains(s[:n], "@") {
			ids = append(ids, "<"+s[:n]+">")
		}
		s = s[n:]
	}
	return ids[len(ids)-min(len(ids), max):]
}

func first(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

func prefix(s string, n int) string { return s[:min(len(s), n)] }

// date reads a Date field; the zero time when there is none or it cannot be read.
func date(s string) time.Time {
	t, err := netmail.ParseDate(prefix(s, 200))
	if err != nil {
		return time.Time{}
	}
	return t
}

// key identifies a mail by what it says, so that fetching it twice changes nothing and another mail
// under the same Message-ID is still another (SAFETY: an attacker must not pre-empt an ID).
func key(m Message, body []byte) string {
	h := sha256.New()
	h.Write([]byte(strings.ToLower(strings.Trim(m.MessageID, "<> ")) + "\x00" + m.From + "\x00"))
	sum := sha256.Sum256(bytes.TrimSpace(body))
	h.Write(sum[:])
	return hex.EncodeToString(h.Sum(nil))
}

// PlusTokens returns the plus-extensions of one of our addresses among the recipients: a reply
// token is one of them, and in a bounce a VERP token.
func (m Message) PlusTokens(own string) []string {
	own, _ = plus(lowerASCII(own))
	var tokens []string
	for _, a := range m.Recipients {
		if base, detail := plus(a); base == own && detail != "" {
			tokens = append(tokens, detail)
		}
	}
	return tokens
}
