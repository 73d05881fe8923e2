package templates

import (
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"

	"whyloop/conversation"
)

// shared holds what every letter of a language has at hand: footers, subjects, words.
const sharedFile = "words.txt"

// layoutFile is the shape of every letter that has none of its own.
const layoutFile = "letter.html"

// book is the letters of one language.
type book struct {
	lang   *language
	shared *template.Template
	texts  map[conversation.Kind]*template.Template
	shapes map[conversation.Kind]*htmltemplate.Template

	sources map[string]string // of the text files, to tell where a problem is
}

// layers is where files are looked for, the admin's own before ours.
func layers(overlay fs.FS) []fs.FS {
	if overlay == nil {
		return []fs.FS{embedded}
	}
	return []fs.FS{overlay, embedded}
}

// load reads every language. It goes on after a problem, so that all are told at once.
func load(from []fs.FS) (*Writer, []Problem) {
	w := &Writer{books: map[string]*book{}}
	var problems []Problem
	for i := range languages {
		l := &languages[i]
		if _, _, err := read(from, path.Join(l.Code, sharedFile)); err != nil {
			continue // its letters are not written yet
		}
		b, found := loadBook(from, l, w.books["en"])
		problems = append(problems, found...)
		w.books[l.Code] = b
	}
	return w, problems
}

// loadBook reads the letters of one language. One that it has not got is said in
// English, rather than not at all; a test says which those are.
func loadBook(from []fs.FS, l *language, english *book) (*book, []Problem) {
	b := &book{lang: l, texts: map[conversation.Kind]*template.Template{}, shapes: map[conversation.Kind]*htmltemplate.Template{}, sources: map[string]string{}}
	var problems []Problem
	shared, err := b.parseText(from, template.New("").Funcs(l.funcs()).Option("missingkey=error"), path.Join(l.Code, sharedFile))
	if err != nil {
		return b, []Problem{problemOf(path.Join(l.Code, sharedFile), err)}
	}
	b.shared = shared
	layout, layoutSrc, err := loadLayout(from, l.Code)
	if err != nil {
		return b, []Problem{problemOf(path.Join(l.Code, layoutFile), err)}
	}
	for _, n := range needs {
		name := path.Join(l.Code, string(n.Kind)+".txt")
		if _, _, err := read(from, name); err != nil && english != nil {
			b.texts[n.Kind], b.shapes[n.Kind] = english.texts[n.Kind], english.shapes[n.Kind]
			continue
		}
		set, err := shared.Clone()
		if err == nil {
			set, err = b.parseText(from, set, name)
		}
		if err != nil {
			problems = append(problems, problemOf(name, err))
			continue
		}
		b.texts[n.Kind] = set
		if b.shapes[n.Kind], err = loadShape(from, l.Code, string(n.Kind)+".html", layout, layoutSrc); err != nil {
			problems = append(problems, problemOf(name, err))
		}
	}
	return b, problems
}

// parseText adds a file to a set, under its own name, which errors then carry.
func (b *book) parseText(from []fs.FS, set *template.Template, name string) (*template.Template, error) {
	src, _, err := read(from, name)
	if err != nil {
		return nil, err
	}
	b.sources[name] = src
	if _, err := set.New(name).Parse(src); err != nil {
		return nil, err
	}
	return set, nil
}

// loadLayout reads the shape of all letters that have none of their own.
func loadLayout(from []fs.FS, code string) (*htmltemplate.Template, string, error) {
	src, name, err := readFirst(from, path.Join(code, layoutFile), path.Join("en", layoutFile))
	if err != nil {
		return nil, "", err
	}
	t, err := htmltemplate.New(name).Parse(src)
	return t, src, err
}

// loadShape finds the HTML of a letter: its own, else the one English has, else the
// layout of all, whose parts its own may use.
func loadShape(from []fs.FS, code, file string, layout *htmltemplate.Template, layoutSrc string) (*htmltemplate.Template, error) {
	own, name, err := readFirst(from, path.Join(code, file), path.Join("en", file))
	if err != nil {
		return layout, nil
	}
	t, err := htmltemplate.New(layout.Name()).Parse(layoutSrc)
	if err != nil {
		return nil, err
	}
	return t.New(name).Parse(own)
}

func readFirst(from []fs.FS, names ...string) (src, name string, err error) {
	for _, name = range names {
		if src, _, err = read(from, name); err == nil {
			return src, name, nil
		}
	}
	return "", "", err
}

// read returns a file from the first layer that has it, and which that was.
func read(from []fs.FS, name string) (src string, layer int, err error) {
	for i, f := range from {
		data, rerr := fs.ReadFile(f, name)
		if rerr == nil {
			return string(data), i, nil
		}
		err = rerr
	}
	return "", 0, err
}

// part executes one part of a letter; a part that is not defined is empty.
func (b *book) part(k conversation.Kind, name string, data any) ([]block, error) {
	set := b.texts[k]
	if set == nil {
		return nil, fmt.Errorf("no letter %q", k)
	}
	return execute(set, name, data)
}

func execute(set *template.Template, name string, data any) ([]block, error) {
	if set.Lookup(name) == nil {
		return nil, nil
	}
	var out strings.Builder
	if err := set.ExecuteTemplate(&out, name, data); err != nil {
		return nil, err
	}
	return parse(out.String()), nil
}

// summary is the blocks of a summary: the whole letter, and the exact text of a preview.
func (b *book) summary(s conversation.Summary, cc bool) ([]block, error) {
	return b.part(conversation.KindSummary, "lead", &summaryValues{s: s, cc: cc})
}

// Problem is something wrong in a letter's file.
type Problem struct {
	File string // as in the folder of letters: "en/why.txt"
	Line int    // from 1; 0 when it concerns the whole file
	Text string
}

// String is "en/why.txt:3: unknown field", as compilers write it.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// refused joins problems into the one error New returns.
func refused(problems []Problem) error {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.String()
	}
	slices.Sort(lines)
	return fmt.Errorf("letters: %s", strings.Join(slices.Compact(lines), "\n"))
}

// located finds the place in an error of the template packages.
var located = regexp.MustCompile(`template: ?([a-z]{2}/[\w.-]+):(\d+)(?::\d+)?: (.*)`)

func problemOf(file string, err error) Problem {
	m := located.FindStringSubmatch(err.Error())
	if m == nil {
		return Problem{File: file, Text: err.Error()}
	}
	n, _ := strconv.Atoi(m[2])
	return Problem{File: m[1], Line: n, Text: m[3]}
}
