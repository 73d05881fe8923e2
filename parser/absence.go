package parser

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// monthStems are how the months begin in the languages of the tables, January first.
var monthStems = [12][]string{
	{"jan", "jän", "ene", "gen", "led", "ian", "янв", "січ", "ιαν", "oca", "tammi", "sty", "ינו", "ינואר", "يناير"},
	{"feb", "fév", "fev", "helmi", "lut", "úno", "лют", "фев", "φεβ", "şub", "פבר", "فبراير", "febr"},
	{"mar", "mär", "mrz", "mrt", "maa", "bře", "бер", "μαρ", "מרץ", "مارس", "márc", "мар"},
	{"apr", "avr", "abr", "huhti", "kwi", "dub", "квіт", "апр", "απρ", "nis", "אפר", "أبريل", "إبريل", "ápr"},
	{"mai", "may", "maj", "mei", "mag", "touko", "kvě", "трав", "май", "мая", "μαΐ", "μαϊ", "μάι", "מאי", "مايو", "máj", "maio"},
	{"jun", "juin", "giu", "kesä", "cze", "červn", "červen", "черв", "июн", "ιουν", "ιούν", "haz", "יוני", "يونيو", "iun", "jún"},
	{"jul", "juil", "lug", "heinä", "lip", "červenc", "červenec", "лип", "июл", "ιουλ", "ιούλ", "tem", "יולי", "يوليو", "iul", "júl"},
	{"aug", "août", "aout", "ago", "elo", "sie", "srp", "серп", "авг", "αυγ", "αύγ", "ağu", "אוג", "أغسطس"},
	{"sep", "set", "syys", "wrz", "zář", "вер", "сен", "σεπ", "eyl", "ספט", "سبتمبر", "szept"},
	{"oct", "okt", "ott", "out", "loka", "paź", "říj", "жов", "окт", "οκτ", "eki", "אוק", "أكتوبر"},
	{"nov", "marras", "lis", "лист", "ноя", "νοε", "kas", "נוב", "نوفمبر", "noi"},
	{"dec", "dez", "dic", "déc", "joulu", "gru", "pro", "гру", "дек", "δεκ", "ara", "דצמ", "ديسمبر", "des"},
}

// dayStems are how the weekdays begin, Sunday first.
var dayStems = [7][]string{
	{"sunday", "sonntag", "dimanche", "domingo", "domenica", "zondag", "söndag", "søndag", "sunnuntai", "niedziel", "neděl", "vasárnap", "duminic", "воскресень", "неділ", "κυριακ"},
	{"monday", "montag", "lundi", "lunes", "lunedì", "segunda", "maandag", "måndag", "mandag", "maanantai", "poniedział", "ponděl", "pondel", "hétfő", "luni", "понедельник", "понеділ", "δευτέρ", "pazartesi"},
	{"tuesday", "dienstag", "mardi", "martes", "martedì", "terça", "dinsdag", "tisdag", "tirsdag", "tiistai", "wtor", "úter", "kedd", "marți", "вторник", "вівтор", "τρίτ"},
	{"wednesday", "mittwoch", "mercredi", "miércoles", "mercoledì", "quarta", "woensdag", "onsdag", "keskiviikko", "środ", "střed", "stred", "szerda", "miercuri", "сред", "серед", "τετάρτ"},
	{"thursday", "donnerstag", "jeudi", "jueves", "giovedì", "quinta", "donderdag", "torsdag", "torstai", "czwart", "čtvrt", "štvrt", "csütörtök", "joi", "четверг", "четвер", "πέμπτ"},
	{"friday", "freitag", "vendredi", "viernes", "venerdì", "sexta", "vrijdag", "fredag", "perjantai", "piąt", "pát", "piat", "péntek", "vineri", "пятниц", "п'ятниц", "παρασκευ"},
	{"saturday", "samstag", "samedi", "sábado", "sabato", "zaterdag", "lördag", "lørdag", "lauantai", "sobot", "szombat", "sâmbăt", "суббот", "субот", "σάββατ"},
}

