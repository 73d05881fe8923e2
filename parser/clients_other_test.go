package parser

import (
	"strings"
	"testing"
)

// otherAttributions are those of webmails and older programs, in languages as they come.
var otherAttributions = []string{
	// as Roundcube, Horde, Evolution, Mutt, Gnus, Claws, The Bat, Mailspring, Airmail, HEY, Fastmail, Tuta, Zimbra, KMail, Pine, SquirrelMail
	"On 2026-03-03 14:15, Anna Berg wrote:", "Am 2026-03-03 14:15, schrieb Anna Berg:", "Le 2026-03-03 14:15, Anna Berg a écrit :", "El 2026-03-03 14:15, Anna Berg escribió:", "Il 2026-03-03 14:15 Anna Berg ha scritto:", "W dniu 2026-03-03 14:15, Anna Berg napisał(a):", "Op 2026-03-03 14:15 schreef Anna Berg:", "Dne 2026-03-03 14:15, Anna Berg napsal:", "2026-03-03 14:15 időpontban Anna Berg ezt írta:", "Anna Berg писал 2026-03-03 14:15:", "Anna Berg skrev den 2026-03-03 14:15:", "Den 2026-03-03 14:15, skrev Anna Berg:", "Em 2026-03-03 14:15, Anna Berg escreveu:", "2026-03-03 14:15 tarihinde Anna Berg yazdı:", "Anna Berg kirjoitti 2026-03-03 14:15:", "Pe 2026-03-03 14:15, Anna Berg a scris:",
	"Le mardi 03 mars 2026 à 14:15 +0100, Anna Berg a écrit :", "Am Dienstag, den 03.03.2026, 14:15 +0100 schrieb Anna Berg:", "El mar, 03-03-2026 a las 14:15 +0100, Anna Berg escribió:", "Il giorno mar, 03/03/2026 alle 14.15 +0100, Anna Berg ha scritto:", "Em Ter, 2026-03-03 às 14:15 -0300, Anna Berg escreveu:", "Dňa Ut, 2026-03-03 o 14:15 +0100, Anna Berg napísal:", "V Úterý, 3. března 2026, 14:15 +0100, Anna Berg napsal:", "Op di, 03-03-2026 om 14:15 +0100 schreef Anna Berg:", "tis 2026-03-03 klockan 14:15 +0100 skrev Anna Berg:", "ti, 2026-03-03 kello 14:15 +0200, Anna Berg kirjoitti:", "Dnia 2026-03-03, wto o godzinie 14:15 +0100, Anna Berg pisze:", "2026-03-03, k keltezéssel 14.15-kor Anna Berg ezt írta:", "В Вт., 03/03/2026 в 14:15 +0300, Anna Berg пишет:", "У вт, 2026-03-03 у 14:15 +0200, Anna Berg пише:",
	"On Tue, 3 Mar 2026 14:15:30 +0100\nAnna Berg <anna.berg@example.com> wrote:", "Anna Berg <anna.berg@example.com> writes:", "Tuesday, March 3, 2026, 2:15:30 PM, you wrote:", "Вы писали 3 марта 2026 г., 14:15:30:", "Dienstag, 3. März 2026, 14:15:30, schrieben Sie:",
	"On Mar 3 2026, at 2:15 pm, Anna Berg <anna.berg@example.com> wrote:", "On 3 March 2026 at 14:15:30, Anna Berg (anna.berg@example.com) wrote:", "On March 3, 2026, Anna Berg <anna.berg@example.com> wrote:", "On Tue, Mar 3, 2026, at 2:15 PM, Anna Berg wrote:", "3 Mar 2026, 14:15 by anna.berg@example.com:", "3. März 2026, 14:15 von anna.berg@example.com:", "3 mars 2026 à 14:15 de anna.berg@example.com:", "On Tuesday, March 3, 2026 2:15:30 PM CET Anna Berg wrote:", "Am Dienstag, 3. März 2026, 14:15:30 MEZ schrieb Anna Berg:", "On Tue, March 3, 2026 2:15 pm, Anna Berg wrote:", "Le Mar 3 mars 2026 14:15, Anna Berg a écrit :", "On Tue, 3 Mar 2026, Anna Berg wrote:",
	"Anna Berg <anna.berg@example.com> ha scritto il 3 marzo 2026 alle 14:15:", "Il giorno 3 mar 2026, 14:15, Anna Berg <anna.berg@example.com> ha scritto:", "Anna Berg<anna.berg@example.com> 于 2026年3月3日周二 下午2:15写道：", "Am Di., 3. März 2026 um 14:15 Uhr schrieb Anna Berg (via Asana) <anna.berg@example.com>:", "On Tue, Mar 3, 2026 at 2:15 PM 'Anna Berg' via Sales <sales@example.com> wrote:", "On Tue, Mar 3, 2026 at 2:15 PM anna.berg@example.com <anna.berg@example.com> wrote:", "On Tue, Mar 3, 2026 at 2:15 PM Berg, Anna <anna.berg@example.com> wrote:", "On Tue, Mar 3, 2026 at 2:15 PM Anna Berg (Acme GmbH & Co. KG) <anna.berg@example.com> wrote:", "On Mar 3, 2026 2:15 PM, Anna Berg <anna.berg@example.com> wrote:", "On Mar 3, 2026 14:15, \"Anna Berg\" <anna.berg@example.com> wrote:", "Am 03.03.2026 14:15 schrieb \"Anna Berg\" <anna.berg@example.com>:", "Le 3 mars 2026 14:15, \"Anna Berg\" <anna.berg@example.com> a écrit :", "El 3 mar 2026 14:15, \"Anna Berg\" <anna.berg@example.com> escribió:", "Em 3 de mar de 2026 14:15, \"Anna Berg\" <anna.berg@example.com> escreveu:", "Il 03 mar 2026 14:15, \"Anna Berg\" <anna.berg@example.com> ha scritto:", "3 mar 2026 14:15 \"Anna Berg\" <anna.berg@example.com> napisał(a):", "3 мар. 2026 г. 14:15 пользователь \"Anna Berg\" <anna.berg@example.com> написал:", "3 бер. 2026 14:15 \"Anna Berg\" <anna.berg@example.com> пише:", "Op 3 mrt. 2026 14:15 schreef \"Anna Berg\" <anna.berg@example.com>:", "Dne 3. 3. 2026 14:15 napsal uživatel \"Anna Berg\" <anna.berg@example.com>:", "3 Mar 2026 14:15 tarihinde \"Anna Berg\" <anna.berg@example.com> yazdı:", "Στις 3 Μαρ 2026 14:15, ο χρήστης \"Anna Berg\" <anna.berg@example.com> έγραψε:", "2026. 3. 3. 14:15에 \"Anna Berg\" <anna.berg@example.com>님이 작성:", "2026/03/03 14:15 \"Anna Berg\" <anna.berg@example.com>:", "2026年3月3日 14:15于 \"Anna Berg\" <anna.berg@example.com>写道：", "ב-3 במרץ 2026 14:15,\u200f \"Anna Berg\" <anna.berg@example.com> כתב:", "في ٠٣\u200f/٠٣\u200f/٢٠٢٦ ٢:١٥ م، كتب \"Anna Berg\" <anna.berg@example.com>:", "La data de mar., 3 mar. 2026 la 14:15 Anna Berg <anna.berg@example.com> a scris:", "Den 3 mars 2026 14:15 skrev \"Anna Berg\" <anna.berg@example.com>:", "Den 3. mars 2026 14:15 skrev \"Anna Berg\" <anna.berg@example.com>:", "Den 3. mar. 2026 14.15 skrev \"Anna Berg\" <anna.berg@example.com>:", "3.3.2026 14.15 \"Anna Berg\" <anna.berg@example.com> kirjoitti:", "Anna Berg <anna.berg@example.com> ezt írta (2026. márc. 3., kedd, 14:15):",
	"--- On Tue, 3/3/26, Anna Berg <anna.berg@example.com> wrote:", "--- En date de : Mar 3.3.26, Anna Berg <anna.berg@example.com> a écrit :", "--- El mar, 3/3/26, Anna Berg <anna.berg@example.com> escribió:", "--- Anna Berg <anna.berg@example.com> schrieb am Di, 3.3.2026:", "--- Mar 3/3/26, Anna Berg <anna.berg@example.com> ha scritto:", "--- Em ter, 3/3/26, Anna Berg <anna.berg@example.com> escreveu:",
}

