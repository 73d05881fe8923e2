package parser

import (
	"html"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// The generator builds replies to our own letters as mail clients build them and asks for exactly the person's words back.
// Its clients, headers, banners and footers are its own: it shares no table with the parser.

// letters returns the letters of testdata by name.
func letters(tb testing.TB) map[string]string {
	tb.Helper()
	b, err := os.ReadFile("testdata/letters.txt")
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string]string{}
	for _, part := range strings.Split(string(b), "=== ")[1:] {
		name, text, _ := strings.Cut(part, "\n")
		out[name] = strings.TrimSpace(text)
	}
	return out
}

// piece is a part of a reply's body in its order: a paragraph of our letter, or of the person's.
type piece struct {
	ours bool
	text string
}

// client is one way in which a mail program builds a reply.
type client struct {
	name   string
	kind   Kind
	header string // what stands above the quote
	quote  string // what each quoted line begins with
	wrap   bool   // quoted lines are wrapped anew
	frame  [2]string
	// inner closes and opens the quote around an answer that stands inside it.
	inner [2]string
}

const coach = "coach+r7k2q9x4m1b8@mail.acme.example"

var clients = []client{
	{name: "gmail-plain", kind: Plain, header: "On Mon, 7 Sept 2026 at 08:30, Whyloop <" + coach + ">\nwrote:\n\n", quote: "> ", wrap: true},
	{name: "apple-plain", kind: Plain, header: "\n> On 7 Sep 2026, at 08:30, Whyloop <" + coach + "> wrote:\n> \n", quote: "> ", wrap: true},
	{name: "thunderbird-plain", kind: Plain, header: "On 07/09/2026 08:30, Whyloop wrote:\n", quote: "> ", wrap: true},
	{name: "outlook-plain", kind: Plain, header: "________________________________\nFrom: Whyloop <" + coach + ">\nSent: Monday, September 7, 2026 8:30 AM\nTo: Sam Field <sam.field@acme.example>\nSubject: A question, whenever it suits\n\n"},
	{name: "outlook-german", kind: Plain, header: "Von: Whyloop <" + coach + ">\nGesendet: Montag, 7. September 2026 08:30\nAn: Sam Field <sam.field@acme.example>\nBetreff: A question, whenever it suits\n\n", wrap: true},
	{name: "outlook-unknown-language", kind: Plain, header: "Vum: Whyloop <" + coach + ">\nGeschéckt: Méindeg, 7. September 2026 08:30\nFir: Sam Field <sam.field@acme.example>\nThema: A question, whenever it suits\n\n"},
	{name: "samsung-plain", kind: Plain, header: "-------- Original message --------\nFrom: Whyloop <" + coach + "> \nDate: 07/09/2026  08:30  (GMT+01:00) \nTo: sam.field@acme.example \nSubject: A question, whenever it suits \n\n"},
	{name: "yahoo-plain", kind: Plain, header: "   On Monday, September 7, 2026, 8:30:12 AM GMT+1, Whyloop <" + coach + "> wrote:\n \n", quote: " ", wrap: true},
	{name: "gmx-plain", kind: Plain, header: "Gesendet: Montag, 07. September 2026 um 08:30 Uhr\nVon: \"Whyloop\" <" + coach + ">\nAn: sam.field@acme.example\nBetreff: A question, whenever it suits\n"},
	{name: "notes-plain", kind: Plain, header: "From:   Whyloop <" + coach + ">\nTo:     sam.field@acme.example\nDate:   07.09.2026 08:30\nSubject:        A question, whenever it suits\n\n\n\n", wrap: true},
	{name: "russian-gmail", kind: Plain, header: "пн, 7 сент. 2026 г. в 08:30, Whyloop <" + coach + ">:\n\n", quote: "> ", wrap: true},
	{name: "japanese-iphone", kind: Plain, header: "2026/09/07 8:30、Whyloop <" + coach + ">のメール:\n\n", quote: "> ", wrap: true},
	{name: "hebrew-gmail", kind: Plain, header: "בתאריך יום ב׳, 7 בספט׳ 2026 ב-8:30 מאת Whyloop <\u202a" + coach + "\u202c\u200f>:\u202c\n\n", quote: "> ", wrap: true},
	{name: "basque-gmail", kind: Plain, header: "Whyloop (<" + coach + ">) erabiltzaileak\nhau idatzi du (2026 ira. 7, al. (08:30)):\n\n", quote: "> ", wrap: true},
	{name: "bare-copy", kind: Plain, header: "", wrap: true},
	{name: "bare-marks", kind: Plain, header: "", quote: ">", wrap: true},
	{name: "gmail-html", kind: HTML, header: `<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, 7 Sept 2026 at 08:30, Whyloop &lt;<a href="mailto:` + coach + `">` + coach + `</a>&gt; wrote:<br></div>`,
		frame: [2]string{`<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">`, `</blockquote></div>`}, inner: [2]string{`</blockquote>`, `<blockquote class="gmail_quote" style="border-left:1px solid">`}},
	{name: "apple-html", kind: HTML, header: `<div><br><blockquote type="cite"><div>On 7 Sep 2026, at 08:30, Whyloop &lt;` + coach + `&gt; wrote:</div><br class="Apple-interchange-newline">`, frame: [2]string{`<div>`, `</div></blockquote></div>`}, inner: [2]string{`</div></blockquote>`, `<blockquote type="cite"><div>`}},
	{name: "apple-html-inside", kind: HTML, header: `<div dir="ltr"><br>Am 07.09.2026 um 08:30 schrieb Whyloop &lt;` + coach + `&gt;:<br><br></div>`, frame: [2]string{`<blockquote type="cite"><div dir="ltr">`, `</div></blockquote>`}},
	{name: "outlook-html", kind: HTML, header: `<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Whyloop &lt;` + coach + `&gt; <br><b>Sent:</b> Monday, September 7, 2026 8:30 AM<br><b>To:</b> Sam Field<br><b>Subject:</b> A question, whenever it suits<o:p></o:p></p></div>`, frame: [2]string{`<div class="WordSection1">`, `</div>`}},
	{name: "outlook-new-html", kind: HTML, header: `<div id="appendonsend"></div><hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri"><b>Da:</b> Whyloop &lt;` + coach + `&gt;<br><b>Inviato:</b> lunedì 7 settembre 2026 08:30<br><b>A:</b> Sam Field<br><b>Oggetto:</b> A question, whenever it suits</font></div>`, frame: [2]string{`<div class="BodyFragment"><div class="PlainText">`, `</div></div>`}},
	{name: "yahoo-html", kind: HTML, header: `<div id="ydp123yahoo_quoted_77" class="ydp123yahoo_quoted"><div style="font-family:Helvetica">Le lundi 7 septembre 2026 à 08:30:12 UTC+2, Whyloop &lt;` + coach + `&gt; a écrit :</div><div><br></div>`, frame: [2]string{`<div>`, `</div></div>`}},
	{name: "proton-html", kind: HTML, header: `<div class="protonmail_quote">On Monday, September 7th, 2026 at 8:30 AM, Whyloop &lt;` + coach + `&gt; wrote:<br>`, frame: [2]string{`<blockquote class="protonmail_quote" type="cite">`, `</blockquote><br></div>`}, inner: [2]string{`</blockquote>`, `<blockquote class="protonmail_quote" type="cite">`}},
	{name: "thunderbird-html", kind: HTML, header: `<div class="moz-cite-prefix">Le 07/09/2026 à 08:30, Whyloop a écrit&nbsp;:<br></div>`, frame: [2]string{`<blockquote type="cite" cite="mid:x@y">`, `</blockquote>`}, inner: [2]string{`</blockquote>`, `<blockquote type="cite" cite="mid:x@y">`}},
	{name: "blackberry-plain", kind: Plain, header: "Sent from my BlackBerry 10 smartphone on the O2 network.\nFrom: Whyloop <" + coach + ">\nSent: Monday, September 7, 2026 8:30 AM\nTo: sam.field@acme.example\nSubject: A question, whenever it suits\n\n", wrap: true},
	{name: "k9-plain", kind: Plain, header: "Am 7. September 2026 08:30:12 MESZ schrieb Whyloop <" + coach + ">:\n", quote: ">", wrap: true},
	{name: "spark-html", kind: HTML, header: `<div name="messageReplySection">On 7 Sep 2026 at 08:30 +0200, Whyloop &lt;` + coach + `&gt;, wrote:<br />`, frame: [2]string{`<blockquote type="cite" style="border-left-color: grey; border-left-width: thin; border-left-style: solid;margin: 5px 5px;padding-left: 10px;">`, `</blockquote></div>`}, inner: [2]string{`</blockquote>`, `<blockquote type="cite" style="border-left-style: solid;">`}},
	{name: "zoho-html", kind: HTML, header: `<div class="zmail_extra_hr" style="border-top: 1px solid rgb(204, 204, 204)"><br></div><div class="zmail_extra"><div>---- On Mon, 07 Sep 2026 08:30:12 +0200 <b>Whyloop &lt;` + coach + `&gt;</b> wrote ---<br></div>`, frame: [2]string{`<blockquote style="margin: 0px;"><div>`, `</div></blockquote></div>`}},
	{name: "em-client-html", kind: HTML, header: `<div>------ Original Message ------</div><div>From "Whyloop" &lt;` + coach + `&gt;</div><div>To "Sam Field" &lt;sam.field@acme.example&gt;</div><div>Date 07/09/2026 08:30:12</div><div>Subject A question, whenever it suits</div><div><br></div>`, frame: [2]string{`<blockquote cite="x@y" type="cite" class="cite2">`, `</blockquote>`}},
	{name: "mailbird-html", kind: HTML, header: `<blockquote class="history_container" type="cite" style="border-left-style: solid;border-width: 1px;padding-left: 10px;"><p style="color: #AAAAAA;">On 07/09/2026 08:30:12, Whyloop &lt;` + coach + `&gt; wrote:</p>`, frame: [2]string{`<div>`, `</div></blockquote>`}},
	{name: "one-div-html", kind: HTML, header: `<br>On 7 Sep 2026 8:30 am, Whyloop &lt;` + coach + `&gt; wrote:<br>`},
}

