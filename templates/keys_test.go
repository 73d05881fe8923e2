package templates

import (
	"slices"
	"strings"
	"testing"

	"whyloop/conversation"
)

// TestKeys says which words the letters promise: every command of HELP in the word of
// the language's table, and the exits of the footer.
func TestKeys(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		keys, err := w.Keys(code)
		if err != nil {
			t.Fatal(err)
		}
		l := languageOf(code)
		for _, v := range append(verbs(), conversation.VerbHelp, conversation.VerbStart, conversation.VerbDelete, conversation.VerbOn, conversation.VerbAfresh, conversation.VerbOK) {
			want := strings.ReplaceAll(l.word(v), "'", "’")
			found := slices.ContainsFunc(keys, func(k string) bool { return k == want })
			if !found {
				t.Errorf("%s: no letter names %q", code, want)
			}
		}
	}
	if _, err := w.Keys("tlh"); err == nil {
		t.Error("keys of no language")
	}
}

// TestKeysOfTheEnd: the words WHY teaches for "there is nothing underneath" are among the
// promised ones, so that a Listener is held to them.
func TestKeysOfTheEnd(t *testing.T) {
	w := newWriter(t)
	want := map[string]string{"en": "that’s it", "de": "das ist alles", "fr": "c’est tout", "es": "eso es todo", "nl": "dat is alles", "pt": "é isso"}
	for _, code := range w.Languages() {
		l, err := w.letter(sample(t, code, "why-explain"))
		if err != nil {
			t.Fatal(err)
		}
		taught := map[string]bool{}
		keysOf(l.reply, taught)
		keys, err := w.Keys(code)
		if err != nil {
			t.Fatal(err)
		}
		if !taught[want[code]] || len(taught) != 1 || !slices.Contains(keys, want[code]) {
			t.Errorf("%s: WHY teaches %v, want %q; all keys: %q", code, taught, want[code], keys)
		}
	}
}

// TestHelpHeadsAreBare: a word at the head of a line needs no quotation marks, and inside
// a sentence has the language's own.
func TestHelpHeadsAreBare(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		q := languageOf(code).Quotes
		for _, l := range strings.Split(write(t, w, sample(t, code, "help-nothing-open")).Text, "\n") {
			if head, ok := strings.CutPrefix(l, "- "); ok && strings.Contains(head, q[0]) {
				t.Errorf("%s: %q", code, l)
			}
		}
	}
}

// TestHelpListsOnlyWhatItWasGiven: no command is promised that makes no sense now.
func TestHelpListsOnlyWhatItWasGiven(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		for _, v := range append(verbs(), conversation.VerbExport, conversation.VerbStart, conversation.VerbHelp) {
			p := sample(t, code, "help-nothing-open")
			say := *p.Say
			say.Commands = []conversation.Verb{v}
			p.Say = &say
			if n := strings.Count(write(t, w, p).Text, "\n- "); n != 1 {
				t.Errorf("%s: %d lines for %q", code, n, v)
			}
		}
	}
	p := sample(t, "en", "help-nothing-open")
	say := *p.Say
	say.Commands = []conversation.Verb{"dance"}
	p.Say = &say
	if _, err := w.Write(p); err == nil {
		t.Error("HELP explains a command that does not exist")
	}
}

// TestHelpIsShort: all commands at once stay under the limit of a letter.
func TestHelpIsShort(t *testing.T) {
	w := newWriter(t)
	for _, code := range w.Languages() {
		p := sample(t, code, "help")
		say := *p.Say
		say.Commands = append(verbs(), conversation.VerbExport)
		p.Say = &say
		l, err := w.letter(p)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(words(l.ownWords())); n >= maxWords {
			t.Errorf("%s: %d words", code, n)
		}
	}
}
