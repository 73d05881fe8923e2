package parser

import "testing"

// TestUnmarkedAttributions: each line stands between an answer and a quote that nothing marks, and none may need
// a ">" to be known. The languages without a row are known by an address, a whole date and the colon alone.
func TestUnmarkedAttributions(t *testing.T) {
	for _, a := range []string{
		"On Tue, Mar 3, 2020 at 9:01 AM Jane Doe <\njane@example.com> wrote:",
		"On Tue, Mar 3, 2020 at 9:01 AM Jane Doe <jane@example.com>\nwrote:",
		"On Tue, Mar 3, 2020, 9:01 AM Jane Doe via Desk <desk@example.com> wrote:",
		"On Tue, 3 Mar 2020 09:01:22 +0000, Jane Doe <jane@example.com>\nwrote:",
		"On Mar 3, 2020, at 9:01 AM, jane@example.com wrote:",
		"On 3 Mar 2020 9:01 a.m., \"Jane Doe\" <jane@example.com> wrote:",
		"On 2020-03-03 09:01, Jane Doe wrote:",
		"On 03/03/20 09:01, Jane Doe wrote:",
		"On Tue 3 Mar 2020 at 09:01, Jane Doe <\njane.doe.with.a.long.name@example.com> wrote:",
		"2020-03-03 9:01 GMT+01:00 Jane Doe <jane@example.com>:",
		"03.03.2020, 09:01, \"Jane Doe\" <jane@example.com>:",
		"03.03.2020 09:01, Jane Doe пишет:",
		"3 марта 2020 г., в 9:01, Jane Doe <jane@example.com> написал(а):",
		"вт, 3 мар. 2020 г. в 09:01, Jane Doe <jane@example.com>:",
		"Вторник, 3 марта 2020, 9:01 +03:00 от Jane Doe <jane@example.com>:",
		"вт, 3 бер. 2020 р. о 09:01 Jane Doe <jane@example.com> пише:",
		"Den tis 3 mars 2020 kl 09:01 skrev Jane Doe <jane@example.com>:",
		"3 mars 2020 kl. 09:01 skrev Jane Doe <jane@example.com>:",
		"Den 03.03.2020 09:01, skrev Jane Doe:",
		"tir. 3. mar. 2020 kl. 09:01 skrev Jane Doe <jane@example.com>:",
		"Den tirs. 3. mar. 2020 kl. 09.01 skrev Jane Doe <jane@example.com>:",
		"ti 3. maalisk. 2020 klo 9.01 Jane Doe (jane@example.com) kirjoitti:",
		"Jane Doe <jane@example.com> kirjoitti 3.3.2020 kello 9.01:",
		"W dniu 03.03.2020 o 09:01, Jane Doe pisze:",
		"wt., 3 mar 2020 o 09:01 Jane Doe <jane@example.com> napisał(a):",
		"Wiadomość napisana przez Jane Doe <jane@example.com> w dniu 03.03.2020, o godz. 09:01:",
		"út 3. 3. 2020 v 9:01 odesílatel Jane Doe <jane@example.com> napsal:",
		"Dne 03. 03. 20 v 9:01 Jane Doe napsal(a):",
		"ut 3. 3. 2020 o 9:01 Jane Doe <jane@example.com> napísal(a):",
		"Jane Doe <jane@example.com> ezt írta (időpont: 2020. márc. 3., K, 9:01):",
		"2020.03.03. 9:01 keltezéssel, Jane Doe írta:",
		"În mar., 3 mar. 2020 la 09:01, Jane Doe <jane@example.com> a scris:",
		"Pe 3 mar. 2020, la 09:01, Jane Doe <jane@example.com> a scris:",
		"Στις Τρί, 3 Μαρ 2020 στις 9:01 π.μ., ο χρήστης Jane Doe <jane@example.com>\nέγραψε:",
		"Jane Doe <jane@example.com>, 3 Mar 2020 Sal, 09:01 tarihinde şunu yazdı:",
		"3 Mar 2020 Sal 09:01 tarihinde Jane Doe <jane@example.com> şunu yazdı:",
		"ב-יום ג׳, 3 במרץ 2020 ב-9:01 מאת Jane Doe <\u202ajane@example.com\u202c\u200f>:\u202c",
		"في الثلاثاء، 3 مارس 2020 في 9:01 ص تمت كتابة ما يلي بواسطة Jane Doe <\u202ajane@example.com\u202c>:",
		"2020年3月3日(火) 9:01 Jane Doe <jane@example.com>:",
		"2020/03/03 9:01、Jane Doe <jane@example.com>のメール:",
		"Jane Doe <jane@example.com> 于2020年3月3日周二 上午9:01写道：",
		"在 2020年3月3日，上午9:01，Jane Doe <jane@example.com> 写道：",
		"Jane Doe <jane@example.com> 於 2020年3月3日 週二 上午9:01寫道：",
		"2020년 3월 3일 (화) 오전 9:01, Jane Doe <jane@example.com>님이 작성:",
		"El mar., 3 mar. 2020 a las 9:01, Jane Doe (<jane@example.com>) escribió:",
		"El mar, 3 de mar de 2020 a la(s) 09:01, Jane Doe (jane@example.com)\nescribió:",
		"Il giorno mar 3 mar 2020 alle ore 09:01 Jane Doe <jane@example.com>\nha scritto:",
		"Em ter., 3 de mar. de 2020 às 09:01, Jane Doe <jane@example.com>\nescreveu:",
		"A terça, 3/03/2020, 09:01, Jane Doe <jane@example.com> escreveu:",
		"Op di 3 mrt. 2020 om 09:01 schreef Jane Doe <jane@example.com>:",
		"Jane Doe schreef op 03-03-2020 om 09:01:",
		"Am Di., 3. März 2020 um 09:01 Uhr schrieb Jane Doe <\njane@example.com>:",
		"Am 03.03.20 um 09:01 schrieb Jane Doe:",
		"Le mar. 3 mars 2020 à 09:01, Jane Doe <jane@example.com> a\nécrit :",
		"Le 03/03/2020 09:01, « Jane Doe » <jane@example.com> a écrit :",
		"El dt., 3 de març 2020 a les 9:01, Jane Doe <jane@example.com> va\nescriure:",
		"Vào Th 3, 3 thg 3, 2020 vào lúc 09:01 Jane Doe <jane@example.com> đã viết:",
		"Pada tanggal Sel, 3 Mar 2020 pukul 09.01 Jane Doe <jane@example.com> menulis:",
		"uto, 3. ožu 2020. u 09:01 Jane Doe <jane@example.com> napisao je:",
		"уто, 3. мар 2020. у 09:01 Jane Doe <jane@example.com> је написао/ла:",
		"V V tor., 3. mar. 2020 ob 09:01 je oseba Jane Doe <jane@example.com> napisala:",
		"На вт, 3.03.2020 г. в 9:01 Jane Doe <jane@example.com> написа:",
		"2020-03-03, an, 09:01 Jane Doe <jane@example.com> rašė:",
		"Kuupäeval T, 3. märts 2020 kell 09:01 kirjutas Jane Doe <jane@example.com>:",
		"otrd., 2020. g. 3. marts, plkst. 09:01 — lietotājs Jane Doe (<jane@example.com>) rakstīja:",
		"เมื่อ อ. 3 มี.ค. 2020 เวลา 09:01 Jane Doe <jane@example.com> เขียนว่า:",
		"Am 3.3.2020 09:01, huet d'Jane Doe <jane@example.com> gemailt:",
		"Di 3ydd Mawrth 2020 09:01 anfonodd Jane Doe (jane@example.com):",
		"Þann þri., 3. mar. 2020 kl. 09:01 skrifaði Jane Doe <jane@example.com>:",
	} {
		got := Extract(Plain, "That suits me.\n\n"+a+"\n\nHello Sam,\nwhat about nine?\n\nJane\n", Known{}).Body
		if got != "That suits me." {
			t.Errorf("%s\n  leaves %q", a, got)
		}
	}
}

