package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

type repImportCmd struct {
	File   string `arg:"" optional:"" type:"path" help:"The CSV file. Left out with --send and --undo: the import that waits."`
	DryRun bool   `xor:"do" help:"Show what it would come to, and keep nothing."`
	Send   bool   `xor:"do" help:"Carry it out: change who is enrolled, and invite the first batch."`
	Undo   bool   `xor:"do" help:"Drop what was not sent yet of the import that waits."`
	Batch  int    `default:"20" placeholder:"N" help:"Invites in a day at the most; call it with --send again on the next day for more."`
}

// Help is shown under the command's own --help.
func (repImportCmd) Help() string {
	return `The first line names the columns: name, address, manager_name, manager_address, zone and, if you like, language and old_address. Commas, semicolons or tabs part them.

Without --send the file is checked, shown and kept beside the store: nobody is written to, and nothing about anyone changes. Then

  whyloop rep import --send      changes who is enrolled and invites a batch
  whyloop rep import --undo      drops what was not sent yet

A row of somebody who is enrolled changes them as "rep edit" does: with another manager nothing is shared any more, and the rep is told. With the address they were enrolled under in old_address their conversation moves to the new one, as after a marriage or a change of domain. Who stopped, declined or was removed is not invited again. Who is enrolled and not in the file is listed and left as they are.`
}

// Run reads, compares, and does what was asked for.
func (cmd repImportCmd) Run(env *environ) error {
	if err := cmd.check(); err != nil {
		return usageError{err}
	}
	c, err := loadConfig(env.config)
	if err != nil {
		return err
	}
	kept := keptImport{path: importPath(c)}
	if cmd.Undo {
		return cmd.undo(env, kept)
	}
	if cmd.File == "" {
		if err := kept.read(); err != nil {
			return err
		}
	} else if err := cmd.readFile(&kept); err != nil {
		return err
	}
	return env.withCoach(func(k *conversation.Coach, s *sqlite.Store) error {
		plan, err := planImport(env.ctx, k, s, kept.rows())
		if err != nil {
			return fmt.Errorf("nothing was imported:\n%w", err)
		}
		plan.print(env.stdout)
		switch {
		case cmd.DryRun:
			_, err = fmt.Fprintln(env.stdout, "\nA dry run: nothing was kept.")
			return err
		case !cmd.Send:
			_, err = fmt.Fprintln(env.stdout, "\nNothing is sent or changed yet. Next: whyloop rep import --send, or --undo.")
			return errors.Join(kept.write(), err)
		}
		return cmd.send(env, k, plan, &kept)
	})
}

func (cmd repImportCmd) check() error {
	switch {
	case cmd.File == "" && !cmd.Send && !cmd.Undo:
		return errors.New("want the CSV file; without one only --send and --undo make sense")
	case cmd.File != "" && cmd.Undo:
		return errors.New("--undo takes no file: it drops the import that waits")
	case cmd.Batch < 1 || cmd.Batch > 1000:
		return errors.New("--batch: want a number from 1 to 1000")
	}
	return nil
}

// largestImport bounds a file, in bytes.
const largestImport = 8 << 20

func (cmd repImportCmd) readFile(kept *keptImport) error {
	info, err := os.Stat(cmd.File)
	if err != nil {
		return err
	}
	if info.Size() > largestImport {
		return fmt.Errorf("%s is larger than %s", cmd.File, size(largestImport))
	}
	data, err := os.ReadFile(cmd.File)
	if err != nil {
		return err
	}
	rows, err := readImport(data)
	if err != nil {
		return fmt.Errorf("%s:\n%w", cmd.File, err)
	}
	if err := kept.read(); err != nil && !errors.Is(err, errNoImport) {
		return err
	}
	kept.People = nil // the day's invites count on, whichever file they came from
	for _, r := range rows {
		kept.People = append(kept.People, keptRow{r.line, r.rep, r.old})
	}
	return nil
}

