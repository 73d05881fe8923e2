package templates

import (
	"strings"

	"whyloop/conversation"
)

// files is what a letter carries: EXPORT's page to read and the same for a program.
func (b *book) files(p conversation.Prompt) ([]conversation.File, error) {
	if p.Say == nil || p.Say.Held == nil {
		return nil, nil
	}
	data, err := p.Say.Held.JSON()
	if err != nil {
		return nil, err
	}
	var page strings.Builder
	if err := b.texts[p.Kind].ExecuteTemplate(&page, "page", newValues(b, p)); err != nil {
		return nil, err
	}
	return []conversation.File{
		{Name: "whyloop.txt", Type: "text/plain", Data: []byte(clean(page.String()))},
		{Name: "whyloop.json", Type: "application/json", Data: data},
	}, nil
}

// Held is everything held about the rep.
func (v *values) Held() (*heldValues, error) {
	if v.say.Held == nil {
		return nil, missing("Held")
	}
	return &heldValues{v.say.Held}, nil
}

// heldValues is an export as its page shows it.
type heldValues struct{ *conversation.Export }

// Ladders is all ladders, the present one last.
func (h *heldValues) Ladders() []conversation.Ladder {
	ladders := append([]conversation.Ladder(nil), h.Past...)
	if h.Ladder.Goal != "" {
		ladders = append(ladders, h.Ladder)
	}
	return ladders
}
