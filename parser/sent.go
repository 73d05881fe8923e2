package parser

// own marks quotes of letters we sent.
func (r *reading) own(sent []string) bool { return false }
