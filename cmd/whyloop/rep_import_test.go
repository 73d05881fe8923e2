package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whyloop/conversation"
	"whyloop/conversation/sqlite"
)

// csvFile writes a file to import.
func csvFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	csvHead = "name,address,manager_name,manager_address,zone\n"
	csvSam  = "Sam,sam@example.com,Dana,dana@example.com,Europe/London\n"
	csvPat  = "Pat,pat@example.com,Dana,dana@example.com,Europe/Berlin\n"
)

// TestImportForms: what spreadsheets write is read.
func TestImportForms(t *testing.T) {
	for name, text := range map[string]string{
		"plain":             csvHead + csvSam,
		"with a mark":       "\ufeff" + csvHead + csvSam,
		"CRLF":              strings.ReplaceAll(csvHead+csvSam, "\n", "\r\n"),
		"semicolons":        strings.ReplaceAll(csvHead+csvSam, ",", ";"),
		"tabs":              strings.ReplaceAll(csvHead+csvSam, ",", "\t"),
		"no end of line":    csvHead + strings.TrimSpace(csvSam),
		"empty lines":       csvHead + "\n" + csvSam + "\n\n",
		"spaces":            csvHead + strings.ReplaceAll(csvSam, ",", " , "),
		"quotes":            csvHead + `"Sam","sam@example.com","Dana","dana@example.com","Europe/London"` + "\n",
		"upper case":        csvHead + strings.Replace(csvSam, "sam@example.com", "Sam@Example.COM", 1),
		"another order":     "zone,language,address,name,manager_address,manager_name\nEurope/London,EN,sam@example.com,Sam,dana@example.com,Dana\n",
		"an empty language": strings.Replace(csvHead, "zone", "zone,language", 1) + strings.Replace(csvSam, "London", "London,", 1),
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.must("+ Sam <sam@example.com>, manager Dana <dana@example.com>, Europe/London, en", "rep import --dry-run", csvFile(t, text))
			o.must("No reps yet", "rep list")
		})
	}
}

