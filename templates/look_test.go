package templates

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestContrast computes WCAG 2.1's ratio for every colour of words on every ground it
// can stand on, in light and dark.
func TestContrast(t *testing.T) {
	css := style.FindString(write(t, newWriter(t), sample(t, "en", "confirm")).HTML)
	light, dark, ok := strings.Cut(css, "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("no dark scheme")
	}
	for name, part := range map[string]string{"light": light, "dark": dark} {
		words := colours(part, `(?:^|[\s;{])color: (#[0-9a-f]{6})`)
		grounds := colours(part, `background: (#[0-9a-f]{6})`)
		if len(words) != 2 || len(grounds) != 2 {
			t.Fatalf("%s: words %v on grounds %v", name, words, grounds)
		}
		for _, w := range words {
			for _, g := range grounds {
				if r := contrast(t, w, g); r < 4.5 {
					t.Errorf("%s: %s on %s has %.2f to 1", name, w, g, r)
				}
			}
		}
	}
}

func colours(css, pattern string) []string {
	var list []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(css, -1) {
		list = append(list, m[1])
	}
	return list
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is WCAG's relative luminance of "#rrggbb".
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	l := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		l += weight * c
	}
	return l
}

// TestHTML checks what every letter's HTML must have and must not.
func TestHTML(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		for _, s := range Samples(code) {
			got := write(t, w, s.Prompt).HTML
			for _, must := range []string{"<!DOCTYPE html>", `<html lang="` + code + `">`, "font-size: 16px", "prefers-color-scheme: dark"} {
				if !strings.Contains(got, must) {
					t.Errorf("%s/%s: no %q", code, s.Name, must)
				}
			}
			for _, must := range []string{"http", "href", "src=", "url(", "<table", "<a ", "ZgotmplZ"} {
				if strings.Contains(got, must) {
					t.Errorf("%s/%s: %q", code, s.Name, must)
				}
			}
			balanced(t, code+"/"+s.Name, got)
		}
	}
}

var tags = regexp.MustCompile(`<(/?)([a-z]+)[^>]*>`)

// balanced checks that elements close in the order they opened.
func balanced(t *testing.T, name, page string) {
	t.Helper()
	var open []string
	for _, m := range tags.FindAllStringSubmatch(page, -1) {
		switch {
		case m[2] == "meta" || m[2] == "br":
		case m[1] == "":
			open = append(open, m[2])
		case len(open) == 0 || open[len(open)-1] != m[2]:
			t.Errorf("%s: </%s> closes %v", name, m[2], open)
			return
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: %v stay open", name, open)
	}
}

// TestMoments reads a moment in the zone it carries, in every language.
func TestMoments(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no zone database")
	}
	at := time.Date(2026, time.November, 27, 14, 0, 0, 0, time.UTC).In(berlin)
	first := time.Date(2027, time.March, 1, 8, 5, 0, 0, berlin)
	for code, want := range map[string][4]string{
		"en": {"on Friday at 15:00", "Friday, 27 November", "on Monday, 1 March", "1 March 2027"},
		"de": {"am Freitag um 15:00 Uhr", "Freitag, 27.\u00a0November", "am Montag, dem 1.\u00a0März", "1.\u00a0März 2027"},
		"fr": {"vendredi à 15\u00a0h\u00a000", "vendredi 27 novembre", "le lundi 1er mars", "1er mars 2027"},
		"es": {"el viernes a las 15:00", "viernes 27 de noviembre", "el lunes 1 de marzo", "1 de marzo de 2027"},
		"nl": {"vrijdag om 15.00 uur", "vrijdag 27 november", "maandag 1 maart", "1 maart 2027"},
		"pt": {"na sexta-feira, às 15:00", "sexta-feira, 27 de novembro", "na segunda-feira, 1º de março", "1º de março de 2027"},
	} {
		l := languageOf(code)
		if l == nil {
			continue
		}
		got := [4]string{l.write(l.Moment, at), l.write(l.Day, at), l.write(l.OnDay, first), l.write(l.Date, first)}
		if got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
