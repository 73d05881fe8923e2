package main

import (
	"bytes"
	"context"
	"errors"
	"html/template"
	"net/http"
	"net/mail"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"whyloop/conversation"
)

// pageView is what the playground's page shows.
type pageView struct {
	Now     time.Time
	Guide   guide
	News    string
	Turn    int // of the game; each form carries it
	Open    openMail
	Example *exampleForm // nil: none is at hand for the open mail
	Reply   *replyForm   // nil: the open mail cannot be answered
	Behind  *behind      // what became of the last reply, or of the open one
	Ladder  ladderView
	Rep     []mailRow // newest first, the rep's own replies among them
	Manager []mailRow
}

// mailRow is a line of a mailbox.
type mailRow struct {
	ID, From, Subject, First string
	At                       time.Time
	Sent, New, Open          bool
}

// openMail is the mail that is open, in one of three forms.
type openMail struct {
	ID, As, Title, From, To, Cc, Subject string
	At                                   time.Time
	HTML                                 template.HTML
	Plain, Source                        string
	Lines                                []mailLine // of a mail that was sent
}

// replyForm is where the rep answers.
type replyForm struct {
	To       int
	Program  string // the one used last
	Programs []string
}

// exampleForm is an answer that one press sends.
type exampleForm struct {
	To             int
	Program, Words string
}

// ladderView is the way from the goal to the why.
type ladderView struct {
	Goal  string
	Rungs []string
	Why   string
	Stage string // in words
}

// shelf is both mailboxes and the conversation, read once for a page.
type shelf struct {
	rep, manager []inboxMail
	c            conversation.Conversation
	waits        time.Time // a letter is written and waits for its hour; zero: none
}

func (g *game) shelf(ctx context.Context) (s shelf, err error) {
	if s.rep, err = g.inbox(g.cast.rep); err != nil {
		return s, err
	}
	if s.manager, err = g.inbox(g.cast.manager); err != nil {
		return s, err
	}
	s.c, err = g.daemon.store.ByAddress(ctx, g.cast.rep.mail)
	if errors.Is(err, conversation.ErrNotFound) { // erased
		s.c, err = conversation.Conversation{End: conversation.Erased}, nil
	}
	if err != nil {
		return s, err
	}
	stats, err := g.daemon.store.Stats(ctx)
	s.waits = stats.NextReady
	return s, err
}

// view makes the page. open names a mail: "r3" of the rep's inbox, "m1" of the manager's, "s2" of
// those the rep sent; anything else is the rep's newest.
func (g *game) view(ctx context.Context, open, as string) (pageView, error) {
	s, err := g.shelf(ctx)
	if err != nil {
		return pageView{}, err
	}
	v := pageView{Now: g.clock.Now().In(g.loc), News: g.news, Turn: g.turn, Ladder: ladderOf(s.c)}
	v.Guide = g.guide(s)
	v.Open = g.open(s, open, as)
	newest := "r" + strconv.Itoa(len(s.rep))
	if n, ok := strings.CutPrefix(v.Open.ID, "r"); ok {
		i, _ := strconv.Atoi(n)
		v.Reply = &replyForm{To: i - 1, Program: g.program(), Programs: webPrograms()}
		if v.Open.ID == newest && v.Guide.Example != "" {
			v.Example = &exampleForm{i - 1, g.program(), v.Guide.Example}
		}
	}
	v.Behind = g.behind(v.Open.ID)
	v.Rep, v.Manager = g.repRows(s, v.Open.ID), g.managerRows(s, v.Open.ID)
	return v, nil
}

// program is the mail program that was used last.
func (g *game) program() string {
	if len(g.sent) == 0 {
		return "Gmail"
	}
	return g.sent[len(g.sent)-1].program
}

// open finds the mail to show.
func (g *game) open(s shelf, id, as string) openMail {
	kind, n := "r", len(s.rep)
	if len(id) > 1 {
		if i, err := strconv.Atoi(id[1:]); err == nil {
			kind, n = id[:1], i
		}
	}
	switch {
	case kind == "s" && n >= 1 && n <= len(g.sent):
		return g.openSent(n, as)
	case kind == "m" && n >= 1 && n <= len(s.manager):
		return g.openLetter(s.manager[n-1], "m"+strconv.Itoa(n), "Dana reads", as)
	case kind != "r" || n < 1 || n > len(s.rep):
		n = len(s.rep)
	}
	if n == 0 {
		return openMail{}
	}
	return g.openLetter(s.rep[n-1], "r"+strconv.Itoa(n), "Sam reads", as)
}

