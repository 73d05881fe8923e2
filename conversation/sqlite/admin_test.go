package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

func TestList(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	bob := sam("bob")
	bob.Stage, bob.End, bob.Paused, bob.Held = conversation.StageWhy, conversation.Stopped, true, "loop"
	bob.DueAt, bob.Echo.At = monday.Add(time.Hour), monday.Add(-time.Minute)
	bob.Rep.Aliases = []string{"Bob.Old@example.org"}
	for i, c := range []conversation.Conversation{bob, sam("ann")} {
		if err := s.Apply(ctx, conversation.Change{Conversation: c, Handled: fmt.Sprint(i), At: monday}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.List(ctx)
	if err != nil {
		t.Fatal(err)
	}
	want := []Row{
		{ID: "ann", Name: "Sam", Address: "ann@example.com", Manager: "kim@example.com", Stage: conversation.StageInvited, Changed: monday},
		{
			ID: "bob", Name: "Sam", Address: "bob@example.com", Manager: "kim@example.com", Stage: conversation.StageWhy,
			End: conversation.Stopped, Paused: true, Held: "loop", DueAt: monday.Add(time.Hour), Active: monday.Add(-time.Minute), Changed: monday,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, address := range []string{"bob@example.com", "BOB.OLD@example.org"} {
		if c, err := s.ByAddress(ctx, address); err != nil || c.ID != "bob" {
			t.Errorf("%s: %q, %v", address, c.ID, err)
		}
	}
	if _, err := s.ByAddress(ctx, "eve@example.com"); !errors.Is(err, conversation.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if _, err := s.ByID(ctx, "eve"); !errors.Is(err, conversation.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// TestOutbox: what is under way and what has failed, with the last code, and no words.
func TestOutbox(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	change := conversation.Change{Conversation: sam("ann"), Handled: "e", At: monday}
	for _, key := range []string{"sent", "failed", "retry", "claimed", "waiting", "revoked"} {
		l := letterFor("ann", key)
		l.NotBefore = monday.Add(time.Duration(len(change.Letters)) * time.Second)
		change.Letters = append(change.Letters, l)
	}
	if err := s.Apply(ctx, change); err != nil {
		t.Fatal(err)
	}
	at := monday.Add(3 * time.Second)
	if ds, err := s.Claim(ctx, at, time.Minute, 9); err != nil || len(ds) != 4 {
		t.Fatalf("claimed %d, %v", len(ds), err)
	}
	for key, st := range map[string]conversation.Settlement{
		"sent":   {State: conversation.DeliverySent, Code: 250},
		"failed": {State: conversation.DeliveryFailed, Code: 550, Note: "refused"},
		"retry":  {State: conversation.DeliveryRetry, Next: monday.Add(time.Hour), Code: 451, Note: "greylisted"},
	} {
		if err := s.Settle(ctx, key, "ann@example.com", st, at); err != nil {
			t.Fatal(err)
		}
	}
	c := change.Conversation
	c.Version = 1
	if err := s.Apply(ctx, conversation.Change{Conversation: c, Handled: "r", At: at, Revoke: []string{"revoked"}}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Outbox(ctx)
	if err != nil {
		t.Fatal(err)
	}
	row := func(key string, n int, state conversation.DeliveryState) DeliveryRow {
		return DeliveryRow{Letter: key, MessageID: key + "@whyloop.test", Kind: conversation.KindInvite, Conversation: "ann", Recipient: "ann@example.com",
			State: state, Attempts: 1, Since: monday.Add(time.Duration(n) * time.Second), Changed: at}
	}
	failed, retry, claimed, waiting := row("failed", 1, conversation.DeliveryFailed), row("retry", 2, conversation.DeliveryWaiting),
		row("claimed", 3, conversation.DeliveryClaimed), row("waiting", 4, conversation.DeliveryWaiting)
	failed.Code, failed.Note = 550, "refused"
	retry.Code, retry.Note, retry.Next = 451, "greylisted", monday.Add(time.Hour)
	claimed.Next = at.Add(time.Minute)
	waiting.Attempts, waiting.Changed, waiting.Next = 0, monday, monday.Add(4*time.Second)
	if diff := cmp.Diff([]DeliveryRow{failed, retry, claimed, waiting}, got); diff != "" {
		t.Error(diff)
	}
	st, err := s.Stats(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if st.FileBytes == 0 || st.LogBytes == 0 {
		t.Errorf("sizes: %+v", st)
	}
	st.FileBytes, st.LogBytes = 0, 0
	want := Stats{Schema: 3, Conversations: 1, Waiting: 2, Claimed: 1, Failed: 1, Oldest: monday.Add(2 * time.Second), NextReady: monday.Add(4 * time.Second)}
	if diff := cmp.Diff(want, st); diff != "" {
		t.Error(diff)
	}
}

func TestHeld(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	mails := []conversation.HeldMail{
		{Key: "k1", Reason: "unknown-sender", At: monday.Add(time.Minute), Raw: []byte("one")},
		{Key: "k1", Reason: "poison", At: monday.Add(time.Hour), Raw: []byte("one, read again")},
		{Reason: "malformed", At: monday, Raw: []byte("two")},
		{Reason: "malformed", At: monday.Add(time.Hour), Raw: []byte("two")},
		{Reason: "oversize", Conversation: "ann", At: monday.Add(time.Hour), Raw: nil},
	}
	for _, h := range mails {
		if err := s.Hold(ctx, h); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := s.Held(ctx)
	if err != nil || len(rows) != 3 {
		t.Fatalf("held %+v, %v", rows, err)
	}
	for i, want := range []HeldRow{{Reason: "malformed", At: monday, Size: 3}, {Reason: "unknown-sender", At: monday.Add(time.Minute), Size: 3},
		{Reason: "oversize", Conversation: "ann", At: monday.Add(time.Hour)}} {
		want.ID = rows[i].ID
		if rows[i] != want || len(want.ID) != 12 {
			t.Errorf("got %+v, want %+v", rows[i], want)
		}
	}
	h, err := s.HeldMail(ctx, rows[1].ID)
	want := mails[0]
	want.ID = rows[1].ID
	if diff := cmp.Diff(want, h); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if err := s.DropHeld(ctx, rows[1].ID); err != nil {
		t.Error(err)
	}
	if _, err := s.HeldMail(ctx, rows[1].ID); !errors.Is(err, ErrNotHeld) {
		t.Errorf("got %v", err)
	}
	if err := s.DropHeld(ctx, rows[1].ID); !errors.Is(err, ErrNotHeld) {
		t.Errorf("got %v", err)
	}
	if in := found(t, s.Path(), "read again"); len(in) > 0 {
		t.Errorf("dropped words are in %v", in)
	}
	if err := s.Hold(ctx, mails[0]); err != nil {
		t.Fatal(err)
	}
	if rows, err := s.Held(ctx); err != nil || len(rows) != 3 {
		t.Errorf("a dropped mail that is held again: %d rows, %v", len(rows), err)
	}
}

func TestBackup(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	if err := s.Apply(ctx, conversation.Change{Conversation: sam("ann"), Handled: "e", At: monday, Letters: []conversation.Letter{letterFor("ann", "l-1")}}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(private(t), "copy?.db")
	if err := s.Backup(ctx, path); err != nil {
		t.Fatal(err)
	}
	if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
		t.Errorf("beside the copy: %v, %v", names, err)
	}
	// Bytes 18 and 19 tell whether a file needs a log beside it (SQLite file format §1.3.3).
	if b, err := os.ReadFile(path); err != nil || b[18] != 1 || b[19] != 1 {
		t.Errorf("the copy needs a log, %v", err)
	}
	if err := s.Backup(ctx, path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("over a file: %v", err)
	}
	if err := s.Backup(ctx, filepath.Join(path, "x.db")); err == nil {
		t.Error("below a file")
	}
	copied := openStore(t, path)
	if c, err := copied.ByID(ctx, "ann"); err != nil || c.Version != 1 || !handled(t, copied, "e") {
		t.Errorf("%+v, %v", c, err)
	}
	if err := copied.Check(ctx); err != nil {
		t.Error(err)
	}
}

// TestBackupWhileWriting: the copy is one moment of the store, whatever goes on.
func TestBackupWhileWriting(t *testing.T) {
	ctx := context.Background()
	s := openStore(t, storePath(t))
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		c := sam("ann")
		for n := 1; ; n++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			c.Done = n
			if err := s.Apply(ctx, conversation.Change{Conversation: c, Handled: fmt.Sprint(n), At: monday, Letters: []conversation.Letter{letterFor("ann", fmt.Sprint(n))}}); err != nil {
				stopped <- err
				return
			}
			c.Version++
		}
	}()
	dir := private(t)
	for i := range 5 {
		path := filepath.Join(dir, fmt.Sprint(i))
		if err := s.Backup(ctx, path); err != nil {
			t.Fatal(err)
		}
		copied := openStore(t, path)
		rows, err := copied.List(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 {
			continue // before the first
		}
		c, err := copied.ByID(ctx, "ann")
		if err != nil || c.Version != int64(c.Done) || !handled(t, copied, fmt.Sprint(c.Done)) || handled(t, copied, fmt.Sprint(c.Done+1)) {
			t.Errorf("version %d, done %d, %v", c.Version, c.Done, err)
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// TestCheckFindsDamage overwrites a page in the middle of the file.
func TestCheckFindsDamage(t *testing.T) {
	path := storePath(t)
	s := openStore(t, path)
	applyAll(t, s, 0, 50, 4)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(b) / 2; i < len(b)/2+8192; i++ {
		b[i] = 0xa5
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err = Open(path)
	if err != nil {
		t.Skipf("refused at once: %v", err)
	}
	defer s.Close()
	if err := s.Check(context.Background()); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
}
