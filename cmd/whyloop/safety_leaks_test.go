package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"whyloop/conversation"
)

// TestNothingLeaks is the canary test: for weeks a sales floor says private things, each with a word of its
// own, and every byte sent to anyone but its owner, every log line at every level, every metric
// and every file's mode is searched. WHYLOOP_LEAK_WEEKS and WHYLOOP_LEAK_REPS make it a year of hundreds.
func TestNothingLeaks(t *testing.T) {
	weeks, reps := many(t, "WHYLOOP_LEAK_WEEKS", 9), many(t, "WHYLOOP_LEAK_REPS", 16)
	if testing.Short() || raceEnabled {
		weeks, reps = 4, 8
	}
	f := newFloor(t, uint64(many(t, "WHYLOOP_SEED", 1)), reps, worldConfig)
	lines := 0
	f.log.see = func(line []byte) {
		lines++
		if found := anyWord.FindAll(line, -1); found != nil && f.words[strings.ToLower(string(found[0]))] != nil || bytes.Contains(line, []byte("northwind")) {
			t.Errorf("logged: %s", line)
		}
	}
	kinds, shown := map[conversation.Kind]int{}, 0
	f.onLetter = func(d conversation.Delivery) {
		f.checkRecipients(d)
		kinds[kindOf(d.Letter)]++
		text, err := everything(d.Raw)
		if err != nil {
			t.Errorf("%s cannot be decoded: %v", d.Letter, err)
		}
		shown += len(anyWord.FindAll(text, -1))
		if found := f.leaks(d.Recipient, text); found != nil {
			t.Errorf("%s shows %q to %s", d.Letter, found, d.Recipient)
		}
	}
	for range weeks {
		f.run(f.clock.Now().Add(7 * 24 * time.Hour))
		f.searchMetrics(t)
		if t.Failed() {
			return
		}
	}
	f.searchFiles(t)
	if kinds[conversation.KindSummary] == 0 || kinds[conversation.KindPassedOn] == 0 && reps > 15 || lines == 0 || shown == 0 {
		t.Errorf("too little happened for this to prove anything: %v, %d lines", kinds, lines)
	}
	t.Logf("%d reps, %d weeks: %d letters of %d kinds and %d log lines searched for %d words, %d shown to who may see them: 0 leaks; %v; held %v",
		reps, weeks, f.sent, len(kinds), lines, len(f.words), shown, f.stages(), f.held())
	var all []string
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		all = append(all, fmt.Sprintf("%s %d", k, kinds[k]))
	}
	t.Log(strings.Join(all, ", "))
}

// TestLeaksAreSeen: the search finds what it is there to find.
func TestLeaksAreSeen(t *testing.T) {
	f := newFloor(t, 1, 2, worldConfig)
	var s []*seller
	for _, address := range slices.Sorted(maps.Keys(f.sellers)) {
		s = append(s, f.sellers[address])
	}
	secret, step := f.private(s[0]), f.public(s[0])
	raw := "From: a@b.example\r\nSubject: =?utf-8?q?x_" + secret + "?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + secret[:4] + "=\r\n" + secret[4:] + "\r\n--b--\r\n"
	text, err := everything([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	for to, want := range map[string]int{s[0].address: 0, s[1].address: 3, s[0].boss.address: 3, "ines@northwind.example": 3} {
		if got := f.leaks(to, text); len(got) != want {
			t.Errorf("%s: found %q", to, got)
		}
	}
	if got := f.leaks(s[0].boss.address, []byte(step)); got != nil {
		t.Errorf("a step is the manager's to see, found %q", got)
	}
	if got := f.leaks(s[1].address, []byte(step)); got == nil {
		t.Error("a step is not another rep's to see")
	}
}

// searchMetrics looks through what /metrics would say.
func (f *floor) searchMetrics(t *testing.T) {
	t.Helper()
	reg := prometheus.NewRegistry()
	reg.MustRegister(newMetrics(f.store, f.clock.Now, func(string) string { return "" }))
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, m := range families {
		if _, err := expfmt.MetricFamilyToText(&b, m); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(b.String(), "whyloop_conversations") || anyWord.Match(b.Bytes()) || strings.Contains(b.String(), "northwind") {
		t.Errorf("metrics: %s", b.String())
	}
}

// searchFiles: whatever lies on the disk is its owner's alone.
func (f *floor) searchFiles(t *testing.T) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(filepath.Dir(f.config.Store.Path), func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %04o", path, info.Mode().Perm())
		}
		files++
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
}