// answers are what people write. None may lose or gain a word.
var answers = []string{
	"Freedom",
	"yes",
	"👍",
	"more time with my kids",
	"2",
	"On Monday 7 September I told my team that I want to leave at five. On Tuesday I did.",
	"My old boss used to say:\n\n\"Sell the second meeting, not the product.\"\n\nThat is what I want to get good at.",
	"First the Hartley account.\n\n----------\n\nThen a week without my phone.",
	"- less driving\n- fewer dinners out\n- one proper holiday",
	"I don't know. To be honest: I'd be proud. From: fear. To: calm.",
	"Done - next I'll call Priya on Thursday at 9:30, and then write to Tom about the renewal.",
	"Ich möchte ruhiger schlafen, weil ich dann morgens für die Kinder da bin.",
	"子どもともっと時間を過ごしたいです。",
	"What do you mean by that? Who sees this?",
	strings.TrimSpace(strings.Repeat("I have thought about it on the train, and what I want is to stop counting the days until Friday, to be home when it is still light, and to sell things that I would buy myself. ", 9)),
}

// gateBanners are put into our quote by gateways.
var gateBanners = []string{"", "[EXTERNAL]", "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.", "You don't often get email from " + coach + ". Learn why this is important"}

// gateFooters are hung below a mail by gateways.
var gateFooters = []string{"",
	"This email and any attachments are confidential and intended solely for the use of the individual to whom they are addressed. If you have received this email in error please notify the sender and delete it.",
	"Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Empfänger sind, informieren Sie bitte sofort den Absender und vernichten Sie diese E-Mail.",
	"Virus-free. www.avast.com",
}

