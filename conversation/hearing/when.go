package hearing

import (
	"strconv"
	"strings"
	"time"

	"whyloop/conversation"
)

// whenIn finds the first moment named anywhere in the words.
func whenIn(words []string) conversation.When {
	for i := range words {
		if w, n := parseWhen(words[i:]); n > 0 && w != (conversation.When{}) {
			return w
		}
	}
	return conversation.When{}
}

// parseWhen reads a moment off the beginning of words and tells how many it took:
// "2 weeks", "for a fortnight", "until Monday", "till the 3rd", "until 14 July 2027",
// "2027-07-14", "14.7.". Nothing at all is no moment and takes no words.
func parseWhen(words []string) (conversation.When, int) {
	skip := 0
	for skip < len(words) && whenFiller(words[skip]) {
		skip++
	}
	rest := words[skip:]
	for _, read := range []func([]string) (conversation.When, int){readISO, readSpan, readDate, readNamed, readWeekday} {
		if w, n := read(rest); n > 0 {
			return w, skip + n
		}
	}
	return conversation.When{}, 0
}

func whenFiller(w string) bool {
	switch w {
	case "for", "until", "till", "til", "untill", "in", "the", "on", "next", "about", "around", "another", "of", "up", "to", "this", "coming", "by", "again", "at", "least", "it", "me", "please", "from", "now",
		"fur", "bis", "zum", "am", "den", "im", "nachsten", "nachste", "pour", "pendant", "jusqu", "au", "le", "a", "en", "hasta", "el", "la", "por", "durante", "dia", "tot", "voor", "op", "de", "ate", "o", "dem", "der", "les":
		return true
	}
	return false
}

// readSpan reads a number and a unit.
func readSpan(words []string) (conversation.When, int) {
	if len(words) == 0 {
		return conversation.When{}, 0
	}
	if d, ok := oneUnit(words[0]); ok && len(words[0]) > 2 { // "a" was skipped as a filler: "for a week"
		return conversation.When{Days: d}, 1
	}
	n, ok := smallNumber(words[0])
	if !ok {
		if num, unit := splitNumber(words[0]); num > 0 {
			if d, ok := oneUnit(unit); ok {
				return conversation.When{Days: capDays(num * d)}, 1
			}
		}
		return conversation.When{}, 0
	}
	i := 1
	for i < len(words) && (words[i] == "of" || words[i] == "more" || words[i] == "full") {
		i++
	}
	if i < len(words) {
		if d, ok := oneUnit(words[i]); ok {
			return conversation.When{Days: capDays(n * d)}, i + 1
		}
	}
	return conversation.When{}, 0
}

// capDays keeps a pause within ten years, whatever number was written.
func capDays(d int) int { return min(d, 3660) }

