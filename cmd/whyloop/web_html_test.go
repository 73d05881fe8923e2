package main

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// checkPage holds a page of ours to the rules that a machine can check.
func checkPage(t *testing.T, name, body string) {
	t.Helper()
	for _, wrong := range pageFaults(body) {
		t.Errorf("%s: %s", name, wrong)
	}
}

// pageFaults returns what is wrong with a page.
func pageFaults(body string) []string {
	faults := nesting(body)
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return append(faults, err.Error())
	}
	c := &pageCheck{faults: faults, ids: map[string]bool{}, labelled: map[string]bool{}, count: map[string]int{}}
	if !strings.HasPrefix(body, "<!DOCTYPE html>\n") {
		c.fault("no doctype")
	}
	c.walk(doc, nil)
	for _, ref := range c.refs {
		if !c.ids[ref] {
			c.fault("nothing has the id %q", ref)
		}
	}
	for _, id := range c.fields {
		if !c.labelled[id] {
			c.fault("no label for the field %q", id)
		}
	}
	for _, once := range []string{"h1", "main", "title"} {
		if c.count[once] != 1 {
			c.fault("%d of %s", c.count[once], once)
		}
	}
	return c.faults
}

// voids close by themselves.
func voids() []string { return []string{"meta", "link", "img", "input", "br", "hr"} }

// nesting checks that elements close in the order they opened, which a browser would silently mend.
func nesting(body string) (faults []string) {
	var open []string
	z := html.NewTokenizer(strings.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				faults = append(faults, fmt.Sprintf("%v stay open", open))
			}
			return faults
		case html.StartTagToken:
			if tag, _ := z.TagName(); !slices.Contains(voids(), string(tag)) {
				open = append(open, string(tag))
			}
		case html.EndTagToken:
			tag, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(tag) {
				return append(faults, fmt.Sprintf("</%s> closes %v", tag, open))
			}
			open = open[:len(open)-1]
		}
	}
}

type pageCheck struct {
	faults   []string
	ids      map[string]bool
	labelled map[string]bool
	refs     []string // ids that something points to
	fields   []string // ids of fields that need a label
	count    map[string]int
	heading  int
}

func (c *pageCheck) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *pageCheck) walk(n *html.Node, above []string) {
	if n.Type == html.ElementNode {
		c.element(n, above)
		above = append(slices.Clone(above), n.Data)
	}
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		c.walk(k, above)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		b.WriteString(words(k))
	}
	return strings.TrimSpace(b.String())
}

// element checks one element.
func (c *pageCheck) element(n *html.Node, above []string) {
	c.count[n.Data]++
	c.attributes(n)
	switch n.Data {
	case "html":
		if attr(n, "lang") == "" {
			c.fault("no language")
		}
	case "img":
		if !hasAttr(n, "alt") {
			c.fault("a picture without alt")
		}
	case "iframe":
		if attr(n, "title") == "" || !hasAttr(n, "sandbox") || strings.Contains(attr(n, "sandbox"), "allow-scripts") {
			c.fault("a frame without a title, or without a sandbox")
		}
	case "style":
		c.fault("a style in the page")
	case "script":
		if attr(n, "src") == "" || n.FirstChild != nil {
			c.fault("a script in the page")
		}
	case "form":
		if slices.Contains(above, "form") {
			c.fault("a form in a form")
		}
	case "button":
		if attr(n, "type") == "" || words(n) == "" {
			c.fault("a button without type or words")
		}
	case "a":
		if attr(n, "href") == "" || words(n) == "" {
			c.fault("a link to nowhere, or without words")
		}
	case "li":
		if up := above[len(above)-1]; up != "ul" && up != "ol" {
			c.fault("an item in %s", up)
		}
	case "input", "textarea", "select":
		c.field(n, above)
	case "h1", "h2", "h3", "h4":
		c.headingAt(int(n.Data[1]-'0'), n)
	}
}

func (c *pageCheck) headingAt(level int, n *html.Node) {
	if level > c.heading+1 {
		c.fault("from h%d to h%d at %q", c.heading, level, words(n))
	}
	if words(n) == "" {
		c.fault("an empty heading")
	}
	c.heading = level
}

func (c *pageCheck) field(n *html.Node, above []string) {
	if attr(n, "type") == "hidden" || slices.Contains(above, "label") {
		return
	}
	c.fields = append(c.fields, attr(n, "id"))
}

