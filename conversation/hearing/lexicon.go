package hearing

import "slices"

// language is a language of the lexicon. English is also the fallback.
type language int

// The languages.
const (
	english language = iota
	german
	french
	spanish
	dutch
	portuguese
	languages // how many
)

// code is the ISO 639-1 name of a language.
func (l language) code() string { return [...]string{"en", "de", "fr", "es", "nl", "pt"}[l] }

// A sense is one meaning of a word: a concept, and on which of its two poles the
// word stands ("calm" against "stress").
type sense struct {
	concept uint16
	neutral bool // a thing rather than a state: to deny it is no contradiction
	pole    int8 // +1 or -1
}

// bloom is two bits for each concept (Bloom 1970): where either half has no bit in common, no
// concept is.
type bloom [2]uint64

func (b *bloom) add(concept uint16) {
	b[0] |= 1 << (concept % 64)
	b[1] |= 1 << (concept / 64 * 37 % 61)
}

func (b *bloom) meets(o *bloom) bool { return b[0]&o[0] != 0 && b[1]&o[1] != 0 }

// entry is what the lexicon knows of a word.
type entry struct {
	sets   set
	senses []sense
	weight float32 // how much the word says, 0 to 1
	bloom  bloom   // of its concepts

	few [3]sense // room for the senses of most words
}

// spelt is one of the words that a form stands for.
type spelt struct {
	stem uint64
	rank int32
}

// phrase is an entry of several words.
type phrase struct {
	stems []uint64
	solid []uint64 // of these, the ones that carry meaning by themselves
	word  *entry
	id    uint64
}

// pattern is a sequence of sets that, in this order and close together, makes a
// clause a reply of some kind.
type pattern struct {
	kind  int // kindDeflect ...
	seq   []set
	all   set
	plain bool // words of substance beside it do not refute it, if they were said before
	text  string
}

// tongue is the lexicon of one language.
type tongue struct {
	words    map[uint64]*entry
	spelling map[uint64][]spelt
	phrases  map[uint64][]phrase // by the first two stems
	patterns []pattern

	// The same, once loaded, for quick looking up.
	wordAt, spellAt, phraseAt table
	wordList                  []*entry
	spellList                 [][]spelt
	phraseList                [][]phrase
}

// freeze makes the quick tables of a language from its maps.
func (t *tongue) freeze() {
	t.wordAt, t.wordList = newTable(t.words)
	t.spellAt, t.spellList = newTable(t.spelling)
	t.phraseAt, t.phraseList = newTable(t.phrases)
}

// lexicon is everything read from the data files. It is never changed once loaded.
type lexicon struct {
	lang     [languages]tongue
	concepts map[string]sense
	names    []string         // of the concepts, by number
	telling  map[uint64]uint8 // words that tell a language: a bit for each
	tellAt   table
	tellList []uint8
	unknown  *entry // a word the lexicon has not
	number   *entry
	ornament *entry // a symbol the lexicon has not
	kin      *kinship
	gloss    [languages]func() *glossary // nil for English
	scratch  passage                     // while loading
	entries  []entry                     // room for entries to come
	stems    []uint64                    // room for the stems of phrases
}

// The weights of words: how much of an answer's substance one carries.
const (
	weightFunc   = 0
	weightLight  = 0.12
	weightPerson = 0.3
	weightSelf   = 0.05
	weightFaint  = 0.4
	weightKin    = 0.5
	weightNumber = 0.4
	weightFull   = 1
)

// weigh settles the weight of every word of a language from its sets.
func (l *lexicon) weigh(lang language) {
	t := &l.lang[lang]
	for _, e := range t.words {
		e.weight = weightOf(e)
	}
	for _, ps := range t.phrases {
		for i := range ps {
			p := &ps[i]
			p.word.weight = weightOf(p.word)
			light := 0
			for _, s := range p.stems {
				if w := l.lookup(lang, s).weight; w > weightKin && p.word.weight > weightLight {
					p.solid = append(p.solid, s)
				} else if w > 0 {
					light++
				}
			}
			denied := l.denies(lang, p.stems)
			if len(p.solid) == 1 {
				p.word.inherit(l.lookup(lang, p.solid[0]), denied)
			}
			if len(p.solid) == 1 && light == 0 && !denied { // "proud of" is "proud"
				p.id = p.solid[0]
			}
		}
	}
}

