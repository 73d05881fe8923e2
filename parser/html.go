package parser

// htmlLines turns HTML into lines.
func htmlLines(body string) []line { return splitLines(body) }
