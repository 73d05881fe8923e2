package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// A mutant is one rule, guard or row of a file, switched off.
type mutant struct {
	at   string // file:line
	in   string // function
	what string // how, and the source of what is switched off
}

// A finder walks a file, numbers what can be switched off, and notes how the source must read so that the environment
// can do it: all mutants of a file live in one build, and WHYLOOP_MUTANT says which of them is awake.
type finder struct {
	path    string
	src     string
	fset    *token.FileSet
	first   int // the number of the first mutant
	mutants []mutant
	splices []splice
	known   map[string]int // words that stand in a column, with their numbers
	bools   []bool         // whether each enclosing function returns one bool
	in      string         // the function declared around it
}

// splice replaces what stands between two offsets.
type splice struct {
	from, to int
	text     string
	closing  bool
}

// findMutants returns the mutants of a file, numbered from first on, and its source with a switch at each.
func findMutants(path, src string, first int) ([]mutant, string, error) {
	f := &finder{path: path, src: src, fset: token.NewFileSet(), first: first, known: map[string]int{}}
	file, err := parser.ParseFile(f.fset, path, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, "", err
	}
	ast.Walk(f, file)
	return f.mutants, f.rewritten(), nil
}

// Visit implements ast.Visitor.
func (f *finder) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.FuncDecl:
		f.in = n.Name.Name
		return f.inside(n.Type)
	case *ast.GenDecl:
		if len(f.bools) == 0 {
			f.in = ""
		}
	case *ast.FuncLit:
		return f.inside(n.Type)
	case *ast.IfStmt:
		f.rule("if", n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			f.rule("for", n.Cond)
		}
	case *ast.RangeStmt:
		f.unroll(n)
	case *ast.SwitchStmt:
		f.cases(n)
	case *ast.BinaryExpr:
		switch n.Op {
		case token.LOR:
			f.operands(n, func(e ast.Expr) { f.off("or", e) })
		case token.LAND:
			f.operands(n, func(e ast.Expr) { f.on("and", e) })
		}
	case *ast.ReturnStmt:
		if len(n.Results) == 1 && f.bools[len(f.bools)-1] {
			f.rule("return", n.Results[0])
		}
	case *ast.CompositeLit:
		f.rows(n)
	case *ast.KeyValueExpr: // a column of the languages, its words separated by bars
		if lit, ok := n.Value.(*ast.BasicLit); ok && f.text(n.Key) == "auto" {
			f.words(lit)
		}
	}
	return f
}

// inside is a finder for the body of a function; what it finds is the whole file's.
func (f *finder) inside(t *ast.FuncType) ast.Visitor {
	one := t.Results != nil && len(t.Results.List) == 1 && len(t.Results.List[0].Names) < 2 && f.text(t.Results.List[0].Type) == "bool"
	return scope{f, one}
}

// scope is a finder within one function.
type scope struct {
	f   *finder
	one bool
}

func (s scope) Visit(n ast.Node) ast.Visitor {
	s.f.bools = append(s.f.bools, s.one)
	v := s.f.Visit(n)
	s.f.bools = s.f.bools[:len(s.f.bools)-1]
	if v == ast.Visitor(s.f) {
		return s
	}
	return v
}

// rule switches a whole condition off. Of alternatives each is switched off by itself.
func (f *finder) rule(what string, cond ast.Expr) {
	switch c := cond.(type) {
	case *ast.BinaryExpr:
		if c.Op == token.LOR {
			return
		}
	case *ast.Ident:
		if c.Name == "true" || c.Name == "false" {
			return
		}
	}
	f.off(what, cond)
}

// operands takes both sides of a condition; a side that goes on in the same way is taken apart when it is visited.
func (f *finder) operands(b *ast.BinaryExpr, take func(ast.Expr)) {
	for _, side := range []ast.Expr{b.X, b.Y} {
		if inner, ok := side.(*ast.BinaryExpr); !ok || inner.Op != b.Op {
			take(side)
		}
	}
}

// off makes a condition false: the rule is gone.
func (f *finder) off(what string, e ast.Expr) { f.toggle(what, e, "(!mutantAwake(%d) && (") }

// on makes a condition true: the guard is gone.
func (f *finder) on(what string, e ast.Expr) { f.toggle(what, e, "(mutantAwake(%d) || (") }

func (f *finder) toggle(what string, e ast.Expr, open string) {
	n := f.add(e, what+" "+f.text(e))
	from, to := f.offset(e.Pos()), f.offset(e.End())
	f.splices = append(f.splices, splice{from, from, fmt.Sprintf(open, n), false}, splice{to, to, "))", true})
}

// unroll leaves a loop over a list before its first round.
func (f *finder) unroll(s *ast.RangeStmt) {
	n := f.add(s, "range "+f.text(s.X))
	at := f.offset(s.Body.Lbrace) + 1
	f.splices = append(f.splices, splice{at, at, fmt.Sprintf(" if mutantAwake(%d) { break };", n), false})
}

