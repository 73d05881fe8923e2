package main

import (
	"bytes"
	"fmt"
	"net/mail"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
)

// caps counts letters to one recipient by any 24 hours and any seven days.
type caps struct {
	times     []time.Time
	total     int
	day, week int // the most there were
}

func (c *caps) count(at time.Time) {
	c.total++
	c.times = append(c.times, at)
	day, week := 0, 0
	for k := len(c.times) - 1; k >= 0 && at.Sub(c.times[k]) < 7*24*time.Hour; k-- {
		week++
		if at.Sub(c.times[k]) < 24*time.Hour {
			day++
		}
	}
	c.day, c.week = max(c.day, day), max(c.week, week)
	if len(c.times) > 100 {
		c.times = c.times[len(c.times)-50:]
	}
}

// responder is a machine that answers every letter at once, for ever.
type responder struct {
	name   string
	held   bool // nothing tells it from a person: the caps end it, and the admin decides
	answer func(f *floor, s *seller, letter []byte, l mailText, n int) []byte
}

// plain is a reply without any mark of a machine's.
func plain(f *floor, s *seller, l mailText, subject, body string, fields ...string) []byte {
	var b bytes.Buffer
	for _, field := range fields {
		b.WriteString(field + "\r\n")
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: <auto.%d@northwind.example>\r\nIn-Reply-To: %s\r\nReferences: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
		s.address, bareAddress(l.ReplyTo), subject, f.clock.Now().Format(time.RFC1123Z), f.uid, l.MessageID, l.MessageID, crlf(body))
	return b.Bytes()
}

func responders() []responder {
	const away = "I am out of the office and will read your mail when I am back."
	shape := func(subject, body string, fields ...string) func(*floor, *seller, []byte, mailText, int) []byte {
		return func(f *floor, s *seller, _ []byte, l mailText, n int) []byte {
			sub := strings.NewReplacer("SUBJECT", strings.TrimPrefix(l.Subject, "Re: "), "N", fmt.Sprint(n)).Replace(subject)
			return plain(f, s, l, sub, strings.NewReplacer("#", fmt.Sprint("#", n), "LETTER", quote(l.Text)).Replace(body), fields...)
		}
	}
	return []responder{
		{"Exchange", false, shape("Automatic reply: SUBJECT", away, "Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All")},
		{"RFC 3834", false, shape("Re: SUBJECT", away, "Auto-Submitted: auto-replied (vacation)")},
		{"subject alone", false, shape("Out of Office: SUBJECT", away)},
		{"bulk", false, shape("Re: SUBJECT", away, "Precedence: bulk")},
		{"autoreply field", false, shape("Re: SUBJECT", away, "X-Autoreply: yes")},
		{"no mark, the same words", false, shape("Re: SUBJECT", away)},
		{"no mark, another subject each time", false, shape("[Ticket N] we have your mail", "Thank you for your message. We answer within two days.")},
		{"no mark, echoing the letter", false, shape("Re: SUBJECT", "LETTER")},
		{"no mark, other words each time", true, shape("Re: SUBJECT", "Thank you, your request has the number # and will be answered.")},
		{"the letter itself, sent back", false, func(_ *floor, _ *seller, letter []byte, _ mailText, _ int) []byte { return letter }},
	}
}

// TestAutoResponders lets machines of ten shapes answer every letter of a rep who answers too: the caps hold
// and the conversation goes on, or does once the machine is off and the admin has looked. WHYLOOP_LOOP_WEEKS is how long each goes on; 100 makes a thousand weeks.
func TestAutoResponders(t *testing.T) {
	weeks := many(t, "WHYLOOP_LOOP_WEEKS", 6)
	for k, r := range responders() {
		if raceEnabled && k%4 > 0 { // they differ in what they write, not in what runs
			continue
		}
		t.Run(r.name, func(t *testing.T) {
			f := newFloor(t, 3, 1, worldConfig)
			f.quiet, f.moods = 0, 0
			sent, machine, ended := &caps{}, 0, false
			f.onLetter = func(d conversation.Delivery) {
				s := f.sellers[d.Recipient]
				if s == nil {
					return
				}
				sent.count(f.clock.Now())
				l, err := readMail(d.Raw)
				if err != nil {
					t.Error(err)
				}
				if l.ReplyTo == "" { // a summary: it answers the mailbox
					l.ReplyTo = l.From
				}
				if ended {
					return
				}
				machine++
				f.write(30*time.Second, s.address, r.answer(f, s, d.Raw, l, machine))
			}
			var s *seller
			for _, s = range f.sellers {
			}
			resumed := 0
			for range weeks {
				f.run(f.clock.Now().Add(7 * 24 * time.Hour))
				if c := f.stored(s.address); c.Held != "" { // the admin looks, and lets it go on
					resumed++
					if _, err := f.coach.Act(t.Context(), c, conversation.Act{ID: fmt.Sprint("resume", resumed), Verb: conversation.ActResume}); err != nil {
						t.Fatal(err)
					}
				}
			}
			c := f.stored(s.address)
			t.Logf("%d weeks: %d letters, %d answers of the machine's; at most %d a day, %d a week; held %d times; at %s with %d steps, %d done",
				weeks, sent.total, machine, sent.day, sent.week, resumed, c.Stage, len(c.Steps), c.Done)
			if sent.day > f.config.Policy.PerDay || sent.week > f.config.Policy.PerWeek {
				t.Errorf("%d letters in a day, %d in a week", sent.day, sent.week)
			}
			if c.End != conversation.NotEnded || (resumed > 0) != r.held && r.held {
				t.Errorf("ended as %q, held %d times", c.End, resumed)
			}
			if !r.held && len(c.Steps) < weeks/5 {
				t.Errorf("the conversation came to %d steps in %d weeks", len(c.Steps), weeks)
			}
			ended = true
			f.survives(t, s, c)
		})
	}
}

