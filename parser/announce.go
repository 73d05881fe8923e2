package parser

import (
	"strings"
	"unicode"
)

// What stands above a letter of ours is found backwards, from the letter: clients announce it in any language.

// above cuts what stands right above the quote: its attribution or header block in any
// language, rows of dashes, banners put into it, and marked lines that hang on it.
func (r *reading) above(first int) {
	attributed := false
	for i := first; ; {
		end := i
		for end > 0 && (r.lines[end-1].blank() || r.lines[end-1].cut != kept) {
			end--
		}
		if end == 0 {
			return
		}
		n := 0
		l := &r.lines[end-1]
		switch {
		case l.inQuote() && (r.lines[first].inQuote() || l.quote):
			n = 1
		case l.rule() || r.splitter(end-1):
			n = 1
		case attributed:
		default:
			n = r.announcement(end)
			attributed = n > 0
		}
		if n == 0 {
			n = r.bannerAbove(end)
		}
		if n == 0 {
			return
		}
		r.mark(end-n, end, attrib)
		i = end - n
	}
}

// announcement returns how many lines above end are an attribution or header block of any language.
func (r *reading) announcement(end int) int {
	joined, best := "", 0
	for n := 1; n <= maxAttributionLines && end-n >= 0; n++ {
		l := &r.lines[end-n]
		if l.blank() || l.cut != kept || len(joined) > maxAttribution {
			break
		}
		if best > 0 && whole(joined) && !leadsIn(l.s, joined) {
			break // what stands above is theirs
		}
		joined = strings.TrimSpace(l.s + " " + joined)
		if best > 0 {
			// A longer one must open as attributions do, or hold the address that the line below lacks.
			if opensAttribution(joined) && attributes(joined, true) || !opensLine(r.lines[end-best].s) && opensLine(joined) && hasAddress(l.s) {
				best = n
			}
			continue
		}
		if attributes(joined, true) || strings.HasSuffix(joined, ":") && hasAddress(joined) && opensLine(joined) && digits(joined) >= 3 {
			best = n
		}
	}
	if best > 0 {
		return best
	}
	return r.labelRows(end)
}

// opensLine says whether a text begins with a capital, digit or quotation mark, or a script without case.
func opensLine(s string) bool {
	for _, c := range s {
		return !unicode.IsLower(c)
	}
	return false
}

func digits(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n += b2i(digit(s[i]))
	}
	return n
}

// labelRows returns how many lines above end are "Label: value" rows, whatever the language: two at least, with an
// address or a date among them.
func (r *reading) labelRows(end int) int {
	rows, proof := 0, false
	n := 0
	for i := end - 1; i >= 0 && end-i < 14; i-- {
		l := &r.lines[i]
		if l.cut != kept || l.blank() && rows == 0 {
			break
		}
		if l.blank() { // above a gap only rows with labels we know
			for i > 0 && r.lines[i-1].blank() {
				i--
			}
			if i == 0 {
				break
			}
			if _, ok := labelOf(r.lines[i-1].s); !ok {
				break
			}
			continue
		}
		head, value, ok := strings.Cut(strings.ReplaceAll(l.s, "：", ":"), ":")
		if b, v := bareLabel(l.s); b { // eM Client writes no colons
			head, value, ok = "", v, true
		}
		if !ok || len(strings.Fields(head)) > 4 || len(head) > 60 || strings.TrimSpace(value) == "" {
			if i > 0 && rows > 0 && hasAddress(l.s) && len(l.s) < 200 { // a wrapped value
				continue
			}
			break
		}
		rows++
		n = end - i
		proof = proof || hasAddress(value) || digits(value) >= 4
	}
	for k := min(3, rows-2); k > 0 && proof; k-- {
		if r.rowOfTheirs(end-n+k-1, end) {
			return n - k
		}
	}
	if rows < 2 || !proof {
		return 0
	}
	return n
}

// rowOfTheirs says whether the first of some rows is a line of theirs right above the header ("My kids: Anna and Tom"): it proves nothing, and the header
// begins below it, with a label that nobody knows this one from or that is here too.
func (r *reading) rowOfTheirs(i, end int) bool {
	if i+1 >= end || r.lines[i+1].blank() {
		return false
	}
	kind, known := labelOf(r.lines[i].s)
	below, ok := labelOf(r.lines[i+1].s)
	if hasAddress(r.lines[i].s) || factsOf(strings.ToLower(r.lines[i].s)).year {
		return false
	}
	if !known {
		return ok || hasAddress(r.lines[i+1].s)
	}
	return ok && (r.repeats(kind, false, i+1, end) || kind&(labelFrom|labelSent)&below != 0)
}

// bannerAbove returns how many lines above end are a gateway's warning.
func (r *reading) bannerAbove(end int) int {
	start := end
	var para string
	for start > 0 && end-start < 8 && !r.lines[start-1].blank() && r.lines[start-1].cut == kept {
		start--
		para = r.lines[start].s + " " + para
		if isBanner(para) {
			return end - start
		}
	}
	return 0
}

// bareLabel reads a label of up to three words with no colon behind it: "From Jane <jane@example.com>". Only an address, a date or a subject
// makes it one: people begin sentences with "to" and "from" too.
func bareLabel(s string) (ok bool, value string) {
	if len(s) > 300 {
		return false, ""
	}
	end := 0
	for range 3 {
		i := strings.IndexByte(s[end:], ' ')
		if i < 0 {
			return false, ""
		}
		end += i
		kind, value := tables.labels[strings.ToLower(s[:end])], strings.TrimSpace(s[end:])
		if kind&labelSubject != 0 || kind != 0 && value != "" && (hasAddress(value) || kind&labelSent != 0 && digit(value[0]) && digits(value) >= 6) {
			return true, value
		}
		end++
	}
	return false, ""
}
