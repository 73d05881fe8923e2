package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// transcript prints a correspondence for a person to read.
type transcript struct {
	w      io.Writer
	colour bool
	loc    *time.Location
	day    string          // the last day that was named
	footer map[string]bool // footers that were shown: each is printed once
}

func newTranscript(w io.Writer, loc *time.Location) *transcript {
	return &transcript{w: w, colour: wantsColour(w), loc: loc, footer: map[string]bool{}}
}

// wantsColour: on a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal is dumb.
func wantsColour(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// The ANSI styles in use.
const (
	styleBold = "1"
	styleDim  = "2"
	styleUs   = "36" // cyan
	styleThem = "33" // yellow
	styleGood = "32" // green
)

func (t *transcript) style(code, s string) string {
	if !t.colour || s == "" || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// say prints a line of the narrator's.
func (t *transcript) say(format string, args ...any) {
	fmt.Fprintln(t.w, t.style(styleDim, fmt.Sprintf(format, args...)))
}

// heading prints a title with a rule under it.
func (t *transcript) heading(title string) {
	fmt.Fprintf(t.w, "\n%s\n%s\n", t.style(styleBold, title), strings.Repeat("─", utf8.RuneCountInString(title)))
}

// date names a day once.
func (t *transcript) date(at time.Time) {
	if day := at.In(t.loc).Format("Monday 2 January 2006"); day != t.day {
		t.day = day
		t.heading(day)
	}
}

// letter prints what whyloop wrote, as it lay in a mailbox.
func (t *transcript) letter(at time.Time, to string, m mailText) {
	t.date(at)
	head := fmt.Sprintf("%s  whyloop to %s", at.In(t.loc).Format("15:04"), to)
	fmt.Fprintf(t.w, "\n%s  %s\n", t.style(styleUs, head), t.style(styleDim, m.Subject))
	t.body(m.Text, styleUs)
}

// reply prints what the rep wrote; the rest of the mail is summed up.
func (t *transcript) reply(at time.Time, from, text, note string) {
	t.date(at)
	head := fmt.Sprintf("%s  %s", at.In(t.loc).Format("15:04"), from)
	fmt.Fprintf(t.w, "\n%s  %s\n", t.style(styleThem, head), t.style(styleDim, note))
	t.body(text, styleThem)
}

// textWidth is how wide the transcript's text is, in characters.
const textWidth = 76

// body prints a text beside a bar; a footer is dimmed, and left out once it was seen.
func (t *transcript) body(text, bar string) {
	words, footer, _ := strings.Cut(text, "\n-- \n")
	t.lines(words, bar, "")
	if footer == "" || t.footer[footer] {
		return
	}
	t.footer[footer] = true
	t.lines(footer, bar, styleDim)
}

func (t *transcript) lines(text, bar, style string) {
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		for _, l := range wrapLine(line, textWidth) {
			l = t.style(style, l)
			fmt.Fprintln(t.w, strings.TrimRight("  "+t.style(bar, "│")+" "+l, " "))
		}
	}
}

// wrapLine breaks a line between words.
func wrapLine(line string, width int) []string {
	var out []string
	for utf8.RuneCountInString(line) > width {
		cut := strings.LastIndexByte(string([]rune(line)[:width+1]), ' ')
		if cut <= 0 {
			break
		}
		out = append(out, line[:cut])
		line = line[cut+1:]
	}
	return append(out, line)
}

// inbox prints a mail with the header that shows who got it.
func (t *transcript) inbox(m mailText) {
	fmt.Fprintf(t.w, "\n  Date: %s\n  To: %s\n  Cc: %s\n  Subject: %s\n", m.Date.In(t.loc).Format("Mon 2 Jan 2006 15:04"), m.To, m.Cc, t.style(styleBold, m.Subject))
	t.body(m.Text, styleUs)
}

// check prints something that was looked at and found good.
func (t *transcript) check(format string, args ...any) {
	fmt.Fprintln(t.w, "  "+t.style(styleGood, "✓")+" "+fmt.Sprintf(format, args...))
}
