package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// questions are what init wants to know, from flags, from a person, or from the network.
type questions struct {
	initCmd
	env    *environ
	c      Config
	in     *bufio.Reader
	found  finds
	secret string
}

// ask finds everything out that it can.
func (q *questions) ask() error {
	q.in = bufio.NewReader(q.env.stdin)
	for _, step := range []func() error{q.askAddress, q.askServers, q.askSignIn, q.askPeople} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// question takes a flag's value, or a person's answer. Nobody at the terminal, or nothing typed: "" or what
// is proposed. A flag that does not fit is an error; a person is asked again.
func (q *questions) question(flag, text, proposed string, fits func(string) error) (string, error) {
	if flag != "" {
		if err := fits(flag); err != nil {
			return "", usageError{err}
		}
		return flag, nil
	}
	if !q.env.machine.terminal {
		return proposed, nil
	}
	for {
		fmt.Fprint(q.env.stdout, text)
		if proposed != "" {
			fmt.Fprintf(q.env.stdout, " [%s]", proposed)
		}
		fmt.Fprint(q.env.stdout, ": ")
		line, err := q.in.ReadString('\n')
		line = strings.TrimSpace(line)
		if err != nil && (!errors.Is(err, io.EOF) || line == "") {
			return "", fmt.Errorf("the question was not answered: %w", err)
		}
		if line == "" {
			return proposed, nil
		}
		if err := fits(line); err == nil {
			return line, nil
		} else {
			fmt.Fprintln(q.env.stdout, " ", err)
		}
	}
}

func anything(string) error { return nil }

func (q *questions) askAddress() (err error) {
	q.c.Mailbox.Address, err = q.question(q.Address, "The coaching mailbox's address", "", isAddress)
	if err == nil && q.c.Mailbox.Address == "" {
		err = usageError{errors.New("no mailbox: name it with --address coach@example.com")}
	}
	q.c.Mailbox.Name = cmp.Or(q.Name, q.c.Mailbox.Name)
	return err
}

// askServers finds them, and lets a person change what was found by looking around.
func (q *questions) askServers() error {
	_, domain, _ := strings.Cut(strings.ToLower(q.c.Mailbox.Address), "@")
	switch {
	case q.Provider != presetAuto:
		q.found = finds{preset: presetNamed(q.Provider)}
	case q.Offline, q.IMAP != "" && q.SMTP != "":
		q.found = finds{preset: presetFor(domain, nil)}
	default:
		fmt.Fprintf(q.env.stdout, "Looking for the servers of %s ...\n", domain)
		q.found = q.env.machine.find(q.env.ctx, domain)
		if len(q.found.how) == 0 {
			fmt.Fprintln(q.env.stdout, "  None found: DNS names none, and nobody answers under the usual names.")
		}
	}
	for _, how := range q.found.how {
		fmt.Fprintf(q.env.stdout, "  %s.\n", how)
	}
	q.found.configure(&q.c)
	if q.CAFile != "" {
		file, err := filepath.Abs(q.CAFile)
		if err != nil {
			return err
		}
		q.c.IMAP.CAFile, q.c.SMTP.CAFile = file, file
	}
	for _, s := range []struct {
		flag, what string
		to         *serverConfig
	}{{q.IMAP, "IMAP server", &q.c.IMAP.serverConfig}, {q.SMTP, "SMTP server", &q.c.SMTP.serverConfig}} {
		if err := q.askServer(s.flag, s.what, s.to); err != nil {
			return err
		}
	}
	return nil
}

// askServer asks where no provider is known.
func (q *questions) askServer(flag, what string, to *serverConfig) error {
	if flag == "" && q.found.name != presetOther {
		return nil
	}
	proposed := ""
	if to.Server != "" {
		proposed = to.address()
	}
	answer, err := q.question(flag, what, proposed, func(s string) error { _, err := parseServer(s, *to); return err })
	if err != nil || answer == "" || answer == proposed {
		return err
	}
	*to, err = parseServer(answer, *to)
	return err
}

func (q *questions) askSignIn() error {
	how := q.SignIn
	if how == "" && q.found.tokens {
		how = "oauth"
	}
	if how != "oauth" {
		q.c.IMAP.Password.File, q.c.SMTP.Password.File = "password", "password"
		return q.askSecret("The password: " + q.found.password)
	}
	o := &q.c.OAuth
	o.Provider, o.Secret.File = cmp.Or(q.found.oauth, providerCustom), "client-secret"
	var err error
	if o.Provider == providerMicrosoft {
		if o.Tenant, err = q.question(q.Tenant, "The directory's (tenant's) ID or domain; Enter to fill it in later", "", isTenant); err != nil {
			return err
		}
	}
	if o.ClientID, err = q.question(q.ClientID, "The app's (client's) ID; Enter to fill it in later", "", anything); err != nil {
		return err
	}
	return q.askSecret("The app's secret")
}

// maxSecret is the most bytes of a secret that are read.
const maxSecret = 8 << 10

// askSecret reads it from standard input, or lets a person type it unseen.
func (q *questions) askSecret(text string) (err error) {
	switch {
	case q.SecretStdin:
		var line []byte
		line, err = io.ReadAll(io.LimitReader(q.in, maxSecret))
		q.secret, _, _ = strings.Cut(strings.TrimRight(string(line), "\r\n"), "\n")
		if q.secret == "" && err == nil {
			err = errors.New("standard input holds no secret")
		}
	case q.env.machine.terminal:
		fmt.Fprintf(q.env.stdout, "%s. It is not shown; Enter to write it into its file later: ", text)
		q.secret, err = q.env.machine.hidden()
		q.secret = strings.TrimSpace(q.secret)
		fmt.Fprintln(q.env.stdout)
	}
	return err
}

func (q *questions) askPeople() error {
	contact, err := q.question(q.Contact, "Who helps reps and is nobody's manager among them (Ines <ines@example.com>)", "",
		func(s string) error { _, err := parseContact(s); return err })
	if err == nil && contact != "" {
		q.c.Contact, err = parseContact(contact)
	}
	if err != nil {
		return err
	}
	q.c.Care.Helpline, err = q.question(q.Helpline, "A helpline for somebody in distress (Samaritans, 116 123)", "", anything)
	return err
}

// write writes the secret and the configuration, and says what is next.
func (q *questions) write(path string) error {
	var text bytes.Buffer
	if err := q.c.write(&text, q.head()...); err != nil {
		return err
	}
	config := q.blankMusts(text.Bytes())
	if path == "-" {
		_, err := q.env.stdout.Write(config)
		return err
	}
	made, err := q.writeSecret(path)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err == nil {
		err = replaceFile(path, config) // the package's, untouched
		if err != nil {
			return err
		}
	} else if err := writeNew(path, config); err != nil {
		if made != "" {
			err = errors.Join(err, os.Remove(made))
		}
		return err
	}
	q.say(path, made)
	return nil
}

// head tells in the file what is particular at the provider.
func (q *questions) head() (notes []string) {
	if q.found.name == presetOther {
		return nil
	}
	return append([]string{"", "For " + q.found.title + "."}, q.found.notes...)
}

// blankMusts empties what must be decided and was not: an example could be taken for a decision.
func (q *questions) blankMusts(text []byte) []byte {
	c := q.c
	for _, sec := range c.sections() {
		for _, s := range sec.settings {
			if s.must && s.value.toml() == `""` {
				line := fmt.Sprintf("\n%s = %s\n", s.key, s.example)
				text = bytes.Replace(text, []byte(line), fmt.Appendf(nil, "\n#%s = %s\n%s = \"\"\n", s.key, s.example, s.key), 1)
			}
		}
	}
	return text
}

// secretFile is the file of the password or the app's secret.
func (q *questions) secretFile() string { return cmp.Or(q.c.OAuth.Secret.File, q.c.IMAP.Password.File) }

// writeSecret returns the file that was made, "" for none.
func (q *questions) writeSecret(config string) (made string, err error) {
	file := beside(config, q.secretFile())
	if q.secret == "" {
		return "", nil
	}
	return file, writeNew(file, []byte(q.secret+"\n"))
}

// say tells what was done, what is left, and the next command.
func (q *questions) say(path, made string) {
	w, c := q.env.stdout, q.c
	fmt.Fprintf(w, "\nWrote %s", path)
	if made != "" {
		fmt.Fprintf(w, " and %s", made)
	}
	fmt.Fprintf(w, " (mode 0600).\n")
	for _, s := range []struct {
		what string
		s    serverConfig
	}{{"IMAP", c.IMAP.serverConfig}, {"SMTP", c.SMTP.serverConfig}} {
		if s.s.Server != "" {
			fmt.Fprintf(w, "  %s  %s, %s\n", s.what, s.s.address(), s.s.TLS)
		}
	}
	for _, n := range q.found.notes {
		fmt.Fprintf(w, "  %s\n", n)
	}
	q.sayLeft(path, made)
	fmt.Fprintf(w, "\nNext:\n")
	if c.OAuth.given() {
		fmt.Fprintf(w, "  whyloop --config %s login\n", path)
	}
	fmt.Fprintf(w, "  whyloop --config %s check\n", path)
}

// wants tells whether a key of [oauth] is needed there.
func (o oauthConfig) wants(key string) bool {
	switch key {
	case "client_id":
		return o.given()
	case "tenant":
		return o.Provider == providerMicrosoft
	case "auth_url", "token_url":
		return o.Provider == providerCustom
	}
	return false
}

// sayLeft lists what is still to be filled in.
func (q *questions) sayLeft(path, made string) {
	var left []string
	c := q.c
	for _, sec := range c.sections() {
		for _, s := range sec.settings {
			if (s.must || c.OAuth.wants(s.key)) && s.value.toml() == `""` {
				left = append(left, "in "+path+": "+sec.name+"."+s.key)
			}
		}
	}
	if file := beside(path, q.secretFile()); made == "" {
		left = append(left, fmt.Sprintf("the secret: (umask 077; cat > %s), type it, Enter, Ctrl-D", file))
	}
	for i, l := range left {
		if i == 0 {
			fmt.Fprintln(q.env.stdout, "\nStill to be filled in:")
		}
		fmt.Fprintf(q.env.stdout, "  %s\n", l)
	}
}
