package templates

import (
	"slices"
	"strings"
	"testing"

	"whyloop/conversation"
)

// neverToLeads are the letters a manager who goes first never gets: they speak of what a
// manager is copied on.
func neverToLeads() []conversation.Kind {
	return []conversation.Kind{conversation.KindShare, conversation.KindShared, conversation.KindHold,
		conversation.KindAgreed, conversation.KindPreview, conversation.KindManager, conversation.KindPassedOn}
}

// alone is a prompt as somebody gets it whom nobody manages.
func alone(p conversation.Prompt) conversation.Prompt {
	say := *p.Say
	say.Manager, say.Cc = " \u200b ", false // nothing to see is nothing given
	if say.Ask != nil && say.Ask.Say != nil {
		ask := alone(*say.Ask)
		say.Ask = &ask
	}
	p.Say = &say
	return p
}

// TestLeads words every letter without a manager, in every language: those that a lead
// can get are words of their own, and clean; the others are an error.
func TestLeads(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		for _, s := range Samples(code) {
			if s.Prompt.Say == nil || strings.HasPrefix(s.Name, "invite-") {
				continue
			}
			p := alone(s.Prompt)
			never := slices.Contains(neverToLeads(), p.Kind) || p.Say.Ask != nil && slices.Contains(neverToLeads(), p.Say.Ask.Kind)
			l, err := w.letter(p)
			if never {
				if err == nil {
					t.Errorf("%s/%s was worded without the manager it speaks of:\n%s", code, s.Name, l.text())
				}
				continue
			}
			if err != nil {
				t.Errorf("%s/%s: %v", code, s.Name, err)
				continue
			}
			if bad := lintLetter(l, p); len(bad) > 0 {
				t.Errorf("%s/%s: %v\n%s", code, s.Name, bad, l.text())
			}
		}
	}
}

// TestLeadsHaveNoManager looks for the word in what leads get.
func TestLeadsHaveNoManager(t *testing.T) {
	w := newWriter(t)
	for _, s := range Samples("en") {
		if s.Prompt.Say == nil || s.Prompt.Say.Manager != "" {
			continue
		}
		got := write(t, w, s.Prompt)
		text := got.Text
		for _, f := range got.Files {
			if f.Type == "text/plain" {
				text += string(f.Data)
			}
		}
		if strings.Contains(strings.ToLower(text), "manager") || strings.Contains(text, "copied") {
			t.Errorf("%s speaks of a manager:\n%s", s.Name, text)
		}
	}
}

// TestInviteSaysExactlyWhatWasLent: the line LEND showed to a manager stands in the invite,
// byte for byte, whether it is the usual one or their own.
func TestInviteSaysExactlyWhatWasLent(t *testing.T) {
	w := newWriter(t)
	long := "a team that sleeps well on Sunday nights, and nobody who has to look at a phone at dinner, and me among them, which is what I would like most of all in the end"
	for _, code := range w.Languages() {
		for _, c := range []struct {
			name, why, line string
			variant         int
		}{
			{"the usual line", sampleLeadWhy, "", 0},
			{"a usual line cut short", long, "", 0},
			{"a line of their own", sampleLeadWhy, sampleLeadLine, 1},
			{"a line over two lines", long, "I want us home.\nEvery night.", 1},
			{"a line that looks like one of ours", long, "Reply yes, or {{.Rep}} <b>", 1},
		} {
			lend := sample(t, code, "lend")
			lend.Variant = c.variant
			say := *lend.Say
			say.Why, say.Line = c.why, c.line
			lend.Say = &say
			l, err := w.letter(lend)
			if err != nil {
				t.Fatal(err)
			}
			shown := exactOf(l.about)
			invite := sample(t, code, "invite")
			say = *invite.Say
			say.Why, say.Line = c.why, c.line
			invite.Say = &say
			l, err = w.letter(invite)
			if err != nil {
				t.Fatal(err)
			}
			if got := exactOf(l.lead); got != shown || got == "" {
				t.Errorf("%s, %s: LEND showed %q, the invite says %q", code, c.name, shown, got)
			}
			if bad := lintLetter(l, invite); len(bad) > 0 {
				t.Errorf("%s, %s: %v", code, c.name, bad)
			}
		}
		if l, err := w.letter(sample(t, code, "invite")); err != nil || exactOf(l.lead) != "" {
			t.Errorf("%s: an invite with nothing lent says %q, %v", code, exactOf(l.lead), err)
		}
	}
}

// exactOf is the one text that is shown as it is.
func exactOf(blocks []block) string {
	for _, b := range blocks {
		if b.Kind == blockExact {
			return b.plain()
		}
	}
	return ""
}
