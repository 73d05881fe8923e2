package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

type initCmd struct {
	File string `arg:"" optional:"" help:"Where to write it; the --config file when left out, - for standard output."`

	Address  string `placeholder:"coach@example.com" help:"The mailbox. What is not given by a flag is asked at a terminal, and left to be filled in elsewhere."`
	Name     string `placeholder:"NAME" help:"The name beside it, as reps see it."`
	Provider string `enum:"auto,google,microsoft,fastmail,icloud,zoho,other" default:"auto" help:"Where the mailbox is: ${enum}. By itself it looks at the domain."`
	IMAP     string `name:"imap" placeholder:"HOST:PORT" help:"Its IMAP server, where that is not to be found; /tls or /starttls may follow."`
	SMTP     string `name:"smtp" placeholder:"HOST:PORT" help:"Its SMTP server, likewise."`
	CAFile   string `name:"ca-file" placeholder:"FILE" help:"Certificates to trust at both instead of the system's."`
	SignIn   string `name:"sign-in" enum:",password,oauth" default:"" placeholder:"HOW" help:"password or oauth; usually the provider decides."`
	Tenant   string `placeholder:"ID" help:"OAuth2 at Microsoft: the directory's ID or domain."`
	ClientID string `name:"client-id" placeholder:"ID" help:"OAuth2: the app's ID."`
	Contact  string `placeholder:"'Ines <ines@example.com>'" help:"Who helps reps, named in every letter."`
	Helpline string `placeholder:"TEXT" help:"Where somebody in distress can call: a name and a number."`

	SecretStdin bool `name:"secret-stdin" help:"Read the password, or the app's secret, from standard input."`
	Offline     bool `help:"Ask neither DNS nor any server."`
}

// Help is shown under the command's own --help.
func (initCmd) Help() string {
	return `At a terminal it asks a few questions; elsewhere flags answer them, and without any it writes a file to fill in. Servers are found by who hosts the domain's mail, by its SRV records, or by the usual names. The password goes into a file of its own. Both files are for you alone (mode 0600), and a file that is there is never overwritten, except a configuration of the package that nobody has touched.`
}

// Run writes a configuration.
func (cmd initCmd) Run(env *environ) error {
	path := cmd.path(env)
	c, err := cmd.base(path, env.machine.root)
	if err != nil {
		return err
	}
	if !cmd.given() && !env.machine.terminal || path == "-" && !cmd.given() {
		return cmd.blank(env, path, c)
	}
	q := &questions{initCmd: cmd, env: env, c: c}
	if err := q.ask(); err != nil {
		return err
	}
	return q.write(path)
}

func (cmd initCmd) path(env *environ) string {
	if cmd.File != "" {
		return cmd.File
	}
	return env.config
}

// given: some flag answers a question.
func (cmd initCmd) given() bool {
	return strings.Join([]string{cmd.Address, cmd.Name, cmd.IMAP, cmd.SMTP, cmd.CAFile, cmd.SignIn, cmd.Tenant, cmd.ClientID, cmd.Contact, cmd.Helpline}, "") != "" ||
		cmd.Provider != presetAuto || cmd.SecretStdin
}

// base is what to begin with: the defaults, or what the package laid down where that is untouched. Anything
// else that is there is an error.
func (cmd initCmd) base(path string, root bool) (Config, error) {
	there := fmt.Errorf("%s is there already; remove it, or name another file", path)
	if path == "-" {
		return defaultConfig(), nil
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return defaultConfig(), nil
	case err != nil:
		return Config{}, err
	}
	c, ok := untouched(text)
	if !ok {
		return Config{}, there
	}
	info, err := os.Stat(path)
	if err != nil {
		return Config{}, err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && root && s.Uid != 0 {
		return Config{}, errors.New("you are root, and the configuration belongs to the service's user; with the package: sudo whyloopctl init")
	}
	return c, nil
}

// storePath is where the package's configuration keeps its store.
var storePath = regexp.MustCompile(`(?m)^path = "(.+)/whyloop\.db"$`)

// untouched tells whether a file is as the package laid it down.
func untouched(text []byte) (Config, bool) {
	m := storePath.FindSubmatch(text)
	if m == nil {
		return Config{}, false
	}
	var b bytes.Buffer
	c := packagedConfig(string(m[1]))
	err := c.write(&b)
	return c, err == nil && bytes.Equal(b.Bytes(), text)
}

// blank writes the reference, to be filled in.
func (cmd initCmd) blank(env *environ, path string, c Config) error {
	var text bytes.Buffer
	if err := c.write(&text); err != nil {
		return err
	}
	if path == "-" {
		_, err := text.WriteTo(env.stdout)
		return err
	}
	if err := writeNew(path, text.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "Wrote %s (mode 0600). Fill in the lines that begin without #, then:\n  whyloop --config %s check\n", path, path)
	return nil
}

// writeNew writes a file of ours alone, unless there is one.
func writeNew(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already; remove it, or name another file", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// parseServer reads HOST, HOST:PORT or HOST:PORT/tls. What is left out is as def has it, or as the port is used.
func parseServer(text string, def serverConfig) (serverConfig, error) {
	s := def
	text, way, given := strings.Cut(text, "/")
	s.Server = text
	if host, port, err := net.SplitHostPort(text); err == nil {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return s, fmt.Errorf("want a port from 1 to 65535, got %q", port)
		}
		s.Server, s.Port = host, n
		switch {
		case slices.Contains([]int{993, 465}, n):
			s.TLS = tlsDirect
		case slices.Contains([]int{143, 587, 25}, n):
			s.TLS = tlsStart
		}
	}
	if given {
		s.TLS = way
	}
	if s.Server == "" {
		return s, errors.New("want a host name, like imap.example.com or imap.example.com:993")
	}
	return s, errors.Join(isHost(s.Server), oneOf(tlsDirect, tlsStart, tlsNone)(s.TLS))
}

// parseContact reads "Ines <ines@example.com>".
func parseContact(text string) (contactConfig, error) {
	a, err := mail.ParseAddress(text)
	if err != nil || a.Name == "" || isAddress(a.Address) != nil {
		return contactConfig{}, fmt.Errorf("want a name and an address, like Ines <ines@example.com>, got %q", text)
	}
	return contactConfig{a.Name, a.Address}, nil
}

// beside is a file's place next to the configuration.
func beside(config, name string) string { return filepath.Join(filepath.Dir(config), name) }
