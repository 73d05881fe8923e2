package parser

import (
	"slices"
	"strconv"
	"strings"
)

// maxARC is the most sets a chain may have (RFC 8617 §4.2.1).
const maxARC = 50

// forwarded judges a mail that came by a forwarder, whose change to it may have broken the author's own signature:
// where our server says that the ARC chain is whole (RFC 8617 §5.2) and each who sealed it is one we were told to
// believe, the first of them says how the author was proven. Whether the chain is whole is not looked at here.
func (p *Parser) forwarded(h header, dom string) bool {
	seals, first := chain(h.all("arc-seal")), chain(h.all("arc-authentication-results"))
	if len(seals) == 0 || len(first) != len(seals) || len(chain(h.all("arc-message-signature"))) != len(seals) {
		return false
	}
	for i, seal := range seals {
		tags := sealTags(seal)
		whole := map[bool]string{true: "none", false: "pass"}[i == 0] // §5.1.1: the first has nothing before it
		if tags["cv"] != whole || !slices.ContainsFunc(p.ARCSealers, func(d string) bool { return d != "" && strings.EqualFold(d, tags["d"]) }) {
			return false
		}
	}
	var v verdict
	v.add(sealedResults(first[0]), dom)
	auth, _ := v.auth()
	return auth == AuthPass
}

// chain orders the fields of a kind by their instance, from 1 without a gap; nil where any is missing, twice there or unreadable.
func chain(fields []string) []string {
	if len(fields) > maxARC {
		return nil
	}
	all := make([]string, len(fields))
	for _, f := range fields {
		tag, rest, _ := strings.Cut(stripComments(f), ";")
		name, value, _ := strings.Cut(strings.TrimSpace(tag), "=")
		n, _ := strconv.Atoi(strings.TrimSpace(value)) // 0 is none's
		if strings.TrimSpace(name) != "i" || n < 1 || n > len(fields) || all[n-1] != "" {
			return nil
		}
		all[n-1] = rest
	}
	return all
}

// sealTags reads a tag list (RFC 6376 §3.2). A tag that stands twice is nobody's.
func sealTags(s string) map[string]string {
	tags := map[string]string{}
	for _, one := range strings.Split(s, ";") {
		name, value, _ := strings.Cut(one, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		value = strings.ToLower(strings.TrimSpace(value))
		if _, twice := tags[name]; twice {
			value = ""
		}
		tags[name] = value
	}
	return tags
}

// sealedResults reads what stands in an ARC-Authentication-Results after its instance: an authserv-id, which is the
// sealer's own affair, and results.
func sealedResults(s string) []result {
	_, rest, _ := cutQuoted(s, ';')
	return readResults(rest)
}
