package templates

import "whyloop/conversation"

// The languages besides English. How a rep is spoken to was chosen once: as colleagues
// speak to one another, and never as a form does.

var german = language{
	Code: "de", Name: "Deutsch", Address: "du", Quotes: [2]string{"„", "“"}, Spoken: true,
	Months:   [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
	Weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	On:       [7]string{"am Sonntag", "am Montag", "am Dienstag", "am Mittwoch", "am Donnerstag", "am Freitag", "am Samstag"},
	Clock:    "15:04", Day: "{weekday}, {day}.\u00a0{month}", OnDay: "am {weekday}, dem {day}.\u00a0{month}", Date: "{day}.\u00a0{month} {year}", Moment: "{on} um {clock} Uhr",
	Subjects: []string{"ich", "wir", "es", "er", "sie", "du", "man", "dass", "weil", "damit", "um", "so", "das", "nicht"},
	Bare:     []string{"warum", "wieso", "weshalb"},
	Numbers:  []string{"quote", "quoten", "prozent", "punktzahl", "ranking", "umsatz", "kennzahl", "kennzahlen", "leistung", "vorgabe"},
	Grade:    50,
	Words: map[conversation.Verb]string{conversation.VerbStop: "stopp", conversation.VerbSkip: "überspringen", conversation.VerbHelp: "hilfe",
		conversation.VerbPrivate: "privat", conversation.VerbShare: "teilen", conversation.VerbHold: "zurückhalten", conversation.VerbPath: "weg",
		conversation.VerbNewWhy: "neues warum", conversation.VerbWrong: "das stimmt nicht", conversation.VerbOn: "weitermachen", conversation.VerbAfresh: "neu",
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
		conversation.VerbWrong: "c’est faux", conversation.VerbStart: "reprendre", conversation.VerbOn: "continuer", conversation.VerbAfresh: "à zéro",
		conversation.VerbForgetMe: "oublie-moi", conversation.VerbDelete: "supprimer"},
}

var spanish = language{
	Code: "es", Name: "Español", Address: "tú", Quotes: [2]string{"«", "»"}, Spoken: true,
	Months:   [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	Weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	On:       [7]string{"el domingo", "el lunes", "el martes", "el miércoles", "el jueves", "el viernes", "el sábado"},
	Clock:    "15:04", Day: "{weekday} {day} de {month}", OnDay: "el {weekday} {day} de {month}", Date: "{day} de {month} de {year}", Moment: "{on} a las {clock}",
	Subjects: []string{"yo", "nosotros", "que", "porque", "para", "no", "sería", "podría", "quiero", "tendría", "me", "nos", "es", "así"},
	Bare:     []string{"por qué"},
	Numbers:  []string{"cuota", "cuotas", "porcentaje", "puntuación", "ranking", "rendimiento", "facturación"},
	Grade:    44,
	Words: map[conversation.Verb]string{conversation.VerbStop: "parar", conversation.VerbPause: "pausa", conversation.VerbSkip: "saltar",
		conversation.VerbHelp: "ayuda", conversation.VerbPrivate: "privado", conversation.VerbShare: "compartir", conversation.VerbHold: "no enviar",
		conversation.VerbPath: "camino", conversation.VerbNewWhy: "nuevo porqué", conversation.VerbWrong: "eso no es", conversation.VerbStart: "reanudar",
		conversation.VerbOn: "seguir", conversation.VerbAfresh: "desde cero", conversation.VerbForgetMe: "olvídame", conversation.VerbDelete: "borrar",
		conversation.VerbExport: "exportar"},
}

var dutch = language{
	Code: "nl", Name: "Nederlands", Address: "je", Quotes: [2]string{"“", "”"}, Spoken: true,
	Months:   [12]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	Weekdays: [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	On:       [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
	Clock:    "15.04", Day: "{weekday} {day} {month}", OnDay: "{weekday} {day} {month}", Date: "{day} {month} {year}", Moment: "{on} om {clock} uur",
	Subjects: []string{"ik", "we", "wij", "het", "hij", "zij", "ze", "je", "dat", "omdat", "zodat", "om", "niet", "dan"},
	Bare:     []string{"waarom"},
	Numbers:  []string{"quota", "quotum", "procent", "percentage", "score", "ranglijst", "omzet", "prestatie", "prestaties"},
	Grade:    42,
	Words: map[conversation.Verb]string{conversation.VerbPause: "pauze", conversation.VerbSkip: "overslaan", conversation.VerbHelp: "help",
		conversation.VerbPrivate: "privé", conversation.VerbShare: "delen", conversation.VerbHold: "vasthouden", conversation.VerbPath: "pad",
		conversation.VerbNewWhy: "nieuw doel", conversation.VerbWrong: "dat klopt niet", conversation.VerbOn: "verder", conversation.VerbAfresh: "opnieuw",
		conversation.VerbForgetMe: "vergeet mij", conversation.VerbDelete: "wissen", conversation.VerbExport: "exporteren"},
}

// portuguese is Brazil's, where você is what colleagues say.
var portuguese = language{
	Code: "pt", Name: "Português", Address: "você", Quotes: [2]string{"“", "”"}, Spoken: true, FirstDay: "1º",
	Months:   [12]string{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},
	Weekdays: [7]string{"domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado"},
	On:       [7]string{"no domingo", "na segunda-feira", "na terça-feira", "na quarta-feira", "na quinta-feira", "na sexta-feira", "no sábado"},
	Clock:    "15:04", Day: "{weekday}, {day} de {month}", OnDay: "{on}, {day} de {month}", Date: "{day} de {month} de {year}", Moment: "{on}, às {clock}",
	Subjects: []string{"eu", "nós", "a", "que", "porque", "para", "não", "seria", "poderia", "quero", "teria", "me", "é", "assim"},
	Bare:     []string{"por quê", "por que"},
	Numbers:  []string{"cota", "cotas", "porcentagem", "pontuação", "ranking", "desempenho", "faturamento"},
	Grade:    44,
	Words: map[conversation.Verb]string{conversation.VerbStop: "parar", conversation.VerbPause: "pausa", conversation.VerbSkip: "pular",
		conversation.VerbHelp: "ajuda", conversation.VerbPrivate: "privado", conversation.VerbShare: "compartilhar", conversation.VerbHold: "segurar",
		conversation.VerbPath: "caminho", conversation.VerbNewWhy: "novo porquê", conversation.VerbWrong: "está errado", conversation.VerbStart: "retomar",
		conversation.VerbOn: "continuar", conversation.VerbAfresh: "do zero", conversation.VerbForgetMe: "me esqueça", conversation.VerbDelete: "apagar",
		conversation.VerbExport: "exportar"},
}