// TestStoriesAreNoAttributions: sentences with the same words in them stay.
func TestStoriesAreNoAttributions(t *testing.T) {
	for _, s := range []string{
		"On Tuesday I wrote to Jane.\nShe has not answered.",
		"On 3 March 2020 at 9:01 I wrote:\nnever again.",
		"Please write to jane@example.com before 3 March 2020:\nshe keeps the list.",
		"My plan for Monday, 3 March:\n- call Tom\n- go home",
		"He said on Monday that he would go.\n\nI stay.",
		"From: fear. To: calm.",
		"To: be free\nFrom: worry",
		"Name: Sam\nAge: 40\nGoal: less travel\nWhy: the kids",
		"Subject: my life.\n\nI want it back.",
		"Date: I have none yet.\nPlace: home.",
		"Am Montag schrieb ich Tom:\nich höre auf.",
		"Le lundi 3 mars j'ai écrit :\nje pars.",
		"Two things:\n\n-----\n\nOne is time.\n\n-----\n\nThe other is money.",
		"Time > money\nHome > office",
		"-- that is the question\nI would say yes",
		"I want:\n* time\n* peace\n\nThat is all I know today.",
		"Original message of my boss: work harder. I disagree.",
		"Sent from my heart, as they say.",
		"I was sent from Outlook to Gmail and back, and nobody helped me.",
		"Thanks to my wife",
		"Best",
		"Thanks",
		"Regards to your team, and yes.",
	} {
		if got := Extract(Plain, s+"\n", Known{}).Body; squeeze(got) != squeeze(s) {
			t.Errorf("%q becomes %q", s, got)
		}
	}
}

