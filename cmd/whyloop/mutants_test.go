package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mutantRooms are where it is decided what a mail is and who may speak, each with those of its tests that hold it.
func mutantRooms() []mutantRoom {
	return []mutantRoom{
		{"parser", `^(class|auto|spam|report|bounce|verdict|failures|absent|sender|languages_\w+)\.go$`, "^Test", "^(TestBombs|TestMailCorpus|TestReplyCorpus|TestGoldenLetters|TestOwnLetters|TestAnswers|TestEveryPhrase|TestAddressesGrowWithSize)$"},
		{"mailer", `^(receive|keys)\.go$`, "^Test(Desk|Key|New|Compose)", "^$"},
		{"conversation", `^(trust|second)\.go$`, "^Test", "^(TestRandomWalks|TestRingOncePerWeekInEveryZone|TestStateDiagram)$"},
	}
}

// decides matches what only such files name: a file that does is searched without being listed.
var decides = regexp.MustCompile(`\bAuth(Pass|Fail|None|Temp)\b|\bProof(Pass|Fail|None)\b|\bm\.is\(|\bBounce(Hard|Soft)\b`)

type mutantRoom struct {
	dir         string
	files       string // searched besides those that decide
	tests, skip string // of the room; what is left out is slow, or reads mail that is not ours to copy
}

// TestEveryRuleIsHeld switches each rule of the classifier, each guard of the sender's proof and each row of their
// tables off, one at a time, and wants a test to fail. WHYLOOP_MUTANTS=all tries every one, parser/class.go
// those of a file, "range " those of a kind, and a number so many of them, evenly spread.
func TestEveryRuleIsHeld(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds test binaries")
	}
	m := plantMutants(t)
	wanted := m.wanted(t)
	m.asleep(t)
	survivors, known := 0, 0
	for _, n := range wanted {
		switch file, _, _ := strings.Cut(m.all[n].at, ":"); {
		case m.killed(t, n):
		case unmissed()[file+" "+m.all[n].in+": "+m.all[n].what] != "":
			known++
		default:
			survivors++
			t.Errorf("no test misses %s: %s", m.all[n].at, m.all[n].what)
		}
	}
	m.asleep(t) // what failed meanwhile failed of the mutants alone
	t.Logf("%d of %d mutants were tried: %d killed, %d make no difference by design, %d survived", len(wanted), len(m.all), len(wanted)-survivors-known, known, survivors)
}

// asleep makes sure that the tests pass while no mutant is awake.
func (p *plantation) asleep(t *testing.T) {
	t.Helper()
	for _, r := range mutantRooms() {
		if _, err := p.binary(r); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if out, err := p.run(r, -1); err != nil {
			t.Fatalf("%s fails with every mutant asleep: %v\n%s", r.dir, err, out)
		}
		if _, known := p.limit[r.dir]; !known {
			p.limit[r.dir] = min(5*time.Second+20*time.Since(began), mutantTime)
		}
	}
}

// wanted are the numbers of the mutants that are to be tried.
func (p *plantation) wanted(t *testing.T) []int {
	t.Helper()
	var all []int
	begin := os.Getenv("WHYLOOP_MUTANTS")
	if _, err := strconv.Atoi(begin); err == nil || begin == "" {
		tries := many(t, "WHYLOOP_MUTANTS", 30)
		for k := range tries {
			all = append(all, k*len(p.all)/tries)
		}
		return all
	}
	for n, m := range p.all {
		if begin == "all" || strings.HasPrefix(m.at, begin) || strings.HasPrefix(m.what, begin) {
			all = append(all, n)
		}
	}
	return all
}

// unmissed are the mutants that change nothing that anyone can see, each with what it is there for.
func unmissed() map[string]string {
	return map[string]string{
		"parser/absent.go away: or awayNeedles.count(spaced(s), 1) == 0": "spares most mails the search for their own words, in which the same is asked",
		"parser/parser.go readAll: if len(chunks) == 1":                  "spares small mails a copy",
		"mailer/receive.go Handle: if err != nil":                        "parsing fails of its reader alone, and bytes do not fail",
	}
}

// plantation is the mutants of all rooms in one build of each test binary.
type plantation struct {
	dir   string
	all   []mutant
	rooms map[string]mutantRoom // by the directory of a mutant's file
	bins  map[string]string
	limit map[string]time.Duration // of a room's tests, once it is known how long they take
}

