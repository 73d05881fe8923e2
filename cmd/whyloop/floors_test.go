package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors names, for each room, the rooms of this module and the libraries it may import. The
// arrows go down only: what is not named here does not build past this test.
// Test files may look further (a storage engine's tests run the shared suite), but never up into cmd.
func floors() map[string][]string {
	return map[string][]string{
		"conversation":           {"whyloop/conversation/crash"},
		"conversation/crash":     {},
		"conversation/hearing":   {"whyloop/conversation"},
		"conversation/storetest": {"whyloop/conversation", "github.com/google/go-cmp", "pgregory.net/rapid"},
		"conversation/sqlite":    {"whyloop/conversation", "whyloop/conversation/crash", "github.com/mattn/go-sqlite3"},
		"parser":                 {"github.com/emersion/go-msgauth", "golang.org/x/net/html", "golang.org/x/net/publicsuffix", "golang.org/x/text"},
		"templates":              {"whyloop/conversation", "github.com/rivo/uniseg"},
		"mailer": {"whyloop/conversation", "whyloop/conversation/crash", "whyloop/parser", "github.com/emersion/go-imap/v2",
			"github.com/emersion/go-sasl", "github.com/wneessen/go-mail", "golang.org/x/text"},
		"mailer/mailtest": {"github.com/emersion/go-imap/v2", "github.com/emersion/go-smtp", "github.com/emersion/go-sasl"},
	}
}

// source is one Go file and the room it stands in.
type source struct {
	path, room string
	test       bool
	file       *ast.File
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		room, err := filepath.Rel(root, filepath.Dir(path))
		all = append(all, source{path, filepath.ToSlash(room), strings.HasSuffix(path, "_test.go"), f})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFloors holds the arrows of docs/ARCHITECTURE.md: imports go down only.
func TestFloors(t *testing.T) {
	allowed := floors()
	for _, s := range sources(t) {
		if s.room == "cmd/whyloop" {
			continue
		}
		room, ok := allowed[s.room]
		if !ok {
			t.Errorf("%s: a room the house does not have; it belongs into an existing one, or into floors() with a reason in docs/ARCHITECTURE.md", s.path)
			continue
		}
		for _, imp := range s.file.Imports {
			path, _ := strconv.Unquote(imp.Path.Value)
			if !allowedImport(path, room, s.test) {
				t.Errorf("%s imports %s: not on this floor", s.path, path)
			}
		}
	}
}

func allowedImport(path string, room []string, test bool) bool {
	first, _, _ := strings.Cut(path, "/")
	std := !strings.Contains(first, ".") && first != "whyloop"
	listed := slices.ContainsFunc(room, func(a string) bool { return path == a || strings.HasPrefix(path, a+"/") })
	if strings.HasPrefix(path, "whyloop/") && !test {
		listed = slices.Contains(room, path) // a room is named, not what lies under it
	}
	return std || listed || (test && !strings.HasPrefix(path, "whyloop/cmd"))
}

// TestConversationHasNoClock: a decision takes its time as a value, so that it can be
// replayed. The standard library's ways to the outside are shut as well.
func TestConversationHasNoClock(t *testing.T) {
	forbidden := []string{"net", "os", "database/sql", "math/rand", "log", "net/http", "os/exec", "io/ioutil", "syscall"}
	for _, s := range sources(t) {
		if s.test || (s.room != "conversation" && s.room != "conversation/hearing") {
			continue
		}
		for _, imp := range s.file.Imports {
			path, _ := strconv.Unquote(imp.Path.Value)
			if slices.Contains(forbidden, path) {
				t.Errorf("%s imports %s", s.path, path)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok && isClock(call) {
				t.Errorf("%s reads the clock: time.%s", s.path, call.Sel.Name)
			}
			return true
		})
	}
}

func isClock(s *ast.SelectorExpr) bool {
	pkg, ok := s.X.(*ast.Ident)
	reads := []string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc"}
	return ok && pkg.Name == "time" && slices.Contains(reads, s.Sel.Name)
}

// TestFloorsCanFail: the rule refuses what it is there to refuse.
func TestFloorsCanFail(t *testing.T) {
	allowed := floors()
	for _, c := range []struct {
		room, path string
		test, want bool
	}{
		{"conversation", "strings", false, true},
		{"conversation", "whyloop/parser", false, false},
		{"conversation", "github.com/rivo/uniseg", false, false},
		{"parser", "golang.org/x/text/encoding", false, true},
		{"conversation/sqlite", "whyloop/mailer", false, false},
		{"mailer", "whyloop/conversation/sqlite", false, false},
		{"mailer", "whyloop/mailer/mailtest", false, false},
		{"mailer", "whyloop/mailer/mailtest", true, true},
		{"mailer", "whyloop/cmd/whyloop", true, false},
	} {
		if got := allowedImport(c.path, allowed[c.room], c.test); got != c.want {
			t.Errorf("%s importing %s (test %v): allowed %v, want %v", c.room, c.path, c.test, got, c.want)
		}
	}
}
