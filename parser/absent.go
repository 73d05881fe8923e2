package parser

import "strings"

// awayWords say that somebody is away, in lower case.
var awayWords = []string{
	"out of office", "out of the office", "on vacation", "on holiday", "on annual leave", "on leave", "on parental leave", "maternity leave", "away from the office", "away from my desk", "not in the office", "currently away", "i am away", "away until", "out until",
	"nicht im büro", "außer haus", "im urlaub", "in urlaub", "abwesend", "nicht erreichbar", "nicht im haus", "nicht am platz", "elternzeit", "en vacances", "en congé", "absent", "fuera de la oficina", "de vacaciones", "ausente", "fuera de oficina", "fuori ufficio", "in ferie", "assente", "fuori sede", "em férias", "de férias", "fora do escritório",
	"met vakantie", "op vakantie", "afwezig", "niet op kantoor", "niet aanwezig", "på semester", "inte på kontoret", "frånvarande", "har semester", "på ferie", "ikke på kontoret", "fraværende", "har ferie", "holder ferie", "lomalla", "poissa", "en ole toimisto", "na urlopie", "poza biurem", "nieobecn", "mimo kancelář", "na dovolené", "dovolenou", "nejsem v kanceláři", "nepřítom", "mimo kancelárie", "na dovolenke", "neprítom", "nem vagyok az irodában", "szabadságon", "irodán kívül", "plecat din birou", "în concediu", "εκτός γραφείου", "σε άδεια", "απουσιάζω", "λείπω", "ofis dışında", "izinde", "izinli", "tatilde", "yıllık izin",
	"в отпуске", "отсутствую", "вне офиса", "нет в офисе", "нет на месте", "не в офисе", "у відпустці", "відсутн", "поза офісом", "немає в офісі", "немає на місці", "מחוץ למשרד", "בחופשה", "לא במשרד", "איני במשרד", "אינני במשרד", "خارج المكتب", "إجازة", "غير موجود", "休暇", "不在", "お休み", "休假", "外出", "度假", "휴가", "부재", "출장",
}

// urgentWords speak of what cannot wait; people write them too.
var urgentWords = []string{
	"urgent", "emergency", "dringend", "urgence", "urgencia", "urgência", "urgenz", "brådskande", "haste", "kiireel", "pilnych", "naléhav", "súrn", "sürgős", "urgenț", "επείγ", "acil", "spoed",
	"срочн", "термінов", "דחופ", "عاجل", "緊急", "急事", "紧急", "急ぎ", "급한", "긴급",
}

// insteadWords say whom to ask meanwhile.
var insteadWords = []string{
	"immediate assistance", "in my absence", "please contact", "in dringenden", "in meiner abwesenheit", "vertretung", "vertritt mich", "wenden sie sich", "en mon absence", "vous pouvez contacter", "merci de contacter", "veuillez contacter", "en mi ausencia", "puede contactar", "escriba a", "na minha ausência", "contacte ", "rivolgersi", "contattare", "in mia assenza", "contact op", "neem contact", "kontakta", "kontakt ", "kontakte", "ota yhteyttä", "ottaa yhteyttä", "w pilnych", "proszę o kontakt", "kontaktujte", "obraťte", "keresse", "hívja", "contactați", "επικοινων", "irtibat", "ulaşabil", "arayabil", "görüş",
	"обращайтесь", "звертайтеся", "пишите", "звоните", "телефонуйте", "пишіть", "לפנות", "אנא פנו", "التواصل", "الاتصال", "ご連絡", "聯絡", "联系", "연락",
}

// tillWords stand beside the end of an absence.
var tillWords = []string{
	"until", "till", "return", "back on", "through", "bis ", "ab dem", "zurück", "jusqu", "de retour", "hasta", "regres", "vuelvo", "fino al", "rientr", "até", "volto", "tot ", "terug", "åter", "tilbage", "til og med", "før", "tilbake", "asti", "saakka", "palaan", "do ", "wracam", "vrátím", "-ig", "vissza", "până", "revin", "μέχρι", "έως", "kadar", "dön", "до ", "вернусь", "повернуся", "עד ", "אחזור", "אשוב", "حتى", "أعود", "العودة", "まで", "から", "回來", "回来", "至", "까지",
}

// stiffWords are what responders say and people rarely do.
var stiffWords = []string{"automatic", "automatisch", "automatique", "automática", "automatisk", "no access to", "limited access", "ohne zugriff", "keinen zugriff", "will respond", "will reply", "upon my return", "as soon as possible", "thank you for your e", "thank you for your m", "thanks for your e", "vielen dank für ihre", "merci pour votre", "gracias por su", "自動"}

// absent knows automatic replies that nothing marks but their words: somebody is away, and somebody else is to be asked, or a
// date stands there. Short mails only, that hold no quote: people write about their holidays too.
func absent(m *Message, e *mail) bool {
	s := strings.TrimSpace(m.plain)
	if len(s) > maxAbsence {
		return false
	}
	low := spaced(s)
	if ticket(low) {
		return m.is(AutoReply, "ticket-words")
	}
	if challenge(low) {
		return m.is(AutoReply, "challenge-words")
	}
	if strings.Contains(s, "\n>") || !contains(low, awayWords) {
		return false
	}
	urgent, instead, stiff := contains(low, urgentWords), contains(low, insteadWords), contains(low, stiffWords)
	until := contains(low, tillWords) && strings.ContainsAny(low, "0123456789")
	if (urgent || instead) && until || (instead || urgent && stiff) && len(low) < 400 || until && len(low) < 160 && stiff {
		return m.is(AutoReply, "absence-words")
	}
	return false
}

// maxAbsence is the longest body that words an absence and little else.
const maxAbsence = 1500

// away says whether a body words an absence though nothing made it an automatic reply: people do write so, but never within
// seconds of a letter.
func away(m *Message) bool {
	if m.Class != Reply && m.Class != Stray {
		return false
	}
	kind, s := Plain, m.plain
	if strings.TrimSpace(s) == "" {
		kind, s = HTML, m.html
	}
	if len(s) > 30*maxAbsence || awayNeedles.count(spaced(s), 1) == 0 {
		return false
	}
	own := Extract(kind, s, Known{}).Body // the letter may be quoted below
	return len(own) <= maxAbsence && awayNeedles.count(spaced(own), 1) > 0
}

// spaced is a text in lower case on one line.
func spaced(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

var awayNeedles = newNeedles(awayWords)

// ticket knows the first answer of a help desk.
func ticket(low string) bool {
	return contains(low, []string{"thank you for contacting", "thanks for contacting", "your request has been received", "your ticket", "we have received your", "vielen dank für ihre anfrage. ihre", "ihre anfrage ist bei uns eingegangen", "votre demande a bien été", "hemos recibido su"}) &&
		contains(low, []string{"case number", "ticket number", "ticket id", "case id", "reference number", "ticket #", "case #", "ticketnummer", "vorgangsnummer", "numéro de ticket", "número de caso", "has been received", "has been created", "will get back", "(#", "[#", "has been assigned", "your case"})
}

// challenge knows mails of systems that want a sender to prove that they are a person.
func challenge(low string) bool {
	return contains(low, []string{"click on the following link", "click the link below", "click on the link", "confirm that you", "verify your"}) &&
		contains(low, []string{"account is protected", "protected by", "address added", "address allowed", "challenge", "whitelist", "white list", "spam protection", "not a spammer", "held until", "being held", "authenticate your"})
}
