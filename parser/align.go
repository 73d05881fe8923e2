package parser

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A quote of a letter we sent is recognised by its words, whatever the client did to its lines, marks and header. The words
// of letter and mail are aligned: runs of at least three equal words are sought, and the chain of runs in the letter's order
// that covers most of it is the quote. What stands between, above and below is the person's.

// minRun is the shortest run of words that counts by itself.
const minRun = 3

// maxRuns bounds the runs of one alignment, and so its time.
const maxRuns = 600

// maxWords bounds the words of a mail that are aligned.
const maxWords = 20000

// unit is one word of a letter or mail.
type unit struct {
	id         uint64 // of the word in lower case, without apostrophes
	line       int    // index into the lines
	start, end int    // in the line's s
}

// run is a stretch of equal words.
type run struct{ body, letter, n int }

// likely returns the letters that share most of their three-word runs with the mail, the likeliest first: aligning
// is dear, and of twenty letters one or two are quoted.
func likely(body []unit, sent []string) [][]unit {
	var seen [1 << 10]uint64 // a bit set by hash: a false hit costs time only
	for b := 0; b+minRun <= len(body); b++ {
		k := three(body[b:])
		seen[k>>6&1023] |= 1 << (k & 63)
	}
	type scored struct {
		letter []unit
		hits   int
	}
	var all []scored
	scratch := make([]unit, 0, 400) // most letters are not quoted: only those that may be get a copy
	for _, s := range sent {
		letter := unitsOf(scratch[:0], s)
		scratch = letter
		hits := 0
		for i := 0; i+minRun <= len(letter); i++ {
			k := three(letter[i:])
			hits += int(seen[k>>6&1023] >> (k & 63) & 1)
		}
		if hits > 0 {
			all = append(all, scored{slices.Clone(letter), hits * 1000 / len(letter)})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].hits > all[j].hits })
	var out [][]unit
	for _, s := range all[:min(len(all), 6)] {
		out = append(out, s.letter)
	}
	return out
}

// units are the words of all lines.
func (r *reading) units() []unit {
	us := make([]unit, 0, 256)
	for i := range r.lines {
		if len(us) > maxWords {
			break
		}
		us = appendUnits(us, r.lines[i].s, i)
	}
	return us
}

// unitsOf appends the words of a letter; line counts its lines.
func unitsOf(us []unit, s string) []unit {
	i := 0
	for l := range strings.SplitSeq(clean(s), "\n") {
		us = appendUnits(us, l, i)
		i++
	}
	return us
}

// appendUnits splits a line into words in lower case, without apostrophes, for clients
// make them curly. Characters of scripts without spaces are words of their own, for they may be wrapped anywhere.
func appendUnits(us []unit, s string, line int) []unit {
	start := -1
	flush := func(end int) {
		if start >= 0 {
			us = append(us, unit{wordID(s[start:end]), line, start, end})
			start = -1
		}
	}
	for i, c := range s {
		if len(us) > maxWords {
			break
		}
		switch {
		case unspaced(c) && !unicode.Is(unicode.Hangul, c):
			flush(i)
			us = append(us, unit{wordID(string(c)), line, i, i + len(string(c))})
		case unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.Is(unicode.M, c):
			if start < 0 {
				start = i
			}
		case apostrophe(c) && start >= 0:
		default:
			flush(i)
		}
	}
	flush(len(s))
	return us
}

func apostrophe(c rune) bool { return c == '\'' || c == '’' || c == 'ʼ' || c == '‘' || c == '`' }

// wordID is a hash (FNV-1a) of a word without its apostrophes and case: comparing numbers keeps the alignment quick.
func wordID(s string) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range s {
		if apostrophe(c) {
			continue
		}
		if c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c += 'a' - 'A'
			}
		} else {
			c = unicode.ToLower(c)
		}
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}

func length(chain []run) int {
	n := 0
	for _, c := range chain {
		n += c.n
	}
	return n
}

