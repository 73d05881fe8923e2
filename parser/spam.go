package parser

import "strings"

// verdicts are the fields in which servers and filters say what they think of a mail.
var verdicts = []string{
	"x-spam-flag", "x-spam", "x-spam-status", "x-antispam", "x-rspamd-action", "x-spamd-result", "x-spam-result", "x-spam-verdict", "x-barracuda-spam-flag", "x-dspam-result", "x-crm114-status", "x-bogosity", "x-vr-spamstate", "x-spamprobe", "x-klms-antispam-status",
	"x-mailru-spam", "x-ses-spam-verdict", "x-ses-virus-verdict", "x-virus-status", "x-amavis-alert", "x-spam-action", "x-gnd-status", "x-ovh-spam-reason", "x-spamexperts-class", "x-spam-class", "x-hmailserver-spam", "x-mailscanner-spamcheck", "x-proofpoint-spam-details", "x-forefront-antispam-report", "x-ms-exchange-organization-scl", "x-yandex-spam", "x-microsoft-antispam-mailbox-delivery",
}

// condemning are how verdicts begin that say "spam", in lower case.
var condemning = []string{"yes", "true", "spam", "fail", "infected", "reject", "add header", "rewrite subject", "default: true", "junk", "vr: spam"}

// spam reads the verdicts that servers write.
func spam(h header) bool {
	for _, n := range verdicts {
		for _, v := range h.all(n) {
			if condemns(n, lowerASCII(strings.TrimSpace(v))) {
				return true
			}
		}
	}
	subject := strings.ToLower(strings.TrimSpace(h.get("subject")))
	for _, mark := range []string{"***spam", "[spam]", "{spam", "*****spam", "[suspected spam]", "[junk]", "{virus"} {
		if strings.HasPrefix(subject, mark) {
			return true
		}
	}
	return false
}

// condemns reads one verdict in lower case.
func condemns(name, v string) bool {
	switch name {
	case "x-ms-exchange-organization-scl": // the spam confidence level, 5 and more
		return len(v) == 1 && v >= "5" && v <= "9"
	case "x-yandex-spam":
		return v == "4"
	case "x-forefront-antispam-report":
		return strings.Contains(v, "sfv:spm") || strings.Contains(v, "cat:hphish") || strings.Contains(v, "cat:hphsh") || strings.Contains(v, "cat:phsh") || strings.Contains(v, "cat:spm") || strings.Contains(v, "cat:hspm") || strings.Contains(v, "cat:malw")
	case "x-proofpoint-spam-details":
		return strings.HasPrefix(v, "rule=spam") || strings.Contains(v, " rule=spam")
	case "x-microsoft-antispam-mailbox-delivery":
		return strings.Contains(v, "dest:j") // delivered to the junk folder
	}
	for _, c := range condemning {
		if strings.HasPrefix(v, c) {
			return true
		}
	}
	return false
}
