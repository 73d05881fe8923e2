package parser

import "time"

// returnDate finds the date of return in an automatic reply, zero where none is written.
func returnDate(m *Message) time.Time { return time.Time{} }
