package parser

import (
	"strings"
	"testing"
)

// TestEveryPhrase reads a mail around every single phrase of every row: none is there without an effect.
func TestEveryPhrase(t *testing.T) {
	const answer = "I want to be home at five."
	for _, l := range languages {
		t.Run(l.code, func(t *testing.T) {
			cut := func(column, list string, body func(phrase string) string) {
				each(list, func(phrase string) {
					b := body(phrase)
					if got := Extract(Plain, b, Known{Name: "Sam Field"}).Body; got != answer {
						t.Errorf("%s %q: %q leaves %q", column, phrase, b, got)
					}
				})
			}
			for kind, list := range map[label]string{labelFrom: l.from, labelSent: l.sent, labelTo: l.to, labelSubject: l.subject} {
				each(list, func(p string) {
					if k, _ := labelOf("*" + p + " :* x"); k&kind == 0 {
						t.Errorf("%q is no label of its kind", p)
					}
				})
			}
			cut("original", l.original, func(p string) string { return answer + "\n\n-------- " + p + " --------\nOld.\n" })
			cut("device", l.device, func(p string) string { return answer + "\n\n" + p + " iPhone\n" })
			cut("closing", l.closing, func(p string) string { return answer + "\n\n" + p + ",\nSam Field\n" })
			cut("greets", l.greets, func(p string) string { return answer + "\n\nxx xx " + p + ",\nSam Field\n" })
			cut("signs", l.signs, func(p string) string { return answer + "\n\nAnna Berg " + p + "\n" })
			each(l.before, func(p string) {
				noun := " buyer"
				if l.code == "de" {
					noun = " Kunde"
				}
				b := "Then " + p + noun + " wrote:\n\n> Too dear.\n\n" + answer
				if got := Extract(Plain, b, Known{}).Body; got != b {
					t.Errorf("before %q: %q leaves %q", p, b, got)
				}
			})
			cut("thanks", l.thanks, func(p string) string { return answer + "\n\n" + p + ",\nSam\n" })
			cut("wrote", l.wrote, func(p string) string {
				return answer + "\n\n3 March 2026 14:15 Anna Berg <anna@example.com> " + p + ":\n\nOld.\n"
			})
			cut("on", l.on, func(p string) string {
				return answer + "\n\n" + p + " 3 March 2026 14:15 Anna Berg wrote:\n\nOld.\n"
			})
			cut("months", l.months, func(p string) string {
				return answer + "\n\nOn 3 " + p + " 2026 Anna Berg wrote:\n\nOld.\n"
			})
			cut("days", l.days, func(p string) string {
				return answer + "\n\n" + p + " 03.03.2026 Anna Berg wrote:\n\nOld.\n"
			})
			each(l.auto, func(p string) {
				m, _ := Parse(strings.NewReader("From: a@b.example\nTo: " + coach + "\nIn-Reply-To: <x@y>\nSubject: " + p + ": A question\n\nText\n"))
				if m.Class != AutoReply {
					t.Errorf("auto %q: %s", p, m.Class)
				}
			})
			each(l.until, func(p string) {
				for _, s := range []string{p + " 14.07.2026", "14.07.2026 " + p, "14.07.2026" + p} {
					m, _ := Parse(strings.NewReader("From: a@b.example\nDate: Wed, 01 Jul 2026 09:00:00 +0000\nAuto-Submitted: auto-replied\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n" + s + "\n"))
					if !m.BackOn.IsZero() {
						return
					}
				}
				t.Errorf("until %q: no date of return", p)
			})
		})
	}
}
