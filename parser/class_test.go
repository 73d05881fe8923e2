package parser

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mailOf makes a mail of header lines and a body; what every mail has is added.
func mailOf(head, body string) string {
	for name, line := range map[string]string{"From:": "From: Rep <rep@acme.example>\n", "To:": "To: " + coach + "\n", "Subject:": "Subject: Re: A question\n", "In-Reply-To:": "In-Reply-To: <c.1@mail.acme.example>\n"} {
		if !strings.Contains("\n"+head, "\n"+name) {
			head += line
		}
	}
	return head + "\n" + body
}

func TestClass(t *testing.T) {
	p := Parser{Own: []string{"coach@mail.acme.example"}, OwnMark: func(mark, id string) bool { return mark == "good" && id == "<1@x>" }}
	for _, c := range []struct {
		name, head, body string
		want             Class
	}{
		{"a reply", "", "Freedom", Reply},
		{"own address", "From: Coach <coach@mail.acme.example>\n", "x", Own},
		{"own plus-address", "From: coach+abc@mail.acme.example\n", "x", Own},
		{"own mark", "X-Whyloop: good\nMessage-ID: <1@x>\n", "x", Own},
		{"mark of another mail", "X-Whyloop: good\nMessage-ID: <2@x>\n", "x", Reply},
		{"bad mark silences nobody", "X-Whyloop: bad\nMessage-ID: <1@x>\n", "x", Reply},
		{"hops", strings.Repeat("Received: by a; x\n", 51), "x", Loop},
		{"many hops are still fine", strings.Repeat("Received: by a; x\n", 50), "x", Reply},
		{"delivered twice", "Delivered-To: a@b.example\nReceived: by a; x\nDelivered-To: a@b.example\n", "x", Loop},
		{"two local agents", "Delivered-To: a@b.example\nDelivered-To: a@b.example\nReceived: by a; x\n", "x", Reply},
		{"auto-submitted", "Auto-Submitted: auto-replied\n", "x", AutoReply},
		{"auto-submitted with comment", "Auto-Submitted: auto-generated (vacation); owner-email=\"a@b\"\n", "x", AutoReply},
		{"auto-submitted unknown word", "Auto-Submitted: auto-something\n", "x", AutoReply},
		{"auto-submitted no", "Auto-Submitted: no\n", "x", Reply},
		{"auto-submitted NO", "Auto-Submitted: No (a person)\n", "x", Reply},
		{"suppress alone is no mark", "X-Auto-Response-Suppress: All\n", "x", Reply},
		{"inbox rules loop alone is no mark", "X-MS-Exchange-Inbox-Rules-Loop: a@b.example\n", "x", Reply},
		{"both are", "X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: a@b.example\n", "x", AutoReply},
		{"x-autoreply", "X-Autoreply: yes\n", "x", AutoReply},
		{"x-autoreply no", "X-Autoreply: no\n", "x", Reply},
		{"precedence auto_reply", "Precedence: auto_reply\n", "x", AutoReply},
		{"apple", "X-Apple-Action: VACATION\n", "x", AutoReply},
		{"subject", "Subject: Automatic reply: A question\n", "x", AutoReply},
		{"subject with space and wide colon", "Subject: =?utf-8?q?=E8=87=AA=E5=8B=95=E5=BF=9C=E7=AD=94=EF=BC=9A_x?=\n", "x", AutoReply},
		{"subject answered", "Subject: Re: Automatic reply: A question\n", "x", Reply},
		{"notes", "Subject: AUTO: Sam Field is away (returning 09/14/2026)\n", "x", AutoReply},
		{"a person's automatic subject", "Subject: Automatic doors for the shop\n", "x", Reply},
		{"calendar", "Content-Type: text/calendar; method=REPLY\n", "BEGIN:VCALENDAR\n", Calendar},
		{"recall", "Subject: Recall: A question\n", "x", Calendar},
		{"list-id", "List-Id: <a.b.example>\n", "x", List},
		{"precedence list", "Precedence: list\n", "x", List},
		{"bulk", "Precedence: bulk\n", "x", Auto},
		{"null path", "Return-Path: <>\n", "Thank you for your mail.", AutoReply},
		{"spam", "X-Spam-Flag: YES\n", "x", Spam},
		{"ham", "X-Spam-Status: No, score=-2\n", "x", Reply},
		{"no-reply", "From: no-reply@shop.example\n", "x", Auto},
		{"stray", "Subject: hello\nIn-Reply-To:\nTo: coach@mail.acme.example\nX-X: y\n", "start", Reply}, // an empty In-Reply-To is still one
		{"absence words", "", "I am on annual leave until 18 September. For urgent matters please contact Ann.", AutoReply},
		{"a holiday is no absence", "", "I'd be on holiday with the kids, and not think of work. I'd come back on Monday and feel new.", Reply},
		{"ticket", "", "Thank you for contacting us. Your case number is 88.", AutoReply},
		{"arf", "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n", "--b\n\nx\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <c.9@mail.acme.example>\n\nx\n--b--\n", Complaint},
		{"read receipt", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n", "--b\n\nx\n--b\nContent-Type: message/disposition-notification\n\nDisposition: manual-action/x; displayed\n--b--\n", Notice},
	} {
		m, err := p.Parse(strings.NewReader(mailOf(c.head, c.body)))
		if err != nil || m.Class != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, m.Class, m.Reason, c.want)
		}
	}
	m, _ := p.Parse(strings.NewReader("From: a@b.example\nTo: coach@mail.acme.example\nSubject: hello\n\nstart\n"))
	if m.Class != Stray {
		t.Errorf("no sign of answering: %s", m.Class)
	}
}

