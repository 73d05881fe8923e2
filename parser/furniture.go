package parser

import "strings"

// banners are beginnings and marks of what gateways put above a mail, in lower case.
var banners = []string{
	"[external", "(external)", "external email", "external sender", "external mail", "external:", "***external", "this email originated from outside", "this message originated from outside",
	"caution: this", "caution:this", "caution: external", "caution: the", "caution this email", "warning: this email", "warning: this message", "warning: external", "this email was sent from outside", "this is an external",
	"you don't often get email from", "you don’t often get email from", "some people who received this message don't often", "some people who received this message don’t often",
	"attention: this email", "attention: ce", "attention : ce", "attention: external", "this sender is from outside", "zjqcmqryfpfpt", "this message is from an external sender", "this message needs your attention",
	"achtung: diese", "achtung: externe", "externe e-mail", "externe mail", "[extern", "vorsicht: diese", "sie erhalten nicht oft e-mails von", "sie erhalten nicht häufig", "diese e-mail stammt von außerhalb", "diese e-mail kommt von außerhalb", "diese nachricht kommt von außerhalb",
	"courriel externe", "expéditeur externe", "message externe", "[externe", "vous n'obtenez pas souvent", "vous ne recevez pas souvent", "mail externe", "ce message provient de l'extérieur", "ce courriel provient",
	"correo externo", "[externo", "mensaje externo", "precaución:", "este correo proviene de", "este mensaje proviene de", "no suele recibir correos", "no suele recibir correo",
	"messaggio esterno", "[esterno", "attenzione: ", "email esterna", "non si ricevono spesso", "questa email proviene dall'esterno",
	"e-mail externo", "email externo", "atenção: ", "cuidado: ", "não costuma receber", "este e-mail foi enviado de fora", "let op: ", "externe afzender", "u ontvangt niet vaak e-mail", "deze e-mail is afkomstig van buiten",
	"varning: ", "externt mejl", "extern avsändare", "du får inte ofta e-post", "advarsel: ", "ekstern e-mail", "ekstern afsender", "ekstern avsender", "du får ikke ofte mails", "ulkoinen viesti", "ulkoinen lähettäjä",
	"wiadomość zewnętrzna", "uwaga: ", "[zewnętrzn", "nie często otrzymujesz", "externí e-mail", "externí odesílatel", "upozornění: ", "külső feladó", "внешний отправитель", "внешнее письмо", "внимание: ", "увага: ",
	"外部メール", "【外部", "[外部", "社外", "【社外", "注意：", "外部邮件", "外部郵件", "【外部邮件", "외부 메일", "[외부", "harici e-posta", "dikkat: ", "εξωτερικό μήνυμα", "προσοχή: ", "דואר חיצוני", "זהירות:", "تحذير: ", "رسالة خارجية",
}

// bannerWords must stand in a banner that begins with a mere "Attention:".
var bannerWords = []string{"extern", "outside", "ekstern", "zewn", "sender", "absender", "expéditeur", "remitente", "mittente", "phish", "click", "links", "link", "attachment", "anhang", "anhänge", "pièces", "adjunt", "allegat", "anexo", "bijlage", "bilag", "liite", "внешн", "ссыл", "влож", "外部", "添付", "附件", "외부", "esterno", "external", "unknown", "organization", "organisation", "out of office domain", "afzender", "avsändare", "avsender", "afsender", "odkaz", "příloh", "załącznik", "harici", "συνδέσμ", "קישור", "روابط"}

var bannerNeedles = newNeedles(bannerWords)

// loose banners begin like sentences that people write.
func looseBanner(b string) bool {
	return strings.HasSuffix(b, ": ") || strings.HasSuffix(b, "：") || strings.HasPrefix(b, "caution") || strings.HasPrefix(b, "warning: this") || strings.HasPrefix(b, "attention") ||
		strings.HasPrefix(b, "achtung: diese") || strings.HasPrefix(b, "vorsicht")
}

// aboutSender knows Outlook's note on a new sender in any language by where its link leads.
func aboutSender(low string) bool {
	return len(low) < 900 && strings.Contains(low, "://aka.ms/") && strings.Contains(low, "aka.ms/learnaboutsenderidentification")
}

// isBanner says whether a paragraph is a gateway's warning.
func isBanner(para string) bool {
	if len(para) > 1500 {
		return false
	}
	low := strings.ToLower(strings.TrimLeft(para, "*_-=#!|⚠️ \t\u00a0>"))
	if aboutSender(low) {
		return true
	}
	for _, b := range banners {
		if !strings.HasPrefix(low, b) {
			continue
		}
		if !looseBanner(b) {
			return strings.HasPrefix(b, "[") || len(low) < 900
		}
		return bannerNeedles.count(low, 2) >= 2
	}
	return false
}

