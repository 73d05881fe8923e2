package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// health answers a monitor on loopback: /healthz says that the process lives and its store is whole,
// /readyz that it can do its work, /metrics how much of it there is.
type health struct {
	server *http.Server
	addr   net.Addr
}

// readyTimeout bounds one look at everything, and one scrape.
const readyTimeout = 5 * time.Second

// newHealth listens at once, so that an address in use is an error at the start.
func newHealth(listen string, log *slog.Logger, degraded func() error, fares func(context.Context) (string, error), metrics prometheus.Collector) (*health, error) {
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, fmt.Errorf("health: %w", err)
	}
	h := &health{addr: l.Addr(), server: &http.Server{
		Handler:           healthHandler(degraded, fares, metrics),
		ReadHeaderTimeout: readyTimeout,
		WriteTimeout:      2 * readyTimeout,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}}
	go func() {
		if err := h.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.Error("health stopped", "err", err)
		}
	}()
	return h, nil
}

func healthHandler(degraded func() error, fares func(context.Context) (string, error), metrics prometheus.Collector) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(metrics)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if err := degraded(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		how, err := fares(ctx)
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, how)
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{Timeout: readyTimeout}))
	return mux
}

// stop lets a scrape at work end, for as long as ctx lasts.
func (h *health) stop(ctx context.Context) error { return h.server.Shutdown(ctx) }
