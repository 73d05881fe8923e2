package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"whyloop/conversation"
	"whyloop/mailer"
)

// logBook is a log that a test can read while the daemon writes it.
type logBook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// setStage starts a provider and a daemon for a test, and stops both at its end, by when nothing
// may run any more.
func setStage(t *testing.T, config string, script ...line) (*stage, *logBook) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	book := &logBook{}
	log := slog.New(slog.NewTextHandler(book, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := newStage(context.Background(), staging{dir: t.TempDir(), out: io.Discard, log: log, script: script, config: config})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.close(); err != nil {
			t.Error(err)
		}
		goleak.VerifyNone(t, before)
		if t.Failed() {
			t.Log(book.String())
		}
	})
	if _, err := s.daemon.coach.Enrol(context.Background(), s.cast.enrolled()); err != nil {
		t.Fatal(err)
	}
	return s, book
}

// playUntil lets time pass up to a moment of the rep's clock: "2026-11-23 09:00".
func (s *stage) playUntil(t *testing.T, moment string) {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", moment, s.loc)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.play(context.Background(), at); err != nil {
		t.Fatal(err)
	}
	s.clock.Set(at)
}

// letters are what a person got, decoded.
func (s *stage) letters(t *testing.T, who person) []mailText {
	t.Helper()
	mails, err := s.servers.Mails(who.mail, "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	var all []mailText
	for _, m := range mails {
		l, err := readMail(m.Raw)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// heads sums letters up by their first words, for a comparison that reads.
func heads(letters []mailText) []string {
	var all []string
	for _, l := range letters {
		first, _, _ := strings.Cut(l.Text, "\n")
		all = append(all, first)
	}
	return all
}

// TestStopWhileALetterWaits: a stop withdraws what was still to go, and only the closing letter goes.
func TestStopWhileALetterWaits(t *testing.T) {
	s, _ := setStage(t, "[policy]\nthink_time = \"30m\"\n", when(`would you like to try`, time.Minute, "Gmail", "yes"))
	s.playUntil(t, "2026-11-23 09:10")
	invite := s.letters(t, s.cast.rep)[0]
	s.pending = append(s.pending, answer{s.clock.Now().Add(time.Minute), invite, "iPhone", "Stop"})
	s.playUntil(t, "2027-01-15 09:00")
	got := heads(s.letters(t, s.cast.rep))
	if len(got) != 2 || !strings.HasPrefix(got[1], "Done, I won’t write again") {
		t.Errorf("the rep got %q", got)
	}
	if got := s.letters(t, s.cast.manager); len(got) != 0 {
		t.Errorf("the manager got %q", heads(got))
	}
}

// TestSecondThought: a second reply before our letter went joins the first, and one letter answers both.
func TestSecondThought(t *testing.T) {
	s, _ := setStage(t, "[policy]\nthink_time = \"10m\"\n",
		when(`would you like to try`, time.Minute, "Gmail", "yes"), when(`one goal`, time.Minute, "Gmail", "Close 20 deals"))
	s.playUntil(t, "2026-11-23 09:10")
	goal := s.letters(t, s.cast.rep)[1]
	s.pending = append(s.pending, answer{s.clock.Now(), goal, "iPhone", "in the north region"})
	s.playUntil(t, "2026-11-23 18:00")
	got := s.letters(t, s.cast.rep)
	if len(got) != 3 || !strings.Contains(got[2].Text, "20 deals") || !strings.Contains(got[2].Text, "north region") {
		t.Errorf("the rep got %q", heads(got))
	}
}

// TestStrangers: what a stranger, the manager or a machine writes moves nothing and is never answered.
func TestStrangers(t *testing.T) {
	s, _ := setStage(t, demoPolicy)
	s.playUntil(t, "2026-11-23 09:00")
	invite := s.letters(t, s.cast.rep)[0]
	for _, head := range []string{
		"From: Sam <sam@elsewhere.example>\r\n",                                                  // another address
		"From: Dana <dana@example.com>\r\n",                                                      // the manager
		"From: Sam <sam@example.com>\r\nAuto-Submitted: auto-replied\r\n",                        // an absence
		"From: Sam <sam@example.com>\r\nList-Id: <all.example.com>\r\n",                          // a list
		"From: mailer-daemon@elsewhere.example\r\nContent-Type: text/plain\r\nX-Failed: yes\r\n", // a forged bounce
	} {
		raw := head + "To: coach@example.com\r\nSubject: Re: A question\r\nMessage-ID: <" + fmt.Sprint(len(head)) +
			"@elsewhere.example>\r\nIn-Reply-To: " + invite.MessageID + "\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nyes\r\n"
		if err := s.submit([]byte(raw), invite); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	s.playUntil(t, "2026-11-23 18:00")
	if got := s.letters(t, s.cast.rep); len(got) != 1 {
		t.Errorf("the rep got %q", heads(got))
	}
	for _, who := range []person{s.cast.manager, s.cast.contact} {
		if got := s.letters(t, who); len(got) != 0 {
			t.Errorf("%s got %q", who.name, heads(got))
		}
	}
	c, err := s.daemon.store.ByAddress(context.Background(), s.cast.rep.mail)
	if err != nil || c.Stage != conversation.StageInvited {
		t.Errorf("at stage %s, %v", c.Stage, err)
	}
}

// TestOneDaemon: a second one on the store is refused, with who holds it.
func TestOneDaemon(t *testing.T) {
	s, _ := setStage(t, demoPolicy)
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"--config", s.config, "run"}, strings.NewReader(""), &out, &errs)
	if code != exitFailure || !strings.Contains(errs.String(), fmt.Sprintf("pid %d", os.Getpid())) {
		t.Errorf("exit %d: %s", code, errs.String())
	}
}

// TestRun is the command itself: it runs until it is told to stop, then ends with 0; beside it the
// other commands work.
func TestRun(t *testing.T) {
	s, _ := setStage(t, demoPolicy)
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := s.daemon.stop(ctx); err != nil { // its place is taken
		t.Fatal(err)
	}
	edit(t, s.config, "listen = \"\"", "listen = \"127.0.0.1:0\"")
	signal, stop := context.WithCancel(context.Background())
	defer stop()
	book, ended := &logBook{}, make(chan int, 1)
	go func() {
		ended <- run(signal, []string{"--config", s.config, "run"}, strings.NewReader(""), io.Discard, book)
	}()
	if _, err := s.servers.(inProcess).WaitAccepted(ctx, 1); err != nil {
		t.Fatal(err, book.String())
	}
	for _, args := range []string{"check", "rep list", "rep show sam@example.com", "outbox", "held", "rep pause sam@example.com --days 3", "rep resume sam@example.com"} {
		if got := callAt(t, s.clock.Now, "", append([]string{"--config", s.config}, strings.Fields(args)...)...); got.code != exitOK {
			t.Errorf("whyloop %s: %+v", args, got)
		}
	}
	stop()
	select {
	case code := <-ended:
		if code != exitOK || !strings.Contains(book.String(), "whyloop stopped") {
			t.Errorf("exit %d\n%s", code, book.String())
		}
	case <-ctx.Done():
		t.Fatal("it did not stop")
	}
}

func edit(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte(from)) {
		t.Fatalf("no %q in %s", from, path)
	}
	if err := os.WriteFile(path, bytes.Replace(text, []byte(from), []byte(to), 1), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestHealthOfADaemon: what it serves on loopback, and that nobody's name is in it.
func TestHealthOfADaemon(t *testing.T) {
	s, _ := setStage(t, demoPolicy)
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := s.daemon.stop(ctx); err != nil {
		t.Fatal(err)
	}
	edit(t, s.config, "listen = \"\"", "listen = \"127.0.0.1:0\"")
	if err := s.start(context.Background()); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for path, want := range map[string]string{"/readyz": "ready", "/metrics": "whyloop_conversations 1"} {
		res, err := client.Get("http://" + s.daemon.health.addr.String() + path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		if err := errors.Join(err, res.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), want) || strings.Contains(string(b), "northwind") {
			t.Errorf("%s: %s", path, b)
		}
	}
	s.daemon.troubles.tell("smtp")(mailer.Alarm{What: "sign-in"})
	if err := s.daemon.ready(ctx); err == nil || err.Error() != "smtp: sign-in" {
		t.Errorf("not ready because of %v", err)
	}
}

// TestFilesAreOurs: whatever a daemon and its commands write, its owner alone can read.
func TestFilesAreOurs(t *testing.T) {
	s, _ := setStage(t, demoPolicy, canaryScript()...)
	s.playUntil(t, "2026-11-23 12:00")
	err := filepath.WalkDir(filepath.Dir(s.config), func(path string, d os.DirEntry, err error) error {
		if err != nil || path == filepath.Dir(s.config) {
			return err // the test's own folder
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %04o", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