// TestUnmarkedHeaders: blocks of labels in any order and language, above a quote that nothing marks.
func TestUnmarkedHeaders(t *testing.T) {
	for _, h := range []string{
		"From: Jane Doe <jane@example.com>\nSent: Tuesday, March 3, 2020 9:01 AM\nTo: Sam Field <sam@example.com>\nCc: Tom <tom@example.com>\nSubject: RE: Nine",
		"From: Jane Doe [mailto:jane@example.com] \nSent: 03 March 2020 09:01\nTo: Sam Field\nSubject: Nine",
		"*From:* Jane Doe <jane@example.com>\n*Sent:* Tuesday, March 3, 2020 9:01 AM\n*To:* Sam Field\n*Subject:* Nine",
		"**From:** Jane Doe <jane@example.com>\n**Sent:** Tuesday, March 3, 2020 9:01 AM\n**To:** Sam Field\n**Subject:** Nine",
		"Subject: Nine\nTo: sam@example.com\nFrom: jane@example.com\nDate: Tue, 3 Mar 2020 09:01:00 +0000",
		"Date: Tue, 3 Mar 2020\nFrom: jane@example.com\nTo: sam@example.com",
		"To: sam@example.com\nSubject: Nine\nFrom: jane@example.com\nDate: Tue, 3 Mar 2020 09:01:00 +0000",
		"Von: Jane Doe [mailto:jane@example.com]\nGesendet: Dienstag, 3. März 2020 09:01\nAn: Sam Field\nCc: Tom\nBetreff: Neun",
		"Von: Jane Doe <jane@example.com>\nDatum: Dienstag, 3. März 2020 um 09:01\nAn: Sam Field\nBetreff: Neun",
		"De : Jane Doe <jane@example.com>\nEnvoyé : mardi 3 mars 2020 09:01\nÀ : Sam Field <sam@example.com>\nCc : Tom\nObjet : Neuf",
		"De : Jane Doe <jane@example.com>\nDate : mardi 3 mars 2020 à 09:01\nÀ : Sam Field\nObjet : Neuf",
		"De: Jane Doe <jane@example.com>\nFecha: martes, 3 de marzo de 2020, 9:01\nPara: Sam Field\nAsunto: Nueve",
		"Da: Jane Doe <jane@example.com>\nData: martedì 3 marzo 2020 09:01\nA: Sam Field\nOggetto: Nove",
		"De: Jane Doe <jane@example.com>\nData: terça-feira, 3 de março de 2020 09:01\nPara: Sam Field\nAssunto: Nove",
		"Van: Jane Doe <jane@example.com>\nDatum: dinsdag 3 maart 2020 om 09:01\nAan: Sam Field\nOnderwerp: Negen",
		"Från: Jane Doe <jane@example.com>\nSkickat: den 3 mars 2020 09:01\nTill: Sam Field\nÄmne: Nio",
		"Fra: Jane Doe <jane@example.com>\nSendt: 3. marts 2020 09:01\nTil: Sam Field\nEmne: Ni",
		"Lähettäjä: Jane Doe <jane@example.com>\nLähetetty: tiistai 3. maaliskuuta 2020 9.01\nVastaanottaja: Sam Field\nAihe: Yhdeksän",
		"Od: Jane Doe <jane@example.com>\nWysłano: wtorek, 3 marca 2020 09:01\nDo: Sam Field\nTemat: Dziewięć",
		"Od: Jane Doe <jane@example.com>\nOdesláno: úterý 3. března 2020 9:01\nKomu: Sam Field\nPředmět: Devět",
		"Feladó: Jane Doe <jane@example.com>\nElküldve: 2020. március 3., kedd 9:01\nCímzett: Sam Field\nTárgy: Kilenc",
		"De la: Jane Doe <jane@example.com>\nTrimis: marți, 3 martie 2020 09:01\nCătre: Sam Field\nSubiect: Nouă",
		"Από: Jane Doe <jane@example.com>\nΣτάλθηκε: Τρίτη, 3 Μαρτίου 2020 9:01 πμ\nΠρος: Sam Field\nΘέμα: Εννέα",
		"Gönderen: Jane Doe <jane@example.com>\nGönderildi: 3 Mart 2020 Salı 09:01\nKime: Sam Field\nKonu: Dokuz",
		"От: Jane Doe <jane@example.com>\nОтправлено: вторник, 3 марта 2020 г. 9:01\nКому: Sam Field\nТема: Девять",
		"Від: Jane Doe <jane@example.com>\nНадіслано: вівторок, 3 березня 2020 р. 9:01\nКому: Sam Field\nТема: Девять",
		"מאת: Jane Doe <jane@example.com>\nנשלח: יום שלישי 03 מרץ 2020 09:01\nאל: Sam Field\nנושא: תשע",
		"من: Jane Doe <jane@example.com>\nتاريخ الإرسال: الثلاثاء، 3 مارس 2020 09:01\nإلى: Sam Field\nالموضوع: تسعة",
		"差出人: Jane Doe <jane@example.com>\n送信日時: 2020年3月3日 9:01\n宛先: Sam Field\n件名: 九時",
		"发件人: Jane Doe <jane@example.com>\n发送时间: 2020年3月3日 9:01\n收件人: Sam Field\n主题: 九点",
		"寄件者: Jane Doe <jane@example.com>\n寄件日期: 2020年3月3日 上午 09:01\n收件者: Sam Field\n主旨: 九點",
		"보낸 사람: Jane Doe <jane@example.com>\n보낸 날짜: 2020년 3월 3일 화요일 오전 9:01\n받는 사람: Sam Field\n제목: 아홉",
		"Šalje: Jane Doe <jane@example.com>\nPoslano: 3. ožujka 2020. 9:01\nPrima: Sam Field\nPredmet: Devet",
		"Siuntėjas: Jane Doe <jane@example.com>\nIšsiųsta: 2020 m. kovo 3 d. 09:01\nGavėjas: Sam Field\nTema: Devyni",
		"Saatja: Jane Doe <jane@example.com>\nSaatmisaeg: teisipäev, 3. märts 2020 9:01\nAdressaat: Sam Field\nTeema: Üheksa",
		"________________________________\nFrom: Jane Doe <jane@example.com>\nSent: Tuesday, March 3, 2020 9:01:00 AM\nTo: Sam Field\nSubject: Nine",
		"________________________________\n\nFrom: Jane Doe\nSent: Tue 3/3/2020 9:01 AM\nTo: Sam Field\nSubject: Nine",
		"-----Original Message-----\nFrom: Jane Doe [mailto:jane@example.com]\nSent: Tuesday, March 03, 2020 9:01 AM\nTo: Sam Field\nSubject: Nine",
		"----- Original Message -----\nFrom: \"Jane Doe\" <jane@example.com>\nTo: <sam@example.com>\nSent: Tuesday, March 03, 2020 9:01 AM\nSubject: Nine",
		"-----Ursprüngliche Nachricht-----\nVon: Jane Doe <jane@example.com>\nGesendet: Dienstag, 3. März 2020 09:01\nAn: Sam Field\nBetreff: Neun",
		"-------- Mensaje original --------\nDe: Jane Doe <jane@example.com>\nFecha: 3/3/20 09:01 (GMT+01:00)\nA: sam@example.com\nAsunto: Nueve",
		"-------- Oorspronkelijk bericht --------\nVan: Jane Doe <jane@example.com>\nDatum: 03-03-20 09:01 (GMT+01:00)\nAan: sam@example.com\nOnderwerp: Negen",
		"-----Oprindelig meddelelse-----\nFra: Jane Doe <jane@example.com>\nSendt: 3. marts 2020 09:01\nTil: Sam Field\nEmne: Ni",
		"-----Ursprungligt meddelande-----\nFrån: Jane Doe <jane@example.com>\nSkickat: den 3 mars 2020 09:01\nTill: Sam Field\nÄmne: Nio",
		"-----Original Message-----",
		"-----Mensagem original-----",
		"--- Original Message ---\nOn Tuesday, March 3rd, 2020 at 9:01 AM, Jane Doe <jane@example.com> wrote:",
		"‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Tuesday, March 3, 2020 9:01 AM, Jane Doe <jane@example.com> wrote:",
		"------------------ Original ------------------\nFrom: \"Jane Doe\" <jane@example.com>;\nDate: Tue, Mar 3, 2020 09:01 AM\nTo: \"Sam\"<sam@example.com>;\nSubject: Nine",
		"------------------ 原始邮件 ------------------\n发件人: \"Jane Doe\" <jane@example.com>;\n发送时间: 2020年3月3日(星期二) 上午9:01\n收件人: \"Sam\"<sam@example.com>;\n主题: 九点",
		"---- On Tue, 03 Mar 2020 09:01:00 +0000 jane@example.com wrote ----",
		"##- Please type your reply above this line -##",
	} {
		got := Extract(Plain, "That suits me.\n\n"+h+"\n\nHello Sam,\nwhat about nine?\n\nJane\n", Known{}).Body
		if got != "That suits me." {
			t.Errorf("%s\n  leaves %q", h, got)
		}
	}
}