// align returns the chain of runs, in order on both sides, that covers the most words.
func align(body, letter []unit, used []bool) []run {
	runs := commonRuns(body, letter, used)
	sort.Slice(runs, func(i, j int) bool { return runs[i].body < runs[j].body })
	best, from := make([]int, len(runs)), make([]int, len(runs))
	top := -1
	for i, c := range runs {
		best[i], from[i] = c.n, -1
		for j := range i {
			p := runs[j]
			// Runs may overlap by a word or two at a seam; the later one then starts later.
			over := max(0, p.body+p.n-c.body, p.letter+p.n-c.letter)
			if p.letter < c.letter && over < c.n && best[j]+c.n-over > best[i] {
				best[i], from[i] = best[j]+c.n-over, j
			}
		}
		if top < 0 || best[i] > best[top] {
			top = i
		}
	}
	var chain []run
	for i := top; i >= 0; i = from[i] {
		chain = append(chain, runs[i])
	}
	for i, j := 0, len(chain)-1; i < j; i, j = i+1, j-1 {
		chain[i], chain[j] = chain[j], chain[i]
	}
	return seams(chain)
}

// seams cuts what two runs of a chain share from the later one.
func seams(chain []run) []run {
	for i := 1; i < len(chain); i++ {
		p, c := chain[i-1], &chain[i]
		over := max(0, p.body+p.n-c.body, p.letter+p.n-c.letter)
		c.body, c.letter, c.n = c.body+over, c.letter+over, c.n-over
	}
	return chain
}

// commonRuns finds all maximal runs of at least minRun words, up to maxRuns.
func commonRuns(body, letter []unit, used []bool) []run {
	if len(letter) < minRun {
		return nil
	}
	at := make(map[uint64]int32, len(letter)) // the first place of each three words in the letter
	next := make([]int32, len(letter))        // the next place of the same three, 0 for none
	for i := 0; i+minRun <= len(letter); i++ {
		k := three(letter[i:])
		next[i] = at[k]
		at[k] = int32(i + 1)
	}
	var runs []run
	for b := 0; b+minRun <= len(body) && len(runs) < maxRuns; b++ {
		if used[b] {
			continue
		}
		tries := 0
		for p := at[three(body[b:])]; p > 0 && tries < 8; p = next[p-1] {
			l := int(p - 1)
			tries++
			if b > 0 && l > 0 && !used[b-1] && body[b-1].id == letter[l-1].id {
				continue // not where the run begins
			}
			n := 0
			for b+n < len(body) && l+n < len(letter) && !used[b+n] && body[b+n].id == letter[l+n].id {
				n++
			}
			if c := trimmed(run{b, l, n}, body, letter); c.n >= minRun {
				runs = append(runs, c)
			}
		}
	}
	return runs
}

// trimmed gives back one or two words at either end of a run that are the end or beginning of a line of the letter, but share a line of the mail with
// other words: an answer may begin with the words that our next line begins with, or end with those that our last one ended with.
func trimmed(c run, body, letter []unit) run {
	together := func(i int) bool { return i > 0 && i < len(body) && body[i-1].line == body[i].line }
	for k := min(minRun-1, c.n-1); k > 0; k-- {
		if endsLine(letter, c.letter+k-1) && (together(c.body) || together(c.body+k)) {
			c.body, c.letter, c.n = c.body+k, c.letter+k, c.n-k
			break
		}
	}
	end := c.body + c.n
	for k := min(minRun-1, c.n-1); k > 0; k-- {
		if endsLine(letter, c.letter+c.n-k-1) && (together(end) || together(end-k)) {
			c.n -= k
			break
		}
	}
	return c
}

// endsLine says whether word i is the last of its line of the letter, or none.
func endsLine(letter []unit, i int) bool {
	return i < 0 || i+1 == len(letter) || letter[i+1].line != letter[i].line
}

// three is a hash of the next minRun words.
func three(us []unit) uint64 {
	return (us[0].id*31+us[1].id)*31 + us[2].id
}
