package parser

import (
	"strings"
	"testing"
)

// bare is a mail with nothing added: no In-Reply-To, no token, no subject of an answer.
func bare(head, body string) string {
	if !strings.Contains("\n"+head, "\nFrom:") {
		head += "From: Rep <rep@acme.example>\n"
	}
	return head + "To: coach@mail.acme.example\n\n" + body
}

// ruleCase is a mail, and the class that one rule gives it or, by a guard of that rule, does not.
type ruleCase struct {
	name, mail string
	want       Class
}

func tryRules(t *testing.T, cases []ruleCase) {
	t.Helper()
	p := Parser{Own: []string{"coach@mail.acme.example"}, OwnMark: func(mark, id string) bool { return mark == "good" && id == "<1@x>" }}
	for _, c := range cases {
		m, err := p.Parse(strings.NewReader(c.mail))
		if err != nil || m.Class != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, m.Class, m.Reason, c.want)
		}
	}
}

const inMixed = "Content-Type: multipart/mixed; boundary=b\n"

// part is one part of a multipart body.
func partOf(ctype, body string) string {
	return "--b\nContent-Type: text/plain\n\nx\n--b\nContent-Type: " + ctype + "\n\n" + body + "\n--b--\n"
}

func TestRulesOfMarks(t *testing.T) {
	field := func(lines string) string { return mailOf(lines, "x") }
	tryRules(t, []ruleCase{
		{"delivered once, below a hop", field("Received: by a; x\nDelivered-To: a@b.example\n"), Reply},
		{"x-loop of ours", field("X-Loop: coach@mail.acme.example\n"), Loop},
		{"x-loop of ours with a token", field("X-Loop: <coach+abc@mail.acme.example>\n"), Loop},
		{"x-loop of another's, once", field("X-Loop: a+b@c.example\n"), Reply},
		{"x-loop of another's, twice", field("X-Loop: a+b@c.example\nX-Loop: a+b@c.example\n"), Loop},
		{"auto-submitted with nothing but a comment", field("Auto-Submitted: (a person)\n"), Reply},
		{"x-autoreply false", field("X-Autoreply: false\n"), Reply},
		{"precedence auto-reply", field("Precedence: auto-reply\n"), AutoReply},
		{"x-precedence autoreply", field("X-Precedence: autoreply\n"), AutoReply},
		{"x-precedence list", field("X-Precedence: list\n"), List},
		{"junk", field("Precedence: junk\n"), Auto},
		{"bulk by the null path", field("Precedence: bulk\nReturn-Path: <>\n"), AutoReply},
		{"Exchange's inbox rules", field("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n"), AutoReply},
		{"a vacation program", field("X-Mailer: Super Vacation 3\n"), AutoReply},
		{"an autoresponder", field("X-Mailer: Autoresponder 2\n"), AutoReply},
		{"autoreply in the subject", field("Subject: A question (Autoreply)\n"), AutoReply},
		{"auto-reply in the subject", field("Subject: A question (Auto-Reply)\n"), AutoReply},
		{"an absence is the whole subject", field("Subject: Abwesend\n"), AutoReply},
		{"an absence begins the subject of a person", field("Subject: Abwesend ist Sam\n"), Reply},
		{"too short to be the whole subject", field("Subject: Auto\n"), Reply},
		{"in brackets", field("Subject: [Abwesend] A question\n"), AutoReply},
		{"too short in brackets", field("Subject: [Auto] A question\n"), Reply},
		{"an automatic reply about something", field("Subject: Automatische Antwort zu Ihrer Frage\n"), AutoReply},
		{"out of the office, and more", field("Subject: Out of the office today\n"), AutoReply},
		{"the same in Russian", field("Subject: =?utf-8?q?=D0=90=D0=B2=D1=82=D0=BE=D0=BC=D0=B0=D1=82=D0=B8=D1=87=D0=B5=D1=81=D0=BA=D0=B8=D0=B9_=D0=BE=D1=82=D0=B2=D0=B5=D1=82_x?=\n"), AutoReply},
		{"the same in Greek", mailOf("Subject: Αυτόματη απάντηση σήμερα\n", "x"), AutoReply},
		{"too short a word for more behind it", field("Subject: Autoreply works now\n"), Reply},
		{"a note that speaks of no automation", field("Subject: Abwesenheitsnotiz Sam\n"), Reply},
		{"spam level 5", field("X-MS-Exchange-Organization-SCL: 5\n"), Spam},
		{"spam level 9", field("X-MS-Exchange-Organization-SCL: 9\n"), Spam},
		{"spam level 4", field("X-MS-Exchange-Organization-SCL: 4\n"), Reply},
		{"no spam level", field("X-MS-Exchange-Organization-SCL: a\n"), Reply},
		{"no spam level either", field("X-MS-Exchange-Organization-SCL: 55\n"), Reply},
		{"Yandex", field("X-Yandex-Spam: 4\n"), Spam},
		{"Yandex, ham", field("X-Yandex-Spam: 1\n"), Reply},
		{"Proofpoint", field("X-Proofpoint-Spam-Details: rule=spam policy=default\n"), Spam},
		{"Proofpoint, later", field("X-Proofpoint-Spam-Details: policy=default rule=spam\n"), Spam},
		{"Proofpoint, ham", field("X-Proofpoint-Spam-Details: rule=notspam\n"), Reply},
		{"the junk folder", field("X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;dest:J;OFR:SpamFilterAuthJ\n"), Spam},
		{"the inbox", field("X-Microsoft-Antispam-Mailbox-Delivery: ucf:0;dest:I\n"), Reply},
	})
	for _, word := range []string{"SFV:SPM", "CAT:HPHISH", "CAT:HPHSH", "CAT:PHSH", "CAT:SPM", "CAT:HSPM", "CAT:MALW"} {
		tryRules(t, []ruleCase{{word, field("X-Forefront-Antispam-Report: CIP:1;" + word + ";x\n"), Spam}})
	}
	for _, local := range []string{"noreply-shop", "shop-no.reply", "do-not-reply", "ne_pas_repondre", "keine-antwort"} {
		tryRules(t, []ruleCase{{local, field("From: " + local + "@shop.example\n"), Auto}})
	}
}

