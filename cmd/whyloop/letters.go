package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"whyloop/conversation"
	"whyloop/templates"
)

type lettersCmd struct {
	List    lettersListCmd    `cmd:"" help:"List the letters, the languages they are in, and which are your own."`
	Preview lettersPreviewCmd `cmd:"" help:"Open a page on this machine with every letter: text and HTML, light and dark, phone and desktop."`
	Lint    lettersLintCmd    `cmd:"" help:"Check every letter, ours and your own; exit 1 with file and line where one is broken."`
}

// wording is where the letters come from: ours, and over them the admin's own.
type wording struct {
	Dir string `placeholder:"DIR" help:"Letters of your own, laid out as en/why.txt; without it, those the configuration names."`
}

// dir is the overlay's folder, "" for none. A newcomer has no configuration yet and looks at ours.
func (w wording) dir(env *environ) (string, error) {
	dir := w.Dir
	if dir == "" {
		if _, err := os.Stat(env.config); errors.Is(err, fs.ErrNotExist) {
			return "", nil
		}
		c, err := loadConfig(env.config)
		if err != nil {
			return "", err
		}
		dir = c.Templates.Dir
	}
	if dir == "" {
		return "", nil
	}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is not a folder", dir)
	}
	if err != nil {
		return "", fmt.Errorf("your own letters: %w", err)
	}
	return dir, nil
}

// overlayOf is a folder as the templates want it; nil for none.
func overlayOf(dir string) fs.FS {
	if dir == "" {
		return nil
	}
	return os.DirFS(dir)
}

type lettersListCmd struct {
	wording
}

// Run lists the kinds of letter, and for each language where its words come from.
func (cmd lettersListCmd) Run(env *environ) error {
	dir, err := cmd.dir(env)
	if err != nil {
		return err
	}
	w, err := templates.New(templates.Options{Overlay: overlayOf(dir)})
	if err != nil {
		return err
	}
	codes := w.Languages()
	own := overlayOf(dir)
	var rows []string
	for _, n := range templates.Needs() {
		row := fmt.Sprintf("%s\t%s\t%d", n.Kind, asks(n), max(1, n.Variants))
		for _, code := range codes {
			row += "\t" + origin(own, code, n.Kind)
		}
		rows = append(rows, row)
	}
	head := "LETTER\tASKS\tWORDINGS\t" + strings.ToUpper(strings.Join(codes, "\t"))
	if err := table(env.stdout, "No letters.", head, rows); err != nil {
		return err
	}
	from := "All are ours; --dir or templates.dir lays your own over them."
	if dir != "" {
		from = "Your own come from " + dir + "; the rest are ours."
	}
	_, err = fmt.Fprintf(env.stdout, "\n%d letters in %d languages. %s\n", len(rows), len(codes), from)
	return err
}

func asks(n templates.Need) string {
	if n.Asks {
		return "yes"
	}
	return "-"
}

// origin says whose words a letter has in a language.
func origin(own fs.FS, code string, kind conversation.Kind) string {
	if isOwn(own, code, kind) {
		return "own"
	}
	if _, err := fs.Stat(templates.Letters(), code+"/"+string(kind)+".txt"); err != nil {
		return "-"
	}
	return "ours"
}

// isOwn reports whether the overlay replaces a letter, its words or its shape.
func isOwn(own fs.FS, code string, kind conversation.Kind) bool {
	if own == nil {
		return false
	}
	for _, ext := range []string{".txt", ".html"} {
		if _, err := fs.Stat(own, code+"/"+string(kind)+ext); err == nil {
			return true
		}
	}
	return false
}

type lettersLintCmd struct {
	wording
}

// Run prints what is wrong, a line each, as compilers do.
func (cmd lettersLintCmd) Run(env *environ) error {
	dir, err := cmd.dir(env)
	if err != nil {
		return err
	}
	problems := templates.Lint(templates.Letters())
	if dir != "" {
		for _, p := range templates.Lint(os.DirFS(dir)) {
			p.File = filepath.Join(dir, filepath.FromSlash(p.File))
			problems = append(problems, p)
		}
	}
	for _, p := range problems {
		fmt.Fprintln(env.stdout, p)
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s in the letters", count(len(problems), "problem"))
	}
	_, err = fmt.Fprintln(env.stdout, "Every letter is in order.")
	return err
}