func (cmd repImportCmd) undo(env *environ, kept keptImport) error {
	if err := kept.read(); err != nil {
		return err
	}
	if err := kept.drop(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(env.stdout, "Dropped. Nobody more is invited by it; who was already stays enrolled: \"whyloop rep list\" shows them.")
	return err
}

// send changes who is enrolled, invites what the day still allows, and keeps the rest.
func (cmd repImportCmd) send(env *environ, k *conversation.Coach, plan importPlan, kept *keptImport) error {
	for _, c := range plan.changed {
		id := newID()
		err := env.onRep(c.old.Address.Mail, func(k *conversation.Coach, now conversation.Conversation) error {
			_, err := k.Act(env.ctx, now, conversation.Act{ID: id, Verb: conversation.ActEdit, Rep: c.new})
			return err
		})
		if err != nil {
			return lineError{c.line, err}
		}
	}
	if today := env.now().Format(time.DateOnly); kept.Day != today {
		kept.Day, kept.Invited = today, 0
	}
	invited := 0
	for _, r := range plan.fresh {
		if kept.Invited >= cmd.Batch {
			break
		}
		if _, err := k.Enrol(env.ctx, r.rep); err != nil && !errors.Is(err, conversation.ErrExists) {
			return errors.Join(lineError{r.line, err}, kept.write())
		}
		kept.Invited++
		invited++
	}
	return cmd.sent(env, kept, invited, len(plan.changed), len(plan.fresh)-invited)
}

// sent says what was done, and keeps what was not.
func (repImportCmd) sent(env *environ, kept *keptImport, invited, changed, rest int) error {
	fmt.Fprintf(env.stdout, "\nInvited %d, changed %d. Invites go out in working hours, when the daemon runs.\n", invited, changed)
	if rest == 0 {
		kept.People = nil // the day's count stays, for the next file
	} else {
		fmt.Fprintf(env.stdout, "%d wait for another day: call \"whyloop rep import --send\" again then.\n", rest)
	}
	return kept.write()
}

// keptImport is the import that waits, in a file beside the store: who they are, and how many were
// invited on which day.
type keptImport struct {
	path    string
	Day     string    `json:"day"`
	Invited int       `json:"invited"`
	People  []keptRow `json:"people,omitempty"`
}

// importPath is where it is kept.
func importPath(c Config) string { return filepath.Join(filepath.Dir(c.Store.Path), "import.json") }

// forgetImport takes whoever has left out of the import that waits: it would outlive their erasure.
func forgetImport(ctx context.Context, k *conversation.Coach, s *sqlite.Store, path string) error {
	kept := keptImport{path: path}
	if err := kept.read(); errors.Is(err, errNoImport) {
		return nil
	} else if err != nil {
		return err
	}
	var rest []keptRow
	for _, p := range kept.People {
		left, err := s.HasLeft(ctx, k.LeftHash(p.Rep.Address.Mail))
		if err != nil {
			return err
		}
		if !left {
			rest = append(rest, p)
		}
	}
	if len(rest) == len(kept.People) {
		return nil
	}
	kept.People = rest
	return kept.write()
}

type keptRow struct {
	Line int              `json:"line"`
	Rep  conversation.Rep `json:"rep"`
	Old  string           `json:"old,omitempty"`
}

func (k keptImport) rows() []importRow {
	all := make([]importRow, len(k.People))
	for i, p := range k.People {
		all[i] = importRow{p.Line, p.Rep, p.Old}
	}
	return all
}

// errNoImport says that none waits.
var errNoImport = errors.New("no import waits; begin with: whyloop rep import FILE.csv")

func (k *keptImport) read() error {
	data, err := readPrivate(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return errNoImport
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, k); err != nil {
		return fmt.Errorf("read %s: %w", k.path, err)
	}
	if len(k.People) == 0 {
		return errNoImport
	}
	return nil
}

// write replaces the file as a whole.
func (k keptImport) write() error {
	data, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return replaceFile(k.path, data)
}

func (k keptImport) drop() error {
	k.People = nil
	return k.write()
}
