package hearing

import (
	"strconv"
	"strings"

	"whyloop/conversation"
)

// yesNo hears a yes or a no at the beginning of a reply ("that's it, yes", "no, it's
// more that ..."), and gives back what follows it.
func (l listing) yesNo(text string, ss []sentence) (conversation.YesNo, string) {
	text = strings.TrimSpace(text)
	if len(ss) == 0 {
		return conversation.Neither, text
	}
	ans, used := conversation.Neither, 0
	for used+1 < len(ss) && len(ss[used].words) == 1 && onlySound(ss[used].words[0]) {
		used++
	}
	for used < len(ss) {
		this, whole := l.opens(ss[used].words)
		if this == conversation.Neither || ans != conversation.Neither && this != ans && ans == conversation.No {
			break
		}
		if !whole && ans != conversation.Neither {
			break
		}
		ans = this
		if !whole {
			return ans, restOf(text, ss, used, l.opener(ss[used].words))
		}
		used++
	}
	if ans == conversation.Neither {
		return ans, text
	}
	return ans, restOf(text, ss, used, 0)
}

// opens reports which of the two a clause begins with, and whether it holds no more.
func (l listing) opens(words []string) (conversation.YesNo, bool) {
	words = softStart(words)
	name, n := "", 0
	for _, try := range [...]string{"yes", "no"} {
		if m := l.openNamed(words, try); m > n {
			name, n = try, m
		}
	}
	if n == 0 {
		return conversation.Neither, false
	}
	rest := words[n:]
	whole := len(rest) == 0 || l.courteous(rest)
	if !whole && !certainOpener(words[0]) && !(words[0] == "no" && goesOn(rest[0])) {
		return conversation.Neither, false
	}
	return conversation.YesNo(name), whole
}

// certainOpener is true for words that say yes or no whatever follows in the same
// clause: "no it's more that", but not "right now I ..." or "sure of myself" or "no more fights".
func certainOpener(w string) bool {
	switch w {
	case "yes", "yep", "yup", "yeah", "nope", "nah", "ja", "nein", "nee", "oui", "sim", "yess", "ya":
		return true
	}
	return false
}

// goesOn is true for words that begin a new thought after a bare "no".
func goesOn(w string) bool {
	switch w {
	case "it", "its", "i", "im", "i'm", "that", "thats", "actually", "my", "rather", "but", "because", "we", "this", "not", "really":
		return true
	}
	return false
}

// openNamed is how many words the longest phrase of a name takes at the beginning.
func (l listing) openNamed(words []string, name string) int {
	best := 0
	if len(words) == 0 {
		return 0
	}
	for _, p := range l.replies.heads[words[0]] {
		if n := strings.Count(p.text, " ") + 1; p.name == name && n > best && hasPhrase(words, p.text) {
			best = n
		}
	}
	return best
}

// opener is how many words of a clause its yes or no takes, the soft start included.
func (l listing) opener(words []string) int {
	soft := len(words) - len(softStart(words))
	return soft + max(l.openNamed(words[soft:], "yes"), l.openNamed(words[soft:], "no"))
}

// onlySound is true for a clause of hesitation.
func onlySound(w string) bool {
	switch w {
	case "hmm", "hm", "well", "oh", "um", "uh", "ah", "honestly", "actually", "hi", "hello", "sorry", "haha", "lol", "mmm":
		return true
	}
	return false
}

// softStart drops the sounds people begin with: "hmm", "well", "ok so".
func softStart(words []string) []string {
	for len(words) > 1 {
		switch words[0] {
		case "hmm", "hm", "well", "oh", "um", "uh", "ah", "honestly", "actually", "hi", "hello", "sorry", "haha", "lol", "so", "ok", "okay", "and", "i", "think", "the", "answer", "is", "my", "ach", "naja", "bueno", "pues", "ben", "bah", "bom", "nou", "mmm", "it", "s":
			if (words[0] == "i" || words[0] == "it") && len(words) > 1 && words[1] != "think" {
				return words
			}
			words = words[1:]
		default:
			return words
		}
	}
	return words
}

// courteous is true for what may follow a yes or a no without adding to it.
func (l listing) courteous(words []string) bool {
	left := stripEnds(append([]string{"_"}, words...), nil, l.tail)
	for len(left) > 1 {
		switch w := left[1]; w {
		case "please", "thanks", "thank", "you", "it", "is", "s", "that", "do", "does", "would", "i", "like", "to", "try", "let", "do_it", "go", "ahead", "very", "much", "so", "exactly", "right", "definitely", "sir", "please_do", "sounds", "good", "great", "fine", "me", "for", "with", "still", "true", "absolutely", "yes", "no", "bitte", "danke", "gracias", "merci", "graag", "bedankt", "obrigado", "obrigada", "my", "why", "one", "the", "👍", "🙂", "😊", "😀", "🙏", "really", "this", "time", "now", "de", "nada":
			left = left[1:]
		default:
			return false
		}
	}
	return true
}

