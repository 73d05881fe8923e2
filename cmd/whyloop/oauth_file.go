package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// bearer is a token as a provider gave it (RFC 6750). It prints as nothing.
type bearer struct {
	Access   string    `json:"access_token"`
	Refresh  string    `json:"refresh_token,omitempty"`
	Expires  time.Time `json:"expires"`
	Obtained time.Time `json:"obtained"`
	User     string    `json:"user,omitempty"`
	ClientID string    `json:"client_id"`
}

// String keeps a token out of whatever prints it.
func (bearer) String() string { return "(token)" }

// GoString keeps %#v from telling more than %v.
func (bearer) GoString() string { return "(token)" }

// The most that a token is renewed before its end: time enough to try again, and to call for
// help, while it still opens the mailbox. And what is left of it is not handed out any more.
const renewAhead, tooLate = 10 * time.Minute, 30 * time.Second

// renewAt is when to ask for the next one: ten minutes before the end, or after three quarters of
// a short life.
func (t bearer) renewAt() time.Time {
	return t.Expires.Add(-min(renewAhead, t.Expires.Sub(t.Obtained)/4))
}

func (t bearer) fresh(now time.Time) bool { return t.Access != "" && now.Before(t.renewAt()) }

// alive: it still opens the mailbox.
func (t bearer) alive(now time.Time) bool {
	return t.Access != "" && now.Add(min(tooLate, t.Expires.Sub(t.Obtained)/8)).Before(t.Expires)
}

// errNoLogin is a token file that is not there.
var errNoLogin = errors.New("nobody has signed in yet")

// readToken reads the token that is kept at path.
func readToken(path string) (bearer, error) {
	data, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		return bearer{}, errNoLogin
	}
	if err != nil {
		return bearer{}, fmt.Errorf("token file: %w", err)
	}
	var t bearer
	if json.Unmarshal(data, &t) != nil || t.Refresh == "" { // its error may quote the file
		return bearer{}, fmt.Errorf("token file %s is damaged", path)
	}
	return t, nil
}

// slot is room on the disk for a token: made before a provider is asked, who may take the old
// refresh token back with the same answer that brings the new one. A full disk is thus
// met while nothing is lost.
type slot struct {
	path string
	file *os.File
}

// tokenRoom is more than a token takes.
const tokenRoom = 64 << 10

func newSlot(path string) (*slot, error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("keep token: %w", err)
	}
	s := &slot{path, f}
	_, err = f.Write(make([]byte, tokenRoom))
	if err = errors.Join(err, f.Sync()); err != nil {
		s.drop()
		return nil, fmt.Errorf("keep token: %w", err)
	}
	return s, nil
}

// drop gives the room back.
func (s *slot) drop() {
	_ = s.file.Close() // nothing in it is wanted
	_ = os.Remove(s.file.Name())
}

// keep puts a token in its place: whole or not at all, and on the disk when it returns.
func (s *slot) keep(t bearer) error {
	data, err := json.Marshal(t)
	if err == nil {
		_, err = s.file.WriteAt(data, 0)
	}
	if err == nil {
		err = s.file.Truncate(int64(len(data)))
	}
	if err = errors.Join(err, s.file.Sync()); err == nil {
		err = os.Rename(s.file.Name(), s.path)
	}
	if err != nil {
		s.drop()
		return fmt.Errorf("keep token: %w", err)
	}
	return errors.Join(s.file.Close(), syncDir(filepath.Dir(s.path)))
}

// syncDir makes a rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("make it last: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// lockToken keeps other processes ("whyloop check" beside the daemon) from using the same
// refresh token: a provider that sees one twice takes everything back.
func lockToken(ctx context.Context, path string) (release func(), err error) {
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock token: %w", err)
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = f.Close() }, nil // which unlocks
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("lock token: another whyloop holds %s: %w", path, ctx.Err()), f.Close())
		case <-time.After(lockEvery):
		}
	}
}

// lockEvery is how often a lock that is held is tried.
const lockEvery = 50 * time.Millisecond