// TestImportTroubles: everything that is wrong is told at once with its line, and nothing is done.
func TestImportTroubles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "the file is empty; its first line is to be: name,address"},
		{"UTF-16", "\xff\xfen\x00", "UTF-16"},
		{"Latin-1", csvHead + "J\xfcrgen,j@example.com,Dana,dana@example.com,Europe/Berlin\n", "line 2: not in UTF-8"},
		{"no such column", strings.Replace(csvHead, "zone", "timezone", 1), `line 1: unknown column "timezone"; did you mean "zone"?`},
		{"a column twice", "name,name\n", `line 1: column "name" is there twice`},
		{"a column missing", "name,address\n", `line 1: column "manager_name" is missing`},
		{"a field missing", csvHead + "Sam,sam@example.com\n" + csvPat, "line 2: wrong number of fields"},
		{"an open quote", csvHead + "\"Sam,sam@example.com\n", "line 2: "},
		{"an address", csvHead + csvPat + "Sam,sam,Dana,dana@example.com,Europe/London\n", "line 3: address: want a bare address"},
		{"a manager's address", csvHead + "Sam,sam@example.com,Dana,,Europe/London\n", "line 2: manager_address: want a bare address"},
		{"no name", csvHead + ",sam@example.com,Dana,dana@example.com,Europe/London\n", "line 2: name: want a name"},
		{"a zone", csvHead + strings.Replace(csvSam, "Europe/London", "Mars", 1), `line 2: zone: "Mars" is unknown`},
		{"twice", csvHead + csvSam + csvPat + strings.ToUpper(csvSam[:3]) + csvSam[3:], "line 4: sam@example.com stands on line 2 already"},
		{"an escape", csvHead + "Sam\x1b[2J,sam@example.com,Dana,dana@example.com,Europe/London\n", "line 2: holds a control"},
		{"a direction", csvHead + csvSam + "P\u202eat,pat@example.com,Dana,dana@example.com,Europe/London\n", "line 3: holds a control or invisible"},
		{"a line break in a name", csvHead + "\"Sam\nBcc: x@example.com\",sam@example.com,Dana,dana@example.com,Europe/London\n", "line 2: name: the name holds a control"},
		{"a header in an address", csvHead + "Sam,\"sam@example.com\nBcc: x@example.com\",Dana,dana@example.com,Europe/London\n", "line 2: address: want a bare address"},
		{"the contact", csvHead + strings.Replace(csvSam, "dana@", "ines@", 1), "line 2: refused: the manager is the contact"},
		{"a language", strings.Replace(csvHead, "zone", "zone,language", 1) + strings.Replace(csvSam, "London", "London,xx", 1), `line 2: refused: there are no letters in "xx"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			got := o.whyloop("", "rep import --send", csvFile(t, c.text))
			if got.code != exitFailure || !strings.Contains(got.errors, c.want) {
				t.Errorf("exit %d, want %q in\n%s%s", got.code, c.want, got.out, got.errors)
			}
			if all := got.out + got.errors; strings.ContainsAny(all, "\x1b\r") || strings.Contains(all, "\u202e") {
				t.Errorf("a control reaches the terminal: %q", all)
			}
			o.must("No reps yet", "rep list")
		})
	}
	o := newOffice(t)
	o.refuses("want the CSV file", "rep import")
	o.refuses("takes no file", "rep import --undo x.csv")
	o.refuses("no import waits", "rep import --send")
	o.refuses("no import waits", "rep import --undo")
	o.refuses("from 1 to 1000", "rep import --batch 0 x.csv")
}

// TestImportDiff: who is new, changed, the same, gone for good, and not in the file.
func TestImportDiff(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	o.must("", "rep add kim@example.com --name Kim --zone Europe/London --manager", "Dana <dana@example.com>")
	o.must("", "rep add lee@example.com --name Lee --zone Europe/London --language de --manager", "Dana <dana@example.com>")
	o.must("", "rep add ada@example.com --name Ada --zone Europe/London --manager", "Dana <dana@example.com>")
	o.must("", "rep add bea@example.com --name Bea --zone Europe/London --manager", "Dana <dana@example.com>")
	o.must("", "rep forget ada@example.com --yes")
	o.must("", "rep stop bea@example.com")
	o.confide()
	file := csvFile(t, csvHead+csvPat+
		"Sam,sam@example.com,Robin,robin@example.com,Europe/Paris\n"+
		"Lee,lee@example.com,Dana,dana@example.com,Europe/London\n"+
		"Ada,ada@example.com,Dana,dana@example.com,Europe/London\n"+
		"Bea,bea@example.com,Dana,dana@example.com,Europe/London\n")
	out := o.must("A dry run: nothing was kept.", "rep import --dry-run", file)
	for _, want := range []string{
		"New, to be invited: 1\n  + Pat <pat@example.com>",
		"Changed: 1\n  ~ sam@example.com: manager Dana <dana@example.com> -> Robin <robin@example.com>; zone Europe/London -> Europe/Paris; sharing ends\n",
		"Unchanged: 1\n",
		"not invited again by an import: 2\n  - ada@example.com\n  - bea@example.com\n",
		"not in the file; they stay as they are: 1\n  ? kim@example.com\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	o.must("Invited 1, changed 1.", "rep import --send", file)
	if c := o.rep("sam@example.com"); c.Rep.Manager.Name != "Robin" || c.Sharing != (conversation.Sharing{}) || c.Rep.Zone != "Europe/Paris" {
		t.Errorf("%+v %+v", c.Rep, c.Sharing)
	}
	if c := o.rep("lee@example.com"); c.Rep.Language != "de" {
		t.Error("a column that is not there changed somebody")
	}
	o.must("Unchanged: 3\n", "rep import --dry-run", file)
	o.rep("kim@example.com")
}

// TestImportMoves: with their old address beside it a new one keeps the conversation, over a first look and --send.
func TestImportMoves(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	o.must("", "rep add kim@example.com --name Kim --zone UTC --manager", "Dana <dana@example.com>")
	o.must("", "rep forget kim@example.com --yes")
	o.confide()
	id := o.rep("sam@example.com").ID
	head := strings.Replace(csvHead, "zone", "zone,old_address", 1)
	file := csvFile(t, head+"Sam,sam@example.org,Dana,dana@example.com,Europe/London,sam@example.com\n"+
		"Kim,kim@example.org,Dana,dana@example.com,UTC,kim@example.com\n"+
		"Pat,pat@example.org,Dana,dana@example.com,UTC,pat@example.com\n")
	out := o.must("  ~ sam@example.com: address sam@example.com -> sam@example.org\n", "rep import", file)
	for _, want := range []string{"New, to be invited: 1\n  + Pat <pat@example.org>", "by an import: 1\n  - kim@example.org\n", "not in the file; they stay as they are: 0\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	o.must("Invited 1, changed 1.", "rep import --send")
	if c := o.rep("sam@example.org"); c.ID != id || c.Ladder.Goal == "" {
		t.Errorf("%+v", c)
	}
	o.refuses("no rep has the address", "rep show sam@example.com")
	o.must("Unchanged: 2\n", "rep import --dry-run", file)
	o.refuses("line 2: old_address: want a bare address", "rep import", csvFile(t, head+"Sam,sam@example.org,Dana,dana@example.com,UTC,Sam\n"))
}

// TestImportMovesBounced: whose old address died goes on at the new one, and is no stranger to be invited.
func TestImportMovesBounced(t *testing.T) {
	o := newOffice(t)
	o.enrol()
	o.confide()
	id := o.rep("sam@example.com").ID
	o.change("sam@example.com", func(c *conversation.Conversation) { c.End, c.EraseAt = conversation.Bounced, o.now.Add(720*time.Hour) })
	head := strings.Replace(csvHead, "zone", "zone,old_address", 1)
	o.must("Invited 0, changed 1.", "rep import --send", csvFile(t, head+"Sam,sam@example.org,Dana,dana@example.com,Europe/London,sam@example.com\n"))
	if c := o.rep("sam@example.org"); c.ID != id || c.End != conversation.NotEnded || !c.EraseAt.IsZero() {
		t.Errorf("%+v", c)
	}
}

// TestImportKept: nobody hears of an import before --send, and --undo drops it.
func TestImportKept(t *testing.T) {
	o := newOffice(t)
	file := csvFile(t, csvHead+csvSam+csvPat)
	o.must("Nothing is sent or changed yet", "rep import", file)
	o.must("No reps yet", "rep list")
	kept := filepath.Join(filepath.Dir(o.config), "state", "import.json")
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	o.must("Dropped.", "rep import --undo")
	o.refuses("no import waits", "rep import --send")
	o.must("No reps yet", "rep list")
	o.must("", "rep import", file)
	o.must("Invited 2, changed 0.", "rep import --send")
	o.refuses("no import waits", "rep import --send")
	o.must("Unchanged: 2", "rep import --dry-run", file)
}

// TestImportBatches: so many a day, whatever is called how often, and from whichever file.
func TestImportBatches(t *testing.T) {
	o := newOffice(t)
	var text strings.Builder
	text.WriteString(csvHead)
	for i := range 8 {
		fmt.Fprintf(&text, "Rep%d,rep%d@example.com,Dana,dana@example.com,Europe/London\n", i, i)
	}
	file := csvFile(t, text.String())
	o.must("Invited 3, changed 0", "rep import --send --batch 3", file)
	o.must("Invited 0, changed 0", "rep import --send --batch 3")
	o.must("Invited 0, changed 0", "rep import --send --batch 3", file)
	o.now = o.now.Add(24 * time.Hour)
	o.must("2 wait for another day", "rep import --send --batch 3")
	o.must("Dropped. Nobody more is invited by it", "rep import --undo")
	o.now = o.now.Add(24 * time.Hour)
	o.must("Invited 2, changed 0", "rep import --send --batch 3", file)
	o.withStore(func(_ *conversation.Coach, s *sqlite.Store) {
		if all, err := s.List(t.Context()); err != nil || len(all) != 8 {
			t.Errorf("%d reps, %v", len(all), err)
		}
	})
}

// FuzzImport: whatever a file holds, what comes out is safe for a header and a terminal.
func FuzzImport(f *testing.F) {
	f.Add([]byte(csvHead + csvSam))
	f.Add([]byte("\ufeffname;address;manager_name;manager_address;zone\r\nS;s@e.x;D;d@e.x;UTC\r\n"))
	f.Add([]byte(csvHead + "\"a\nb\",\"c\"\"d\",,,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, err := readImport(data)
		if err != nil {
			if strings.IndexFunc(strings.ReplaceAll(err.Error(), "\n", ""), unseen) >= 0 {
				t.Errorf("%q", err)
			}
			return
		}
		for _, r := range rows {
			for _, s := range []string{r.rep.Name, r.rep.Address.Mail, r.rep.Manager.Name, r.rep.Manager.Mail, r.rep.Zone, r.rep.Language} {
				if strings.IndexFunc(s, unseen) >= 0 {
					t.Errorf("line %d: %q", r.line, s)
				}
			}
		}
	})
}
