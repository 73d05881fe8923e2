package parser

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// A setting is what a phrase stands in to be the one thing that decides.
type setting struct {
	head, body string // PHRASE stands for it
	with       Class
	without    Class                    // with other words in its place
	says       func(phrase string) bool // instead of a mail: what is asked of a phrase alone
}

// settings are those of each list of testdata/phrases.txt.
func settings() map[string]setting {
	verdict := func(want int) func(string) bool {
		return func(phrase string) bool { return wordsVerdict("a "+phrase+" b") == want }
	}
	bounce := func(head, body string) setting {
		return setting{head: head, body: body, with: BounceSoft, without: Reply}
	}
	auto := func(head, body string) setting {
		return setting{head: head, body: body, with: AutoReply, without: Reply}
	}
	answered := setting{head: "Subject: PHRASE: A question (Automatic Response)\n", body: "x", with: Reply, without: AutoReply}
	return map[string]setting{
		"auto-subject":     auto("Subject: PHRASE - A question\n", "x"),
		"auto-word":        auto("Subject: PHRASE: A question\n", "x"), // shorter ones need the colon
		"reply-prefix":     answered,
		"forward-prefix":   answered,
		"recall":           {head: "Subject: PHRASE A question\n", body: "x", with: Calendar, without: Reply},
		"vendor-field":     auto("PHRASE: yes\n", "x"),
		"list-field":       {head: "PHRASE: x\n", body: "x", with: List, without: Reply},
		"verdict-field":    {head: "PHRASE: yes\n", body: "x", with: Spam, without: Reply},
		"verdict":          {head: "X-Spam: PHRASE\n", body: "x", with: Spam, without: Reply},
		"spam-subject":     {head: "Subject: PHRASE A question\n", body: "x", with: Spam, without: Reply},
		"undeliverable":    bounce("From: Mail System <system@mx.acme.example>\nSubject: PHRASE\n", "x"),
		"daemon":           bounce("From: PHRASE@mx.acme.example\n", "x"),
		"original":         {says: func(phrase string) bool { return beforeOriginal("no such user "+phrase+" full") == "no such user " }},
		"hard-first":       {says: verdict(hardWords)},
		"soft":             {says: verdict(softWords)},
		"hard":             {says: verdict(hardWords)},
		"rests":            {says: func(phrase string) bool { return !hard("5.2.1", phrase) }},
		"away":             auto("", "PHRASE, until 18 September. Please contact Ann."),
		"till":             auto("", "Out of office PHRASE 18 9. Urgent: Ann."),
		"urgent":           auto("", "Out of office until 18 September. PHRASE Ann."),
		"instead":          auto("", "Out of office. PHRASE: Ann."),
		"stiff":            auto("", "Out of office. Urgent? Ann. PHRASE"),
		"ticket":           auto("", "PHRASE. Case number 88."),
		"ticket-number":    auto("", "Thank you for contacting us. PHRASE 88"),
		"challenge":        auto("", "Please PHRASE, for I use spam protection."),
		"challenge-reason": auto("", "Please click on the link. PHRASE"),
	}
}

// TestEachPhraseDecides: each phrase of the classifier's tables decides, and other words in its place do not. The
// phrases are written down twice on purpose: one that falls out of a table is missed here.
func TestEachPhraseDecides(t *testing.T) {
	raw, err := os.ReadFile("testdata/phrases.txt")
	if err != nil {
		t.Fatal(err)
	}
	list, tried := "", map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		if name, ok := strings.CutPrefix(line, "# "); ok {
			list = name
			continue
		}
		phrase, err := strconv.Unquote(line)
		s, ok := settings()[list]
		if err != nil || !ok {
			t.Fatalf("%s in %q: %v", line, list, err)
		}
		tried[list]++
		s.try(t, list, phrase)
	}
	for name := range settings() {
		if tried[name] == 0 {
			t.Errorf("no phrase of %s was tried", name)
		}
	}
}

func (s setting) try(t *testing.T, list, phrase string) {
	t.Helper()
	if s.says != nil {
		if !s.says(phrase) || s.says("zzz") {
			t.Errorf("%s: %q does not decide", list, phrase)
		}
		return
	}
	p := Parser{Own: []string{"coach@mail.acme.example"}}
	for in, want := range map[string]Class{phrase: s.with, "zzz": s.without} {
		m, err := p.Parse(strings.NewReader(mailOf(strings.ReplaceAll(s.head, "PHRASE", in), strings.ReplaceAll(s.body, "PHRASE", in))))
		if err != nil || m.Class != want {
			t.Errorf("%s: %q is %s (%s), want %s", list, in, m.Class, m.Reason, want)
		}
	}
}
