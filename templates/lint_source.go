package templates

import (
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	ast "text/template/parse"
	"unicode"

	"whyloop/conversation"
)

// rule is what a line of a file must not hold.
type rule struct {
	bad  *regexp.Regexp
	html bool // HTML only
	text string
}

// rules hold in every language. A link scanner fetches whatever looks like a link, and
// a remote picture tells who opened a letter when.
var rules = []rule{
	{regexp.MustCompile(`(?i)\bhttps?:|\bwww\.|\bmailto:|\bhref\b|<a[\s>]`), false, "a letter has no links: people act by replying"},
	{regexp.MustCompile(`(?i)\bsrc\s*=|<(img|script|iframe|link|object|embed|video|audio|svg|form|input|button|base)\b|url\s*\(|@import|\sbackground\s*=`), true, "a letter loads nothing and runs nothing"},
	{regexp.MustCompile(`(?i)\son\w+\s*=|javascript:`), true, "a letter runs nothing"},
	{regexp.MustCompile(`(?i)http-equiv`), true, "a letter sends nobody elsewhere"},
}

// numbers are signs of figures about the person.
var numbers = regexp.MustCompile(`\d\s*%|[%‰]|[€$£¥]`)

// action is what stands between braces.
var action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// lintSource checks a file line by line.
func lintSource(l *language, name, src string) []Problem {
	var problems []Problem
	isHTML := path.Ext(name) == ".html"
	words := strings.Split(action.ReplaceAllStringFunc(src, blanked), "\n")
	for i, raw := range strings.Split(src, "\n") {
		found := lintLine(isHTML, raw)
		if !isHTML {
			found = append(found, lintWords(l, words[i])...)
		}
		for _, text := range found {
			problems = append(problems, Problem{name, i + 1, text})
		}
	}
	return problems
}

// blanked keeps the line ends of an action and nothing else.
func blanked(s string) string {
	return " " + strings.Repeat("\n", strings.Count(s, "\n"))
}

func lintLine(isHTML bool, raw string) []string {
	var found []string
	for _, r := range rules {
		if (isHTML || !r.html) && r.bad.MatchString(raw) {
			found = append(found, r.text)
		}
	}
	hidden := func(r rune) bool { return r != '\t' && r != '\r' && !shows(r) }
	if i := strings.IndexFunc(raw, hidden); i >= 0 {
		found = append(found, "an invisible character: "+strconv.QuoteToASCII(string([]rune(raw[i:])[0])))
	}
	return found
}

// lintWords checks the words of a text file, templates left out.
func lintWords(l *language, words string) []string {
	var found []string
	if numbers.MatchString(words) {
		found = append(found, "no numbers about the person")
	}
	list := tokens(strings.ToLower(words))
	for i, w := range list {
		if slices.Contains(l.Numbers, w) {
			found = append(found, "no numbers about the person: "+strconv.Quote(w))
		}
		if bare(l, list[i:]) && (i == 0 || ends(list[i-1])) {
			found = append(found, "never the bare word "+strconv.Quote(l.Bare[0]+"?"))
		}
	}
	return found
}

// bare reports whether a list of tokens begins with the bare question.
func bare(l *language, list []string) bool {
	for _, b := range l.Bare {
		want := append(tokens(b), "?")
		if len(list) >= len(want) && slices.Equal(list[:len(want)], want) {
			return true
		}
	}
	return false
}

func ends(token string) bool { return strings.ContainsAny(token, ".!?¿:;…") }

// tokens parts a text into words and marks.
func tokens(s string) []string {
	var list []string
	word := ""
	flush := func() {
		if word != "" {
			list = append(list, word)
		}
		word = ""
	}
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '’' || r == '\'' || r == '-':
			word += string(r)
		default:
			flush()
			if unicode.IsPunct(r) {
				list = append(list, string(r))
			}
		}
	}
	flush()
	return list
}

// lintFields finds values no letter has, in every branch of the book's templates.
func (b *book) lintFields(files []string) []Problem {
	var problems []Problem
	check := func(set *template.Template) {
		for _, t := range set.Templates() {
			if t.Tree == nil || !slices.Contains(files, t.ParseName) {
				continue
			}
			f := fieldLint{tree: t.Tree, allowed: allowed(t.ParseName)}
			f.walk(reflect.ValueOf(t.Root))
			problems = append(problems, f.problems...)
		}
	}
	check(b.shared)
	for _, set := range b.texts {
		check(set)
	}
	return problems
}

// allowed are the values a file may speak of.
func allowed(name string) map[string]bool {
	types := []reflect.Type{reflect.TypeFor[*values]()}
	switch path.Base(name) {
	case sharedFile:
		types = append(types, reflect.TypeFor[*summaryValues]())
	case "summary.txt":
		types = []reflect.Type{reflect.TypeFor[*summaryValues]()}
	case "path.txt":
		types = append(types, reflect.TypeFor[*stepValue]())
	case "export.txt":
		types = append(types, reflect.TypeFor[*heldValues](), reflect.TypeFor[*conversation.Export](),
			reflect.TypeFor[*conversation.Step](), reflect.TypeFor[*conversation.Second](), reflect.TypeFor[*conversation.Ladder](), reflect.TypeFor[*conversation.Rung]())
	}
	names := map[string]bool{}
	for _, t := range types {
		for i := range t.NumMethod() {
			names[t.Method(i).Name] = true
		}
		if e := t.Elem(); e != reflect.TypeFor[values]() && e != reflect.TypeFor[summaryValues]() {
			for i := range e.NumField() {
				names[e.Field(i).Name] = true
			}
		}
	}
	return names
}

// fieldLint walks a parsed template.
type fieldLint struct {
	tree     *ast.Tree
	allowed  map[string]bool
	problems []Problem
}

// walk visits every node: the parse tree has a struct a kind of node, and its fields
// are what hangs below it.
func (f *fieldLint) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || v.Type() == reflect.TypeFor[*ast.Tree]() {
			return
		}
		if n, ok := v.Interface().(ast.Node); ok {
			f.node(n)
		}
		f.walk(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				f.walk(v.Field(i))
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			f.walk(v.Index(i))
		}
	}
}

func (f *fieldLint) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.FieldNode:
		if !f.allowed[n.Ident[0]] {
			f.report(n, "there is no value ."+n.Ident[0])
		}
	case *ast.CommandNode:
		field, ok := n.Args[0].(*ast.FieldNode)
		if !ok || field.Ident[0] != "Has" || len(n.Args) != 2 {
			return
		}
		if s, ok := n.Args[1].(*ast.StringNode); ok && !f.allowed[s.Text] {
			f.report(n, "there is no value "+strconv.Quote(s.Text))
		}
	}
}

// report adds a problem at a node; nodes are met twice, by pointer and by interface.
func (f *fieldLint) report(n ast.Node, text string) {
	place, _ := f.tree.ErrorContext(n)
	parts := strings.Split(place, ":")
	number := 0
	if len(parts) > 1 {
		number, _ = strconv.Atoi(parts[1])
	}
	p := Problem{f.tree.ParseName, number, text}
	if !slices.Contains(f.problems, p) {
		f.problems = append(f.problems, p)
	}
}
