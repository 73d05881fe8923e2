package parser

import (
	"strconv"
	"strings"
)

// quoteMarks are parts of class names and ids that mail clients give the quoted mail. Outlook prefixes foreign ones with "x_".
var quoteMarks = []string{
	"gmail_quote", "gmail_attr", // Gmail
	"yahoo_quoted",                        // Yahoo
	"moz-cite-prefix", "moz-forward-cont", // Thunderbird
	"moz-email-headers-table",
	"protonmail_quote", "tutanota_quote", // Proton, Tuta
	"olk_src_body_section", "mail-editor-reference-message-container", // Outlook for Mac, mobile and new
	"zmail_extra", "reply-intro", // Zoho, Roundcube
	"isforwardcontent", "email_quote", "quoted-text", "mail_quote", "replyquote", "bloop_original_html", "front-blockquote", "hs_reply", "wisestamp_quote", "history_container",
	"mailquote", "quotedmail", "original_message", "originalmessage", "gmail_extra_quote", "elided-text", "hey-quote", "fastmail-quote", "qt-quote",
}

// afterMarks are ids and classes from which on all is the quote.
var afterMarks = []string{"divrplyfwdmsg", "appendonsend", "stopspelling", "replysplit", "_messageseparator", "outlookmessageheader"}

// sigMarks are ids and classes of signatures.
var sigMarks = []string{"gmail_signature", "moz-signature", "applemailsignature", "ms-outlook-mobile-signature", "protonmail_signature", "_rc_sig", "zmail_signature", "bloop_sign", "mobilesignature", "yahoo_signature", "tutanota_signature", "divsignature", "x_signature", "email-signature", "mailsignature", "ios-signature", "fastmail-signature", "wisestamp"}

// attrs are the attributes that matter.
type attrs struct {
	id, alt                string
	first                  int // the number of the first item
	hidden, quote, after   bool
	sig, cite, indent, pre bool
	line                   bool // the line that Outlook draws above a quote
	mso                    bool // a paragraph without space around it
}

// set reads one attribute.
func (a *attrs) set(key string, value []byte) {
	if len(value) > 4096 {
		value = value[:4096]
	}
	switch key {
	case "class", "id", "name":
		v := strings.ToLower(string(value))
		if key == "id" {
			a.id = v
		}
		a.named(v, key)
	case "style":
		a.style(compact(strings.ToLower(string(value))))
	case "type":
		a.cite = a.cite || strings.EqualFold(string(value), "cite")
	case "cite":
		a.cite = true
	case "alt":
		a.alt = string(value)
	case "start":
		a.first, _ = strconv.Atoi(strings.TrimSpace(string(value)))
	case "hidden":
		a.hidden = true
	}
}

// named reads a class, id or name.
func (a *attrs) named(v, key string) {
	a.mso = a.mso || strings.HasPrefix(v, "mso") || strings.HasPrefix(v, "x_mso")
	if key == "name" {
		a.quote = a.quote || v == "quote" || v == "messagereplysection" // GMX, web.de; Spark
		a.sig = a.sig || v == "messagesignaturesection"
		return
	}
	a.cite = a.cite || strings.Contains(v, "quote") || strings.Contains(v, "cite")
	a.quote = a.quote || contains(v, quoteMarks)
	a.after = a.after || contains(v, afterMarks)
	a.sig = a.sig || contains(v, sigMarks) || endsAsSignature(v)
}

// endsAsSignature says whether one of some class names ends with the word: "front-signature", "io-ox-signature", "Signature".
func endsAsSignature(v string) bool {
	if !strings.Contains(v, "signature") {
		return false
	}
	for _, name := range strings.Fields(v) {
		if strings.HasSuffix(name, "signature") {
			return true
		}
	}
	return false
}

// style reads a style attribute without blanks.
func (a *attrs) style(v string) {
	a.hidden = a.hidden || strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden") || strings.Contains(v, "mso-hide:all") ||
		strings.Contains(v, "max-height:0") && !strings.Contains(v, "max-height:0.") || zeroSize(v) || strings.Contains(v, "opacity:0;")
	a.cite = a.cite || strings.Contains(v, "border-left") && !strings.Contains(v, "border-left:none")
	a.indent = a.indent || strings.Contains(v, "margin:00040px") && strings.Contains(v, "border:none")
	a.pre = a.pre || strings.Contains(v, "white-space:pre")
	a.mso = a.mso || strings.Contains(v, "margin:0") && !strings.Contains(v, "margin:0.") || strings.Contains(v, "margin-bottom:0") || strings.Contains(v, "margin-bottom:.0")
	// Outlook for Windows draws a line above the header of the quoted mail.
	a.line = a.line || strings.Contains(v, "border-top:solid#b5c4df1.0pt") || strings.Contains(v, "border-top:solid#e1e1e11.0pt") ||
		strings.Contains(v, "border:none;border-top:solid") && strings.Contains(v, "padding:3.0pt")
	a.line = a.line || strings.Contains(v, "border-top:#b5c4df1ptsolid") || strings.Contains(v, "border-top-color:rgb(181,196,223)") || strings.Contains(v, "border-top:1ptsolidrgb(181,196,223)") || strings.Contains(v, "border-top-color:rgb(229,229,229);border-top-width:1px;border-top-style:solid")
}

// zeroSize says whether text is shown at no size.
func zeroSize(v string) bool {
	_, after, ok := strings.Cut(v, "font-size:0")
	return ok && (after == "" || after[0] == ';' || strings.HasPrefix(after, "px") || strings.HasPrefix(after, "pt") || after[0] == '!')
}

// compact removes all blanks.
func compact(s string) string {
	return strings.NewReplacer(" ", "", "\t", "", "\n", "", "\r", "").Replace(s)
}

func contains(s string, list []string) bool {
	for _, m := range list {
		if strings.Contains(s, m) {
			return true
		}
	}
	return false
}
