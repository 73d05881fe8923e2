package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
)

// mailText is a message as a person sees it: enough of it to answer.
type mailText struct {
	From, ReplyTo, To, Cc string
	Subject               string
	MessageID             string
	References            string
	Date                  time.Time
	Text                  string
}

// readMail decodes the text part of a message that our own composer or one of the demo's
// clients wrote. It is no parser for strangers' mail.
func readMail(raw []byte) (mailText, error) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return mailText{}, err
	}
	var dec mime.WordDecoder
	field := func(name string) string {
		s, err := dec.DecodeHeader(m.Header.Get(name))
		if err != nil {
			return m.Header.Get(name)
		}
		return s
	}
	t := mailText{From: field("From"), ReplyTo: field("Reply-To"), To: field("To"), Cc: field("Cc"), Subject: field("Subject"),
		MessageID: field("Message-ID"), References: field("References")}
	if t.Date, err = m.Header.Date(); err != nil {
		return t, err
	}
	t.Text, err = firstText(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
	t.Text = strings.TrimSpace(strings.ReplaceAll(t.Text, "\r\n", "\n"))
	return t, err
}

// firstText returns the first text/plain part.
func firstText(contentType, encoding string, body io.Reader) (string, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil && contentType != "" {
		return "", err
	}
	if strings.HasPrefix(kind, "multipart/") {
		return firstPart(multipart.NewReader(body, params["boundary"]))
	}
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	b, err := io.ReadAll(body)
	return string(b), err
}

func firstPart(r *multipart.Reader) (string, error) {
	for {
		p, err := r.NextRawPart()
		if err != nil {
			return "", err
		}
		ct := p.Header.Get("Content-Type")
		if strings.HasPrefix(ct, "text/plain") || strings.HasPrefix(ct, "multipart/") {
			return firstText(ct, p.Header.Get("Content-Transfer-Encoding"), p)
		}
	}
}

// client writes a reply to a letter the way a mail program does, quoting it.
type client func(from string, to mailText, text string, at time.Time) []byte

// The mail programs that Sam uses.
func clients() map[string]client {
	return map[string]client{"Gmail": gmail, "Outlook": outlook, "iPhone": iphone, "Thunderbird": thunderbird}
}

// replyHeader is what all of them write above the body.
func replyHeader(b *bytes.Buffer, from string, to mailText, program string, at time.Time) {
	subject := to.Subject
	if !strings.HasPrefix(strings.ToLower(subject), "re: ") {
		subject = "Re: " + subject
	}
	back := to.ReplyTo
	if back == "" {
		back = to.From
	}
	fmt.Fprintf(b, "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\n", from, back, mime.QEncoding.Encode("utf-8", subject), at.Format(time.RFC1123Z))
	fmt.Fprintf(b, "Message-ID: <%s.%d@mail.example.com>\r\nIn-Reply-To: %s\r\n", strings.ToLower(program), at.UnixNano(), to.MessageID)
	fmt.Fprintf(b, "References: %s\r\nMIME-Version: 1.0\r\n", strings.TrimSpace(to.References+" "+to.MessageID))
}

// quote puts "> " before each line.
func quote(text string) string {
	return "> " + strings.ReplaceAll(text, "\n", "\n> ")
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

// alternative writes a text and an HTML part, each encoded by enc.
func alternative(b *bytes.Buffer, boundary, encoding, text, htm string, enc func(string) string) {
	fmt.Fprintf(b, "Content-Type: multipart/alternative; boundary=%q\r\n\r\n", boundary)
	for _, p := range [][2]string{{"plain", text}, {"html", htm}} {
		fmt.Fprintf(b, "--%s\r\nContent-Type: text/%s; charset=\"UTF-8\"\r\nContent-Transfer-Encoding: %s\r\n\r\n%s\r\n", boundary, p[0], encoding, enc(p[1]))
	}
	fmt.Fprintf(b, "--%s--\r\n", boundary)
}

func quotedPrintable(s string) string {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = io.WriteString(w, crlf(s)) // into memory
	_ = w.Close()
	return b.String()
}

func base64Lines(s string) string {
	s = base64.StdEncoding.EncodeToString([]byte(crlf(s)))
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	return b.String() + s
}

func htmlLines(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>\n") }

// gmail writes above "On ... wrote:", in text and in HTML.
func gmail(from string, to mailText, text string, at time.Time) []byte {
	var b bytes.Buffer
	replyHeader(&b, from, to, "CAgmail", at)
	on := fmt.Sprintf("On %s %s wrote:", to.Date.In(at.Location()).Format("Mon, Jan 2, 2006 at 3:04 PM"), to.From)
	htm := fmt.Sprintf(`<div dir="ltr">%s</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">%s<br></div>`+
		`<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">%s</blockquote></div>`,
		htmlLines(text), html.EscapeString(on), htmlLines(to.Text))
	alternative(&b, "000000000000a1b2c30644f0d1e2", "quoted-printable", text+"\n\n"+on+"\n\n"+quote(to.Text), htm, quotedPrintable)
	return b.Bytes()
}

// outlook copies the letter under a block of header lines, without any ">".
func outlook(from string, to mailText, text string, at time.Time) []byte {
	var b bytes.Buffer
	replyHeader(&b, from, to, "VI1PR04MB", at)
	head := [][2]string{{"From", to.From}, {"Sent", to.Date.In(at.Location()).Format("Monday, 2 January 2006 15:04")}, {"To", to.To}, {"Subject", to.Subject}}
	plain, htm := text+"\n\n________________________________\n", `<div class="WordSection1"><p class="MsoNormal">`+htmlLines(text)+`</p></div>`+
		`<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">`
	for _, h := range head {
		plain += h[0] + ": " + h[1] + "\n"
		htm += "<b>" + h[0] + ":</b> " + html.EscapeString(h[1]) + "<br>\n"
	}
	alternative(&b, "_000_VI1PR04MB1234_", "base64", plain+"\n"+to.Text, htm+"</font></div><div>"+htmlLines(to.Text)+"</div>", base64Lines)
	return b.Bytes()
}

// iphone adds its footer and quotes below.
func iphone(from string, to mailText, text string, at time.Time) []byte {
	var b bytes.Buffer
	replyHeader(&b, from, to, "iPhone", at)
	b.WriteString("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\nX-Mailer: iPhone Mail (23A355)\r\n\r\n")
	on := fmt.Sprintf("On %s, %s wrote:", to.Date.In(at.Location()).Format("2 Jan 2006, at 15:04"), to.From)
	b.WriteString(quotedPrintable(text + "\n\nSent from my iPhone\n\n> " + on + "\n> \n" + quote(to.Text) + "\n"))
	return b.Bytes()
}

// thunderbird quotes first and answers below.
func thunderbird(from string, to mailText, text string, at time.Time) []byte {
	var b bytes.Buffer
	replyHeader(&b, from, to, "Thunderbird", at)
	b.WriteString("User-Agent: Mozilla Thunderbird\r\nContent-Type: text/plain; charset=UTF-8; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
	on := fmt.Sprintf("On %s, %s wrote:", to.Date.In(at.Location()).Format("02/01/2006 15:04"), to.From)
	b.WriteString(crlf(on + "\n" + quote(to.Text) + "\n\n" + text + "\n"))
	return b.Bytes()
}
