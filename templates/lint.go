package templates

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"whyloop/conversation"
)

// Letters returns the embedded letters, laid out as an overlay is.
func Letters() fs.FS { return embedded }

// Lint checks letters laid out as an overlay is; what they leave out is taken from the
// embedded ones. It finds what New refuses, by the rules of the package comment: source
// that does not parse, values and words that do not exist, links and remote resources,
// numbers about the person, a bare "Why?", more than one question, a letter too long or
// too hard to read, a footer that lost what it must say, HTML that says something else.
func Lint(letters fs.FS) []Problem {
	w, problems := load(layers(letters))
	files := ownFiles(letters)
	if len(problems) == 0 {
		problems = lintAll(w, letters, files)
	} else {
		problems = append(problems, lintFiles(letters, files)...)
	}
	return sorted(problems)
}

// sorted puts problems in the order of files and lines, each once.
func sorted(problems []Problem) []Problem {
	slices.SortFunc(problems, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return strings.Compare(a.Text, b.Text)
	})
	return slices.Compact(problems)
}

// ownFiles lists the letters of an overlay: text and HTML in the folder of a language.
func ownFiles(overlay fs.FS) []string {
	var files []string
	_ = fs.WalkDir(overlay, ".", func(name string, d fs.DirEntry, err error) error {
		ext := path.Ext(name)
		if err == nil && !d.IsDir() && (ext == ".txt" || ext == ".html") && strings.Count(name, "/") == 1 {
			files = append(files, name)
		}
		return nil
	})
	return files
}

// lintAll checks files, and the letters that are made from them.
func lintAll(w *Writer, letters fs.FS, files []string) []Problem {
	problems := lintFiles(letters, files)
	for _, b := range w.books {
		problems = append(problems, b.lintFields(files)...)
		problems = append(problems, lintSamples(w, b, files)...)
	}
	return sorted(problems)
}

// lintFiles checks names and source.
func lintFiles(letters fs.FS, files []string) []Problem {
	var problems []Problem
	for _, name := range files {
		code, file := path.Split(name)
		l := languageOf(strings.TrimSuffix(code, "/"))
		if l == nil {
			problems = append(problems, Problem{File: name, Text: "there is no such language"})
			continue
		}
		if !known(file) {
			problems = append(problems, Problem{File: name, Text: "no letter has this name"})
			continue
		}
		src, err := fs.ReadFile(letters, name)
		if err != nil {
			problems = append(problems, Problem{File: name, Text: err.Error()})
			continue
		}
		problems = append(problems, lintSource(l, name, string(src))...)
	}
	return problems
}

func languageOf(code string) *language {
	for i := range languages {
		if languages[i].Code == code {
			return &languages[i]
		}
	}
	return nil
}

// known reports whether a file of this name is ever read.
func known(file string) bool {
	if file == sharedFile || file == layoutFile {
		return true
	}
	_, ok := need(conversation.Kind(strings.TrimSuffix(strings.TrimSuffix(file, ".txt"), ".html")))
	return ok
}
