package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// Secret is where a password comes from: a file only we can read, or a command that
// prints it (a password manager, a credential helper). It is read when it is needed and never
// printed. Arguments and variables of a process can be read by others on
// the machine, so neither is a source.
type Secret struct {
	File    string
	Command []string
}

// commandTimeout bounds how long a password command may take.
const commandTimeout = 30 * time.Second

// String says whether there is one, and no more.
func (s Secret) String() string {
	if !s.given() {
		return "(none)"
	}
	return "(secret)"
}

// GoString keeps %#v from telling more than %v.
func (s Secret) GoString() string { return s.String() }

func (s Secret) given() bool { return s.File != "" || len(s.Command) > 0 }

// read fetches the secret. Its errors never hold what the command printed.
func (s Secret) read(ctx context.Context) (string, error) {
	out, err := s.fetch(ctx)
	if err != nil {
		return "", err
	}
	// One line; a file written by an editor ends in a newline that is not part of it.
	text := strings.TrimRight(string(out), "\r\n")
	if text == "" {
		return "", errors.New("the password is empty")
	}
	if strings.ContainsAny(text, "\r\n\x00") {
		return "", errors.New("the password has more than one line")
	}
	return text, nil
}

func (s Secret) fetch(ctx context.Context) ([]byte, error) {
	if s.File != "" {
		return readPrivate(s.File)
	}
	ctx, cancel := context.WithTimeout(ctx, commandTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.Command[0], s.Command[1:]...)
	cmd.WaitDelay = time.Second // a child that keeps the pipe open is not waited for
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("password command %q: %w", s.Command[0], err)
	}
	return out, nil
}
