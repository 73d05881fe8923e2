package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestHealth(t *testing.T) {
	var trouble error
	metric := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "whyloop_test", Help: "A test."}, func() float64 { return 3 })
	server := httptest.NewServer(healthHandler(func() error { return nil }, func(context.Context) (string, error) { return "ready", trouble }, metric))
	defer server.Close()
	get := func(path string) (int, string) {
		res, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	for _, c := range []struct {
		path    string
		trouble error
		code    int
		want    string
	}{
		{"/healthz", nil, 200, "ok"},
		{"/readyz", nil, 200, "ready"},
		{"/readyz", errors.New("imap: not connected"), 503, "imap: not connected"},
		{"/healthz", errors.New("imap: not connected"), 200, "ok"},
		{"/metrics", nil, 200, "whyloop_test 3"},
		{"/other", nil, 404, ""},
	} {
		trouble = c.trouble
		if code, body := get(c.path); code != c.code || !strings.Contains(body, c.want) {
			t.Errorf("%s with %v: %d %q, want %d %q", c.path, c.trouble, code, body, c.code, c.want)
		}
	}
}