// inherit gives a phrase the meanings of the one weighty word it is made of, save of the
// concepts it says something about by itself: "out of debt".
func (e *entry) inherit(part *entry, denied bool) {
	own := len(e.senses)
	for _, s := range part.senses {
		if slices.ContainsFunc(e.senses[:own], func(o sense) bool { return o.concept == s.concept }) {
			continue
		}
		if denied {
			s.pole = -s.pole
		}
		e.add(s)
	}
}

// add notes a meaning of a word, once.
func (e *entry) add(s sense) {
	if !slices.Contains(e.senses, s) {
		if e.senses == nil {
			e.senses = e.few[:0]
		}
		e.senses = append(e.senses, s)
		e.bloom.add(s.concept)
	}
}

// denies reports whether a phrase turns its own words round: "no debt".
func (l *lexicon) denies(lang language, stems []uint64) bool {
	odd := false
	for _, s := range stems {
		odd = odd != (l.lookup(lang, s).sets&setNeg != 0)
	}
	return odd
}

const (
	setPeople = setI | setWe | setYou | setHe | setShe | setThey | setAny
	setEmpty  = setFunc | setNeg | setLess | setLate | setIf | setMeans | setAnd | setHedge | setJust | setKind | setYes | setNo | setThat | setIs | setCan
)

func weightOf(e *entry) float32 {
	switch {
	case e.sets&setFunc != 0:
		return weightFunc
	case e.sets&setNum != 0:
		return weightNumber
	case e.sets&setLight != 0:
		return weightLight
	case e.sets&setFaint != 0:
		return weightFaint
	case len(e.senses) > 0 && e.sets&(setHe|setShe|setThey) != 0:
		return weightKin
	case len(e.senses) > 0:
		return weightFull
	case e.sets&setPeople == setI, e.sets&setPeople == setI|setWe, e.sets&(setYou|setAny|setMe) != 0:
		return weightSelf
	case e.sets&setPeople != 0:
		return weightPerson
	case e.sets&setEmpty != 0:
		return weightFunc
	case e.sets&(setAsk|setBack|setSame|setMore|setEnd|setKnow|setSaid|setHit|setRun|setGo|setMany|setBound|setClarify|setDeny|setEcho|setBlank) != 0:
		return weightLight
	case e.sets != 0:
		return weightFaint
	}
	return weightFull
}

// lookup finds a word by its stem. While the lexicon is loading it knows none.
func (l *lexicon) lookup(lang language, stem uint64) *entry {
	t := &l.lang[lang]
	if i := t.wordAt.at(stem); i >= 0 {
		return t.wordList[i]
	}
	return l.unknown
}

// pairOf makes one key of two stems.
func pairOf(a, b uint64) uint64 { return a*hashPrime ^ b }

// joinPhrases replaces the words of a phrase of the lexicon by one token; the longest wins.
func (l *lexicon) joinPhrases(lang language, toks []token) []token {
	t := &l.lang[lang]
	out := toks[:0]
	for i := 0; i < len(toks); {
		best := (*phrase)(nil)
		var known []phrase
		if i+1 < len(toks) {
			if n := t.phraseAt.at(pairOf(toks[i].stem, toks[i+1].stem)); n >= 0 {
				known = t.phraseList[n]
			}
		}
		for j := range known {
			p := &known[j]
			if matches(toks[i:], p.stems) && (best == nil || len(p.stems) > len(best.stems)) {
				best = p
			}
		}
		if best == nil {
			out = append(out, toks[i])
			i++
			continue
		}
		t := toks[i]
		t.end, t.stem, t.word, t.parts = toks[i+len(best.stems)-1].end, best.id, best.word, best
		out = append(out, t)
		i += len(best.stems)
	}
	return out
}

func matches(toks []token, stems []uint64) bool {
	if len(toks) < len(stems) {
		return false
	}
	for i, s := range stems {
		if toks[i].stem != s || i > 0 && toks[i].broke != 0 {
			return false
		}
	}
	return true
}
