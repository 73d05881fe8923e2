package parser

import "strings"

// findStatus finds an enhanced status code (RFC 3463 §2) in a text.
func findStatus(s string) string {
	for i := 0; i+4 < len(s); i++ {
		if (s[i] != '2' && s[i] != '4' && s[i] != '5') || s[i+1] != '.' || i > 0 && (digit(s[i-1]) || s[i-1] == '.') {
			continue
		}
		j := i + 2
		for j < i+5 && digit(s[j]) { // there are so many
			j++
		}
		if j == i+2 || j >= len(s) || s[j] != '.' {
			continue
		}
		k := j + 1
		for k < len(s) && k < j+4 && digit(s[k]) {
			k++
		}
		if k > j+1 && (k == len(s) || !digit(s[k]) && (s[k] != '.' || k+1 == len(s) || !digit(s[k+1]))) {
			return s[i:k]
		}
	}
	return ""
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// better prefers the code that says more: x.0.0 says nothing.
func better(a, b string) string {
	if a == "" || (strings.HasSuffix(a, ".0.0") || a == "5.1.0") && b != "" {
		return b
	}
	return a
}

// hardCodes are the enhanced codes of addresses that will never work (RFC 3463 §3.2, RFC 7505).
var hardCodes = map[string]bool{"5.1.0": true, "5.1.1": true, "5.1.2": true, "5.1.3": true, "5.1.6": true, "5.1.10": true, "5.2.1": true, "5.4.4": true}

// hard judges a failure by its words first, for servers put any code on any failure, and then by its code.
func hard(status, text string) bool {
	v, rests := wordsVerdict(text), contains(strings.ToLower(prefix(text, 20000)), restPhrases)
	switch {
	case strings.HasPrefix(status, "4.") || status == "" && replyCode(text) == '4':
		return false // whatever the words: the server means to try again
	case status == "5.1.7" || status == "5.1.8":
		return false // about the sender's address (RFC 3463 §3.2)
	case status == "5.2.1" && rests:
		return false
	case v != unclear:
		return v == hardWords
	case !strings.HasPrefix(status, "5.1.") && rests:
		return false
	}
	return hardCodes[status]
}

// replyCode returns the first digit of the first SMTP reply code (RFC 5321 §4.2) in a text, 0 for none: three digits that open a line or stand
// behind a colon, with a blank or a dash behind them.
func replyCode(s string) byte {
	for i := 0; i+3 < len(s); i++ {
		if (s[i] == '4' || s[i] == '5') && s[i+1] <= '5' && digit(s[i+1]) && digit(s[i+2]) && (s[i+3] == ' ' || s[i+3] == '-') {
			if before := strings.TrimRight(s[:i], " \t"); before == "" || strings.ContainsAny(before[len(before)-1:], ":;\n") {
				return s[i]
			}
		}
	}
	return 0
}

// The answers of wordsVerdict.
const (
	unclear = iota
	softWords
	hardWords
)

// wordsVerdict looks for phrases that say why a delivery failed.
func wordsVerdict(text string) int {
	low := strings.ToLower(strings.Join(strings.Fields(prefix(text, 20000)), " "))
	switch {
	case contains(low, hardFirst):
		return hardWords
	case softNeedles.count(low, 1) > 0:
		return softWords
	case hardNeedles.count(low, 1) > 0:
		return hardWords
	}
	return unclear
}

// firstVerdict is wordsVerdict for the transcript of a session, where the first refusal is the reason and later lines
// may tell of other hosts.
func firstVerdict(text string) int {
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "55") {
			if v := wordsVerdict(line); v != unclear {
				return v
			}
		}
	}
	return wordsVerdict(text)
}
