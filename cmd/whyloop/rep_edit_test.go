package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// office is a configuration with a store and a clock, for commands that run without a daemon.
type office struct {
	t      *testing.T
	config string
	now    time.Time
}

func newOffice(t *testing.T, more ...string) *office {
	return &office{t, writeConfig(t, smallConfig+strings.Join(more, "")), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
}

// whyloop runs a command, split at spaces but for the words given apart.
func (o *office) whyloop(stdin, args string, more ...string) called {
	o.t.Helper()
	var out, errs bytes.Buffer
	all := append(append([]string{"--config", o.config}, strings.Fields(args)...), more...)
	code := runAt(context.Background(), func() time.Time { return o.now }, all, strings.NewReader(stdin), &out, &errs)
	return called{code, out.String(), errs.String()}
}

// must runs a command that has to succeed and say something.
func (o *office) must(want, args string, more ...string) string {
	o.t.Helper()
	got := o.whyloop("", args, more...)
	if got.code != exitOK || !strings.Contains(got.out, want) {
		o.t.Fatalf("%s: exit %d, want %q in\n%s%s", args, got.code, want, got.out, got.errors)
	}
	return got.out
}

// refuses runs a command that has to fail and say why.
func (o *office) refuses(want, args string, more ...string) {
	o.t.Helper()
	got := o.whyloop("", args, more...)
	if got.code == exitOK || !strings.Contains(got.errors, want) {
		o.t.Errorf("%s: exit %d, want %q in\n%s%s", args, got.code, want, got.out, got.errors)
	}
}

// withStore looks at the store behind the commands' back, or changes it.
func (o *office) withStore(do func(*conversation.Coach, *sqlite.Store)) {
	o.t.Helper()
	env := &environ{ctx: context.Background(), stderr: os.Stderr, now: func() time.Time { return o.now }, config: o.config}
	err := env.withCoach(func(k *conversation.Coach, s *sqlite.Store) error {
		do(k, s)
		return nil
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

// rep is what the store holds about an address.
func (o *office) rep(address string) (c conversation.Conversation) {
	o.t.Helper()
	o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
		var err error
		if c, err = s.ByAddress(context.Background(), address); err != nil {
			o.t.Fatal(err)
		}
	})
	return c
}

// change alters a stored conversation.
func (o *office) change(address string, do func(*conversation.Conversation)) {
	o.t.Helper()
	o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
		c, err := s.ByAddress(context.Background(), address)
		if err != nil {
			o.t.Fatal(err)
		}
		do(&c)
		if err := s.Apply(context.Background(), conversation.Change{Conversation: c, Handled: newID(), At: o.now}); err != nil {
			o.t.Fatal(err)
		}
	})
}

const addSam = "rep add sam@example.com --name Sam --zone Europe/London --manager"

func (o *office) enrol() {
	o.t.Helper()
	o.must("Enrolled", addSam, "Dana <dana@example.com>")
}

// confided is a word of the rep's that no command but an export may print.
const confided = "canaryconfided"

func (o *office) confide() {
	o.t.Helper()
	o.change("sam@example.com", func(c *conversation.Conversation) {
		c.Stage, c.Why, c.Sharing = conversation.StageActive, confided, conversation.Sharing{Why: true, Cc: true, OK: true, Line: confided}
		c.Ladder.Goal = confided
		c.Asked = conversation.Asked{}
		c.Steps = []conversation.Step{{Text: confided, At: o.now}}
		c.Preview = &conversation.Preview{Week: "2026-W48", At: o.now.Add(time.Hour), Summary: conversation.Summary{Rep: "Sam", Manager: "Dana", Step: confided}}
	})
}

