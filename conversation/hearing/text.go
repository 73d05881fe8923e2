package hearing

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// readMost is how much of a text is read for meaning. Nobody's answer is longer;
// a pasted document is compared by its two ends, where people put what they mean.
const readMost = 4096

// A token is one word, number, symbol or phrase of the lexicon, as it stands in a text.
type token struct {
	at, end int32   // bytes of the text it was read from
	rank    int32   // among the commonest words, or unranked
	stem    uint64  // hash of its stem; of a phrase, of its first sense
	parts   *phrase // the phrase it is, if it is one
	word    *entry  // what the lexicon knows of it; never nil
	weight  float64 // how much of what is claimed it carries
	broke   rune    // the mark that stood before it: '.', '?', ',' or 0
	neg     bool    // a negation governs it
	back    bool    // it only says "like I said"
	aside   bool    // it stands in a premise or an aside: not part of what is claimed
}

// is reports whether the lexicon puts the token into any of the sets.
func (t token) is(s set) bool { return t.word.sets&s != 0 }

// A passage is a text cut into tokens.
type passage struct {
	text   string
	toks   []token
	asks   bool // its last sentence ends with a question mark
	marks  bool // it has a question mark anywhere
	clause []span
	light  bool   // it claims nothing but small words
	solid  []mark // the tokens that are claimed and carry weight
	terms  []term // its words, for comparing by rarity and nearness
	gist   gist
	grams  grams // every three letters
	pairs  grams // every two words in a row
}

// A mark is what it takes to see quickly that two tokens cannot meet.
type mark struct {
	i      int // the token
	stem   uint64
	bloom  bloom
	people set
	parts  bool   // it is a phrase that holds weighty words
	bits   uint64 // a bit for its stem, and for that of each weighty word it holds
	spells bool   // the lexicon has no meaning for it: only its letters tell
	first  byte   // its first letter
}

// markOf makes the mark of the i-th token.
func (p *passage) markOf(i int) mark {
	t := &p.toks[i]
	bits := uint64(1) << (t.stem % 64)
	if t.parts != nil {
		for _, s := range t.parts.solid {
			bits |= 1 << (s % 64)
		}
	}
	return mark{
		bits: bits,
		i:    i, stem: t.stem, bloom: t.word.bloom, people: t.word.sets & (setHe | setShe | setThey), parts: t.parts != nil,
		spells: t.weight >= weightFull && len(t.word.senses) == 0 && t.end-t.at >= 4, first: p.text[t.at] | 0x20,
	}
}

// mayMeet is false only for tokens that have nothing in common.
func (m *mark) mayMeet(o *mark, letters bool) bool {
	return m.stem == o.stem || m.bloom.meets(&o.bloom) || m.people&o.people != 0 || (m.parts || o.parts) && m.bits&o.bits != 0 || letters && m.first == o.first && (m.spells || o.spells)
}

// span is a half-open range of tokens.
type span struct{ from, to int }

// read cuts a text into tokens and finds in it what is negated; claim or weigh comes next.
// It reuses what p has room for.
func (l *lexicon) read(lang language, text string, p *passage) {
	text = bothEnds(text, readMost)
	if cap(p.toks) == 0 {
		p.toks = make([]token, 0, len(text)/5+8)
	}
	*p = passage{text: text, toks: p.toks[:0], clause: p.clause[:0], solid: p.solid[:0], terms: p.terms}
	l.cutWords(lang, p)
	p.listTerms(l.kin)
	p.listGrams()
	p.gist = l.kin.gistOf(p.terms)
	p.toks = l.joinPhrases(lang, p.toks)
	p.cutClauses()
	p.negate(lang)
}

