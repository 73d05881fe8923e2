package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// problem is one thing wrong with a configuration file.
type problem struct {
	file string
	line int // 0: nowhere in particular
	text string
}

func (p problem) Error() string {
	if p.line == 0 {
		return fmt.Sprintf("%s: %s", p.file, p.text)
	}
	return fmt.Sprintf("%s:%d: %s", p.file, p.line, p.text)
}

// parse sets what the file says and reports everything that is wrong with it.
func (c *Config) parse(file, data string) error {
	var tree map[string]any
	if _, err := toml.Decode(data, &tree); err != nil {
		return syntaxError(file, err)
	}
	r := configReader{file: file, lines: keyLines(data), sections: c.sections()}
	r.read(tree)
	r.checkTogether(c)
	slices.SortStableFunc(r.problems, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	errs := make([]error, len(r.problems))
	for i, p := range r.problems {
		errs[i] = p
	}
	return errors.Join(errs...)
}

func syntaxError(file string, err error) error {
	if pe := (toml.ParseError{}); errors.As(err, &pe) {
		return problem{file, pe.Position.Line, pe.Message}
	}
	return problem{file: file, text: err.Error()}
}

// configReader walks what TOML decoded along the table of settings.
type configReader struct {
	file     string
	lines    map[string]int // "imap.server", or "imap" for its heading -> line
	sections []section
	problems []problem
}

func (r *configReader) complain(key, format string, args ...any) {
	r.problems = append(r.problems, problem{r.file, r.lines[key], fmt.Sprintf(format, args...)})
}

func (r *configReader) read(tree map[string]any) {
	for name := range tree {
		if r.section(name) == nil {
			r.unknownSection(name, tree[name])
		}
	}
	for _, sec := range r.sections {
		given, ok := tree[sec.name].(map[string]any)
		if !ok && tree[sec.name] != nil {
			r.complain(sec.name, "%q is a section; write [%s]", sec.name, sec.name)
			continue
		}
		r.readSection(sec, given)
	}
}

func (r *configReader) section(name string) *section {
	for i := range r.sections {
		if r.sections[i].name == name {
			return &r.sections[i]
		}
	}
	return nil
}

func (r *configReader) readSection(sec section, given map[string]any) {
	var known []string
	for _, s := range sec.settings {
		known = append(known, s.key)
		path := sec.name + "." + s.key
		v, ok := given[s.key]
		if !ok {
			if s.must {
				r.missing(sec, s)
			}
			continue
		}
		if err := s.value.set(v); err != nil {
			r.complain(path, "%s: %v", path, err)
		} else if s.must && v == "" {
			r.complain(path, "%s is empty; write for example %s", path, s.example)
		}
	}
	for key := range given {
		if !slices.Contains(known, key) {
			r.unknownKey(sec.name, key, known)
		}
	}
}

// missing points at the section's heading where there is one.
func (r *configReader) missing(sec section, s setting) {
	r.complain(sec.name, "[%s] %s is missing; write for example: %s = %s", sec.name, s.key, s.key, s.example)
}

// unknownSection also catches a key that was written above every heading.
func (r *configReader) unknownSection(name string, v any) {
	if _, ok := v.(map[string]any); !ok {
		for _, sec := range r.sections {
			if slices.ContainsFunc(sec.settings, func(s setting) bool { return s.key == name }) {
				r.complain(name, "unknown key %q; it belongs under [%s]", name, sec.name)
				return
			}
		}
	}
	var known []string
	for _, sec := range r.sections {
		known = append(known, sec.name)
	}
	r.complain(name, "unknown section %q%s", name, didYouMean(name, known))
}

// unknownKey suggests the nearest key of the section, else the section that has it.
func (r *configReader) unknownKey(sec, key string, known []string) {
	path := sec + "." + key
	for _, other := range r.sections {
		if slices.ContainsFunc(other.settings, func(s setting) bool { return s.key == key }) {
			r.complain(path, "unknown key %q in [%s]; it belongs under [%s]", key, sec, other.name)
			return
		}
	}
	r.complain(path, "unknown key %q in [%s]%s", key, sec, didYouMean(key, known))
}

// checkTogether checks what no single value shows.
func (r *configReader) checkTogether(c *Config) {
	r.checkServer("imap", c.IMAP.serverConfig, c.OAuth.opens("imap"))
	r.checkServer("smtp", c.SMTP.serverConfig, c.OAuth.opens("smtp"))
	r.checkOAuth(c.OAuth)
	r.checkJudge(c.Judge)
	r.checkAlerts(c)
	if len(c.Trust.ARCSealers) > 0 && c.Trust.AuthservID == "" {
		r.complain("trust.arc_sealers", "trust.arc_sealers: whether their seals are whole is for a server of yours to say; name it in trust.authserv_id")
	}
	if c.Hours.From >= c.Hours.To {
		r.complain("hours.to", "hours.to must be later than hours.from")
	}
	if c.Policy.PerDay > c.Policy.PerWeek {
		r.complain("policy.per_day", "policy.per_day is more than policy.per_week")
	}
	if c.Contact.Address != "" && strings.EqualFold(c.Contact.Address, c.Mailbox.Address) {
		r.complain("contact.address", "contact.address is the coaching mailbox itself; name a person")
	}
}

func (r *configReader) checkServer(sec string, s serverConfig, token bool) {
	switch {
	case s.Password.File != "" && len(s.Password.Command) > 0:
		r.complain(sec+".password_command", "[%s] has both password_file and password_command; keep one", sec)
	case token && s.Password.given():
		r.complain(sec, "[%s] has a password, and oauth.servers names it too; keep one", sec)
	case sec == "imap" && !token && !s.Password.given():
		r.complain(sec, "[%s] needs password_file or password_command, or tokens by [oauth]", sec)
	case s.TLS == tlsNone && s.Server != "" && !loopback(s.Server):
		r.complain(sec+".tls", "%s.tls is \"none\", but %q is not on this machine; use \"tls\" or \"starttls\"", sec, s.Server)
	}
}

// keyLines finds the line of each heading and key. TOML's decoder says it for syntax errors alone.
// Keys that are written in ways no one writes here (dotted, quoted) are found by
// their last part, or not at all: the message then lacks its line, no more.
func keyLines(data string) map[string]int {
	lines := map[string]int{}
	sec := ""
	for i, line := range strings.Split(data, "\n") {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok && !strings.Contains(line, "=") {
			name, _, _ = strings.Cut(name, "]")
			sec = strings.Trim(name, `[ "'`)
			lines[sec] = i + 1
			continue
		}
		key, _, ok := strings.Cut(line, "=")
		if key = strings.Trim(key, ` "'`); !ok || key == "" || strings.HasPrefix(key, "#") {
			continue
		}
		if sec != "" {
			key = sec + "." + key
		}
		if lines[key] == 0 {
			lines[key] = i + 1
		}
	}
	return lines
}

// didYouMean names the nearest known word, if any is near.
func didYouMean(word string, known []string) string {
	best, distance := "", len(word)/2+1
	for _, k := range known {
		if d := editDistance(word, k); d < distance {
			best, distance = k, d
		}
	}
	if best == "" {
		return "; known are " + strings.Join(known, ", ")
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
