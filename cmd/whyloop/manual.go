package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// docsCmd prints what packages ship beside the binary. It is hidden: people read the
// results, builds call it.
type docsCmd struct {
	Man    docsManCmd    `cmd:"" help:"Print the manual page, in man(7) format."`
	Config docsConfigCmd `cmd:"" help:"Print a commented configuration that keeps its store in a folder of its own."`
}

type docsManCmd struct{}

// Run prints whyloop(1).
func (docsManCmd) Run(env *environ, ctx *kong.Context) error {
	_, err := io.WriteString(env.stdout, manual(ctx.Model, builtAt(env.now)))
	return err
}

type docsConfigCmd struct {
	State string `arg:"" help:"The folder of the store and its key."`
}

// Run prints the reference of init with the store elsewhere.
func (cmd docsConfigCmd) Run(env *environ) error { return packagedConfig(cmd.State).write(env.stdout) }

// packagedConfig is what a package lays down: nothing is filled in, and the store is where packages keep theirs.
func packagedConfig(state string) Config {
	c := defaultConfig()
	for _, path := range []*string{&c.Store.Path, &c.Store.KeyFile, &c.OAuth.TokenFile} {
		*path = strings.Replace(*path, "state", state, 1)
	}
	return c
}

// builtAt is the moment that a reproducible build names (reproducible-builds.org's
// SOURCE_DATE_EPOCH), else now.
func builtAt(now func() time.Time) time.Time {
	if s, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(s, 0).UTC()
	}
	return now().UTC()
}

// roff escapes text for man(7): a line that begins with a dot or a quote would be a request.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	return regexp.MustCompile(`(?m)^([.'])`).ReplaceAllString(text, `\&$1`)
}

// manual is the whole page.
func manual(app *kong.Application, at time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH WHYLOOP 1 %s \"whyloop %s\"\n", at.Format(time.DateOnly), roff(release))
	fmt.Fprintf(&b, ".SH NAME\nwhyloop \\- coaching for salespeople, by email\n")
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B whyloop\n[\\fB\\-\\-config\\fR \\fIFILE\\fR] \\fIcommand\\fR [\\fIarguments\\fR]\n")
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s\n", paragraphs(app.Help))
	b.WriteString(".SH OPTIONS\n")
	for _, f := range app.Flags {
		manFlag(&b, f)
	}
	b.WriteString(".SH COMMANDS\n")
	for _, leaf := range leaves(app.Node) {
		manCommand(&b, leaf)
	}
	b.WriteString(manualEnd)
	return b.String()
}

const manualEnd = `.SH EXIT STATUS
.TP
0
All went well.
.TP
1
Something failed; one line on standard error says what.
.TP
2
The command line was not understood.
.SH ENVIRONMENT
.TP
.B WHYLOOP_CONFIG
The configuration file, where
.B \-\-config
names none.
.TP
.BR NOTIFY_SOCKET ", " WATCHDOG_USEC
Set by
.BR systemd (1);
.B whyloop run
then says when it is ready and that it is alive.
.SH FILES
.TP
.I /etc/whyloop/whyloop.toml
The configuration of the Debian package's service, mode 0600.
.TP
.I /var/lib/whyloop
Its store and key, for their owner alone.
.SH SEE ALSO
.BR systemctl (1),
.BR journalctl (1)
`

// paragraphs keeps the empty lines of a text as paragraphs, and lines that are indented as
// they stand.
func paragraphs(text string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		switch {
		case line == "":
			b.WriteString(".PP\n")
		case strings.HasPrefix(line, " "):
			fmt.Fprintf(&b, ".br\n%s\n", roff(strings.TrimSpace(line)))
		default:
			fmt.Fprintf(&b, "%s\n", roff(line))
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func manCommand(b *strings.Builder, n *kong.Node) {
	fmt.Fprintf(b, ".SS %s\n%s\n", roff(usageOf(n)), roff(n.Help))
	if n.Detail != "" {
		fmt.Fprintf(b, ".PP\n%s\n", paragraphs(n.Detail))
	}
	for _, p := range n.Positional {
		fmt.Fprintf(b, ".TP\n.I %s\n%s\n", roff(strings.ToUpper(p.Name)), roff(p.Help))
	}
	for _, f := range n.Flags {
		if !f.Hidden {
			manFlag(b, f)
		}
	}
}

func manFlag(b *strings.Builder, f *kong.Flag) {
	fmt.Fprintf(b, ".TP\n\\fB%s\\fR", roff("--"+f.Name))
	if f.Short != 0 {
		fmt.Fprintf(b, ", \\fB%s\\fR", roff("-"+string(f.Short)))
	}
	if takesValue(f) {
		fmt.Fprintf(b, " \\fI%s\\fR", roff(strings.Trim(f.FormatPlaceHolder(), `"`)))
	}
	help := f.Help
	if f.HasDefault && f.Default != "" {
		help += " Default: " + f.Default + "."
	}
	fmt.Fprintf(b, "\n%s\n", roff(help))
}

func takesValue(f *kong.Flag) bool { return !f.IsBool() && !f.IsCounter() }

// usageOf is how a command is called, without its flags.
func usageOf(n *kong.Node) string {
	words := []string{n.FullPath()}
	for _, p := range n.Positional {
		words = append(words, p.Summary())
	}
	return strings.Join(words, " ")
}

// leaves are the commands that do something, in the order of the help.
func leaves(n *kong.Node) []*kong.Node {
	var all []*kong.Node
	for _, c := range n.Children {
		switch {
		case c.Hidden:
		case len(c.Children) == 0:
			all = append(all, c)
		default:
			all = append(all, leaves(c)...)
		}
	}
	return all
}
