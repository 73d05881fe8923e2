package mailer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"whyloop/mailer/mailtest"
)

// tokenBox is a TokenSource that remembers.
type tokenBox struct {
	mu      sync.Mutex
	token   string
	err     error
	refused []string
}

func (b *tokenBox) Token(context.Context) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.token, b.err
}

func (b *tokenBox) Refused(token string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = append(b.refused, token)
}

func (b *tokenBox) set(token string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.token, b.err = token, err
}

// TestTokens signs in to both servers by either mechanism, with a good token, a refused one and none.
func TestTokens(t *testing.T) {
	for _, mechanism := range []string{"XOAUTH2", "OAUTHBEARER"} {
		good := func(user, token string) bool { return user == "coach@demo.test" && token == "good" }
		s := servers(t, mailtest.Options{TLS: true, Mechanisms: []string{mechanism}, Token: good})
		for _, c := range []struct {
			name, token string
			err         error
			note        string // of the sender's outcome
			refusals    int
		}{
			{"good", "good", nil, "sent", 0},
			{"refused", "canary-token", nil, "sign-in", 2},
			{"none for now", "", errors.New("canary of the network"), "unreachable", 0},
			{"none any more", "", fmt.Errorf("login again: %w", ErrSignIn), "sign-in", 0},
		} {
			t.Run(mechanism+"/"+c.name, func(t *testing.T) { signInBoth(t, s, &tokenBox{token: c.token, err: c.err}, c.note, c.refusals) })
		}
	}
}

func signInBoth(t *testing.T, s *mailtest.Servers, box *tokenBox, note string, refusals int) {
	auth := XOAuth2("coach@demo.test", box)
	d := 2 * time.Second
	at := server(t, s.IMAPSAddr, TLSDirect, auth)
	at.Roots = s.Roots()
	m, err := OpenMailbox(context10(t), InboxConfig{Server: at, Limits: IMAPTimeouts{Connect: d, Command: d}})
	if err == nil {
		m.Close()
	}
	if (err == nil) != (note == "sent") || errors.Is(err, ErrSignIn) != (note == "sign-in") {
		t.Errorf("IMAP: %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "canary-token") {
		t.Errorf("IMAP tells the token: %v", err)
	}
	at = server(t, s.SMTPSAddr, TLSDirect, auth)
	at.Roots = s.Roots()
	x, err := NewSender(SenderConfig{Server: at, From: "coach@demo.test", Limits: short()})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if out := x.Send(context10(t), letter(t, 1, newClock())); out.Note != note {
		t.Errorf("SMTP: %+v", out)
	}
	if _, err := x.Examine(context10(t)); err != nil && strings.Contains(err.Error(), "canary-token") {
		t.Errorf("SMTP tells the token: %v", err)
	}
	if want := slices.Repeat([]string{box.token}, refusals); len(box.refused) < refusals || refusals == 0 && len(box.refused) > 0 {
		t.Errorf("refused %q, want %q", box.refused, want)
	}
	if text := fmt.Sprintf("%v %+v %#v", auth, auth, Server{Auth: auth}); strings.Contains(text, "canary") {
		t.Errorf("printed: %s", text)
	}
}

// TestTokenRenewed: a token that the server took back is told of, and the next one signs in.
func TestTokenRenewed(t *testing.T) {
	var good sync.Map
	good.Store("one", true)
	s := servers(t, mailtest.Options{Mechanisms: []string{"XOAUTH2"}, Token: func(_, token string) bool { _, ok := good.Load(token); return ok }})
	box := &tokenBox{token: "one"}
	var alarms []string
	d := time.Second
	i, err := NewInbox(newLedger(), newDesk(), InboxConfig{Server: server(t, s.IMAPAddr, TLSNone, XOAuth2("coach@demo.test", box)),
		Limits: IMAPTimeouts{Connect: d, Command: d, Fetch: d}, Alarm: func(a Alarm) { alarms = append(alarms, a.What) }}, quietLog(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if _, err := i.Sync(context10(t)); err != nil {
		t.Fatal(err)
	}
	good.Clear()
	i.Close()
	if _, err := i.Sync(context10(t)); !errors.Is(err, ErrSignIn) {
		t.Fatal(err)
	}
	if !slices.Equal(box.refused, []string{"one"}) {
		t.Errorf("refused %q", box.refused)
	}
	box.set("two", nil)
	good.Store("two", true)
	if _, err := i.Sync(context10(t)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(alarms, []string{"sign-in", ""}) {
		t.Errorf("alarms %q", alarms)
	}
}
