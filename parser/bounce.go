package parser

import (
	"strings"
)

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
		if len(r.text) < 20000 {
			r.text += prefix(p.text(), 20000) + "\n"
		}
	}
	for _, k := range p.kids {
		r.walk(k)
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
		h, _, _ := readHeader([]byte(strings.TrimLeft(g, "\n")), maxPartHead)
		if id := h.get("original-envelope-id"); id != "" && r.returned.EnvID == "" {
			r.returned.EnvID = prefix(oneLine(id), 200)
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
		b.Hard = hard(b.Status, diag)
		if len(r.bounces) < MaxAddresses {
			r.bounces = append(r.bounces, b)
		}
		r.text += diag + "\n"
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
	if ids := messageIDs(h.get("message-id"), 1); len(ids) > 0 && len(r.returned.MessageIDs) < 10 {
		r.returned.MessageIDs = append(r.returned.MessageIDs, ids...)
	}
}

// findStatus finds an enhanced status code (RFC 3463 §2) in a text.
func findStatus(s string) string {
	for i := 0; i+4 < len(s); i++ {
		if (s[i] != '2' && s[i] != '4' && s[i] != '5') || s[i+1] != '.' || i > 0 && (digit(s[i-1]) || s[i-1] == '.') {
			continue
		}
		j := i + 2
		for j < len(s) && j < i+5 && digit(s[j]) {
			j++
		}
		if j == i+2 || j >= len(s) || s[j] != '.' {
			continue
		}
		k := j + 1
		for k < len(s) && k < j+4 && digit(s[k]) {
			k++
		}
		if k > j+1 && (k == len(s) || !digit(s[k]) && (s[k] != '.' || k+1 == len(s) || !digit(s[k+1]))) {
			return s[i:k]
		}
	}
	return ""
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// better prefers the code that says more: x.0.0 says nothing.
func better(a, b string) string {
	if a == "" || (strings.HasSuffix(a, ".0.0") || a == "5.1.0") && b != "" {
		return b
	}
	return a
}

// hardCodes are the enhanced codes of addresses that will never work (RFC 3463 §3.2, RFC 7505).
var hardCodes = map[string]bool{"5.1.0": true, "5.1.1": true, "5.1.2": true, "5.1.3": true, "5.1.6": true, "5.1.10": true, "5.2.1": true, "5.4.4": true}

// hard judges a failure by its words first, for servers put any code on any failure, and then by its code.
func hard(status, text string) bool {
	switch v := wordsVerdict(text); {
	case strings.HasPrefix(status, "4."):
		return false // whatever the words: the server means to try again
	case status == "5.1.7" || status == "5.1.8":
		return false // about the sender's address (RFC 3463 §3.2)
	case v != unclear:
		return v == hardWords
	case !strings.HasPrefix(status, "5.1.") && contains(strings.ToLower(prefix(text, 20000)), restPhrases):
		return false
	}
	return hardCodes[status]
}

// The answers of wordsVerdict.
const (
	unclear = iota
	softWords
	hardWords
)

// wordsVerdict looks for phrases that say why a delivery failed.
func wordsVerdict(text string) int {
	low := strings.ToLower(strings.Join(strings.Fields(prefix(text, 20000)), " "))
	switch {
	case contains(low, hardFirst):
		return hardWords
	case softNeedles.count(low, 1) > 0:
		return softWords
	case hardNeedles.count(low, 1) > 0:
		return hardWords
	}
	return unclear
}

// firstVerdict is wordsVerdict for the transcript of a session, where the first refusal is the reason and later lines
// may tell of other hosts.
func firstVerdict(text string) int {
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "55") {
			if v := wordsVerdict(line); v != unclear {
				return v
			}
		}
	}
	return wordsVerdict(text)
}

// classifyBounce decides about a mail that is a bounce: per recipient where the report says so, by its text where it does not.
func (r *report) classifyBounce(m *Message, why string) {
	m.Returned = r.returned
	if len(r.bounces) == 0 {
		r.fromText(m)
	}
	m.Bounces, m.Reason = r.bounces, why
	failed, delayed, hardOne := 0, 0, false
	for i := range r.bounces {
		switch b := &r.bounces[i]; b.Action {
		case "delivered", "relayed", "expanded":
		case "delayed":
			b.Hard = false
			delayed++
		default:
			if len(r.bounces) == 1 && !b.Hard && b.Status != "" && unsure(b.Status) {
				b.Hard = wordsVerdict(r.text) == hardWords
			}
			failed++
			hardOne = hardOne || b.Hard
		}
	}
	switch {
	case hardOne:
		m.Class = BounceHard
	case failed+delayed > 0:
		m.Class = BounceSoft
	default:
		m.Class = Notice
	}
}

// unsure says whether a code tells nothing of the address.
func unsure(status string) bool {
	return !strings.HasPrefix(status, "4.") && strings.HasSuffix(status, ".0.0") || strings.HasPrefix(status, "5.3.") || strings.HasPrefix(status, "5.5.") || strings.HasPrefix(status, "5.6.")
}

// fromText makes one bounce of a report for people.
func (r *report) fromText(m *Message) {
	b := Bounce{Action: "failed"}
	own := beforeOriginal(r.text)
	b.Status = findStatus(own)
	if b.Hard = hard(b.Status, own); b.Status == "" {
		b.Hard = firstVerdict(own) == hardWords
	}
	if len(m.Bounces) > 0 {
		b.Recipient = m.Bounces[0].Recipient
	}
	r.bounces = append(r.bounces, b)
}

// beforeOriginal cuts a text report where the returned letter begins: its words are not the server's.
func beforeOriginal(s string) string {
	low := strings.ToLower(s)
	end := len(s)
	for _, mark := range []string{"--- original message", "------ this is a copy", "----- original message", "--- below this line", "original message follows", "--- the header of the original", "message header follows", "------ message header", "---------- returned message", "--- unsent message", "the following is a copy", "\nreceived: ", "--- returned mail follows", "----- unsent message", "--- transcript of message follows", "---- message", "------- returned mail", "------- returned message", "original mail as follows", "----- unsent", "--- the message"} {
		if i := strings.Index(low, mark); i > 0 && i < end {
			end = i
		}
	}
	return s[:min(end, len(s))]
}
