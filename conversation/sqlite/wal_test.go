package sqlite

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"whyloop/conversation"
)

// The write-ahead log is a header of 32 bytes and frames, each a header of 24 bytes and
// one page (SQLite file format §4.1).
const (
	walHeader   = 32
	frameHeader = 24
)

// frameSize returns the length of a frame of this log.
func frameSize(t testing.TB, wal []byte) int {
	t.Helper()
	if len(wal) < walHeader {
		t.Fatal("the log is empty")
	}
	return frameHeader + int(binary.BigEndian.Uint32(wal[8:]))
}

// commitFrames returns where each frame ends that ends a commit: it tells the size of
// the database after it, where other frames tell 0. It counts valid frames only.
func commitFrames(t testing.TB, name string) []int {
	t.Helper()
	wal, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	size := frameSize(t, wal)
	var ends []int
	for at := walHeader; at+size <= len(wal); at += size {
		frame := wal[at:]
		if string(frame[8:16]) != string(wal[16:24]) { // salt of an older log
			break
		}
		if binary.BigEndian.Uint32(frame[4:]) > 0 {
			ends = append(ends, at+size)
		}
	}
	return ends
}

// TestTornLog cuts a copy of the log at the borders of frames and anywhere, as a loss of
// power may: what opens is what some commit left, and every commit that was whole in the
// log is there. WHYLOOP_TORN sets the number of cuts.
func TestTornLog(t *testing.T) {
	cuts := often("WHYLOOP_TORN", 150)
	db, wal, ends := lived(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	size := frameSize(t, wal)
	frames := (len(wal) - walHeader) / size
	met := map[int]bool{}
	for i := range cuts {
		at := rnd.IntN(len(wal) + 1)
		if i%2 == 0 {
			at = walHeader + rnd.IntN(frames+1)*size
		}
		torn := append([]byte(nil), wal[:at]...)
		if i%5 == 4 { // the file grew, the last blocks never arrived
			torn = append(torn, make([]byte, min(4096, len(wal)-at))...)
		}
		whole := 0
		for whole < len(ends) && ends[whole] <= at {
			whole++
		}
		met[whole] = true
		if err := reopened(t, db, torn, whole); err != nil {
			t.Fatalf("cut at byte %d of %d (%d commits whole): %v", at, len(wal), whole, err)
		}
	}
	t.Logf("%d cuts of a log of %d frames and %d commits; %d different states", cuts, frames, len(ends), len(met))
}

// lived makes a store whose log holds commits that all began after the database file
// was last written, and returns both files.
func lived(t *testing.T) (db, wal []byte, ends []int) {
	path := storePath(t)
	s := openStore(t, path)
	ctx := context.Background()
	c := sam("sam")
	step := func(n int) {
		t.Helper()
		l := letterFor("sam", fmt.Sprintf("l-%d", n))
		l.Text = fmt.Sprintf("text %d, and more of it: %0*d", n, n*37, n)
		if err := s.Apply(ctx, conversation.Change{Conversation: c, Handled: fmt.Sprint(n), At: monday, Letters: []conversation.Letter{l}}); err != nil {
			t.Fatal(err)
		}
		c.Version++
		c.Done = n
	}
	step(1)
	if err := s.writer.checkpoint(); err != nil {
		t.Fatal(err)
	}
	for n := 2; n <= 60; n++ {
		step(n)
	}
	var err error
	if db, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	if wal, err = os.ReadFile(path + "-wal"); err != nil {
		t.Fatal(err)
	}
	return db, wal, commitFrames(t, path+"-wal")
}

// reopened opens a store from these bytes and compares it with what whole commits leave.
func reopened(t *testing.T, db, wal []byte, whole int) error {
	dir, err := os.MkdirTemp(t.TempDir(), "torn")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "whyloop.db")
	for name, b := range map[string][]byte{path: db, path + "-wal": wal} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			return err
		}
	}
	s, err := Open(path)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Check(context.Background()); err != nil {
		return err
	}
	f, err := s.Find(context.Background(), conversation.Ref{From: "sam@example.com"})
	if err != nil {
		return err
	}
	n := whole + 1 // one was in the file
	if f.Conversation.Version != int64(n) || f.Conversation.Done != n-1 {
		return fmt.Errorf("version %d, done %d; want %d", f.Conversation.Version, f.Conversation.Done, n)
	}
	for k := n; k <= n+1; k++ {
		event, err := s.Handled(context.Background(), fmt.Sprint(k))
		if err != nil || event != (k == n) {
			return fmt.Errorf("event %d of %d handled: %v, %w", k, n, event, err)
		}
	}
	return mark(s, "goes on")
}
