package parser

import "strings"

// Visible returns what the person newly wrote. It never fails today; the error is
// there for what a body may yet hold that cannot be read.
func (m Message) Visible(k Known) (Text, error) {
	if strings.TrimSpace(m.plain) == "" && m.html != "" {
		return Extract(HTML, m.html, k), nil
	}
	return Extract(Plain, m.plain, k), nil
}

// Extract returns what a person newly wrote in a body.
func Extract(kind Kind, body string, k Known) Text {
	var keep []string
	for _, l := range strings.Split(strings.ReplaceAll(body, "\r\n", "\n"), "\n") {
		if !strings.HasPrefix(l, ">") {
			keep = append(keep, l)
		}
	}
	s := strings.TrimSpace(strings.Join(keep, "\n"))
	return Text{Body: s, Empty: s == ""}
}