// plantMutants writes the rewritten files, which replace the true ones in the builds of the tests.
func plantMutants(t *testing.T) *plantation {
	t.Helper()
	p := &plantation{dir: t.TempDir(), rooms: map[string]mutantRoom{}, bins: map[string]string{}, limit: map[string]time.Duration{}}
	overlay := map[string]string{}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	write := func(dir, name, text string) {
		to := filepath.Join(p.dir, strconv.Itoa(len(overlay))+".go")
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(root, dir, name)] = to
	}
	for _, r := range mutantRooms() {
		p.rooms[r.dir] = r
		names := r.searched(t)
		for _, name := range names {
			src, err := os.ReadFile(filepath.Join("../..", r.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			found, text, err := findMutants(r.dir+"/"+name, string(src), len(p.all))
			if err != nil {
				t.Fatal(err)
			}
			p.all = append(p.all, found...)
			write(r.dir, name, text)
		}
		write(r.dir, "mutants.go", fmt.Sprintf(mutantHelp, r.dir))
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err == nil {
		err = os.WriteFile(p.overlay(), text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// searched are the files of a room in which mutants are looked for.
func (r mutantRoom) searched(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("../..", r.dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		if !strings.HasSuffix(name, "_test.go") && (regexp.MustCompile(r.files).MatchString(name) || decides.Match(src)) {
			names = append(names, name)
		}
	}
	return names
}

func (p *plantation) overlay() string { return filepath.Join(p.dir, "overlay.json") }

// killed reports whether a test of its own room fails while a mutant is awake.
func (p *plantation) killed(t *testing.T, n int) bool {
	t.Helper()
	dir, _, _ := strings.Cut(p.all[n].at, "/")
	out, err := p.run(p.rooms[dir], n)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v\n%s", err, out)
	}
	return err != nil
}

// mutantTime is how long a room's tests may take at the most. With a mutant awake it is twenty times what they take with none,
// and 5 s: one may make a loop endless, and that is a failure like any other.
const mutantTime = 5 * time.Minute

// binary is a room's tests, built once.
func (p *plantation) binary(r mutantRoom) (string, error) {
	bin := p.bins[r.dir]
	if bin == "" {
		bin = filepath.Join(p.dir, strings.ReplaceAll(r.dir, "/", "-")+".test")
		build := exec.Command("go", "test", "-c", "-vet=off", "-overlay", p.overlay(), "-o", bin, "whyloop/"+r.dir)
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build %s: %s\n%s", r.dir, err, out) // no exit of a test's
		}
		p.bins[r.dir] = bin
	}
	return bin, nil
}

// run runs a room's tests with a mutant awake, or with none.
func (p *plantation) run(r mutantRoom, n int) ([]byte, error) {
	bin, err := p.binary(r)
	if err != nil {
		return nil, err
	}
	limit, known := p.limit[r.dir]
	if !known {
		limit = mutantTime
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "-test.run", r.tests, "-test.skip", r.skip, "-test.failfast", "-test.short")
	cmd.Dir = filepath.Join("../..", r.dir)
	cmd.Env = append(os.Environ(), "WHYLOOP_MUTANT="+strconv.Itoa(n))
	return cmd.CombinedOutput()
}

// TestMutantsAreFound: whatever can be switched off is found without being listed, and can be.
func TestMutantsAreFound(t *testing.T) {
	const src = `package x

var words = []string{"a", "b"}
var codes = map[string]bool{"5.1.1": true}

func f(s string, n int) bool {
	if s == "" {
		return false
	}
	switch s {
	case "x", "y":
		return n > 1 && s != "z"
	}
	for i := 0; i < n && n < 9; i++ {
		for _, r := range s {
			n += int(r)
		}
	}
	for n > 9 {
		n--
	}
	return n == 2 || n == 3
}

var languages = []language{{auto: "a|b"}, {auto: "b|c"}}
`
	found, text, err := findMutants("x.go", src, 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range found {
		got = append(got, m.at+" "+m.in+": "+m.what)
	}
	want := []string{
		`x.go:3 : row "a"`, `x.go:3 : row "b"`, `x.go:4 : row "5.1.1"`, `x.go:7 f: if s == ""`, `x.go:11 f: case s "x"`, `x.go:11 f: case s "y"`,
		`x.go:12 f: return n > 1 && s != "z"`, `x.go:12 f: and n > 1`, `x.go:12 f: and s != "z"`,
		`x.go:14 f: for i < n && n < 9`, `x.go:14 f: and i < n`, `x.go:14 f: and n < 9`, `x.go:15 f: range s`, `x.go:19 f: for n > 9`,
		`x.go:22 f: or n == 2`, `x.go:22 f: or n == 3`,
		`x.go:25 : row {auto: "a|b"}`, `x.go:25 : row {auto: "b|c"}`, `x.go:25 : word a`, `x.go:25 : word b`, `x.go:25 : word c`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, line := range []string{
		`var words = mutantRows(10, []string{"a", "b"})`,
		`var codes = mutantKeys(12, map[string]bool{"5.1.1": true}, "5.1.1")`,
		`if (!mutantAwake(13) && (s == "")) {`,
		`case !mutantAwake(14) && (s) == ("x"), !mutantAwake(15) && (s) == ("y"):`,
		`return (!mutantAwake(16) && ((mutantAwake(17) || (n > 1)) && (mutantAwake(18) || (s != "z"))))`,
		`for i := 0; (!mutantAwake(19) && ((mutantAwake(20) || (i < n)) && (mutantAwake(21) || (n < 9)))); i++ {`,
		`for _, r := range s { if mutantAwake(22) { break };`,
		`for (!mutantAwake(23) && (n > 9)) {`,
		`return (!mutantAwake(24) && (n == 2)) || (!mutantAwake(25) && (n == 3))`,
		`{auto: mutantWords("a|b", 28, 29)}, {auto: mutantWords("b|c", 29, 30)}`,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("nowhere is %s in\n%s", line, text)
		}
	}
}
