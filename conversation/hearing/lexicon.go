package hearing

import (
	"embed"
	"fmt"
	"slices"
	"strings"
)

// The lexicon is data: one file a language under data/, and how they are written
// stands at the head of data/en.txt. A file that cannot be read is a fault of the
// build, which TestData catches; New then leaves out the lines it does not understand.
//
//go:embed data/*.txt
var dataFiles embed.FS

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
	scratch  passage  // while loading
	entries  []entry  // room for entries to come
	stems    []uint64 // room for the stems of phrases
}

func loadLexicon() (*lexicon, error) {
	l := &lexicon{
		concepts: map[string]sense{},
		telling:  map[uint64]uint8{},
		unknown:  &entry{weight: 1},
		kin:      readKinship(kinshipTable),
		ornament: &entry{weight: weightSelf, sets: setHedge},
		number:   &entry{weight: weightNumber, sets: setNum},
	}
	common, bad := dataFiles.ReadFile("data/patterns.txt")
	for lang := range languages {
		data, err := dataFiles.ReadFile("data/" + lang.code() + ".txt")
		l.lang[lang] = tongue{words: make(map[uint64]*entry, len(data)/40), spelling: map[uint64][]spelt{}, phrases: make(map[uint64][]phrase, len(data)/120)}
		if err == nil {
			err = l.load(lang, string(data)+"\n"+string(common))
		}
		if err != nil && bad == nil {
			bad = fmt.Errorf("read data/%s.txt: %w", lang.code(), err)
		}
		l.lang[lang].freeze()
		l.weigh(lang)
	}
	l.tellAt, l.tellList = newTable(l.telling)
	return l, bad
}

// loader is the state of reading one data file.
type loader struct {
	lex     *lexicon
	lang    language
	sets    map[string]set
	neutral bool
}

// load reads one data file, line by line, and returns the first line it could not read.
func (l *lexicon) load(lang language, data string) error {
	ld := loader{lex: l, lang: lang, sets: setNames()}
	var bad error
	for n, line := range strings.Split(data, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if err := ld.line(line); err != nil && bad == nil {
			bad = fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return bad
}

func (ld *loader) line(line string) error {
	switch {
	case line[0] == '[':
		_, ld.neutral = strings.CutSuffix(line, " neutral]")
		return nil
	case line[0] == '@':
		name, words, _ := strings.Cut(line[1:], " ")
		if name == "telling" {
			for w := range strings.FieldsSeq(words) {
				ld.lex.telling[hashOf(foldWord(w))] |= 1 << ld.lang
			}
			return nil
		}
		s, ok := ld.sets[name]
		if !ok {
			return fmt.Errorf("unknown set %q", name)
		}
		for w := range strings.FieldsSeq(words) {
			ld.lex.entryOf(ld.lang, w).sets |= s
		}
		return nil
	case line[0] == '!':
		return ld.pattern(line[1:])
	}
	if form, spelt, ok := strings.Cut(line, " = "); ok {
		ld.spell(form, spelt)
		return nil
	}
	name, words, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("neither set, spelling, pattern nor concept: %q", line)
	}
	ld.concept(strings.TrimSpace(name), words)
	return nil
}

// concept reads "name: words ~ words of the opposite pole".
func (ld *loader) concept(name, words string) {
	s, ok := ld.lex.concepts[name]
	if !ok {
		ld.lex.names = append(ld.lex.names, name)
		s = sense{concept: uint16(len(ld.lex.names)), neutral: ld.neutral}
		ld.lex.concepts[name] = s
	}
	for i, side := range strings.SplitN(words, " ~ ", 2) {
		s.pole = int8(1 - 2*i)
		for w := range strings.FieldsSeq(side) {
			ld.lex.entryOf(ld.lang, w).add(s)
		}
	}
}

// spell reads "form form = the words it stands for".
func (ld *loader) spell(forms, words string) {
	var out []spelt
	for w := range strings.FieldsSeq(words) {
		out = append(out, spelt{stem: ld.lex.stem(ld.lang, w), rank: ld.lex.kin.at.at(hashOf(foldWord(w)))})
	}
	for f := range strings.FieldsSeq(forms) {
		ld.lex.lang[ld.lang].spelling[hashOf(foldWord(f))] = out
	}
}

// pattern reads "kind: set set|set ...".
func (ld *loader) pattern(line string) error {
	kind, seq, _ := strings.Cut(line, ":")
	kind, plain := strings.CutSuffix(kind, "!")
	k := kindIndex(strings.TrimSpace(kind))
	if k < 0 {
		return fmt.Errorf("unknown kind %q", kind)
	}
	p := pattern{kind: k, plain: plain, text: strings.TrimSpace(seq)}
	for alt := range strings.FieldsSeq(seq) {
		var s set
		for _, name := range strings.Split(alt, "|") {
			one, ok := ld.sets[name]
			if !ok {
				return fmt.Errorf("unknown set %q", name)
			}
			s |= one
		}
		p.seq = append(p.seq, s)
		p.all |= s
	}
	t := &ld.lex.lang[ld.lang]
	t.patterns = append(t.patterns, p)
	return nil
}

// entryOf finds or makes the entry of a word, or of a phrase written with underscores.
// It is cut into words just as a reply is, spellings included.
func (l *lexicon) entryOf(lang language, w string) *entry {
	t := &l.lang[lang]
	p := &l.scratch
	p.text, p.toks = w, p.toks[:0]
	l.cutWords(lang, p)
	switch len(p.toks) {
	case 0:
		return &entry{}
	case 1:
		e, ok := t.words[p.toks[0].stem]
		if !ok {
			e = l.newEntry()
			t.words[p.toks[0].stem] = e
		}
		return e
	}
	id := uint64(hashSeed)
	for _, tok := range p.toks {
		id = (id ^ tok.stem) * hashPrime
	}
	first := pairOf(p.toks[0].stem, p.toks[1].stem)
	known := t.phrases[first]
	for i := range known {
		if known[i].id == id {
			return known[i].word
		}
	}
	e := l.newEntry()
	t.phrases[first] = append(known, phrase{stems: l.stemsOf(p.toks), word: e, id: id})
	return e
}

// roomFor is how many entries or stems are made room for at once: one by one, making
// room would be most of loading.
const roomFor = 1024

func (l *lexicon) newEntry() *entry {
	if len(l.entries) == 0 {
		l.entries = make([]entry, roomFor)
	}
	e := &l.entries[0]
	l.entries = l.entries[1:]
	return e
}

// stemsOf are the stems of a phrase, in room shared with those of others.
func (l *lexicon) stemsOf(toks []token) []uint64 {
	if cap(l.stems)-len(l.stems) < len(toks) {
		l.stems = make([]uint64, 0, max(roomFor, len(toks)))
	}
	from := len(l.stems)
	for _, t := range toks {
		l.stems = append(l.stems, t.stem)
	}
	return l.stems[from:len(l.stems):len(l.stems)]
}

func (l *lexicon) stem(lang language, w string) uint64 { return stemHash(lang, foldWord(w)) }

func foldWord(w string) []byte {
	var buf []byte
	for _, r := range w {
		buf = foldRune(buf, r)
	}
	return buf
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
