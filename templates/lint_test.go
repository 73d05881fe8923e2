package templates

import (
	"testing"
)

func TestEmbeddedLettersAreClean(t *testing.T) {
	for _, p := range Lint(Letters()) {
		t.Error(p)
	}
}
