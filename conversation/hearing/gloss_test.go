package hearing

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"whyloop/conversation"
)

const smallGlossary = `# a remark
no tab in this line
forest	wald forst
money	zaster geld
mum	mutti
stress	druck und hektik
tree	walds baum
`

func TestGlossaryRules(t *testing.T) {
	l, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	g := l.readGlossary(german, smallGlossary)
	l.gloss[german] = func() *glossary { return g }
	tok := func(lang language, word string) token {
		t.Helper()
		var p passage
		l.read(lang, word, &p)
		if len(p.toks) != 1 {
			t.Fatalf("%q is %d words", word, len(p.toks))
		}
		return p.toks[0]
	}
	rank := func(w string) int32 { return l.kin.at.at(hashOf([]byte(w))) }
	forest, money := l.lookup(english, l.stem(english, "forest")), l.lookup(english, l.stem(english, "money"))

	wald, zaster, geld := tok(german, "Wald"), tok(german, "Zaster"), tok(german, "Geld")
	if wald.rank != rank("forest") || zaster.rank != rank("money") {
		t.Errorf("ranks %d, %d are not those of the headwords", wald.rank, zaster.rank)
	}
	if want := forest.senses[:min(borrowMost, len(forest.senses))]; len(want) > 0 && !slices.Equal(wald.word.senses, want) {
		t.Errorf("Wald means %v, forest %v", wald.word.senses, want)
	}
	if !slices.Equal(zaster.word.senses, money.senses[:min(borrowMost, len(money.senses))]) || zaster.word.weight != weightFull {
		t.Errorf("Zaster means %v, money %v", zaster.word.senses, money.senses)
	}
	if geld.word != l.lookup(german, geld.stem) || geld.rank != rank("money") {
		t.Error("what de.txt says of Geld is not kept, or its rank is not that of money")
	}
	if und := tok(german, "und"); und.word.weight != weightFunc {
		t.Error("und is no small word any more")
	}
	if in := tok(german, "Baumes"); in.rank != rank("tree") {
		t.Error("an inflected form is not known")
	}
	if walds := tok(german, "Walds"); walds.rank != rank("forest") {
		t.Error("of two headwords the first does not count")
	}
	if s := tok(german, "Mutti"); s.rank != rank("mom") {
		t.Error("a headword is not read in its usual spelling")
	}
	if en := tok(english, "wald"); en.word != l.unknown {
		t.Error("English borrows from English")
	}
}

// TestGlossarySynonyms holds two words for one headword to meeting, one with no meaning in the
// lexicon too, and two for different ones to staying apart.
func TestGlossarySynonyms(t *testing.T) {
	l, _ := loadLexicon()
	bare := ""
	for _, w := range strings.Fields("asphalt cactus equator molecule sulfur violin") {
		if l.kin.at.at(hashOf([]byte(w))) >= 0 && l.lookup(english, l.stem(english, w)) == l.unknown {
			bare = w
			break
		}
	}
	if bare == "" {
		t.Fatal("every word has a meaning: try others")
	}
	g := l.readGlossary(french, bare+"\tprimus secundus\nmoney\ttertius quartus\n")
	l.gloss[french] = func() *glossary { return g }
	var p passage
	l.read(french, "primus secundus tertius quartus", &p)
	p.weigh()
	for _, tt := range []struct {
		a, e int
		want float64
	}{{0, 1, simConcept}, {2, 3, simConcept}, {0, 2, 0}, {1, 3, 0}} {
		a, e := &p.toks[tt.a], &p.toks[tt.e]
		if got, contra := alike(a, e, 0); got != tt.want || contra {
			t.Errorf("%s and %s: %v, contrary %v; want %v", p.text[a.at:a.end], p.text[e.at:e.end], got, contra, tt.want)
		}
	}
}