// survives: once the machine is off and the admin has let it go on, the rep's conversation does, whatever it was
// taken through before.
func (f *floor) survives(t *testing.T, s *seller, before conversation.Conversation) {
	t.Helper()
	const weeks = 8
	resumed := 0
	for n := range weeks {
		f.run(f.clock.Now().Add(7 * 24 * time.Hour))
		if c := f.stored(s.address); c.Held != "" {
			resumed++
			if _, err := f.coach.Act(t.Context(), c, conversation.Act{ID: fmt.Sprint("survive", n), Verb: conversation.ActResume}); err != nil {
				t.Fatal(err)
			}
		}
	}
	after := f.stored(s.address)
	if after.End != conversation.NotEnded || after.Held != "" || resumed > 1 || len(after.Steps) <= len(before.Steps) && after.Stage == before.Stage {
		t.Errorf("with the machine off: ended as %q, held %q, %d times in %d weeks; at %s with %d steps, before at %s with %d",
			after.End, after.Held, resumed, weeks, after.Stage, len(after.Steps), before.Stage, len(before.Steps))
	}
}

// TestTwoWhyloops: each takes the other's mailbox for a rep. With their marks on they fall silent at once, and
// with every mark stripped on the way the caps end it.
func TestTwoWhyloops(t *testing.T) {
	weeks := 10 * many(t, "WHYLOOP_LOOP_WEEKS", 6)
	for _, stripped := range []bool{false, true} {
		t.Run(fmt.Sprint("stripped ", stripped), func(t *testing.T) {
			c := newClock(time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC))
			addresses := [2]string{"coach@north.example", "coach@south.example"}
			var side [2]*world
			var sent [2]caps
			for k := range side {
				side[k] = newWorldAt(t, 1, addresses[k], worldConfig, c)
			}
			for k, w := range side {
				w.deliver = func(d conversation.Delivery) {
					if d.Recipient != addresses[1-k] {
						return
					}
					sent[k].count(c.Now())
					raw := d.Raw
					if stripped {
						raw = strip(t, raw)
					}
					side[1-k].write(time.Minute, addresses[k], raw)
				}
				w.enrol("Sam", addresses[1-k], conversation.Address{Name: "Dana", Mail: "dana@northwind.example"})
			}
			for until := c.Now().Add(time.Duration(weeks) * 7 * 24 * time.Hour); c.Now().Before(until); {
				next := until
				for _, w := range side {
					w.drain(t.Context())
				}
				for _, w := range side {
					if at := w.next(t.Context()); !at.IsZero() && at.Before(next) {
						next = at
					}
				}
				if !next.After(c.Now()) {
					next = c.Now().Add(time.Minute)
				}
				for _, w := range side {
					w.run(next)
				}
			}
			for k := range side {
				t.Logf("%s sent %d letters in %d weeks, at most %d a day and %d a week", addresses[k], sent[k].total, weeks, sent[k].day, sent[k].week)
				if sent[k].day > 12 || sent[k].week > 40 || sent[k].total == 0 || sent[k].total > 60 {
					t.Errorf("%s sent %d letters, %d a day, %d a week", addresses[k], sent[k].total, sent[k].day, sent[k].week)
				}
			}
		})
	}
}

// strip takes away whatever tells a machine's mail from a person's.
func strip(t *testing.T, raw []byte) []byte {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, name := range []string{"From", "To", "Reply-To", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "Mime-Version", "Content-Type", "Content-Transfer-Encoding"} {
		if v := m.Header.Get(name); v != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", name, v)
		}
	}
	b.WriteString("\r\n")
	if _, err := b.ReadFrom(m.Body); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
