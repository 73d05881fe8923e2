package hearing

import (
	"strings"

	"whyloop/conversation"
)

// listing is the tables a Listener hears commands and short replies with.
type listing struct {
	commands wordTable
	replies  wordTable
	lead     map[string]bool
	tail     map[string]bool
}

func readListing() listing {
	c, _ := dataFiles.ReadFile("data/commands.txt")
	r, _ := dataFiles.ReadFile("data/replies.txt")
	l := listing{commands: readTable(string(c)), replies: readTable(string(r)), lead: map[string]bool{}, tail: map[string]bool{}}
	for _, line := range strings.Split(string(c), "\n") {
		for name, m := range map[string]map[string]bool{"lead: ": l.lead, "tail: ": l.tail} {
			if phrases, ok := strings.CutPrefix(line, name); ok {
				for _, p := range splitTop(phrases) {
					m[strings.TrimSpace(p)] = true
				}
			}
		}
	}
	return l
}

// shortReply is how many words a reply that asks to be left alone has at most:
// a longer one says more than that.
const shortReply = 40

// command hears a command that stands alone on the first line, or a reply that as
// a whole asks to be left alone, paused or forgotten.
func (l listing) command(ss []sentence) conversation.Command {
	ss = withoutGreeting(ss)
	if len(ss) == 0 {
		return conversation.Command{}
	}
	if c := l.firstLine(ss); c.Verb != conversation.NoCommand {
		return c
	}
	if countWords(ss) > shortReply {
		return conversation.Command{}
	}
	for i, s := range ss {
		if c := l.asked(s.words); c.Verb != conversation.NoCommand && l.mayStand(ss, i) {
			if c.Verb == conversation.VerbPause {
				c.Until = whenIn(allWords(ss))
			}
			return c
		}
	}
	return conversation.Command{}
}

// firstLine hears a command that is the whole first line, however it is punctuated
// ("Yes, share it." "hold, please"), or its first sentence where that can be nothing else.
func (l listing) firstLine(ss []sentence) conversation.Command {
	var words []string
	for _, s := range ss {
		if s.line != ss[0].line || s.mark == '?' && len(ss) == 1 && len(s.words) > 2 {
			break
		}
		words = append(words, s.words...)
	}
	if c := l.exact(words); c.Verb != conversation.NoCommand {
		return c
	}
	if len(words) == 1 && words[0] == "enough" && ss[0].mark == '!' { // without the shout it is an answer: how much
		return conversation.Command{Verb: conversation.VerbStop}
	}
	if ss[0].mark == '.' || ss[0].mark == '!' || ss[0].mark == '-' || ss[0].mark == '–' || ss[0].mark == '—' {
		switch c := l.exact(ss[0].words); c.Verb {
		case conversation.VerbPrivate, conversation.VerbShare, conversation.VerbHold, conversation.VerbSkip, conversation.VerbPause:
			return c
		}
	}
	return conversation.Command{}
}

// exact hears a command in words that hold nothing else.
func (l listing) exact(words []string) conversation.Command {
	if len(words) == 0 || len(words) > 14 {
		return conversation.Command{}
	}
	for _, w := range [][]string{words, stripEnds(words, nil, l.tail), stripEnds(words, l.lead, l.tail)} {
		if v, ok := l.commands.whole[strings.Join(w, " ")]; ok {
			return named(v)
		}
	}
	return l.pauseFor(stripEnds(words, l.lead, l.tail))
}

// named makes a command of its row's name: "stop", "language de".
func named(row string) conversation.Command {
	verb, language, _ := strings.Cut(row, " ")
	if verb == string(conversation.VerbLanguage) {
		return conversation.Command{Verb: conversation.VerbLanguage, Language: language}
	}
	return conversation.Command{Verb: conversation.Verb(row)}
}

// pauseFor hears "pause 2 weeks", "stop for now", "pause until 14 July": a pause
// whose end is named, and nothing else.
func (l listing) pauseFor(words []string) conversation.Command {
	for n := min(3, len(words)-1); n > 0; n-- {
		v := l.commands.whole[strings.Join(words[:n], " ")]
		if v != string(conversation.VerbPause) {
			continue
		}
		if w, used := parseWhen(words[n:]); used == len(words)-n {
			return conversation.Command{Verb: conversation.VerbPause, Until: w}
		}
	}
	return conversation.Command{}
}

// asked hears a clause that begins by asking for something in any words.
func (l listing) asked(words []string) conversation.Command {
	for _, w := range [][]string{words, stripEnds(words, l.lead, l.tail)} {
		if name, n := l.commands.openAt(w); name != "" && len(w)-n <= 10 {
			if w[0] == "pause" && hasAny(w, "second", "sec", "moment", "minute", "breath", "breathe") {
				continue // "pause for a second, breathe" is an answer
			}
			return conversation.Command{Verb: conversation.Verb(name)}
		}
	}
	return conversation.Command{}
}

// mayStand refuses a request found in the i-th clause when an earlier clause of the
// same sentence could govern it ("I want my boss to finally say, leave me alone").
func (l listing) mayStand(ss []sentence, i int) bool {
	if i == 0 || ss[i-1].mark != ',' && ss[i-1].mark != ':' {
		return true
	}
	return len(ss[i-1].words) <= 8 && ss[i-1].mark == ','
}

// withoutGreeting drops a first line that only greets ("Hi", "Hello coach,").
func withoutGreeting(ss []sentence) []sentence {
	for len(ss) > 1 && len(ss[0].words) <= 2 && ss[1].line != ss[0].line {
		switch ss[0].words[0] {
		case "hi", "hello", "hey", "hallo", "bonjour", "hola", "ola", "dear", "morning", "hoi", "dag":
			ss = ss[1:]
		default:
			return ss
		}
	}
	return ss
}

func countWords(ss []sentence) int {
	n := 0
	for _, s := range ss {
		n += len(s.words)
	}
	return n
}

func allWords(ss []sentence) []string {
	var out []string
	for _, s := range ss {
		out = append(out, s.words...)
	}
	return out
}
