package hearing

import (
	"strings"
	"unicode"
)

// Commands, yes and no, outcomes and picks are told by whole words rather than by
// meaning: here a text is a list of folded words, cut where sentences and lines end.

// A sentence is the words of one clause or line, and the mark that ended it.
type sentence struct {
	words []string
	line  int  // counted from 0 over the lines that are not empty
	mark  rune // what ended it: '.', '!', '?', ',', '-', ':', or 0 at the end of a line
	end   int  // where in the text it ended, its mark included
}

const mostWords = 400 // of a text that are looked at for commands and the like

// sentences cuts a text at punctuation and line ends.
func sentences(text string) []sentence {
	c := cutter{pool: make([]string, 0, len(text)/5+4)}
	c.word = c.room[:0]
	for i, r := range text {
		end := i + len(string(r))
		switch {
		case c.words >= mostWords:
			c.cut(0, i)
			return c.out
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			c.word = foldRune(c.word, r)
		case r >= 0x2190 && unicode.IsSymbol(r):
			c.endWord()
			c.pool = append(c.pool, string(r))
		case r == '\n':
			c.cut(0, end)
			if len(c.out) > 0 {
				c.line = c.out[len(c.out)-1].line + 1
			}
		case strings.ContainsRune(".!?,;:–—…", r):
			c.cut(r, end)
		case r == '-' && i > 0 && text[i-1] == ' ':
			c.cut('-', end)
		default:
			c.endWord()
		}
	}
	c.cut(0, len(text))
	return c.out
}

// A cutter gathers letters to words and words to sentences.
type cutter struct {
	out   []sentence
	pool  []string // the words of all sentences, one after the other
	from  int      // where in it those of this sentence begin
	room  [longWord]byte
	word  []byte // the word in hand, folded
	words int    // how many there were
	line  int
}

func (c *cutter) endWord() {
	if len(c.word) > 0 {
		c.pool = append(c.pool, string(c.word))
		c.word = c.room[:0]
		c.words++
	}
}

// cut ends a sentence at a mark. One that has no words gives its mark to the one before.
func (c *cutter) cut(mark rune, end int) {
	c.endWord()
	words := c.pool[c.from:len(c.pool):len(c.pool)]
	c.from = len(c.pool)
	if len(words) > 0 {
		c.out = append(c.out, sentence{words: words, line: c.line, mark: mark, end: end})
	} else if n := len(c.out); n > 0 && mark != 0 {
		c.out[n-1].end = end
		if mark == '?' {
			c.out[n-1].mark = mark
		}
	}
}

// A wordTable knows phrases of several words by what they stand for.
type wordTable struct {
	whole map[string]string    // phrase -> name
	heads map[string][]opening // first word -> phrases of the names ending in "!"
}

// opening is a phrase that may begin a clause, and the name it stands for.
type opening struct{ text, name string }

// readTable reads lines of "name: phrase | phrase"; a name can have several lines.
func readTable(data string) wordTable {
	t := wordTable{whole: make(map[string]string, 4096), heads: make(map[string][]opening, 512)}
	for _, line := range strings.Split(data, "\n") {
		name, phrases, ok := strings.Cut(line, ":")
		if !ok || strings.HasPrefix(line, "#") || name == "lead" || name == "tail" {
			continue
		}
		open, isOpen := strings.CutSuffix(name, "!")
		for _, p := range splitTop(phrases) {
			expand(foldPhrase(p), func(v []byte) { t.put(open, isOpen, string(v)) })
		}
	}
	return t
}

// put adds a phrase: one that may open a clause, or one that is the whole of it.
func (t wordTable) put(name string, opens bool, phrase string) {
	if phrase == "" {
		return
	}
	if opens {
		first, _, _ := strings.Cut(phrase, " ")
		t.heads[first] = append(t.heads[first], opening{text: phrase, name: name})
	} else if _, taken := t.whole[phrase]; !taken {
		t.whole[phrase] = name
	}
}

// splitTop splits at the bars that stand in no parenthesis.
func splitTop(s string) []string {
	var out []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case '|':
			if depth == 0 {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	return append(out, s[from:])
}

// expand calls f with everything a phrase with choices "(a|b)" and options "[a]" stands
// for. What f is given lasts until it returns.
func expand(s string, f func([]byte)) {
	var buf [96]byte
	expandOn(buf[:0], s, "", f)
}

// expandOn expands s and then rest, after what done holds.
func expandOn(done []byte, s, rest string, f func([]byte)) {
	for {
		i := strings.IndexAny(s, "([")
		if i < 0 {
			done = appendWords(done, s)
			if rest == "" {
				f(done)
				return
			}
			s, rest = rest, ""
			continue
		}
		end := closing(s, i)
		if end < 0 {
			return
		}
		done = appendWords(done, s[:i])
		after := s[end+1:]
		if rest != "" {
			after += " " + rest
		}
		for _, c := range splitTop(s[i+1 : end]) {
			expandOn(done, c, after, f)
		}
		if s[i] == '(' {
			return
		}
		s, rest = after, ""
	}
}

// closing is where the parenthesis that opens at i closes, or -1.
func closing(s string, i int) int {
	depth := 0
	for j := i; j < len(s); j++ {
		switch s[j] {
		case '(', '[':
			depth++
		case ')', ']':
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return -1
}

// appendWords appends the words of s, each after one space.
func appendWords(out []byte, s string) []byte {
	for w := range strings.FieldsSeq(s) {
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(out, w...)
	}
	return out
}

// openAt returns the name of the longest phrase of the "name!" lines that the words begin with.
func (t wordTable) openAt(words []string) (name string, n int) {
	if len(words) == 0 {
		return "", 0
	}
	best := opening{}
	for _, p := range t.heads[words[0]] {
		if len(p.text) > len(best.text) && hasPhrase(words, p.text) {
			best = p
		}
	}
	if best.text == "" {
		return "", 0
	}
	return best.name, strings.Count(best.text, " ") + 1
}

// hasPhrase reports whether words begin with the words of p.
func hasPhrase(words []string, p string) bool {
	for _, w := range words {
		rest, ok := strings.CutPrefix(p, w)
		if !ok {
			return false
		}
		if rest == "" {
			return true
		}
		if rest[0] != ' ' {
			return false
		}
		p = rest[1:]
	}
	return false
}

// stripEnds takes leading and trailing courtesies off, as listed in two tables of phrases.
func stripEnds(words []string, lead, tail map[string]bool) []string {
	for again := true; again; {
		again = false
		for n := min(5, len(words)-1); n > 0 && len(lead) > 0; n-- {
			if lead[strings.Join(words[:n], " ")] {
				words, again = words[n:], true
				break
			}
		}
		for n := min(4, len(words)-1); n > 0; n-- {
			if tail[strings.Join(words[len(words)-n:], " ")] {
				words, again = words[:len(words)-n], true
				break
			}
		}
	}
	return words
}

// foldPhrase takes case and accents off a phrase of a table, as is done with what is read.
func foldPhrase(p string) string { return string(foldLong(p)) }

func foldLong(s string) []byte {
	var out []byte
	var buf [8]byte
	for _, r := range s {
		out = append(out, foldRune(buf[:0], r)...)
	}
	return out
}
