package parser

import (
	"html"
	"strings"
	"testing"
)

// proneAnswers look like what clients write: dates, labels, sign-offs, footers, in many languages.
var proneAnswers = []string{
	"On Monday Anna wrote to me that she wants to leave at five.", "On 3 March 2026 I wrote down what I want: time.", "I sent it from my iPhone.", "I sent the offer from my phone, at the station.", "Sent from my boss: do more calls. I did.", "Get Outlook for my team, that is all I want.", "My best regards to the whole team.", "Less mail, more regard.", "more respect", "Best", "Love", "Cheers", "Thanks", "Freedom\nRespect\nTime", "Time\nAnna", "Anna", "Anna Berg", "My kids: Anna and Tom", "Freedom, of course!",
	"From: nine. To: five. That is all.", "To: be calm\nFrom: fear", "Subject: me", "Date: every Friday with my wife", "Original message? I forgot it.", "Forwarded message from my boss: sell more.", "I want to be the one who writes: \"we did it\".", "At 5 pm I am home.", "At 17:00 home.", "2026", "3.3.2026", "03/03/2026 14:15", "17:00", "By 14 July 2026: 12 new accounts.", "- Anna", "-freedom", "-- freedom", "– time", "* time\n* money", "1. time\n2. money", "___\ntime", "time\n---\nmoney",
	"Am Montag schrieb ich meinem Chef, dass ich um fünf gehe.", "Am 3. März 2026 habe ich geschrieben, was ich will.", "Ich habe es von meinem iPhone gesendet.", "Viele Grüße an deine Frau!", "Mehr Ruhe", "Liebe", "Schöne Grüße vom Chef bekommen, das wäre was.", "Von: Angst. An: Ruhe.", "Um 17 Uhr zu Hause sein", "Bis zum 14. Juli zwölf Kunden.", "Danke", "Danke, mehr nicht", "Gruß",
	"Le 3 mars 2026 j'ai écrit ce que je veux.", "Je l'ai envoyé de mon iPhone.", "De 9 à 5, c'est tout.", "À 17 h chez moi", "Bonne journée avec mes enfants", "Plus de respect", "Merci", "Objet : la paix",
	"El 3 de marzo de 2026 escribí lo que quiero.", "Lo envié desde mi iPhone.", "Más abrazos", "Un abrazo de mi hija", "Para mí: tiempo", "Gracias a mi jefe", "De 9 a 5",
	"Il 3 marzo 2026 ho scritto quello che voglio.", "L'ho inviato dal mio iPhone.", "Un abbraccio da mia figlia", "A casa alle 17", "Più rispetto", "Buona serata con i figli",
	"Em 3 de março de 2026 escrevi o que quero.", "Enviei do meu iPhone.", "Um abraço da minha filha", "Mais respeito", "Às 17h em casa",
	"Op 3 maart 2026 schreef ik op wat ik wil.", "Ik heb het vanaf mijn iPhone verstuurd.", "Meer rust", "Om 17 uur thuis", "De groeten van mijn baas krijgen",
	"Den 3 mars 2026 skrev jag ner vad jag vill.", "Mer lugn", "Kl 17 hemma", "En kram av min dotter",
	"Den 3. marts 2026 skrev jeg hvad jeg vil.", "Mere ro", "Kl. 17 hjemme", "Den 3. mars 2026 skrev jeg ned det jeg vil.",
	"3. maaliskuuta 2026 kirjoitin mitä haluan.", "Lähetin sen iPhonesta.", "Klo 17 kotona", "Rauhaa",
	"3 marca 2026 napisałem, czego chcę.", "Więcej szacunku", "O 17 w domu", "Dziękuję",
	"3. března 2026 jsem napsal, co chci.", "Hezký den s dětmi", "V 17 doma", "Klid",
	"2026. március 3-án leírtam, mit akarok.", "Nyugalom", "Szép napot a gyerekekkel", "Tisztelet",
	"Pe 3 martie 2026 am scris ce vreau.", "Mai mult respect", "O zi bună cu copiii",
	"Στις 3 Μαρτίου 2026 έγραψα τι θέλω.", "Περισσότερη τιμή", "Ηρεμία",
	"3 Mart 2026 tarihinde ne istediğimi yazdım.", "Daha çok saygı", "Huzur", "Sevgi",
	"3 марта 2026 я написал, чего хочу.", "Больше уважения", "В 17 дома", "Покой", "Спасибо",
	"3 березня 2026 я написав, чого хочу.", "Більше поваги", "Спокій",
	"ב-3 במרץ 2026 כתבתי מה אני רוצה.", "יותר כבוד", "שקט", "תודה",
	"في 3 مارس 2026 كتبت ما أريد.", "المزيد من الاحترام", "الهدوء", "شكرا",
	"2026年3月3日に欲しいものを書きました。", "もっと尊敬", "子どもとの時間", "ありがとう", "iPhoneから離れたいです",
	"2026年3月3日我写下了我想要的。", "更多尊重", "和孩子在一起的时间", "谢谢", "从我的手机里解脱",
	"2026년 3월 3일에 원하는 것을 썼습니다.", "더 많은 존중", "아이들과의 시간", "감사", "내 휴대폰에서 벗어나고 싶어요",
	"I told him: call +49 30 1234567 and ask for Priya. He did.", "My plan:\n\nCall Tom, 0171 2345678\nCall Ann, 0172 3456789", "www.acme.example is what I sell, and I am proud of it.", "This message is confidential, please: I want to quit.", "Please do not forward this to my boss. I want to leave.", "I am the sender, the recipient and the only person who cares.", "My virus is perfectionism.", "Caution: I may quit.", "Attention: this is hard for me.", "Notice: I said notice, not praise.",
	"yes\n\nno", "y", "n", "👍", "🙂 time", "...", "?", "!", "10", "1", "a", "x)", "b) time", "OK", "ok.", "No.", "None", "N/A", "Nothing new.", "Nope", "-", "+1",
}