// dsn makes a delivery report of field groups.
func dsn(groups ...string) string {
	return "Return-Path: <>\nFrom: MAILER-DAEMON@mx.acme.example\nTo: c@x.example\nSubject: Undelivered\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.acme.example\nOriginal-Envelope-Id: row42\n\n" +
		strings.Join(groups, "\n") + "\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <c.1@mail.acme.example>\nSubject: x\n--b--\n"
}

func TestBounces(t *testing.T) {
	group := func(rcpt, action, status, diag string) string {
		return "Final-Recipient: rfc822; " + rcpt + "\nAction: " + action + "\nStatus: " + status + "\nDiagnostic-Code: smtp; " + diag + "\n"
	}
	for _, c := range []struct {
		name, mail string
		class      Class
		want       []Bounce
	}{
		{"unknown", dsn(group("Sam@acme.example", "failed", "5.1.1", "550 5.1.1 user unknown")), BounceHard, []Bounce{{"sam@acme.example", "5.1.1", "failed", true}}},
		{"full", dsn(group("sam@acme.example", "failed", "5.2.2", "552 5.2.2 mailbox full")), BounceSoft, []Bounce{{"sam@acme.example", "5.2.2", "failed", false}}},
		{"full under a code for unknown", dsn(group("sam@acme.example", "failed", "5.1.1", "550 mailbox full")), BounceSoft, []Bounce{{"sam@acme.example", "5.1.1", "failed", false}}},
		{"delayed", dsn(group("sam@acme.example", "delayed", "4.4.1", "timed out")), BounceSoft, []Bounce{{"sam@acme.example", "4.4.1", "delayed", false}}},
		{"delivered", dsn(group("sam@acme.example", "delivered", "2.0.0", "ok")), Notice, []Bounce{{"sam@acme.example", "2.0.0", "delivered", false}}},
		{"policy", dsn(group("sam@acme.example", "failed", "5.7.1", "550 5.7.1 rejected for policy reasons")), BounceSoft, []Bounce{{"sam@acme.example", "5.7.1", "failed", false}}},
		{"code in the diagnostic alone", dsn(group("sam@acme.example", "failed", "5.0.0", "550 5.1.1 no such user")), BounceHard, []Bounce{{"sam@acme.example", "5.1.1", "failed", true}}},
		{"null mx", dsn(group("sam@acme.example", "failed", "5.1.10", "556 5.1.10 null mx")), BounceHard, []Bounce{{"sam@acme.example", "5.1.10", "failed", true}}},
		{"two", dsn(group("a@acme.example", "failed", "5.1.1", "unknown"), group("b@acme.example", "delayed", "4.2.2", "full")), BounceHard,
			[]Bounce{{"a@acme.example", "5.1.1", "failed", true}, {"b@acme.example", "4.2.2", "delayed", false}}},
		{"text only", "Return-Path: <>\nFrom: MAILER-DAEMON@mx.acme.example\nSubject: failure notice\n\n<sam@acme.example>:\n550 5.1.1 No such user\n\n--- Below this line is a copy of the message.\n\nmailbox full\n", BounceHard, []Bounce{{"sam@acme.example", "5.1.1", "failed", true}}},
		{"x-failed-recipients", "From: mail@mx.acme.example\nX-Failed-Recipients: sam@acme.example\nSubject: Mail failure\n\nuser unknown\n", BounceHard, []Bounce{{"sam@acme.example", "", "failed", true}}},
		{"qmail, two recipients", "Return-Path: <>\nFrom: MAILER-DAEMON@mx.acme.example\nSubject: failure notice\n\nHi. This is the qmail-send program.\n\n<a@acme.example>:\n192.0.2.2 does not like recipient.\nRemote host said: 550 no such user\n\n<b@acme.example>:\nRemote host said: 552 5.2.2 mailbox full\n\n--- Below this line is a copy of the message.\n\n<c@acme.example>: x\n", BounceHard,
			[]Bounce{{"a@acme.example", "", "failed", true}, {"b@acme.example", "5.2.2", "failed", false}}},
		{"Exim, named twice", "Return-Path: <>\nFrom: MAILER-DAEMON@mx.acme.example\nTo: c@x.example\nSubject: Mail delivery failed\nX-Failed-Recipients: a@acme.example, b@acme.example\n\nThe following addresses failed:\n\n  a@acme.example\n    host mx [192.0.2.2]: 550 Unknown user\n  b@acme.example\n    retry timeout exceeded\n\nThe following addresses failed:\n\n  a@acme.example\n    550 Unknown user\n\nc@x.example\n", BounceHard,
			[]Bounce{{"a@acme.example", "", "failed", true}, {"b@acme.example", "", "failed", false}}},
		{"reasons beside a report without any", strings.Replace(dsn(group("a@acme.example", "failed", "5.0.0", ""), group("b@acme.example", "failed", "5.0.0", "")), "Sorry.", "a@acme.example: 550 unknown user\nb@acme.example: 552 mailbox full\n", 1), BounceHard,
			[]Bounce{{"a@acme.example", "5.0.0", "failed", true}, {"b@acme.example", "5.0.0", "failed", false}}},
		{"a code with its own words", dsn("Final-Recipient: rfc822; sam@acme.example\nAction: failed\nStatus: 5.2.1 (mailbox disabled)\nDiagnostic-Code: smtp; 550 5.2.1 user unknown\n"), BounceSoft, []Bounce{{"sam@acme.example", "5.2.1", "failed", false}}},
	} {
		m, _ := Parse(strings.NewReader(c.mail))
		if m.Class != c.class {
			t.Errorf("%s: %s (%s), want %s", c.name, m.Class, m.Reason, c.class)
		}
		if d := cmp.Diff(c.want, m.Bounces); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
		if strings.Contains(c.mail, "row42") && (m.Returned.EnvID != "row42" || len(m.Returned.MessageIDs) != 1 || m.Returned.MessageIDs[0] != "<c.1@mail.acme.example>") {
			t.Errorf("%s: returned %+v", c.name, m.Returned)
		}
	}
}
