package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"whyloop/conversation/sqlite"
)

// The exit codes. A script may tell a mistake of its own from a failure of ours.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// commands is the command line: kong reads it from the tags.
type commands struct {
	Config string `help:"The configuration file." env:"WHYLOOP_CONFIG" placeholder:"FILE" default:"whyloop.toml"`

	Demo    demoCmd    `cmd:"" help:"Watch three weeks of coaching in a few seconds: own mail servers, own clock, nothing to set up."`
	Init    initCmd    `cmd:"" help:"Write a commented configuration to begin with."`
	Check   checkCmd   `cmd:"" help:"Check the configuration and sign in to the mail servers; each trouble is named with its mend."`
	Login   loginCmd   `cmd:"" help:"Sign in at a provider that wants tokens (OAuth2) instead of passwords."`
	Run     runCmd     `cmd:"" help:"Run the daemon: read the inbox, coach, send."`
	Status  statusCmd  `cmd:"" help:"See on one page whether all is well: the daemon, what is due, what waits, and what needs you."`
	Due     dueCmd     `cmd:"" help:"List what goes out until tomorrow: who, which letter and when, never its words."`
	Rep     repCmd     `cmd:"" help:"Enrol reps one by one or from a file, look at where they stand, and change, pause, stop or forget them."`
	Outbox  outboxCmd  `cmd:"" help:"Look at letters that wait or failed: when and how often, never their words."`
	Held    heldCmd    `cmd:"" help:"Look at mail that nothing was done about."`
	Backup  backupCmd  `cmd:"" help:"Copy the store and its key to a folder while the daemon runs, verified, and keep the newest few."`
	Restore restoreCmd `cmd:"" help:"Put a backup in the store's place; what is there is kept aside."`
	Key     keyCmd     `cmd:"" help:"Look at the keys that sign our mail and its reply tokens, make a new one, and retire an old one."`
	Letters lettersCmd `cmd:"" help:"List the letters, look at them in a browser, and check your own wording."`
	Read    readCmd    `cmd:"" help:"Read messages as the daemon would and print what was understood."`
	Judge   judgeCmd   `cmd:"" help:"Judge ladders: is an answer new, or has it come round again?"`
	Version versionCmd `cmd:"" help:"Print the version."`

	Completion completionCmd `cmd:"" help:"Print a completion script for a shell."`
	Docs       docsCmd       `cmd:"" hidden:"" help:"Print what packages ship beside the binary."`
}

// about opens the help.
const about = `Coaching by email: whyloop asks "What will that get you?" until the answer stops changing, then for one tiny step a week.

New here? Try "whyloop demo".`

// environ is what a command gets from the world, so that tests can be the world.
type environ struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	config         string // path of the configuration
	machine        machine
}

// errNoSQLite is what a newcomer without a C compiler needs to know.
var errNoSQLite = errors.New("this whyloop was built without SQLite, which needs a C compiler: install one (Debian: apt-get install gcc) and build again with CGO_ENABLED=1")

// usageError is a mistake in how the command was called.
type usageError struct{ error }

// run is the whole program but for the process: it parses args, runs one command
// and returns its exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return runAt(ctx, time.Now, args, stdin, stdout, stderr)
}

// runAt is run by another clock.
func runAt(ctx context.Context, now func() time.Time, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return (&environ{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, now: now, machine: thisMachine()}).run(args)
}

// run is the whole program in a world of its own.
func (env *environ) run(args []string) int {
	stdout, stderr := env.stdout, env.stderr
	var cli commands
	exited := false
	parser, err := kong.New(&cli,
		kong.Name("whyloop"), kong.Description(about),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { exited = true }), // --help: kong prints it and would exit
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "whyloop:", err)
		return exitFailure
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	call, err := parser.Parse(args)
	if exited {
		return exitOK
	}
	if err != nil {
		fmt.Fprintf(stderr, "whyloop: %v\nTry \"whyloop --help\".\n", err)
		return exitUsage
	}
	env.config = cli.Config
	return exitCode(call.Run(env), stderr)
}

// exitCode says a command's error once, and turns it into an exit code.
func exitCode(err error, stderr io.Writer) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, syscall.EPIPE) { // the reader has seen enough
		return exitFailure
	}
	if errors.Is(err, sqlite.ErrNoCgo) {
		err = errNoSQLite
	}
	fmt.Fprintln(stderr, "whyloop:", err)
	if errors.As(err, new(usageError)) {
		return exitUsage
	}
	return exitFailure
}
