package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/url"
	"time"
)

// webFiles are the local pages' templates, styles and the few lines of script.
//
//go:embed web
var webFiles embed.FS

// The limits of a page that one person on this machine looks at.
const (
	webRead   = 10 * time.Second // to send a request
	webWrite  = time.Minute      // to act and answer: pushing the clock a week on is real work
	webIdle   = 2 * time.Minute
	webStop   = 3 * time.Second // for what is in hand at the end
	webBody   = 64 << 10        // bytes of a form
	webHeader = 16 << 10        // bytes of a request's header
)

// webPolicy lets a page load its own style, script and icon and post to itself; nothing else,
// from nowhere else, and no other page may frame it.
const webPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// webListen opens a page's socket. It has no sign-in, so that this machine alone may reach it.
func webListen(addr string) (net.Listener, error) {
	if err := isLoopback(addr); err != nil {
		return nil, usageError{fmt.Errorf("--addr: %w", err)}
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("open the page: %w", err)
	}
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() { // "localhost" is what the system says it is
		return nil, errors.Join(usageError{fmt.Errorf("--addr: %s is not on loopback", addr)}, l.Close())
	}
	return l, nil
}

// webServe serves a page until ctx ends, and returns when nothing of it runs any more.
func webServe(ctx context.Context, l net.Listener, pages http.Handler) error {
	s := &http.Server{
		Handler: guard(pages), ReadHeaderTimeout: webRead, ReadTimeout: webRead, WriteTimeout: webWrite, IdleTimeout: webIdle,
		MaxHeaderBytes: webHeader, ErrorLog: log.New(discardLog{}, "", 0),
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), webStop)
		defer cancel()
		stopped <- errors.Join(s.Shutdown(ending), s.Close())
	})
	err := s.Serve(l)
	if !stop() {
		err = <-stopped
	}
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, context.DeadlineExceeded) {
		return nil // a browser that keeps a connection open is cut off
	}
	return err
}

// discardLog drops what net/http would say about broken connections.
type discardLog struct{}

// Write implements io.Writer.
func (discardLog) Write(p []byte) (int, error) { return len(p), nil }

// guard keeps other sites out. A page on loopback is reached by every site that a browser on
// this machine has open: by name, once DNS is bent (Host), or by a form of its own (Origin).
func guard(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", webPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // with less, browsers send "Origin: null"
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		switch {
		case !ownHost(r):
			http.Error(w, "This page answers to its loopback address only.", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead && !ownOrigin(r):
			http.Error(w, "This form was sent from another page.", http.StatusForbidden)
		default:
			r.Body = http.MaxBytesReader(w, r.Body, webBody)
			pages.ServeHTTP(w, r)
		}
	})
}

// ownHost reports whether the request names this machine, and the port it came in by.
func ownHost(r *http.Request) bool {
	host, port, err := net.SplitHostPort(r.Host)
	if err != nil || !loopback(host) {
		return false
	}
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return true // no socket: a test
	}
	_, own, err := net.SplitHostPort(local.String())
	return err == nil && port == own
}

// ownOrigin reports whether a browser vouches that the request comes from this page. What says
// nothing about it is refused: all browsers of this decade do.
func ownOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	return err == nil && origin.Scheme == "http" && origin.Host == r.Host
}

// webAsset serves one embedded file.
func webAsset(name, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		b, err := fs.ReadFile(webFiles, "web/"+name)
		if err != nil {
			http.Error(w, "no such file", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(b) // the browser may have gone
	}
}

// webAssets adds what every page shares.
func webAssets(mux *http.ServeMux) {
	mux.HandleFunc("GET /page.css", webAsset("page.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /page.js", webAsset("page.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /icon.svg", webAsset("icon.svg", "image/svg+xml"))
}
