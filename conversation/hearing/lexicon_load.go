package hearing

import (
	"embed"
	"fmt"
	"strings"
)

// The lexicon is data: one file a language under data/, and how they are written
// stands at the head of data/en.txt. A file that cannot be read is a fault of the
// build, which TestData catches; New then leaves out the lines it does not understand.
//
//go:embed data/*.txt
var dataFiles embed.FS

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
	l.openGlossaries()
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
