package parser

import (
	"strings"
	"testing"
)

func TestReturnDate(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"I am out of the office until 18 September.", "2026-09-18"},
		{"I am out of the office and will be back on Monday, September 21st.", "2026-09-21"},
		{"I will be returning on 09/21/2026.", "2026-09-21"},
		{"Out until Monday.", "2026-09-14"},
		{"Ich bin bis zum 18.09.2026 nicht im Büro.", "2026-09-18"},
		{"Ich bin ab dem 21. September wieder erreichbar.", "2026-09-21"},
		{"Ich bin bis einschließlich 18. September im Urlaub.", "2026-09-18"},
		{"Je suis absent jusqu'au 18 septembre inclus.", "2026-09-18"},
		{"Estaré fuera de la oficina hasta el 18 de septiembre.", "2026-09-18"},
		{"Sono assente fino al 18 settembre.", "2026-09-18"},
		{"Estou de férias até 18 de setembro.", "2026-09-18"},
		{"Ik ben afwezig tot en met 18 september.", "2026-09-18"},
		{"Jag är på semester till den 18 september.", "2026-09-18"},
		{"Jeg er på ferie til og med den 18. september.", "2026-09-18"},
		{"Jeg er ikke på kontoret før jeg er tilbake den 18. september.", "2026-09-18"},
		{"Olen lomalla 18. syyskuuta asti.", "2026-09-18"},
		{"Jestem na urlopie do 18 września.", "2026-09-18"},
		{"Jsem na dovolené do 18. září.", "2026-09-18"},
		{"Som na dovolenke do 18. septembra.", "2026-09-18"},
		{"Szeptember 18-ig nem vagyok az irodában.", "2026-09-18"},
		{"Sunt plecat din birou până pe 18 septembrie.", "2026-09-18"},
		{"Θα λείπω μέχρι 18 Σεπτεμβρίου.", "2026-09-18"},
		{"18 Eylül tarihine kadar ofis dışındayım.", "2026-09-18"},
		{"Я в отпуске до 18 сентября.", "2026-09-18"},
		{"Я у відпустці до 18 вересня.", "2026-09-18"},
		{"אני מחוץ למשרד עד 18 בספטמבר.", "2026-09-18"},
		{"أنا خارج المكتب حتى 18 سبتمبر.", "2026-09-18"},
		{"9月18日まで休暇をいただいております。", "2026-09-18"},
		{"我目前休假,9月18日回來。", "2026-09-18"},
		{"9월 18일까지 휴가입니다.", "2026-09-18"},
		{"Back on 3 January.", "2027-01-03"},
		{"I met 12 people on 4 September.", ""},
		{"Call me at 555-12-10.", ""},
	} {
		m, err := Parse(strings.NewReader("From: a@b.example\nAuto-Submitted: auto-replied\nSubject: x\nDate: Mon, 07 Sep 2026 08:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n" + c.text + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if !m.BackOn.IsZero() {
			got = m.BackOn.Format("2006-01-02")
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

// TestAbsence: the words count in any language and form, and a quoted letter does not hide them.
func TestAbsence(t *testing.T) {
	long := strings.Repeat("> What would that get you? I am a program and no person.\n", 60)
	for body, want := range map[string]bool{
		"I am on annual leave this week.": true,
		"Ich bin im Urlaub.":              true,
		"Je suis en congé.":               true,
		"Estoy de vacaciones.":            true,
		"Ik ben op vakantie.":             true,
		"Estou de férias.":                true,
		"Я в отпуске.":                    true,
		"休暇中です。":                          true,
		"Jestem na urlopie.":              true,
		"I am out of\nthe office.":        true,
		"Out of office.\n\nOn Mon, 7 Sep 2026, Coach wrote:\n" + long: true,
		"A holiday with my kids.":                                     false,
		"Freedom":                                                     false,
		"":                                                            false,
	} {
		m, err := Parse(strings.NewReader(mailOf("Content-Type: text/plain; charset=utf-8\n", body)))
		if err != nil || m.Absence != want {
			t.Errorf("%.40q: absence %v, want %v (%v)", body, m.Absence, want, err)
		}
	}
	m, err := Parse(strings.NewReader(mailOf("Content-Type: text/html; charset=utf-8\n", "<p>Ich bin bis Freitag <b>im Urlaub</b>.</p>")))
	if err != nil || !m.Absence {
		t.Errorf("HTML: absence %v, %v", m.Absence, err)
	}
}