func TestRulesOfParts(t *testing.T) {
	const nested = "Content-Type: multipart/mixed; boundary=a\n"
	within := func(body string) string {
		return mailOf(nested, "--a\nContent-Type: multipart/alternative; boundary=b\n\n"+body+"--a--\n")
	}
	disposition := "Disposition: manual-action/x; displayed\n"
	tryRules(t, []ruleCase{
		{"an abuse report in a mixed mail", mailOf(inMixed, partOf("message/feedback-report", "Feedback-Type: abuse\n")), Complaint},
		{"one that only says that it is", mailOf("Content-Type: multipart/report; report-type=feedback-report; boundary=b\n", partOf("text/plain", "x")), Complaint},
		{"a delivery report in a mixed mail", mailOf(inMixed, partOf("message/delivery-status", "Reporting-MTA: dns; a\n\nAction: failed\nStatus: 5.2.2\n")), BounceSoft},
		{"one two levels down", within(partOf("message/delivery-status", "Reporting-MTA: dns; a\n\nAction: failed\nStatus: 5.2.2\n")), BounceSoft},
		{"one that only says that it is", mailOf("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n", partOf("text/plain", "x")), BounceSoft},
		{"our own mail, returned in a report", mailOf("X-Whyloop: good\nMessage-ID: <1@x>\n"+inMixed, partOf("message/delivery-status", "Reporting-MTA: dns; a\n\nAction: failed\nStatus: 5.2.2\n")), BounceSoft},
		{"a receipt in a mixed mail", mailOf(inMixed, partOf("message/disposition-notification", disposition)), Notice},
		{"one that only says that it is", mailOf("Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n", partOf("text/plain", "x")), Notice},
		{"an invitation among others", within(partOf("text/calendar; method=REQUEST", "BEGIN:VCALENDAR")), Calendar},
		{"one whose method stands inside", mailOf(inMixed, partOf("text/calendar", "BEGIN:VCALENDAR\nMETHOD:REPLY")), Calendar},
		{"a calendar without a method", mailOf(inMixed, partOf("text/calendar", "BEGIN:VCALENDAR")), Reply},
		{"a person attaches an invitation", mailOf(inMixed, partOf("text/calendar; method=REQUEST\nContent-Disposition: attachment", "BEGIN:VCALENDAR")), Reply},
		{"Exchange's class of content", mailOf("Content-Class: urn:content-classes:calendarmessage\n", "x"), Calendar},
		{"another class, with an originator", mailOf("Content-Class: x-calendarmessage\nX-MS-Exchange-Calendar-Originator-Id: x\n", "x"), Calendar},
		{"another class alone", mailOf("Content-Class: x-calendarmessage\n", "x"), Reply},
		{"an originator alone", mailOf("X-MS-Exchange-Calendar-Originator-Id: x\n", "x"), Reply},
		{"a TLS report, packed", mailOf(inMixed, partOf("application/tlsrpt+gzip", "x")), Auto},
		{"a TLS report", mailOf(inMixed, partOf("application/tlsrpt+json", "{}")), Auto},
		{"a TLS report by its field", mailOf("TLS-Report-Domain: acme.example\n", "x"), Auto},
		{"a DMARC report", mailOf("Subject: Report Domain: acme.example\n", "x"), Auto},
		{"a DMARC report, forwarded", mailOf("Subject: [Dmarc] Report domain: acme.example Submitter: a.example\n", "x"), Auto},
		{"a person's report on a domain", mailOf("Subject: My report domain: north\n", "x"), Reply},
		{"a person who submits", mailOf("Subject: The submitter: me\n", "x"), Reply},
		{"Hotmail's complaint", mailOf("From: staff@hotmail.com\nX-HmXmrOriginalRecipient: a@b.example\n", "x"), Complaint},
		{"Hotmail's staff", mailOf("From: staff@hotmail.com\n", "x"), Reply},
		{"Hotmail's field alone", mailOf("X-HmXmrOriginalRecipient: a@b.example\n", "x"), Reply},
	})
}

