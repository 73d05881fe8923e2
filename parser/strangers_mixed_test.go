package parser

import (
	"html"
	"math/rand"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestStrangersMixed puts answers of testdata/strangers, which are read whole, above the signatures and quotes of the others: words that look
// like a header, sign-off or rule stand above real ones then. Few of so many may go wrong; each that does is shown.
func TestStrangersMixed(t *testing.T) {
	const all, most = 6000, 12
	answers, ends, quotes := parts(t)
	if len(answers) < 150 || len(ends) < 120 || len(quotes) < 200 {
		t.Fatalf("%d answers, %d ends, %d quotes", len(answers), len(ends), len(quotes))
	}
	mix(t, all, most, func(rng *rand.Rand, i int) (string, string, string) {
		answer, end, quote := pick(rng, answers), pick(rng, ends), pick(rng, quotes)
		body := []string{end, quote, strings.TrimRight(end, "\n") + "\n\n" + strings.TrimLeft(quote, "\n")}[i%3]
		return answer, "plain", answer + body
	})
}

// TestStrangersMixedInHTML puts the same answers in the place of the one line that somebody answers in the HTML of each program.
func TestStrangersMixedInHTML(t *testing.T) {
	const all, most = 6000, 8
	answers, _, _ := parts(t)
	var pages [][2]string // the HTML above and below the answer
	for _, c := range strangers(t) {
		want := html.EscapeString(strings.TrimSpace(c.want))
		above, below, ok := strings.Cut(string(c.in), want)
		if ok && c.kind == "html" && len(want) >= 4 && !strings.Contains(want, "\n") && !strings.Contains(below, want) {
			pages = append(pages, [2]string{above, below})
		}
	}
	if len(pages) < 100 {
		t.Fatalf("%d pages", len(pages))
	}
	mix(t, all, most, func(rng *rand.Rand, i int) (string, string, string) {
		answer, page := pick(rng, answers), pick(rng, pages)
		safe := html.EscapeString(answer)
		if i%2 == 0 {
			safe = strings.ReplaceAll(safe, "\n", "<br>")
		} else {
			safe = "<div>" + strings.ReplaceAll(strings.ReplaceAll(safe, "\n\n", "\n<br>\n"), "\n", "</div><div>") + "</div>"
		}
		return answer, "html", page[0] + safe + page[1]
	})
}

// TestStrangersBetweenQuotes puts two answers between and below the paragraphs of a quote, as plain text, Gmail and Thunderbird have them.
func TestStrangersBetweenQuotes(t *testing.T) {
	const all, most = 6000, 4
	var answers []string
	found, _, _ := parts(t)
	for _, a := range found {
		if !strings.ContainsAny(a, ">＞") { // marks of their own are no answer's there
			answers = append(answers, a)
		}
	}
	attributions := []string{"On Mon, Nov 23, 2026 at 9:12 AM Coach <coach@example.com> wrote:", "Am 23.11.26 um 09:12 schrieb Coach:", "Le 23/11/2026 à 09:12, Coach a écrit :", "23.11.2026 9:12, Coach пишет:"}
	mix(t, all, most, func(rng *rand.Rand, i int) (string, string, string) {
		a, b, attribution := pick(rng, answers), pick(rng, answers), pick(rng, attributions)
		kind, body := "html", ""
		above, x, y := html.EscapeString(attribution), html.EscapeString(a), html.EscapeString(b)
		switch i % 3 {
		case 0:
			kind, body = "plain", attribution+"\n> What was your goal?\n\n"+a+"\n\n> And why?\n> Tell me more.\n\n"+b+"\n"
		case 1:
			divs := strings.NewReplacer("\n", "</div><div>")
			body = `<div class="gmail_quote"><div class="gmail_attr">` + above + `<br></div><blockquote class="gmail_quote">Goal?</blockquote><div>` + divs.Replace(x) +
				`</div><blockquote class="gmail_quote">And why?</blockquote><div>` + divs.Replace(y) + `</div></div>`
		case 2:
			breaks := strings.NewReplacer("\n", "<br>")
			body = `<div class="moz-cite-prefix">` + above + `<br></div><blockquote type="cite"><p>Goal?</p></blockquote><p>` + breaks.Replace(x) +
				`</p><blockquote type="cite"><p>And why?</p></blockquote><p>` + breaks.Replace(y) + `</p>`
		}
		return a + "\n" + b, kind, body
	})
}

func pick[T any](rng *rand.Rand, from []T) T { return from[rng.Intn(len(from))] }

// mix reads many made mails and wants what was newly written in each; at most some may be read wrongly, and each is shown.
func mix(t *testing.T, all, most int, made func(rng *rand.Rand, i int) (want, kind, mail string)) {
	t.Helper()
	rng, wrong := rand.New(rand.NewSource(1)), 0
	for i := range all {
		want, kind, mail := made(rng, i)
		if diff := cmp.Diff(plainly(want), plainly(readAs(kind, []byte(mail)))); diff != "" {
			t.Logf("%s\n%s", mail, diff)
			wrong++
		}
	}
	if wrong > most {
		t.Errorf("%d of %d read wrongly, %d were at most", wrong, all, most)
	}
	t.Logf("%d of %d read exactly", all-wrong, all)
}

// parts takes the plain cases apart: answers that are all of a body, and what stands below one, with a letter of the coach in it or without.
func parts(t *testing.T) (answers, ends, quotes []string) {
	for _, c := range strangers(t) {
		in, want := string(c.in), strings.TrimSpace(c.want)
		_, missed := strangersMissed[c.name]
		rest, above := strings.CutPrefix(in, want)
		switch {
		case c.kind != "plain" || missed || !above || want == "":
		case strings.TrimSpace(rest) == "":
			answers = append(answers, want)
		case strings.Contains(strings.ToLower(rest), "coach"):
			quotes = append(quotes, rest)
		case !strings.Contains(rest, "\n>"): // a quote above another one may be their own citation
			ends = append(ends, rest)
		}
	}
	return answers, ends, quotes
}
