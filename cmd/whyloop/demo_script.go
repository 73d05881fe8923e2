package main

import (
	"regexp"
	"time"
)

// line is one thing Sam does in the demo: when a letter asks this, he answers that, after a
// while, from one of his mail programs.
type line struct {
	asked  *regexp.Regexp // matched against the letter's text
	after  time.Duration
	client string
	says   string // "": never answered, on purpose
}

func when(asked string, after time.Duration, client, says string) line {
	return line{asked: regexp.MustCompile(`(?is)` + asked), after: after, client: client, says: says}
}

// cast is who plays in the demo.
type cast struct {
	coach                 string // address of the coaching mailbox
	rep, manager, contact person
	zone                  string
}

type person struct{ name, mail string }

func (p person) String() string { return p.name + " <" + p.mail + ">" }

func demoCast() cast {
	return cast{
		coach:   "coach@example.com",
		rep:     person{"Sam", "sam@example.com"},
		manager: person{"Dana", "dana@example.com"},
		contact: person{"Ines", "ines@example.com"},
		zone:    "Europe/London",
	}
}

// demoStart is a Monday morning in Sam's zone.
func demoStart(loc *time.Location) time.Time { return time.Date(2026, 11, 23, 8, 55, 0, 0, loc) }

// demoEnd is the evening of the third Friday after the first.
func demoEnd(loc *time.Location) time.Time { return time.Date(2026, 12, 18, 18, 0, 0, 0, loc) }

// demoScript is how Sam answers, in order: each line waits for the letter it answers. He is
// no model pupil: he makes typos, is stuck once, replies at night, and answers from
// whatever is at hand.
func demoScript() []line {
	const minute, hour = time.Minute, time.Hour
	return []line{
		when(`would you like to try`, 7*minute, "Gmail", "yes, why not"),
		when(`one goal`, 12*minute, "iPhone", "Close 20 deals this quarter"),
		when(`what will that get you`, 25*minute, "Outlook", "A bigger comission, honestly"),
		when(`what will that get you`, 31*minute, "Gmail", "I could finally pay off the car loan"),
		when(`pay off the car loan`, 4*minute, "iPhone", "no idea tbh"),
		when(`another way`, 9*hour, "iPhone", "My evenings. I wouldn't sit there doing sums, I'd actually be there for my kids"),
		when(`what `, 50*minute, "Thunderbird", "More patience at home. I'd be the dad I want to be"),
		when(`dad I want to be`, 3*hour, "Gmail", "Like I said, being there for my kids"),
		when(`is this your why`, 15*minute, "Outlook", "yes, that's it"),
		when(`like Dana to see it`, 40*minute, "iPhone", "private"),
		when(`tiny step forward`, 20*minute, "Gmail", "Call Priya at Acme and ask what she needs to decide"),
		when(`when will you do it`, 5*minute, "iPhone", "After my first coffee tomorrow, I will call her"),
		when(`shall I send it`, 22*minute, "iPhone", "ok"),
		when(`Call Priya.*what happened`, 35*minute, "Gmail", "done - she wants a demo! Next I'll send her two dates for it"),
		when(`two dates.*when will you do it`, 6*minute, "iPhone", "After the team meeting I will"),
		when(`anything to change`, 0, "", ""),
		when(`two dates.*what happened`, 2*hour, "Outlook", "half, I wrote the mail and did not send it"),
		when(`tiny step (fits|would fit)`, 6*minute, "iPhone", "Press send on that mail"),
		when(`when will you do it`, 3*minute, "iPhone", "After lunch today, I will"),
		when(`anything to change`, 90*minute, "Gmail", "hold"),
		when(`what happened`, hour, "Thunderbird", "not yet"),
		when(`smaller step`, 11*minute, "Gmail", "Open the draft, read it once"),
		when(`when will you do it`, 4*minute, "iPhone", "After this coffee"),
		when(`anything to change`, 0, "", ""),
	}
}

// demoPrivate are words of Sam's that nobody but him may ever read.
func demoPrivate() []string {
	return []string{"20 deals", "comission", "car loan", "sums", "my kids", "patience at home", "the dad I want to be", "wants a demo", "did not send it"}
}
