package parser

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// An ablation switches one table, column or language off and counts what the corpus loses. It is a benchmark, for it is
// read by people and judges nothing: go test -run - -bench Ablation -benchtime 1x ./parser/

// corpusCase is a reply case with its bytes at hand.
type corpusCase struct {
	dir string
	replyCase
}

func corpusCases(b *testing.B) []corpusCase {
	b.Helper()
	manifests, _ := filepath.Glob(corpusDir + "/replies/*/manifest.json")
	var out []corpusCase
	for _, m := range manifests {
		raw, err := os.ReadFile(m)
		if err != nil {
			b.Fatal(err)
		}
		var cases []replyCase
		if err := json.Unmarshal(raw, &cases); err != nil {
			b.Fatal(err)
		}
		for _, c := range cases {
			out = append(out, corpusCase{filepath.Dir(m), c})
		}
	}
	if len(out) == 0 {
		b.Skip("no corpus at " + corpusDir)
	}
	return out
}

// passed counts the cases read as the suites want, the generated ones apart.
func passed(cases []corpusCase) (suites, combos int) {
	var t testing.T
	for _, c := range cases {
		ok, _ := judge(&t, c.dir, c.replyCase)
		if filepath.Base(c.dir) == "webridge_combo" {
			combos += b2i(ok)
		} else {
			suites += b2i(ok)
		}
	}
	return suites, combos
}

// rowsRead counts what of the project's own tables of clients is read right.
func rowsRead() int {
	n := 0
	count := func(kind Kind, body, want string) {
		n += b2i(Extract(kind, body, Known{Name: "Sam Field"}).Body == want)
	}
	for _, w := range wilds {
		for _, a := range w.attributions {
			count(Plain, wildAnswer+"\n\n"+filled(a)+"\n\nAn older mail.\n", wildAnswer)
			count(Plain, wildAnswer+"\n\n"+filled(a)+"\n> An older mail.\n", wildAnswer)
		}
		for _, h := range w.headers {
			count(Plain, wildAnswer+"\n\n"+filled(h)+"\n\nAn older mail.\n", wildAnswer)
		}
		for _, d := range w.devices {
			count(Plain, wildAnswer+"\n\n"+d+"\n", wildAnswer)
		}
		for _, c := range w.closings {
			count(Plain, wildAnswer+"\n\n"+c+"\nSam Field\n", wildAnswer)
		}
	}
	for _, body := range htmlClients {
		count(HTML, body, "Yes, at nine.")
	}
	return n
}

func BenchmarkAblation(b *testing.B) {
	cases := corpusCases(b)
	suites, combos := passed(cases)
	rows := rowsRead()
	run := func(name string, off func(), on func()) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				off()
				s, c := passed(cases)
				r := rowsRead()
				on()
				b.ReportMetric(float64(rows-r), "rows-lost")
				b.ReportMetric(float64(suites-s), "suites-lost")
				b.ReportMetric(float64(combos-c), "combos-lost")
			}
		})
	}
	restore := func() { tables = compile(languages) }
	for name, clear := range columns {
		run("column/"+name, func() { tables = compile(edited(clear)) }, restore)
	}
	for i := range languages {
		run("language/"+languages[i].code, func() {
			tables = compile(append(append([]language(nil), languages[:i]...), languages[i+1:]...))
		}, restore)
	}
	marks, after, sigs, gates, stems, feet := quoteMarks, afterMarks, sigMarks, banners, disclaimerNeedles, footers
	run("html/quote-containers", func() { quoteMarks = nil }, func() { quoteMarks = marks })
	run("html/after-marks", func() { afterMarks = nil }, func() { afterMarks = after })
	run("html/signatures", func() { sigMarks = nil }, func() { sigMarks = sigs })
	run("furniture/banners", func() { banners = nil }, func() { banners = gates })
	run("furniture/disclaimers", func() { disclaimerNeedles, footers = newNeedles(nil), nil }, func() { disclaimerNeedles, footers = stems, feet })
}

// columns clear one column of a row.
var columns = map[string]func(*language){
	"on":       func(l *language) { l.on = "" },
	"wrote":    func(l *language) { l.wrote = "" },
	"dates":    func(l *language) { l.months, l.days = "", "" },
	"labels":   func(l *language) { l.from, l.sent, l.to, l.subject = "", "", "", "" },
	"original": func(l *language) { l.original = "" },
	"device":   func(l *language) { l.device = "" },
	"closing":  func(l *language) { l.closing = "" },
	"greets":   func(l *language) { l.greets = "" },
	"thanks":   func(l *language) { l.thanks = "" },
}

func edited(clear func(*language)) []language {
	rows := append([]language(nil), languages...)
	for i := range rows {
		clear(&rows[i])
	}
	return rows
}