// disclaimerWords are stems of words that legal notices are made of. A trailing paragraph with three of them is one.
var disclaimerWords = []string{
	"confidential", "privileged", "intended recipient", "intended only", "intended solely", "unauthorized", "unauthorised", "disclos", "e-mail and any", "email and any", "in error", "dissemination", "attachment", "this e-mail", "this email", "this message", "notify the sender", "delete", "destroy", "prohibited", "recipient", "addressee", "virus", "liability", "registered in england", "registered office", "company number", "by mistake", "third party", "written consent", "viruses", "copying", "sender",
	"vertraulich", "empfänger", "irrtümlich", "unbefugt", "diese e-mail", "dieses e-mail", "löschen sie", "diese nachricht", "geschäftsführer", "amtsgericht", "handelsregister", "sitz der gesellschaft", "hrb", "ust-id", "vernichten", "absender", "rechtlich geschützt", "weiterleitung", "datenschutz", "aufsichtsrat", "registergericht",
	"confidentiel", "destinataire", "par erreur", "ce message", "ce courriel", "pièces jointes", "expéditeur", "détruire", "interdite", "strictement", "divulgation", "responsabilité", "sas au capital", "siret",
	"confidencial", "destinatario", "este mensaje", "este correo", "por error", "prohibid", "archivos adjuntos", "remitente", "notifíquelo", "protección de datos", "responsable del tratamiento", "divulgación",
	"riservat", "destinatari", "questo messaggio", "per errore", "allegati", "vietat", "mittente", "d.lgs", "gdpr", "riservate",
	"confidenciais", "destinatário", "esta mensagem", "por engano", "proibid", "remetente", "anexos", "sigilos",
	"vertrouwelijk", "geadresseerde", "dit bericht", "deze e-mail", "ten onrechte", "bijlagen", "afzender", "bestemd voor", "aansprakelijk", "openbaarmaking",
	"konfidentiell", "mottagare", "detta meddelande", "sekretess", "avsändaren", "fortrolig", "modtager", "denne e-mail", "denne e-post", "ved en fejl", "mottaker", "ved en feil", "afsender", "vedhæftede", "luottamuksellinen", "vastaanottaja", "tämä viesti", "erehdyksessä", "lähettäjä",
	"poufn", "adresat", "ta wiadomość", "niniejsza wiadomość", "przez pomyłkę", "nadawc", "załącznik", "krs", "nip", "kapitał zakładowy", "důvěrn", "adresát", "tato zpráva", "tento e-mail", "omylem", "příloh", "odesílatel", "dôvern", "táto správa", "prílohy",
	"bizalmas", "címzett", "ez az üzenet", "tévedésből", "feladó", "confidențial", "confidenţial", "destinatarului", "acest mesaj", "din greșeală", "εμπιστευτικ", "παραλήπτη", "το παρόν", "από λάθος", "gizli", "alıcı", "bu e-posta", "bu mesaj", "yanlışlıkla",
	"конфиденциальн", "адресат", "данное сообщение", "это сообщение", "по ошибке", "отправител", "вложени", "конфіденційн", "це повідомлення", "помилково", "відправник", "סודי", "חסוי", "לנמען", "הודעה זו", "בטעות", "سرية", "سري", "المرسل إليه", "هذه الرسالة", "بالخطأ", "عن طريق الخطأ",
	"機密", "秘密情報", "受信者", "本メール", "誤って", "破棄", "保密", "机密", "收件人", "本邮件", "删除", "本郵件", "機密資料", "刪除", "기밀", "수신자", "본 메일", "삭제", "본 이메일",
}

var disclaimerNeedles = newNeedles(disclaimerWords)