func TestRepEdit(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	o.must("Changed.", "rep edit sam@example.com --name Samuel --zone Europe/Berlin --language DE")
	if c := o.rep("sam@example.com"); c.Rep.Name != "Samuel" || c.Rep.Address.Name != "Samuel" || c.Rep.Zone != "Europe/Berlin" || c.Rep.Language != "de" {
		t.Errorf("%+v", c.Rep)
	}
	id := o.rep("sam@example.com").ID
	o.must("Changed.", "rep edit sam@example.com --address Samuel.Jones@Example.com")
	if c := o.rep("samuel.jones@example.com"); c.ID != id {
		t.Error("another conversation")
	}
	if out := o.must("", "outbox"); strings.Contains(out, "sam@example.com") || !strings.Contains(out, "samuel.jones@example.com") {
		t.Errorf("what waited for the old address:\n%s", out)
	}
	o.enrol()
	o.refuses("belongs to another rep", "rep edit sam@example.com --address samuel.jones@example.com")
	o.refuses("nothing to change", "rep edit sam@example.com")
	o.refuses("name another contact", "rep edit sam@example.com --manager", "Ines <ines@example.com>")
	o.refuses("no letters in \"xx\"", "rep edit sam@example.com --language xx")
	o.refuses("Europe/Berlin", "rep edit sam@example.com --zone Mars")
	o.refuses("control or invisible", "rep edit sam@example.com --name", "Sam\r\nBcc: all@example.com")
	o.refuses("control or invisible", "rep edit sam@example.com --name", "Sam\u202e")
	o.refuses("no rep has", "rep edit pat@example.com --name Pat")
}

// TestRepEditManager: another manager inherits nothing.
func TestRepEditManager(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	o.confide()
	out := o.must("Changed.", "rep edit sam@example.com --manager", "Robin <robin@example.com>")
	c := o.rep("sam@example.com")
	if c.Sharing != (conversation.Sharing{}) || c.Preview != nil || c.Rep.Manager.Name != "Robin" {
		t.Errorf("%+v %+v", c.Sharing, c.Preview)
	}
	out += o.must("manager  sam@example.com", "outbox")
	if strings.Contains(out, confided) {
		t.Error(out)
	}
}

// TestRepLead: a manager who goes first has nobody copied.
func TestRepLead(t *testing.T) {
	o := newOffice(t)
	o.must("Enrolled", "rep add robin@example.com --name Robin --zone Europe/London --as-manager")
	if c := o.rep("robin@example.com"); !c.Rep.Lead || c.Rep.Manager.Mail != "" || c.Sharing.Cc {
		t.Errorf("%+v", c.Rep)
	}
	o.must("goes first", "rep show robin@example.com")
	o.refuses("one of --manager and --as-manager", "rep add pat@example.com --name Pat --zone Europe/London")
	o.refuses("one of --manager and --as-manager", "rep add pat@example.com --name Pat --zone Europe/London --as-manager --manager", "Dana <dana@example.com>")
	o.refuses("leave the manager out", "rep edit robin@example.com --manager", "Dana <dana@example.com>")
}

func TestRepStop(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	o.must("Stopped", "rep stop sam@example.com")
	o.must("The outbox is empty", "outbox")
	o.must("stopped", "rep show sam@example.com")
	o.must("Deleted.", "rep forget sam@example.com --yes")
	o.refuses("--again", addSam, "Dana <dana@example.com>")
}

// TestRepExport: the words go to the admin by this command alone, and the rep is told with the same files.
func TestRepExport(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	o.confide()
	dir := filepath.Join(t.TempDir(), "sam")
	o.must("They are told", "rep export sam@example.com", dir)
	o.must("export  sam@example.com", "outbox")
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", e.Name(), info.Mode(), err)
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil || !strings.Contains(string(data), confided) {
			t.Errorf("%s: %v\n%s", e.Name(), err, data)
		}
	}
	o.refuses("is there already", "rep export sam@example.com", dir)
	o.change("sam@example.com", func(c *conversation.Conversation) { c.End = conversation.Bounced })
	untold := filepath.Join(t.TempDir(), "untold")
	o.refuses("could not be told", "rep export sam@example.com", untold)
	if _, err := os.Stat(untold); err == nil {
		t.Error("a folder was left")
	}
}

// settle says what became of every letter that could go.
func (o *office) settle(outcome conversation.Settlement) {
	o.t.Helper()
	o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
		ctx := context.Background()
		ds, err := s.Claim(ctx, o.now, time.Minute, 100)
		if err != nil || len(ds) == 0 {
			o.t.Fatalf("%d letters, %v", len(ds), err)
		}
		for _, d := range ds {
			if err := s.Settle(ctx, d.Letter, d.Recipient, outcome, o.now); err != nil {
				o.t.Fatal(err)
			}
		}
	})
}

func (o *office) settleAll() {
	o.t.Helper()
	o.settle(conversation.Settlement{State: conversation.DeliverySent})
}
