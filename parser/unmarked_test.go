package parser

import (
	"strings"
	"testing"
)

// unmarkedAbsences are what responders of many languages send without any mark.
var unmarkedAbsences = []string{
	"Thank you for your message. I am currently out of the office and will return on 14 July. For urgent matters please contact my colleague Ann.", "Hello, I'm on annual leave until Monday 14 July with limited access to email. If it's urgent, please call the office.", "I am away from my desk until 14/07. Please contact Tom in my absence.", "Thanks for your email. I'm on parental leave and will be back on 1 September. Please contact ann@example.com in the meantime.",
	"Vielen Dank für Ihre Nachricht. Ich bin bis zum 14. Juli nicht im Büro. In dringenden Fällen wenden Sie sich bitte an Frau Berg.", "Ich bin im Urlaub und ab dem 14.07. wieder erreichbar. Ihre E-Mail wird nicht weitergeleitet. Vertretung: Tom Maier.", "Guten Tag, ich bin derzeit abwesend und am 14.07.2026 wieder im Büro. Meine Vertretung übernimmt Frau Berg, Tel. 030 123456.",
	"Bonjour, je suis absent du bureau jusqu'au 14 juillet. En cas d'urgence, vous pouvez contacter Anne Berg.", "Je suis actuellement en congés, de retour le 14 juillet. Pour toute urgence, merci de contacter le standard.",
	"Estoy fuera de la oficina hasta el 14 de julio. Para asuntos urgentes, contacte con Ana Berg.", "Gracias por su mensaje. Estoy de vacaciones y regreso el 14 de julio. En mi ausencia puede escribir a ana@example.com.",
	"Sono fuori ufficio fino al 14 luglio. Per urgenze contattare Anna Berg.", "Sarò in ferie dal 1 al 14 luglio. In mia assenza potete rivolgervi a Tom.",
	"Estou de férias até 14 de julho. Em caso de urgência, contacte Ana Berg.", "Estarei ausente até 14/07. Para assuntos urgentes, favor contatar a Ana.",
	"Ik ben met vakantie tot 14 juli. Voor dringende zaken kunt u contact opnemen met Anna.", "Ik ben afwezig en op 14 juli weer terug. Neem bij spoed contact op met Tom.",
	"Jag är på semester till den 14 juli. Vid brådskande ärenden, kontakta Anna.", "Jag är inte på kontoret, åter den 14 juli. Kontakta Anna vid frågor.",
	"Jeg er på ferie til og med 14. juli. Ved hastesager kontakt Anna.", "Jeg er ikke på kontoret før 14. juli. Kontakt Anna ved spørgsmål.",
	"Jeg har ferie til 14. juli. Ved spørsmål, kontakt Anna.", "Jeg er ikke på kontoret, tilbake 14. juli. Ta kontakt med Anna ved hastesaker.",
	"Olen lomalla 14.7. asti. Kiireellisissä asioissa ota yhteyttä Annaan.", "En ole toimistolla, palaan 14.7. Voit ottaa yhteyttä Annaan.",
	"Jestem na urlopie do 14 lipca. W pilnych sprawach proszę o kontakt z Anną.", "Przebywam poza biurem, wracam 14 lipca. W sprawach pilnych proszę dzwonić do Anny.",
	"Jsem na dovolené do 14. července. V naléhavých případech kontaktujte Annu.", "Nejsem v kanceláři, vrátím se 14. 7. Obraťte se prosím na Annu.",
	"Szabadságon vagyok július 14-ig. Sürgős esetben kérem, keresse Annát.", "Nem vagyok az irodában, július 14-én térek vissza. Sürgős ügyben hívja Annát.",
	"Sunt în concediu până pe 14 iulie. Pentru urgențe, contactați-o pe Ana.", "Sunt plecat din birou și revin pe 14 iulie. Pentru situații urgente vă rog să o contactați pe Ana.",
	"Θα λείπω από το γραφείο έως τις 14 Ιουλίου. Για επείγοντα θέματα επικοινωνήστε με την Άννα.", "Βρίσκομαι σε άδεια μέχρι 14 Ιουλίου. Για ό,τι επείγον, επικοινωνήστε με την Άννα.",
	"14 Temmuz'a kadar izindeyim. Acil durumlarda lütfen Anna ile irtibata geçiniz.", "Ofis dışındayım, 14 Temmuz'da döneceğim. Acil konular için Anna'ya ulaşabilirsiniz.",
	"Я в отпуске до 14 июля. По срочным вопросам обращайтесь к Анне.", "Меня нет в офисе, вернусь 14 июля. По срочным вопросам пишите Анне.",
	"Я у відпустці до 14 липня. З термінових питань звертайтеся до Анни.", "Я відсутня на роботі до 14 липня. З термінових питань телефонуйте Анні.",
	"אני בחופשה עד 14 ביולי. בעניינים דחופים ניתן לפנות לאנה.", "איני במשרד ואחזור ב-14 ביולי. לנושאים דחופים אנא פנו לאנה.",
	"أنا في إجازة حتى 14 يوليو. في الحالات العاجلة يرجى الاتصال بآنا.", "أنا خارج المكتب وسأعود في 14 يوليو. للأمور العاجلة يرجى التواصل مع آنا.",
	"7月14日まで休暇をいただいております。お急ぎの場合は田中までご連絡ください。", "現在不在にしております。7月14日に戻ります。緊急の場合は田中にご連絡ください。",
	"我正在休假，7月14日回来。如有急事请联系小王。", "本人目前不在辦公室，7月14日返回。緊急事宜請聯絡小王。",
	"7월 14일까지 휴가입니다. 급한 용무는 김 대리에게 연락 바랍니다.", "현재 부재중이며 7월 14일에 복귀합니다. 긴급한 사항은 김 대리에게 연락 주세요.",
}

// holidays are what people write about being away.
var holidays = []string{
	"I'm away next week, so let's do it on the 14th. What I want is to be home more.", "I was out of the office until 4, sorry. Freedom, I think.", "Ich bin nächste Woche im Urlaub, aber die Antwort ist: mehr Zeit.", "Je serai en vacances en juillet avec les enfants, c'est ce que je veux.", "Estaré de vacaciones con mi familia, eso es lo que quiero de verdad.", "Sono in ferie con i bambini: questo vorrei più spesso.", "Ik wil vaker op vakantie met de kinderen.", "Jag vill ha semester med barnen.", "Chcę częściej być na urlopie z dziećmi.", "Я хочу чаще быть в отпуске с детьми.", "子どもと休暇を過ごしたい。", "我想多休假陪孩子。", "아이들과 휴가를 보내고 싶어요.", "Urgent: I need more time with my kids, please contact my boss and tell him, ha.", "I'd call my old colleague until he picks up, and return to what I loved.", "By 14 July I want to have contacted ten old customers. Urgently.",
	"I'm on holiday until 14 July, can you ask me again then? Thanks, Sam", "I'm off till the 14th. Done, I called her before I left.",
}

// TestUnmarked: the words alone tell a responder from a person.
func TestUnmarked(t *testing.T) {
	class := func(s string) Class {
		m, err := Parse(strings.NewReader(mailOf("Date: Wed, 01 Jul 2026 08:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n", s+"\n")))
		if err != nil {
			t.Fatal(err)
		}
		return m.Class
	}
	for _, s := range unmarkedAbsences {
		if c := class(s); c != AutoReply {
			t.Errorf("%s: %s", c, s)
		}
	}
	for _, s := range append(proneAnswers, holidays...) {
		if c := class(s); c != Reply {
			t.Errorf("%s: %s", c, s)
		}
	}
}
