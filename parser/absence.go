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
	{"mar", "mär", "mrz", "mrt", "maa", "bře", "берез", "бер", "μαρ", "מרץ", "مارس", "márc", "мар"},
	{"apr", "avr", "abr", "huhti", "kwi", "dub", "квіт", "апр", "απρ", "nis", "אפר", "أبريل", "إبريل", "ápr"},
	{"mai", "may", "maj", "mei", "mag", "touko", "kvě", "трав", "май", "мая", "μαΐ", "μαϊ", "μάι", "מאי", "مايو", "máj", "maio"},
	{"jun", "juin", "giu", "kesä", "cze", "červn", "červen", "черв", "июн", "ιουν", "ιούν", "haz", "יוני", "يونيو", "iun", "jún"},
	{"jul", "juil", "lug", "heinä", "lip", "červenc", "červenec", "лип", "июл", "ιουλ", "ιούλ", "tem", "יולי", "يوليو", "iul", "júl"},
	{"aug", "août", "aout", "ago", "elo", "sie", "srp", "серп", "авг", "αυγ", "αύγ", "ağu", "אוג", "أغسطس"},
	{"sep", "set", "syys", "wrz", "zář", "верес", "сен", "σεπ", "eyl", "ספט", "سبتمبر", "szept"},
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

// returnDate finds the date of return in an automatic reply: a date beside a word like "until", or the end of a stretch of days, or a date in a
// sentence about coming back. The zero time when none is written, or none that makes sense near the mail's own date. The date is
// given as written: whether its day is the last away or the first back is not known.
func returnDate(m *Message) time.Time {
	now := m.Date
	if now.IsZero() {
		return time.Time{}
	}
	for _, text := range []string{m.Subject, prefix(m.plain, 5000), prefix(m.html, 5000)} {
		low := easternSpaces(strings.ToLower(clean(text)))
		ts := tokens(low, nil)
		days := daysIn(low, ts, now)
		for _, rule := range []func(string, []token, []day) time.Time{tillDay, lastDay, dayOfReturn} {
			if d := rule(low, ts, days); !d.IsZero() {
				return d
			}
		}
	}
	return time.Time{}
}

// day is a date in a text and the tokens it takes.
type day struct {
	date     time.Time
	from, to int
	end      bool // the last of a stretch of days
}

// daysIn finds the dates on which somebody may come back.
func daysIn(low string, ts []token, now time.Time) []day {
	var days []day
	for i := 0; i < len(ts); i++ {
		d, n := dateAt(low, ts, i, now)
		if n == 0 || !plausible(d, now) {
			continue
		}
		one := day{date: d, from: i, to: min(i+n, len(ts)), end: stretch(low, ts, i, d)}
		if k := len(days) - 1; k >= 0 && one.from-days[k].to <= 2 && ts[i].start-ts[days[k].to-1].end <= 16 && d.After(days[k].date) {
			days[k] = day{date: d, from: days[k].from, to: one.to, end: true} // "from the 1st of July to the 14th"
		} else {
			days = append(days, one)
		}
		i = one.to - 1
	}
	return days
}

// stretch says whether the date at token i follows a lone earlier day: "1-14 July", "del 1 al 14 de julio".
func stretch(low string, ts []token, i int, d time.Time) bool {
	for k := 1; k <= 2 && i-k >= 0; k++ {
		if first := ordinal(ts[i-k].s); first > 0 && first < d.Day() {
			return k == 2 && utf8.RuneCountInString(ts[i-1].s) <= 3 || strings.ContainsAny(low[ts[i-k].end:ts[i].start], "-–—~")
		}
	}
	return false
}

// tillDay takes the first date beside a word like "until".
func tillDay(low string, ts []token, days []day) time.Time {
	for _, d := range days {
		if besideUntil(low, ts, d.from, d.to-d.from) {
			return d.date
		}
	}
	return time.Time{}
}

// lastDay takes the end of the first stretch of days.
func lastDay(_ string, _ []token, days []day) time.Time {
	for _, d := range days {
		if d.end {
			return d.date
		}
	}
	return time.Time{}
}

// dayOfReturn takes the last date of the first sentence that speaks of coming back.
func dayOfReturn(low string, ts []token, days []day) time.Time {
	for k, d := range days {
		from, to := sentenceAround(low, ts[d.from].start, ts[d.to-1].end)
		if returnNeedles.count(low[from:to], 1) == 0 {
			continue
		}
		for k+1 < len(days) && ts[days[k+1].from].start < to {
			k++
		}
		return days[k].date
	}
	return time.Time{}
}

// sentenceAround widens a stretch of a text to the sentence or line around it. The full stop of "14. July" ends none.
func sentenceAround(s string, from, to int) (int, int) {
	for from > 0 && !endsSentence(s, from-1) {
		from--
	}
	for to < len(s) && !endsSentence(s, to) {
		to++
	}
	return from, to
}

func endsSentence(s string, i int) bool {
	switch s[i] {
	case '\n', '!':
		return true
	case '.', '?':
		return i > 2 && s[i-1] != '.' && !digit(s[i-1]) && s[i-2] != ' ' && s[i-3] != ' ' && (i+1 == len(s) || s[i+1] == ' ')
	}
	return strings.HasPrefix(s[i:], "。")
}

