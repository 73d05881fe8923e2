package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// importPlan is what an import comes to, held against the store.
type importPlan struct {
	fresh   []importRow    // to be invited
	changed []importChange // enrolled, and not as the file says
	same    int
	left    []importRow  // they stopped, declined or were removed: never invited by an import
	missing []sqlite.Row // enrolled and not in the file
}

type importChange struct {
	line     int
	old, new conversation.Rep
}

// planImport compares a file with the store. Rows whose letters would promise what is not so are
// errors, each with its line.
func planImport(ctx context.Context, k *conversation.Coach, s *sqlite.Store, rows []importRow) (importPlan, error) {
	var p importPlan
	var errs []error
	inFile := map[string]bool{}
	for _, row := range rows {
		inFile[row.rep.Address.Mail], inFile[row.old] = true, true
		if err := p.place(ctx, k, s, row); err != nil {
			errs = append(errs, lineError{row.line, err})
		}
	}
	all, err := s.List(ctx)
	for _, r := range all {
		if !inFile[r.Address] && r.End == conversation.NotEnded {
			p.missing = append(p.missing, r)
		}
	}
	return p, errors.Join(append(errs, err)...)
}

// place puts one row where it belongs.
func (p *importPlan) place(ctx context.Context, k *conversation.Coach, s *sqlite.Store, row importRow) error {
	gone, err := anyLeft(ctx, k, s, row.rep.Address.Mail, row.old)
	if err != nil {
		return err
	}
	c, err := s.ByAddress(ctx, row.rep.Address.Mail)
	moved := false
	if errors.Is(err, conversation.ErrNotFound) && row.old != "" {
		c, err = s.ByAddress(ctx, row.old)
		moved = err == nil && strings.EqualFold(c.Rep.Address.Mail, row.old)
	}
	switch {
	case errors.Is(err, conversation.ErrNotFound) && gone, err == nil && c.End != conversation.NotEnded && !(moved && c.End == conversation.Bounced):
		p.left = append(p.left, row)
		return nil
	case errors.Is(err, conversation.ErrNotFound):
		row.rep.Language = cmp.Or(row.rep.Language, "en")
		p.fresh = append(p.fresh, row)
		return k.Admits(row.rep)
	case err != nil:
		return err
	case !moved && !strings.EqualFold(c.Rep.Address.Mail, row.rep.Address.Mail):
		return fmt.Errorf("%s is another address of %s", row.rep.Address.Mail, c.Rep.Address.Mail)
	}
	return p.compare(k, row, c.Rep)
}

// anyLeft tells whether somebody with one of the addresses asked never to be invited again.
func anyLeft(ctx context.Context, k *conversation.Coach, s *sqlite.Store, addresses ...string) (bool, error) {
	for _, a := range addresses {
		if a == "" {
			continue
		}
		if gone, err := s.HasLeft(ctx, k.LeftHash(a)); gone || err != nil {
			return gone, err
		}
	}
	return false, nil
}

// compare takes what the file says of somebody who is enrolled.
func (p *importPlan) compare(k *conversation.Coach, row importRow, old conversation.Rep) error {
	rep := old
	rep.Name, rep.Address = row.rep.Name, row.rep.Address
	rep.Manager, rep.Zone, rep.Language = row.rep.Manager, row.rep.Zone, cmp.Or(row.rep.Language, old.Language)
	if len(differences(old, rep)) == 0 {
		p.same++
		return nil
	}
	p.changed = append(p.changed, importChange{row.line, old, rep})
	return k.Admits(rep)
}

// differences are what an edit changes, in words.
func differences(old, rep conversation.Rep) []string {
	var all []string
	for _, d := range [][3]string{
		{"address", old.Address.Mail, rep.Address.Mail}, {"name", old.Name, rep.Name}, {"manager", managerOf(old), managerOf(rep)},
		{"zone", old.Zone, rep.Zone}, {"language", old.Language, rep.Language},
	} {
		if d[1] != d[2] {
			all = append(all, fmt.Sprintf("%s %s -> %s", d[0], showable(d[1]), showable(d[2])))
		}
	}
	if old.Manager.Mail != rep.Manager.Mail {
		all = append(all, "sharing ends")
	}
	return all
}

// print shows the plan to the admin, who decides by it.
func (p importPlan) print(w io.Writer) {
	part := func(what string, n int) { fmt.Fprintf(w, "%s: %d\n", what, n) }
	part("New, to be invited", len(p.fresh))
	for _, r := range p.fresh {
		fmt.Fprintf(w, "  + %s <%s>, manager %s, %s, %s\n", r.rep.Name, r.rep.Address.Mail, managerOf(r.rep), r.rep.Zone, r.rep.Language)
	}
	part("Changed", len(p.changed))
	for _, c := range p.changed {
		fmt.Fprintf(w, "  ~ %s: %s\n", c.old.Address.Mail, strings.Join(differences(c.old, c.new), "; "))
	}
	part("Unchanged", p.same)
	part("Left once, and not invited again by an import", len(p.left))
	for _, r := range p.left {
		fmt.Fprintf(w, "  - %s\n", r.rep.Address.Mail)
	}
	part("Enrolled, but not in the file; they stay as they are", len(p.missing))
	for _, r := range p.missing {
		fmt.Fprintf(w, "  ? %s\n", showable(r.Address))
	}
}

// showable makes a stranger's text safe for a terminal: what could move the cursor or hide other
// characters becomes a question mark.
func showable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\ufffd' || unseen(r) {
			return '?'
		}
		return r
	}, s)
}
