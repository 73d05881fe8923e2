package parser

import (
	"strings"
	"testing"
)

// phrasebook holds, for each language, what its clients write. Every row of languages needs one: a
// contributor's new row fails TestEveryLanguage until its samples stand here.
type phrasebook struct {
	attributions []string // each followed by unmarked text
	headers      []string // blocks, lines separated by "|"
	splitters    []string
	devices      []string
	closings     []string // each followed by a name
	thanks       []string
	subjects     []string // of automatic replies
}

var phrasebooks = map[string]phrasebook{
	"en": {
		attributions: []string{"On Mon, Sep 7, 2026 at 8:30 AM Whyloop <c@x.example> wrote:", "On 7 Sep 2026, at 08:30, Whyloop <c@x.example> wrote:", "On 07/09/2026 08:30, Whyloop wrote:", "On Monday, September 7th, 2026 at 8:30 AM, Whyloop <c@x.example> wrote:", "Whyloop <c@x.example> wrote on Mon, 7 Sep 2026 at 08:30:", "---- On Mon, 07 Sep 2026 08:30:00 +0100 Whyloop <c@x.example> wrote ----", "Whyloop <c@x.example> writes:", "On Monday, 7 September 2026 at 08:30:12 BST, Whyloop <c@x.example> wrote:"},
		headers:      []string{"From: Whyloop <c@x.example>|Sent: Monday, September 7, 2026 8:30 AM|To: Sam|Subject: A question", "*From:* Whyloop <c@x.example>|*Date:* Mon, 7 Sep 2026|*To:* Sam|*Subject:* A question", "Subject: A question|Date: Mon, 7 Sep 2026|From: Whyloop <c@x.example>|To: Sam"},
		splitters:    []string{"-----Original Message-----", "---------- Forwarded message ---------", "Begin forwarded message:", "-------- Forwarded Message --------", "-----Original Appointment-----"},
		devices:      []string{"Sent from my iPhone", "Get Outlook for Android", "Sent from Yahoo Mail on Android", "Sent from Mail for Windows", "Sent via the Samsung Galaxy S10, an AT&T 5G smartphone", "Sent with Proton Mail secure email.", "Sent from Outlook for iOS", "Sent from my Galaxy", "Sent from my T-Mobile 5G Device"},
		closings:     []string{"Best regards,", "Kind regards", "Cheers,", "All the best,", "Sincerely,"},
		thanks:       []string{"Thanks,", "Many thanks,"},
		subjects:     []string{"Automatic reply: A question", "Out of Office: A question", "Auto: A question", "AUTO: Sam Field is out of the office (returning 09/14/2026)", "Out of office", "Autoreply: Re: A question"},
	},
	"de": {
		attributions: []string{"Am Mo., 7. Sept. 2026 um 08:30 Uhr schrieb Whyloop <c@x.example>:", "Am 07.09.2026 um 08:30 schrieb Whyloop:", "Am 07.09.2026 um 08:30 schrieb Whyloop <c@x.example>:", "Whyloop <c@x.example> schrieb am Mo., 7. Sept. 2026, 08:30:", "Whyloop <c@x.example> hat am 07.09.2026 08:30 CEST geschrieben:", "Am Montag, 7. September 2026 um 08:30:00 MESZ hat Whyloop <c@x.example> Folgendes geschrieben:"},
		headers:      []string{"Von: Whyloop <c@x.example>|Gesendet: Montag, 7. September 2026 08:30|An: Sam|Betreff: Frage", "Gesendet: Montag, 07. September 2026 um 08:30 Uhr|Von: Whyloop <c@x.example>|An: Sam|Betreff: Frage"},
		splitters:    []string{"-----Ursprüngliche Nachricht-----", "-------- Weitergeleitete Nachricht --------", "Anfang der weitergeleiteten Nachricht:", "-------- Ursprüngliche Nachricht --------"},
		devices:      []string{"Von meinem iPhone gesendet", "Gesendet mit der mobilen Mail App", "Von meinem Samsung Galaxy Smartphone gesendet.", "Gesendet von Outlook für iOS", "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.", "Von meinem/meiner Galaxy gesendet", "Holen Sie sich Outlook für Android"},
		closings:     []string{"Mit freundlichen Grüßen", "Viele Grüße", "LG", "Beste Grüße,", "Freundliche Grüsse"},
		thanks:       []string{"Danke", "Vielen Dank,"},
		subjects:     []string{"Automatische Antwort: Frage", "Abwesenheitsnotiz: Frage"},
	},
	"fr": {
		attributions: []string{"Le lun. 7 sept. 2026 à 08:30, Whyloop <c@x.example> a écrit :", "Le 7 sept. 2026 à 08:30, Whyloop <c@x.example> a écrit :", "Le 07/09/2026 à 08:30, Whyloop a écrit :", "Le lundi 7 septembre 2026 à 08:30:00 UTC+2, Whyloop <c@x.example> a écrit :"},
		headers:      []string{"De : Whyloop <c@x.example>|Envoyé : lundi 7 septembre 2026 08:30|À : Sam|Objet : Question", "De: Whyloop <c@x.example>|Date: lundi 7 septembre 2026|À: Sam|Objet: Question"},
		splitters:    []string{"-----Message d'origine-----", "---------- Message transféré ---------", "Début du message réexpédié :", "-------- Message original --------"},
		devices:      []string{"Envoyé de mon iPhone", "Envoyé depuis mon Samsung Galaxy", "Envoyé à partir de Outlook pour Android", "Télécharger Outlook pour iOS", "Envoyé depuis mon appareil mobile Samsung.", "Envoyé avec la messagerie sécurisée Proton Mail."},
		closings:     []string{"Cordialement,", "Bien à vous", "Cdt", "Bonne journée,"},
		thanks:       []string{"Merci,", "Merci d'avance"},
		subjects:     []string{"Réponse automatique : Question", "Absence du bureau : Question"},
	},
	"es": {
		attributions: []string{"El lun, 7 sept 2026 a las 8:30, Whyloop (<c@x.example>) escribió:", "El 7 sept 2026, a las 8:30, Whyloop <c@x.example> escribió:", "El 07/09/2026 a las 8:30, Whyloop escribió:", "El lunes, 7 de septiembre de 2026, 08:30:00 CEST, Whyloop <c@x.example> escribió:"},
		headers:      []string{"De: Whyloop <c@x.example>|Enviado: lunes, 7 de septiembre de 2026 8:30|Para: Sam|Asunto: Pregunta", "De: Whyloop <c@x.example>|Enviado el: lunes, 7 de septiembre de 2026|Para: Sam|Asunto: Pregunta"},
		splitters:    []string{"-----Mensaje original-----", "---------- Forwarded message ---------", "Inicio del mensaje reenviado:", "-------- Mensaje reenviado --------"},
		devices:      []string{"Enviado desde mi iPhone", "Obtener Outlook para Android", "Enviado desde Yahoo Mail para Android", "Enviado desde mi Samsung Mobile de Claro"},
		closings:     []string{"Saludos,", "Un saludo", "Atentamente,"},
		thanks:       []string{"Gracias,", "Muchas gracias"},
		subjects:     []string{"Respuesta automática: Pregunta", "Fuera de la oficina: Pregunta"},
	},
	"it": {
		attributions: []string{"Il giorno lun 7 set 2026 alle ore 08:30 Whyloop <c@x.example> ha scritto:", "Il giorno 7 set 2026, alle ore 08:30, Whyloop <c@x.example> ha scritto:", "Il 07/09/2026 08:30, Whyloop ha scritto:"},
		headers:      []string{"Da: Whyloop <c@x.example>|Inviato: lunedì 7 settembre 2026 08:30|A: Sam|Oggetto: Domanda"},
		splitters:    []string{"-----Messaggio originale-----", "-------- Messaggio Inoltrato --------", "Inizio messaggio inoltrato:"},
		devices:      []string{"Inviato da iPhone", "Inviato dal mio dispositivo Samsung", "Scarica Outlook per Android", "Inviato dal mio iPad"},
		closings:     []string{"Cordiali saluti", "A presto,", "Un saluto,"},
		thanks:       []string{"Grazie,", "Grazie mille"},
		subjects:     []string{"Risposta automatica: Domanda", "Fuori sede: Domanda"},
	},
	"pt": {
		attributions: []string{"Em seg., 7 de set. de 2026 às 08:30, Whyloop <c@x.example> escreveu:", "Em 7 de set. de 2026, à(s) 08:30, Whyloop <c@x.example> escreveu:", "Whyloop <c@x.example> escreveu no dia segunda, 7/09/2026 à(s) 08:30:", "Em 07/09/2026 08:30, Whyloop escreveu:"},
		headers:      []string{"De: Whyloop <c@x.example>|Enviada em: segunda-feira, 7 de setembro de 2026 08:30|Para: Sam|Assunto: Pergunta", "De: Whyloop <c@x.example>|Enviado: 7 de setembro de 2026 08:30|Para: Sam|Assunto: Pergunta"},
		splitters:    []string{"-----Mensagem original-----", "-------- Mensagem encaminhada --------", "Início da mensagem encaminhada:"},
		devices:      []string{"Enviado do meu iPhone", "Obter o Outlook para Android", "Enviado a partir do meu smartphone Samsung Galaxy.", "Enviado via iPhone"},
		closings:     []string{"Atenciosamente,", "Cumprimentos", "Abraço,"},
		thanks:       []string{"Obrigado,", "Obrigada"},
		subjects:     []string{"Resposta automática: Pergunta", "Fora do escritório: Pergunta"},
	},
	"nl": {
		attributions: []string{"Op ma 7 sep 2026 om 08:30 schreef Whyloop <c@x.example>:", "Op 7 sep 2026 om 08:30 heeft Whyloop <c@x.example> het volgende geschreven:", "Op 07-09-2026 om 08:30 schreef Whyloop:", "Whyloop <c@x.example> schreef op 7 september 2026 om 08:30:"},
		headers:      []string{"Van: Whyloop <c@x.example>|Verzonden: maandag 7 september 2026 08:30|Aan: Sam|Onderwerp: Vraag"},
		splitters:    []string{"-----Oorspronkelijk bericht-----", "-------- Doorgestuurd bericht --------", "Begin doorgestuurd bericht:"},
		devices:      []string{"Verstuurd vanaf mijn iPhone", "Verzonden vanaf Outlook voor Android", "Verzonden vanaf mijn Galaxy", "Verstuurd met Proton Mail"},
		closings:     []string{"Met vriendelijke groet,", "Groeten,", "Mvg", "Groetjes"},
		thanks:       []string{"Bedankt,", "Alvast bedankt"},
		subjects:     []string{"Automatisch antwoord: Vraag", "Afwezigheidsbericht: Vraag"},
	},
	"sv": {
		attributions: []string{"Den mån 7 sep. 2026 kl 08:30 skrev Whyloop <c@x.example>:", "7 sep. 2026 kl. 08:30 skrev Whyloop <c@x.example>:", "Den 2026-09-07 kl. 08:30, skrev Whyloop:", "måndag 7 september 2026 skrev Whyloop <c@x.example>:"},
		headers:      []string{"Från: Whyloop <c@x.example>|Skickat: den 7 september 2026 08:30|Till: Sam|Ämne: Fråga"},
		splitters:    []string{"-----Ursprungligt meddelande-----", "-------- Vidarebefordrat meddelande --------", "Börjar vidarebefordrat meddelande:"},
		devices:      []string{"Skickat från min iPhone", "Hämta Outlook för Android", "Skickat från min Galaxy"},
		closings:     []string{"Med vänlig hälsning", "Mvh", "Vänliga hälsningar,"},
		thanks:       []string{"Tack", "Tack på förhand,"},
		subjects:     []string{"Autosvar: Fråga", "Automatiskt svar: Fråga"},
	},
	"da": {
		attributions: []string{"Den man. 7. sep. 2026 kl. 08.30 skrev Whyloop <c@x.example>:", "Den 7. sep. 2026 kl. 08.30 skrev Whyloop <c@x.example>:", "Den 07-09-2026 kl. 08:30 skrev Whyloop:", "man. 7. sep. 2026 08.30 skrev Whyloop <c@x.example>:"},
		headers:      []string{"Fra: Whyloop <c@x.example>|Sendt: 7. september 2026 08:30|Til: Sam|Emne: Spørgsmål", "Fra: Whyloop <c@x.example>|Dato: 7. september 2026|Til: Sam|Emne: Spørgsmål"},
		splitters:    []string{"-----Oprindelig meddelelse-----", "-------- Videresendt besked --------", "Start på videresendt besked:"},
		devices:      []string{"Sendt fra min iPhone", "Hent Outlook til Android", "Sendt fra Outlook til iOS"},
		closings:     []string{"Med venlig hilsen", "Mvh", "Hilsen,", "Kh"},
		thanks:       []string{"Tak", "På forhånd tak,"},
		subjects:     []string{"Automatisk svar: Spørgsmål", "Autosvar: Spørgsmål"},
	},
	"nb": {
		attributions: []string{"man. 7. sep. 2026 kl. 08:30 skrev Whyloop <c@x.example>:", "7. sep. 2026 kl. 08:30 skrev Whyloop <c@x.example>:", "Den 07.09.2026 08:30, skrev Whyloop:", "På 7 september 2026 på 08:30:18, Whyloop (c@x.example) skrev:"},
		headers:      []string{"Fra: Whyloop <c@x.example>|Sendt: mandag 7. september 2026 08:30|Til: Sam|Emne: Spørsmål"},
		splitters:    []string{"-----Opprinnelig melding-----", "-------- Videresendt melding --------", "Start på videresendt melding:"},
		devices:      []string{"Sendt fra min iPhone", "Skaff deg Outlook for Android", "Sendt fra min Galaxy"},
		closings:     []string{"Med vennlig hilsen", "Vennlig hilsen,", "Mvh"},
		thanks:       []string{"Takk", "Tusen takk,"},
		subjects:     []string{"Automatisk svar: Spørsmål", "Fravær: Spørsmål"},
	},
	"fi": {
		attributions: []string{"ma 7. syysk. 2026 klo 8.30 Whyloop <c@x.example> kirjoitti:", "Whyloop <c@x.example> kirjoitti 7.9.2026 kello 8.30:", "7.9.2026 8.30, Whyloop kirjoitti:", "maanantai 7. syyskuuta 2026 Whyloop <c@x.example> kirjoitti:"},
		headers:      []string{"Lähettäjä: Whyloop <c@x.example>|Lähetetty: maanantai 7. syyskuuta 2026 8.30|Vastaanottaja: Sam|Aihe: Kysymys"},
		splitters:    []string{"-----Alkuperäinen viesti-----", "-------- Välitetty viesti --------", "Välitetty viesti alkaa:"},
		devices:      []string{"Lähetetty iPhonesta", "Hanki Outlook Androidille", "Lähetetty Samsung-puhelimesta"},
		closings:     []string{"Ystävällisin terveisin", "Terveisin,", "Parhain terveisin"},
		thanks:       []string{"Kiitos", "Kiitos etukäteen,"},
		subjects:     []string{"Automaattinen vastaus: Kysymys", "Poissa: Kysymys"},
	},
	"pl": {
		attributions: []string{"pon., 7 wrz 2026 o 08:30 Whyloop <c@x.example> napisał(a):", "Wiadomość napisana przez Whyloop <c@x.example> w dniu 7 wrz 2026, o godz. 08:30:", "W dniu 07.09.2026 o 08:30, Whyloop pisze:", "Dnia 7 września 2026 08:30 Whyloop <c@x.example> napisał(a):", "W dniu poniedziałek, 7 września 2026 użytkownik Whyloop <c@x.example> napisał:"},
		headers:      []string{"Od: Whyloop <c@x.example>|Wysłano: poniedziałek, 7 września 2026 08:30|Do: Sam|Temat: Pytanie"},
		splitters:    []string{"-----Oryginalna wiadomość-----", "-------- Przekazana wiadomość --------", "Początek przekazanej wiadomości:"},
		devices:      []string{"Wysłane z iPhone'a", "Pobierz Outlook dla systemu Android", "Wysłane z mojego telefonu Samsung", "Wysłano z telefonu Galaxy"},
		closings:     []string{"Pozdrawiam,", "Z poważaniem"},
		thanks:       []string{"Dziękuję,", "Dzięki"},
		subjects:     []string{"Odpowiedź automatyczna: Pytanie", "Automatyczna odpowiedź: Pytanie"},
	},
	"cs": {
		attributions: []string{"po 7. 9. 2026 v 8:30 odesílatel Whyloop <c@x.example> napsal:", "Dne 7. 9. 2026 v 8:30 Whyloop napsal(a):", "7. 9. 2026 v 8:30, Whyloop <c@x.example>:", "Dne pondělí 7. září 2026 Whyloop <c@x.example> napsal:"},
		headers:      []string{"Od: Whyloop <c@x.example>|Odesláno: pondělí 7. září 2026 8:30|Komu: Sam|Předmět: Otázka"},
		splitters:    []string{"-----Původní zpráva-----", "-------- Přeposlaná zpráva --------", "---------- Původní e-mail ----------"},
		devices:      []string{"Odesláno z iPhonu", "Získat Outlook pro Android", "Odesláno z mého telefonu Galaxy"},
		closings:     []string{"S pozdravem", "S úctou,", "Hezký den"},
		thanks:       []string{"Děkuji", "Díky,"},
		subjects:     []string{"Automatická odpověď: Otázka"},
	},
	"sk": {
		attributions: []string{"po 7. 9. 2026 o 8:30 Whyloop <c@x.example> napísal(a):", "Dňa 7. 9. 2026 o 8:30 Whyloop napísal(a):"},
		headers:      []string{"Od: Whyloop <c@x.example>|Odoslané: pondelok 7. septembra 2026 8:30|Komu: Sam|Predmet: Otázka"},
		splitters:    []string{"-----Pôvodná správa-----", "-------- Preposlaná správa --------"},
		devices:      []string{"Odoslané z iPhonu", "Získať Outlook pre Android"},
		closings:     []string{"S pozdravom", "Pekný deň,"},
		thanks:       []string{"Ďakujem", "Vďaka,"},
		subjects:     []string{"Automatická odpoveď: Otázka"},
	},
	"hu": {
		attributions: []string{"Whyloop <c@x.example> ezt írta (időpont: 2026. szept. 7., H, 8:30):", "2026. szept. 7. dátummal, 8:30 időpontban Whyloop <c@x.example> írta:", "2026.09.07. 8:30 keltezéssel, Whyloop írta:", "2026. 09. 07. 8:30 keltezéssel, Whyloop írta:"},
		headers:      []string{"Feladó: Whyloop <c@x.example>|Elküldve: 2026. szeptember 7., hétfő 8:30|Címzett: Sam|Tárgy: Kérdés", "Feladó: Whyloop <c@x.example>|Dátum: 2026. szeptember 7.|Címzett: Sam|Tárgy: Kérdés"},
		splitters:    []string{"-----Eredeti üzenet-----", "-------- Továbbított üzenet --------", "Továbbított levél kezdete:"},
		devices:      []string{"Az iPhone-omról küldve", "Küldve az iPhone-omról", "Elküldve a Galaxy készülékemről"},
		closings:     []string{"Üdvözlettel,", "Tisztelettel", "Üdv,"},
		thanks:       []string{"Köszönöm", "Köszi,"},
		subjects:     []string{"Automatikus válasz: Kérdés", "Házon kívül: Kérdés"},
	},
	"ro": {
		attributions: []string{"În lun., 7 sept. 2026 la 08:30, Whyloop <c@x.example> a scris:", "Pe 7 sept. 2026, la 08:30, Whyloop <c@x.example> a scris:", "Pe luni, 7 septembrie 2026, Whyloop <c@x.example> a scris:"},
		headers:      []string{"De la: Whyloop <c@x.example>|Trimis: luni, 7 septembrie 2026 08:30|Către: Sam|Subiect: Întrebare"},
		splitters:    []string{"-----Mesaj original-----", "-------- Mesaj redirecționat --------"},
		devices:      []string{"Trimis de pe iPhone-ul meu", "Obțineți Outlook pentru Android", "Trimis din Yahoo Mail pe Android"},
		closings:     []string{"Cu stimă,", "Toate cele bune", "Cu respect,"},
		thanks:       []string{"Mulțumesc,", "Mersi"},
		subjects:     []string{"Răspuns automat: Întrebare"},
	},
	"el": {
		attributions: []string{"Στις Δευ 7 Σεπ 2026 στις 8:30 π.μ., ο/η Whyloop <c@x.example> έγραψε:", "Στις 7 Σεπ 2026, 08:30, ο χρήστης Whyloop <c@x.example> έγραψε:", "Στις 7/9/2026 08:30, ο/η Whyloop έγραψε:"},
		headers:      []string{"Από: Whyloop <c@x.example>|Στάλθηκε: Δευτέρα, 7 Σεπτεμβρίου 2026 08:30|Προς: Σαμ|Θέμα: Ερώτηση"},
		splitters:    []string{"-----Αρχικό μήνυμα-----", "-------- Προωθημένο μήνυμα --------"},
		devices:      []string{"Στάλθηκε από το iPhone μου", "Αποκτήστε το Outlook για Android"},
		closings:     []string{"Με εκτίμηση,", "Φιλικά"},
		thanks:       []string{"Ευχαριστώ,"},
		subjects:     []string{"Αυτόματη απάντηση: Ερώτηση", "Εκτός γραφείου: Ερώτηση"},
	},
	"tr": {
		attributions: []string{"Whyloop <c@x.example>, 7 Eyl 2026 Pzt, 08:30 tarihinde şunu yazdı:", "Whyloop <c@x.example> şunları yazdı (7 Eyl 2026 08:30):", "7.09.2026 08:30 tarihinde Whyloop yazdı:"},
		headers:      []string{"Kimden: Whyloop <c@x.example>|Gönderildi: 7 Eylül 2026 Pazartesi 08:30|Kime: Sam|Konu: Soru"},
		splitters:    []string{"-----Özgün İleti-----", "-------- Yönlendirilmiş İleti --------"},
		devices:      []string{"iPhone'umdan gönderildi", "Android için Outlook'u edinin", "Samsung Galaxy akıllı telefonumdan gönderildi."},
		closings:     []string{"Saygılarımla,", "Sevgiler", "İyi çalışmalar,"},
		thanks:       []string{"Teşekkürler,", "Teşekkür ederim"},
		subjects:     []string{"Otomatik Yanıt: Soru", "Otomatik yanıt: Soru"},
	},
	"ru": {
		attributions: []string{"пн, 7 сент. 2026 г. в 08:30, Whyloop <c@x.example>:", "7 сент. 2026 г., в 8:30, Whyloop <c@x.example> написал(а):", "07.09.2026 08:30, Whyloop пишет:", "Понедельник, 7 сентября 2026, 8:30 +03:00 от Whyloop <c@x.example>:", "07.09.2026, 08:30, \"Whyloop\" <c@x.example>:"},
		headers:      []string{"От: Whyloop <c@x.example>|Отправлено: 7 сентября 2026 г. 8:30|Кому: Сэм|Тема: Вопрос", "От кого: Whyloop <c@x.example>|Дата: 7 сентября 2026|Кому: Сэм|Тема: Вопрос"},
		splitters:    []string{"-----Исходное сообщение-----", "-------- Пересылаемое сообщение --------", "Начало переадресованного сообщения:"},
		devices:      []string{"Отправлено с iPhone", "Отправлено из мобильной Яндекс Почты", "Отправлено из мобильной Почты Mail.ru", "Скачать Outlook для Android"},
		closings:     []string{"С уважением,", "С наилучшими пожеланиями"},
		thanks:       []string{"Спасибо,", "Заранее спасибо"},
		subjects:     []string{"Автоматический ответ: Вопрос", "Автоответ: Вопрос"},
	},
	"uk": {
		attributions: []string{"пн, 7 вер. 2026 р. о 08:30 Whyloop <c@x.example> пише:", "7 вер. 2026 р. о 08:30 Whyloop <c@x.example> написав(-ла):", "07.09.26 08:30, Whyloop пише:", "29 грудня 2026 р. о 19:09 <c@x.example> написав:"},
		headers:      []string{"Від: Whyloop <c@x.example>|Надіслано: 7 вересня 2026 р. 8:30|Кому: Сем|Тема: Питання"},
		splitters:    []string{"-----Вихідне повідомлення-----", "-------- Переслане повідомлення --------"},
		devices:      []string{"Надіслано з iPhone", "Завантажити Outlook для Android", "Відправлено з мого Galaxy"},
		closings:     []string{"З повагою,", "Гарного дня"},
		thanks:       []string{"Дякую,"},
		subjects:     []string{"Автоматична відповідь: Питання", "Автовідповідь: Питання"},
	},
	"he": {
		attributions: []string{"\u202bבתאריך יום ב׳, 7 בספט׳ 2026 ב-8:30 מאת \u202aWhyloop\u202c\u200f <\u202ac@x.example\u202c\u200f>:\u202c", "ב-7 בספט׳ 2026, בשעה 8:30, Whyloop <c@x.example> כתב/ה:", "בתאריך 07/09/2026 08:30, Whyloop כתב:"},
		headers:      []string{"מאת: Whyloop <c@x.example>|נשלח: יום שני 07 ספטמבר 2026 08:30|אל: סם|נושא: שאלה"},
		splitters:    []string{"-----הודעה מקורית-----", "-------- הודעה שהועברה --------"},
		devices:      []string{"נשלח מה-iPhone שלי", "קבל את Outlook עבור Android"},
		closings:     []string{"בברכה,", "בכבוד רב"},
		thanks:       []string{"תודה,", "תודה רבה"},
		subjects:     []string{"תשובה אוטומטית: שאלה", "מענה אוטומטי: שאלה"},
	},
	"ar": {
		attributions: []string{"في الاثنين، 7 سبتمبر 2026 في 8:30 ص، كتب Whyloop <c@x.example>:", "في ٧ سبتمبر ٢٠٢٦، الساعة ٨:٣٠ ص، كتب Whyloop <c@x.example>:", "في 07/09/2026 08:30، كتب Whyloop:"},
		headers:      []string{"من: Whyloop <c@x.example>|تم الإرسال: الاثنين 7 سبتمبر 2026 08:30|إلى: سام|الموضوع: سؤال", "من: Whyloop <c@x.example>|التاريخ: 7 سبتمبر 2026|إلى: سام|الموضوع: سؤال"},
		splitters:    []string{"-----الرسالة الأصلية-----", "---------- رسالة معاد توجيهها ---------", "بداية الرسالة المحولة:"},
		devices:      []string{"تم الإرسال من iPhone الخاص بي", "أُرسلت من الـ iPhone", "الحصول على Outlook لـ Android"},
		closings:     []string{"مع تحياتي،", "مع أطيب التحيات"},
		thanks:       []string{"شكراً،", "شكرا"},
		subjects:     []string{"رد تلقائي: سؤال"},
	},
	"ja": {
		attributions: []string{"2026年9月7日(月) 8:30 Whyloop <c@x.example>:", "2026/09/07 8:30、Whyloop <c@x.example>のメール:", "On 2026/09/07 8:30, Whyloop wrote:", "2026年9月7日月曜日、Whyloop <c@x.example>さんは書きました:"},
		headers:      []string{"差出人: Whyloop <c@x.example>|送信日時: 2026年9月7日 8:30|宛先: サム|件名: 質問", "差出人: Whyloop <c@x.example>|日付: 2026年9月7日|宛先: サム|件名: 質問"},
		splitters:    []string{"-----元のメッセージ-----", "---------- 転送メッセージ ---------", "-------- 転送されたメッセージ --------"},
		devices:      []string{"iPhoneから送信", "Outlook for Android を入手", "私のiPhoneから送信", "Yahoo!メール - スマートフォンから送信"},
		closings:     []string{"よろしくお願いいたします。", "敬具"},
		thanks:       []string{"ありがとうございます。"},
		subjects:     []string{"自動応答: 質問", "自動返信：質問", "不在通知: 質問"},
	},
	"zh": {
		attributions: []string{"Whyloop <c@x.example> 于2026年9月7日周一 08:30写道：", "在 2026年9月7日，08:30，Whyloop <c@x.example> 写道：", "Whyloop <c@x.example> 於 2026年9月7日 週一 上午8:30寫道：", "在2026-09-07 08:30:00，Whyloop <c@x.example>写道："},
		headers:      []string{"发件人: Whyloop <c@x.example>|发送时间: 2026年9月7日 8:30|收件人: Sam|主题: 问题", "寄件者: Whyloop <c@x.example>|寄件日期: 2026年9月7日|收件者: Sam|主旨: 問題", "发件人：Whyloop <c@x.example>|日期：2026年9月7日|收件人：Sam|主题：问题"},
		splitters:    []string{"-----原始邮件-----", "------------------ 原始邮件 ------------------", "-----原始郵件-----", "---------- 转发的邮件 ---------"},
		devices:      []string{"从我的iPhone发送", "发自我的iPhone", "從我的iPhone傳送", "取得 Android 版 Outlook", "获取适用于 Android 的 Outlook", "发自我的华为手机"},
		closings:     []string{"祝好，", "此致"},
		thanks:       []string{"谢谢，", "謝謝"},
		subjects:     []string{"自动答复: 问题", "自动回复：问题", "自動回覆: 問題"},
	},
	"ko": {
		attributions: []string{"2026년 9월 7일 (월) 오전 8:30, Whyloop <c@x.example>님이 작성:", "2026. 9. 7. 오전 8:30, Whyloop <c@x.example> 작성:", "2026-09-07 오전 8:30에 Whyloop 이(가) 쓴 글:"},
		headers:      []string{"보낸 사람: Whyloop <c@x.example>|보낸 날짜: 2026년 9월 7일 월요일 오전 8:30|받는 사람: 샘|제목: 질문"},
		splitters:    []string{"-----원본 메시지-----", "---------- 전달된 메시지 ---------", "--------- 원본 메일 ---------"},
		devices:      []string{"나의 iPhone에서 보냄", "Android용 Outlook 다운로드", "내 Galaxy에서 보냄"},
		closings:     []string{"드림", "안녕히 계세요,"},
		thanks:       []string{"감사합니다.", "고맙습니다"},
		subjects:     []string{"자동 회신: 질문", "부재 중: 질문"},
	},
	"vi": {
		attributions: []string{"Vào Th 2, 7 thg 9, 2026 vào lúc 08:30 Whyloop <c@x.example> đã viết:", "Vào 14:24 8 tháng 6, 2026, Whyloop <c@x.example> đã viết:"},
		headers:      []string{"Từ: Whyloop <c@x.example>|Đã gửi: 7 tháng 9 2026|Đến: Sam|Chủ đề: Hỏi"},
		splitters:    []string{"-----Thư gốc-----"},
		devices:      []string{"Đã gửi từ iPhone của tôi"},
		closings:     []string{"Trân trọng,"},
		thanks:       []string{"Cảm ơn,"},
		subjects:     []string{"Trả lời tự động: Hỏi"},
	},
	"others": {
		attributions: []string{"El dl., 7 de set. 2026 a les 8:30, Whyloop <c@x.example> va escriure:", "pon, 7. ruj 2026. u 08:30 Whyloop <c@x.example> napisao je:", "На пн, 7.09.2026 г. в 8:30 Whyloop <c@x.example> написа:", "Whyloop <c@x.example> kirjutas kuupäeval E, 7. september 2026 kell 08:30:", "Pada tanggal Sen, 7 Sep 2026 pukul 08.30 Whyloop <c@x.example> menulis:", "ในวันที่ จ. 7 ก.ย. 2026 เวลา 08:30 Whyloop <c@x.example> เขียนว่า:"},
		headers:      []string{"Šalje: Whyloop <c@x.example>|Poslano: 7. rujna 2026|Prima: Sam|Naslov: Pitanje"},
		splitters:    []string{"-----Izvorna poruka-----"},
		devices:      []string{"Poslano s mog iPhonea", "Изпратено от моя iPhone"},
		closings:     []string{"Lijep pozdrav,"},
		thanks:       []string{"Hvala,"},
		subjects:     []string{"Automatski odgovor: Pitanje"},
	},
}

