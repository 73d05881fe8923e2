package parser

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// maxNesting bounds the open elements remembered. Deeper ones are read, without what they mean.
const maxNesting = 500

// htmlLines turns HTML into lines that carry what the structure says: quote depth, the quote
// containers of mail clients, signatures. It walks tokens instead of a tree, so nothing recurses and depth costs nothing.
func htmlLines(body string) []line {
	w := htmlWalker{z: html.NewTokenizer(strings.NewReader(clean(body)))}
	for len(w.out) < maxLines {
		switch w.z.Next() {
		case html.ErrorToken:
			w.flush()
			return w.out
		case html.TextToken:
			w.words(w.z.Text())
		case html.StartTagToken:
			w.start(false)
		case html.SelfClosingTagToken:
			w.start(true)
		case html.EndTagToken:
			name, _ := w.z.TagName()
			w.end(string(name))
		case html.CommentToken:
			w.after = w.after || bytes.Contains(w.z.Text(), []byte("originalMessage")) // Samsung
		}
	}
	return w.out
}

// htmlWalker is the state of htmlLines.
type htmlWalker struct {
	z     *html.Tokenizer
	out   []line
	text  []byte // of the line being made
	mark  int    // how much of it is the mark of a list's item
	space bool   // a blank is due before the next word
	nbsp  bool   // one that shows was seen
	stack []element
	over  int  // elements open beyond maxNesting
	after bool // all from here on is the quote

	hidden, quote, depth, soft, pre, sig int // how many open elements say so
}

// element is what an open element means for the text inside it.
type element struct {
	name                                          string
	hidden, quote, depth, soft, pre, sig, ordered bool
	items                                         int
	from                                          int // how many lines stood before it
}

// words adds text, its blanks collapsed.
func (w *htmlWalker) words(b []byte) {
	if w.hidden > 0 {
		return
	}
	for _, r := range string(b) {
		switch {
		case r == '\n' && w.pre > 0:
			w.newline()
		case r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\u00a0' || r == '\f':
			w.space = true
			w.nbsp = w.nbsp || r == '\u00a0'
		case invisible(r) || r < ' ':
		default:
			if w.space && len(w.text) > w.mark {
				w.text = append(w.text, ' ')
			}
			w.space = false
			w.text = utf8.AppendRune(w.text, r)
		}
	}
}

// flush ends a line if it holds anything. A list item's mark waits for its words, which may stand in a paragraph of their own.
func (w *htmlWalker) flush() {
	if len(w.text) > w.mark {
		w.newline()
	}
	w.space = false
}

// newline ends a line, empty or not.
func (w *htmlWalker) newline() {
	l := newLine(string(w.text))
	l.depth += w.depth
	l.block = w.depth > 0
	l.quote, l.rest = w.quote > 0 || w.after, w.after && w.quote == 0
	l.soft = w.soft > 0 && w.soft == w.depth && !l.quote
	if w.sig > 0 && !l.blank() {
		l.sig = true
	}
	if l.block {
		l.raw = l.s
	}
	w.out = append(w.out, l)
	w.text, w.mark, w.space, w.nbsp = w.text[:0], 0, false, false
}

// gap makes sure that an empty line stands before what follows.
func (w *htmlWalker) gap() {
	w.flush()
	if n := len(w.out); n > 0 && !w.out[n-1].blank() && w.mark == 0 {
		w.newline()
	}
}

// start opens an element.
func (w *htmlWalker) start(selfClosing bool) {
	name, more := w.z.TagName()
	e := element{name: string(name)}
	if bytes.IndexByte(name, '@') > 0 { // "<someone@example.com>" that nobody escaped
		w.words([]byte("<" + e.name + ">"))
		return
	}
	var a attrs
	for n := 0; more && n < 30; n++ {
		var k, v []byte
		k, v, more = w.z.TagAttr()
		a.set(string(k), v)
	}
	if isVoid(e.name) {
		w.void(e.name, &a)
		return
	}
	w.open(&e, &a)
	if selfClosing && e.name != "div" && e.name != "p" && e.name != "span" || w.over > 0 {
		w.over += b2i(w.over > 0)
		return
	}
	if len(w.stack) >= maxNesting {
		w.over++
		return
	}
	w.push(e)
}

func isVoid(name string) bool {
	switch name {
	case "br", "hr", "img", "input", "meta", "link", "base", "area", "col", "wbr", "embed", "source", "track", "param":
		return true
	}
	return false
}

// void acts on an element without content.
func (w *htmlWalker) void(name string, a *attrs) {
	if w.hidden > 0 {
		return
	}
	switch name {
	case "br":
		w.newline()
	case "hr":
		w.flush()
		w.hang()
		if a.id == "stopspelling" || a.id == "replysplit" {
			w.after = true // Hotmail, Outlook.com
		}
		w.text = append(w.text, "________"...)
		w.flush()
	case "img":
		if emoji(a.alt) {
			w.words([]byte(a.alt))
		}
	}
}

// hang marks the last line if nothing else stands in the block that is open: below words in other blocks, a name above the row that
// opens a quote stands so.
func (w *htmlWalker) hang() {
	for i := len(w.stack) - 1; i >= max(0, len(w.stack)-10); i-- {
		if e := &w.stack[i]; ends(e.name) {
			if n := len(w.out) - 1; n > 0 && e.from == n && e.name != "body" {
				w.out[n].hung = true
			}
			return
		}
	}
}

