package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"whyloop/conversation"
)

// frozen lays a store down as a whyloop of an earlier schema left it.
func frozen(t *testing.T, version int) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", fmt.Sprintf("schema%d.sql", version)))
	if err != nil {
		t.Fatalf("%v: a schema that was released is frozen with a store in it, made by that release (sqlite3 .dump)", err)
	}
	path := storePath(t)
	w := rawWriter(t, path)
	if _, err := w.conn.ExecContext(context.Background(), string(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestUpgradeTogether: of many that open an older store at once one copies and migrates it, and all get it.
func TestUpgradeTogether(t *testing.T) {
	path := frozen(t, 1)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, err := Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := s.ByAddress(context.Background(), "sam.jones@example.com"); err != nil {
				t.Error(err)
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	copies, err := filepath.Glob(path + ".schema*")
	if want := []string{path + ".schema1.bak"}; err != nil || !slices.Equal(copies, want) {
		t.Errorf("%v, %v", copies, err)
	}
	db := rawWriter(t, copies[0])
	defer db.close()
	var version int
	if err := (&tx{conn: db.conn}).row("SELECT user_version FROM pragma_user_version").Scan(&version); err != nil || version != 1 {
		t.Errorf("the copy has schema %d, %v", version, err)
	}
}

// TestUpgrade opens a store of every schema there has been: nothing in it is lost, and work goes on.
func TestUpgrade(t *testing.T) {
	all, err := scripts(migrations)
	if err != nil {
		t.Fatal(err)
	}
	for version := 1; version < len(all); version++ { // the newest is not released yet
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			path := frozen(t, version)
			s := openStore(t, path)
			ctx := context.Background()
			if err := s.Check(ctx); err != nil {
				t.Fatal(err)
			}
			c, err := s.ByAddress(ctx, "sam.jones@example.com")
			if err != nil || c.Stage != conversation.StageActive || len(c.Ladder.Rungs) < 3 || len(c.Steps) < 2 || !strings.Contains(c.Ladder.Goal, "20 deals") {
				t.Errorf("%+v, %v", c, err)
			}
			if rows, err := s.List(ctx); err != nil || len(rows) != 2 {
				t.Errorf("%v, %v", rows, err)
			}
			if held, err := s.Held(ctx); err != nil || len(held) != 1 || held[0].Reason != "wrong-sender" {
				t.Errorf("%v, %v", held, err)
			}
			now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
			if ds, err := s.Claim(ctx, now, time.Hour, 9); err != nil || len(ds) != 1 || ds[0].Recipient != "kim@example.com" || len(ds[0].Raw) < 1000 {
				t.Errorf("%v, %v", ds, err)
			}
			var left int
			err = s.read(ctx, "count", func(t *tx) error { return t.row("SELECT count(*) FROM departed").Scan(&left) })
			if err != nil || left != 1 {
				t.Errorf("%d who left, %v", left, err)
			}
			late := conversation.Late{Letter: "goal/" + c.ID, Kind: conversation.KindGoal, At: now, Text: "sell less"}
			if err := s.Apply(ctx, conversation.Change{Conversation: c, Handled: "after the upgrade", At: now, Late: &late}); err != nil {
				t.Error(err)
			}
			if kept, err := s.Late(ctx, c.ID); err != nil || !slices.Equal(kept, []conversation.Late{late}) {
				t.Errorf("%v, %v", kept, err)
			}
			departing, err := s.Departing(ctx)
			if want := []string{"pat@example.com"}[:min(version-1, 1)]; err != nil || !slices.Equal(departing, want) {
				t.Errorf("%v, %v; want %v departing", departing, err, want)
			}
			_, err = os.Stat(fmt.Sprintf("%s.schema%d.bak", path, version))
			if err != nil {
				t.Errorf("a copy from before the upgrade: %v", err)
			}
		})
	}
}