func TestEveryLanguage(t *testing.T) {
	for _, l := range languages {
		p, ok := phrasebooks[l.code]
		if !ok || len(p.attributions) == 0 || len(p.headers) == 0 || len(p.devices) == 0 || len(p.closings) == 0 || len(p.subjects) == 0 {
			t.Errorf("%s: the phrasebook lacks samples", l.code)
			continue
		}
		t.Run(l.code, func(t *testing.T) { p.test(t) })
	}
}

// test reads a reply around every phrase.
func (p phrasebook) test(t *testing.T) {
	const answer = "I want to be home at five."
	check := func(what, body string) {
		t.Helper()
		if got := Extract(Plain, body, Known{}).Body; got != answer {
			t.Errorf("%s: got %q of %q", what, got, body)
		}
	}
	for _, a := range p.attributions {
		check("attribution", answer+"\n\n"+a+"\n\nAn older mail.\nIts second line.")
		check("attribution above marks", answer+"\n\n"+a+"\n> An older mail.\n> Its second line.")
		if i := strings.LastIndex(a, " "); i > 0 {
			check("wrapped attribution", answer+"\n\n"+a[:i]+"\n"+a[i+1:]+"\n\n> An older mail.\n")
		}
	}
	for _, h := range p.headers {
		check("header", answer+"\n\n"+strings.ReplaceAll(h, "|", "\n")+"\n\nAn older mail.")
	}
	for _, s := range p.splitters {
		check("splitter", answer+"\n\n"+s+"\nAn older mail.")
	}
	for _, d := range p.devices {
		check("device", answer+"\n\n"+d)
	}
	for _, c := range p.closings {
		check("closing", answer+"\n\n"+c+"\nSam Field")
	}
	for _, s := range p.thanks {
		if got := Extract(Plain, answer+"\n\n"+s+"\nSam", Known{Name: "Sam Field"}).Body; got != answer {
			t.Errorf("thanks with a known name: got %q after %q", got, s)
		}
		if got := Extract(Plain, answer+"\n\n"+s, Known{}).Body; got != answer+"\n\n"+s {
			t.Errorf("thanks alone: got %q after %q", got, s)
		}
	}
	for _, s := range p.subjects {
		m, _ := Parse(strings.NewReader("From: a@b.example\nTo: " + coach + "\nIn-Reply-To: <x@y>\nSubject: " + s + "\n\nText\n"))
		if m.Class != AutoReply {
			t.Errorf("subject %q: %s (%s)", s, m.Class, m.Reason)
		}
		m, _ = Parse(strings.NewReader("From: a@b.example\nTo: " + coach + "\nIn-Reply-To: <x@y>\nSubject: Re: " + s + "\n\nText\n"))
		if m.Class != Reply {
			t.Errorf("answered subject %q: %s (%s)", s, m.Class, m.Reason)
		}
	}
}