// TestMoreDevices: what telephones and programs add, in languages with and without a row.
func TestMoreDevices(t *testing.T) {
	for _, d := range []string{
		"Sent from my iPhone", "Sent from my iPhone, please excuse typos.", "Sent from my mobile. Please excuse brevity.", "Sent from Gmail Mobile", "Get Outlook for iOS<https://aka.ms/o0ukef>", "Get Outlook for Android <https://aka.ms/AAb9ysg>",
		"Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows 10", "Sent from my Samsung Galaxy smartphone.", "Sent via BlackBerry from T-Mobile", "Sent from my Verizon Wireless BlackBerry", "Sent on the go", "Sent from Samsung Mobile on O2", "Sent from my Windows Phone", "Sent from a mobile device",
		"Sent from Proton Mail mobile", "Sent with Tuta; enjoy secure & ad-free emails.", "Sent from Workspace ONE Boxer", "Sent from myMail for iOS", "Sent from Yahoo Mail for iPhone", "Sent from AOL Mobile Mail", "Sent from Nine<http://www.9folders.com/>", "Sent using Zoho Mail", "Sent from Spark", "Sent via Superhuman", "Typed with thumbs on my iPhone",
		"Von meinem iPad gesendet", "Gesendet von Mail für Windows 10", "Gesendet mit Outlook für iOS", "Gesendet von unterwegs", "Diese Nachricht wurde von meinem Handy gesendet", "Envoyé de mon téléphone", "Envoyé à partir de mon iPad", "Enviado desde mi teléfono", "Enviado desde Correo para Windows 10", "Enviado do meu Android", "Inviato dal mio smartphone", "Inviato da Posta per Windows", "Verzonden vanaf mijn telefoon", "Verstuurd vanuit Mail voor Windows",
		"Skickat från min iPhone", "Sendt fra min iPhone", "Sendt fra Outlook for iOS", "Lähetetty iPhonesta", "Wysłane z iPhone'a", "Wysłano z telefonu Samsung", "Odesláno z iPhonu", "Odoslané z iPhonu", "Trimis de pe iPhone-ul meu", "Στάλθηκε από το iPhone μου", "iPhone'umdan gönderildi", "Отправлено с iPhone", "Отправлено из мобильной Яндекс Почты", "Надіслано з iPhone",
		"נשלח מה-iPhone שלי", "أُرسلت من الـ iPhone", "iPhoneから送信", "发自我的iPhone", "發自我的 iPhone", "從我的 iPhone 傳送", "나의 iPhone에서 보냄", "Được gửi từ iPhone của tôi", "Dikirim dari iPhone saya", "Poslano z mojega iPhone-a", "Poslano s mog iPhonea", "Изпратено от моя iPhone", "ส่งจาก iPhone ของฉัน", "Enviat des del meu iPhone", "Saadetud minu iPhone'ist",
	} {
		for _, body := range []string{"Yes, at nine.\n\n" + d, "Yes, at nine.\n\n" + d + "\n\nOn 3 Mar 2020, at 09:01, Jane <jane@example.com> wrote:\n> Nine?\n"} {
			if got := Extract(Plain, body, Known{}).Body; got != "Yes, at nine." {
				t.Errorf("%s: %q", d, got)
			}
		}
	}
}

