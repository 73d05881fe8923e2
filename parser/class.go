package parser

import "strings"

// classify fills in Class and Reason: the first rule that matches decides.
func (p *Parser) classify(m *Message, e *mail) {
	m.Class, m.Reason = Reply, "no-mark"
	if v := e.header.get("auto-submitted"); v != "" && !strings.EqualFold(v, "no") {
		m.Class, m.Reason = AutoReply, "auto-submitted"
	}
}
