package parser

import "strings"

// maxHops is more Received fields than a mail gets that is not going round (RFC 5321 §6.3).
const maxHops = 50

// classify fills in Class and Reason. The rules stand in the order of trust, and the first that
// matches decides: bounces before automatic replies, for many bounces call themselves those.
func (p *Parser) classify(m *Message, e *mail) {
	for _, rule := range []func(*Message, *mail) bool{p.ours, hops, reported, bounced, complained, twice, autoSubmitted, vendor, autoSubject, calendar, list, lastMarks, absent, stray} {
		if rule(m, e) {
			if m.Class == AutoReply {
				m.BackOn = returnDate(m)
			}
			return
		}
	}
	m.Class, m.Reason = Reply, "no-mark"
}

// is sets class and reason.
func (m *Message) is(c Class, reason string) bool {
	m.Class, m.Reason = c, reason
	return true
}

// ours is rule 1: our own mail, come back. A mark that does not verify is ignored, or anyone could silence a rep.
func (p *Parser) ours(m *Message, e *mail) bool {
	if p.OwnMark != nil {
		for _, mark := range e.header.all("x-whyloop") {
			if p.OwnMark(strings.TrimSpace(mark), m.MessageID) && !hasReport(&e.part) {
				return m.is(Own, "own-mark")
			}
		}
	}
	if base, _ := plus(m.From); m.From != "" {
		for _, o := range p.Own {
			if own, _ := plus(lowerASCII(strings.TrimSpace(o))); own == base {
				return m.is(Own, "own-address")
			}
		}
	}
	return false
}

// hops is rule 2: a mail that has gone through too many servers goes round.
func hops(m *Message, e *mail) bool {
	n := 0
	for _, f := range e.header {
		n += b2i(f.name == "received")
	}
	return n > maxHops && m.is(Loop, "hops")
}

// twice is rule 2 too: delivered to us before. It stands behind the bounces, whose servers may have passed
// the mail round, and which are never answered. A Delivered-To counts twice only with a hop
// between: two local agents may each write one.
func twice(m *Message, e *mail) bool {
	hops, since, loops := 0, map[string]int{}, map[string]bool{}
	for _, a := range m.Recipients {
		base, _ := plus(a)
		loops[base] = true
	}
	for _, f := range e.header {
		v := lowerASCII(strings.TrimSpace(f.value))
		switch f.name {
		case "received":
			hops++
		case "delivered-to":
			if at, ok := since[v]; ok && hops > at {
				return m.is(Loop, "delivered-twice")
			}
			since[v] = hops
		case "x-loop":
			base, _ := plus(strings.Trim(v, "<>"))
			if loops[base] || loops[v] {
				return m.is(Loop, "x-loop")
			}
			loops[v] = true
		}
	}
	return false
}

// hasReport says whether a delivery report is among the parts.
func hasReport(p *part) bool {
	if strings.HasSuffix(p.ctype, "delivery-status") {
		return true
	}
	for _, k := range p.kids {
		if hasReport(k) {
			return true
		}
	}
	return false
}

// find returns the first part of a type.
func (p *part) find(ctype string) *part {
	if p.ctype == ctype {
		return p
	}
	for _, k := range p.kids {
		if f := k.find(ctype); f != nil {
			return f
		}
	}
	return nil
}

// reported is rule 3: reports that say what they are.
func reported(m *Message, e *mail) bool {
	kind := strings.ToLower(e.params["report-type"])
	if e.find("message/feedback-report") != nil || kind == "feedback-report" {
		r := readReport(e)
		m.Returned = r.returned
		return m.is(Complaint, "feedback-report")
	}
	if hasReport(&e.part) || kind == "delivery-status" {
		r := readReport(e)
		r.classifyBounce(m, "delivery-status")
		return true
	}
	if e.find("message/disposition-notification") != nil || kind == "disposition-notification" {
		return m.is(Notice, "disposition-notification")
	}
	return false
}

// bounced is rule 4: bounces written for people.
func bounced(m *Message, e *mail) bool {
	why := ""
	from := lowerASCII(e.header.get("from"))
	local, _, _ := strings.Cut(m.From, "@")
	subject := strings.ToLower(m.Subject)
	failing := contains(subject, undeliverable) && !answered(subject)
	daemon := isDaemon(local) || m.From == "" && (strings.Contains(from, "mailer-daemon") || strings.Contains(from, "postmaster") || strings.Contains(from, "mail delivery"))
	switch {
	case e.header.has("x-failed-recipients"):
		why = "x-failed-recipients"
		for _, a := range addresses(e.header.get("x-failed-recipients")) {
			m.Bounces = append(m.Bounces, Bounce{Recipient: a})
		}
	case daemon:
		why = "daemon"
	case strings.TrimSpace(from) == "<>":
		why = "null-from"
	case m.ReturnPath == "<>" && failing:
		why = "null-path-subject"
	case failing && (strings.Contains(from, "mail delivery") || strings.Contains(from, "mail system") || strings.Contains(from, "daemon") || strings.Contains(from, "administrator")):
		why = "system-subject"
	case failing && !e.header.has("in-reply-to") && textReport(m):
		why = "report-text"
	case m.ReturnPath == "<>" && deliveryText(m):
		why = "null-path-text"
	default:
		return false
	}
	r := readReport(e)
	r.classifyBounce(m, why)
	return true
}

func isDaemon(local string) bool {
	for _, d := range daemons {
		if local == d {
			return true
		}
	}
	return strings.HasPrefix(local, "mailer-daemon") || strings.HasPrefix(local, "postmaster")
}

