package templates

import "whyloop/conversation"

// The languages besides English. How a rep is spoken to was chosen once: as colleagues
// speak to one another, and never as a form does.

var german = language{
	Code: "de", Name: "Deutsch", Address: "du", Quotes: [2]string{"„", "“"}, Spoken: true,
	Months:   [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	Weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	On:       [7]string{"am Sonntag", "am Montag", "am Dienstag", "am Mittwoch", "am Donnerstag", "am Freitag", "am Samstag"},
	Clock:    "15:04", Day: "{weekday}, {day}. {month}", OnDay: "am {weekday}, dem {day}. {month}", Date: "{day}. {month} {year}", Moment: "{on} um {clock} Uhr",
	Subjects: []string{"ich", "wir", "es", "er", "sie", "du", "man", "dass", "weil", "damit", "um", "so", "das", "nicht"},
	Bare:     []string{"warum", "wieso", "weshalb"},
	Numbers:  []string{"quote", "quoten", "prozent", "punktzahl", "ranking", "umsatz", "kennzahl", "kennzahlen", "leistung", "vorgabe"},
	Grade:    50,
	Words: map[conversation.Verb]string{conversation.VerbStop: "stopp", conversation.VerbSkip: "überspringen", conversation.VerbHelp: "hilfe",
		conversation.VerbPrivate: "privat", conversation.VerbShare: "teilen", conversation.VerbHold: "zurückhalten", conversation.VerbPath: "weg",
		conversation.VerbNewWhy: "neues warum", conversation.VerbWrong: "das stimmt nicht", conversation.VerbOn: "weiter", conversation.VerbAfresh: "neu",
		conversation.VerbForgetMe: "vergiss mich", conversation.VerbDelete: "löschen"},
}

var french = language{
	Code: "fr", Name: "Français", Address: "tu", Quotes: [2]string{"«\u00a0", "\u00a0»"}, Spoken: true, FirstDay: "1er",
	Months:   [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
	Weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	On:       [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	Clock:    "15\u00a0h\u00a004", Day: "{weekday} {day} {month}", OnDay: "le {weekday} {day} {month}", Date: "{day} {month} {year}", Moment: "{on} à {clock}",
	Subjects: []string{"je", "j’ai", "j’aimerais", "j’aurais", "on", "nous", "il", "elle", "ça", "c’est", "ce", "tu", "parce", "que", "pour", "ne", "pas"},
	Bare:     []string{"pourquoi"},
	Numbers:  []string{"quota", "quotas", "pourcentage", "pourcent", "score", "classement", "performance", "performances", "chiffre"},
	Grade:    44,
	Words: map[conversation.Verb]string{conversation.VerbSkip: "passer", conversation.VerbHelp: "aide", conversation.VerbPrivate: "privé",
		conversation.VerbShare: "partager", conversation.VerbHold: "retenir", conversation.VerbPath: "chemin", conversation.VerbNewWhy: "nouveau pourquoi",
		conversation.VerbWrong: "c’est faux", conversation.VerbStart: "reprendre", conversation.VerbOn: "continuer", conversation.VerbAfresh: "recommencer",
		conversation.VerbForgetMe: "oublie-moi", conversation.VerbDelete: "supprimer"},
}