// cutWords appends the words and symbols of p.text to p.toks.
func (l *lexicon) cutWords(lang language, p *passage) {
	text := p.text
	var buf [longWord]byte
	broke := rune(0)
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			i, broke = l.scanWord(p, lang, i, broke, buf[:0]), 0
			continue
		case symbolic(r):
			end := endOfSymbol(text, i)
			p.toks = append(p.toks, l.symbol(lang, text, i, end, broke))
			i, broke = end, 0
			continue
		}
		broke = stronger(broke, breakOf(text, i, r))
		if r == '?' {
			p.marks = true
		}
		i += n
	}
	p.asks = broke == '?'
}

// scanWord reads the word at i, splits contractions and elisions ("don't", "l'argent"),
// and returns where it ends.
func (l *lexicon) scanWord(p *passage, lang language, i int, broke rune, buf []byte) int {
	text, start := p.text, i
	for i < len(text) {
		if c := text[i]; alnum(c) { // most of what people write is ASCII
			if len(buf) < longWord-4 {
				buf = append(buf, lower(c))
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		if apostrophe(r) {
			if done, end := l.cutApostrophe(p, lang, start, i, n, broke, buf); done {
				return end
			}
			break
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		buf = foldRune(buf, r)
		i += n
	}
	l.addWord(p, lang, start, i, broke, buf)
	return i
}

func alnum(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// cutApostrophe handles a word with an apostrophe at i: English "n't" becomes a
// token of its own, "'s", "'d", "'ll" add nothing, a Romance elision is a word of its own.
func (l *lexicon) cutApostrophe(p *passage, lang language, start, i, n int, broke rune, buf []byte) (bool, int) {
	text := p.text
	rest := i + n
	end := rest
	for end < len(text) {
		r, m := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsLetter(r) {
			break
		}
		end += m
	}
	tail := text[rest:end]
	switch {
	case tail == "":
		l.addWord(p, lang, start, i, broke, buf)
		return true, rest
	case (tail == "t" || tail == "T") && len(buf) > 1 && buf[len(buf)-1] == 'n':
		l.addWord(p, lang, start, i-1, broke, buf[:len(buf)-1])
		l.addWord(p, lang, i-1, end, 0, []byte("not"))
		return true, end
	case len(tail) <= 2 && lang == english:
		l.addWord(p, lang, start, i, broke, buf)
		if tail == "m" && string(buf) == "i" {
			l.addWord(p, lang, i, end, 0, []byte("am"))
		}
		if tail == "s" && copula(string(buf)) {
			l.addWord(p, lang, i, end, 0, []byte("is"))
		}
		return true, end
	}
	l.addWord(p, lang, start, i, broke, buf)
	return true, rest
}

// copula is true for the words after which "'s" is "is" rather than an owner's mark.
func copula(w string) bool {
	switch w {
	case "it", "that", "this", "what", "who", "there", "here", "he", "she", "how", "where":
		return true
	}
	return false
}

// addWord appends a word, or the words the lexicon spells it out to ("idk" = "i do not know").
func (l *lexicon) addWord(p *passage, lang language, at, end int, broke rune, folded []byte) {
	if len(folded) == 0 {
		return
	}
	h := hashOf(folded)
	if spelt := l.spelt(lang, h); spelt != nil {
		for i, s := range spelt {
			if i > 0 {
				broke = 0
			}
			t := token{at: int32(at), end: int32(end), rank: s.rank, stem: s.stem, word: l.lookup(lang, s.stem), broke: broke}
			l.borrow(lang, &t, nil)
			p.toks = append(p.toks, t)
		}
		return
	}
	stem := stemHash(lang, folded)
	word := l.number
	if folded[0] < '0' || folded[0] > '9' {
		word = l.lookup(lang, stem)
	}
	rank := int32(unranked)
	if word.weight > weightFunc {
		rank = l.kin.at.at(h)
	}
	p.toks = append(p.toks, token{at: int32(at), end: int32(end), rank: rank, stem: stem, word: word, broke: broke})
	if lang != english {
		l.borrow(lang, &p.toks[len(p.toks)-1], folded)
	}
}

// spelt is what a form is spelt out to, or nil.
func (l *lexicon) spelt(lang language, form uint64) []spelt {
	t := &l.lang[lang]
	if t.spellAt.keys == nil { // still loading
		return t.spelling[form]
	}
	if i := t.spellAt.at(form); i >= 0 {
		return t.spellList[i]
	}
	return nil
}

// symbol makes a token of an emoji or a currency sign; a run of the same counts once.
func (l *lexicon) symbol(lang language, text string, at, end int, broke rune) token {
	r, _ := utf8.DecodeRuneInString(text[at:])
	h := hashOf([]byte(string(r)))
	word := l.lookup(lang, h)
	if word == l.unknown { // a picture that nobody knows the meaning of is decoration
		word = l.ornament
	}
	return token{at: int32(at), end: int32(end), rank: unranked, stem: h, word: word, broke: broke}
}

// cutClauses marks where each clause of the passage begins and ends: at the marks
// that end a sentence, at commas and dashes.
func (p *passage) cutClauses() {
	p.clause = p.clause[:0]
	from := 0
	for i := range p.toks {
		if i > from && p.toks[i].broke != 0 {
			p.clause = append(p.clause, span{from, i})
			from = i
		}
	}
	if from < len(p.toks) {
		p.clause = append(p.clause, span{from, len(p.toks)})
	}
}

func bothEnds(text string, most int) string {
	if len(text) <= most {
		return text
	}
	head := strings.ToValidUTF8(text[:most/2], "")
	tail := strings.ToValidUTF8(text[len(text)-most/2:], "")
	return head + "\n" + tail
}

// breakOf is the kind of boundary a mark makes.
func breakOf(text string, i int, r rune) rune {
	switch r {
	case '.', '!', ';', '…', '\n', ':':
		return '.'
	case '?', '¿':
		return '?'
	case ',', '—', '–', '(', ')':
		return ','
	case '-', '>':
		if i > 0 && text[i-1] == ' ' || i+1 < len(text) && text[i+1] == ' ' {
			return ','
		}
	}
	return 0
}

// stronger keeps the mark that says more: a question mark, then a full stop.
func stronger(a, b rune) rune {
	rank := func(r rune) int { return strings.IndexRune(",.?", r) }
	if b == 0 || a != 0 && rank(a) >= rank(b) {
		return a
	}
	return b
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == '´' || r == '`' || r == 'ʼ' }

// symbolic is true for runes that mean something by themselves.
func symbolic(r rune) bool {
	switch r {
	case '$', '€', '£', '¥', '₹', '=', '&':
		return true
	}
	return r >= 0x2190 && unicode.IsSymbol(r)
}

func endOfSymbol(text string, i int) int {
	first, n := utf8.DecodeRuneInString(text[i:])
	i += n
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		joined := r == 0x200d || r == 0xfe0f || r >= 0x1f3fb && r <= 0x1f3ff
		if r != first && !joined {
			break
		}
		i += n
	}
	return i
}

// foldRune appends r in lower case and without its accent.
func foldRune(buf []byte, r rune) []byte {
	if len(buf) >= longWord-4 {
		return buf
	}
	if r < utf8.RuneSelf {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(buf, byte(r))
	}
	r = unicode.ToLower(r)
	if s, ok := folds(r); ok {
		return append(buf, s...)
	}
	return utf8.AppendRune(buf, r)
}

// folds maps the accented letters of the supported languages to plain ones.
func folds(r rune) (string, bool) {
	switch r {
	case 'à', 'á', 'â', 'ã', 'ä', 'å':
		return "a", true
	case 'è', 'é', 'ê', 'ë':
		return "e", true
	case 'ì', 'í', 'î', 'ï':
		return "i", true
	case 'ò', 'ó', 'ô', 'õ', 'ö', 'ø':
		return "o", true
	case 'ù', 'ú', 'û', 'ü':
		return "u", true
	case 'ç':
		return "c", true
	case 'ñ':
		return "n", true
	case 'ý', 'ÿ':
		return "y", true
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	}
	return "", unicode.Is(unicode.Mn, r)
}

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}
