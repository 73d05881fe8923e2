package parser

import (
	"strings"
	"testing"
)

// TestDiagnostics: hard or soft as SAFETY's list says: the address or its host does not exist, or all else. Each line is a
// status, what a server said beside it, and whether that is hard.
func TestDiagnostics(t *testing.T) {
	for _, c := range []struct {
		status, diag string
		hard         bool
	}{
		{"5.1.1", "550 5.1.1 <sam@acme.example>: Recipient address rejected: User unknown in virtual mailbox table", true},
		{"5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking", true},
		{"5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient sam@acme.example not found by SMTP address lookup", true},
		{"5.1.2", "Host or domain name not found. Name service error for name=acme.invalid type=A: Host not found", true},
		{"5.4.4", "Host or domain name not found. Name service error for name=acme.invalid type=AAAA: Host not found", true},
		{"5.1.3", "501 5.1.3 Bad recipient address syntax", true},
		{"5.1.6", "551 5.1.6 User has moved, mailbox discontinued", true},
		{"5.0.0", "550 No such user here", true},
		{"5.0.0", "550 Unrouteable address", true},
		{"5.0.0", "511 sorry, no mailbox here by that name (#5.1.1 - chkuser)", true},
		{"5.0.0", "550 Requested action not taken: mailbox unavailable", true},
		{"5.0.0", "550 Invalid recipient sam@acme.example (#5.1.1)", true},
		{"5.0.0", "550 unknown user account", true},
		{"5.0.0", "554 delivery error: dd This user doesn't have a yahoo.com account (sam@yahoo.com) [0]", true},
		{"5.0.0", "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", true},
		{"5.1.0", "550 5.1.0 Address rejected.", true},
		{"5.0.0", "550 Benutzer unbekannt", true},
		{"5.0.0", "550 Utilisateur inconnu", true},
		{"5.0.0", "550 Пользователь не найден", true},
		{"5.0.0", "550 Mailbox does not exist", true},
		{"5.0.0", "550 recipient no longer on server", true},
		{"5.0.0", "550 Account not available", true},
		{"5.0.0", "550 Addressee unknown", true},
		{"5.0.0", "550 This address no longer accepts mail.", true},
		{"5.0.0", "550 Address is unknown at host", true},
		{"5.0.0", "550 not our user", true},
		{"5.0.0", "553 sorry, that domain isn't in my list of allowed rcpthosts; no valid recipients", false},
		{"5.2.2", "552 5.2.2 The email account that you tried to reach is over quota", false},
		{"5.2.2", "550 5.2.2 Mailbox full", false},
		{"5.0.0", "552 Requested mail action aborted: exceeded storage allocation", false},
		{"5.0.0", "550 User has exceeded his disk space limit", false},
		{"5.2.3", "552 5.2.3 Message size exceeds fixed maximum message size", false},
		{"5.3.4", "552 5.3.4 Message too big for system", false},
		{"5.7.1", "550 5.7.1 Message rejected as spam by Content Filtering", false},
		{"5.7.1", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", false},
		{"5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated", false},
		{"5.7.606", "550 5.7.606 Access denied, banned sending IP [192.0.2.1]", false},
		{"5.7.1", "550 5.7.1 Unable to relay", false},
		{"5.4.6", "554 5.4.6 Too many hops", false},
		{"5.4.7", "Delivery expired (message too old)", false},
		{"4.4.7", "Message delayed", false},
		{"4.2.2", "452 4.2.2 The email account that you tried to reach is over quota", false},
		{"4.1.1", "450 4.1.1 <sam@acme.example>: Recipient address rejected: unverified address", false},
		{"4.7.1", "451 4.7.1 Greylisting in action, please come back later", false},
		{"5.0.0", "421 Too many concurrent SMTP connections; please try again later.", false},
		{"5.4.1", "No answer from host", false},
		{"5.0.0", "retry timeout exceeded", false},
		{"5.0.0", "550 Rejected by header based blocking list", false},
		{"5.0.0", "554 5.7.1 The message was rejected because it contains prohibited virus or spam content", false},
		{"5.0.0", "550 Sender verify failed", false},
		{"5.0.0", "553 5.1.8 Sender address rejected: Domain not found", false},
		{"5.0.0", "550 SPF check failed", false},
		{"5.0.0", "550 DMARC policy of the sender's domain", false},
		{"5.0.0", "550 This account has been disabled or suspended", false},
		{"5.5.2", "500 5.5.2 Syntax error", false},
		{"5.6.0", "554 5.6.0 Message contains invalid header", false},
	} {
		m, _ := Parse(strings.NewReader(dsn("Final-Recipient: rfc822; sam@acme.example\nAction: failed\nStatus: " + c.status + "\nDiagnostic-Code: smtp; " + c.diag + "\n")))
		if got := m.Class == BounceHard; got != c.hard || m.Class != BounceHard && m.Class != BounceSoft {
			t.Errorf("%s %s: %s, want hard %v", c.status, c.diag, m.Class, c.hard)
		}
	}
}

// TestBouncesForPeople are reports of servers that write no machine part.
func TestBouncesForPeople(t *testing.T) {
	for _, c := range []struct {
		name, head, body string
		want             Class
	}{
		{"qmail", "From: MAILER-DAEMON@mx.acme.example\nSubject: failure notice\n", "Hi. This is the qmail-send program at mx.acme.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<sam@acme.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n", BounceHard},
		{"qmail, full", "From: MAILER-DAEMON@mx.acme.example\nSubject: failure notice\n", "<sam@acme.example>:\nUser is over the quota. You can try again later. (#4.3.0)\n", BounceSoft},
		{"Exim", "From: Mail Delivery System <Mailer-Daemon@mx.acme.example>\nSubject: Mail delivery failed: returning message to sender\n", "A message that you sent could not be delivered to one or more of its recipients. This is a permanent error. The following address(es) failed:\n\n  sam@acme.example\n    Unrouteable address\n", BounceHard},
		{"Exim, warning", "From: Mail Delivery System <Mailer-Daemon@mx.acme.example>\nSubject: Warning: message 1abc-0000-XY delayed 24 hours\n", "The message has not yet been delivered to sam@acme.example. Delivery attempts will continue.\n", BounceSoft},
		{"Gmail", "From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>\nSubject: Delivery Status Notification (Failure)\n", "Address not found. Your message wasn't delivered to sam@acme.example because the address couldn't be found, or is unable to receive mail.\n", BounceHard},
		{"Exchange", "From: Microsoft Outlook <postmaster@acme.example>\nSubject: Undeliverable: A question\n", "Your message to sam@acme.example couldn't be delivered.\nsam wasn't found at acme.example.\n", BounceHard},
		{"Exchange in German", "From: postmaster@acme.example\nSubject: Unzustellbar: Eine Frage\n", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\nsam@acme.example\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n", BounceHard},
		{"Exchange in French", "From: postmaster@acme.example\nSubject: Non remis : Une question\n", "Échec de la remise aux destinataires suivants :\nsam@acme.example\nL'adresse de messagerie que vous avez entrée est introuvable.\n", BounceHard},
		{"Exchange in Spanish", "From: postmaster@acme.example\nSubject: No se puede entregar: Una pregunta\n", "Error de entrega a estos destinatarios:\nsam@acme.example\nNo se encontró la dirección de correo electrónico que especificó.\n", BounceHard},
		{"Domino", "From: postmaster@acme.example\nSubject: DELIVERY FAILURE: User sam (sam@acme.example) not listed in Domino Directory\n", "Your message\n\n  Subject: A question\n\nwas not delivered to:\n\n  sam@acme.example\n\nbecause:\n\n  User sam (sam@acme.example) not listed in Domino Directory\n", BounceHard},
		{"Yahoo", "From: MAILER-DAEMON@yahoo.example\nSubject: Failure Notice\n", "Sorry, we were unable to deliver your message to the following address.\n\n<sam@yahoo.example>:\n554: delivery error: dd Sorry your message to sam@yahoo.example cannot be delivered. This account has been disabled or discontinued [#102].\n", BounceHard},
		{"Zimbra vacation of a daemon is a bounce", "From: MAILER-DAEMON@mx.acme.example\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n", "<sam@acme.example>: host mx said: 550 5.1.1 User unknown\n", BounceHard},
		{"IMail", "From: Postmaster <postmaster@acme.example>\nSubject: Undeliverable Mail\n", "Unknown user: sam@acme.example\n\nOriginal message follows.\n", BounceHard},
		{"Courier", "From: \"Courier mail server at mx\" <@mx.acme.example>\nReturn-Path: <>\nSubject: NOTICE: mail delivery status.\n", "UNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<sam@acme.example>:\n    mx.acme.example [192.0.2.1]:\n<<< 550 User unknown\n", BounceHard},
		{"Mail.ru", "From: mailer-daemon@corp.example\nSubject: Mail failure.\n", "This message was created automatically by mail delivery software. A message could not be delivered to sam@acme.example: invalid mailbox. User not found\n", BounceHard},
		{"Japanese carrier", "Return-Path: <>\nFrom: Postmaster@ne.example\nSubject: =?utf-8?q?=E9=85=8D=E4=BF=A1=E4=B8=8D=E8=83=BD?=\n", "次のあて先へのメッセージはエラーのため送信できませんでした。\nsam@ne.example\nUnknown user\n", BounceHard},
		{"a person forwards a bounce", "From: Sam <sam@acme.example>\nSubject: Re: Undeliverable: A question\n", "Did you see this? 550 5.1.1 user unknown for bob@acme.example. What I want is time.\n", Reply},
	} {
		m, _ := Parse(strings.NewReader("To: c@x.example\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" + c.head + "\n" + c.body))
		if m.Class != c.want {
			if c.want == Reply && m.Class == Stray {
				continue
			}
			t.Errorf("%s: %s (%s), want %s", c.name, m.Class, m.Reason, c.want)
		}
	}
}

// TestUnmarkedAbsences: responders that no header betrays, in every language, and people who speak of the same things.
func TestUnmarkedAbsences(t *testing.T) {
	for _, s := range []string{
		"Thank you for your message. I am currently out of the office with no access to e-mail and will be back on 21 September. In urgent cases please contact Ann Lee.",
		"I'm on vacation until September 18th. For urgent matters, please contact my colleague Ann.",
		"I am on parental leave. Please contact ann@acme.example instead.",
		"Vielen Dank für Ihre Nachricht. Ich bin bis zum 18.09.2026 nicht im Büro. In dringenden Fällen wenden Sie sich bitte an Frau Lee.",
		"Ich befinde mich derzeit im Urlaub und bin ab dem 21.09. wieder erreichbar. Ihre E-Mail wird nicht weitergeleitet. Bitte wenden Sie sich an meine Kollegin.",
		"Bonjour, je suis actuellement absent jusqu'au 18 septembre. En cas d'urgence, merci de contacter Ann Lee.",
		"Je suis en congé du 7 au 18 septembre. En mon absence, vous pouvez contacter ann@acme.example.",
		"Estaré de vacaciones hasta el 18 de septiembre. Para asuntos urgentes, contacte con Ann Lee.",
		"Gracias por su mensaje. Me encuentro fuera de la oficina hasta el 18/09. En caso de urgencia escriba a ann@acme.example.",
		"Sono in ferie fino al 18 settembre. Per urgenze potete contattare Ann Lee.",
		"Sarò assente dall'ufficio fino al 18/09/2026. In caso di urgenza rivolgersi ad Ann Lee.",
		"Estou de férias até 18 de setembro. Em caso de urgência, contacte Ann Lee.",
		"Ik ben met vakantie tot 18 september. Voor dringende zaken kunt u contact opnemen met Ann Lee.",
		"Bedankt voor uw bericht. Ik ben afwezig tot en met 18 september. Neem bij spoed contact op met Ann.",
		"Jag är på semester till den 18 september. Vid brådskande ärenden, kontakta Ann Lee.",
		"Jeg er på ferie til og med den 18. september. Haster det, så kontakt Ann Lee.",
		"Jeg er på ferie frem til 18. september. Ved hastesaker, kontakt Ann Lee.",
		"Olen lomalla 18.9.2026 asti. Kiireellisissä asioissa ota yhteyttä Ann Leehen.",
		"Jestem na urlopie do 18 września. W pilnych sprawach proszę o kontakt z Ann Lee.",
		"Do 18. září jsem na dovolené. V naléhavých případech kontaktujte Ann Lee.",
		"Do 18. septembra som na dovolenke. V súrnych prípadoch kontaktujte Ann Lee.",
		"2026. szeptember 18-ig szabadságon vagyok. Sürgős esetben keresse Ann Lee-t.",
		"Sunt în concediu până pe 18 septembrie. Pentru urgențe contactați Ann Lee.",
		"Θα λείπω σε άδεια μέχρι 18 Σεπτεμβρίου. Για επείγοντα επικοινωνήστε με την Ann Lee.",
		"18 Eylül'e kadar izindeyim. Acil durumlarda Ann Lee ile irtibata geçebilirsiniz.",
		"Я в отпуске до 18 сентября. По срочным вопросам обращайтесь к Ann Lee.",
		"Я у відпустці до 18 вересня. З термінових питань звертайтеся до Ann Lee.",
		"אני בחופשה עד 18 בספטמבר. בנושאים דחופים ניתן לפנות ל-Ann Lee.",
		"أنا في إجازة حتى 18 سبتمبر. للأمور العاجلة يرجى الاتصال بـ Ann Lee.",
		"9月18日まで休暇をいただいております。お急ぎの場合はAnn Leeまでご連絡ください。",
		"我目前正在休假，9月18日回来。如有急事，请联系Ann Lee。",
		"我目前休假，9月18日回來。如有急事請聯絡 Ann Lee。",
		"9월 18일까지 휴가입니다. 급한 용무는 Ann Lee에게 연락 바랍니다.",
		"This is an automatic reply. I am away until 18 September.",
		"Dies ist eine automatische Antwort. Ich bin bis zum 18. September abwesend.",
		"Ceci est une réponse automatique. Je suis absent jusqu'au 18 septembre.",
		"Thank you for contacting Acme Support. Your request has been received and ticket #4711 has been created.",
	} {
		m, _ := Parse(strings.NewReader(mailOf("Date: Mon, 07 Sep 2026 08:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n", s+"\n")))
		if m.Class != AutoReply {
			t.Errorf("%s: %s (%s)", s, m.Class, m.Reason)
		}
	}
	for _, s := range []string{
		"I want to be on vacation with my kids twice a year, until they are 18.",
		"Freedom. I'd be out of the office by five, every day.",
		"More holidays. My colleague Ann does that, please contact her if you doubt it.",
		"Ich will mehr Urlaub und um 17 Uhr zu Hause sein.",
		"Je veux être en vacances avec mes enfants plus souvent.",
		"Quiero irme de vacaciones con mi mujer en julio.",
		"Yes, but I'm on leave next week, so ask me again on the 21st. What I want is time.",
		"I'm absent from my family too often. That is urgent.",
		"То, чего я хочу, это больше отпуска.",
		"もっと休暇がほしいです。",
	} {
		m, _ := Parse(strings.NewReader(mailOf("Date: Mon, 07 Sep 2026 08:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n", s+"\n")))
		if m.Class != Reply {
			t.Errorf("%s: %s (%s)", s, m.Class, m.Reason)
		}
	}
}

// TestVerdicts of common servers, and their opposites.
func TestVerdicts(t *testing.T) {
	for head, want := range map[string]Class{
		"X-Spam-Flag: YES": Spam, "X-Spam-Status: Yes, score=9.2 required=5.0": Spam, "X-Spam: Yes": Spam, "X-Spam-Flag: NO": Reply, "X-Spam-Status: No, score=-1": Reply,
		"X-Rspamd-Action: reject": Spam, "X-Rspamd-Action: add header": Spam, "X-Rspamd-Action: no action": Reply, "X-Rspamd-Action: greylist": Reply,
		"X-Barracuda-Spam-Flag: YES": Spam, "X-MS-Exchange-Organization-SCL: 9": Spam, "X-MS-Exchange-Organization-SCL: -1": Reply, "X-MS-Exchange-Organization-SCL: 1": Reply,
		"X-Forefront-Antispam-Report: CIP:1;SFV:SPM;SCL:5;": Spam, "X-Forefront-Antispam-Report: CIP:1;SFV:NSPM;SCL:1;": Reply, "X-Forefront-Antispam-Report: CIP:1;CAT:PHSH;SFV:SPM": Spam,
		"X-Spamd-Result: default: True [15.2 / 15.0]": Spam, "X-Spamd-Result: default: False [1.2 / 15.0]": Reply, "X-Proofpoint-Spam-Details: rule=spam policy=default score=100": Spam, "X-Proofpoint-Spam-Details: rule=notspam policy=default score=0": Reply,
		"X-YandexSpam: 4": Reply, "X-Yandex-Spam: 4": Spam, "X-Yandex-Spam: 1": Reply, "X-Mailru-Spam: yes": Spam, "X-IronPort-Anti-Spam-Result: x": Reply, "X-SpamExperts-Outgoing-Class: ham": Reply, "X-DSPAM-Result: Spam": Spam, "X-DSPAM-Result: Innocent": Reply,
		"X-CRM114-Status: SPAM  ( -12.3 )": Spam, "X-CRM114-Status: Good": Reply, "X-Bogosity: Spam, tests=bogofilter": Spam, "X-Bogosity: Ham, tests=bogofilter": Reply, "X-Bogosity: Yes, tests=bogofilter": Spam, "X-Spam-Level: ****": Reply, "X-GMX-Antispam: 6 (x); Detail=V3": Reply, "X-Spam-Checker-Version: 4": Reply,
		"X-VR-SPAMSTATE: SPAM": Spam, "X-VR-SPAMSTATE: OK": Reply, "X-Mimecast-Spam-Score: 2": Reply, "X-SpamProbe: SPAM 0.99": Spam, "X-SpamProbe: GOOD 0.01": Reply, "X-KLMS-AntiSpam-Status: spam": Spam, "X-KLMS-AntiSpam-Status: not_detected": Reply,
		"X-Spam-Summary: 40": Reply, "X-SES-Spam-Verdict: FAIL": Spam, "X-SES-Spam-Verdict: PASS": Reply, "X-SES-Virus-Verdict: FAIL": Spam, "X-Virus-Status: Infected (x)": Spam, "X-Virus-Status: Clean": Reply, "X-Virus-Scanned: clamav": Reply,
	} {
		m, _ := Parse(strings.NewReader(mailOf(head+"\n", "Freedom")))
		if m.Class != want {
			t.Errorf("%s: %s (%s), want %s", head, m.Class, m.Reason, want)
		}
	}
}