func TestCompounds(t *testing.T) {
	l, _ := loadLexicon()
	g := l.readGlossary(german, "deposit\tanzahlung\nfoot\tfuß\n")
	l.gloss[german] = func() *glossary { return g }
	for word, part := range map[string]string{"Hausanzahlung": "Anzahlung", "Mietanzahlungen": "Anzahlung", "Seelenfreiheit": "Freiheit"} {
		var p, q passage
		l.read(german, word, &p)
		l.read(german, part, &q)
		if p.toks[0].word != q.toks[0].word || p.toks[0].stem == q.toks[0].stem || len(q.toks[0].word.senses) == 0 {
			t.Errorf("%s is no kind of %s", word, part)
		}
	}
	for _, word := range []string{"Zerfuß", "Xanzahlung", "Quitschibu"} { // a short part, nothing before it, nothing known
		var p passage
		l.read(german, word, &p)
		if p.toks[0].word != l.unknown {
			t.Errorf("%s is known", word)
		}
	}
}

// TestGlossaries holds the embedded glossaries to their form: see the head of each.
func TestGlossaries(t *testing.T) {
	l, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	for lang := english + 1; lang < languages; lang++ {
		name := "data/gloss-" + lang.code() + ".tsv"
		data, err := glossFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 1<<20 || !strings.Contains(string(data), "Written for this project") {
			t.Errorf("%s is over a megabyte, or does not say where it is from", name)
		}
		seen := map[string]bool{}
		for _, line := range lines(t, name) {
			head, words, ok := strings.Cut(line, "\t")
			if loan := l.lend(head); !ok || loan.rank < 0 && len(loan.word.senses) == 0 {
				t.Errorf("%s: no headword, or none that is known: %q", name, line)
			}
			for w := range strings.FieldsSeq(words) {
				if seen[w] || w != strings.ToLower(w) || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
					t.Errorf("%s: %q is there twice, or is not one word in lower case", name, w)
				}
				seen[w] = true
			}
		}
		if len(seen) < 2000 {
			t.Errorf("%s has %d words", name, len(seen))
		}
	}
}

// TestGlossaryAtOnce reads a glossary for the first time from many sides: run it with -race.
func TestGlossaryAtOnce(t *testing.T) {
	h := New()
	lad := conversation.Ladder{Goal: "30 Abschlüsse", Rungs: []conversation.Rung{{Answer: "mehr Provision"}, {Answer: "wir streiten dann weniger"}}}
	var wg sync.WaitGroup
	out := make([]conversation.Verdict, 8)
	for i := range out {
		wg.Go(func() { out[i] = h.Judge(lad, "dass wir uns nicht mehr zanken") })
	}
	wg.Wait()
	for _, v := range out {
		if v.Because != out[0].Because {
			t.Errorf("%q, and %q", v.Because, out[0].Because)
		}
	}
}

// TestBorrowAllocates holds reading in a language with a glossary to costing no room a word.
func TestBorrowAllocates(t *testing.T) {
	l, _ := loadLexicon()
	text := strings.Repeat("Dann reicht das Ersparte für die Hausanzahlung und ich schlafe wieder. ", 20)
	p := passage{}
	l.read(german, text, &p)
	if n := testing.AllocsPerRun(20, func() { l.read(german, text, &p) }); n > 4 {
		t.Errorf("%v allocations for %d words", n, len(p.toks))
	}
}

// TestOtherLanguages holds what was reached on all ladders that are not English, together.
func TestOtherLanguages(t *testing.T) {
	var ls []labelled
	for _, l := range allLadders(t) {
		if l.Lang != english.code() {
			ls = append(ls, l)
		}
	}
	s := scoreOf(New(), ls)
	t.Logf("not English: %v", s)
	check(t, s, floorOther, earlyOther)
}

// The shares of ladders in other languages that stop at exactly the right reply, and at most early.
const (
	floorOther = 0.77
	earlyOther = 0.03
)

func BenchmarkGlossary(b *testing.B) {
	l, _ := loadLexicon()
	data, err := glossFiles.ReadFile("data/gloss-de.tsv")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		l.readGlossary(german, string(data))
	}
}
