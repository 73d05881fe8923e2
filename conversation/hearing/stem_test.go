package hearing

import "testing"

// TestStems holds words to meeting by their stem, or to staying apart.
func TestStems(t *testing.T) {
	l := &lexicon{}
	for _, tt := range []struct {
		lang language
		a, b string
		same bool
	}{
		{german, "Streit", "streiten", true}, {german, "Arbeit", "arbeiten", true}, {german, "Wald", "Walde", true}, {german, "Preis", "Preise", true},
		{german, "nicht", "nichts", false}, // "nicht mehr" is no "nichts mehr"
		{german, "Rest", "Reise", false}, {dutch, "fiets", "fietsen", true}, {french, "maison", "maisons", true}, {french, "commission", "commissions", true},
		{french, "travaillons", "travailler", true}, {spanish, "casa", "casar", true},
		{spanish, "caro", "coro", false}, {english, "stopping", "stops", true},
	} {
		if got := l.stem(tt.lang, tt.a) == l.stem(tt.lang, tt.b); got != tt.same {
			t.Errorf("%s, %s and %s: the same stem %v", tt.lang.code(), tt.a, tt.b, got)
		}
	}
}
