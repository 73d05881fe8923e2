package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/prometheus/client_golang/prometheus"

	"whyloop/conversation/sqlite"
)

var (
	linkPattern    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	codePattern    = regexp.MustCompile("`([^`\n]+)`")
	settingPattern = regexp.MustCompile(`^([a-z]+)\.([a-z_]+)$`)
	headPattern    = regexp.MustCompile(`(?m)^#{1,6} +(.*)$`)
)

// anchors are the names that a page's headings get where Markdown is shown.
func anchors(text string) []string {
	var all []string
	for _, m := range headPattern.FindAllStringSubmatch(text, -1) {
		name := strings.ToLower(m[1])
		name = regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(name, "")
		all = append(all, strings.ReplaceAll(name, " ", "-"))
	}
	return all
}

// TestDocsLinks: a link from page to page leads somewhere.
func TestDocsLinks(t *testing.T) {
	for _, p := range pages(t) {
		for _, m := range linkPattern.FindAllStringSubmatch(p.text, -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			file, anchor, _ := strings.Cut(m[1], "#")
			to := p.path
			if file != "" {
				to = filepath.Join(filepath.Dir(p.path), file)
			}
			text, err := os.ReadFile(to)
			if info, e := os.Stat(to); e == nil && info.IsDir() {
				err = nil
			}
			if err != nil {
				t.Errorf("%s: link to %s: %v", p.path, m[1], err)
			} else if anchor != "" && !slices.Contains(anchors(string(text)), anchor) {
				t.Errorf("%s: link to %s: no such heading", p.path, m[1])
			}
		}
	}
}

// TestDocsReachable: from the README every page can be reached.
func TestDocsReachable(t *testing.T) {
	seen := map[string]bool{}
	var visit func(string)
	visit = func(path string) {
		if seen[path] || filepath.Ext(path) != ".md" {
			return
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return // TestDocsLinks says so
		}
		seen[path] = true
		for _, m := range linkPattern.FindAllStringSubmatch(string(text), -1) {
			file, _, _ := strings.Cut(m[1], "#")
			visit(filepath.Join(filepath.Dir(path), file))
		}
	}
	visit(filepath.Join(docsRoot, "README.md"))
	for _, p := range pages(t) {
		if strings.Contains(p.path, "docs") && !seen[p.path] {
			t.Errorf("no link leads from the README to %s", p.path)
		}
	}
}

// TestDocsSettings: a setting named in a page exists, and each piece of configuration shown is one that
// is read.
func TestDocsSettings(t *testing.T) {
	known := map[string][]string{}
	c := defaultConfig()
	for _, sec := range c.sections() {
		known[sec.name] = nil
		for _, s := range sec.settings {
			known[sec.name] = append(known[sec.name], s.key)
		}
	}
	for _, p := range pages(t) {
		for _, m := range codePattern.FindAllStringSubmatch(p.text, -1) {
			s := settingPattern.FindStringSubmatch(m[1])
			if s == nil {
				continue
			}
			if keys, ok := known[s[1]]; ok && s[2] != "toml" && !slices.Contains(keys, s[2]) {
				t.Errorf("%s: there is no setting %s", p.path, m[1])
			}
		}
		for _, b := range p.blocks {
			if b.kind == "toml" {
				for _, trouble := range troublesOf(b.text) {
					t.Errorf("%s, block at line %d: %s", p.path, b.line, trouble)
				}
			}
		}
	}
}

// troublesOf reads a piece of a configuration: it may lack things, but what it says must hold.
func troublesOf(text string) []string {
	c := defaultConfig()
	err := c.parse("block", text)
	if err == nil {
		return nil
	}
	var all []string
	for _, line := range strings.Split(err.Error(), "\n") {
		if !strings.Contains(line, "is missing") && !strings.Contains(line, "needs password_file") {
			all = append(all, line)
		}
	}
	return all
}

// TestDocsNames: a command of ours named in the text exists; its arguments may be left out.
func TestDocsNames(t *testing.T) {
	for _, p := range pages(t) {
		for _, m := range codePattern.FindAllStringSubmatch(p.text, -1) {
			cmds, err := shellWords(m[1])
			if err != nil || len(cmds) == 0 {
				continue
			}
			args, is, err := ours(cmds[0])
			if err != nil || !is || len(args) == 0 {
				continue
			}
			if name, ok := named(t, args); !ok {
				t.Errorf("%s: `%s`: there is no command or flag %q", p.path, m[1], name)
			}
		}
	}
}

// named walks along the commands and looks up the flags.
func named(t *testing.T, args []string) (unknown string, ok bool) {
	t.Helper()
	node := definition(t).Node
	flags := slices.Clone(node.Flags)
	for i, a := range args {
		if flag, is := strings.CutPrefix(a, "--"); is {
			flag, _, _ = strings.Cut(flag, "=")
			if !slices.ContainsFunc(append(flags, node.Flags...), func(f *kong.Flag) bool { return f.Name == flag }) {
				return a, false
			}
			continue
		}
		found := false
		for _, c := range node.Children {
			if c.Name == a || slices.Contains(c.Aliases, a) {
				node, found = c, true
			}
		}
		if !found && i == 0 {
			return a, false
		}
		if !found && len(node.Children) > 0 && len(node.Positional) == 0 {
			return a, false
		}
	}
	return "", true
}

// metricsOf are the metrics that a scrape may hold, by name, and each `label="value"`.
func metricsOf(t *testing.T) map[string]bool {
	t.Helper()
	store := newMetrics(counts{stats: sqlite.Stats{}}, func() (none time.Time) { return }, func(string) string { return "" })
	now := time.Now()
	keep := newKeepMetrics(func() pulseReport {
		return pulseReport{IMAP: now, SMTP: now, Ticked: now, Pinged: now, Checked: now, BackedUp: now}
	},
		func(string) string { return "" }, func() (int64, error) { return 1, nil })
	all := map[string]bool{}
	descs := make(chan *prometheus.Desc, 100)
	together{store, keep, newTokenMetrics(nil), newOpinionMetrics(nil), newRulings()}.Describe(descs)
	close(descs)
	for d := range descs {
		all[regexp.MustCompile(`fqName: "([^"]+)"`).FindStringSubmatch(d.String())[1]] = true
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(store, keep, newRulings())
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				all[l.GetName()+`="`+l.GetValue()+`"`] = true
			}
		}
	}
	return all
}

// TestMonitoring: what dashboard, rules and pages ask for is measured, and what is measured is shown.
func TestMonitoring(t *testing.T) {
	have := metricsOf(t)
	paths, err := filepath.Glob(filepath.Join(docsRoot, "packaging", "monitoring", "*"))
	if err != nil || len(paths) < 3 {
		t.Fatal(paths, err)
	}
	used := map[string]bool{}
	for _, path := range append(paths, filepath.Join(docsRoot, "docs", "monitoring.md")) {
		text, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		plain := strings.ReplaceAll(string(text), `\"`, `"`)
		for _, name := range regexp.MustCompile(`\bwhyloop_[a-z_]+`).FindAllString(plain, -1) {
			used[name] = true
			if !have[name] {
				t.Errorf("%s asks for %s, which is not measured", path, name)
			}
		}
		for _, label := range regexp.MustCompile(`\b(state|server|file|label|ruling|of|part)="[a-z]+"`).FindAllString(plain, -1) {
			if !have[label] {
				t.Errorf("%s asks for %s, which no metric has", path, label)
			}
		}
	}
	for name := range have {
		if strings.HasPrefix(name, "whyloop_") && !used[name] {
			t.Errorf("%s is measured and neither shown nor watched", name)
		}
	}
}
