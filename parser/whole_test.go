package parser

import (
	"strings"
	"testing"
)

// TestWholeMails are mails as programs put them together: nested, mislabelled, flowed, broken.
func TestWholeMails(t *testing.T) {
	const quote = "\n\nOn Tue, 3 Mar 2020 at 09:01, Jane <jane@example.com> wrote:\n\n> Nine?\n"
	html := `<div dir="ltr">Yes, at nine.</div><br><div class="gmail_quote"><div class="gmail_attr">On Tue, Jane wrote:</div><blockquote class="gmail_quote">Nine?</blockquote></div>`
	for _, c := range []struct{ name, head, body, want string }{
		{"alternative", "Content-Type: multipart/alternative; boundary=b", "--b\nContent-Type: text/plain\n\nYes, at nine." + quote + "--b\nContent-Type: text/html\n\n" + html + "\n--b--\n", "Yes, at nine."},
		{"HTML alone", "Content-Type: text/html; charset=utf-8", html, "Yes, at nine."},
		{"an empty plain part", "Content-Type: multipart/alternative; boundary=b", "--b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/html\n\n" + html + "\n--b--\n", "Yes, at nine."},
		{"mixed around related around alternative", "Content-Type: multipart/mixed; boundary=m", "--m\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nYes, at nine.\n--b\nContent-Type: text/html\n\n" + html + "\n--b--\n--r\nContent-Type: image/png\nContent-ID: <logo>\n\nx\n--r--\n--m\nContent-Type: text/plain; name=notes.txt\nContent-Disposition: attachment\n\nnot these\n--m--\n", "Yes, at nine."},
		{"a disclaimer part below", "Content-Type: multipart/mixed; boundary=m", "--m\nContent-Type: text/plain\n\nYes, at nine.\n--m\nContent-Type: text/plain\n\nThis message is confidential and intended only for the addressee. If you received it in error, please delete it and notify the sender.\n--m--\n", "Yes, at nine."},
		{"Apple's picture between", "Content-Type: multipart/mixed; boundary=m", "--m\nContent-Type: text/plain\n\nYes, at nine.\n--m\nContent-Type: image/jpeg; name=a.jpg\nContent-Disposition: inline\n\nx\n--m\nContent-Type: text/plain\n\n\nSent from my iPhone\n--m--\n", "Yes, at nine."},
		{"a forwarded mail attached", "Content-Type: multipart/mixed; boundary=m", "--m\nContent-Type: text/plain\n\nYes, at nine.\n--m\nContent-Type: message/rfc822\n\nFrom: jane@example.com\nSubject: Nine\n\nNine?\n--m--\n", "Yes, at nine."},
		{"signed", "Content-Type: multipart/signed; boundary=s; micalg=pgp-sha256; protocol=\"application/pgp-signature\"", "--s\nContent-Type: text/plain\n\nYes, at nine.\n--s\nContent-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----\n--s--\n", "Yes, at nine."},
		{"clear-signed", "Content-Type: text/plain", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nYes, at nine.\n-----BEGIN PGP SIGNATURE-----\nVersion: 1\n\niQEzBAEBCAAdFiEE\n=abcd\n-----END PGP SIGNATURE-----\n", "Yes, at nine."},
		{"no final boundary", "Content-Type: multipart/alternative; boundary=b", "--b\nContent-Type: text/plain\n\nYes, at nine.\n", "Yes, at nine."},
		{"a preamble", "Content-Type: multipart/alternative; boundary=\"=_b\"", "This is a multi-part message in MIME format.\n--=_b\nContent-Type: text/plain\n\nYes, at nine.\n--=_b--\nepilogue\n", "Yes, at nine."},
		{"quoted-printable", "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable", "Ja, um neun, sp=E4testens=2E =\nWirklich.\n", "Ja, um neun, spätestens. Wirklich."},
		{"quoted-printable, a wrapped attribution", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", "Oui=2C =C3=A0 neuf.\n\nLe=C2=A0mar. 3 mars 2020 =C3=A0=C2=A009:01, Jane <jane@example.com> a =C3=A9cr=\nit=C2=A0:\n\n> Neuf=C2=A0?\n", "Oui, à neuf."},
		{"quoted-printable with bad escapes", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", "50=% of 3=x=3D yes=\n", "50=% of 3=x= yes"},
		{"base64 in lines of odd length", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", "WWVzLCBhd\nCBuaW5lLg\n==\n", "Yes, at nine."},
		{"windows-1252 under the name of iso-8859-1", "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit", "I\x92d say \x93nine\x94.\n", "I’d say “nine”."},
		{"utf-8 without a name", "Content-Type: text/plain\nContent-Transfer-Encoding: 8bit", "Später.\n", "Später."},
		{"utf-8 under the name of us-ascii", "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 8bit", "Später.\n", "Später."},
		{"an unknown charset", "Content-Type: text/plain; charset=x-none\nContent-Transfer-Encoding: 8bit", "Sp\xe4ter.\n", "Später."},
		{"koi8-r", "Content-Type: text/plain; charset=KOI8-R\nContent-Transfer-Encoding: 8bit", "\xe4\xc1.\n", "Да."},
		{"iso-2022-jp", "Content-Type: text/plain; charset=ISO-2022-JP", "\x1b$B$O$$\x1b(B\n", "はい"},
		{"gb2312", "Content-Type: text/plain; charset=gb2312\nContent-Transfer-Encoding: 8bit", "\xbf\xc9\xd2\xd4\n", "可以"},
		{"utf-16 with a mark", "Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64", "/v8AWQBlAHM=\n", "Yes"},
		{"a byte order mark", "Content-Type: text/plain; charset=utf-8", "\ufeffYes, at nine.\n", "Yes, at nine."},
		{"flowed", "Content-Type: text/plain; charset=utf-8; format=flowed", "I would rather come at ten, since \nthe train is late.\n\n> Nine?\n", "I would rather come at ten, since the train is late."},
		{"flowed and stuffed", "Content-Type: text/plain; charset=utf-8; format=flowed", "Yes.\n >From here on I come at ten.\n", "Yes. >From here on I come at ten."},
		{"flowed signature", "Content-Type: text/plain; charset=utf-8; format=flowed", "Yes, at nine.\n\n-- \nSam Field\nAcme\n", "Yes, at nine."},
		{"a space as line end", "Content-Type: text/plain", "Yes, at nine. \n \n \nSent from my iPhone \n \n", "Yes, at nine."},
		{"winmail.dat", "Content-Type: multipart/mixed; boundary=m", "--m\nContent-Type: text/plain\n\nYes, at nine.\n--m\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx\n--m--\n", "Yes, at nine."},
		{"type without a subtype", "Content-Type: text", "Yes, at nine.\n", "Yes, at nine."},
		{"no header for the body", "X-Y: z", "Yes, at nine.\n", "Yes, at nine."},
		{"enriched", "Content-Type: multipart/alternative; boundary=b", "--b\nContent-Type: text/enriched\n\n<bold>Yes</bold>\n--b\nContent-Type: text/plain\n\nYes, at nine.\n--b--\n", "Yes, at nine."},
		{"AMP", "Content-Type: multipart/alternative; boundary=b", "--b\nContent-Type: text/plain\n\nYes, at nine.\n--b\nContent-Type: text/x-amp-html\n\n<html amp4email><body>no</body></html>\n--b\nContent-Type: text/html\n\n" + html + "\n--b--\n", "Yes, at nine."},
		{"watch", "Content-Type: multipart/alternative; boundary=b", "--b\nContent-Type: text/plain\n\nYes, at nine.\n--b\nContent-Type: text/watch-html\n\n<b>no</b>\n--b--\n", "Yes, at nine."},
		{"boundary in single words", "Content-Type: multipart/alternative; boundary=b b", "--b b\nContent-Type: text/plain\n\nYes, at nine.\n--b b--\n", "Yes, at nine."},
		{"parameters after a stray semicolon", "Content-Type: text/plain; ; charset=utf-8;", "Yes, at nine.\n", "Yes, at nine."},
		{"uuencoded attachment below", "Content-Type: text/plain", "Yes, at nine.\n\nbegin 644 a.txt\n#0V%T\n`\nend\n", "Yes, at nine."},
	} {
		for _, eol := range []string{"\n", "\r\n"} {
			raw := mailOf("MIME-Version: 1.0\n"+c.head+"\n", c.body)
			m, err := Parse(strings.NewReader(strings.ReplaceAll(raw, "\n", eol)))
			if err != nil {
				t.Fatal(err)
			}
			x, err := m.Visible(Known{})
			if err != nil || squeeze(x.Body) != c.want {
				t.Errorf("%s (%q): %q, want %q (%s %s, %v)", c.name, eol, x.Body, c.want, m.Class, m.Reason, err)
			}
		}
	}
}
