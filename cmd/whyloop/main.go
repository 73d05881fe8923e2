// Command whyloop coaches salespeople by email: it asks "What will that get
// you?" until the answer stops changing, that being the person's why, and from then on
// for one tiny step a week.
//
// This is the only room that sees all the others: it reads the configuration, opens
// the store, ties coach, inbox, outbox and alarm together, and stops them in reverse
// order. What it does with mail, words and time is decided in the packages below.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // a rep's zone must be known on a server without zone files too
)

func main() {
	signal.Ignore(syscall.SIGPIPE) // "whyloop demo | head" still cleans up; a write then fails like any other
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