// splitNumber parts "2w" and "14days".
func splitNumber(w string) (int, string) {
	i := 0
	for i < len(w) && w[i] >= '0' && w[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(w[:i])
	if err != nil || n > 1000 {
		return 0, ""
	}
	return n, w[i:]
}

func oneUnit(w string) (days int, ok bool) {
	switch w {
	case "day", "days", "d", "tag", "tage", "tagen", "jour", "jours", "dia", "dias", "dag", "dagen":
		return 1, true
	case "week", "weeks", "w", "wk", "wks", "woche", "wochen", "semaine", "semaines", "semana", "semanas", "weken", "weekje":
		return 7, true
	case "fortnight", "fortnights", "quinzaine", "quincena":
		return 14, true
	case "month", "months", "m", "mo", "monat", "monate", "monaten", "mois", "mes", "meses", "maand", "maanden":
		return 30, true
	case "quarter", "quartal", "trimestre", "kwartaal":
		return 91, true
	case "year", "years", "yr", "jahr", "jahre", "an", "ans", "annee", "ano", "anos", "jaar":
		return 365, true
	}
	return 0, false
}

func smallNumber(w string) (int, bool) {
	if n, err := strconv.Atoi(w); err == nil && n > 0 && n < 1000 {
		return n, true
	}
	switch w {
	case "a", "an", "one", "ein", "eine", "einen", "un", "une", "una", "een", "um", "uma", "1x", "single":
		return 1, true
	case "two", "couple", "zwei", "deux", "dos", "twee", "dois", "duas", "both":
		return 2, true
	case "three", "few", "some", "drei", "trois", "tres", "drie", "several", "ein_paar", "quelques", "unas":
		return 3, true
	case "four", "vier", "quatre", "cuatro", "quatro":
		return 4, true
	case "five", "funf", "cinq", "cinco", "vijf":
		return 5, true
	case "six", "sechs", "seis", "zes":
		return 6, true
	case "seven", "sieben", "sept", "siete", "sete", "zeven":
		return 7, true
	case "eight", "acht", "huit", "ocho", "oito":
		return 8, true
	case "nine", "neun", "neuf", "nueve", "nove", "negen":
		return 9, true
	case "ten", "zehn", "dix", "diez", "dez", "tien":
		return 10, true
	case "twelve", "zwolf", "douze", "doce", "doze", "twaalf":
		return 12, true
	}
	return 0, false
}

// readISO reads "2027 07 14", the words of 2027-07-14.
func readISO(words []string) (conversation.When, int) {
	if len(words) < 3 || len(words[0]) != 4 {
		return conversation.When{}, 0
	}
	y, ok1 := number(words[0], 2000, 2200)
	m, ok2 := number(words[1], 1, 12)
	d, ok3 := number(words[2], 1, 31)
	if !ok1 || !ok2 || !ok3 {
		return conversation.When{}, 0
	}
	return conversation.When{Day: d, Month: time.Month(m), Year: y}, 3
}

func number(w string, lo, hi int) (int, bool) {
	n, err := strconv.Atoi(w)
	return n, err == nil && n >= lo && n <= hi
}

// readDate reads a day and a month in either order, a day alone, or a month alone,
// with a year after it if there is one.
func readDate(words []string) (conversation.When, int) {
	if len(words) == 0 {
		return conversation.When{}, 0
	}
	w, n := conversation.When{}, 0
	second := func(i int) string {
		for ; i < len(words); i++ {
			if !whenFiller(words[i]) {
				n = i
				return words[i]
			}
		}
		return ""
	}
	if d, ok := dayOf(words[0]); ok {
		w.Day, n = d, 1
		if m := monthOf(second(1)); m != 0 {
			w.Month, n = m, n+1
		} else {
			n = 1
		}
	} else if m := monthOf(words[0]); m != 0 {
		w.Month, w.Day, n = m, 1, 1
		if d, ok := dayOf(second(1)); ok {
			w.Day, n = d, n+1
		} else {
			n = 1
		}
	} else {
		return w, 0
	}
	if w.Month == 0 && n < len(words) {
		if m, ok := number(words[n], 1, 12); ok { // "14.7."
			w.Month, n = time.Month(m), n+1
		}
	}
	if n < len(words) {
		if y, ok := number(words[n], 2000, 2200); ok {
			w.Year, n = y, n+1
		}
	}
	return w, n
}

func dayOf(w string) (int, bool) {
	for _, suffix := range []string{"st", "nd", "rd", "th", "er", "ter"} {
		w = strings.TrimSuffix(w, suffix)
	}
	return number(w, 1, 31)
}

func monthOf(w string) time.Month {
	if len(w) < 3 {
		return 0
	}
	for i, names := range [...]string{
		" january jan januar janvier enero januari janeiro ", " february feb februar fevrier febrero februari fevereiro ",
		" march mar marz mars marzo maart marco ", " april apr avril abril ", " may mai mayo mei maio ",
		" june jun juni juin junio junho ", " july jul juli juillet julio julho ", " august aug aout agosto augustus ",
		" september sep sept septembre septiembre setembro ", " october oct oktober okt octobre octubre outubro ",
		" november nov novembre noviembre novembro ", " december dec dezember dez decembre diciembre dezembro ",
	} {
		if strings.Contains(names, " "+w+" ") {
			return time.Month(i + 1)
		}
	}
	return 0
}

// readWeekday reads the name of a day of the week.
func readWeekday(words []string) (conversation.When, int) {
	if len(words) == 0 || len(words[0]) < 3 {
		return conversation.When{}, 0
	}
	for i, names := range [...]string{
		" sunday sun sonntag dimanche domingo zondag ", " monday mon montag lundi lunes maandag segunda ",
		" tuesday tue tues dienstag mardi martes dinsdag terca ", " wednesday wed mittwoch mercredi miercoles woensdag quarta ",
		" thursday thu thur thurs donnerstag jeudi jueves donderdag quinta ", " friday fri freitag vendredi viernes vrijdag sexta ",
		" saturday sat samstag samedi sabado zaterdag ",
	} {
		if strings.Contains(names, " "+words[0]+" ") {
			return conversation.When{Weekday: time.Weekday(i), HasWeekday: true}, 1
		}
	}
	return conversation.When{}, 0
}

// readNamed reads "tomorrow", "next week", "next month": fillers are gone by then, so
// that "week" alone means one.
func readNamed(words []string) (conversation.When, int) {
	if len(words) == 0 {
		return conversation.When{}, 0
	}
	switch words[0] {
	case "tomorrow", "morgen", "demain", "manana", "amanha":
		return conversation.When{Days: 1}, 1
	case "weekend":
		return conversation.When{Weekday: time.Monday, HasWeekday: true}, 1
	}
	return conversation.When{}, 0
}
