package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"whyloop/conversation"
)

// importColumns are the columns of an import; those from language on may be left out.
func importColumns() []string {
	return []string{"name", "address", "manager_name", "manager_address", "zone", "language", "old_address"}
}

// neededColumns are those that may not.
const neededColumns = 5

// importRow is one person of a file.
type importRow struct {
	line int
	rep  conversation.Rep
	old  string // the address they were enrolled under, if it has changed
}

// lineError is what is wrong on a line of a file.
type lineError struct {
	line int
	err  error
}

func (e lineError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }

func (e lineError) Unwrap() error { return e.err }

// readImport reads a whole file, or reports everything that is wrong with it. Spreadsheets are met half-way:
// a byte order mark, CRLF, and semicolons or tabs for commas.
func readImport(data []byte) ([]importRow, error) {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return nil, errors.New("the file is in UTF-16; save it as \"CSV UTF-8\"")
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if err := plainText(data); err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma = delimiter(data)
	r.TrimLeadingSpace = r.Comma != '\t'
	head, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the file is empty; its first line is to be: %s", strings.Join(importColumns()[:neededColumns], ","))
	}
	if err != nil {
		return nil, csvError(err)
	}
	columns, err := columnsOf(head)
	if err != nil {
		return nil, lineError{1, err}
	}
	return readRows(r, columns)
}

// plainText refuses what could act on a header or a terminal, before any of it is printed. Line
// breaks inside quotes are caught later, as part of a field.
func plainText(data []byte) error {
	var errs []error
	for i, line := range bytes.Split(data, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		switch {
		case !utf8.Valid(line):
			errs = append(errs, lineError{i + 1, errors.New("not in UTF-8; save the file as \"CSV UTF-8\"")})
		case bytes.IndexFunc(line, func(r rune) bool { return r != '\t' && unseen(r) }) >= 0:
			errs = append(errs, lineError{i + 1, errors.New("holds a control or invisible character; type the line anew")})
		}
	}
	return errors.Join(errs...)
}

// delimiter is what parts the columns of the first line.
func delimiter(data []byte) rune {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	best := ','
	for _, d := range []rune{';', '\t'} {
		if bytes.Count(first, []byte(string(d))) > bytes.Count(first, []byte(string(best))) {
			best = d
		}
	}
	return best
}

// columnsOf finds each column in the first line: name -> place.
func columnsOf(head []string) (map[string]int, error) {
	known := importColumns()
	at := map[string]int{}
	for i, h := range head {
		h = strings.ToLower(strings.TrimSpace(h))
		if !slices.Contains(known, h) {
			return nil, fmt.Errorf("unknown column %q%s", h, didYouMean(h, known))
		}
		if _, twice := at[h]; twice {
			return nil, fmt.Errorf("column %q is there twice", h)
		}
		at[h] = i
	}
	for _, k := range known[:neededColumns] {
		if _, ok := at[k]; !ok {
			return nil, fmt.Errorf("column %q is missing; the first line is to be: %s", k, strings.Join(known[:neededColumns], ","))
		}
	}
	return at, nil
}

// csvError is the reader's own, with its line first.
func csvError(err error) error {
	if pe := (*csv.ParseError)(nil); errors.As(err, &pe) {
		return lineError{pe.Line, pe.Err}
	}
	return err
}

func readRows(r *csv.Reader, columns map[string]int) ([]importRow, error) {
	var all []importRow
	var errs []error
	first := map[string]int{}
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return all, errors.Join(errs...)
		}
		if err != nil {
			errs = append(errs, csvError(err))
			if !errors.Is(err, csv.ErrFieldCount) {
				return nil, errors.Join(errs...)
			}
			continue
		}
		line, _ := r.FieldPos(0)
		field := func(column string) string {
			i, ok := columns[column]
			if !ok {
				return ""
			}
			return strings.TrimSpace(fields[i])
		}
		rep, err := importRep(field)
		old := strings.ToLower(field("old_address"))
		if err == nil && old != "" && isAddress(old) != nil {
			err = fmt.Errorf("old_address: %w", isAddress(old))
		}
		if before := first[rep.Address.Mail]; err == nil && before > 0 {
			err = fmt.Errorf("%s stands on line %d already", rep.Address.Mail, before)
		}
		if err != nil {
			errs = append(errs, lineError{line, err})
			continue
		}
		first[rep.Address.Mail] = line
		all = append(all, importRow{line, rep, old})
	}
}

// importRep makes a rep of one line. Without a language it stays empty: what they have, or English.
func importRep(field func(string) string) (conversation.Rep, error) {
	rep := conversation.Rep{Zone: field("zone"), Language: strings.ToLower(field("language"))}
	if err := setName(&rep, field("name")); err != nil {
		return rep, fmt.Errorf("name: %w", err)
	}
	if err := setAddress(&rep, field("address")); err != nil {
		return rep, fmt.Errorf("address: %w", err)
	}
	rep.Manager = conversation.Address{Name: field("manager_name"), Mail: strings.ToLower(field("manager_address"))}
	if err := isName(rep.Manager.Name); err != nil {
		return rep, fmt.Errorf("manager_name: %w", err)
	}
	if err := isAddress(rep.Manager.Mail); err != nil {
		return rep, fmt.Errorf("manager_address: %w", err)
	}
	if strings.Trim(rep.Language, "abcdefghijklmnopqrstuvwxyz-") != "" {
		return rep, fmt.Errorf("language: want a code like \"en\", got %q", rep.Language)
	}
	if _, err := time.LoadLocation(rep.Zone); err != nil || rep.Zone == "" {
		return rep, fmt.Errorf("zone: %q is unknown; use an IANA name like Europe/Berlin", rep.Zone)
	}
	return rep, nil
}
