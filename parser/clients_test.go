package parser

import "testing"

// TestHTMLClients holds the frames that mail programs put around a quote, with letters nobody knows.
func TestHTMLClients(t *testing.T) {
	const answer = "<div>I want to be home at five.</div><div><br></div>"
	for _, c := range []struct{ name, tail string }{
		{"Gmail", `<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, 7 Sept 2026 at 08:30, C &lt;<a href="mailto:c@x.example">c@x.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex"><div>Old</div></blockquote></div>`},
		{"Gmail in an unknown language", `<div class="gmail_quote"><div class="gmail_attr">Xyz 2026 zyx C abc:<br></div><blockquote class="gmail_quote">Old</blockquote></div>`},
		{"Outlook for Windows", `<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b><span lang="EN-US">Xyz:</span></b> C<br><b>Zyx:</b> 7<br></p></div></div><p class="MsoNormal">Old</p>`},
		{"Outlook on the web", `<div id="appendonsend"></div><hr tabindex="-1" style="width:98%"><div id="divRplyFwdMsg" dir="ltr"><b>Xyz:</b> C</div><div>Old</div>`},
		{"new Outlook", `<div id="mail-editor-reference-message-container"><div><b>Xyz:</b> C<br></div>Old</div>`},
		{"Outlook for iOS", `<div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr><div id="divRplyFwdMsg">Xyz</div>Old`},
		{"Outlook, a quote passed on", `<div id="x_divRplyFwdMsg"><b>Xyz</b></div>Old`},
		{"Apple Mail", `<div><br><blockquote type="cite"><div>On 7 Sep 2026, at 08:30, C &lt;c@x.example&gt; wrote:</div><br><div>Old</div></blockquote></div>`},
		{"iOS", `<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 7 Sep 2026, at 08:30, C wrote:<br><br></blockquote></div><blockquote type="cite"><div>Old</div></blockquote>`},
		{"Yahoo", `<div id="yahoo_quoted_1" class="yahoo_quoted"><div>Xyz 2026, C:</div><div>Old</div></div>`},
		{"Proton", `<div class="protonmail_signature_block"><div>Sent with <a>Proton Mail</a> secure email.</div></div><br><div class="protonmail_quote">On Monday, C wrote:<br><blockquote class="protonmail_quote" type="cite">Old</blockquote></div>`},
		{"Thunderbird", `<div class="moz-cite-prefix">Xyz 07.09.26 C abc:<br></div><blockquote type="cite" cite="mid:1">Old</blockquote>`},
		{"Samsung", `<div style="font-size:100%"><!-- originalMessage --><div>-------- Xyz --------</div><div>C: c@x.example</div><div>Old</div></div>`},
		{"GMX", `<div name="quote" style="margin:10px 5px 5px 10px; border-left:2px solid #C3D9E5"><div><b>Gesendet:</b> Montag<br><b>Von:</b> C</div><div name="quoted-content">Old</div></div>`},
		{"Notes", `<font size="1" color="#5f5f5f" face="sans-serif">From: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size="1">C &lt;c@x.example&gt;</font><br><font size="1" color="#5f5f5f">To: </font><font size="1">Sam</font><br><font size="1">Date: </font><font size="1">07/09/2026 08:30</font><br><font size="1">Subject: </font><font>Re</font><br><hr noshade><br>Old`},
		{"Zoho", `<div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Mon, 07 Sep 2026 08:30:00 +0000 C &lt;c@x.example&gt; wrote ----</div><br><blockquote style="margin:0px">Old</blockquote></div>`},
		{"Zimbra", `<hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>From: </b>"C" &lt;c@x.example&gt;<br><b>To: </b>"Sam"<br><b>Sent: </b>Monday, 7 September, 2026 08:30<br><b>Subject: </b>x<br></div><div data-marker="__QUOTED_TEXT__">Old</div>`},
		{"Roundcube", `<p id="reply-intro">Xyz 2026-09-07 08:30, C abc:</p><blockquote type="cite" style="padding:0 0.4em">Old</blockquote>`},
		{"Mail.ru", `<div>Понедельник, 7 сентября 2026, 8:30 +03:00 от C &lt;c@x.example&gt;:<br></div><blockquote style="border-left:1px solid #0857A6">Old</blockquote>`},
		{"Yandex", `<div>07.09.2026, 08:30, "C" &lt;c@x.example&gt;:</div><blockquote><p>Old</p></blockquote>`},
		{"QQ", `<div style="font-size:12px;font-family:Arial Narrow">------------------&nbsp;原始邮件&nbsp;------------------</div><div><div><b>发件人:</b>&nbsp;"C"&lt;c@x.example&gt;;</div><div><b>发送时间:</b>&nbsp;2026年9月7日</div><div><b>收件人:</b>&nbsp;"Sam"</div></div><div>Old</div>`},
		{"Tutanota", `<br><br>-- <br>Sent with Tuta Mail<br><br>Sep 7, 2026, 08:30 by c@x.example:<br><blockquote class="tutanota_quote">Old</blockquote>`},
		{"Fastmail", `<div>On Mon, 7 Sep 2026, at 8:30 AM, C wrote:<br></div><blockquote type="cite" id="qt"><div>Old</div></blockquote>`},
		{"bare text", `<div>On Mon, 7 Sep 2026 8:30 am, C &lt;c@x.example&gt; wrote:</div><div>Old</div>`},
	} {
		if got := Extract(HTML, "<html><body>"+answer+c.tail+"</body></html>", Known{}).Body; got != "I want to be home at five." {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}
