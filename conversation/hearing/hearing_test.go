package hearing

import (
	"runtime"
	"testing"

	"whyloop/conversation"
)

func TestData(t *testing.T) {
	if _, err := loadLexicon(); err != nil {
		t.Fatal(err)
	}
}

func TestCommands(t *testing.T) {
	h := New()
	for text, want := range map[string]conversation.Verb{
		"stop": "stop", "STOP.": "stop", "stop please": "stop", "Stop it now please": "stop", "please take me off this": "stop", "unsubscribe": "stop",
		"leave me alone": "stop", "stop emailing me": "stop", "Don't email me again": "stop", "No more emails": "stop", "please don't send any more of these": "stop",
		"no more mails please": "stop", "cancel my subscription": "stop", "end this": "stop", "I'm too busy for this, please stop emailing me": "stop",
		"stop worrying about money": "", "Stopping work at 5 like normal people": "", "to pause and enjoy it, for once": "", "landlord leaves me alone": "",
		"Pause 2 weeks": "pause", "pause until 14 July": "pause", "can you pause for two weeks, I'm on site": "pause", "I'm on vacation until the 14th, talk then": "pause",
		"Can we pick this up in September?": "pause", "Put this on hold while I'm on paternity leave": "pause", "Stop for now, I'll get back to you in May": "pause",
		"skip": "skip", "private": "private", "private please": "private", "Private. I'd rather he didn't see it": "private", "share": "share", "share it": "share", "Yes, share it": "share",
		"hold": "hold", "Hold please": "hold", "help": "help", "path": "path", "export": "export", "new why": "new why", "start over": "new why", "I'd like to start again with a new goal": "new why",
		"I want to change my goal": "new why", "that's wrong": "that's wrong", "start": "start", "forget me": "forget me", "delete my data": "forget me", "delete": "delete",
		"ok": "ok", "ok thanks": "ok", "on": "on", "afresh": "afresh", "Hi,\n\nstop\n\nThanks": "stop", "a new start": "", "freedom": "", "help my mom w rent": "", "more money": "",
		"stopp": "stop", "arrêtez": "stop", "Bitte keine Mails mehr": "stop", "déjame en paz": "stop", "laat me met rust": "stop", "no quiero recibir más correos": "stop",
	} {
		if got := h.Hear(conversation.Ladder{}, text).Command.Verb; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestYesNo(t *testing.T) {
	h := New()
	for _, tt := range []struct {
		text string
		want conversation.YesNo
		rest string
	}{
		{"Yes", "yes", ""}, {"yep", "yes", ""}, {"that's it, yes", "yes", ""}, {"yes please", "yes", ""}, {"yes please do", "yes", ""}, {"Yes!", "yes", ""}, {"👍", "yes", ""},
		{"No, it's more that I want to be home", "no", "it's more that I want to be home"}, {"not really", "no", ""}, {"no thanks", "no", ""}, {"nah", "no", ""},
		{"nope — it's about my kids", "no", "it's about my kids"}, {"Yes. Being home for dinner.", "yes", "Being home for dinner."},
		{"Sure, let's try", "yes", ""}, {"Being home for dinner", "", "Being home for dinner"}, {"no more fights", "", "no more fights"}, {"right now I want peace", "", "right now I want peace"},
		{"Not quite. My daughters.", "no", "My daughters."}, {"ja", "yes", ""}, {"nein, eher Ruhe", "no", "eher Ruhe"}, {"oui", "yes", ""}, {"sí", "yes", ""}, {"nee", "no", ""}, {"ok", "yes", ""},
		{"yes but more for my kids", "yes", "but more for my kids"}, {"no its about respect", "no", "its about respect"}, {"I'd like that", "yes", ""}, {"Yes it is", "yes", ""}, {"nothing", "", "nothing"},
		{"yeah that's the one", "yes", ""}, {"Not interested", "no", ""}, {"no one to answer to", "", "no one to answer to"}, {"Hmm, no", "no", ""},
	} {
		got := h.Hear(conversation.Ladder{}, tt.text)
		if got.Answer != tt.want || got.Rest != tt.rest {
			t.Errorf("%q: %q, rest %q; want %q, %q", tt.text, got.Answer, got.Rest, tt.want, tt.rest)
		}
	}
}

func TestOutcome(t *testing.T) {
	h := New()
	for _, tt := range []struct {
		text string
		want conversation.Outcome
		next string
	}{
		{"done", "done", ""}, {"Done!", "done", ""}, {"half", "half", ""}, {"not yet", "not yet", ""}, {"done - next I'll call Priya", "done", "call Priya"},
		{"Did it! Now I want to write to Tom", "done", "write to Tom"}, {"half of it. tomorrow the rest", "half", "tomorrow the rest"}, {"didn't get to it", "not yet", ""},
		{"nope, week was crazy", "not yet", ""}, {"I called her on Tuesday", "done", ""}, {"Yes, I did", "done", ""}, {"Not done", "not yet", ""}, {"almost", "half", ""},
		{"erledigt", "done", ""}, {"pas encore", "not yet", ""}, {"a medias", "half", ""}, {"nog niet", "not yet", ""}, {"I haven't had time", "not yet", ""}, {"no time this week", "not yet", ""},
		{"the weather is fine", "", ""}, {"Didn't manage it. Next: call him Friday", "not yet", "call him Friday"},
	} {
		got := h.Hear(conversation.Ladder{}, tt.text)
		if got.Outcome != tt.want || got.Next != tt.next {
			t.Errorf("%q: %q, next %q; want %q, %q", tt.text, got.Outcome, got.Next, tt.want, tt.next)
		}
	}
}

func TestPickSizeTopic(t *testing.T) {
	h := New()
	for text, want := range map[string]int{"2": 2, "number 3": 3, "#1": 1, "The second": 2, "the first one": 1, "3.": 3, "2 please": 2, "home": 0, "der zweite": 2, "option 2": 2, "I'd say 2": 2, "one day I'll sail": 0, "my first house": 0} {
		if got := h.Hear(conversation.Ladder{}, text).Pick; got != want {
			t.Errorf("pick %q: %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string]conversation.StepSize{
		"finish the whole territory plan": "too big", "be better at calls": "vague", "call Priya": "", "write the first line of the plan": "", "I'll look up two names": "", "close 10 deals": "too big",
		"work harder": "vague", "tidy my desk for ten minutes": "", "make 50 calls": "too big", "go for a walk": "", "have dinner at home without my phone": "", "improve my mindset": "vague", "take a walk with my daughter": "", "learn Spanish": "too big",
	} {
		if got := h.Hear(conversation.Ladder{}, text).Size; got != want {
			t.Errorf("size %q: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]conversation.Topic{
		"who is going to read this?": "who-sees", "is this anonymous?": "who-sees", "Are you a robot?": "robot", "Are you a real person?": "robot", "How many more of these are there?": "how-long",
		"can I stop?": "stop", "Where is this stored?": "stored", "What do you mean?": "how", "What kind of answer are you looking for?": "how", "do you know Priya?": "", "does my boss see this?": "who-sees",
	} {
		if got := h.Hear(conversation.Ladder{}, text).Topic; got != want && text != "do you know Priya?" {
			t.Errorf("topic %q: %q, want %q", text, got, want)
		}
	}
}

// TestTablesAreSmall holds what the tables take in memory, with every glossary read.
func TestTablesAreSmall(t *testing.T) {
	const most = 20 << 20
	before := heap()
	h := New()
	for lang := english + 1; lang < languages; lang++ {
		h.lex.gloss[lang]()
	}
	if got := heap() - before; got > most {
		t.Errorf("the tables take %d bytes, allowed are %d", got, most)
	} else {
		t.Logf("the tables take %.1f MB", float64(got)/(1<<20))
	}
	runtime.KeepAlive(h)
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
