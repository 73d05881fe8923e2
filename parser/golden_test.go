package parser

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// golden is one letter as templates writes it, in both forms.
type golden struct {
	lang, name, text, html string
}

// goldens reads the golden letters of every language.
func goldens(tb testing.TB) map[string][]golden {
	tb.Helper()
	files, _ := filepath.Glob("../templates/testdata/*/*.txt")
	if len(files) == 0 {
		tb.Skip("no golden letters")
	}
	out := map[string][]golden{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		_, text, ok := strings.Cut(string(b), "\n\n")
		h, err := os.ReadFile(strings.TrimSuffix(f, ".txt") + ".html")
		if err != nil || !ok {
			tb.Fatalf("%s: %v", f, err)
		}
		lang := filepath.Base(filepath.Dir(f))
		out[lang] = append(out[lang], golden{lang, strings.TrimSuffix(filepath.Base(f), ".txt"), strings.TrimSpace(text), inner(string(h))})
	}
	return out
}

// inner is what stands between the body tags, which is what clients quote.
func inner(s string) string {
	_, s, _ = strings.Cut(s, "<body")
	_, s, _ = strings.Cut(s, ">")
	s, _, _ = strings.Cut(s, "</body>")
	return strings.TrimSpace(s)
}

// quoteHTML builds an HTML reply that quotes a letter's own HTML; the answers in it stand at places chosen by chance, in their order.
func (c *client) quoteHTML(rng *rand.Rand, letter, above string, inside []string, below, banner, footer string) string {
	var b strings.Builder
	b.WriteString("<html><head></head><body>")
	if above != "" {
		b.WriteString(htmlOf(above))
	}
	b.WriteString(c.header + c.frame[0])
	if banner != "" {
		b.WriteString("<p>" + htmlOf(banner) + "</p>")
	}
	gaps := gapsOf(letter)
	from := 0
	for i, answer := range inside {
		at := len(letter)
		if first, last := i*len(gaps)/len(inside), (i+1)*len(gaps)/len(inside); first < last {
			at = gaps[first+rng.IntN(last-first)]
		}
		b.WriteString(letter[from:at] + c.inner[0] + htmlOf(answer) + c.inner[1])
		from = at
	}
	b.WriteString(letter[from:] + c.frame[1])
	if below != "" {
		b.WriteString(htmlOf(below))
	}
	if footer != "" {
		b.WriteString("<p>" + htmlOf(footer) + "</p>")
	}
	return rewritten(rng, b.String()+"</body></html>")
}

// gapsOf are the places between two paragraphs of a letter's HTML.
func gapsOf(letter string) []int {
	var at []int
	for i := range letter {
		if strings.HasPrefix(letter[i:], "</p>\n<p") {
			at = append(at, i+len("</p>"))
		}
	}
	return at
}

// goldenCase is one reply to a golden letter.
type goldenCase struct {
	c                              *client
	g                              golden
	position, answer, banner, foot string
	sent                           []string
}

// run builds the reply and says what was wanted, what was read, and from what.
func (k *goldenCase) run(rng *rand.Rand) (want, got, body string) {
	above, middle, below, want := arrange(k.g.text, k.answer, k.position)
	above = withSignature(rng, above, k.position)
	switch {
	case k.c.kind == HTML && k.c.name != "one-div-html" && k.position != "inline":
		var inside []string
		for _, p := range middle {
			if !p.ours {
				inside = append(inside, p.text)
			}
		}
		body = k.c.quoteHTML(rng, k.g.html, above, inside, below, k.banner, k.foot)
	default:
		body = k.c.compose(rng, above, middle, below, k.banner, k.foot)
	}
	return want, Extract(k.c.kind, body, Known{Sent: k.sent, Name: "Sam Field", Address: "sam.field@acme.example"}).Body, body
}

// TestGoldenLetters reads replies to every letter of templates, in every language. One in 167 is read by
// default; WHYLOOP_GENERATOR=all reads them all, some minutes long.
func TestGoldenLetters(t *testing.T) {
	all, step := goldens(t), generatorStep(167)
	rng := rand.New(rand.NewPCG(3, 4))
	n, read, failed := 0, 0, map[string]int{}
	for _, lang := range []string{"de", "en", "es", "fr", "nl", "pt"} {
		for _, g := range all[lang] {
			for ci := range clients {
				for _, position := range positions {
					for ai := range answers {
						if n++; n%step != 0 {
							continue
						}
						read++
						k := goldenCase{c: &clients[ci], g: g, position: position, answer: answers[ai], sent: []string{g.text},
							banner: gateBanners[rng.IntN(len(gateBanners))], foot: gateFooters[rng.IntN(len(gateFooters))]}
						for range rng.IntN(6) {
							k.sent = append(k.sent, all[lang][rng.IntN(len(all[lang]))].text)
						}
						want, got, body := k.run(rng)
						if squeeze(got) == squeeze(want) {
							continue
						}
						where := fmt.Sprintf("%s %s", clients[ci].name, position)
						if failed[where]++; failed[where] == 1 {
							t.Errorf("%s/%s, %s, answer %d, banner %.20q, footer %.20q:\ngot  %q\nwant %q\nbody %q", lang, g.name, where, ai, k.banner, k.foot, got, want, body)
						}
					}
				}
			}
		}
	}
	wrong := 0
	for k, f := range failed {
		t.Logf("%s: %d not exact", k, f)
		wrong += f
	}
	t.Logf("%d of %d replies to golden letters read exactly, by %d clients (all: %d)", read-wrong, read, len(clients), n)
}