func TestRulesOfBounces(t *testing.T) {
	const report = "The mail to sam@acme.example: 550 no such user"
	tryRules(t, []ruleCase{
		{"a daemon without an address", bare("From: MAILER-DAEMON\n", "x"), BounceSoft},
		{"a postmaster without an address", bare("From: Postmaster\n", "x"), BounceSoft},
		{"a subsystem without an address", bare("From: Mail Delivery Subsystem\n", "x"), BounceSoft},
		{"a daemon of another number", mailOf("From: mailer-daemon2@mx.acme.example\n", "x"), BounceSoft},
		{"a postmaster of a region", mailOf("From: postmaster-eu@mx.acme.example\n", "x"), BounceSoft},
		{"a person who is a postmaster", mailOf("From: Postmaster Sam <sam@acme.example>\n", "x"), Reply},
		{"two authors who are no daemons", mailOf("From: Sam <sam@acme.example>, Bo <bo@acme.example>\n", "x"), Reply},
		{"the null author", mailOf("From: <>\n", "x"), BounceSoft},
		{"the null path and the subject", mailOf("From: Help <help@acme.example>\nReturn-Path: <>\nSubject: Undeliverable: A question\n", "x"), BounceSoft},
		{"the subject alone, from a person who answers", mailOf("From: Help <help@acme.example>\nSubject: Undeliverable: A question\n", report), Reply},
		{"a person answers about a bounce", mailOf("From: Mail System <system@mx.acme.example>\nSubject: Re: Undeliverable: A question\n", "x"), Reply},
		{"the subject of a report, and its text", bare("Subject: Undeliverable: A question\n", report), BounceHard},
		{"the subject of a report, and its text as HTML", bare("Subject: Undeliverable: A question\nContent-Type: text/html\n", "<p>"+report+"</p>"), BounceHard},
		{"the subject of a report, and a person's text", bare("Subject: Undeliverable: A question\n", "What does that mean?"), Stray},
		{"the null path and the text", mailOf("Return-Path: <>\n", "Delivery to sam@acme.example ended with 5.1.1"), BounceHard},
		{"the text alone", mailOf("", "Delivery to sam@acme.example ended with 5.1.1"), Reply},
	})
	for _, name := range []string{"Mail Delivery", "Mail System", "System Administrator", "The Mail Daemon"} {
		tryRules(t, []ruleCase{{name, mailOf("From: "+name+" <a@acme.example>\nSubject: Undeliverable: A question\n", "x"), BounceSoft}})
	}
	if answered("re") || !answered("re: x") {
		t.Error("a prefix has a colon behind it")
	}
}

