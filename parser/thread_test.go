package parser

import (
	"strings"
	"testing"
)

// TestThread reads the second answer of a thread whose client quotes the first one, and both letters of ours, below: only the new words are left,
// above, between and below the quotes.
func TestThread(t *testing.T) {
	const (
		first  = "Hi Megan,\n\nWelcome to the first week of your ladder.\n\nWhat is the one goal you want to reach this week?\n\nYour coach"
		second = "Hi Megan,\n\nThank you for your honest answer about the three demos.\n\nAnd what will reaching five demos a week get you?\n\nYour coach"
		older  = "My goal: five demos.\nOn Friday I stopped."
		answer = "The bonus.\n\nAnd some peace at home."
	)
	header := func(who, day string) string {
		return "From: " + who + "\nSent: Monday, November " + day + ", 2026 9:12 AM\nTo: somebody\nSubject: Re: Your week\n\n"
	}
	wrote := func(who, day string) string { return "On Mon, Nov " + day + ", 2026 at 9:12 AM " + who + " wrote:\n\n" }
	marked := func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") }
	const coach, megan = "Coach <coach@example.com>", "Megan <megan@example.org>"
	outlook := header(coach, "30") + second + "\n\n" + header(megan, "24") + older + "\n\n" + header(coach, "23") + first
	bare := wrote(coach, "30") + second + "\n\n" + wrote(megan, "24") + older + "\n\n" + wrote(coach, "23") + first
	deep := wrote(coach, "30") + marked(second+"\n\n"+wrote(megan, "24")+marked(older+"\n\n"+wrote(coach, "23")+marked(first)))
	inside := wrote(coach, "30") + marked(second[:strings.Index(second, "And what")]) + "\n" + answer + "\n" + marked("Your coach\n\n"+wrote(megan, "24")+marked(older+"\n\n"+wrote(coach, "23")+marked(first)))
	for name, body := range map[string]string{
		"headers":        answer + "\n\n" + outlook,
		"attributions":   answer + "\n\n" + bare,
		"marks":          answer + "\n\n" + deep,
		"marks, below":   deep + "\n\n" + answer,
		"marks, between": inside,
		"HTML":           "<div>" + strings.ReplaceAll(answer, "\n\n", "<br><br>") + `</div><div class="gmail_quote"><div>` + wrote("Coach", "30") + "</div><blockquote>" + strings.ReplaceAll(second, "\n\n", "<br><br>") + `<div class="gmail_quote">` + wrote("Megan", "24") + "<blockquote>" + older + "</blockquote></div></blockquote></div>",
	} {
		kind := Plain
		if name == "HTML" {
			kind = HTML
		}
		for _, sent := range [][]string{{second, first}, {second}} {
			if got := Extract(kind, body, Known{Name: "Megan", Sent: sent}); got.Body != answer || !got.Quoted {
				t.Errorf("%s, %d letters known: %q", name, len(sent), got.Body)
			}
		}
	}
}
