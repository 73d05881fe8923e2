package hearing

// set is a bit for each class of words the lexicon names with "@name". Sets say
// what a word does in a dialogue; concepts (lexicon.go) say what it means.
type set uint64

// The sets. A word can be in several.
const (
	setFunc    set = 1 << iota // carries no meaning of its own: "the", "of", "am"
	setLight                   // nearly none: "have", "get", "feel", "thing"
	setFaint                   // little: "good", "big", "day", "way"
	setNeg                     // turns what follows round: "not", "never", "without", "stop"
	setLess                    // turns only the next words round: "less", "fewer"
	setLate                    // turns what stood before it round: "anymore", "gone"
	setI                       // the speaker: "I", "me", "my"
	setWe                      // the speaker and others
	setYou                     // us
	setHe                      // he, and men of the family
	setShe                     // she, and women of the family
	setThey                    // they, and several people
	setAny                     // anyone, someone, people
	setIf                      // opens a premise: "if", "once", "with"
	setMeans                   // leads from a premise to a claim: "means", "=", "so"
	setAnd                     // joins two claims: "and", "but", "or"
	setAsk                     // asks: "what", "who", "how"
	setBack                    // points back in the dialogue: "before", "already", "above"
	setSaid                    // speaks of speaking: "said", "told", "mentioned"
	setSame                    // "same", "still", "again"
	setMore                    // what there could be beyond: "more", "else", "further", "another"
	setEnd                     // ends: "all", "everything", "bottom", "final", "period"
	setTalk                    // things of the dialogue: "answer", "question", "reason", "mail"
	setKnow                    // "know", "think", "sure", "understand", "idea", "clue"
	setHard                    // "hard", "tough", "tricky", "weird"
	setBlank                   // cannot answer, in one word: "dunno", "blank", "umm"
	setRefuse                  // keeps something back: "private", "rather", "comfortable"
	setScorn                   // thinks nothing of the question: "dumb", "pointless", "therapy"
	setHedge                   // softens: "maybe", "guess", "honestly", "lol"
	setJust                    // narrows down: "just", "simply", "only"
	setKind                    // courtesies: "please", "thanks", "sorry", "sir"
	setYes                     // "yes", "yep", "right"
	setNo                      // "no", "nope", "nah"
	setNum                     // numbers
	setThat                    // "that", "it", "this"
	setIs                      // "is", "was", "'s"
	setCan                     // modal verbs: "can", "would", "want", "need"
	setGo                      // "go", "come", "lead", "circle"
	setMail                    // "email", "list", "message", "subscription"
	setLeave                   // "leave", "remove", "take", "unsubscribe"
	setMe                      // of setI, only the object: "me"
	setHalt                    // turns round like a negation, but says something by itself: "stop", "avoid"
	setMove                    // "move", "skip", "next", "pass"
	setPoint                   // "point", "matter", "care", "use"
	setBot                     // "robot", "computer", "real", "person"
	setSee                     // "see", "read", "share", "anonymous"
	setMany                    // "many", "long", "times", "often"
	setRun                     // "ran", "run", "out"
	setHit                     // "hit", "reached", "at"
	setSpeak                   // "talk", "discuss", "answer", "say", "share"
	setEcho                    // "ditto", "idem": exhausted in one word
	setBound                   // "beyond", "behind", "past", "under"
	setClarify                 // asks for another wording: "mean", "rephrase", "example"
	setDeny                    // refuses, in one phrase: "none of your business"
	setLike                    // wants: "want", "like", "care to"
	setMine                    // turns the answer into ours: "my", "you've"
	setTime                    // units and names of time: "week", "monday", "july"
)

// setList are the names of the sets in the data files, in the order of their bits.
func setList() []string {
	return []string{"func", "light", "faint", "neg", "less", "late", "i", "we", "you", "he", "she", "they", "any",
		"if", "means", "and", "ask", "back", "said", "same", "more", "end", "talk", "know", "hard", "blank",
		"refuse", "scorn", "hedge", "just", "kind", "yes", "no", "num", "that", "is", "can", "go", "mail", "leave",
		"me", "halt", "move", "point", "bot", "see", "many", "run", "hit", "speak", "echo", "bound", "clarify", "deny", "like", "mine", "time"}
}

// setNames finds a set by its name.
func setNames() map[string]set {
	m := make(map[string]set, 64)
	for i, n := range setList() {
		m[n] = 1 << i
	}
	return m
}

// setDialogue are the sets whose words talk about the dialogue itself rather than
// about the speaker's life: a reply made of nothing else is no answer.
const setDialogue = setFunc | setLight | setNeg | setI | setWe | setYou | setIf | setMeans | setAnd | setAsk | setBack |
	setSaid | setSame | setMore | setEnd | setTalk | setKnow | setHard | setBlank | setRefuse | setScorn | setHedge |
	setJust | setKind | setYes | setNo | setThat | setIs | setCan | setGo | setMail | setMe | setMove | setPoint |
	setRun | setHit | setSpeak | setEcho | setBound | setMany | setAny | setClarify | setDeny | setLike | setMine | setBot | setSee | setLeave