// emoji says whether an image's text stands for one: short and not letters. Other
// images are dropped; they may be there to see who reads.
func emoji(alt string) bool {
	return alt != "" && len(alt) <= 32 && utf8.RuneCountInString(alt) <= 8 && strings.IndexFunc(alt, func(r rune) bool { return r < 0x2000 }) < 0
}

// open decides what an element means, and starts its line.
func (w *htmlWalker) open(e *element, a *attrs) {
	if n := len(w.stack); e.name == "p" && n > 0 && w.stack[n-1].name == "p" {
		w.pop(n - 1) // a <p> ends the one before, even a hidden one
	}
	e.hidden = a.hidden || isHiddenElement(e.name)
	if w.hidden > 0 || e.hidden {
		return
	}
	switch e.name {
	case "p":
		if a.mso {
			w.flush()
		} else {
			w.gap()
		}
	case "div", "section", "article", "header", "footer", "center", "form", "tbody", "tr", "dl", "dt", "dd", "address", "fieldset", "body":
		w.flush()
	case "table":
		w.gap()
	case "h1", "h2", "h3", "h4", "h5", "h6":
		w.gap()
	case "ul", "ol":
		w.flush()
		if e.ordered = e.name == "ol"; a.first > 1 && a.first < 1000 {
			e.items = a.first - 1
		}
	case "li":
		w.item()
	case "td", "th":
		w.space = true
	case "pre":
		w.flush()
		e.pre = true
	case "blockquote":
		w.flush()
		e.depth = !a.indent
		e.soft = e.depth && !a.cite
	}
	e.pre = e.pre || a.pre
	w.structure(e, a)
	e.from = len(w.out)
}

// isHiddenElement knows elements whose content is never shown.
func isHiddenElement(name string) bool {
	switch name {
	case "head", "style", "script", "title", "template", "noscript", "object", "xml", "svg", "textarea", "select", "iframe", "audio", "video", "map":
		return true
	}
	return false
}

// item begins a list item with its mark.
func (w *htmlWalker) item() {
	w.flush()
	w.text = w.text[:0]
	defer func() { w.mark = len(w.text) }()
	for i := len(w.stack) - 1; i >= max(0, len(w.stack)-5); i-- {
		l := &w.stack[i]
		if l.name == "ol" {
			l.items++
			w.text = append(strconv.AppendInt(w.text, int64(l.items), 10), ". "...)
			return
		}
		if l.name == "ul" {
			break
		}
	}
	w.text = append(w.text, "- "...)
}

// structure applies what the client's own marks say.
func (w *htmlWalker) structure(e *element, a *attrs) {
	if a.quote {
		w.flush()
		e.quote = true
	}
	if a.after || a.line && w.said() {
		w.flush()
		w.after = true
	}
	if a.sig {
		w.flush()
		e.sig = true
	}
}

// said says whether there are words above.
func (w *htmlWalker) said() bool {
	for i := range w.out {
		if !w.out[i].blank() {
			return true
		}
	}
	return false
}

// push remembers an open element.
func (w *htmlWalker) push(e element) {
	w.stack = append(w.stack, e)
	w.count(&e, 1)
}

// count adds or takes away what an element says.
func (w *htmlWalker) count(e *element, n int) {
	w.hidden += n * b2i(e.hidden)
	w.quote += n * b2i(e.quote)
	w.depth += n * b2i(e.depth)
	w.soft += n * b2i(e.soft)
	w.pre += n * b2i(e.pre)
	w.sig += n * b2i(e.sig)
}

// end closes the innermost open element of a name, and those inside it.
func (w *htmlWalker) end(name string) {
	if w.over > 0 {
		w.over--
		return
	}
	if name == "br" { // "</br>", which browsers read as <br>
		w.void(name, &attrs{})
		return
	}
	for i := len(w.stack) - 1; i >= max(0, len(w.stack)-60); i-- {
		if w.stack[i].name == name {
			w.pop(i)
			return
		}
	}
	if name == "p" && w.hidden == 0 {
		w.gap()
	}
}

// pop closes elements down to index i.
func (w *htmlWalker) pop(i int) {
	for k := len(w.stack) - 1; k >= i; k-- {
		e := w.stack[k]
		if w.hidden == 0 && (e.name == "p" || e.name == "div" && w.nbsp) && len(w.text) == 0 && e.from == len(w.out) && e.from > 0 {
			w.newline() // an empty paragraph is the gap that Outlook writes
		} else if w.hidden == 0 && ends(e.name) {
			w.flush()
		}
		w.count(&e, -1)
		if e.name == "blockquote" && e.depth {
			w.reopen(k)
		}
		if e.name == "p" && w.hidden == 0 && i == k {
			w.space = false
		}
		if e.name == "li" && len(w.text) == w.mark {
			w.text, w.mark = w.text[:0], 0 // nothing stands in it
		}
	}
	w.stack = w.stack[:i]
}

// reopen lets text below a blockquote speak again inside a quote container: Gmail puts answers between
// the quoted paragraphs there.
func (w *htmlWalker) reopen(k int) {
	for j := k - 1; j >= max(0, k-10); j-- {
		if w.stack[j].quote {
			w.stack[j].quote = false
			w.quote--
		}
	}
}

// ends says whether an element's end ends the line.
func ends(name string) bool {
	switch name {
	case "p", "div", "section", "article", "header", "footer", "center", "form", "table", "tr", "dl", "dt", "dd", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "address", "body":
		return true
	}
	return false
}