func (c *pageCheck) attributes(n *html.Node) {
	seen := map[string]bool{}
	for _, a := range n.Attr {
		if seen[a.Key] {
			c.fault("%s twice on %s", a.Key, n.Data)
		}
		seen[a.Key] = true
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style":
			c.fault("%s on %s", a.Key, n.Data)
		case a.Key == "id" && (a.Val == "" || c.ids[a.Val]):
			c.fault("the id %q twice, or empty", a.Val)
		case a.Key == "id":
			c.ids[a.Val] = true
		case a.Key == "for":
			c.labelled[a.Val] = true
			c.refs = append(c.refs, a.Val)
		case a.Key == "aria-labelledby", a.Key == "aria-describedby":
			c.refs = append(c.refs, strings.Fields(a.Val)...)
		case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
			c.refs = append(c.refs, a.Val[1:])
		case (a.Key == "href" || a.Key == "src" || a.Key == "action") && !strings.HasPrefix(a.Val, "/"):
			c.fault("%s leads out: %s", a.Key, a.Val)
		}
	}
}

// TestPageCheckCanFail: each rule refuses what it is there to refuse.
func TestPageCheckCanFail(t *testing.T) {
	page := func(body string) string {
		return "<!DOCTYPE html>\n<html lang=\"en\"><head><title>x</title></head><body><h1>x</h1><main>" + body + "</main></body></html>"
	}
	if faults := pageFaults(page(`<h2 id="a">y</h2><label for="b">z</label><input id="b" aria-describedby="a">`)); len(faults) > 0 {
		t.Errorf("a good page: %v", faults)
	}
	for body, want := range map[string]string{
		`<p><b></p></b>`:                 "</p> closes",
		`<i id="a"></i><i id="a"></i>`:   "twice",
		`<input id="a">`:                 "no label",
		`<input>`:                        "no label",
		`<p aria-describedby="a"></p>`:   "nothing has the id",
		`<a href="#a">a</a>`:             "nothing has the id",
		`<h3>y</h3>`:                     "from h1 to h3",
		`<h1>y</h1>`:                     "2 of h1",
		`<img src="/a">`:                 "without alt",
		`<p onclick="x()"></p>`:          "onclick",
		`<p style="x"></p>`:              "style on p",
		`<script>x()</script>`:           "a script in the page",
		`<a href="https://x.test">x</a>`: "leads out",
		`<button>x</button>`:             "without type",
		`<iframe src="/a"></iframe>`:     "without a title",
		`<li>x</li>`:                     "an item in main",
	} {
		if faults := pageFaults(page(body)); !strings.Contains(strings.Join(faults, "; "), want) {
			t.Errorf("%s: %v, want %q", body, faults, want)
		}
	}
}

// colourNames reads the colours that the style names, for one scheme.
func colourNames(t *testing.T, css string) map[string]string {
	t.Helper()
	names := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6});`).FindAllStringSubmatch(css, -1) {
		names[m[1]] = m[2]
	}
	if len(names) < 8 {
		t.Fatalf("only %d colours", len(names))
	}
	return names
}

// TestPageContrast computes WCAG 2.1's ratio of every colour of words on every ground it may stand on,
// in both schemes: 4.5 for words (1.4.3), 3 for the edges of what can be operated and the focus (1.4.11).
func TestPageContrast(t *testing.T) {
	raw, err := webFiles.ReadFile("web/page.css")
	if err != nil {
		t.Fatal(err)
	}
	css := string(raw)
	light, rest, ok := strings.Cut(css, "@media (prefers-color-scheme: dark) {")
	dark, rules, ok2 := strings.Cut(rest, "\n  }\n}\n")
	if !ok || !ok2 {
		t.Fatal("no dark scheme where it was")
	}
	if m := regexp.MustCompile(`#[0-9a-f]{3,8}\b[^{]*;`).FindString(rules); m != "" {
		t.Errorf("a colour without a name: %s", m)
	}
	pairs := map[[2]string]float64{{"on-accent", "accent"}: 4.5, {"ink", "mark"}: 4.5, {"edge", "card"}: 3, {"accent", "ground"}: 3}
	for _, ground := range []string{"ground", "card", "tint"} {
		for _, word := range []string{"ink", "soft", "accent"} {
			pairs[[2]string{word, ground}] = 4.5
		}
	}
	for use, list := range map[string][]string{`[^-]color: var\(--([a-z-]+)\)`: {"ink", "soft", "accent", "on-accent"},
		`background: var\(--([a-z-]+)\)`: {"ground", "card", "tint", "accent", "mark"}} {
		for _, m := range regexp.MustCompile(use).FindAllStringSubmatch(rules, -1) {
			if !slices.Contains(list, m[1]) {
				t.Errorf("%s: the test knows no pair with it", m[0])
			}
		}
	}
	for scheme, part := range map[string]string{"light": light, "dark": dark} {
		names := colourNames(t, part)
		for pair, least := range pairs {
			if r := contrast(t, names[pair[0]], names[pair[1]]); r < least {
				t.Errorf("%s: %s on %s has %.2f to 1", scheme, pair[0], pair[1], r)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
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
