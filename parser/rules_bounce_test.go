package parser

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFindStatus(t *testing.T) {
	for text, want := range map[string]string{
		"5.1.1": "5.1.1", "a 4.22.333 b": "4.22.333", "code 5.1.1.": "5.1.1", "code 5.1.1. That is all": "5.1.1", "(#5.1.1)": "5.1.1",
		"3.1.1": "", "5x1.1": "", "15.1.1": "", "2.5.1.1": "", "5..11": "", "5.1234.1": "", "5.123": "", "5.1x.1": "", "5.1x1": "", "5.1.1 2": "5.1.1", "5.1.x": "", "5.1.1234": "", "5.1.1.1": "",
	} {
		if got := findStatus(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, c := range [][3]string{{"", "5.1.1", "5.1.1"}, {"5.0.0", "5.1.1", "5.1.1"}, {"5.1.0", "5.1.1", "5.1.1"}, {"5.1.1", "5.2.2", "5.1.1"}, {"5.0.0", "", "5.0.0"}} {
		if got := better(c[0], c[1]); got != c[2] {
			t.Errorf("better(%q, %q) = %q", c[0], c[1], got)
		}
	}
}

func TestHard(t *testing.T) {
	for _, c := range []struct {
		status, text string
		want         bool
	}{
		{"4.1.1", "user unknown", false}, {"5.1.7", "user unknown", false}, {"5.1.8", "user unknown", false}, {"5.1.1", "", true},
		{"5.2.1", "", true}, {"5.2.1", "it is disabled", false}, {"5.1.1", "it is disabled", true}, {"5.7.1", "", false}, {"5.4.4", "", true}, {"5.4.4", "it is disabled", false},
		{"5.1.1", "450 user unknown", true}, {"", "450 user unknown", false}, {"", "550 user unknown", true},
	} {
		if got := hard(c.status, c.text); got != c.want {
			t.Errorf("%s %q: %v", c.status, c.text, got)
		}
	}
	for code := range hardCodes {
		if !slices.Contains([]string{"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"}, code) {
			t.Errorf("%s is not of those that say that there is no such address", code)
		}
	}
	for _, code := range []string{"5.1.0", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.4.4"} {
		if !hard(code, "") {
			t.Errorf("%s says that there is no such address", code)
		}
	}
	for status, want := range map[string]bool{"5.0.0": true, "5.3.2": true, "5.5.0": true, "5.6.1": true, "4.0.0": false, "5.7.1": false, "5.1.1": false, "": false} {
		if unsure(status) != want {
			t.Errorf("unsure(%q)", status)
		}
	}
	for text, want := range map[string]byte{
		"450 x": '4', "550-x": '5', "a\n450 x": '4', "smtp; 450 x": '4', "said: 550 x": '5', "550 x\n450 y": '5',
		"350 x": 0, "471 x": 0, "4x0 x": 0, "4-5 x": 0, "45x x": 0, "450x": 0, "room 450 x": 0, "450": 0,
	} {
		if got := replyCode(text); got != want {
			t.Errorf("replyCode(%q) = %q", text, got)
		}
	}
	if firstVerdict("the mailbox of another is full: quota exceeded\n550 no such user\n") != hardWords || firstVerdict("550 well\nquota exceeded\n") != softWords {
		t.Error("the first refusal is the reason")
	}
}

// TestReportWords: what makes a text for people a report. Each line but the first two of a list lacks one thing.
func TestReportWords(t *testing.T) {
	for text, want := range map[string]bool{
		"5.1.1": true, "sam@acme.example: user unknown": true, "user unknown": false, "sam@acme.example": false, "it could not be delivered": true,
		"it couldn't be delivered": true, "we were unable to deliver it": true, "delivery failed": true, "550 go away": true, "it is undeliverable": true, "hello": false,
	} {
		if textReport(&Message{plain: text}) != want || textReport(&Message{html: text}) != want {
			t.Errorf("a report: %q", text)
		}
	}
	for text, want := range map[string]bool{
		"deliver sam@acme.example 5.1.1": true, "配信 sam@acme.example 5.1.1": true, "Zustellung sam@acme.example 5.1.1": true, "deliver sam@acme.example: user unknown": true,
		"sam@acme.example 5.1.1": false, "deliver 5.1.1": false, "deliver sam@acme.example": false,
	} {
		if deliveryText(&Message{plain: text}) != want {
			t.Errorf("of a delivery: %q", text)
		}
	}
	if got := beforeOriginal("x\n--- the message\ny\n--- original message"); got != "x\n" {
		t.Errorf("the first mark counts: %q", got)
	}
	if got := beforeOriginal("x\n--- original message\ny\n--- the message"); got != "x\n" {
		t.Errorf("the first mark counts, whichever it is: %q", got)
	}
	if got := beforeOriginal("--- original message\nx"); got != "--- original message\nx" {
		t.Errorf("a mark with nothing before it cuts nothing: %q", got)
	}
}

// TestReports: reports with something missing, twice, or of another kind.
func TestReports(t *testing.T) {
	mail := func(text, status string, originals ...string) string {
		s := "From: x@mx.acme.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: " + text + "\n--b\n" + status
		for _, o := range originals {
			s += "\n--b\nContent-Type: " + o + "\n\nMessage-ID: <" + strconv.Itoa(len(s)) + "@x>\n"
		}
		return s + "\n--b--\n"
	}
	status := func(groups ...string) string {
		return "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n" + strings.Join(groups, "\n")
	}
	const plain = "text/plain\n\nSorry."
	group := func(more string) string { return "Final-Recipient: rfc822; a@b.example\n" + more + "\n" }
	one := func(code, action string, hard bool) []Bounce { return []Bounce{{"a@b.example", code, action, hard}} }
	for _, c := range []struct {
		name, mail string
		class      Class
		want       []Bounce
	}{
		{"a report of the new kind", mail(plain, "Content-Type: message/global-delivery-status\n\nx: y\n\n"+group("Action: failed\nStatus: 5.1.1")), BounceHard, one("5.1.1", "failed", true)},
		{"the original recipient", mail(plain, status("Original-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n")), BounceHard, one("5.1.1", "failed", true)},
		{"only the recipient", mail(plain, status(group(""))), BounceSoft, one("", "", false)},
		{"only the action", mail(plain, status("Action: delayed\n")), BounceSoft, []Bounce{{"", "", "delayed", false}}},
		{"only the status", mail(plain, status("Status: 5.1.1\n")), BounceHard, []Bounce{{"", "5.1.1", "", true}}},
		{"relayed", mail(plain, status(group("Action: relayed\nStatus: 5.1.1"))), Notice, one("5.1.1", "relayed", true)},
		{"expanded", mail(plain, status(group("Action: expanded\nStatus: 5.1.1"))), Notice, one("5.1.1", "expanded", true)},
		{"delayed, whatever the code", mail(plain, status(group("Action: delayed\nStatus: 5.1.1"))), BounceSoft, one("5.1.1", "delayed", false)},
		{"a hard one before a soft one", mail(plain, status(group("Action: failed\nStatus: 5.1.1"), group("Action: failed\nStatus: 5.2.2"))), BounceHard,
			[]Bounce{{"a@b.example", "5.1.1", "failed", true}, {"a@b.example", "5.2.2", "failed", false}}},
		{"a code that says nothing, words that do", mail("text/plain\n\nuser unknown", status(group("Action: failed\nStatus: 5.0.0"))), BounceHard, one("5.0.0", "failed", true)},
		{"the words stand in HTML", mail("text/html\n\n<p>user unknown</p>", status(group("Action: failed\nStatus: 5.0.0"))), BounceHard, one("5.0.0", "failed", true)},
		{"a code that says something beats the words", mail("text/plain\n\nuser unknown", status(group("Action: failed\nStatus: 5.7.1"))), BounceSoft, one("5.7.1", "failed", false)},
		{"no code beats the words too", mail("text/plain\n\nuser unknown", status(group("Action: failed"))), BounceSoft, one("", "failed", false)},
		{"the words are of two", mail("text/plain\n\nuser unknown", status(group("Action: failed\nStatus: 5.0.0"), group("Action: failed\nStatus: 5.0.0"))), BounceSoft,
			[]Bounce{{"a@b.example", "5.0.0", "failed", false}, {"a@b.example", "5.0.0", "failed", false}}},
		{"what a server said of one beats the words", mail("text/plain\n\nmailbox full", status(group("Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; no such user"))), BounceHard, one("5.0.0", "failed", true)},
	} {
		m, err := Parse(strings.NewReader(c.mail))
		if err != nil || m.Class != c.class {
			t.Errorf("%s: %s (%s), want %s", c.name, m.Class, m.Reason, c.class)
		}
		if d := cmp.Diff(c.want, m.Bounces); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
	for _, kind := range []string{"message/rfc822", "text/rfc822-headers", "message/global-headers", "message/global", "message/rfc822-headers"} {
		if m, _ := Parse(strings.NewReader(mail(plain, status(group("Action: failed")), kind))); len(m.Returned.MessageIDs) != 1 {
			t.Errorf("%s: returned %v", kind, m.Returned.MessageIDs)
		}
	}
	m, _ := Parse(strings.NewReader(mail(plain, "Content-Type: message/delivery-status\n\nOriginal-Envelope-Id: one\n\nOriginal-Envelope-Id: two\n", slices.Repeat([]string{"text/rfc822-headers"}, 12)...)))
	if len(m.Returned.MessageIDs) != 10 || m.Returned.EnvID != "one" {
		t.Errorf("%d letters and %q are returned", len(m.Returned.MessageIDs), m.Returned.EnvID)
	}
	m, _ = Parse(strings.NewReader("From: MAILER-DAEMON@mx.acme.example\nSubject: failure\n\nThe mailbox of another is full: quota exceeded.\n550 no such user\n"))
	if m.Class != BounceHard {
		t.Errorf("without a code the first refusal counts: %s", m.Class)
	}
}

// TestHeadAddress: which lines of a report for people name a recipient.
func TestHeadAddress(t *testing.T) {
	for line, want := range map[string]string{
		"<a@b.example>: no such user": "a@b.example", "a@b.example": "a@b.example", `"a@b.example" is unknown`: "a@b.example", "Recipient address: a@b.example": "a@b.example",
		"Final-Recipient: rfc822; a@b.example": "a@b.example", "<recipient@b.example>": "recipient@b.example",
		"a@b.example wrote": "", "The address that follows is one of a recipient of yours: a@b.example": "", "no address": "",
	} {
		if got, _ := headAddress(line); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// TestRecipientsOf: what is said of one recipient ends with the next, with a gap below its words, or with a row of dashes.
func TestRecipientsOf(t *testing.T) {
	for text, want := range map[string]string{
		"a@b.example\n\nno such user\n":                          "a@b.example\nno such user\n",
		"a@b.example: no such user\n\nmailbox full\n":            "a@b.example: no such user\n",
		"a@b.example: no such user\n--- what was said\n550 no":   "a@b.example: no such user\n",
		"a@b.example: no such user\nat all\nc@b.example: full\n": "a@b.example: no such user\nat all\n",
	} {
		if got := recipientsOf(text, nil); len(got) == 0 || got[0].text != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
	var many strings.Builder
	for n := range MaxAddresses + 5 {
		many.WriteString("<a" + strconv.Itoa(n) + "@b.example>: no such user\n")
	}
	if got := recipientsOf(many.String(), nil); len(got) != MaxAddresses {
		t.Errorf("%d recipients", len(got))
	}
	for _, c := range []struct {
		name, body string
		want       []Bounce
	}{
		{"one, and a code elsewhere", "<a@b.example>: mailbox full\n\nStatus 5.1.1\n", []Bounce{{"a@b.example", "5.1.1", "failed", false}}},
		{"two, and one reason for both", "550 5.1.1 no such user\n\n<a@b.example>:\n<c@b.example>:\n", []Bounce{{"a@b.example", "5.1.1", "failed", true}, {"c@b.example", "5.1.1", "failed", true}}},
		{"two, each with a code", "<a@b.example>: 5.7.1 sorry\n<c@b.example>: 5.1.1 no such user\n", []Bounce{{"a@b.example", "5.7.1", "failed", false}, {"c@b.example", "5.1.1", "failed", true}}},
	} {
		m, err := Parse(strings.NewReader("From: MAILER-DAEMON@mx.acme.example\nTo: c@x.example\nSubject: failure\n\n" + c.body))
		if d := cmp.Diff(c.want, m.Bounces); err != nil || d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

// TestReportOfMany: of a report that names more addresses than any letter of ours goes to, so many are read and no more.
func TestReportOfMany(t *testing.T) {
	var groups strings.Builder
	for n := range MaxAddresses + 5 {
		groups.WriteString("Final-Recipient: rfc822; a" + strconv.Itoa(n) + "@b.example\nAction: failed\nStatus: 5.1.1\n\n")
	}
	m, err := Parse(strings.NewReader("Content-Type: message/delivery-status\n\nReporting-MTA: dns; b.example\n\n" + groups.String()))
	if err != nil || m.Class != BounceHard || len(m.Bounces) != MaxAddresses {
		t.Errorf("%s, %d recipients, %v", m.Class, len(m.Bounces), err)
	}
}
