package main

import (
	"errors"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"whyloop/conversation"
)

type repEditCmd struct {
	Address  string `arg:"" help:"The rep's address, as it was."`
	Name     string `help:"How they are greeted from now on."`
	To       string `name:"address" placeholder:"ADDRESS" help:"Where letters go from now on; the conversation stays theirs."`
	Manager  string `placeholder:"'NAME <ADDRESS>'" help:"Another manager: nothing is shared any more, and the rep is asked anew."`
	Unlink   string `placeholder:"ADDRESS" help:"Another address of theirs that counts no longer; only they can say that one is theirs."`
	Zone     string `placeholder:"ZONE" help:"Another time zone."`
	Language string `help:"Another language of the letters."`
}

// Help is shown under the command's own --help.
func (repEditCmd) Help() string {
	return `What is not named stays. At another address the open question is put again, and what waited for the old one is withdrawn; mail from the old address counts no longer. With another manager both switches go off, a summary that waits is withdrawn, and the rep is told.`
}

// Run changes what was named. The rep hears of it where it matters to them.
func (cmd repEditCmd) Run(env *environ) error {
	rest := cmd
	rest.Address = ""
	if rest == (repEditCmd{}) {
		return usageError{errors.New("nothing to change; name at least one of --name, --address, --manager, --unlink, --zone, --language")}
	}
	if err := cmd.change(&conversation.Rep{}); err != nil {
		return usageError{err}
	}
	id := newID()
	err := env.onRep(cmd.Address, func(k *conversation.Coach, c conversation.Conversation) error {
		rep := c.Rep
		if cmd.Unlink != "" && !slices.ContainsFunc(rep.Aliases, func(a string) bool { return strings.EqualFold(a, cmd.Unlink) }) {
			return fmt.Errorf("%s is no other address of theirs; see \"whyloop rep show %s\"", cmd.Unlink, c.Rep.Address.Mail)
		}
		if err := cmd.change(&rep); err != nil {
			return err
		}
		_, err := k.Act(env.ctx, c, conversation.Act{ID: id, Verb: conversation.ActEdit, Rep: rep})
		if errors.Is(err, conversation.ErrExists) {
			return fmt.Errorf("%s belongs to another rep; see \"whyloop rep show %s\"", rep.Address.Mail, rep.Address.Mail)
		}
		return err
	})
	if err == nil {
		_, err = fmt.Fprintln(env.stdout, "Changed.")
	}
	return err
}

// change puts what was named into rep.
func (cmd repEditCmd) change(rep *conversation.Rep) error {
	for _, c := range []struct {
		value string
		set   func(*conversation.Rep, string) error
	}{{cmd.Name, setName}, {cmd.To, setAddress}, {cmd.Manager, setManager}} {
		if c.value == "" {
			continue
		}
		if err := c.set(rep, c.value); err != nil {
			return err
		}
	}
	if cmd.Unlink != "" {
		rep.Aliases = slices.DeleteFunc(slices.Clone(rep.Aliases), func(a string) bool { return strings.EqualFold(a, cmd.Unlink) })
	}
	if cmd.Zone != "" {
		rep.Zone = cmd.Zone
	}
	if cmd.Language != "" {
		rep.Language = strings.ToLower(cmd.Language)
	}
	return nil
}

// setName gives a rep a name, both in the greeting and beside the address.
func setName(rep *conversation.Rep, name string) error {
	name = strings.TrimSpace(name)
	if err := isName(name); err != nil {
		return err
	}
	rep.Name, rep.Address.Name = name, name
	return nil
}

func setAddress(rep *conversation.Rep, address string) error {
	address = strings.ToLower(strings.TrimSpace(address))
	rep.Address.Mail = address
	return isAddress(address)
}

// setManager reads "Dana <dana@example.com>".
func setManager(rep *conversation.Rep, text string) error {
	m, err := mail.ParseAddress(text)
	if err != nil || m.Name == "" || isAddress(m.Address) != nil || isName(m.Name) != nil {
		return fmt.Errorf("--manager: want \"Dana <dana@example.com>\", got %q", text)
	}
	rep.Manager = conversation.Address{Name: m.Name, Mail: strings.ToLower(m.Address)}
	return nil
}

// longestName bounds a name, in characters: it stands in greetings.
const longestName = 60

// isName accepts what can stand in a greeting, a header and a terminal as it is.
func isName(s string) error {
	switch {
	case s == "":
		return errors.New("want a name, got nothing")
	case !utf8.ValidString(s):
		return fmt.Errorf("want a name in UTF-8, got %q", s)
	case utf8.RuneCountInString(s) > longestName:
		return fmt.Errorf("want a name of at most %d characters, got %d", longestName, utf8.RuneCountInString(s))
	case strings.IndexFunc(s, unseen) >= 0:
		return fmt.Errorf("the name holds a control or invisible character: %q", s)
	}
	return nil
}

// unseen reports whether a character could change what is around it: controls, line breaks, and marks of
// direction. The two joiners that some scripts need are let through.
func unseen(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && r != nonJoiner && r != joiner
}

// managerOf names a rep's manager, if there is one.
func managerOf(rep conversation.Rep) string {
	if rep.Lead {
		return "- (goes first: nobody is copied)"
	}
	return rep.Manager.Name + " <" + rep.Manager.Mail + ">"
}

type repStopCmd struct {
	Address string `arg:"" help:"The rep's address."`
}

// Run stops as the rep's own stop would, but for the letter: it is the admin who tells them.
func (cmd repStopCmd) Run(env *environ) error {
	return env.act(cmd.Address, conversation.Act{Verb: conversation.ActStop},
		"Stopped: nothing more is sent. They can write start to come back; \"whyloop rep show\" says when their answers are deleted.")
}

type repExportCmd struct {
	Address string `arg:"" help:"The rep's address."`
	To      string `arg:"" type:"path" help:"A folder for the files; it is made, for you alone."`
}

// Help is shown under the command's own --help.
func (repExportCmd) Help() string {
	return `It writes what a rep's own "export" would bring them: their words. A letter goes to them at the same moment, with the same files, and says that you have a copy. Where none can reach them nothing is written. A rep who writes "export" gets theirs without you.`
}

// Run has the rep told first, and then writes the files.
func (cmd repExportCmd) Run(env *environ) error {
	if _, err := os.Stat(cmd.To); err == nil {
		return fmt.Errorf("%s is there already; name a folder to be made, so that nobody else can read it", cmd.To)
	}
	if err := os.MkdirAll(cmd.To, 0o700); err != nil {
		return err
	}
	var files []conversation.File
	id := newID()
	err := env.onRep(cmd.Address, func(k *conversation.Coach, c conversation.Conversation) error {
		var err error
		files, err = k.Export(env.ctx, c, conversation.Act{ID: id})
		return err
	})
	if err != nil {
		return errors.Join(err, os.Remove(cmd.To))
	}
	for _, f := range files {
		path := filepath.Join(cmd.To, filepath.Base(f.Name))
		if err := writeNew(path, f.Data); err != nil {
			return err
		}
		fmt.Fprintln(env.stdout, path)
	}
	_, err = fmt.Fprintln(env.stdout, "These are somebody's own words. They are told that you have them; delete the files when you no longer need them.")
	return err
}
