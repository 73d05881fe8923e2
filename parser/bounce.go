package parser

import (
	"slices"
	"strings"
)

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
			if !b.Hard && unsure(b.Status) {
				b.Hard = wordsVerdict(r.about(b.Recipient)) == hardWords
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

// about returns what the parts for people say of a recipient: all of it where there is but one.
func (r *report) about(addr string) string {
	if len(r.bounces) == 1 {
		return r.text
	}
	return about(recipientsOf(r.text, nil), addr)
}

// unsure says whether a code tells nothing of the address.
func unsure(status string) bool {
	return !strings.HasPrefix(status, "4.") && strings.HasSuffix(status, ".0.0") || strings.HasPrefix(status, "5.3.") || strings.HasPrefix(status, "5.5.") || strings.HasPrefix(status, "5.6.")
}

// fromText reads a report for people: a bounce for each recipient it names, or one without a name.
func (r *report) fromText(m *Message) {
	own := beforeOriginal(r.text)
	all := told{text: own}.bounce()
	named := recipientsOf(own, m.Recipients)
	for _, t := range named {
		b := t.bounce()
		if len(named) == 1 || b.Status == "" && wordsVerdict(t.text) == unclear {
			b.Status, b.Hard = all.Status, all.Hard // what was said of all
		}
		r.bounces = append(r.bounces, b)
	}
	for _, b := range m.Bounces { // those of X-Failed-Recipients
		if about(named, b.Recipient) == "" {
			r.bounces = append(r.bounces, Bounce{Recipient: b.Recipient, Status: all.Status, Action: all.Action, Hard: all.Hard})
		}
	}
	if len(r.bounces) == 0 {
		r.bounces = append(r.bounces, all)
	}
}

// told is what a report for people says of one recipient.
type told struct{ addr, text string }

// bounce judges what is told.
func (t told) bounce() Bounce {
	b := Bounce{Recipient: t.addr, Action: "failed", Status: findStatus(t.text)}
	if b.Hard = hard(b.Status, t.text); b.Status == "" {
		b.Hard = firstVerdict(t.text) == hardWords
	}
	return b
}

// about returns what is told of a recipient, "" for nothing.
func about(named []told, addr string) string {
	for _, t := range named {
		if t.addr == addr {
			return t.text
		}
	}
	return ""
}

// recipientsOf parts a report for people by the recipients it names, each once. What is said of one ends with the next, with a gap
// below its words, or with a row of dashes. Addresses of ours are none.
func recipientsOf(own string, ours []string) []told {
	var out []told
	at := map[string]int{}
	open, worded := -1, false
	for _, line := range strings.Split(own, "\n") {
		line = strings.TrimSpace(line)
		addr, rest := headAddress(line)
		switch {
		case addr != "" && !slices.Contains(ours, addr) && len(out) < MaxAddresses:
			if i, ok := at[addr]; ok {
				open = i
			} else {
				open, at[addr] = len(out), len(out)
				out = append(out, told{addr: addr})
			}
			worded = strings.ContainsAny(rest, " ")
		case open < 0 || line == "" && !worded:
			continue
		case line == "" || strings.HasPrefix(line, "---"):
			open = -1
			continue
		default:
			worded = true
		}
		out[open].text += line + "\n"
	}
	return out
}

// headAddress returns the address that opens a line of a report, and what stands behind it: "<a@b>: reason", "a@b" alone, "Recipient address: a@b".
func headAddress(line string) (addr, rest string) {
	if label, value, ok := strings.Cut(line, ":"); ok && len(label) < 40 && strings.Contains(strings.ToLower(label), "recipient") {
		if _, after, typed := strings.Cut(value, ";"); typed {
			value = after
		}
		line = strings.TrimSpace(value)
	}
	s := strings.TrimLeft(line, "<\"'*- \t")
	end := strings.IndexAny(s, "<>\"':;,() \t")
	if end < 0 {
		end = len(s)
	}
	if addr = cleanAddress(strings.TrimRight(s[:end], ".")); addr == "" {
		return "", ""
	}
	rest = s[end:]
	if bare := line[0] != '<' && line[0] != '"'; bare && rest != "" && !strings.ContainsAny(rest[:1], ":(,") {
		return "", "" // "a@b.example wrote"
	}
	return addr, rest
}

// beforeOriginal cuts a text report where the returned letter begins: its words are not the server's.
func beforeOriginal(s string) string {
	low := strings.ToLower(s)
	end := len(s)
	for _, mark := range []string{"--- original message", "------ this is a copy", "--- below this line", "original message follows", "--- the header of the original", "message header follows", "--- unsent message", "the following is a copy", "\nreceived: ", "--- returned mail follows", "--- transcript of message follows", "---- message", "------- returned mail", "------- returned message", "original mail as follows", "----- unsent", "--- the message"} {
		if i := strings.Index(low, mark); i > 0 && i < end {
			end = i
		}
	}
	return s[:min(end, len(s))]
}
