package main

import (
	"testing"

	"github.com/alecthomas/kong"
)

// definition is the command line as kong reads it.
func definition(t *testing.T) *kong.Application {
	t.Helper()
	var cli commands
	p, err := kong.New(&cli, kong.Name("whyloop"), kong.Description(about))
	if err != nil {
		t.Fatal(err)
	}
	return p.Model
}