// returnNeedles find stems of words about coming back.
var returnNeedles = newNeedles([]string{
	"back", "return", "resume", "available", "wieder", "zurück", "erreichbar", "retour", "reprend", "joignable", "disponib", "rientr", "torner", "torno", "operativ", "volver", "vuelv", "regres", "reincorpor", "retorn", "volto", "voltar", "de volta", "terug", "weer ", "bereikbaar", "tillbaka", "åter", "tilbage", "igen", "tilbake", "igjen", "takaisin", "palaan", "jälleen", "tavoitettavissa",
	"wracam", "wróc", "powr", "ponownie", "dostępn", "vrát", "zpět", "zpátky", "opět", "k dispozici", "späť", "opäť", "vissza", "ismét", "újra", "elérhető", "revin", "reven", "întorc", "înapoi", "επιστρ", "ξανά", "dön", "ofiste ol", "верн", "снова", "выйд", "буду", "поверн", "повертаюся", "знову", "вийд", "אחזור", "אשוב", "חוזר", "שוב", "عود", "戻", "復帰", "再開", "出社", "出勤", "回来", "回來", "返回", "恢复", "恢復", "复工", "上班", "복귀", "다시", "출근", "근무",
})

// easternSpaces makes all digits ASCII and parts them from scripts without spaces: "7月14日まで" becomes "7 月 14 日まで".
func easternSpaces(s string) string {
	if ascii(s) {
		return s
	}
	var b strings.Builder
	last := ' '
	for _, r := range s {
		switch {
		case r >= '٠' && r <= '٩':
			r += '0' - '٠'
		case r >= '۰' && r <= '۹':
			r += '0' - '۰'
		case r >= '０' && r <= '９':
			r += '0' - '０'
		}
		if number, was := r >= '0' && r <= '9', last >= '0' && last <= '9'; number && unspaced(last) || was && unspaced(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// plausible says whether somebody may come back on a date.
func plausible(d, now time.Time) bool {
	return d.After(now.AddDate(0, 0, -2)) && d.Before(now.AddDate(1, 0, 0))
}

// dateAt reads the date that begins at token i and says how many tokens it has.
func dateAt(low string, ts []token, i int, now time.Time) (time.Time, int) {
	weekday := stem(ts[i].s, dayStems[:])
	if weekday >= 0 { // before a date it is part of it; alone it is the next such day
		for k := i + 1; k <= i+2 && k < len(ts) && ts[k].start-ts[i].end <= 8; k++ {
			if d, n := bareDate(low, ts, k, now); n > 0 {
				return d, n + k - i
			}
			if utf8.RuneCountInString(ts[k].s) > 3 {
				break
			}
		}
		ahead := (weekday - int(now.Weekday()) + 6) % 7
		return midnight(now.AddDate(0, 0, ahead+1)), 1
	}
	return bareDate(low, ts, i, now)
}

// bareDate reads a date without its weekday.
func bareDate(low string, ts []token, i int, now time.Time) (time.Time, int) {
	for _, form := range []func(string, []token, int, time.Time) (time.Time, int){eastern, numeric, named} {
		if d, n := form(low, ts, i, now); n > 0 {
			return d, n
		}
	}
	return time.Time{}, 0
}

func midnight(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// named reads "14 July", "14 de julio de 2026", "July 14th, 2026".
func named(_ string, ts []token, i int, now time.Time) (time.Time, int) {
	day := ordinal(ts[i].s)
	for k := i + 1; day > 0 && k < len(ts) && k <= i+2 && ordinal(ts[k].s) == 0; k++ {
		if month := stem(strings.TrimPrefix(ts[k].s, "ב"), monthStems[:]); month >= 0 {
			y, n := yearAt(ts, k+1)
			return dated(y, month+1, day, now), k + 1 + n - i
		}
	}
	if month := stem(ts[i].s, monthStems[:]); month >= 0 && i+1 < len(ts) && tables.monthFirst[ts[i].s] {
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
	if n == 2 && i+2 < len(ts) && stem(ts[i+2].s, monthStems[:]) >= 0 {
		return time.Time{}, 0 // "1-14 July"
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

// eastern reads "7 月 14 日" and "2026 년 7 월 14 일".
func eastern(_ string, ts []token, i int, now time.Time) (time.Time, int) {
	year, k := 0, i
	if i+1 < len(ts) && (strings.HasPrefix(ts[i+1].s, "年") || strings.HasPrefix(ts[i+1].s, "년")) {
		year, _ = strconv.Atoi(ts[i].s)
		k += 2
	}
	if k+2 >= len(ts) || !strings.HasPrefix(ts[k+1].s, "月") && !strings.HasPrefix(ts[k+1].s, "월") {
		return time.Time{}, 0
	}
	month, day := ordinal(ts[k].s), ordinal(ts[k+2].s)
	return dated(year, month, day, now), k + 3 - i
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
	for _, w := range []string{"kadar", "asti", "saakka", "-ig", "itibar", "tarihine", "alkaen", "まで", "까지", "之前", "以前", "より", "から", "부터"} {
		if j := strings.Index(after, w); j >= 0 && j <= 14 {
			return true
		}
	}
	return strings.Contains(low[max(0, ts[i].start-12):ts[i].start], "至") || strings.Contains(low[max(0, ts[i].start-12):ts[i].start], "עד")
}
