package hearing

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestDbg(t *testing.T) {
	txt := os.Getenv("DBG")
	if txt == "" {
		t.Skip()
	}
	h := New()
	for _, s := range strings.Split(txt, "|") {
		lang, _ := h.lex.languageOf(english, s)
		p := h.lex.read(lang, s)
		p.claim()
		for _, k := range p.toks {
			var cs []string
			for _, z := range k.word.senses {
				cs = append(cs, fmt.Sprintf("%s%+d", h.lex.names[z.concept-1], z.pole))
			}
			fmt.Printf("%s w%.2f neg%v aside%v br%q %b %v\n", p.text[k.at:k.end], k.word.weight, k.neg, k.aside, k.broke, k.word.sets, cs)
		}
		fmt.Println("--", lang.code())
	}
}
