package mailer

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// ErrAddress is an address that does not go onto a wire or into a header.
var ErrAddress = errors.New("not an address that can be mailed")

// CheckAddress accepts an ASCII addr-spec in dot-atom form (RFC 5322 §3.4.1) within the limits
// of RFC 5321 §4.5.3.1, and nothing else: no quoted local part, no address literal, no
// space, control or angle bracket, so that it cannot carry an SMTP parameter along.
func CheckAddress(addr string) error {
	local, domain, ok := strings.Cut(addr, "@")
	switch {
	case !ok || len(addr) > 254 || len(local) > maxLocal || len(domain) > 253:
		return ErrAddress
	case !dotted(local, isAtext) || !dotted(domain, isLabelChar):
		return ErrAddress
	}
	for label := range strings.SplitSeq(domain, ".") {
		if len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return ErrAddress
		}
	}
	return nil
}

// maxLocal is the most octets of a local part (RFC 5321 §4.5.3.1.1).
const maxLocal = 64

// dotted tells whether s is made of non-empty runs of such characters, joined by dots.
func dotted(s string, is func(byte) bool) bool {
	for run := range strings.SplitSeq(s, ".") {
		if run == "" {
			return false
		}
		for i := range len(run) {
			if !is(run[i]) {
				return false
			}
		}
	}
	return true
}

// isAtext is RFC 5322 §3.2.3.
func isAtext(c byte) bool {
	return isAlnum(c) || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

func isLabelChar(c byte) bool { return isAlnum(c) || c == '-' }

func isAlnum(c byte) bool { return isLowerAlnum(c) || c >= 'A' && c <= 'Z' }

// checkLine refuses what would begin a new header line, end a string early, or move a terminal's
// cursor or the direction of what is read, once it is decoded.
func checkLine(what, s string) error {
	if strings.ContainsAny(s, "\r\n\x00") {
		return fmt.Errorf("%s has a line break or a NUL", what)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control) }) {
		return fmt.Errorf("%s has a control character", what)
	}
	return nil
}

// checkID accepts a Message-ID without its brackets: visible ASCII with one "@", no space, bracket or quote.
func checkID(id string) error {
	left, right, ok := strings.Cut(id, "@")
	if !ok || left == "" || right == "" || len(id) > 255 {
		return errors.New("not a Message-ID")
	}
	for i := range len(id) {
		if c := id[i]; c <= ' ' || c > '~' || strings.IndexByte(`<>"(),;:\`, c) >= 0 {
			return errors.New("not a Message-ID")
		}
	}
	return nil
}
