package parser

import (
	"strings"
	"unicode/utf8"
)

// devices are words of which one stands in every device footer.
var devices = []string{"iphone", "ipad", "android", "blackberry", "samsung", "galaxy", "huawei", "xiaomi", "htc", "mobil", "handy", "outlook", "mail", "yahoo", "gmail", "proton", "windows", "phone", "nokia", "pixel", "device", "tablet", "sony", "xperia", "lg", "motorola", "oneplus", "oppo", "vivo", "redmi", "apple", "ios", "mac", "telefon", "móvil", "téléphone", "teléfono", "telefono", "cellulare", "celular", "telemóvel", "puhelim", "aquamail", "k-9", "fairemail", "k9", "bluemail", "spark", "airmail", "edison", "newton", "superhuman", "mobiel", "nine", "typeapp", "app", "gmx", "web.de", "orange", "freenet", "t-online", "libero", "virgilio", "zoho", "thunderbird", "телефон", "смартфон", "почт", "айфон", "acompli", "mailbox", "touch", "verizon", "t-mobile", "at&t", "vodafone", "palm", "treo", "tutanota", "tuta", "roundcube", "posteo", "mailbird", "em client", "hey", "fastmail", "スマートフォン", "メール", "手机", "手機", "邮箱", "郵件", "邮件", "アイフォン", "휴대폰", "아이폰", "스마트폰", "갤럭시", "네이버", "نوكيا", "هاتف", "آيفون", "אייפון", "נייד", "κινητό", "komórk", "telefón", "iphon", "smartphon", "laptop", "watch", "hp", "yandex", "яндекс", "seznam", "naver", "daum", "qq", "163", "on the go", "unterwegs", "boxer", "telefoon", "thumbs", "kindle", "chromebook", "hotmail", "icloud", "mymail", "canary", "missive", "shortwave", "telefonino", "palmtop", "poczt", "smartfon", "мобильн", "мобільн", "пристро", "courrier", "bluemail", "טלפון", "מכשיר", "דואר", "galaxy", "pošt", "aplikac"}

var deviceNeedles = newNeedles(devices)

