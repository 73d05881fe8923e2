package main

import (
	"testing"

	"whyloop/conversation"
	"whyloop/conversation/hearing"
	"whyloop/templates"
)

// Every word that a letter tells a rep to reply with is heard for what it is, in every language.
func TestPromisedWordsAreHeard(t *testing.T) {
	w, err := templates.New(templates.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ear := hearing.New()
	ladder := conversation.Ladder{Goal: "win the region", Rungs: []conversation.Rung{{Answer: "more time at home", Label: conversation.New}}}
	for _, language := range w.Languages() {
		keys, err := w.Keys(language)
		if err != nil {
			t.Fatal(err)
		}
		if len(keys) < 10 {
			t.Errorf("%s: only %d words promised", language, len(keys))
		}
		for _, key := range keys {
			h := ear.Hear(ladder, key)
			if h.Command.Verb == conversation.NoCommand && h.Answer == conversation.Neither && h.Outcome == conversation.Unsaid &&
				h.Verdict.Label != conversation.Exhausted {
				t.Errorf("%s: a letter promises %q, which is heard as nothing but %s", language, key, h.Verdict.Label)
			}
		}
	}
}