// textReport says whether a body reads like a server's report: a status code or the usual phrases.
func textReport(m *Message) bool {
	s := prefix(m.plain, 10000)
	if s == "" {
		s = prefix(m.html, 10000)
	}
	s = beforeOriginal(s)
	low := strings.ToLower(s)
	return findStatus(s) != "" || wordsVerdict(s) != unclear && strings.Contains(low, "@") ||
		strings.Contains(low, "could not be delivered") || strings.Contains(low, "couldn't be delivered") || strings.Contains(low, "unable to deliver") || strings.Contains(low, "delivery failed") || strings.Contains(low, "550 ") || strings.Contains(low, "undeliverable")
}

// deliveryText says whether the first lines of a body speak of a delivery and why it failed.
func deliveryText(m *Message) bool {
	s := beforeOriginal(prefix(m.plain, 3000))
	low := strings.ToLower(s)
	return (strings.Contains(low, "deliver") || strings.Contains(low, "配信") || strings.Contains(low, "zustell")) && (findStatus(s) != "" || wordsVerdict(s) != unclear) && strings.Contains(low, "@")
}

// complained knows abuse reports that lack the machine part.
func complained(m *Message, e *mail) bool {
	if strings.HasPrefix(m.From, "staff@hotmail.com") && e.header.has("x-hmxmroriginalrecipient") {
		return m.is(Complaint, "jmrp")
	}
	return false
}

// calendar is rule 8 (RFC 6047 §2.4): invitations and their answers, and recalls.
func calendar(m *Message, e *mail) bool {
	if c := e.find("text/calendar"); c != nil && c.disp != "attachment" {
		if c.params["method"] != "" || strings.Contains(strings.ToUpper(prefix(string(c.decoded(4096)), 4096)), "METHOD:") {
			return m.is(Calendar, "calendar-method")
		}
	}
	if e.header.has("x-ms-exchange-calendar-originator-id") && strings.Contains(strings.ToLower(e.header.get("content-class")), "calendarmessage") || strings.EqualFold(e.header.get("content-class"), "urn:content-classes:calendarmessage") {
		return m.is(Calendar, "content-class")
	}
	for _, r := range []string{"recall: ", "message recall", "rappel : ", "rückruf: "} {
		if strings.HasPrefix(strings.ToLower(m.Subject), r) {
			return m.is(Calendar, "recall")
		}
	}
	return false
}

// list is rule 9 (RFC 2369, RFC 2919).
func list(m *Message, e *mail) bool {
	for _, name := range []string{"list-id", "list-unsubscribe", "list-post", "mailing-list", "x-mailing-list", "list-help", "list-subscribe", "list-owner", "list-archive", "x-mailman-version", "x-listname", "x-beenthere", "x-mlserver", "x-ml-name", "feedback-id", "x-campaign-id", "x-campaign", "x-campaignid", "x-mailchimp", "x-mc-user", "x-list-unsubscribe", "x-newsletter", "x-mailer-lid", "x-feedback-id", "x-csa-complaints", "x-mailgun-tag", "x-mailgun-variables", "x-cmae-campaign"} {
		if strings.TrimSpace(e.header.get(name)) != "" {
			return m.is(List, "list-header")
		}
	}
	for _, name := range []string{"precedence", "x-precedence"} {
		switch lowerASCII(strings.TrimSpace(e.header.get(name))) {
		case "list":
			return m.is(List, "precedence-list")
		case "bulk", "junk":
			return m.ReturnPath != "<>" && m.is(Auto, "precedence-bulk") // by the null path it is a responder's
		}
	}
	return false
}

// lastMarks is rule 10.
func lastMarks(m *Message, e *mail) bool {
	h := e.header
	if spam(h) {
		return m.is(Spam, "server-verdict")
	}
	if m.ReturnPath == "<>" {
		return m.is(AutoReply, "null-path") // RFC 3834 §3.3: what is left of the null path is a responder
	}
	local, _, _ := strings.Cut(m.From, "@")
	local = strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)
	if strings.HasPrefix(local, "noreply") || strings.HasPrefix(local, "donotreply") || strings.HasPrefix(local, "nepasrepondre") || strings.HasPrefix(local, "keineantwort") || strings.HasSuffix(local, "noreply") {
		return m.is(Auto, "no-reply-address")
	}
	if e.find("application/tlsrpt+gzip") != nil || e.find("application/tlsrpt+json") != nil || aggregate(m, e) {
		return m.is(Auto, "aggregate-report")
	}
	return false
}

// aggregate knows DMARC and TLS reports (RFC 7489 §7.2.1.1, RFC 8460 §5.3) by their subject.
func aggregate(m *Message, e *mail) bool {
	s := strings.ToLower(m.Subject)
	return strings.HasPrefix(s, "report domain:") || strings.Contains(s, "report domain:") && strings.Contains(s, "submitter:") || e.header.has("tls-report-domain")
}

// stray is a mail without any sign of answering one: no In-Reply-To, no References, no "Re:", no plus-address. A proven
// rep may write one; from anyone else it is not for us.
func stray(m *Message, e *mail) bool {
	if e.header.has("in-reply-to") || e.header.has("references") || answered(strings.ToLower(m.Subject)) {
		return false
	}
	for _, a := range m.Recipients {
		if _, token := plus(a); token != "" {
			return false
		}
	}
	return m.is(Stray, "no-sign-of-answering")
}