// namesDevice says whether a text names a device or mail program. Short names must be words of their own: "hey" is in "they".
func namesDevice(low string) bool {
	for i := 0; i+1 < len(low); i++ {
		k := uint16(low[i])<<8 | uint16(low[i+1])
		if deviceNeedles.bits[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		for _, j := range deviceNeedles.by[k] {
			d := deviceNeedles.list[j]
			if strings.HasPrefix(low[i:], d) && (len(d) > 3 || !letterAt(low, i-1) && !letterAt(low, i+len(d))) {
				return true
			}
		}
	}
	return false
}

// letterAt says whether an ASCII letter stands at a place of a lower-case text.
func letterAt(low string, i int) bool {
	return i >= 0 && i < len(low) && low[i] >= 'a' && low[i] <= 'z'
}

// isDevice says whether a line is the footer of a telephone or mail program and no sentence of its owner's.
func isDevice(s string) bool {
	if len(s) < 6 || len(s) > 300 {
		return false
	}
	low, _, _ := strings.Cut(withoutApology(strings.ToLower(dropLinks(s))), ";")
	low = strings.Trim(low, " \t*_.-–—()[]>|~!\u00a0")
	if len(low) < 6 || utf8.RuneCountInString(low) > 80 || strings.Contains(low, "?") || longAside(low) || strings.Contains(low, ". ") {
		return false
	}
	var buf [24]token
	ts := tokens(strings.ReplaceAll(low, "’", "'"), buf[:0])
	if len(ts) > 14 {
		return false
	}
	if speaks(low) {
		return false
	}
	n := tables.device.match(ts)
	if colon := strings.Index(low+" ", ": "); colon >= 0 && (n == 0 || ts[n-1].end < colon) {
		return false // a label, unless the footer is known with it: "Provenance : Courrier"
	}
	begins := n > 0 && (n+2 >= len(ts) || !namesDevice(low[:ts[n-1].end]) || namesDevice(low[ts[n-1].end:])) // "Get Outlook for" goes on with a device
	for _, d := range tables.deviceJoined {
		begins = begins || strings.HasPrefix(low, d)
	}
	return (begins && namesDevice(low) || endsAsDevice(low) || offersOutlook(s, low)) && !posted(low, ts)
}

// offersOutlook knows the footer of Outlook's apps in any language by where its link leads.
func offersOutlook(s, low string) bool {
	return strings.Contains(s, "://aka.ms/") && strings.Contains(low, "outlook")
}

// apologies are stems of "Please excuse typos" and the like.
var apologies = []string{"excuse", "typos", "brevity", "forgive", "pardon", "perdon", "entschuldig", "excus", "disculp", "desculp", "scus", "tippfehler", "kürze", "brièveté", "brevedad", "brevidade", "brevità", "beknopt", "ursäkt", "undskyld", "unnskyld", "anteeksi", "przepras", "omluv", "ospravedl", "elnéz", "scuz", "συγχωρ", "извин", "вибач"}

var apologyNeedles = newNeedles(apologies)

// selves are words for the writer, whom no footer names so.
var selves = map[string]bool{"i": true, "i'd": true, "i'm": true, "we": true, "ich": true, "wir": true, "je": true, "nous": true, "yo": true, "io": true, "eu": true, "ik": true, "jag": true, "jeg": true, "ja": true, "minä": true, "я": true, "ben": true, "εγώ": true, "אני": true, "أنا": true}

// todays are words for when something was sent, which no footer tells.
var todays = wordSet("today yesterday tomorrow heute gestern morgen hier aujourd'hui demain hoy ayer ieri oggi hoje ontem vandaag gisteren idag igår imorse går gestern tänään eilen dziś dzisiaj wczoraj dnes včera ma tegnap azi ieri σήμερα χθες bugün dün сегодня вчера сьогодні вчора היום אתמול اليوم أمس")

// byMail are the words of "sent by mail" in lower case, where no program is named.
var byMail = []string{"via mail", "via email", "via e-mail", "by mail", "by email", "by e-mail", "per mail", "per email", "per e-mail", "par mail", "par email", "par e-mail", "par courriel", "por mail", "por email", "por e-mail", "por correo", "med mail", "pr. mail", "メールで", "邮件发", "郵件發"}

// posted says whether a text tells how or when something was sent, as people do: "Sent via mail to the CFO", "Sent from Outlook yesterday".
func posted(low string, ts []token) bool {
	for _, t := range ts {
		if todays[t.s] {
			return true
		}
	}
	for _, by := range byMail {
		if i := strings.Index(low, by); i >= 0 && !letterAt(low, i+len(by)) && !namesDevice(low[:i]+low[i+len(by):]) {
			return true
		}
	}
	return false
}

// singulars are those of selves that stand for one person and for nothing else in any language.
var singulars = wordSet("i'd i'm i've ich je yo jag jeg я")

// confesses says whether a text, and the same in lower case, speaks of one person: no legal notice says "I".
func confesses(s, low string) bool {
	if strings.HasPrefix(s, "I ") || strings.Contains(s, " I ") {
		return true
	}
	var buf [64]token
	for _, t := range tokens(low, buf[:0]) {
		if singulars[t.s] {
			return true
		}
	}
	return false
}

// speaks says whether a lower-case text names its writer.
func speaks(low string) bool {
	var buf [32]token
	for _, t := range tokens(low, buf[:0]) {
		if selves[t.s] {
			return true
		}
	}
	return false
}

// withoutApology cuts an apology from the end of a footer, with the sentence it stands in.
func withoutApology(low string) string {
	if apologyNeedles.count(low, 1) == 0 {
		return low
	}
	for _, a := range apologies {
		i := strings.Index(low, a)
		if i <= 8 {
			continue
		}
		if cut := strings.LastIndex(low[:i], ". "); cut > 8 {
			return low[:cut]
		}
		if cut := strings.LastIndexAny(low[:i], ".;,-(\n"); cut > 8 {
			return low[:cut]
		}
	}
	return low
}

// longAside says whether so much follows a comma that a sentence goes on there, and not what the program is: "an open source mail app".
func longAside(s string) bool {
	_, after, ok := strings.Cut(s, ",")
	words := strings.Fields(after)
	return ok && len(words) > 4 && !tables.before[words[0]] && words[0] != "an" && words[0] != "a" || len(words) > 10
}

// endsAsDevice knows the languages that put the verb last.
func endsAsDevice(low string) bool {
	for _, e := range []string{"umdan gönderildi", "imden gönderildi", "ımdan gönderildi", "dan gönderildi", "den gönderildi", "küldve", "から送信", "からの送信", "から送信されました", "より送信", "で送信", "에서 보냄", "を入手", "edinin", "ile gönderildi", "에서 보냈습니다", "에서 전송됨", "에서 전송", "에서 보냈어요", "에서 발송", "ról küldve", "ről küldve", "发送", "發送", "傳送", "寄出", "आ भेजा गया", "gesendet", "verzonden", "verstuurd", "verschickt"} {
		if strings.HasSuffix(low, e) && namesDevice(low) && utf8.RuneCountInString(low) < 50 {
			return true
		}
	}
	return false
}

// dropLinks removes <...> and [...](...) targets, keeping link words.
func dropLinks(s string) string {
	if strings.Contains(s, " http") {
		words := strings.Fields(s)
		for i, w := range words {
			if strings.HasPrefix(w, "http://") || strings.HasPrefix(w, "https://") {
				words[i] = ""
			}
		}
		s = strings.Join(words, " ")
	}
	if !strings.ContainsAny(s, "<([") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '<' || (s[i] == '(' || s[i] == '[') && strings.HasPrefix(strings.TrimLeft(s[i+1:], " "), "http") {
			end := strings.IndexAny(s[i:], ">)]")
			if end > 0 {
				i += end
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
