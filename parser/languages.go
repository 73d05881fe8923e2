package parser

import "slices"

// language is what one language adds to the reading of mail. All fields are lists separated by "|", in lower
// case. To teach a new one, add a row and a line to the tables of languages_test.go.
type language struct {
	code     string
	on       string // what an attribution may begin with: "on Mon, 3 May ..."
	wrote    string // the verb of an attribution
	before   string // articles and the like: what follows is a noun, not the name of a writer
	months   string // names and abbreviations, without the final full stop
	days     string // weekdays, likewise
	from     string // header labels that clients put above a quote
	sent     string
	to       string // To, Cc, Bcc
	subject  string // Subject, Reply-To and other labels
	original string // "original message", "forwarded message", "begin forwarded message"
	device   string // how the footers of telephones and mail programs begin
	closing  string // sign-offs that say nothing else
	signs    string // words behind the name that signs a letter
	greets   string // words that end a short sign-off: "with sunny greetings"
	thanks   string // sign-offs that do: they go only with a name below
	auto     string // how subjects of automatic replies begin
	until    string // words that stand before a return date
}

// languages are all rows. English months and verbs turn up in mail of every language.
var languages = slices.Concat(western, easternEurope, beyondEurope)
