package hearing

// tellingMost is how much is looked at for the language, in bytes: the first texts count.
const tellingMost = 768

// languageOf guesses a language by the words that only it uses so often; ties and
// texts too short to tell go to the fallback.
func (l *lexicon) languageOf(fallback language, texts ...string) (language, bool) {
	var hits [languages]int
	left := tellingMost
	for _, t := range texts {
		if left <= 0 {
			break
		}
		t = t[:min(left, len(t))] // a rune cut in two is one letter less
		l.countTelling(&hits, t)
		left -= len(t)
	}
	best, second := english, 0
	for lang := range languages {
		if hits[lang] > hits[best] {
			best = lang
		}
	}
	for lang := range languages {
		if lang != best && hits[lang] > second {
			second = hits[lang]
		}
	}
	if hits[best] == 0 || hits[best] == second || best != english && hits[best] < 2 && hits[english] > 0 {
		return fallback, false
	}
	return best, true
}

// countTelling adds up the telling words of a text by language.
func (l *lexicon) countTelling(hits *[languages]int, text string) {
	var buf [longWord]byte
	word := buf[:0]
	count := func() {
		if len(word) == 0 {
			return
		}
		if i := l.tellAt.at(hashOf(word)); i >= 0 {
			mask := l.tellList[i]
			for lang := range languages {
				hits[lang] += int(mask >> lang & 1)
			}
		}
		word = buf[:0]
	}
	for _, r := range text {
		if isWordRune(r) {
			word = foldRune(word, r)
			continue
		}
		count()
	}
	count()
}
