package parser

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// legalForms end the names of firms, in lower case and without full stops.
var legalForms = wordSet("gmbh ag kg ug ohg mbh ltd limited inc llc llp plc corp corporation bv nv vof sa sas sarl eurl srl spa ab as a/s aps ivs oy oyj asa sro doo kft zrt bt pty pte sl slu lda ltda s/a oü uab ehf ооо зао оао тов ае επε şti aş")

// titles are words of what somebody is in a firm, in lower case.
var titles = wordSet("manager director executive engineer consultant head president founder co-founder ceo cto cfo coo cso vp representative associate assistant specialist officer analyst advisor adviser accountant coordinator " +
	"leiter leiterin vertriebsleiter vertriebsleiterin geschäftsführer geschäftsführerin berater beraterin außendienst vertrieb directeur directrice responsable chargé chargée gérant gérante conseiller conseillère " +
	"gerente directora delegado delegada asesor asesora comercial direttore direttrice responsabile agente consulente diretor diretora consultor consultora vendedor vendedora accountmanager verkoper adviseur hoofd " +
	"säljare säljchef försäljningschef sælger salgschef selger salgssjef daglig myyntipäällikkö myyjä toimitusjohtaja handlowiec dyrektor kierownik obchodní ředitel értékesítő igazgató vezető менеджер директор руководитель менеджерка керівник")

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// firm says whether a line ends with the legal form of a firm: "Example GmbH", "Example S.r.l."
func firm(s string) bool {
	words := strings.Fields(strings.Trim(s, "*_ ,"))
	if len(words) < 2 || len(words) > 6 {
		return false
	}
	return legalForms[strings.ReplaceAll(strings.ToLower(words[len(words)-1]), ".", "")]
}

// title says whether a short line holds a word of what somebody is in a firm.
func title(s string) bool {
	words := fieldsOf(strings.ToLower(s))
	return len(words) > 0 && len(words) <= 6 && slices.ContainsFunc(words, func(w string) bool { return titles[w] })
}

// office says whether some lines are a full name with a title or firm below it, and nothing else: what stands above a disclaimer or the footer of
// a telephone is a signature then, though nobody can be reached by it.
func (t *tail) office(from, to int) bool {
	if to-from < 2 || to-from > 5 || !t.words(0, from) {
		return false
	}
	name := strings.Trim(t.lines[from].s, "*_ ")
	if n := len(strings.Fields(name)); n < 2 || n > 4 || !nameLike(name) || firm(name) || digits(name) > 0 {
		return false
	}
	found := false
	for _, l := range t.lines[from+1 : to] {
		if who, what, ok := strings.Cut(l.s, ", "); ok && fullName(who) && nameLike(who) && title(what) {
			return false // another person
		}
		if utf8.RuneCountInString(l.s) > 60 || isWhole(l.s) && !firm(l.s) {
			return false
		}
		head, _, _ := strings.Cut(l.s, ",")
		found = found || firm(head) || title(l.s)
	}
	if up := t.blanks(from); announces(t.lines[up-1].s) || strings.HasSuffix(t.lines[up-1].s, "?") {
		return false // the person they speak of
	}
	t.sealed = t.sealed || found
	return found
}

// boldName says whether a line is a name in bold, as only programs write one.
func boldName(s string) bool {
	return len(s) > 4 && s[0] == '*' && s[len(s)-1] == '*' && s[1] != '*' && nameLike(s)
}

// device drops the footers of telephones and mail programs, with a link below.
func (t *tail) device(end int) int {
	for n := 1; n <= 2 && n <= end; n++ {
		if !t.goesOn(end-n) && isDevice(t.text(end-n, end)) {
			return t.nameAbove(end - n)
		}
	}
	if at := t.paragraph(end); end-at > 2 && isDevice(t.lines[at].s) && t.office(at+1, end) {
		return at
	}
	return end
}

// goesOn says whether a line goes on with the sentence of the line above: it begins small, and above is more than a name, and no end.
func (t *tail) goesOn(i int) bool {
	first, _ := utf8.DecodeRuneInString(t.lines[i].s)
	if i == 0 || !unicode.IsLower(first) {
		return false
	}
	above := t.lines[i-1].s
	last, _ := utf8.DecodeLastRuneInString(above)
	return unicode.IsLetter(last) && len(strings.Fields(above)) > 2
}

// nameAbove takes along a name of two words or more that shares its paragraph with a device footer and nothing else. Where
// the writer's name is known there is no need to guess.
func (t *tail) nameAbove(end int) int {
	if end < 2 || t.known.full != "" || !t.lines[end-2].blank() || !t.words(0, end-1) {
		return end
	}
	if s := t.lines[end-1].s; nameLike(s) && len(strings.Fields(s)) == 2 && !strings.Contains(s, ",") && (ascii(s) || shortWords(s)) {
		return end - 1
	}
	return end
}

// shortWords says whether the words of a script without capitals are as short as names are.
func shortWords(s string) bool {
	for _, w := range strings.Fields(s) {
		if first, _ := utf8.DecodeRuneInString(w); unspaced(first) && utf8.RuneCountInString(w) > 4 {
			return false
		}
	}
	return true
}
