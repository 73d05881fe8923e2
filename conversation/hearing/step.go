package hearing

import (
	"strings"

	"whyloop/conversation"
)

// A tiny step is something a person can begin today and see done. What is not: a
// project ("finish the whole territory plan"), a number that takes weeks ("close ten
// deals"), and a wish about oneself ("be better at calls"). Doubt lets a step stand.

// stepSize judges the size of a step by its verb and by what the verb is done to.
func stepSize(ss []sentence) conversation.StepSize {
	words := stepWords(ss)
	switch {
	case len(words) == 0:
		return conversation.Fits
	case smallFrame(words):
		return conversation.Fits
	case bigFrame(words):
		return conversation.TooBig
	case vagueFrame(words):
		return conversation.Vague
	}
	return conversation.Fits
}

// stepWords is the reply without "I will", "I'd like to", "today I could".
func stepWords(ss []sentence) []string {
	words := allWords(ss)
	for len(words) > 1 {
		switch words[0] {
		case "i", "ll", "d", "will", "would", "could", "can", "want", "to", "like", "today", "maybe", "just", "ok", "okay", "well", "so", "m", "am", "going", "gonna", "need", "try", "and", "start", "should", "my", "step", "is", "the", "hmm", "yes", "let", "me", "by", "starting", "probably", "think", "plan", "planning":
			if words[0] == "start" && len(words) > 1 && words[1] != "to" && words[1] != "by" && !strings.HasSuffix(words[1], "ing") || words[0] == "the" || words[0] == "my" && words[1] != "step" {
				return words
			}
			words = words[1:]
		default:
			return words
		}
	}
	return words
}

// smallFrame hears a measure of smallness anywhere: then the step stands as it is.
func smallFrame(words []string) bool {
	for i, w := range words {
		switch w {
		case "minutes", "minute", "mins", "min", "first", "one", "single", "1", "half", "draft", "list", "note", "text", "part", "paragraph", "page", "sentence", "line", "tomorrow", "after", "before", "lunch", "minuten", "erste", "ersten", "eine", "premier", "premiere", "primer", "primera", "eerste":
			return true
		case "two", "three", "2", "3", "5", "ten", "10", "15", "five":
			if i+1 < len(words) && (strings.HasPrefix(words[i+1], "min") || strings.HasPrefix(words[i+1], "call") || strings.HasPrefix(words[i+1], "name") || strings.HasPrefix(words[i+1], "email") || strings.HasPrefix(words[i+1], "line") || strings.HasPrefix(words[i+1], "thing") || strings.HasPrefix(words[i+1], "question")) {
				return true
			}
		}
	}
	return false
}

// bigFrame hears a project: a finishing verb with a whole, an outcome of weeks, a large number.
func bigFrame(words []string) bool {
	joined := " " + strings.Join(words, " ") + " "
	for _, p := range [...]string{" whole ", " entire ", " all of ", " all my ", " all the ", " every single ", " everything ", " from scratch ", " this year ", " this quarter ", " this month ", " by friday ", " by the end of ", " next year ", " every day ", " every morning ", " each day ", " daily ", " every week ", " for the rest of ", " for good ", " from now on ", " complete plan ", " business plan ", " territory plan ", " ganze ", " ganzen ", " alle ", " jeden tag ", " toute ", " tous les ", " todo el ", " toda la ", " todos los ", " hele ", " elke dag ", " iedere dag "} {
		if strings.Contains(joined, p) {
			return true
		}
	}
	switch words[0] {
	case "close", "win", "land", "sign", "hit", "double", "triple", "reach", "overhaul", "rebuild", "rewrite", "restructure", "launch", "reorganise", "reorganize", "quit", "retire", "learn", "master", "lose", "grow", "transform", "redo", "clear":
		return len(words) > 1 && !strings.HasPrefix(words[1], "out") && words[1] != "up" && words[1] != "off"
	case "finish", "complete", "build", "create", "design", "organise", "organize", "clean", "sort":
		return hasAny(words, "crm", "pipeline", "plan", "strategy", "course", "certification", "book", "garage", "house", "website", "inbox", "budget", "system", "business", "life", "finances", "deck", "proposal", "backlog", "business", "database", "portfolio", "playbook")
	}
	if n, ok := bigNumber(words); ok && n >= 8 {
		return hasAny(words, "calls", "dials", "emails", "mails", "prospects", "leads", "meetings", "demos", "deals", "clients", "customers", "doors", "accounts", "visits", "proposals", "pages", "km", "miles", "appointments", "contacts", "anrufe", "kunden", "appels", "llamadas", "telefoontjes")
	}
	return false
}

// bigNumber is the first number of ten or more among the words.
func bigNumber(words []string) (int, bool) {
	for _, w := range words {
		if n, rest := splitNumber(w); n >= 8 && rest == "" {
			return n, true
		}
		switch w {
		case "twenty", "thirty", "forty", "fifty", "hundred", "dozen":
			return 20, true
		}
	}
	return 0, false
}

// vagueFrame hears a wish about oneself with nothing in it that can be seen done.
func vagueFrame(words []string) bool {
	if len(words) == 1 {
		switch words[0] {
		case "relax", "improve", "focus", "try", "prepare", "work", "everything", "something", "nothing", "prospecting", "networking", "better", "more", "calls", "plan", "organise", "organize", "exercise", "rest", "sell":
			return words[0] != "rest" && words[0] != "exercise"
		}
		return false
	}
	switch words[0] {
	case "be", "become", "feel", "stay", "being", "remain", "keep":
		return words[0] != "keep" || hasAny(words, "going", "trying", "positive", "focused", "at", "pushing")
	case "improve", "focus", "concentrate":
		return true
	case "get":
		return hasAny(words, "better", "organised", "organized", "fitter", "motivated", "healthier", "smarter", "stronger", "serious", "going", "focused")
	case "work":
		return hasAny(words, "harder", "smarter", "better", "more") || words[1] == "on" && len(words) <= 4 && hasAny(words, "myself", "attitude", "mindset", "confidence", "it", "that", "this", "skills", "time", "communication", "relationships", "patience", "health", "listening")
	case "do", "try":
		return hasAny(words, "better", "more", "best", "harder", "something")
	case "have":
		return hasAny(words, "more", "better")
	case "more", "less", "better":
		return len(words) <= 4
	case "besser", "mehr", "mieux", "plus", "mejor", "ser", "beter", "meer":
		return len(words) <= 4
	case "spend", "make":
		return words[1] == "more" && len(words) <= 4
	case "take":
		return len(words) <= 5 && hasAny(words, "better") && hasAny(words, "care")
	case "think", "communicate", "manage", "sell", "listen":
		return len(words) <= 3 && hasAny(words, "more", "better", "positive", "time", "positively", "bigger", "smarter")
	case "not":
		return words[1] == "be" || words[1] == "worry" || words[1] == "stress"
	}
	return false
}

func hasAny(words []string, any ...string) bool {
	for _, w := range words {
		for _, a := range any {
			if w == a {
				return true
			}
		}
	}
	return false
}
