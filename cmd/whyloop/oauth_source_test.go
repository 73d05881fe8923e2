package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"whyloop/mailer"
)

// TestTokensBackOff: a provider that fails is asked ever more rarely, and not by each who waits.
func TestTokensBackOff(t *testing.T) {
	r := newTokenRig(t, flowClient)
	r.p.setFault(func(_ int, w http.ResponseWriter) bool { w.WriteHeader(500); return true })
	var at []time.Duration
	start := r.clock.Now()
	for r.clock.Now().Before(start.Add(15 * time.Minute)) {
		before := r.p.questions()
		_, _ = r.token(t)
		if r.p.questions() > before {
			at = append(at, r.clock.Now().Sub(start))
		}
		r.clock.Set(r.clock.Now().Add(5 * time.Second))
	}
	if got := fmt.Sprint(at); got != "[0s 10s 30s 1m10s 2m10s 4m10s 9m10s 14m10s]" {
		t.Errorf("asked at %s", got)
	}
}

// TestTokensSingleFlight: however many wait, one question; and a caller who leaves loses nothing.
func TestTokensSingleFlight(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.clock.Set(r.clock.Now().Add(2 * time.Hour))
	inside, release := make(chan struct{}), make(chan struct{})
	r.p.setFault(func(int, http.ResponseWriter) bool { close(inside); <-release; return false })
	leaving, leave := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() { _, err := r.t.Token(leaving); gone <- err }()
	<-inside
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := r.t.Token(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	close(release)
	all.Wait()
	if n := r.p.questions(); n != 1 || r.kept(t).Refresh != r.p.refresh {
		t.Errorf("%d questions; the rotated token was kept: %v", n, r.kept(t).Refresh == r.p.refresh)
	}
}

// TestTokensTwoProcesses: a command beside the daemon renews; neither shows a refresh token twice.
func TestTokensTwoProcesses(t *testing.T) {
	r := newTokenRig(t, flowCode)
	other := r.process(Config{Mailbox: mailboxConfig{Address: "coach@demo.test"}, OAuth: r.t.c})
	for range 4 {
		r.clock.Set(r.clock.Now().Add(55 * time.Minute))
		before := r.p.questions()
		var all sync.WaitGroup
		for _, s := range []*tokens{r.t, other, r.t, other} {
			all.Go(func() {
				if got, err := s.Token(t.Context()); err != nil || !r.p.good("coach@demo.test", got) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := r.p.questions() - before; n != 1 {
			t.Errorf("%d questions", n)
		}
	}
}

// TestTokensLoginHeals: after a revocation a login by another process is taken up without a restart.
func TestTokensLoginHeals(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.must(t)
	r.p.revoke()
	r.clock.Set(r.clock.Now().Add(time.Hour))
	if _, err := r.token(t); !errors.Is(err, mailer.ErrSignIn) {
		t.Fatal(err)
	}
	r.clock.Set(r.clock.Now().Add(time.Second)) // far within the pause
	r.login(t)
	r.must(t)
	if !slices.Equal(r.alarms, []string{"token-login", ""}) {
		t.Errorf("alarms %q", r.alarms)
	}
	if err := os.Remove(r.t.c.TokenFile); err != nil {
		t.Fatal(err)
	}
	fresh := r.process(Config{OAuth: r.t.c})
	if _, err := fresh.Token(t.Context()); !errors.Is(err, mailer.ErrSignIn) || !strings.Contains(err.Error(), "nobody has signed in yet") || !strings.Contains(err.Error(), "whyloop login") {
		t.Errorf("no file: %v", err)
	}
}

// TestTokensRefused: an access token that was taken back early is replaced; one that is refused from the
// start is not asked for again and again.
func TestTokensRefused(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.must(t)
	r.clock.Set(r.clock.Now().Add(5 * time.Minute))
	r.p.revokeAccess()
	old, err := r.t.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.t.Refused(old)
	r.must(t)
	before := r.p.questions()
	for range 5 {
		again, err := r.t.Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.t.Refused(again)
	}
	if n := r.p.questions() - before; n != 0 {
		t.Errorf("%d questions for a token that is new", n)
	}
}

// TestTokensDisk: where the token cannot be kept the provider is not asked at all, and what it had given
// already is not used before it is kept.
func TestTokensDisk(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.must(t)
	file := r.t.c.TokenFile
	r.clock.Set(r.clock.Now().Add(51 * time.Minute))
	r.p.setFault(func(int, http.ResponseWriter) bool { // the folder goes while the provider answers
		if err := os.Rename(filepath.Dir(file), filepath.Dir(file)+".away"); err != nil {
			t.Error(err)
		}
		return false
	})
	r.must(t) // the new access token is good
	asked := r.p.questions()
	r.p.setFault(nil)
	for range 4 {
		r.clock.Set(r.clock.Now().Add(15 * time.Minute))
		if in, _ := r.token(t); in != r.t.have.alive(r.clock.Now()) {
			t.Error("a token was withheld while it lives, or given after its end")
		}
	}
	if n := r.p.questions(); n != asked {
		t.Errorf("%d questions with a refresh token that is not on the disk", n-asked)
	}
	if !slices.Equal(r.alarms, []string{"token-file"}) {
		t.Errorf("alarms %q", r.alarms)
	}
	if err := os.Rename(filepath.Dir(file)+".away", filepath.Dir(file)); err != nil {
		t.Fatal(err)
	}
	r.clock.Set(r.clock.Now().Add(15 * time.Minute))
	r.must(t)
	leftovers, _ := filepath.Glob(file + ".new-*")
	for _, name := range leftovers { // of the moment when the folder was gone
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if r.kept(t).Refresh != r.p.refresh {
		t.Error("the file does not hold the provider's last refresh token")
	}
}

// TestTokensFile: a token file that cannot be used is named, never shown, and left as it is.
func TestTokensFile(t *testing.T) {
	for name, c := range map[string]struct {
		do    func(path string) error
		says  string
		alarm string
	}{
		"damaged":     {func(path string) error { return os.WriteFile(path, []byte(`{"refresh_token": "canary`), 0o600) }, "is damaged", "token-file"},
		"empty":       {func(path string) error { return os.WriteFile(path, nil, 0o600) }, "is damaged", "token-file"},
		"open to all": {func(path string) error { return os.Chmod(path, 0o644) }, "chmod 600", "token-file"},
		"another app's": {func(path string) error {
			return os.WriteFile(path, []byte(`{"refresh_token": "canary", "client_id": "other", "obtained": "2020-01-01T00:00:00Z", "expires": "2020-01-01T01:00:00Z"}`), 0o600)
		}, "another client_id", "token-login"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newTokenRig(t, flowCode)
			if err := c.do(r.t.c.TokenFile); err != nil {
				t.Fatal(err)
			}
			if _, err := r.token(t); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			if !slices.Equal(r.alarms, []string{c.alarm}) || r.p.questions() != 0 {
				t.Errorf("alarms %q, %d questions", r.alarms, r.p.questions())
			}
			if err := os.Chmod(r.t.c.TokenFile, 0o600); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestTokensFull: where there is no room for the next token, the provider is not asked for it.
func TestTokensFull(t *testing.T) {
	r := newTokenRig(t, flowCode)
	r.must(t)
	r.clock.Set(r.clock.Now().Add(51 * time.Minute))
	before, file := r.p.questions(), r.t.c.TokenFile
	if err := os.Rename(filepath.Dir(file), filepath.Dir(file)+".away"); err != nil {
		t.Fatal(err)
	}
	r.must(t)
	if err := os.Rename(filepath.Dir(file)+".away", filepath.Dir(file)); err != nil {
		t.Fatal(err)
	}
	if n := r.p.questions() - before; n != 0 {
		t.Errorf("%d questions", n)
	}
	r.clock.Set(r.clock.Now().Add(time.Minute))
	r.must(t)
	if n := r.p.questions() - before; n != 1 {
		t.Errorf("%d questions once there is room", n)
	}
}

// TestTokensWatch: the daemon's own watch renews although nobody signs in, and warns of the secret's end once a day.
func TestTokensWatch(t *testing.T) {
	r := newTokenRig(t, flowClient)
	r.t.c.SecretExpires = r.clock.Now().AddDate(0, 0, 20).Format(time.DateOnly)
	r.p.life = 2 * time.Second // renewed after one and a half
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	r.t.now, r.t.grant.now, r.p.now = time.Now, time.Now, time.Now
	done := make(chan struct{})
	go func() { defer close(done); r.t.run(ctx) }()
	for r.p.questions() < 3 && ctx.Err() == nil {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	<-done
	if n := r.p.questions(); n < 3 {
		t.Errorf("%d questions", n)
	}
	if n := strings.Count(r.book.String(), "the client secret expires on"); n != 1 {
		t.Errorf("warned %d times:\n%s", n, r.book)
	}
}