// ownSignatures are what the rep's program hangs below their words.
var ownSignatures = []string{"", "", "Best regards,\nSam Field", "-- \nSam Field\nAccount Manager | Acme Ltd\nT: +44 20 7946 0123", "Sam"}

// withSignature hangs a signature below an answer on top.
func withSignature(rng *rand.Rand, above, position string) string {
	if s := ownSignatures[rng.IntN(len(ownSignatures))]; position == "top" && s != "" {
		return above + "\n\n" + s
	}
	return above
}

// rewritten is HTML as programs write it anew: lines broken at other blanks, and characters named by entities.
func rewritten(rng *rand.Rand, s string) string {
	var b strings.Builder
	tag := false
	for _, r := range s {
		switch {
		case r == '<' || r == '>':
			tag = r == '<'
			b.WriteRune(r)
		case tag:
			b.WriteRune(r)
		case r == ' ' && rng.IntN(9) == 0:
			b.WriteByte('\n')
		case r == '’' && rng.IntN(2) == 0:
			b.WriteString("&rsquo;")
		case r == 'é' && rng.IntN(2) == 0:
			b.WriteString("&eacute;")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// wrapText breaks a paragraph at a width, as clients do.
func wrapText(s string, width int) []string {
	var out []string
	for _, para := range strings.Split(s, "\n") {
		line := ""
		for _, w := range strings.Fields(para) {
			if line != "" && len(line)+1+len(w) > width {
				out, line = append(out, line), ""
			}
			if line != "" {
				line += " "
			}
			line += w
		}
		out = append(out, line)
	}
	return out
}

// positions are where people answer.
var positions = []string{"top", "bottom", "between", "woven", "inline"}

// arrange orders letter and answers: top, bottom, one answer between our lines, woven (one below each of several paragraphs), or inline, on the
// same line as our question.
func arrange(letter, answer, position string) (above string, middle []piece, below string, want string) {
	paras := strings.Split(letter, "\n\n")
	for _, p := range paras {
		middle = append(middle, piece{true, p})
	}
	switch position {
	case "top":
		return answer, middle, "", answer
	case "bottom":
		return "", middle, answer, answer
	case "woven":
		return weave(middle, answer)
	case "inline":
		for i, p := range middle[:len(middle)-1] {
			if !strings.ContainsAny(p.text+answer, "\n_") && len(strings.Fields(p.text)) > 3 && strings.Trim(answer, "?!. ") != "" {
				middle[i].text += " " + answer
				return "", middle, "", answer
			}
		}
		return "", middle, answer, answer
	}
	at := min(len(middle), max(1, len(middle)-1))
	inside := append(append([]piece(nil), middle[:at]...), piece{false, answer})
	inside = append(inside, middle[at:]...)
	return "One thing first.", inside, "", "One thing first. " + answer
}

// weave puts an answer below the first paragraph, another one below every second one after it, and a last word below all.
func weave(letter []piece, answer string) (above string, middle []piece, below string, want string) {
	for i, p := range letter {
		if middle = append(middle, p); i%2 == 0 && i < len(letter)-1 {
			said := "My second thought is another."
			if i == 0 {
				said = answer
			}
			middle = append(middle, piece{false, said})
			want += said + " "
		}
	}
	return "", middle, "That is all for today.", want + "That is all for today."
}

// compose builds the body of a reply.
func (c *client) compose(rng *rand.Rand, above string, middle []piece, below, banner, footer string) string {
	if c.kind == HTML {
		return rewritten(rng, c.composeHTML(above, middle, below, banner, footer))
	}
	var b strings.Builder
	if above != "" {
		b.WriteString(above + "\n" + strings.Repeat("\n", rng.IntN(2)))
	}
	b.WriteString(c.header)
	width := 40 + rng.IntN(40)
	quoteLine := func(s string) { b.WriteString(strings.TrimRight(c.quote+s, " ") + "\n") }
	if banner != "" {
		for _, l := range wrapText(banner, width) {
			quoteLine(l)
		}
		quoteLine("")
	}
	for i, p := range middle {
		if !p.ours {
			b.WriteString("\n" + p.text + "\n\n")
			continue
		}
		lines := strings.Split(p.text, "\n")
		if c.wrap {
			lines = wrapText(p.text, width)
		}
		for _, l := range lines {
			quoteLine(l)
		}
		if i < len(middle)-1 && middle[i+1].ours {
			quoteLine("")
		}
	}
	if below != "" {
		b.WriteString("\n" + below + "\n")
	}
	if footer != "" {
		b.WriteString("\n\n" + footer + "\n")
	}
	return b.String()
}

// htmlOf writes text as clients do: paragraphs as divs, lines with <br>.
func htmlOf(s string) string {
	var b strings.Builder
	for _, p := range strings.Split(s, "\n\n") {
		b.WriteString("<div>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</div><div><br></div>")
	}
	return b.String()
}

func (c *client) composeHTML(above string, middle []piece, below, banner, footer string) string {
	var b strings.Builder
	b.WriteString("<html><head><style>p { margin: 0 }</style></head><body>")
	flat := c.name == "one-div-html"
	put := func(s string) {
		if flat {
			b.WriteString(strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") + "<br><br>")
		} else {
			b.WriteString(htmlOf(s))
		}
	}
	if flat {
		b.WriteString("<div>")
	}
	if above != "" {
		put(above)
	}
	b.WriteString(c.header + c.frame[0])
	if banner != "" {
		put(banner)
	}
	for _, p := range middle {
		if !p.ours {
			b.WriteString(c.inner[0])
			put(p.text)
			b.WriteString(c.inner[1])
			continue
		}
		put(p.text)
	}
	b.WriteString(c.frame[1])
	if below != "" {
		put(below)
	}
	if flat {
		b.WriteString("</div>")
	}
	if footer != "" {
		b.WriteString("<p>" + html.EscapeString(footer) + "</p>")
	}
	b.WriteString("</body></html>")
	return b.String()
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// generatorStep is how many of the generated replies are left out between two that are read: none with WHYLOOP_GENERATOR=all.
func generatorStep(step int) int {
	if os.Getenv("WHYLOOP_GENERATOR") == "all" {
		return 1
	}
	return step
}

// TestOwnLetters is the proof that the daemon's own threads are read exactly.
func TestOwnLetters(t *testing.T) {
	all, step := letters(t), generatorStep(5)
	var sent []string
	for _, l := range all {
		sent = append(sent, l)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	n, failed := 0, 0
	counts, fails := map[string]int{}, map[string]int{}
	for name, letter := range all {
		for ci := range clients {
			c := &clients[ci]
			for _, position := range positions {
				for ai, answer := range answers {
					if (ai+ci+len(name))%step != 0 {
						continue
					}
					banner, footer := gateBanners[rng.IntN(len(gateBanners))], gateFooters[rng.IntN(len(gateFooters))]
					above, middle, below, want := arrange(letter, answer, position)
					body := c.compose(rng, withSignature(rng, above, position), middle, below, banner, footer)
					known := Known{Sent: []string{letter}, Name: "Sam Field", Address: "sam.field@acme.example"}
					if rng.IntN(2) == 0 {
						known.Sent = append(append([]string(nil), sent[:rng.IntN(len(sent))]...), letter)
					}
					got := Extract(c.kind, body, known)
					counts[c.name+" "+position]++
					if n++; squeeze(got.Body) != squeeze(want) {
						fails[c.name+" "+position]++
						if failed++; fails[c.name+" "+position] == 1 {
							t.Errorf("%s, %s, %s, answer %d, banner %q, footer %.20q:\ngot  %q\nwant %q\nbody %q", name, c.name, position, ai, banner, footer, got.Body, want, body)
						}
					}
				}
			}
		}
	}
	t.Logf("%d of %d replies read exactly, by %d clients", n-failed, n, len(clients))
	for k, f := range fails {
		t.Logf("%s: %d of %d not exact", k, f, counts[k])
	}
	if failed > 0 {
		t.Errorf("%d of %d replies are not exact", failed, n)
	}
}