func (g *game) openLetter(m inboxMail, id, title, as string) openMail {
	t := m.text
	o := openMail{ID: id, As: as, Title: title, From: plainAddress(t.From), To: plainAddress(t.To), Cc: plainAddress(t.Cc), Subject: t.Subject, At: t.Date.In(g.loc)}
	switch as {
	case "plain":
		o.Plain = t.Text
	case "source":
		o.Source = sourceText(m.raw)
	default:
		o.As, o.HTML = "", shown(htmlPart(m.raw))
	}
	return o
}

func (g *game) openSent(n int, as string) openMail {
	m := g.sent[n-1]
	t, err := readMail(m.raw)
	if err != nil {
		t.Text = m.typed
	}
	o := openMail{ID: "s" + strconv.Itoa(n), As: as, Title: "Sam wrote", From: plainAddress(t.From), To: plainAddress(t.To), Subject: t.Subject, At: m.at.In(g.loc)}
	if as == "source" {
		o.Source = sourceText(m.raw)
		return o
	}
	o.As = ""
	read := ""
	if len(m.heard) > 0 {
		read = m.heard[0].text
	}
	o.Lines = marked(t.Text, read)
	return o
}

// plainAddress is an address without the quotation marks of its header field.
func plainAddress(field string) string {
	a, err := mail.ParseAddress(field)
	if err != nil || a.Name == "" {
		return field
	}
	return a.Name + " <" + a.Address + ">"
}

// sourceText is a mail's bytes, as text.
func sourceText(raw []byte) string {
	return strings.ToValidUTF8(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\uFFFD")
}

// repRows lists letters and replies, newest first.
func (g *game) repRows(s shelf, open string) []mailRow {
	var rows []mailRow
	sent := 0
	reply := func() {
		m := g.sent[sent]
		sent++
		rows = append(rows, mailRow{ID: "s" + strconv.Itoa(sent), From: "Sam, from " + programName(m.program), First: firstLine(m.typed), At: m.at.In(g.loc), Sent: true})
	}
	for i, m := range s.rep {
		for sent < len(g.sent) && g.sent[sent].at.Before(m.text.Date) {
			reply()
		}
		for sent < len(g.sent) && !g.sent[sent].at.After(m.text.Date) && g.sent[sent].to < i {
			reply()
		}
		rows = append(rows, mailRow{ID: "r" + strconv.Itoa(i+1), From: "whyloop", Subject: m.text.Subject, First: firstLine(m.text.Text), At: m.text.Date.In(g.loc), New: i >= g.seenRep})
	}
	for sent < len(g.sent) {
		reply()
	}
	return newestFirst(rows, open)
}

func (g *game) managerRows(s shelf, open string) []mailRow {
	var rows []mailRow
	for i, m := range s.manager {
		rows = append(rows, mailRow{ID: "m" + strconv.Itoa(i+1), From: "whyloop", Subject: m.text.Subject, First: firstLine(m.text.Text), At: m.text.Date.In(g.loc), New: i >= g.seenManager})
	}
	return newestFirst(rows, open)
}

func newestFirst(rows []mailRow, open string) []mailRow {
	out := make([]mailRow, 0, len(rows))
	for i := len(rows) - 1; i >= 0; i-- {
		rows[i].Open = rows[i].ID == open
		out = append(out, rows[i])
	}
	return out
}

// firstLine is how a mailbox sums a mail up.
func firstLine(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	const most = 90
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// renderPage executes a page into memory first, so that a broken one is never half sent.
func renderPage(w http.ResponseWriter, name string, data any) {
	t, err := template.New(name).Funcs(webFuncs()).ParseFS(webFiles, "web/"+name, "web/parts.html")
	var b bytes.Buffer
	if err == nil {
		err = t.Execute(&b, data)
	}
	if err != nil {
		http.Error(w, "The page is broken: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(w) // the browser may have gone
}

func webFuncs() template.FuncMap {
	return template.FuncMap{
		"language": languageName,
		"program":  programName,
		"machine":  func(t time.Time) string { return t.Format(time.RFC3339) },
		"day":      func(t time.Time) string { return t.Format("Monday 2 January 2006") },
		"brief":    func(t time.Time) string { return t.Format("Mon 2 Jan") },
		"hour":     func(t time.Time) string { return t.Format("15:04") },
	}
}

// programName is a mail program as a person calls it.
func programName(key string) string {
	switch key {
	case "Plain":
		return "a plain box"
	case "iPhone":
		return "a phone"
	}
	return key
}
