package hearing

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Two reasons in one answer are heard only where the writer sets them side by side themselves:
// numbered, as "both ... and ...", as "partly ..., partly ...", or with an "and also" between
// them. A mere "and" joins too much that is one ("peace and quiet").
var forks = []*regexp.Regexp{
	regexp.MustCompile(`(?is)^[^\n]{0,40}?(?:1|a)\s?[.):]\s+(.+?)[\s,;]+(?:and\s+)?(?:2|b)\s?[.):]\s+(.+)$`),
	regexp.MustCompile(`(?is)^\s*[-*•]\s+([^\n]+)\n+\s*[-*•]\s+([^\n]+)$`),
	regexp.MustCompile(`(?is)^(?:\S+\s+){0,3}?(?:two (?:things|reasons)|zwei (?:dinge|gründe)|deux (?:choses|raisons)|dos (?:cosas|razones)|twee (?:dingen|redenen)|duas (?:coisas|razões))\b[^:–—-]{0,20}[:–—-]\s*(.+?)(?:,? (?:and|und|et|y|en|e) |; )(.+)$`),
	regexp.MustCompile(`(?is)^(?:(?:it's|its|it is|well|i guess)\s+){0,2}(?:partly|partially|half|teils|en partie|en parte|deels|em parte)\s+(.+?)[,;]? (?:and |but |und |et |y |en |e )?(?:partly|partially|half|teils|en partie|en parte|deels|em parte)\s+(.+)$`),
	regexp.MustCompile(`(?is)^(.+?)[,;.]?\s+(?:and also|but also|and secondly|as well as|und außerdem|und auch|et aussi|et puis aussi|y también|y además|en ook|e também)[,:]?\s+(.+)$`),
}

// forkMost is how long a reason may be, in characters, and forkEven how many times longer than the
// other: a long story with an afterthought is one reason.
const forkMost, forkEven = 160, 4

// fork returns the two reasons of an answer, each in its own words, or nil.
func fork(text string) []string {
	if len(text) > 4*forkMost {
		return nil
	}
	for _, re := range forks {
		m := re.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		a, b := trimReason(m[1]), trimReason(m[2])
		na, nb := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
		if na == 0 || nb == 0 || max(na, nb) > forkMost || max(na, nb) > forkEven*min(na, nb)+12 {
			return nil
		}
		return []string{a, b}
	}
	return nil
}

func trimReason(s string) string {
	return strings.TrimSpace(strings.Trim(strings.TrimSpace(s), ".,;:-–—"))
}