// TestProneAnswers: whatever they look like, answers are not lost, whether the writer is known or not.
func TestProneAnswers(t *testing.T) {
	const quote = "On Mon, 7 Sep 2026 at 08:30, Whyloop <c@x.example> wrote:\n> What do you want?\n> Why?\n"
	for _, a := range proneAnswers {
		for name, body := range map[string]string{
			"alone":   a + "\n",
			"quoted":  a + "\n\n" + quote,
			"tight":   a + "\n" + quote,
			"outlook": a + "\n\nFrom: Whyloop <c@x.example>\nSent: Monday, September 7, 2026 8:30 AM\nTo: Sam Field\nSubject: A question\n\nWhat do you want?\nWhy?\n",
			"bottom":  quote + "\n" + a + "\n",
			"signed":  a + "\n\nBest regards,\nSam Field\n",
		} {
			for _, k := range []Known{{}, {Name: "Sam Field", Address: "sam@acme.example"}} {
				if got := Extract(Plain, body, k).Body; squeeze(got) != squeeze(a) {
					t.Errorf("%s, known %q, %q: %q", name, k.Name, a, got)
				}
			}
		}
	}
}

// TestProneAnswersInHTML: the same in HTML, where nothing but a block may stand between answer and quote.
func TestProneAnswersInHTML(t *testing.T) {
	forms := map[string][2]string{
		"gmail":              {`<div dir="ltr">`, `</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Sep 7, 2026 at 8:30 AM Whyloop &lt;<a href="mailto:c@x.example">c@x.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0"><div>What do you want?</div></blockquote></div>`},
		"gmail-tight":        {`<div dir="auto">`, `</div><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Sep 7, 2026 at 8:30 AM Whyloop &lt;c@x.example&gt; wrote:<br></div><blockquote class="gmail_quote"><div>What do you want?</div></blockquote></div>`},
		"outlook":            {`<div class="WordSection1"><p class="MsoNormal">`, `<o:p></o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Whyloop &lt;c@x.example&gt; <br><b>Sent:</b> Monday, September 7, 2026 8:30 AM<br><b>To:</b> Sam<br><b>Subject:</b> A question<o:p></o:p></p></div></div><p class="MsoNormal">What do you want?</p></div>`},
		"plain-outlook-html": {`<div>`, `</div><div>From: Whyloop &lt;c@x.example&gt;<br>Sent: Monday, September 7, 2026 8:30 AM<br>To: Sam<br>Subject: A question</div><div>What do you want?</div>`},
		"apple":              {`<div>`, `<br><div><br><blockquote type="cite"><div>On 7 Sep 2026, at 08:30, Whyloop &lt;c@x.example&gt; wrote:</div><br><div>What do you want?</div></blockquote></div></div>`},
		"ios":                {``, `<br><br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 7 Sep 2026, at 08:30, Whyloop &lt;c@x.example&gt; wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">What do you want?</div></blockquote>`},
		"bare-div":           {`<div>`, `<br>On 7 Sep 2026, at 08:30, Whyloop &lt;c@x.example&gt; wrote:<br>What do you want?<br>Why?</div>`},
	}
	for _, a := range proneAnswers {
		for name, f := range forms {
			if strings.HasPrefix(a, "Objet") && strings.Contains(name, "outlook") {
				continue // a row in another language than the header below it might be the header's
			}
			body := f[0] + strings.ReplaceAll(html.EscapeString(a), "\n", "<br>") + f[1]
			for _, k := range []Known{{}, {Name: "Sam Field"}} {
				if got := Extract(HTML, body, k).Body; squeeze(got) != squeeze(a) {
					t.Errorf("%s, known %q, %q: %q", name, k.Name, a, got)
				}
			}
		}
	}
}