// cases switches each value of each case off. A switch over a value is written as one over conditions first.
func (f *finder) cases(s *ast.SwitchStmt) {
	tag := ""
	if s.Tag != nil {
		tag = f.text(s.Tag)
		f.splices = append(f.splices, splice{f.offset(s.Tag.Pos()), f.offset(s.Tag.End()), "", false})
	}
	for _, c := range s.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			if tag == "" {
				f.rule("case", e)
				continue
			}
			n := f.add(e, "case "+tag+" "+f.text(e))
			from, to := f.offset(e.Pos()), f.offset(e.End())
			f.splices = append(f.splices, splice{from, from, fmt.Sprintf("!mutantAwake(%d) && (%s) == (", n, tag), false}, splice{to, to, ")", true})
		}
	}
}

// rows takes each row out of a table, be it a list or a set.
func (f *finder) rows(lit *ast.CompositeLit) {
	var rows []string
	switch t := lit.Type.(type) {
	case *ast.ArrayType:
		if t.Len != nil {
			return
		}
		for _, e := range lit.Elts {
			if _, keyed := e.(*ast.KeyValueExpr); keyed {
				return
			}
			rows = append(rows, f.text(e))
		}
		f.wrap(lit, "mutantRows", "row", rows, "")
	case *ast.MapType:
		for _, e := range lit.Elts {
			rows = append(rows, f.text(e.(*ast.KeyValueExpr).Key))
		}
		f.wrap(lit, "mutantKeys", "row", rows, strings.Join(append([]string{""}, rows...), ", "))
	}
}

// words takes each word out of the columns it stands in: languages share some.
func (f *finder) words(lit *ast.BasicLit) {
	list, _ := strconv.Unquote(lit.Value)
	var numbers strings.Builder
	for _, w := range strings.Split(list, "|") {
		n, ok := f.known[w]
		if !ok {
			n = f.add(lit, "word "+w)
			f.known[w] = n
		}
		fmt.Fprintf(&numbers, ", %d", n)
	}
	from, to := f.offset(lit.Pos()), f.offset(lit.End())
	f.splices = append(f.splices, splice{from, from, "mutantWords(", false}, splice{to, to, numbers.String() + ")", true})
}

// wrap puts a call around an expression, which leaves out the row that is awake.
func (f *finder) wrap(e ast.Expr, call, what string, rows []string, more string) {
	if len(rows) == 0 {
		return
	}
	first := f.first + len(f.mutants)
	for _, r := range rows {
		f.add(e, what+" "+r)
	}
	from, to := f.offset(e.Pos()), f.offset(e.End())
	f.splices = append(f.splices, splice{from, from, fmt.Sprintf("%s(%d, ", call, first), false}, splice{to, to, more + ")", true})
}

// add numbers a mutant.
func (f *finder) add(at ast.Node, what string) int {
	what = strings.Join(strings.Fields(what), " ")
	f.mutants = append(f.mutants, mutant{fmt.Sprintf("%s:%d", f.path, f.fset.Position(at.Pos()).Line), f.in, what})
	return f.first + len(f.mutants) - 1
}

func (f *finder) offset(p token.Pos) int { return f.fset.Position(p).Offset }

func (f *finder) text(n ast.Node) string { return f.src[f.offset(n.Pos()):f.offset(n.End())] }

// rewritten is the source with all splices made. Where two begin at one place the outer stands first, where two end
// there the inner does: nodes were visited from the outside in.
func (f *finder) rewritten() string {
	var opening, closing []splice
	for _, e := range f.splices {
		if e.closing {
			closing = append(closing, e)
		} else {
			opening = append(opening, e)
		}
	}
	slices.Reverse(closing)
	all := append(closing, opening...)
	slices.SortStableFunc(all, func(a, b splice) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, e := range all {
		b.WriteString(f.src[at:e.from] + e.text)
		at = e.to
	}
	return b.String() + f.src[at:]
}

// mutantHelp is what the rewritten files of a package call.
const mutantHelp = `package %s

import (
	"os"
	"strconv"
	"strings"
)

var mutantNumber = func() int {
	n, err := strconv.Atoi(os.Getenv("WHYLOOP_MUTANT"))
	if err != nil {
		return -1
	}
	return n
}()

func mutantAwake(n int) bool { return n == mutantNumber }

func mutantRows[T any](first int, rows []T) []T {
	n := mutantNumber - first
	if n < 0 || n >= len(rows) {
		return rows
	}
	return append(append([]T{}, rows[:n]...), rows[n+1:]...)
}

func mutantKeys[K comparable, V any](first int, rows map[K]V, keys ...K) map[K]V {
	if n := mutantNumber - first; n >= 0 && n < len(keys) {
		delete(rows, keys[n])
	}
	return rows
}

func mutantWords(words string, numbers ...int) string {
	var all []string
	for k, w := range strings.Split(words, "|") {
		if !mutantAwake(numbers[k]) {
			all = append(all, w)
		}
	}
	return strings.Join(all, "|")
}
`