// stem returns the index of the list that holds the longest beginning of a word, -1 for none.
func stem(word string, lists [][]string) int {
	best, at := 0, -1
	for i, list := range lists {
		for _, s := range list {
			if len(s) > best && strings.HasPrefix(word, s) {
				best, at = len(s), i
			}
		}
	}
	return at
}

// returnDate finds the date of return in an automatic reply: a date beside a word like "until" or "back on". The zero
// time when none is written, or none that makes sense near the mail's own date. The date is given as written: whether its day
// is the last away or the first back is not known.
func returnDate(m *Message) time.Time {
	now := m.Date
	if now.IsZero() {
		return time.Time{}
	}
	for _, text := range []string{m.Subject, prefix(m.plain, 5000), prefix(m.html, 5000)} {
		low := strings.ToLower(clean(text))
		if d := eastern(low, now); plausible(d, now) {
			return d
		}
		ts := tokens(low, nil)
		for i := range ts {
			d, n := dateAt(low, ts, i, now)
			if n > 0 && plausible(d, now) && besideUntil(low, ts, i, n) {
				return d
			}
		}
	}
	return time.Time{}
}

// plausible says whether somebody may come back on a date.
func plausible(d, now time.Time) bool {
	return d.After(now.AddDate(0, 0, -2)) && d.Before(now.AddDate(1, 0, 0))
}

// dateAt reads the date that begins at token i and says how many tokens it has.
func dateAt(low string, ts []token, i int, now time.Time) (time.Time, int) {
	if day := stem(ts[i].s, dayStems[:]); day >= 0 && i+1 < len(ts) {
		// A weekday before a date is part of it; alone it is the next such day.
		if d, n := dateAt(low, ts, i+1, now); n > 0 && ts[i+1].start-ts[i].end <= 4 {
			return d, n + 1
		}
	}
	if d, n := numeric(low, ts, i, now); n > 0 {
		return d, n
	}
	if d, n := named(ts, i, now); n > 0 {
		return d, n
	}
	if day := stem(ts[i].s, dayStems[:]); day >= 0 {
		ahead := (day - int(now.Weekday()) + 6) % 7
		return midnight(now.AddDate(0, 0, ahead+1)), 1
	}
	return time.Time{}, 0
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// named reads "14 July", "14 de julio de 2026", "July 14th, 2026".
func named(ts []token, i int, now time.Time) (time.Time, int) {
	day := ordinal(ts[i].s)
	for k := i + 1; day > 0 && k < len(ts) && k <= i+2; k++ {
		if month := stem(strings.TrimPrefix(ts[k].s, "ב"), monthStems[:]); month >= 0 && ordinal(ts[k].s) == 0 {
			y, n := yearAt(ts, k+1)
			return dated(y, month+1, day, now), k + 1 + n - i
		}
	}
	if month := stem(ts[i].s, monthStems[:]); month >= 0 && i+1 < len(ts) {
		if day := ordinal(ts[i+1].s); day > 0 {
			y, n := yearAt(ts, i+2)
			return dated(y, month+1, day, now), 2 + n
		}
	}
	return time.Time{}, 0
}

// ordinal reads a day of the month: "14", "3rd", "1er", "14-ig" without its ending.
func ordinal(s string) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	v, err := strconv.Atoi(s[:n])
	if err != nil || v < 1 || v > 31 || n > 2 || utf8.RuneCountInString(s[n:]) > 3 {
		return 0
	}
	return v
}

// yearAt reads a year within two tokens.
func yearAt(ts []token, i int) (year, n int) {
	for k := i; k < len(ts) && k < i+2; k++ {
		if v, err := strconv.Atoi(ts[k].s); err == nil && v > 1999 && v < 2100 {
			return v, k + 1 - i
		}
	}
	return 0, 0
}

