package parser

import "strings"

// contactLabels begin lines of contact blocks, in lower case.
var contactLabels = []string{"tel", "phone", "fax", "mobile", "mob", "cell", "office", "direct", "email", "e-mail", "mail", "web", "www", "skype", "linkedin", "twitter", "t:", "m:", "p:", "e:", "w:", "f:", "d:", "o:", "c:", "t.", "m.", "kvk", "btw", "iban", "bic", "vat", "telefon", "mobil", "handy", "telefax", "tél", "téléphone", "portable", "teléfono", "móvil", "telefono", "cellulare", "telefone", "celular", "telemóvel", "telefoon", "mobiel", "puhelin", "gsm", "puh", "tlf", "komórka", "тел", "моб", "телефон", "電話", "携帯", "电话", "手机", "電郵", "邮箱", "전화", "휴대폰", "이메일", "טלפון", "נייד", "هاتف", "جوال", "τηλ", "κιν", "telefonszám", "internet", "website", "homepage", "blog"}

// contactMarks counts telephone numbers, addresses and links in a line, and its label.
func contactMarks(s string) int {
	n := b2i(hasAddress(s)) + b2i(strings.Contains(s, "www.") || strings.Contains(s, "://")) + b2i(phone(s) && !counted(s))
	if n == 0 {
		return b2i(labelled(s))
	}
	return n
}

// counted says whether a line tells what its number is, and it is no telephone's: "Meeting ID: 123 456 7890".
func counted(s string) bool {
	head, rest, ok := strings.Cut(s, ": ")
	return ok && len(head) > 1 && digits(head) == 0 && !strings.ContainsAny(rest, "+(") && !labelled(s)
}

// labelled says whether a short line begins with a label of contact, and an address, link or number goes with it. "Mail: 20" counts letters.
func labelled(s string) bool {
	if len(s) >= 60 || !strings.ContainsAny(s, "0123456789@/") {
		return false
	}
	low := strings.ToLower(strings.TrimLeft(s, "*_ "))
	for _, l := range contactLabels {
		rest, ok := strings.CutPrefix(low, l)
		if ok && rest != "" && strings.ContainsAny(rest[:1], ":. \t") && (digits(rest) >= 4 || strings.ContainsAny(rest, "@/")) {
			return true
		}
	}
	return false
}

// contactRow says whether a line holds two kinds of contact or more, in the cells of a row: "T 030 123 45 67 | www.example.com".
func contactRow(s string) bool {
	for _, cell := range []string{" | ", " · ", " • "} {
		if strings.Contains(s, cell) && contactMarks(s) >= 2 {
			return true
		}
	}
	return false
}

// bareAddress says whether a line is a mail address and nothing else.
func bareAddress(s string) bool {
	return hasAddress(s) && !strings.ContainsAny(strings.Trim(s, " <>"), " ,;:")
}

// directory says whether some lines are a list of people or pages, and not one person's signature: each with the same kind of contact, or two of
// them with a name and the same kind.
func directory(lines []line) bool {
	var all, named [3]int
	for _, l := range lines {
		if labelled(l.s) {
			continue
		}
		opens := nameLike(l.s)
		for i, is := range [3]bool{hasAddress(l.s), strings.Contains(l.s, "www.") || strings.Contains(l.s, "://"), phone(l.s)} {
			all[i] += b2i(is)
			named[i] += b2i(is && opens)
		}
	}
	for i := range all {
		if len(lines) >= 2 && (all[i] == len(lines) || named[i] >= 2) {
			return true
		}
	}
	return false
}

// phone says whether a line holds a telephone number: digits with nothing but the usual marks between.
func phone(s string) bool {
	for i := 0; i < len(s); i++ {
		if !digit(s[i]) {
			continue
		}
		end, n := i+1, 1
		for j := i + 1; j < len(s); j++ {
			if digit(s[j]) {
				end, n = j+1, n+1
			} else if strings.IndexByte(" ()-.+\xc2\xa0", s[j]) < 0 {
				break
			}
		}
		if n >= 7 && telephone(s[i:end], i > 0 && (s[i-1] == '+' || s[i-1] == '(')) {
			return true
		}
		i = end
	}
	return false
}

// telephone says whether digits and what stands between them are a telephone number: seven of them or more, nine where nothing divides them and
// nothing marks the first, and no dates, amount or address of a machine.
func telephone(s string, marked bool) bool {
	groups := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	for len(groups) >= 3 && dateGroups(groups) {
		groups = groups[3:]
	}
	n := 0
	for _, g := range groups {
		n += len(g)
	}
	switch {
	case n < 7:
		return false
	case marked || groups[0][0] == '0':
		return true
	case len(groups) == 1:
		return n >= 9
	}
	return !amount(s, groups) && !machine(s, groups)
}

// dateGroups says whether three groups of digits are a date: 2026-11-23, 23.11.2026.
func dateGroups(g []string) bool {
	year := func(s string) bool { return len(s) == 4 && (s[:2] == "20" || s[:2] == "19") }
	return len(g[1]) <= 2 && (year(g[0]) && len(g[2]) <= 2 || len(g[0]) <= 2 && year(g[2]))
}

// amount says whether groups of digits are thousands: 1.250.000, 2 000 000.
func amount(s string, groups []string) bool {
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return len(groups[0]) < 3 || len(groups[0]) == 3 && !strings.ContainsAny(s, " -()")
}

// machine says whether groups of digits are the address of one (RFC 1123 §2.1): 192.0.2.200.
func machine(s string, groups []string) bool {
	if len(groups) != 4 || strings.Count(s, ".") != 3 || strings.ContainsAny(s, " -()") {
		return false
	}
	for _, g := range groups {
		if len(g) > 3 || len(g) == 3 && g > "255" {
			return false
		}
	}
	return true
}
