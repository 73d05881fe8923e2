package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeeping: the nightly copy and check leave their dates, and their failures an alarm.
func TestKeeping(t *testing.T) {
	ctx := context.Background()
	s, _ := setStage(t, demoPolicy)
	d := s.daemon
	if err := d.backUp(ctx); err != nil || !d.store.pulse.last.BackedUp.IsZero() {
		t.Errorf("without a folder: %v", err)
	}
	d.config.Store.BackupDir = filepath.Join(t.TempDir(), "nightly")
	for _, do := range []func(context.Context) error{d.backUp, d.checkStore} {
		if err := do(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if r := d.store.pulse.last; r.BackedUp.IsZero() || r.Checked.IsZero() || len(d.troubles.all()) != 0 {
		t.Errorf("%+v, %v", r, d.troubles.all())
	}
	if err := d.backUp(ctx); err == nil || d.troubles.of("backup") != "failed" {
		t.Errorf("a backup that is there already: %v, %v", err, d.troubles.all())
	}
	if how, err := d.fares(ctx); err != nil || how != "ready, but backup: failed" {
		t.Errorf("a failed backup is no reason to stop working, and is told: %q, %v", how, err)
	}
	d.troubles.tell("store")(trouble("damaged"))
	if err := d.degraded(); err == nil || !strings.Contains(fmt.Sprint(d.ready(ctx)), "store: damaged") {
		t.Errorf("%v", err)
	}
	if d.health == nil {
		return
	}
	res, err := http.Get("http://" + d.health.addr.String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d %s", res.StatusCode, b)
	}
}
