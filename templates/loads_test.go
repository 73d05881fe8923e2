package templates

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestLettersLoadNothing sweeps every letter in every language: no element and no attribute makes a mail client ask
// anybody anything, so that nobody can tell when, where and whether a letter is read; and nothing in it leads away.
func TestLettersLoadNothing(t *testing.T) {
	w := newWriter(t)
	letters := 0
	for _, code := range w.Languages() {
		for _, s := range Samples(code) {
			got := write(t, w, s.Prompt)
			letters++
			for _, mark := range []string{"http:", "https:", "www.", "cid:", "url(", "@import", "expression("} {
				if strings.Contains(strings.ToLower(got.Text+got.HTML), mark) {
					t.Errorf("%s/%s has %q", code, s.Name, mark)
				}
			}
			loadsNothing(t, code+"/"+s.Name, got.HTML)
		}
	}
	if letters < 6*90 {
		t.Errorf("only %d letters were looked at", letters)
	}
}

func loadsNothing(t *testing.T, name, page string) {
	t.Helper()
	plainElements := strings.Fields("html head meta title style body div p span br ol ul li b i em strong small table tr td tbody blockquote hr")
	harmless := strings.Fields("class style lang dir charset content name role width cellpadding cellspacing border align http-equiv aria-hidden start")
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		tok := z.Token()
		if tok.Type != html.StartTagToken && tok.Type != html.SelfClosingTagToken {
			continue
		}
		if !slices.Contains(plainElements, tok.Data) {
			t.Errorf("%s has <%s>", name, tok.Data)
		}
		for _, a := range tok.Attr {
			if !slices.Contains(harmless, a.Key) || strings.Contains(a.Val, "//") || a.Key == "http-equiv" && strings.EqualFold(a.Val, "refresh") {
				t.Errorf("%s has <%s %s=%q>", name, tok.Data, a.Key, a.Val)
			}
		}
	}
}
