package hearing

// A word is compared by the hash of its stem, so that a whole ladder can be read
// again for every decision without one allocation a word. The stemmers are light
// ones (Harman 1991; Savoy 2006): they take off inflection, and leave derivation
// ("recognise", "recognition") to the lexicon, where a reader can see it.

const (
	hashSeed  = 14695981039346656037 // FNV-1a, 64 bit
	hashPrime = 1099511628211
	longWord  = 40 // longer runs of letters are not words; only their beginning is compared
)

// stemHash is the hash of a folded, lower-case word's stem in a language.
func stemHash(lang language, word []byte) uint64 {
	var buf [longWord]byte
	n := copy(buf[:], word)
	w := buf[:n]
	switch lang {
	case german, dutch:
		w = stemGermanic(w)
	case french, spanish, portuguese:
		w = stemRomance(w)
	default:
		w = stemEnglish(w)
	}
	return hashOf(w)
}

func hashOf(w []byte) uint64 {
	h := uint64(hashSeed)
	for _, c := range w {
		h = (h ^ uint64(c)) * hashPrime
	}
	return h
}

// stemEnglish takes off plural, -ing, -ed, -ly, -ness and -er/-est after a y.
func stemEnglish(w []byte) []byte {
	w = cutPlural(w)
	switch {
	case len(w) > 5 && ends(w, "ing") && hasVowel(w[:len(w)-3]):
		w = undouble(w[:len(w)-3])
	case len(w) > 4 && ends(w, "in") && len(w) > 5 && ends(w[:len(w)-2], "e"):
		w = w[:len(w)-2] // "feelin", "seein"
	case len(w) > 4 && ends(w, "ied"):
		w = append(w[:len(w)-3], 'y')
	case len(w) > 4 && ends(w, "ed") && hasVowel(w[:len(w)-2]):
		w = undouble(w[:len(w)-2])
	}
	switch {
	case len(w) > 6 && ends(w, "ness"):
		w = w[:len(w)-4]
	case len(w) > 4 && ends(w, "ily"):
		w = append(w[:len(w)-3], 'i')
	case len(w) > 4 && ends(w, "ly"):
		w = w[:len(w)-2]
	case len(w) > 5 && ends(w, "ier"):
		w = w[:len(w)-2]
	case len(w) > 6 && ends(w, "iest"):
		w = w[:len(w)-3]
	}
	if n := len(w); n > 3 && (ends(w, "ise") || ends(w, "is")) {
		w = append(w[:n-len("s")-b2i(w[n-1] == 'e')], 'z') // recognise, recognize
	}
	return finish(w)
}

func cutPlural(w []byte) []byte {
	n := len(w)
	switch {
	case n > 4 && ends(w, "ies"):
		return append(w[:n-3], 'y')
	case n > 4 && (ends(w, "sses") || ends(w, "shes") || ends(w, "ches") || ends(w, "xes")):
		return w[:n-2]
	case n > 3 && w[n-1] == 's' && w[n-2] != 's' && w[n-2] != 'u' && w[n-2] != 'i':
		return w[:n-1]
	}
	return w
}

// finish makes the ends alike that inflection leaves different: y and i, a mute e.
func finish(w []byte) []byte {
	n := len(w)
	if n > 3 && w[n-1] == 'e' {
		w, n = w[:n-1], n-1
	}
	if n > 2 && w[n-1] == 'y' {
		w[n-1] = 'i'
	}
	return w
}

// undouble mends what a suffix did to a stem: "stopp" to "stop". "ll" and "ss"
// belong to the stem ("sell", "miss").
func undouble(w []byte) []byte {
	n := len(w)
	if n > 2 && w[n-1] == w[n-2] && w[n-1] != 'l' && w[n-1] != 's' && w[n-1] != 'e' && w[n-1] != 'o' {
		return w[:n-1]
	}
	return w
}

// stemGermanic takes off the endings of German and Dutch nouns, adjectives and verbs.
func stemGermanic(w []byte) []byte {
	for _, s := range [...]string{"ern", "em", "en", "er", "es", "st", "et", "te", "e", "n", "s", "t"} {
		if len(w)-len(s) >= 4 && ends(w, s) {
			w = w[:len(w)-len(s)]
			break
		}
	}
	if n := len(w); n > 5 && w[n-1] == 't' || n > 4 && w[n-1] == 's' { // "streiten" as "Streit", "Preise" as "Preis", which have lost it already
		w = w[:n-1]
	}
	if n := len(w); n > 3 && w[n-1] == w[n-2] {
		w = w[:n-1]
	}
	if n := len(w); n > 4 && w[n-1] == 'e' {
		w = w[:n-1]
	}
	return w
}

// stemRomance takes off number, gender and the commonest verb endings of French,
// Spanish and Portuguese; accents are folded before.
func stemRomance(w []byte) []byte {
	if ends(w, "ions") || ends(w, "isons") { // a plural, not "nous"
		return w[:len(w)-1]
	}
	for _, s := range [...]string{"aient", "aient", "erait", "ement", "amente", "mente", "ando", "iendo", "endo", "indo", "aron", "ieron",
		"aria", "eria", "iria", "eront", "erai", "ait", "ais", "ant", "ent", "ees", "ee", "ados", "adas", "ado", "ada", "idos", "idas", "ido", "ida",
		"ons", "ez", "er", "ir", "re", "ar", "an", "en", "es", "as", "os", "s", "x", "e", "a", "o"} {
		if len(w)-len(s) >= 3 && ends(w, s) {
			return w[:len(w)-len(s)]
		}
	}
	return w
}

func ends(w []byte, s string) bool {
	return len(w) >= len(s) && string(w[len(w)-len(s):]) == s
}

func hasVowel(w []byte) bool {
	for _, c := range w {
		switch c {
		case 'a', 'e', 'i', 'o', 'u', 'y':
			return true
		}
	}
	return false
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