// restOf is the text after the first n clauses, or after the first words of the n-th.
func restOf(text string, ss []sentence, n, words int) string {
	from := 0
	if n > 0 {
		from = ss[n-1].end
	}
	rest := text[min(from, len(text)):]
	for range words {
		rest = strings.TrimLeft(rest, " \t\r\n,.!;:-–—…'’")
		rest = rest[wordEnd(rest):]
	}
	return strings.TrimSpace(strings.TrimLeft(rest, " \t\r\n,.!;:-–—…"))
}

// wordEnd is where the first word of s ends.
func wordEnd(s string) int {
	for i, r := range s {
		if strings.ContainsRune(" \t\r\n,.!?;:-–—…'’", r) {
			return i
		}
	}
	return len(s)
}

// outcome hears how a step went, and the next step where the reply names one.
func (l listing) outcome(text string, ss []sentence) (conversation.Outcome, string) {
	text = strings.TrimSpace(text)
	for i, s := range ss {
		if i > 2 {
			break
		}
		words := softStart(s.words)
		name, n := "", 0
		for _, try := range [...]conversation.Outcome{conversation.Half, conversation.NotYet, conversation.Done} {
			if m := l.openNamed(words, string(try)); m > n {
				name, n = string(try), m
			}
		}
		if n == 0 {
			continue
		}
		if name == "done" && i+1 < len(ss) && n == len(words) { // "Yes, half of it." "no, not really... well, a bit"
			if later := l.openNamed(ss[i+1].words, "half"); later > 0 {
				name, i = "half", i+1
			}
		}
		return conversation.Outcome(name), l.nextStep(text, ss, i)
	}
	return conversation.Unsaid, ""
}

// nextStep is what a reply says will come next, after the clause that tells the outcome.
func (l listing) nextStep(text string, ss []sentence, told int) string {
	for i := told + 1; i < len(ss); i++ {
		words := softStart(ss[i].words)
		n := l.openNamed(words, "next")
		if n == 0 || len(words) == n && ss[i].mark == 0 && i+1 == len(ss) {
			continue
		}
		return cutLead(restOf(text, ss, i, 0))
	}
	return ""
}

// cutLead takes "next I'll", "now I want to" off a step, so that a letter can quote it.
func cutLead(step string) string {
	low := strings.ToLower(step)
	for _, lead := range [...]string{"next step is to ", "next step is ", "my next step is ", "next step: ", "next, ", "next: ", "next up: ", "smaller: ", "smaller step: ", "a smaller step: ", "instead: ", "instead, ", "next i'll ", "next i’ll ", "next i will ", "next ",
		"so next i'll ", "and next i'll ", "now i want to ", "now i'll ", "now i’ll ", "now i will ", "then i'll ", "then i will "} {
		if strings.HasPrefix(low, lead) && len(step) > len(lead) && !strings.HasPrefix(low, "next week") && !strings.HasPrefix(low, "next time") {
			return strings.TrimSpace(step[len(lead):])
		}
	}
	return step
}

// pick hears a number or an ordinal that chooses from a list of at most ten.
func (l listing) pick(ss []sentence) int {
	if len(ss) == 0 {
		return 0
	}
	words := stripEnds(ss[0].words, l.lead, l.tail)
	for len(words) > 1 && (words[0] == "number" || words[0] == "no" || words[0] == "nr" || words[0] == "nummer" || words[0] == "numero" || words[0] == "option" || words[0] == "the" || words[0] == "it" || words[0] == "s" || words[0] == "is") {
		words = words[1:]
	}
	if n, err := strconv.Atoi(words[0]); err == nil && n > 0 && n <= 20 && (len(words) == 1 || len(words) <= 2 && len(ss) > 0) {
		return n
	}
	for n := min(3, len(words)); n > 0; n-- {
		if name, ok := l.replies.whole[strings.Join(words[:n], " ")]; ok && len(words) <= n+2 {
			return ordinal(name)
		}
	}
	return 0
}

func ordinal(name string) int {
	for i, o := range [...]string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"} {
		if o == name {
			return i + 1
		}
	}
	return 0
}
