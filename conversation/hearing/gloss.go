package hearing

import (
	"embed"
	"strings"
	"sync"
)

// What English words mean is known well: the lexicon has concepts for thousands of them,
// and kinship.go tells how near they are. A glossary, data/gloss-*.tsv, says which words
// of another language stand for which English one, their headword, so that an answer in
// that language is compared as it would be in English, and two words for one headword meet
// as synonyms. What the language's own table says of a word stays as it is.
//
//go:embed data/gloss-*.tsv
var glossFiles embed.FS

// glossary is what the words of a language borrow from English ones.
type glossary struct {
	at   table // by stem: a number in list
	list []borrowed
}

// borrowed is what is known of a word through its headword.
type borrowed struct {
	rank int32
	word *entry
}

const (
	borrowMost = 2 // meanings taken of a headword, the first in en.txt: later ones are rarer, and seldom those of its translation
	partLeast  = 5 // letters in the last part of a compound, at least
	restLeast  = 3 // and before it
)

// openGlossaries makes ready the glossaries of all languages but English. Each is read when the
// first text in its language is: few who coach do so in six languages.
func (l *lexicon) openGlossaries() {
	for lang := english + 1; lang < languages; lang++ {
		l.gloss[lang] = sync.OnceValue(func() *glossary {
			data, _ := glossFiles.ReadFile("data/gloss-" + lang.code() + ".tsv") // TestGlossaries holds them to being there
			return l.readGlossary(lang, string(data))
		})
	}
}

// readGlossary reads lines of a headword, a tab and the words that stand for it. It leaves out
// other lines; of two words with one stem the first counts.
func (l *lexicon) readGlossary(lang language, data string) *glossary {
	g := &glossary{at: tableFor(strings.Count(data, " ") + strings.Count(data, "\n"))}
	for line := range strings.Lines(data) {
		head, words, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || line[0] == '#' {
			continue
		}
		loan := l.lend(head)
		for w := range strings.FieldsSeq(words) {
			stem := l.stem(lang, w)
			b := borrowed{rank: loan.rank, word: l.lookup(lang, stem)}
			if b.word == l.unknown {
				b.word = loan.word
			}
			g.at.put(stem, int32(len(g.list)))
			g.list = append(g.list, b)
		}
	}
	return g
}

// lend is what an English word lends: its rank and its first meanings. One that has none is a
// meaning by itself.
func (l *lexicon) lend(head string) borrowed {
	folded := foldWord(head)
	form := hashOf(folded)
	rank, stem := l.kin.at.at(form), stemHash(english, folded)
	if s := l.spelt(english, form); len(s) == 1 { // "mum" is "mom"
		rank, stem = s[0].rank, s[0].stem
	}
	word := &entry{weight: weightFull}
	senses := l.lookup(english, stem).senses
	for _, s := range senses[:min(borrowMost, len(senses))] {
		word.add(s)
	}
	if len(senses) == 0 && rank >= 0 { // numbered beyond the concepts of the lexicon
		word.add(sense{concept: uint16(len(l.names)) + uint16(rank), neutral: true, pole: 1})
	}
	return borrowed{rank: rank, word: word}
}

// borrow gives a token what its word borrows from English.
func (l *lexicon) borrow(lang language, t *token, folded []byte) {
	open := l.gloss[lang]
	if open == nil || t.word == l.number { // English, or the lexicon is still loading
		return
	}
	g := open()
	if i := g.at.at(t.stem); i >= 0 {
		t.rank, t.word = g.list[i].rank, g.list[i].word
		return
	}
	if (lang == german || lang == dutch) && t.word == l.unknown && t.rank == unranked {
		l.borrowPart(lang, g, t, folded)
	}
}

// borrowPart lets the longest known word that a compound ends with stand for it: it is what the
// compound is a kind of.
func (l *lexicon) borrowPart(lang language, g *glossary, t *token, folded []byte) {
	for i := restLeast; i+partLeast <= len(folded); i++ {
		stem := stemHash(lang, folded[i:])
		if n := g.at.at(stem); n >= 0 && g.list[n].word.sets == 0 {
			t.rank, t.word = g.list[n].rank, g.list[n].word
			return
		}
		if own := l.lookup(lang, stem); own.sets == 0 && len(own.senses) > 0 {
			t.word = own
			return
		}
	}
}
