package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// exportCopied is the variant of EXPORT that tells a rep who else has it.
const exportCopied = 1

// Export is everything held about a rep, in the form they get it: the law's "commonly used and
// machine-readable format" (GDPR Art. 20), and the source of the readable page beside it.
type Export struct {
	Made     time.Time `json:"made"`
	Rep      Rep       `json:"rep"`
	Stage    Stage     `json:"stage"`
	Why      string    `json:"why,omitempty"`
	Shared   Sharing   `json:"shared"`
	Ladder   Ladder    `json:"ladder"`
	Past     []Ladder  `json:"past_ladders,omitempty"`
	Steps    []Step    `json:"steps,omitempty"`
	Late     []Late    `json:"answers_not_used,omitempty"` // to questions that were closed; Coach fills them in
	Last     string    `json:"last_reply,omitempty"`       // the last reply as it was read
	Footers  []string  `json:"mail_footers,omitempty"`
	Seconds  []Second  `json:"addresses_asked_about,omitempty"`
	EraseAt  time.Time `json:"deleted_on,omitzero"`
	Paused   bool      `json:"paused,omitempty"`
	Until    time.Time `json:"paused_until,omitzero"`
	Awaiting Summary   `json:"summary_waiting,omitzero"`
}

// export gathers what is held.
func (c Conversation) export(now time.Time) *Export {
	e := &Export{
		Made: now, Rep: c.Rep, Stage: c.Stage, Why: c.Why, Shared: c.Sharing, Ladder: c.Ladder, Past: c.Past, Steps: c.Steps,
		Footers: c.Footers, Seconds: c.Seconds, EraseAt: c.EraseAt, Paused: c.Paused, Until: c.Until,
	}
	if c.Last != nil {
		e.Last = c.Last.Text
	}
	if c.Preview != nil {
		e.Awaiting = c.Preview.Summary
	}
	return e
}

// complete adds to an export what is held beside the conversation. Nothing that comes between this and the commit is
// missed: it would be a conflict.
func (k *Coach) complete(ctx context.Context, d Decision) error {
	for _, p := range d.Prompts {
		if p.Say == nil || p.Say.Held == nil {
			continue
		}
		var err error
		if p.Say.Held.Late, err = k.Store.Late(ctx, d.Conversation.ID); err != nil {
			return fmt.Errorf("read late answers: %w", err)
		}
	}
	return nil
}

// JSON returns the export for a machine, indented for a person.
func (e *Export) JSON() ([]byte, error) { return json.MarshalIndent(e, "", "  ") }

// ErrUntold says that a rep could not be told of a copy, which therefore was not made.
var ErrUntold = errors.New("the rep could not be told, so nothing was shown")

// Export carries out an ActExport and returns the files that the rep gets too. Nobody reads a rep's
// words without the rep being told: the letter is committed first, and ErrUntold is the answer
// where none can reach them. ErrConflict when the conversation changed meanwhile.
func (k *Coach) Export(ctx context.Context, c Conversation, a Act) ([]File, error) {
	a.Verb = ActExport
	d := Decide(c, a, k.Policy, k.Now())
	if c.End == Bounced || len(d.Prompts) == 0 {
		return nil, ErrUntold
	}
	if err := k.complete(ctx, d); err != nil {
		return nil, err
	}
	w, err := k.Writer.Write(d.Prompts[0])
	if err != nil {
		return nil, err
	}
	return w.Files, k.apply(ctx, a, d)
}

// TellRead has a rep told that the admin is about to read a held mail that may be theirs, which came at a.At. ErrUntold
// where no letter can reach them, and then it must not be read; ErrConflict when the conversation changed meanwhile.
func (k *Coach) TellRead(ctx context.Context, c Conversation, a Act) error {
	a.Verb = ActRead
	d := Decide(c, a, k.Policy, k.Now())
	if c.End == Bounced || len(d.Prompts) == 0 {
		return ErrUntold
	}
	return k.apply(ctx, a, d)
}
