package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"whyloop/templates"
)

type lettersPreviewCmd struct {
	wording
	Addr string `default:"127.0.0.1:0" placeholder:"HOST:PORT" help:"Where the page listens; loopback only."`
}

// Run serves the page until it is told to stop.
func (cmd lettersPreviewCmd) Run(env *environ) error {
	dir, err := cmd.dir(env)
	if err != nil {
		return err
	}
	g, err := newGallery(overlayOf(dir))
	if err != nil {
		return err
	}
	l, err := webListen(cmd.Addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "The letters are at http://%s/\nChange one of your own and load the page again. Ctrl-C ends it.\n", l.Addr())
	return webServe(env.ctx, l, g.pages())
}

// gallery shows every letter. It reads the admin's own anew once they have changed, so that they
// can be written with the page beside the editor.
type gallery struct {
	own  fs.FS             // nil: none
	ours *templates.Writer // shown while theirs are broken

	mu       sync.Mutex // of what was read last
	stamp    string
	theirs   *templates.Writer // nil: broken
	problems []templates.Problem
}

func newGallery(own fs.FS) (*gallery, error) {
	ours, err := templates.New(templates.Options{})
	return &gallery{own: own, ours: ours}, err
}

// pages are the routes.
func (g *gallery) pages() http.Handler {
	mux := http.NewServeMux()
	webAssets(mux)
	mux.HandleFunc("GET /{$}", g.sheet)
	mux.HandleFunc("GET /letter", g.letter)
	mux.HandleFunc("GET /frame", g.frame)
	return mux
}

// letterLook is how the letters are looked at: a link carries all of it.
type letterLook struct {
	Lang, Scheme, Width string
}

// lookOf reads it from a link; what is not known is the default.
func lookOf(q url.Values, langs []string) letterLook {
	pick := func(name string, of ...string) string {
		if v := q.Get(name); slices.Contains(of, v) {
			return v
		}
		return of[0]
	}
	l := letterLook{Lang: "en", Scheme: pick("scheme", "light", "dark"), Width: pick("width", "phone", "desktop")}
	if v := q.Get("lang"); slices.Contains(langs, v) {
		l.Lang = v
	}
	return l
}

// choice is one link of a row of choices.
type choice struct {
	Name, Lang, Link string
	Current          bool
}

// choices are the rows of links above the letters.
type choices struct {
	Languages, Schemes, Widths []choice
}

// choicesAt makes the links of a page, each of which changes one thing of the look.
func (l letterLook) choicesAt(path, name string, langs []string) choices {
	link := func(l letterLook) string {
		q := url.Values{"lang": {l.Lang}, "scheme": {l.Scheme}, "width": {l.Width}}
		if name != "" {
			q.Set("name", name)
		}
		return path + "?" + q.Encode()
	}
	var c choices
	for _, v := range langs {
		to := l
		to.Lang = v
		c.Languages = append(c.Languages, choice{languageName(v), v, link(to), v == l.Lang})
	}
	for _, v := range []string{"light", "dark"} {
		to := l
		to.Scheme = v
		c.Schemes = append(c.Schemes, choice{v, "", link(to), v == l.Scheme})
	}
	for _, v := range []string{"phone", "desktop"} {
		to := l
		to.Width = v
		c.Widths = append(c.Widths, choice{v, "", link(to), v == l.Width})
	}
	return c
}

// languageName is a language as those who speak it call it.
func languageName(code string) string {
	switch code {
	case "en":
		return "English"
	case "de":
		return "Deutsch"
	case "fr":
		return "Français"
	case "es":
		return "Español"
	case "nl":
		return "Nederlands"
	case "pt":
		return "Português"
	}
	return code
}

// shownLetter is one letter of the gallery.
type shownLetter struct {
	Name, Lang, Subject, Text string
	Frame, Link               string // where its HTML and its own page are
	Own                       bool
	Trouble                   string // why it could not be worded; "" when it was
}

// galleryView is a page of letters.
type galleryView struct {
	Look     letterLook
	Choices  choices
	Problems []templates.Problem
	Letters  []shownLetter
	Frames   []shownFrame // of one letter's own page
	Back     string
}

// shownFrame is a letter in one scheme and width.
type shownFrame struct {
	Title, Src, Width string
}