// otherHeaders are blocks that programs put above a quote or forward.
var otherHeaders = []string{
	"From: Anna Berg <anna.berg@example.com>\nDate: Tue, 3 Mar 2026 14:15:30 +0100\nSubject: Nine\nTo: sam@example.com",
	"Begin forwarded message:\n\nFrom: Anna Berg <anna.berg@example.com>\nSubject: Nine\nDate: March 3, 2026 at 2:15:30 PM GMT+1\nTo: sam@example.com",
	"-------- Forwarded Message --------\nSubject: \tNine\nDate: \tTue, 3 Mar 2026 14:15:30 +0100\nFrom: \tAnna Berg <anna.berg@example.com>\nTo: \tsam@example.com",
	"-------- Message transféré --------\nSujet : \tNeuf\nDate : \tTue, 3 Mar 2026 14:15:30 +0100\nDe : \tAnna Berg <anna.berg@example.com>\nPour : \tsam@example.com",
	"-------- Messaggio Inoltrato --------\nOggetto: \tNove\nData: \tTue, 3 Mar 2026\nMittente: \tAnna Berg <anna.berg@example.com>\nA: \tsam@example.com",
	"-------- Doorgestuurd bericht --------\nOnderwerp: \tNegen\nDatum: \tTue, 3 Mar 2026\nVan: \tAnna Berg <anna.berg@example.com>\nAan: \tsam@example.com",
	"-------- Mensaje reenviado --------\nAsunto: \tNueve\nFecha: \tTue, 3 Mar 2026\nDe: \tAnna Berg <anna.berg@example.com>\nPara: \tsam@example.com",
	"-------- Mensagem reencaminhada --------\nAssunto: \tNove\nData: \tTue, 3 Mar 2026\nDe: \tAnna Berg <anna.berg@example.com>\nPara: \tsam@example.com",
	"-------- Treść przekazanej wiadomości --------\nTemat: \tDziewięć\nData: \tTue, 3 Mar 2026\nNadawca: \tAnna Berg <anna.berg@example.com>\nAdresat: \tsam@example.com",
	"-------- Vidarebefordrat meddelande --------\nÄmne: \tNio\nDatum: \tTue, 3 Mar 2026\nFrån: \tAnna Berg <anna.berg@example.com>\nTill: \tsam@example.com",
	"-------- Videresendt besked --------\nEmne: \tNi\nDato: \tTue, 3 Mar 2026\nFra: \tAnna Berg <anna.berg@example.com>\nTil: \tsam@example.com",
	"-------- Välitetty viesti --------\nAihe: \tYhdeksän\nPäiväys: \tTue, 3 Mar 2026\nLähettäjä: \tAnna Berg <anna.berg@example.com>\nVastaanottaja: \tsam@example.com",
	"-------- Перенаправленное сообщение --------\nТема: \tДевять\nДата: \tTue, 3 Mar 2026\nОт: \tAnna Berg <anna.berg@example.com>\nКому: \tsam@example.com",
	"-------- Переслане повідомлення --------\nТема: \tДев'ять\nДата: \tTue, 3 Mar 2026\nВід: \tAnna Berg <anna.berg@example.com>\nКому: \tsam@example.com",
	"-------- Továbbított üzenet --------\nTárgy: \tKilenc\nDátum: \tTue, 3 Mar 2026\nFeladó: \tAnna Berg <anna.berg@example.com>\nCímzett: \tsam@example.com",
	"-------- Přeposlaná zpráva --------\nPředmět: \tDevět\nDatum: \tTue, 3 Mar 2026\nOd: \tAnna Berg <anna.berg@example.com>\nKomu: \tsam@example.com",
	"-------- Mesaj înaintat --------\nSubiect: \tNouă\nDată: \tTue, 3 Mar 2026\nDe la: \tAnna Berg <anna.berg@example.com>\nCătre: \tsam@example.com",
	"-------- İletilen Mesaj --------\nKonu: \tDokuz\nTarih: \tTue, 3 Mar 2026\nKimden: \tAnna Berg <anna.berg@example.com>\nKime: \tsam@example.com",
	"-------- Προωθημένο μήνυμα --------\nΘέμα: \tΕννέα\nΗμερομηνία: \tTue, 3 Mar 2026\nΑπό: \tAnna Berg <anna.berg@example.com>\nΠρος: \tsam@example.com",
	"-------- 転送メッセージ --------\n件名: \t九時\n日付: \tTue, 3 Mar 2026\n送信元: \tAnna Berg <anna.berg@example.com>\n宛先: \tsam@example.com",
	"-------- 转发的消息 --------\n主题: \t九点\n日期: \tTue, 3 Mar 2026\n发件人: \tAnna Berg <anna.berg@example.com>\n收件人: \tsam@example.com",
	"-------- 轉寄郵件 --------\n主旨: \t九點\n日期: \tTue, 3 Mar 2026\n寄件者: \tAnna Berg <anna.berg@example.com>\n收件者: \tsam@example.com",
	"-------- 전달된 메시지 --------\n제목: \t아홉\n날짜: \tTue, 3 Mar 2026\n보낸 사람: \tAnna Berg <anna.berg@example.com>\n받는 사람: \tsam@example.com",
	"-------- הודעה שהועברה --------\nנושא: \tתשע\nתאריך: \tTue, 3 Mar 2026\nמאת: \tAnna Berg <anna.berg@example.com>\nאל: \tsam@example.com",
	"-------- الرسالة المعاد توجيهها --------\nالموضوع: \tتسعة\nالتاريخ: \tTue, 3 Mar 2026\nمن: \tAnna Berg <anna.berg@example.com>\nإلى: \tsam@example.com",
	"发件人: Anna Berg <anna.berg@example.com>\n发送时间: 2026年3月3日 14:15\n收件人: sam@example.com\n抄送: x@example.com\n主题: 九点",
	"*Von:* Anna Berg [mailto:anna.berg@example.com]\n*Gesendet:* Dienstag, 3. März 2026 14:15\n*An:* Sam\n*Betreff:* Neun",
	"________________________________\nDe: Anna Berg <anna.berg@example.com>\nEnviado: martes, 3 de marzo de 2026 14:15\nPara: Sam\nCC: X\nAsunto: Nueve",
	"________________________________________\nОт: Anna Berg <anna.berg@example.com>\nОтправлено: 3 марта 2026 г. 14:15:30\nКому: Сэм\nКопия: X\nТема: Девять",
	"________________________________________\nFra: Anna Berg <anna.berg@example.com>\nSendt: 3. marts 2026 14:15:30\nTil: Sam\nCc: X\nEmne: Ni",
	"-----Mensaje original-----\nDe: Anna Berg [mailto:anna.berg@example.com]\nEnviado el: martes, 03 de marzo de 2026 14:15\nPara: Sam\nCC: X\nAsunto: Nueve",
	"---------- Původní e-mail ----------\nOd: Anna Berg <anna.berg@example.com>\nKomu: sam@example.com\nDatum: 3. 3. 2026 14:15:30\nPředmět: Devět",
	"---- Wiadomość oryginalna ----\nOd: Anna Berg\nDo: sam@example.com\nData: 3 marca 2026 14:15\nTemat: Dziewięć",
	"Dnia 3 marca 2026 14:15 Anna Berg <anna.berg@example.com> napisał(a):",
	"Gesendet: Dienstag, 03. März 2026 um 14:15 Uhr\nVon: \"Anna Berg\" <anna.berg@example.com>\nAn: \"Sam\" <sam@example.com>\nCc: x@example.com\nBetreff: Re: Neun",
	"From: \"Anna Berg\" <anna.berg@example.com>\nTo: sam@example.com,\nDate: 03/03/2026 02:15 PM\nSubject: Nine",
	"Von:\t\"Anna Berg\" <anna.berg@example.com>\nAn:\tsam@example.com\nKopie:\tx@example.com\nDatum:\t03.03.2026 14:15\nBetreff:\tNeun",
	"发件人： Anna Berg\n发送时间： 2026年3月3日 14:15\n收件人： Sam\n主题： 九点",
	"보낸사람: \"Anna Berg\" <anna.berg@example.com>\n받는사람: sam@example.com\n날짜: 2026년 3월 3일\n제목: 아홉",
	"----- メッセージ原文 -----\n差出人: Anna Berg <anna.berg@example.com>\n宛先: sam@example.com\n件名: 九時",
	"-----Original Message-----\nFrom: Anna Berg <anna.berg@example.com> \nSent: 2026年3月3日 14:15\nTo: Sam\nSubject: 九時",
}

func TestOtherClients(t *testing.T) {
	check := func(body string) {
		t.Helper()
		if got := Extract(Plain, body, Known{}).Body; got != wildAnswer {
			t.Errorf("%q leaves %q", body, got)
		}
	}
	for _, a := range otherAttributions {
		check(wildAnswer + "\n\n" + a + "\n\nAn older mail.\nIts second line.\n")
		check(wildAnswer + "\n\n" + a + "\n> An older mail.\n> Its second line.\n")
		for _, width := range []int{40, 56, 72} {
			check(wildAnswer + "\n\n" + strings.Join(wrapText(a, width), "\n") + "\n\n> An older mail.\n")
		}
	}
	for _, h := range otherHeaders {
		check(wildAnswer + "\n\n" + h + "\n\nAn older mail.\nIts second line.\n")
	}
}
