package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// playground is the demo in a browser: one rep, one manager, a clock to push, and behind it the
// very daemon, mail servers and mail programs of the demo. One person plays at a time.
type playground struct {
	dir string

	mu    sync.Mutex // a request at a time: the clock must not move twice
	games int        // how many were begun
	game  *game
}

// web serves the playground until the context ends; nothing of it stays.
func (cmd demoCmd) web(env *environ, dir string) (err error) {
	l, err := webListen(cmd.Addr)
	if err != nil {
		return err
	}
	p := &playground{dir: dir}
	if err := p.begin(env.ctx); err != nil {
		return errors.Join(err, l.Close())
	}
	defer func() { err = errors.Join(err, p.end()) }()
	fmt.Fprintf(env.stdout, "The playground is open at http://%s/\nYou are Sam, a salesperson; your first letter is there. Ctrl-C ends it, and nothing stays.\n", l.Addr())
	return webServe(env.ctx, l, p.pages())
}

// begin starts a game, and ends the one before. Its daemon outlives the request that asked for it.
func (p *playground) begin(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	p.games++
	dir, err := os.MkdirTemp(p.dir, "game-"+strconv.Itoa(p.games)+"-")
	if err != nil {
		return err
	}
	g, err := newGame(ctx, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	old := p.game
	p.game = g
	if old != nil {
		return errors.Join(old.stage.close(), os.RemoveAll(old.dir))
	}
	return nil
}

// end stops the game that runs.
func (p *playground) end() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.game.stage.close()
}

// pages are the routes: what acts is a POST and ends in a redirect.
func (p *playground) pages() http.Handler {
	mux := http.NewServeMux()
	webAssets(mux)
	mux.HandleFunc("GET /{$}", p.show)
	mux.HandleFunc("POST /reply", p.act(p.inTurn(p.reply)))
	mux.HandleFunc("POST /push", p.act(p.inTurn(p.push)))
	mux.HandleFunc("POST /resume", p.act(p.inTurn(func(r *http.Request) error { return p.game.resume(r.Context()) })))
	mux.HandleFunc("POST /again", p.act(func(r *http.Request) error { return p.begin(r.Context()) }))
	return mux
}

// errForm is a form that this page did not make.
var errForm = errors.New("the form is not one of this page's")

// act makes a handler of what a form does.
func (p *playground) act(do func(*http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, "The form is too long or broken.", http.StatusBadRequest)
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		err := do(r)
		switch {
		case errors.Is(err, errForm):
			http.Error(w, err.Error(), http.StatusBadRequest)
		case err != nil:
			http.Error(w, "The playground stumbled: "+err.Error(), http.StatusInternalServerError)
		default:
			http.Redirect(w, r, "/#now", http.StatusSeeOther)
		}
	}
}

// inTurn does what a form asks for once: a second press, or a page that was left open, would move a
// game that has gone on since.
func (p *playground) inTurn(do func(*http.Request) error) func(*http.Request) error {
	return func(r *http.Request) error {
		turn, err := strconv.Atoi(r.PostFormValue("turn"))
		switch {
		case err != nil:
			return errForm
		case turn == p.game.turn:
			p.game.turn++
			return do(r)
		case turn != p.game.turn-1:
			p.game.news = "That page was an older one, so nothing was done. Here is how it stands."
		}
		return nil
	}
}

// reply sends what the rep wrote, or the example in its place.
func (p *playground) reply(r *http.Request) error {
	n, err := strconv.Atoi(r.PostFormValue("to"))
	if err != nil {
		return errForm
	}
	text := r.PostFormValue("text")
	if example := r.PostFormValue("example"); example != "" {
		text = example
	}
	return p.game.reply(r.Context(), n, r.PostFormValue("with"), text)
}

// push moves the clock.
func (p *playground) push(r *http.Request) error {
	switch r.PostFormValue("by") {
	case "letter":
		return p.game.nextLetter(r.Context())
	case "day":
		return p.game.pass(r.Context(), 1)
	case "week":
		return p.game.pass(r.Context(), 7)
	}
	return errForm
}

// show is the page.
func (p *playground) show(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	ctx, cancel := context.WithTimeout(r.Context(), stuckAfter)
	defer cancel()
	v, err := p.game.view(ctx, r.URL.Query().Get("open"), r.URL.Query().Get("as"))
	if err != nil {
		http.Error(w, "The playground stumbled: "+err.Error(), http.StatusInternalServerError)
		return
	}
	renderPage(w, "playground.html", v)
}

// replyTakes is how long the rep takes to answer: long enough that a day has an evening, in which
// letters wait, and that only who writes on through the night meets the cap of letters a day.
const replyTakes = 75 * time.Minute