// TestShapes are whole bodies as clients build them.
func TestShapes(t *testing.T) {
	for _, c := range []struct {
		name string
		kind Kind
		body string
		want string
	}{
		{"answers between quotes", Plain, "On Tue, 3 Mar 2020, Jane wrote:\n> Nine?\n\nYes.\n\n> Where?\n\nAt mine.\n", "Yes.\n\nAt mine."},
		{"bottom post", Plain, "On Tue, 3 Mar 2020 at 09:01, Jane <jane@example.com> wrote:\n> Nine?\n> Where?\n\nAt mine, at nine.\n", "At mine, at nine."},
		{"signature without a delimiter", Plain, "Yes, at nine.\n\nSam Field\nHead of Sales\nAcme Ltd\n+44 20 7946 0123\nwww.acme.example\n", "Yes, at nine."},
		{"signature behind a row", Plain, "Yes, at nine.\n\n_____________________\nSam Field\nAcme Ltd, 12 High Street\nTel: +44 20 7946 0123\n", "Yes, at nine."},
		{"signature with a sign-off", Plain, "Yes, at nine.\n\nBest regards,\n\nSam Field | Account Manager\nM: +44 7700 900123 | E: sam@acme.example\n", "Yes, at nine."},
		{"delimiter without blank", Plain, "Yes, at nine.\n--\nSam Field\nAcme\n", "Yes, at nine."},
		{"three dashes", Plain, "Yes, at nine.\n---\nSam Field\nsam@acme.example\n", "Yes, at nine."},
		{"em dash and name", Plain, "Yes, at nine.\n\n—\nSam\nhttps://acme.example\n", "Yes, at nine."},
		{"row that is a list", Plain, "Pros\n----\nTime\n\nCons\n----\nMoney\n", "Pros\n----\nTime\n\nCons\n----\nMoney"},
		{"German sign-off", Plain, "Ja, um neun.\n\nMit freundlichen Grüßen\nSam Feld\n", "Ja, um neun."},
		{"two sign-offs", Plain, "Yes.\n\nThanks!\n\nCheers,\nSam\n", "Yes.\n\nThanks!"},
		{"quote without attribution", Plain, "Yes.\n\n> Nine?\n", "Yes."},
		{"nested attribution wrapped in the quote", Plain, "Yes.\n\n> On Tue, Mar 3, 2020 at 9:01 AM Jane Doe <jane@example.com>\n> wrote:\n>\n>> Nine?\n", "Yes."},
		{"attribution whose end slipped into the quote", Plain, "Yes.\n\nOn Tue, Mar 3, 2020 at 9:01 AM Jane Doe <jane@example.com\n> wrote:\n\n> Nine?\n", "Yes."},
		{"GroupWise", Plain, "Yes.\n\n>>> Jane Doe <jane@example.com> 3/3/2020 9:01 AM >>>\nNine?\n", "Yes."},
		{"Notes", Plain, "Yes.\n\n\n\nFrom:\tJane Doe <jane@example.com>\nTo:\tsam@example.com\nDate:\t03/03/2020 09:01 AM\nSubject:\tNine\n\n\n\nNine?\n", "Yes."},
		{"Exchange with a blank header line", Plain, "Yes.\n\nFrom: Jane Doe <jane@example.com>\n\nSent: Tuesday, March 3, 2020 9:01 AM\n\nTo: Sam\n\nSubject: Nine\n\nNine?\n", "Yes."},
		{"underscores and device", Plain, "Yes.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Jane Doe <jane@example.com>\nSent: Tuesday, March 3, 2020 9:01:00 AM\nTo: Sam\nSubject: Nine\n\nNine?\n", "Yes."},
		{"disclaimer", Plain, "Yes.\n\nThis message contains confidential information and is intended only for the recipient. If you are not the intended recipient, please notify the sender and delete it.\n", "Yes."},
		{"banner", Plain, "CAUTION: This email came from outside the organization. Do not click links.\n\nYes.\n", "Yes."},
		{"windows line ends", Plain, "Yes.\r\n\r\nOn Tue, 3 Mar 2020 at 09:01, Jane <jane@example.com> wrote:\r\n\r\n> Nine?\r\n", "Yes."},
		{"Gmail", HTML, `<div dir="ltr">Yes.<div><br></div><div>At nine.</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Mar 3, 2020 at 9:01 AM Jane &lt;<a href="mailto:j@x.example">j@x.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote"><div>Nine?</div></blockquote></div>`, "Yes.\n\nAt nine."},
		{"Gmail, answers between", HTML, `<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">On Tue, Mar 3, 2020 Jane wrote:</div><blockquote class="gmail_quote">Nine?</blockquote><div>Yes.</div><blockquote class="gmail_quote">Where?</blockquote><div>At mine.</div></div></div>`, "Yes.\nAt mine."},
		{"Outlook's border", HTML, `<div class="WordSection1"><p class="MsoNormal">Yes.<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>From:</b> Jane<br><b>Sent:</b> Tuesday<br><b>Subject:</b> Nine</p></div></div><p class="MsoNormal">Nine?</p></div>`, "Yes."},
		{"Outlook for Mac", HTML, `<div>Yes.</div><div><br></div><div id="mail-editor-reference-message-container"><div style="text-align:left;padding:3pt 0in 0in;border-width:1pt medium medium;border-style:solid none none;border-color:rgb(181, 196, 223)"><b>From: </b>Jane &lt;j@x.example&gt;<br><b>Date: </b>Tuesday, 3 March 2020 at 09:01<br><b>To: </b>Sam<br><b>Subject: </b>Nine</div><p>Nine?</p></div>`, "Yes."},
		{"Outlook.com", HTML, `<div>Yes.</div><hr tabindex="-1" style="display:inline-block; width:98%"><div id="x_divRplyFwdMsg"><b>From:</b> Jane<br></div><div>Nine?</div>`, "Yes."},
		{"Apple Mail", HTML, `<body>Yes.<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 3 Mar 2020, at 09:01, Jane wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Nine?</div></blockquote></body>`, "Yes."},
		{"Yahoo", HTML, `<div class="ydp1yahoo-style-wrap"><div>Yes.</div><div><br></div></div><div id="yahoo_quoted_12" class="yahoo_quoted"><div>On Tuesday, 3 March 2020, 09:01:00 GMT, Jane wrote:</div><div>Nine?</div></div>`, "Yes."},
		{"Thunderbird", HTML, `<p>Yes.</p><div class="moz-cite-prefix">On 03/03/2020 09:01, Jane wrote:<br></div><blockquote type="cite" cite="mid:1@x"><p>Nine?</p></blockquote><p>And at mine.</p>`, "Yes.\n\nAnd at mine."},
		{"GMX", HTML, `<div>Ja.</div><div><div name="quote" style="border-left:2px solid #C3D9E5"><div style="margin:0 0 10px 0;"><b>Gesendet:</b>&nbsp;Dienstag<br><b>Von:</b>&nbsp;Jane</div><div name="quoted-content">Neun?</div></div></div>`, "Ja."},
		{"Samsung", HTML, `<div>Yes.</div><div><br></div><div id="composer_signature"><div>Sent from my Galaxy</div></div><div><br></div><div>-------- Original message --------</div><div>From: Jane &lt;j@x.example&gt; </div><div>Date: 03/03/2020 09:01 (GMT+00:00) </div><div>To: sam@x.example </div><div>Subject: Nine </div><div><br></div><p>Nine?</p>`, "Yes."},
		{"Proton", HTML, `<div>Yes.</div><div class="protonmail_signature_block"><div class="protonmail_signature_block-proton">Sent with <a href="https://proton.me/">Proton Mail</a> secure email.</div></div><div class="protonmail_quote">On Tuesday, Jane wrote:<br><blockquote class="protonmail_quote" type="cite">Nine?</blockquote></div>`, "Yes."},
		{"Zimbra", HTML, `<div>Yes.</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>From: </b>"Jane" &lt;j@x.example&gt;<br><b>To: </b>"Sam"<br><b>Sent: </b>Tuesday, March 3, 2020 9:01:00 AM<br><b>Subject: </b>Nine<br></div><div data-marker="__QUOTED_TEXT__">Nine?</div>`, "Yes."},
		{"Yandex", HTML, `<div>Да.</div><div> </div><div>03.03.2020, 09:01, "Jane" &lt;j@x.example&gt;:</div><blockquote><p>Nine?</p></blockquote>`, "Да."},
		{"Mail.ru", HTML, `<div>Да.</div><blockquote style="border-left:1px solid #0857A6; margin:10px; padding:0 0 0 10px;">Вторник, 3 марта 2020, 9:01 +03:00 от Jane:<br><div>Nine?</div></blockquote>`, "Да."},
		{"QQ", HTML, `<div>可以。</div><div><br></div><div><includetail><div style="font-size: 12px;">------------------&nbsp;Original&nbsp;------------------</div><div><b>From: </b>"Jane";</div><div><b>Date: </b>Tue, Mar 3, 2020 09:01 AM</div></div><div>Nine?</div></includetail>`, "可以。"},
		{"NetEase", HTML, `<div>可以。</div><br><p>At 2020-03-03 09:01:00, "Jane" &lt;j@x.example&gt; wrote:</p><blockquote id="isReplyContent" style="padding-left:1ex"><div>Nine?</div></blockquote>`, "可以。"},
		{"Superhuman", HTML, `<div><div>Yes.</div><br><div class="gmail_signature">Sent via Superhuman</div><br><div><div class="gmail_quote">On Tue, Mar 03, 2020 at 9:01 AM, Jane <span>&lt;j@x.example&gt;</span> wrote:<br><blockquote class="gmail_quote sh-color-black">Nine?</blockquote></div></div></div>`, "Yes."},
		{"Front", HTML, `<div>Yes.<br></div><blockquote type="cite" class="front-blockquote">On March 3, 2020, Jane wrote:<br>Nine?</blockquote>`, "Yes."},
		{"Lotus Notes", HTML, `<font size=2 face="sans-serif">Yes.</font><br><br><br><font size=1 color=#5f5f5f>From: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1>Jane &lt;j@x.example&gt;</font><br><font size=1 color=#5f5f5f>To: &nbsp;</font><font size=1>sam@x.example</font><br><font size=1 color=#5f5f5f>Date: &nbsp;</font><font size=1>03/03/2020 09:01</font><br><font size=1 color=#5f5f5f>Subject: &nbsp;</font><font size=1>Nine</font><br><hr noshade><br><br><font size=2>Nine?</font>`, "Yes."},
		{"Horde", Plain, "Yes.\n\nQuoting Jane Doe <jane@example.com>:\n\n> Nine?\n", "Yes."},
		{"zitat", Plain, "Ja.\n\nZitat von Jane Doe <jane@example.com>:\n\n> Neun?\n", "Ja."},
		{"a letter's end", Plain, "Jane,\n\nNine suits me.\n\nThank you,\nSam\n", "Jane,\n\nNine suits me."},
		{"thanks to somebody", Plain, "Nine suits me.\n\nThanks,\nJane\n", "Nine suits me.\n\nThanks,\nJane"},
		{"a card with odd marks", Plain, "Nine suits me.\n\n%Sam Field, Ph.D.\n%President\n%Acme Research\n%sam@acme.example\n%www.acme.example\n", "Nine suits me."},
		{"a signature and nothing else", Plain, "\n\n--\nSam\n", ""},
		{"dashes that somebody wrote", Plain, "--\nSam\n", "--\nSam"},
		{"a quoted line that broke", Plain, "Yes.\n\nOn 3 Mar 2020, at 09:01, Jane <jane@example.com> wrote:\n> Could you tell me what you would want out of the second half of this\nyear and why\n>\n> Jane\n", "Yes."},
		{"a short answer between two quoted lines", Plain, "On 3 Mar 2020, at 09:01, Jane <jane@example.com> wrote:\n> Could you tell me what you would want out of the second half of it?\nfreedom\n> And why?\nmy kids\n", "freedom\nmy kids"},
		{"a name in the quote's own block", HTML, `<div>Yes.<div>At nine.</div><div>Sam<hr><b>From: </b>jane@x.example<br><b>To: </b>sam@x.example<br><b>Sent: </b>Tuesday, March 3, 2020 9:01:00 AM<br><b>Subject: </b>Nine<br><br><p>Nine?</p></div></div>`, "Yes.\nAt nine."},
		{"one word in the quote's own block", HTML, `<div>Freedom<hr><b>From: </b>jane@x.example<br><b>To: </b>sam@x.example<br><b>Sent: </b>Tuesday, March 3, 2020 9:01:00 AM<br><b>Subject: </b>Nine<br><br><p>Nine?</p></div>`, "Freedom"},
		{"hidden preheader", HTML, `<div style="display:none">Look here</div><p>Yes.</p>`, "Yes."},
	} {
		if got := Extract(c.kind, c.body, Known{}).Body; squeeze(got) != squeeze(c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
