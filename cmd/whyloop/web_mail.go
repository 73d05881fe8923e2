package main

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inboxMail is a letter as it lies in a mailbox.
type inboxMail struct {
	raw  []byte
	text mailText
}

// inbox reads a mailbox, oldest first.
func (g *game) inbox(who person) ([]inboxMail, error) {
	mails, err := g.servers.Mails(who.mail, "INBOX")
	if err != nil {
		return nil, err
	}
	all := make([]inboxMail, len(mails))
	for i, m := range mails {
		all[i].raw = m.Raw
		if all[i].text, err = readMail(m.Raw); err != nil {
			return nil, fmt.Errorf("a letter that cannot be read: %w", err)
		}
	}
	return all, nil
}

// webPrograms are the mail programs on offer, in order.
func webPrograms() []string { return []string{"Plain", "Gmail", "Outlook", "iPhone"} }

// webClients are the demo's mail programs, and a plain one.
func webClients() map[string]client {
	all := clients()
	all["Plain"] = plainMail
	return all
}

// plainMail is a reply with nothing but the words, as from a program that quotes nothing.
func plainMail(from string, to mailText, text string, at time.Time) []byte {
	var b bytes.Buffer
	replyHeader(&b, from, to, "plain", at)
	b.WriteString("Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	b.WriteString(quotedPrintable(text + "\n"))
	return b.Bytes()
}

// htmlPart returns the HTML of a letter of our own, or "".
func htmlPart(raw []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ""
	}
	return findHTML(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
}

func findHTML(contentType, encoding string, body io.Reader) string {
	kind, params, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return ""
	case strings.HasPrefix(kind, "multipart/"):
		for r := multipart.NewReader(body, params["boundary"]); ; {
			p, err := r.NextRawPart()
			if err != nil {
				return ""
			}
			if found := findHTML(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p); found != "" {
				return found
			}
		}
	case kind != "text/html":
		return ""
	}
	if strings.EqualFold(encoding, "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	b, err := io.ReadAll(body)
	if err != nil {
		return ""
	}
	return string(b)
}

// shown is a letter's HTML with what our letters are made of, and nothing else: paragraphs,
// lists, bold words and the classes that letter.html uses. The page's own style dresses it.
func shown(letter string) template.HTML {
	doc, err := html.Parse(strings.NewReader(letter))
	if err != nil {
		return ""
	}
	var b strings.Builder
	showNode(&b, doc)
	return template.HTML(b.String()) // built by showNode from escaped words and a list of tags
}

func showNode(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(html.EscapeString(n.Data))
		return
	}
	if n.DataAtom == atom.Head || n.DataAtom == atom.Style || n.DataAtom == atom.Script {
		return
	}
	open, end := "", ""
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Ol, atom.Ul, atom.Li, atom.B:
		open, end = "<"+n.Data+showClass(n)+">", "</"+n.Data+">"
	case atom.Br:
		open = "<br>"
	}
	b.WriteString(open)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		showNode(b, c)
	}
	b.WriteString(end)
}

func showClass(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "class" {
			return ` class="` + html.EscapeString(a.Val) + `"`
		}
	}
	return ""
}

// mailLine is a line of a mail that was sent: read as the rep's words, or passed over.
type mailLine struct {
	Text string
	Read bool
}

// marked tells the lines of a mail that were read from those that were passed over, by walking
// along both. A line that was read and rewrapped is found by its words.
func marked(sent, read string) []mailLine {
	words := strings.Fields(read)
	var lines []mailLine
	for _, l := range strings.Split(strings.TrimRight(sent, "\n"), "\n") {
		own := strings.Fields(l)
		hit := len(own) > 0 && len(own) <= len(words) && strings.Join(own, " ") == strings.Join(words[:len(own)], " ")
		if hit {
			words = words[len(own):]
		}
		lines = append(lines, mailLine{l, hit})
	}
	return lines
}
