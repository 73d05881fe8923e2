package parser

import "strings"

// report is what a mail says about the delivery of another.
type report struct {
	bounces  []Bounce
	returned Returned
	machine  bool // a message/delivery-status part was there
	text     string
}

// readReport collects the machine-readable parts of a delivery report (RFC 3464) and the header of the returned
// original, wherever they stand.
func readReport(e *mail) report {
	var r report
	r.walk(&e.part)
	return r
}

func (r *report) walk(p *part) {
	switch p.ctype {
	case "message/delivery-status", "message/global-delivery-status":
		r.machine = true
		r.status(string(p.decoded(maxPartHead)))
	case "message/rfc822", "text/rfc822-headers", "message/global-headers", "message/global", "message/rfc822-headers":
		r.original(p.decoded(maxPartHead))
	case "text/plain", "text/html":
		r.tell(p.text)
	}
	for _, k := range p.kids {
		r.walk(k)
	}
}

// maxTold is how many bytes are read of what a report says for people.
const maxTold = 20000

// tell adds to what is said for people.
func (r *report) tell(text func() string) {
	if len(r.text) < maxTold {
		r.text += prefix(text(), maxTold) + "\n"
	}
}

// decoded returns up to max decoded bytes of a part.
func (p *part) decoded(max int) []byte {
	b := p.body[:min(len(p.body), 2*max)]
	b = decodeTransfer(strings.ToLower(strings.TrimSpace(p.header.get("content-transfer-encoding"))), b)
	return b[:min(len(b), max)]
}

// status reads the field groups of a delivery-status part: the first is about the
// message, the others each about a recipient (RFC 3464 §2.1).
func (r *report) status(s string) {
	for _, g := range strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		if len(r.bounces) == MaxAddresses {
			return // and no more is read: a report may hold a million groups
		}
		h, _, _ := readHeader([]byte(strings.TrimLeft(g, "\n")), maxPartHead)
		if r.returned.EnvID == "" {
			r.returned.EnvID = prefix(oneLine(h.get("original-envelope-id")), 200)
		}
		b := Bounce{
			Recipient: typed(h.get("final-recipient")),
			Action:    lowerASCII(strings.TrimSpace(stripComments(h.get("action")))),
		}
		if b.Recipient == "" {
			b.Recipient = typed(h.get("original-recipient"))
		}
		if b.Recipient == "" && b.Action == "" && !h.has("status") {
			continue
		}
		diag := h.get("diagnostic-code")
		b.Status = better(findStatus(h.get("status")), findStatus(diag))
		b.Hard = hard(b.Status, diag+"\n"+h.get("status")) // its comment says why, too
		r.bounces = append(r.bounces, b)
		r.tell(func() string { return diag })
	}
}

// typed reads an address field of the form "rfc822; a@b".
func typed(v string) string {
	if _, after, ok := strings.Cut(v, ";"); ok {
		v = after
	}
	v = strings.Trim(strings.TrimSpace(stripComments(v)), "<>")
	return cleanAddress(v)
}

// original notes the Message-ID of the returned letter.
func (r *report) original(b []byte) {
	h, _, _ := readHeader(b, maxPartHead)
	if len(r.returned.MessageIDs) < 10 {
		r.returned.MessageIDs = append(r.returned.MessageIDs, messageIDs(h.get("message-id"), 1)...)
	}
}