func TestRulesOfAnswering(t *testing.T) {
	p := Parser{Own: []string{"coach@mail.acme.example"}}
	for name, c := range map[string]ruleCase{
		"nothing":     {mail: bare("Subject: hello\n", "x"), want: Stray},
		"In-Reply-To": {mail: bare("Subject: hello\nIn-Reply-To: <a@b>\n", "x"), want: Reply},
		"References":  {mail: bare("Subject: hello\nReferences: <a@b>\n", "x"), want: Reply},
		"Re:":         {mail: bare("Subject: Re: hello\n", "x"), want: Reply},
		"a token":     {mail: bare("Subject: hello\nDelivered-To: coach+abc@mail.acme.example\n", "x"), want: Reply},
	} {
		if m, err := p.Parse(strings.NewReader(c.mail)); err != nil || m.Class != c.want {
			t.Errorf("%s: %s, want %s", name, m.Class, c.want)
		}
	}
	for name, mail := range map[string]string{"no bytes": "", "a header without end": "Subject: " + strings.Repeat("x", MaxHeader)} {
		if m, err := p.Parse(strings.NewReader(mail)); err != nil || m.Class != Held {
			t.Errorf("%s: %s, %v", name, m.Class, err)
		}
	}
}

// TestRulesOfAbsences: what is wanted beside a word of being away before a mail that nothing marks counts as a machine's.
func TestRulesOfAbsences(t *testing.T) {
	long := strings.Repeat(" We look forward to hearing from you soon, and so on.", 9)
	for _, c := range []struct {
		name, body string
		want       Class
	}{
		{"urgent things, and a date", "Out of office until 18 September. Urgent: Ann." + long, AutoReply},
		{"somebody else, and a date", "Out of office until 18 September. Please contact Ann." + long, AutoReply},
		{"urgent things, no date", "Out of office. Urgent: Ann.", Reply},
		{"a word of a date, no number", "Out of office until Monday. Urgent: Ann.", Reply},
		{"a number, no word of a date", "Out of office 18. Urgent: Ann.", Reply},
		{"somebody else", "Out of office. Please contact Ann.", AutoReply},
		{"somebody else, and much more", "Out of office. Please contact Ann." + long, Reply},
		{"urgent things, stiffly", "Out of office. Urgent? Ann. This is automatic", AutoReply},
		{"stiffly", "Out of office. This is automatic", Reply},
		{"a date, stiffly", "Out of office until 18 September. This is automatic", AutoReply},
		{"a date, stiffly, and much more", "Out of office until 18 September. This is automatic" + long, Reply},
		{"a date", "Out of office until 18 September.", Reply},
		{"all of it, in a long mail", "Out of office until 18 September. Urgent: please contact Ann." + strings.Repeat(long, 4), Reply},
		{"all of it, above a quote", "Out of office until 18 September. Urgent: please contact Ann.\n> What do you want?", Reply},
	} {
		if m, err := Parse(strings.NewReader(mailOf("", c.body))); err != nil || m.Class != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, m.Class, m.Reason, c.want)
		}
	}
	const away = "Thanks! I am on annual leave."
	for _, c := range []struct {
		name, mail string
		want       bool
	}{
		{"a person", mailOf("", away), true},
		{"a person who writes HTML", mailOf("Content-Type: text/html\n", "<p>"+away+"</p>"), true},
		{"a person who answers nothing", bare("Subject: hello\n", away), true},
		{"a machine", mailOf("Auto-Submitted: auto-replied\n", away), false},
		{"the words are quoted", mailOf("", "Fine.\n\nOn Mon, 7 Sep 2026 at 08:00, Coach <coach@mail.acme.example> wrote:\n> "+away+"\n"), false},
		{"a long story", mailOf("", away+strings.Repeat(long, 4)), false},
		{"too long to be looked at", mailOf("", away+"\n\nOn Mon, 7 Sep 2026 at 08:00, Coach <coach@mail.acme.example> wrote:\n"+strings.Repeat("> "+long+"\n", 100)), false},
	} {
		if m, err := Parse(strings.NewReader(c.mail)); err != nil || m.Absence != c.want {
			t.Errorf("%s: absence %v, want %v (%s)", c.name, m.Absence, c.want, m.Class)
		}
	}
}