// footers are beginnings of lines that programs and companies put below, in lower case.
var footers = []string{
	"please consider the environment", "please think before you print", "think before you print", "think green", "save a tree", "bitte denken sie an die umwelt", "bitte prüfen sie", "pensez à l'environnement", "antes de imprimir", "prima di stampare", "denk aan het milieu", "tænk på miljøet", "tänk på miljön", "please don't print", "p please consider the environment", "p think before you print", "p before printing",
	"virus-free", "virenfrei", "garanti sans virus", "libre de virus", "mail priva di virus", "livre de vírus", "virusvrij", "wolny od wirusów", "без вирусов", "virusfri", "bez virů", "vírusmentes",
	"this email has been checked for viruses", "this e-mail has been checked for viruses", "this email has been scanned", "this message has been scanned", "this e-mail has been scanned", "scanned by", "diese e-mail wurde von", "diese e-mail wurde auf viren", "l'absence de virus", "cet e-mail a été vérifié", "cet email a été vérifié", "este correo electrónico ha sido comprobado", "este correo electrónico está libre", "el software de antivirus", "questa e-mail è stata controllata", "este e-mail foi verificado", "dit e-mailbericht is gecontroleerd", "ta wiadomość została sprawdzona", "это сообщение проверено", "detta e-postmeddelande har", "denne e-mail er blevet", "den här e-posten", "this message was scanned", "no virus found in this", "checked by avg", "internal virus database",
	"you received this message because", "you are receiving this", "you're receiving this", "to unsubscribe", "to stop receiving", "unsubscribe", "manage your subscription", "reply to this email directly", "view it on github", "visit topic or reply to this email", "visit message or reply to this email", "view this email in your browser",
	"click here to report this email as spam", "report this message as", "book a meeting", "schedule a meeting with me", "follow us on", "follow me on", "connect with me on",
	"disclaimer", "confidentiality notice", "legal notice", "haftungsausschluss", "avis de confidentialité", "aviso legal", "aviso de confidencialidad", "avviso di riservatezza", "this email is subject to", "this e-mail is subject to", "important notice:", "notice:",
	"the information contained in this", "this email and any", "this e-mail and any", "this message and any", "this message contains", "this email contains", "this e-mail contains", "this message is intended", "this email is intended", "this e-mail is intended", "this communication is", "the content of this", "the contents of this", "the information in this",
	"diese e-mail enthält", "diese e-mail ist vertraulich", "dieses e-mail", "diese nachricht enthält", "der inhalt dieser", "ce message et", "ce message est", "ce courriel", "este mensaje", "este correo electrónico y", "la información contenida", "questo messaggio", "le informazioni contenute", "esta mensagem", "este e-mail", "dit bericht", "deze e-mail", "de informatie", "detta meddelande", "denne e-mail", "denne e-post", "tämä viesti", "niniejsza wiadomość", "ta wiadomość", "tato zpráva", "tento e-mail", "táto správa", "ez az üzenet", "acest mesaj", "το παρόν", "bu e-posta", "настоящее сообщение", "данное сообщение", "это сообщение", "це повідомлення", "このメール", "本メール", "本邮件", "本郵件", "此邮件", "본 메일", "이 메일", "הודעה זו", "هذه الرسالة",
}

// aboutWords are stems of what a legal notice speaks of: the mail itself, or the company's entry in a register.
var aboutWords = []string{
	"e-mail", "email", "message", "communication", "transmission", "information", "contents", "registered", "company number", "facsimile",
	"nachricht", "geschäftsführer", "amtsgericht", "handelsregister", "sitz der", "hrb", "ust-id", "aufsichtsrat", "registergericht", "datenschutz", "mitteilung", "inhalt",
	"courriel", "mensaje", "correo", "información", "messaggio", "informazioni", "d.lgs", "gdpr", "mensagem", "informações", "bericht", "informatie", "meddelande", "meddelelse", "melding", "e-post", "viesti", "wiadomo", "informacj", "krs", "zpráv", "informac", "správ", "üzenet", "levél", "mesaj", "mail", "capital", "siret", "protección de datos", "kapitał",
	"μήνυμα", "ηλεκτρον", "το παρόν", "ileti", "e-posta", "сообщени", "письм", "повідомлен", "лист", "הודעה", "דוא", "رسالة", "البريد", "المعلومات", "メール", "電子", "邮件", "郵件", "메일", "이메일",
}

// registerWords are stems of what companies must say of themselves.
var registerWords = []string{"registered", "company number", "vat", "geschäftsführer", "amtsgericht", "handelsregister", "sitz der", "hrb", "ust-id", "aufsichtsrat", "registergericht", "siret", "capital", "krs", "nip", "kapitał zakładowy", "kvk", "btw"}

var registerNeedles = newNeedles(registerWords)

var aboutNeedles = newNeedles(aboutWords)

// notes are beginnings of lines that stand below where a link follows.
var notes = []string{
	"hinweise zum datenschutz", "datenschutzhinweis", "informationen zum datenschutz", "informationen zur verarbeitung", "our privacy", "view our privacy", "read our privacy", "see our privacy", "for information about how we", "information on how we process", "politique de confidentialité", "política de privacidad", "política de privacidade", "informativa privacy", "informativa sulla privacy", "privacyverklaring", "onze privacyverklaring", "integritetspolicy", "privatlivspolitik", "polityka prywatności", "zásady ochrany", "политика конфиденциальности",
}

