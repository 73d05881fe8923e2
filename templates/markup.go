package templates

import "strings"

// A text template marks structure with control characters, which clean has taken out of
// everything a person wrote: so only a template can make a ladder, a list or a key word.
const (
	openBlock  = "\x02"
	closeBlock = "\x03"
	kindEnd    = "\x1f" // ends the kind of a block
	lineBreak  = "\x1e" // a line end inside an exact text
	openSaid   = "\x11"
	closeSaid  = "\x12"
	openKey    = "\x13"
	closeKey   = "\x14"
)

// The kinds of block. Blocks of one kind that follow one another are one list.
const (
	blockPara    = ""
	blockExact   = "exact"    // what would go to a manager, as it is
	blockOwn     = "own"      // a rep's own version of a summary, line ends kept
	blockLadder  = "ladder"   // rungs, oldest first
	blockList    = "list"     // numbered from 1
	blockCommand = "commands" // one command and what it does
	blockEntry   = "entries"  // one tiny step and how it went
)

// The kinds of span.
const (
	spanPlain = ""
	spanSaid  = "said" // a person's words
	spanKey   = "key"  // a word to reply with
)

// span is a run of words of one kind.
type span struct{ Kind, Text string }

// block is a paragraph, or the items of a list.
type block struct {
	Kind  string
	Items []item
}

// item is one paragraph or list entry.
type item []span

// String is the item in plain text.
func (i item) String() string {
	var b strings.Builder
	for _, s := range i {
		b.WriteString(s.Text)
	}
	return b.String()
}

// parse reads what a text template wrote: paragraphs are parted by empty lines, line
// ends inside one are the editor's and become spaces.
func parse(s string) []block {
	var blocks []block
	for s != "" {
		before, rest, marked := strings.Cut(s, openBlock)
		blocks = append(blocks, paragraphs(before)...)
		if !marked {
			break
		}
		body, after, _ := strings.Cut(rest, closeBlock)
		kind, text, _ := strings.Cut(body, kindEnd)
		blocks = addItem(blocks, kind, spans(text), before)
		s = after
	}
	return blocks
}

// addItem adds an entry to the list it continues, else begins one.
func addItem(blocks []block, kind string, it item, between string) []block {
	last := len(blocks) - 1
	if last >= 0 && blocks[last].Kind == kind && strings.TrimSpace(between) == "" {
		blocks[last].Items = append(blocks[last].Items, it)
		return blocks
	}
	return append(blocks, block{Kind: kind, Items: []item{it}})
}

func paragraphs(s string) []block {
	var blocks []block
	for _, p := range strings.Split(emptied(s), "\n\n") {
		if it := spans(p); len(it) > 0 {
			blocks = append(blocks, block{Items: []item{it}})
		}
	}
	return blocks
}

// emptied makes every run of line ends with nothing but blanks between them "\n\n".
func emptied(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.Trim(l, " \t\r")
	}
	return strings.Join(lines, "\n")
}

// spans reads the marks inside a paragraph.
func spans(s string) item {
	s = strings.ReplaceAll(blanks(s), lineBreak, "\n")
	var it item
	for s != "" {
		i := strings.IndexAny(s, openSaid+openKey)
		if i < 0 {
			return append(it, span{spanPlain, s})
		}
		if i > 0 {
			it = append(it, span{spanPlain, s[:i]})
		}
		kind, end := spanSaid, closeSaid
		if s[i:i+1] == openKey {
			kind, end = spanKey, closeKey
		}
		text, after, _ := strings.Cut(s[i+1:], end)
		it, s = append(it, span{kind, text}), after
	}
	return it
}

// blanks makes runs of spaces and line ends one space. A no-break space is a letter of
// the wording (French has one before "?") and stays.
func blanks(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' }), " ")
}

// plain is the text of blocks, parted by empty lines.
func plain(blocks []block) string {
	parts := make([]string, len(blocks))
	for i, b := range blocks {
		parts[i] = b.plain()
	}
	return strings.Join(parts, "\n\n")
}

// fence sets a text of several paragraphs off from the letter around it.
const fence = "* * *"

func (b block) plain() string {
	lines := make([]string, len(b.Items))
	for i, it := range b.Items {
		lines[i] = b.mark(i) + it.String()
	}
	text := strings.Join(lines, "\n")
	if b.Kind == blockExact && strings.Contains(text, "\n") {
		return fence + "\n\n" + text + "\n\n" + fence
	}
	return text
}

// mark is what a list entry begins with in plain text.
func (b block) mark(i int) string {
	switch b.Kind {
	case blockLadder:
		return "→ "
	case blockList:
		return itoa(i+1) + ". "
	case blockCommand, blockEntry:
		return "- "
	}
	return ""
}
