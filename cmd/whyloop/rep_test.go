package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

func TestRep(t *testing.T) {
	config := writeConfig(t, smallConfig)
	whyloop := func(stdin, args string, more ...string) called {
		return call(t, stdin, append(append([]string{"--config", config}, strings.Fields(args)...), more...)...)
	}
	for _, c := range []struct {
		name, stdin, args, manager string
		code                       int
		want                       string
	}{
		{"nobody yet", "", "rep list", "", exitOK, "No reps yet"},
		{"no address", "", "rep add sam --name Sam --zone Europe/London --manager", "Dana <dana@example.com>", exitUsage, "want a bare address"},
		{"no manager's name", "", "rep add sam@example.com --name Sam --zone Europe/London --manager", "dana@example.com", exitUsage, `want "Dana <dana@example.com>"`},
		{"no such zone", "", "rep add sam@example.com --name Sam --zone Mars --manager", "Dana <dana@example.com>", exitFailure, "Europe/Berlin"},
		{"contact as manager", "", "rep add sam@example.com --name Sam --zone Europe/London --manager", "Ines <ines@example.com>", exitFailure, "name another contact"},
		{"enrolled", "", "rep add Sam@Example.com --name Sam --zone Europe/London --manager", "Dana <dana@example.com>", exitOK, "Enrolled sam@example.com"},
		{"twice", "", "rep add sam@example.com --name Sam --zone Europe/London --manager", "Dana <dana@example.com>", exitFailure, "is enrolled already"},
		{"listed", "", "rep list", "", exitOK, "sam@example.com  Sam   invited  going on"},
		{"shown", "", "rep show sam@example.com", "", exitOK, "open question         invite"},
		{"unknown", "", "rep show pat@example.com", "", exitFailure, "no rep has the address pat@example.com"},
		{"its invite waits", "", "outbox", "", exitOK, "waiting  invite  sam@example.com  0"},
		{"paused", "", "rep pause sam@example.com --days 3", "", exitOK, "Paused."},
		{"shown as paused", "", "rep list", "", exitOK, "paused"},
		{"too long", "", "rep pause sam@example.com --days 999", "", exitUsage, "from 1 to 366"},
		{"resumed", "", "rep resume sam@example.com", "", exitOK, "Resumed."},
		{"not confirmed", "no\n", "rep remove sam@example.com", "", exitFailure, "nothing was deleted"},
		{"removed", "sam@example.com\n", "rep remove sam@example.com", "", exitOK, "Deleted."},
		{"gone", "", "rep list", "", exitOK, "No reps yet"},
		{"not again unasked", "", "rep add sam@example.com --name Sam --zone Europe/London --manager", "Dana <dana@example.com>", exitFailure, "add --again"},
		{"again", "", "rep add sam@example.com --again --name Sam --zone Europe/London --manager", "Dana <dana@example.com>", exitOK, "Enrolled"},
	} {
		var more []string
		if c.manager != "" {
			more = []string{c.manager}
		}
		got := whyloop(c.stdin, c.args, more...)
		if got.code != c.code || !strings.Contains(got.out+got.errors, c.want) {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", c.name, got.code, c.code, c.want, got.out, got.errors)
		}
	}
}

// TestRepAllowedDomains: a manager outside is refused.
func TestRepAllowedDomains(t *testing.T) {
	config := writeConfig(t, smallConfig+"[trust]\nallowed_domains = [\"example.com\"]\n")
	got := call(t, "", "--config", config, "rep", "add", "sam@example.com", "--name", "Sam", "--zone", "Europe/London", "--manager", "Dana <dana@elsewhere.example>")
	if got.code != exitFailure || !strings.Contains(got.errors, "allowed_domains") {
		t.Errorf("%+v", got)
	}
}

// TestCheckSaysNoSecret: nothing that check or a failing daemon prints holds the password.
func TestCheckSaysNoSecret(t *testing.T) {
	s, _ := setStage(t, demoPolicy)
	edit(t, s.config, `password_file = "password"`, `password_command = ["echo", "hunter2secret"]`)
	got := call(t, "", "--config", s.config, "check")
	var errs bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	run(ctx, []string{"--config", s.config, "run"}, strings.NewReader(""), &errs, &errs)
	if all := got.out + got.errors + errs.String(); strings.Contains(all, "hunter2secret") {
		t.Error(all)
	}
}
