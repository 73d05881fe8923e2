package main

import (
	"go/ast"
	"os"
	"regexp"
	"testing"
)

// TestSafetyNamesTests: each test that docs/safety.md names is there.
func TestSafetyNamesTests(t *testing.T) {
	doc, err := os.ReadFile("../../docs/safety.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && s.test {
				there[f.Name.Name] = true
			}
		}
	}
	named := regexp.MustCompile("`(Test[A-Za-z]+|Fuzz[A-Za-z]+)`").FindAllSubmatch(doc, -1)
	if len(named) < 40 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, m := range named {
		if !there[string(m[1])] {
			t.Errorf("docs/safety.md names %s, which is not there", m[1])
		}
	}
}
