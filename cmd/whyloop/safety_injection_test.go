package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// hostile is what people and machines write that is not only words.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(hostileWords()),
		rapid.StringN(1, 60, 200),
	)
}

// hostileWords are what has broken others.
func hostileWords() []string {
	return []string{
		"Sam\r\nBcc: eve@elsewhere.example", "Sam\nX-Evil: yes", "Sam\r\n\r\nbody", "Sam\x00", `Sam" <eve@elsewhere.example>, "`, "=?utf-8?q?Sam=0D=0ABcc:_eve?=",
		"<script>alert(1)</script>", `<img src=x onerror=alert(1)>`, `"><a href="https://elsewhere.example">x</a>`, "{{.Why}}", "{{define \"x\"}}{{end}}", "${PATH}", "%s%n%d",
		"\x1b[2J\x1b[31mred", "\x1b]0;title\x07", "\u009b31m", "a\u202egnp.exe", "a\u2066b\u2069", "zero\u200bwidth\ufeff", "\r\n.\r\nMAIL FROM:<eve@elsewhere.example>\r\n", "\n.\n", "stop\rstop",
		strings.Repeat("x", 3000), strings.Repeat("<div>", 300), strings.Repeat("ä", 500), "=cmd|' /C calc'!A0", "\u0000\ufffe\U0010ffff",
	}
}

// TestInjection: whatever stands in names and answers, every letter has the fields it should have, one
// recipient, no mark-up and no control character that is not ours, and the commands print none.
func TestInjection(t *testing.T) {
	f := newPost(t, anyHourConfig)
	lines := 0
	f.log.see = func(line []byte) {
		lines++
		if text, end := strings.CutSuffix(string(line), "\n"); !end || strings.ContainsFunc(text, func(r rune) bool { return r == '\n' || control(r) }) {
			t.Errorf("logged: %q", line)
		}
	}
	var got []conversation.Delivery
	deliver := f.deliver
	f.deliver = func(d conversation.Delivery) {
		got = append(got, d)
		deliver(d)
	}
	reps, letters, refused := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		f.t, got = rt, nil
		reps++
		address := fmt.Sprintf("rep%d@northwind.example", reps)
		rep := conversation.Rep{Name: hostile().Draw(rt, "name"), Address: conversation.Address{Name: hostile().Draw(rt, "full name"), Mail: address},
			Manager: conversation.Address{Name: hostile().Draw(rt, "manager"), Mail: "dana@northwind.example"}, Zone: "UTC", Language: "en"}
		if _, err := f.coach.Enrol(context.Background(), rep); err != nil {
			refused++
			rep.Name, rep.Address.Name, rep.Manager.Name = "Sam", "", "Dana"
			if _, err := f.coach.Enrol(context.Background(), rep); err != nil {
				rt.Fatal(err)
			}
		}
		f.pass(time.Minute)
		for _, text := range []string{"yes", hostile().Draw(rt, "goal"), hostile().Draw(rt, "answer"), hostile().Draw(rt, "answer")} {
			f.write(0, address, gmail("Sam <"+address+">", f.last(address), text, f.clock.Now().Add(time.Duration(f.uid))))
			f.pass(10 * time.Minute)
		}
		for _, d := range got {
			letters++
			checkClean(rt, d.Raw, d.Recipient)
		}
	})
	f.t = t
	for _, args := range [][]string{{"rep", "list"}, {"rep", "show", "rep1@northwind.example"}, {"outbox"}, {"held", "list"}} {
		got := call(t, "", append([]string{"--config", f.path}, args...)...)
		if k := strings.IndexFunc(got.out+got.errors, control); k >= 0 {
			t.Errorf("whyloop %v prints %q", args, (got.out + got.errors)[k:][:1])
		}
	}
	if lines == 0 {
		t.Error("nothing was logged")
	}
	t.Logf("%d reps, %d of their names refused, %d letters, %d lines of the log", reps, refused, letters, lines)
}

// TestInjectionByCSV: whatever a spreadsheet holds in whatever column, the commands print nothing that a terminal obeys,
// and what was taken makes clean letters.
func TestInjectionByCSV(t *testing.T) {
	o := newOffice(t)
	quiet := func(args string, more ...string) called {
		got := o.whyloop("", args, more...)
		if k := strings.IndexFunc(got.out+got.errors, control); k >= 0 {
			t.Errorf("%s prints %q", args, (got.out + got.errors)[k:])
		}
		return got
	}
	rows, taken := 0, 0
	for k, cell := range hostileWords() {
		for column := range 5 {
			if raceEnabled && column != k%5 { // the command is one goroutine
				continue
			}
			rows++
			row := []string{"Sam", fmt.Sprintf("sam%d@example.com", rows), "Dana", "dana@example.com", "UTC"}
			row[column] = cell
			var text strings.Builder
			w := csv.NewWriter(&text)
			if err := w.Write(row); err != nil {
				t.Fatal(err)
			}
			w.Flush()
			if got := quiet("rep import", csvFile(t, csvHead+text.String())); got.code == exitOK {
				taken++
				quiet("rep import --send")
			}
		}
	}
	letters := 0
	o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
		all, err := s.Claim(context.Background(), o.now.AddDate(0, 0, 14), time.Minute, 1000)
		if err != nil {
			t.Fatal(err)
		}
		letters = len(all)
		for _, d := range all {
			checkClean(t, d.Raw, d.Recipient)
		}
	})
	quiet("rep list")
	quiet("outbox")
	if letters == 0 || taken == rows {
		t.Errorf("%d rows, %d taken, %d letters: this proves nothing", rows, taken, letters)
	}
	t.Logf("%d rows, %d taken, %d letters", rows, taken, letters)
}

// control is a character that moves something else than words: those of terminals, of direction, of no width.
func control(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control))
}

func checkClean(t interface{ Errorf(string, ...any) }, raw []byte, to string) {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	ours := []string{"From", "To", "Reply-To", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "Mime-Version", "Content-Type",
		"Content-Language", "Content-Transfer-Encoding", "Auto-Submitted", "X-Auto-Response-Suppress", "X-Whyloop"}
	for name, values := range m.Header {
		if !slices.Contains(ours, name) || len(values) != 1 {
			t.Errorf("%d fields %s", len(values), name)
		}
	}
	if all, err := m.Header.AddressList("To"); err != nil || len(all) != 1 || all[0].Address != to {
		t.Errorf("it is to %v, %v", all, err)
	}
	if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) || bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\r")) {
		t.Errorf("a bare CR or LF")
	}
	text, err := everything(raw)
	if err != nil {
		t.Errorf("%v", err)
	}
	seen := strings.ReplaceAll(string(text), "\r\n", "\n")
	if k := strings.IndexFunc(seen, control); k >= 0 {
		t.Errorf("a control character: %q", seen[max(0, k-40):min(len(seen), k+40)])
	}
	if k := strings.LastIndex(strings.ToLower(seen), "<html"); k >= 0 {
		checkElements(t, seen[k:])
	}
}

// checkElements: nothing acts, loads or leads away.
func checkElements(t interface{ Errorf(string, ...any) }, page string) {
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
			continue
		}
		if slices.Contains([]string{"script", "img", "iframe", "a", "form", "link", "object", "embed", "svg", "input", "button", "base"}, tok.Data) {
			t.Errorf("a letter has <%s>", tok.Data)
		}
		for _, a := range tok.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.Contains(a.Val, "url(") {
				t.Errorf("a letter has %s=%q", a.Key, a.Val)
			}
		}
	}
}