// numeric reads "2026-07-14", "14.07.2026", "14/7" and, where the day cannot be a month, "7/14".
func numeric(low string, ts []token, i int, now time.Time) (time.Time, int) {
	var v [3]int
	n := 0
	for n < 3 && i+n < len(ts) {
		x, err := strconv.Atoi(ts[i+n].s)
		if err != nil || n > 0 && (ts[i+n].start-ts[i+n-1].end > 2 || !strings.ContainsAny(low[ts[i+n-1].end:ts[i+n].start], "./-")) {
			break
		}
		v[n] = x
		n++
	}
	switch {
	case n == 3 && v[0] > 1999:
		return dated(v[0], v[1], v[2], now), 3
	case n < 2 || v[0] < 1 || v[1] < 1 || v[0] > 31 || v[1] > 31:
		return time.Time{}, 0
	}
	year := v[2]
	if n == 3 && year < 100 {
		year += 2000
	}
	if v[1] > 12 {
		return dated(year, v[0], v[1], now), n
	}
	d := dated(year, v[1], v[0], now)
	if slash := low[ts[i].end] == '/'; slash && v[0] <= 12 { // 7/9: the nearer of the two
		if other := dated(year, v[0], v[1], now); other.After(now) && (d.Before(now) || other.Before(d)) {
			return other, n
		}
	}
	return d, n
}

// eastern finds "9月18日" or "9월 18일" with a word for the end of the absence beside it.
func eastern(low string, now time.Time) time.Time {
	for at := 0; ; {
		i := strings.IndexAny(low[at:], "月월")
		if i < 0 {
			return time.Time{}
		}
		i += at
		at = i + len("月")
		month := numberBefore(low[:i])
		rest := strings.TrimLeft(low[at:], " ")
		n := 0
		for n < len(rest) && digit(rest[n]) {
			n++
		}
		day, _ := strconv.Atoi(rest[:n])
		after, ok := strings.CutPrefix(rest[n:], "日")
		if !ok {
			after, ok = strings.CutPrefix(rest[n:], "일")
		}
		near := prefix(after, 24) + low[max(0, i-24):i]
		if d := dated(0, month, day, now); ok && !d.IsZero() && contains(near, []string{"まで", "から", "より", "回", "戻", "復", "까지", "부터", "복귀", "至", "到", "直"}) {
			return d
		}
	}
}

// numberBefore reads the number that a text ends with, 0 for none.
func numberBefore(s string) int {
	n := len(s)
	for n > 0 && digit(s[n-1]) && len(s)-n < 4 {
		n--
	}
	v, _ := strconv.Atoi(s[n:])
	return v
}

// dated makes a date; without a year it is the next one that is not long past.
func dated(year, month, day int, now time.Time) time.Time {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return time.Time{}
	}
	if year > 0 {
		return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	}
	d := time.Date(now.Year(), time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if d.Before(now.AddDate(0, 0, -30)) {
		d = d.AddDate(1, 0, 0)
	}
	return d
}

// besideUntil says whether a word like "until" stands right before a date, or right behind it in
// the languages that put it there.
func besideUntil(low string, ts []token, i, n int) bool {
	for k := 1; k <= 4 && i-k >= 0; k++ {
		for m := k; m >= 1; m-- {
			if _, ok := tables.until[strings.Trim(low[ts[i-k].start:ts[i-m].end], " .")]; ok {
				return true
			}
		}
	}
	end := ts[min(i+n, len(ts))-1].end
	after := low[end:min(len(low), end+40)]
	for _, w := range []string{"kadar", "asti", "saakka", "-ig", "itibaren", "tarihine", "alkaen"} {
		if j := strings.Index(after, w); j >= 0 && j <= 14 {
			return true
		}
	}
	return strings.Contains(low[max(0, ts[i].start-12):ts[i].start], "至") || strings.Contains(low[max(0, ts[i].start-12):ts[i].start], "עד")
}
