package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

type statusCmd struct {
	JSON  bool          `name:"json" help:"For a program: one object."`
	Watch time.Duration `placeholder:"10s" help:"Print it again and again, so far apart, until Ctrl-C."`
}

// Help is shown under the command's own --help.
func (statusCmd) Help() string {
	return `Whether the daemon runs, what is due next, what waits and for how long, and when the mail servers last did their part. Counts and dates, no names. The exit code is 1 if something needs you.`
}

// status is the page.
type status struct {
	At      time.Time   `json:"at"`
	Runs    bool        `json:"daemon_runs"`
	Daemon  string      `json:"daemon,omitempty"` // who it is, and since when
	Reps    int         `json:"reps"`
	Active  int         `json:"reps_going_on"`
	OnHold  int         `json:"reps_held"`    // conversations that wait for the admin
	Bounced int         `json:"reps_bounced"` // their letters came back
	NextDue time.Time   `json:"next_due,omitzero"`
	Waiting int         `json:"letters_waiting"`
	Ready   int         `json:"letters_overdue"` // could have gone five minutes ago
	Retried int         `json:"letters_retried"` // refused or unreachable so far
	Failed  int         `json:"letters_failed"`
	Oldest  time.Time   `json:"oldest_overdue,omitzero"`
	Tried   time.Time   `json:"oldest_retried,omitzero"` // since when the one of them that could go first could
	Held    int         `json:"mails_held"`
	Poison  int         `json:"mails_poison"`         // of those: each try to handle them failed
	Strange int         `json:"mails_from_strangers"` // of those: no rep has the address, and they answer nothing of ours; mostly spam, so nothing that needs anybody
	Bytes   int64       `json:"store_bytes"`
	LastRun pulseReport `json:"last_run,omitzero"`
	Needs   []string    `json:"needs_you,omitempty"`
}

// Run prints the page once, or again and again.
func (cmd statusCmd) Run(env *environ) error {
	if cmd.Watch != 0 && cmd.Watch < time.Second {
		return usageError{fmt.Errorf("--watch: want a second or more")}
	}
	for {
		v, err := env.status()
		if err != nil {
			return err
		}
		if err := cmd.print(env.stdout, v); err != nil {
			return err
		}
		if cmd.Watch == 0 {
			return needed(v.Needs)
		}
		select {
		case <-env.ctx.Done():
			return nil
		case <-time.After(cmd.Watch):
		}
	}
}

// needed is the error of a page on which something needs the admin.
func needed(what []string) error {
	if len(what) == 0 {
		return nil
	}
	return fmt.Errorf("%s", count(len(what), "thing")+" to look at")
}

func (env *environ) status() (v status, err error) {
	err = env.withStore(func(c Config, s *sqlite.Store) error {
		holder, runs, err := sqlite.Running(s.Path())
		if err != nil {
			return err
		}
		if v, err = statusOf(env.ctx, s, env.now()); err != nil {
			return err
		}
		v.Daemon, v.Runs = holder, runs
		if v.LastRun, err = readPulse(s.Path()); err != nil {
			return err
		}
		v.Needs = v.needs(c)
		return nil
	})
	return v, err
}

// statusOf counts what the store holds.
func statusOf(ctx context.Context, s *sqlite.Store, now time.Time) (status, error) {
	v := status{At: now}
	stats, err := s.Stats(ctx)
	if err != nil {
		return v, err
	}
	v.Reps, v.NextDue, v.Waiting, v.Failed, v.Held, v.Bytes = stats.Conversations, stats.NextDue, stats.Waiting+stats.Claimed, stats.Failed, stats.Held, stats.FileBytes+stats.LogBytes
	reps, err := s.List(ctx)
	if err != nil {
		return v, err
	}
	for _, r := range reps {
		switch {
		case r.Held != "":
			v.OnHold++
		case r.End == conversation.Bounced:
			v.Bounced++
		case r.End == conversation.NotEnded && !r.Paused:
			v.Active++
		}
	}
	held, err := s.Held(ctx)
	if err != nil {
		return v, err
	}
	for _, h := range held {
		switch h.Reason {
		case "poison":
			v.Poison++
		case "unknown-sender":
			v.Strange++
		}
	}
	return v, v.countLetters(ctx, s)
}

// countLetters counts what is in the outbox.
func (v *status) countLetters(ctx context.Context, s *sqlite.Store) error {
	letters, err := s.Outbox(ctx)
	if err != nil {
		return err
	}
	for _, d := range letters {
		if d.State == conversation.DeliveryFailed {
			continue
		}
		if d.Attempts > 0 && d.State == conversation.DeliveryWaiting {
			v.Retried++
			v.Tried = older(v.Tried, d.Since)
		}
		if v.At.Sub(d.Next) > late {
			v.Ready++
			v.Oldest = older(v.Oldest, d.Since)
		}
	}
	return nil
}

// older is the earlier of two moments; the first may not be set.
func older(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func (cmd statusCmd) print(w io.Writer, v status) error {
	if cmd.JSON {
		return json.NewEncoder(w).Encode(v)
	}
	daemon := "does not run"
	if v.Runs {
		daemon = "runs, " + v.Daemon
	}
	var b strings.Builder
	for _, l := range [][2]string{
		{"at", day(v.At) + " UTC"},
		{"daemon", daemon},
		{"reps", fmt.Sprintf("%d, %d going on, %d held, %d bounced", v.Reps, v.Active, v.OnHold, v.Bounced)},
		{"next due", day(v.NextDue)},
		{"letters", fmt.Sprintf("%d waiting, %d overdue, %d being retried, %d failed", v.Waiting, v.Ready, v.Retried, v.Failed)},
		{"oldest overdue", day(v.Oldest)},
		{"mails held", fmt.Sprintf("%d, %d from strangers", v.Held, v.Strange)},
		{"mailbox read", day(v.LastRun.IMAP)},
		{"letter accepted", day(v.LastRun.SMTP)},
		{"store checked", day(v.LastRun.Checked)},
		{"backed up", day(v.LastRun.BackedUp)},
		{"pinged", day(v.LastRun.Pinged)},
		{"store", size(v.Bytes)},
	} {
		fmt.Fprintf(&b, "%-16s %s\n", l[0], l[1])
	}
	for _, n := range v.Needs {
		fmt.Fprintf(&b, "\n! %s", n)
	}
	if len(v.Needs) == 0 {
		b.WriteString("\nNothing needs you.")
	}
	_, err := fmt.Fprintln(w, b.String())
	return err
}