// footerNeeds are marks one of which must follow a beginning that people write, too: "Book a meeting with the CFO".
var footerNeeds = map[string][]string{
	"virus-free":                      {"avast", "avg", "www.", "norton", "mcafee", "://"},
	"diese e-mail wurde von":          {"viren", "virus", "geprüft", "gescannt", "avast"},
	"disclaimer":                      {"://", "www.", "mail", "message", "click", "legal", "confiden"},
	"please consider the environment": printWords,
	"please think before you print":   printWords,
	"think green":                     printWords,
	"save a tree":                     printWords,
	"bitte denken sie an die umwelt":  printWords,
	"bitte prüfen sie":                printWords,
	"pensez à l'environnement":        printWords,
	"antes de imprimir":               {"ambiente", "necesario", "necessário", "papel", "árbol", "árvore"},
	"prima di stampare":               {"ambiente", "necessario", "carta"},
	"denk aan het milieu":             printWords,
	"tænk på miljøet":                 printWords,
	"tänk på miljön":                  printWords,
	"to unsubscribe":                  {" from", "click", "send", "visit", "://", "www.", "repl", "@", "here"},
	"unsubscribe":                     {"://", "www.", "@", "here", "click", "|", " from this", "preferences"},
	"to stop receiving":               {"click", "send", "visit", "://", "www.", "repl", "@", "here", "unsubscribe"},
	"scanned by":                      {"virus", "scanner", "mimecast", "avg", "avast", "sophos", "norton", "mcafee", "symantec", "messagelabs", "eset", "kaspersky", "barracuda", "proofpoint", "spam", "security"},
	"book a meeting":                  {"://", "www.", " with me", "here", "calendly"},
	"follow us on":                    {"linkedin", "twitter", "facebook", "instagram", "youtube", "xing", " x", "://"},
	"follow me on":                    {"linkedin", "twitter", "facebook", "instagram", "youtube", "xing", " x", "://"},
}

// printWords are stems of printing.
var printWords = []string{"print", "druck", "imprim", "udskriv", "skriv", "afdruk", "stamp"}

// isDisclaimer says whether a trailing paragraph is nobody's words. Its beginning counts for two stems.
func isDisclaimer(para string) bool {
	low := strings.ToLower(strings.TrimLeft(para, "*_-=#[(<| \t\u00a0"))
	begins := false
	for _, f := range footers {
		if strings.HasPrefix(low, f) && (footerNeeds[f] == nil || contains(low[len(f):], footerNeeds[f])) {
			begins = true
			break
		}
	}
	if aboutSender(low) || strings.HasSuffix(low, "scanned by gmail") && len(low) < 60 {
		return true
	}
	for _, s := range notes {
		if strings.HasPrefix(low, s) && strings.Contains(low, "://") && len(low) < 300 {
			return true
		}
	}
	if !begins && aboutNeedles.count(low, 1) == 0 {
		return false
	}
	n := disclaimerNeedles.count(low, 4)
	switch {
	case begins && (n >= 2 || len(low) < 160 && len(low) > 12 && shortFooter(low)):
		return !pronouns[factsOf(low).before.s] // "..., they said"
	case len(low) < 80:
		return false
	}
	return (n >= 4 || n >= 3 && (len(low) > 150 || registerNeedles.count(low, 2) >= 2)) && (begins || !confesses(para, low))
}

// headsDisclaimer says whether a paragraph is the heading of the notice below it.
func headsDisclaimer(para string) bool {
	low := strings.ToLower(strings.Trim(para, "*_-=# :"))
	for _, f := range footers {
		if low == strings.Trim(f, ":") {
			return true
		}
	}
	return false
}

// shortFooter holds footers so plain that their beginning suffices.
func shortFooter(low string) bool {
	for _, s := range []string{"virus", "viren", "print", "environment", "umwelt", "environnement", "milieu", "miljø", "scanned", "avast", "avg", "unsubscribe", "wirus", "вирус", "virů", "imprim", "stampare", "because you", "view it on", "reply to this email", "disclaimer", "report this", "follow us", "book a meeting"} {
		if strings.Contains(low, s) {
			return true
		}
	}
	return false
}

// cut8 cuts at n bytes without leaving half a rune.
func cut8(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
