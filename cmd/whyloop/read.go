package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"whyloop/parser"
)

type readCmd struct {
	Kind       string   `enum:"auto,eml,plain,html" default:"auto" help:"What it is: eml (a whole message), plain or html (a body alone), or auto."`
	Text       bool     `xor:"form" help:"Print the text alone."`
	JSON       bool     `xor:"form" help:"Print one JSON object a line (the default)."`
	AuthservID string   `name:"authserv-id" placeholder:"ID" help:"Believe Authentication-Results of this server."`
	Profile    string   `enum:"standard,exchange-online" default:"standard" help:"Believe this provider's own marks."`
	Sent       []string `placeholder:"FILE" sep:"none" help:"Plain text of a letter sent before, to know it in a quote. May be repeated, the newest first."`
	Files      []string `arg:"" optional:"" name:"file" help:"Messages; standard input without any."`
}

// Help is shown under the command's own --help.
func (readCmd) Help() string {
	return `Each message is read as the daemon would, without the network, and nothing is stored.

  whyloop read --text reply.eml            what did they newly write?
  whyloop read mail/*.eml | jq .class      what is each of them?`
}

// readLine is what is printed of one message.
type readLine struct {
	File       string   `json:"file"`
	Class      string   `json:"class"`
	Text       string   `json:"text"`
	From       string   `json:"from"`
	Auth       string   `json:"auth"`
	MessageID  string   `json:"message_id"`
	Reason     string   `json:"reason,omitempty"`
	AuthBy     string   `json:"auth_by,omitempty"`
	Empty      bool     `json:"empty,omitempty"`
	Quoted     bool     `json:"quoted,omitempty"`
	InReplyTo  []string `json:"in_reply_to,omitempty"`
	References []string `json:"references,omitempty"`
	Bounces    []bounce `json:"bounces,omitempty"`
	BackOn     string   `json:"back_on,omitempty"`
}

type bounce struct {
	Recipient string `json:"recipient,omitempty"`
	Status    string `json:"status,omitempty"`
	Action    string `json:"action,omitempty"`
	Hard      bool   `json:"hard"`
}

// Run reads each file, or standard input.
func (cmd readCmd) Run(env *environ) error {
	known, err := cmd.known()
	if err != nil {
		return err
	}
	if len(cmd.Files) == 0 {
		cmd.Files = []string{"-"}
	}
	for _, name := range cmd.Files {
		data, err := readInput(env.stdin, name)
		if err != nil {
			return err
		}
		line, err := cmd.read(data, known)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		line.File = name
		if err := cmd.print(env.stdout, line); err != nil {
			return err
		}
	}
	return nil
}

// readInput reads a file, or standard input for "-", as far as the daemon would.
func readInput(stdin io.Reader, name string) ([]byte, error) {
	r := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r = f
	}
	return io.ReadAll(io.LimitReader(r, parser.MaxSize+1))
}

func (cmd readCmd) known() (parser.Known, error) {
	var k parser.Known
	for _, name := range cmd.Sent {
		text, err := os.ReadFile(name)
		if err != nil {
			return k, err
		}
		k.Sent = append(k.Sent, string(text))
	}
	return k, nil
}

func (cmd readCmd) print(w io.Writer, line readLine) error {
	if cmd.Text {
		_, err := fmt.Fprintln(w, line.Text)
		return err
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(line)
}

// read reads one message, or a body alone, which is a reply by being one.
func (cmd readCmd) read(data []byte, known parser.Known) (readLine, error) {
	kind := cmd.Kind
	if kind == "auto" {
		kind = guessKind(data)
	}
	if kind != "eml" {
		t := parser.Extract(parser.Kind(kind), string(data), known)
		return readLine{Class: string(parser.Reply), Auth: string(parser.AuthNone), Text: t.Body, Empty: t.Empty, Quoted: t.Quoted}, nil
	}
	p := parser.Parser{Profile: parserProfile(cmd.Profile)}
	if cmd.AuthservID != "" {
		p.AuthServIDs = []string{cmd.AuthservID}
	}
	m, err := p.Parse(bytes.NewReader(data))
	if err != nil {
		return readLine{}, err
	}
	line := lineOf(m)
	known.Name, known.Address = m.FromName, m.From
	t, err := m.Visible(known)
	line.Text, line.Empty, line.Quoted = t.Body, t.Empty, t.Quoted
	return line, err
}

// parserProfile is a profile as the parser names it.
func parserProfile(name string) string {
	if name == profileStandard {
		return ""
	}
	return name
}

func lineOf(m parser.Message) readLine {
	line := readLine{
		Class: string(m.Class), Reason: m.Reason, From: m.From, Auth: string(m.Auth), AuthBy: m.AuthBy,
		MessageID: m.MessageID, InReplyTo: m.InReplyTo, References: m.References,
	}
	for _, b := range m.Bounces {
		line.Bounces = append(line.Bounces, bounce{b.Recipient, b.Status, b.Action, b.Hard})
	}
	if !m.BackOn.IsZero() {
		line.BackOn = m.BackOn.Format(time.DateOnly)
	}
	return line
}

// guessKind tells a whole message from a body: it begins with header fields, one of
// which every message has.
func guessKind(data []byte) string {
	head, _, _ := bytes.Cut(bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	field := regexp.MustCompile(`^(From |[A-Za-z][A-Za-z0-9-]*:)`)
	usual := regexp.MustCompile(`(?mi)^(From|Received|Return-Path|Message-ID|MIME-Version|Date|Content-Type):`)
	start := bytes.TrimSpace(data)
	switch {
	case field.Match(head) && usual.Match(head):
		return "eml"
	case bytes.HasPrefix(start, []byte("<")) && regexp.MustCompile(`(?i)^<(!doctype|html|head|body|div|p|table|meta|blockquote|span)\b`).Match(start):
		return "html"
	}
	return "plain"
}
