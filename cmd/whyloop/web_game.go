package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"whyloop/conversation"
)

// game is one run of the playground: a stage with a person in place of the script, and notes of
// what was seen behind the scenes.
type game struct {
	*stage
	dir  string
	ear  *ear
	sent []sentMail // by the rep, oldest first
	news string     // what the last act led to
	turn int        // how many acts there were; a form carries it

	seenRep, seenManager int // how many letters they had before the last act
}

// sentMail is what the rep sent, and what became of it.
type sentMail struct {
	at      time.Time
	to      int    // which letter of the inbox it answers, from 0
	program string // the mail program it came from
	typed   string
	raw     []byte
	stage   conversation.Stage // where the conversation stood before
	heard   []heardText        // what the coach had judged, in order; none: it was not taken for an answer
	held    string             // why nothing was done about it; "" when something was
}

// heardText is a text as the coach read it, and what the listener made of it.
type heardText struct {
	text  string
	heard conversation.Heard
}

// ear listens in on the coach's own listener: what the page shows is what was heard, not what
// would be heard now. It keeps answers in memory, for this page alone.
type ear struct {
	conversation.Listener
	mu  sync.Mutex
	got []heardText
}

// Hear implements conversation.Listener.
func (e *ear) Hear(l conversation.Ladder, text string) conversation.Heard {
	h := e.Listener.Hear(l, text)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.got = append(e.got, heardText{text, h})
	return h
}

// drain returns what was heard since the last time.
func (e *ear) drain() []heardText {
	e.mu.Lock()
	defer e.mu.Unlock()
	got := e.got
	e.got = nil
	return got
}

// newGame starts servers and daemon, enrols the rep and waits for the invite.
func newGame(ctx context.Context, dir string, log *slog.Logger) (*game, error) {
	s, err := newStage(ctx, staging{dir: dir, out: io.Discard, log: log, config: demoPolicy})
	if err != nil {
		return nil, err
	}
	g := &game{stage: s, dir: dir, ear: &ear{Listener: s.daemon.coach.Listener}}
	s.daemon.coach.Listener = g.ear // nobody is enrolled yet: there is nothing to hear
	if _, err = s.daemon.coach.Enrol(ctx, s.cast.enrolled()); err == nil {
		err = s.settle(ctx) // it is a working hour: the invite goes at once
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return g, nil
}

// letters returns how many letters the rep and the manager have got.
func (g *game) letters() (rep, manager int, err error) {
	if err := g.readLetters(); err != nil {
		return 0, 0, err
	}
	return g.read[g.cast.rep.mail], g.read[g.cast.manager.mail], nil
}

// passesUntil does everything that is due up to a moment, and stands there then.
func (g *game) passesUntil(ctx context.Context, at time.Time) error {
	if err := g.play(ctx, at); err != nil {
		return err
	}
	g.clock.Set(at)
	return nil
}

// pass lets days pass.
func (g *game) pass(ctx context.Context, days int) error {
	return g.noting(func() error {
		now := g.clock.Now().In(g.loc)
		return g.passesUntil(ctx, now.AddDate(0, 0, days))
	})
}

// resume is the admin's: a day later they let a held conversation go on, as "rep resume" does.
func (g *game) resume(ctx context.Context) error {
	if err := g.pass(ctx, 1); err != nil {
		return err
	}
	c, err := g.daemon.store.ByAddress(ctx, g.cast.rep.mail)
	if err != nil {
		return err
	}
	return g.noting(func() error {
		if _, err := g.daemon.coach.Act(ctx, c, conversation.Act{ID: newID(), Verb: conversation.ActResume}); err != nil {
			return err
		}
		return g.settle(ctx)
	})
}

// noLaterThan is how far ahead the next letter is looked for: beyond it, nothing will come.
const noLaterThan = 120 * 24 * time.Hour

// nextLetter lets time pass until a letter arrives at the rep or the manager.
func (g *game) nextLetter(ctx context.Context) error {
	return g.noting(func() error {
		end := g.clock.Now().Add(noLaterThan)
		for {
			if err := g.settle(ctx); err != nil {
				return err
			}
			rep, manager, err := g.letters()
			if err != nil || rep+manager > g.seenRep+g.seenManager {
				return err
			}
			next, err := g.nextMoment(ctx)
			if err != nil || next.IsZero() || next.After(end) {
				return err
			}
			g.clock.Set(next)
			if err := g.act(ctx); err != nil {
				return err
			}
		}
	})
}

// noting does something and notes what arrived meanwhile.
func (g *game) noting(do func() error) error {
	rep, manager, err := g.letters()
	if err != nil {
		return err
	}
	g.seenRep, g.seenManager = rep, manager
	if err := do(); err != nil {
		return err
	}
	newRep, newManager, err := g.letters()
	g.news = newsOf(newRep-rep, newManager-manager)
	return err
}

// newsOf says what arrived, for the page and for whoever listens to it.
func newsOf(rep, manager int) string {
	switch {
	case rep > 0 && manager > 0:
		return fmt.Sprintf("%s for Sam, and %s copied to Dana.", count(rep, "new letter"), count(manager, "summary"))
	case rep > 0:
		return count(rep, "new letter") + " for Sam."
	case manager > 0:
		return count(manager, "new mail") + " for Dana."
	}
	return "No new letter."
}

// reply has the rep answer a letter of theirs: the mail goes over SMTP and comes back to the
// daemon over IMAP, as bytes like those of the mail program that was chosen.
func (g *game) reply(ctx context.Context, to int, program, text string) error {
	inbox, err := g.inbox(g.cast.rep)
	if err != nil {
		return err
	}
	write, ok := webClients()[program]
	if !ok || to < 0 || to >= len(inbox) {
		return errForm
	}
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "" {
		g.news = "Nothing was sent: the reply was empty."
		return nil
	}
	return g.noting(func() error {
		if err := g.passesUntil(ctx, g.clock.Now().Add(replyTakes)); err != nil {
			return err
		}
		return g.send(ctx, sentMail{to: to, program: program, typed: text}, inbox[to].text, write)
	})
}

// send submits a reply, waits until it was dealt with, and notes what was heard.
func (g *game) send(ctx context.Context, m sentMail, letter mailText, write client) error {
	before, err := g.daemon.store.ByAddress(ctx, g.cast.rep.mail)
	if err != nil && !errors.Is(err, conversation.ErrNotFound) { // erased: an answer comes to nothing
		return err
	}
	m.at, m.stage = g.clock.Now(), before.Stage
	m.raw = write(g.cast.rep.String(), letter, m.typed, m.at.In(g.loc))
	g.ear.drain()
	if err := g.submit(m.raw, letter); err != nil {
		return err
	}
	if err := g.settle(ctx); err != nil {
		return err
	}
	m.heard = g.ear.drain()
	m.held, err = g.whyHeld(ctx)
	g.sent = append(g.sent, m)
	return err
}

// whyHeld returns why the mail just sent was laid aside, if it was.
func (g *game) whyHeld(ctx context.Context) (string, error) {
	held, err := g.daemon.store.Held(ctx)
	if err != nil {
		return "", err
	}
	known := 0
	for _, m := range g.sent {
		if m.held != "" {
			known++
		}
	}
	if len(held) <= known {
		return "", nil
	}
	return held[len(held)-1].Reason, nil
}
