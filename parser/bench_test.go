package parser

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plainCases are the small plain bodies of the reply corpus, or of testdata without it.
func plainCases(b *testing.B) []string {
	b.Helper()
	var out []string
	manifests, _ := filepath.Glob(corpusDir + "/replies/*/manifest.json")
	for _, m := range manifests {
		if strings.Contains(m, "webridge_combo") {
			continue
		}
		var cases []replyCase
		raw, err := os.ReadFile(m)
		if err != nil || json.Unmarshal(raw, &cases) != nil {
			b.Fatal(m, err)
		}
		for _, c := range cases {
			if c.Kind == "plain" {
				body, err := os.ReadFile(filepath.Join(filepath.Dir(m), c.Input))
				if err != nil {
					b.Fatal(err)
				}
				out = append(out, string(body))
			}
		}
	}
	if len(out) == 0 {
		b.Skip("the corpus is not here")
	}
	return out
}

// BenchmarkExtract reads the plain cases one after the other: mails/s is the figure to watch.
func BenchmarkExtract(b *testing.B) {
	cases := plainCases(b)
	b.ReportAllocs()
	n, start := 0, cpuTime()
	for b.Loop() {
		for _, c := range cases {
			Extract(Plain, c, Known{})
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "mails/s")
	b.ReportMetric(float64(n)/(cpuTime()-start).Seconds(), "mails/cpu-s")
}

// wholeMail is a reply of about size bytes with a plain and an HTML part, to a letter of testdata.
func wholeMail(size int, letter string) []byte {
	quoted := "> " + strings.ReplaceAll(letter, "\n", "\n> ")
	answer := strings.Repeat("I want to be home when it is still light, and to sell things I would buy. ", max(1, (size-2*len(letter)-1400)/150))
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <sam@acme.example>\r\nReceived: from mail.acme.example by mx.acme.example; Mon, 07 Sep 2026 08:00:00 +0000\r\nFrom: Sam Field <sam@acme.example>\r\nTo: %s\r\nSubject: Re: A question, whenever it suits\r\nMessage-ID: <x1@acme.example>\r\nIn-Reply-To: <c.1@mail.acme.example>\r\nReferences: <c.1@mail.acme.example>\r\nDate: Mon, 07 Sep 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=bb\r\n\r\n", coach)
	fmt.Fprintf(&b, "--bb\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%s\r\n\r\nOn Mon, 7 Sept 2026 at 08:30, Whyloop <%s> wrote:\r\n\r\n%s\r\n", answer, coach, quoted)
	fmt.Fprintf(&b, "--bb\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<div>%s</div><div class=\"gmail_quote\">On Mon wrote:<blockquote>%s</blockquote></div>\r\n--bb--\r\n", answer, strings.ReplaceAll(letter, "\n", "<br>"))
	return b.Bytes()
}

// BenchmarkWhole reads whole mails of 2 to 6 kB against twenty sent letters.
func BenchmarkWhole(b *testing.B) {
	var sent []string
	for _, l := range letters(b) {
		if len(sent) < 20 {
			sent = append(sent, l)
		}
	}
	k := Known{Sent: sent, Name: "Sam Field", Address: "sam@acme.example"}
	var mails [][]byte
	for i, size := range []int{2000, 3000, 4000, 5000, 6000} {
		mails = append(mails, wholeMail(size, sent[i]))
	}
	b.ReportAllocs()
	n, start := 0, cpuTime()
	for b.Loop() {
		m, err := Parse(bytes.NewReader(mails[n%len(mails)]))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := m.Visible(k); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "mails/s")
	b.ReportMetric(float64(n)/(cpuTime()-start).Seconds(), "mails/cpu-s")
}

// BenchmarkSize shows that cost grows with size and no faster, also for lines made to look like attributions.
func BenchmarkSize(b *testing.B) {
	shapes := map[string]string{
		"prose": "I have thought about it on the train, and what I want is to stop counting days.\n",
		"on":    "On Monday, September 7, 2026 at 8:30 AM I went and then On Tuesday\n",
		"quote": "> On Mon, 7 Sept 2026 at 08:30, Whyloop <a@b.example> wrote:\n",
		"label": "From: a@b.example\n",
		"dash":  "-- \n-----\n",
		"sign":  "Best regards,\nSam\n",
		"above": "> x\n\nJane Doe 3/3/2026 wrote\n14:15:\n",
	}
	for name, line := range shapes {
		for _, size := range []int{1 << 10, 10 << 10, 100 << 10, 1 << 20} {
			body := strings.Repeat(line, size/len(line)+1)
			b.Run(fmt.Sprintf("%s/%dk", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(body)))
				b.ReportAllocs()
				for b.Loop() {
					Extract(Plain, body, Known{})
				}
			})
		}
	}
}

// BenchmarkHTML reads an HTML reply.
func BenchmarkHTML(b *testing.B) {
	body := htmlOf(answers[len(answers)-1]) + clients[16].header + clients[16].frame[0] + htmlOf("What will that get you?") + clients[16].frame[1]
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		Extract(HTML, body, Known{})
	}
}