// writer returns the letters to show, and what is wrong with the admin's own.
func (g *gallery) writer() (*templates.Writer, []templates.Problem) {
	if g.own == nil {
		return g.ours, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if stamp := stampOf(g.own); stamp != g.stamp || g.stamp == "" {
		var err error
		if g.theirs, err = templates.New(templates.Options{Overlay: g.own}); err == nil {
			g.problems = nil
		} else if g.problems = templates.Lint(g.own); len(g.problems) == 0 {
			g.problems = []templates.Problem{{File: ".", Text: err.Error()}}
		}
		g.stamp = stamp
	}
	if len(g.problems) > 0 {
		return g.ours, g.problems
	}
	return g.theirs, nil
}

// stampOf changes when a file of a folder does.
func stampOf(own fs.FS) string {
	var b strings.Builder
	_ = fs.WalkDir(own, ".", func(name string, d fs.DirEntry, err error) error { // what cannot be read is the lint's to tell
		if err != nil {
			return nil
		}
		if info, err := d.Info(); err == nil {
			fmt.Fprintln(&b, name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return b.String()
}

// sheet shows all letters of a language in one look.
func (g *gallery) sheet(w http.ResponseWriter, r *http.Request) {
	writer, problems := g.writer()
	look := lookOf(r.URL.Query(), writer.Languages())
	v := galleryView{Look: look, Problems: problems, Choices: look.choicesAt("/", "", writer.Languages())}
	for _, s := range templates.Samples(look.Lang) {
		v.Letters = append(v.Letters, g.show(writer, s, look))
	}
	renderPage(w, "letters.html", v)
}

func (g *gallery) show(writer *templates.Writer, s templates.Sample, look letterLook) shownLetter {
	q := url.Values{"lang": {look.Lang}, "name": {s.Name}, "scheme": {look.Scheme}, "width": {look.Width}}.Encode()
	l := shownLetter{Name: s.Name, Lang: look.Lang, Own: isOwn(g.own, look.Lang, s.Prompt.Kind), Frame: "/frame?" + q, Link: "/letter?" + q}
	worded, err := writer.Write(s.Prompt)
	if err != nil {
		l.Trouble = err.Error()
		return l
	}
	l.Subject, l.Text = worded.Subject, worded.Text
	return l
}

// sampleNamed finds a sample of a language.
func sampleNamed(lang, name string) (templates.Sample, bool) {
	samples := templates.Samples(lang)
	i := slices.IndexFunc(samples, func(s templates.Sample) bool { return s.Name == name })
	if i < 0 {
		return templates.Sample{}, false
	}
	return samples[i], true
}

// letter shows one letter in all its looks.
func (g *gallery) letter(w http.ResponseWriter, r *http.Request) {
	writer, problems := g.writer()
	look := lookOf(r.URL.Query(), writer.Languages())
	s, ok := sampleNamed(look.Lang, r.URL.Query().Get("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	v := galleryView{Look: look, Problems: problems, Choices: look.choicesAt("/letter", s.Name, writer.Languages()),
		Letters: []shownLetter{g.show(writer, s, look)}}
	v.Back = "/?" + url.Values{"lang": {look.Lang}, "scheme": {look.Scheme}, "width": {look.Width}}.Encode() + "#" + s.Name
	for _, width := range []string{"phone", "desktop"} {
		for _, scheme := range []string{"light", "dark"} {
			q := url.Values{"lang": {look.Lang}, "name": {s.Name}, "scheme": {scheme}}
			v.Frames = append(v.Frames, shownFrame{Title: width + ", " + scheme, Src: "/frame?" + q.Encode(), Width: width})
		}
	}
	renderPage(w, "letter.html", v)
}

// framePolicy lets a letter's own style apply, and nothing load or run.
const framePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"

// frame is a letter's HTML as it is sent, in the scheme that was asked for.
func (g *gallery) frame(w http.ResponseWriter, r *http.Request) {
	writer, _ := g.writer()
	q := r.URL.Query()
	look := lookOf(q, writer.Languages())
	s, ok := sampleNamed(look.Lang, q.Get("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	worded, err := writer.Write(s.Prompt)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", framePolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = strings.NewReader(inScheme(worded.HTML, look.Scheme)).WriteTo(w) // the browser may have gone
}

// inScheme makes a letter show one of its schemes, whatever the browser prefers.
func inScheme(letter, scheme string) string {
	when := "@media not all"
	if scheme == "dark" {
		when = "@media all"
	}
	return strings.NewReplacer("@media (prefers-color-scheme: dark)", when, `content="light dark"`, `content="`+scheme+`"`,
		"color-scheme: light dark", "color-scheme: "+scheme).Replace(letter)
}
