package conversation_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"whyloop/conversation"
)

// tookTooLong is a play in which an answer comes to a question that is closed.
const tookTooLong = `! enrol
@ +1h
Sam: yes
@ +1h
Sam: get the Nordics territory
@ +1h
Sam: travel more
@ +1h
Sam: seeing the fjords in winter
@ 2026-11-25 09:00
Sam (goal): zanzibar would do
@ +1h
`

// recorder is the stage's composer, and keeps what was said and attached.
type recorder struct {
	*stage
	letters []string // to whom, and every word
}

func (r *recorder) Compose(h conversation.Head, w conversation.Wording) (conversation.Letter, error) {
	all := h.To[0].Mail + " " + w.Subject + w.Text + w.HTML
	for _, f := range w.Files {
		all += string(f.Data)
	}
	r.letters = append(r.letters, all)
	return r.stage.Compose(h, w)
}

// with returns to whom letters with a word in them went.
func (r *recorder) with(word string) []string {
	var to []string
	for _, l := range r.letters {
		if strings.Contains(l, word) {
			to = append(to, strings.Fields(l)[0])
		}
	}
	return to
}

func playRecorded(t *testing.T, script string) *recorder {
	r := &recorder{stage: newStage(t)}
	r.coach.Composer = r
	r.play(script)
	return r
}

// TestLateAnswerIsKept: an answer to a closed question is kept with the question it answers and changes nothing; the
// rep alone gets it, by export, and the admin who exports is seen to.
func TestLateAnswerIsKept(t *testing.T) {
	on := playRecorded(t, strings.Replace(tookTooLong, "Sam (goal): zanzibar would do\n", "", 1))
	r := playRecorded(t, tookTooLong)
	c, _ := r.conversation()
	want, _ := on.conversation()
	want.Asked.Also = c.Asked.Also // NOW put the question again
	if diff := cmp.Diff(want.State, c.State); diff != "" || !cmp.Equal(want.Last, c.Last) {
		t.Errorf("it changed the state or the last reply (-without +with):\n%s", diff)
	}
	asked := r.read[slices.IndexFunc(r.read, func(l conversation.Letter) bool { return l.Kind == conversation.KindGoal })]
	kept := []conversation.Late{{Letter: asked.Key, Kind: conversation.KindGoal, Asked: asked.NotBefore,
		At: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), Text: "zanzibar would do"}}
	if diff := cmp.Diff(kept, r.late()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if to := r.with("zanzibar"); len(to) > 0 {
		t.Errorf("said to %v", to)
	}

	r.line("Sam: export")
	files, err := r.coach.Export(t.Context(), must(r.conversation()), conversation.Act{ID: "act"})
	if err != nil || len(files) != 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		if !strings.Contains(string(f.Data), "zanzibar would do") {
			t.Errorf("not in %s:\n%s", f.Name, f.Data)
		}
	}
	r.play("Sam (why): that's it\n@ 2026-12-12 09:00\n")
	if to := r.with("zanzibar"); !slices.Equal(to, []string{"sam@example.com", "sam@example.com"}) {
		t.Errorf("went to %v; want the two exports", to)
	}
}

func must(c conversation.Conversation, _ bool) conversation.Conversation { return c }

// TestLateAnswerIsErased: it goes with all else of theirs, at their word and in time.
func TestLateAnswerIsErased(t *testing.T) {
	for name, end := range map[string]string{
		"forget me":       "Sam: forget me\n@ +1h\nSam: delete\n",
		"the admin":       "! erase\n",
		"retention clock": "Sam: stop\n@ +40d\n",
	} {
		r := playRecorded(t, tookTooLong)
		c, _ := r.conversation()
		r.play(end)
		if _, ok := r.conversation(); ok {
			t.Fatalf("%s: still there", name)
		}
		if kept, err := r.store.Late(t.Context(), c.ID); err != nil || len(kept) > 0 {
			t.Errorf("%s: kept %v, %v", name, kept, err)
		}
	}
}

// TestNotEverythingLateIsKept: a machine's words and none at all are no answer.
func TestNotEverythingLateIsKept(t *testing.T) {
	r := playRecorded(t, tookTooLong)
	c, _ := r.conversation()
	asked := r.late()[0]
	now := r.now
	for name, reply := range map[string]conversation.Reply{
		"nothing":   {},
		"a machine": {Absence: true, Heard: conversation.Heard{Text: "I am away until Monday"}},
	} {
		reply.ID, reply.Letter, reply.LetterKind, reply.LetterAt = name, asked.Letter, asked.Kind, asked.Asked
		if d := conversation.Decide(c, reply, r.coach.Policy, now); d.Late != nil {
			t.Errorf("%s was kept: %+v", name, *d.Late)
		}
	}
}

// TestClosedQuestionsAreBounded: of the letters about closed questions the last are remembered, and of the open one none.
func TestClosedQuestionsAreBounded(t *testing.T) {
	r := newStage(t)
	r.play("! enrol\n@ +1h\nSam: yes\n@ +1h\nSam: get the Nordics territory\n@ +1h\n")
	most := 0
	for k := range 30 {
		r.play("Sam: who can read this?\n@ +1h\nSam: that's wrong\n@ +1h\nSam: new why\n@ +13h\nSam: win region " + strconv.Itoa(k) + "\n@ +13h\n")
		c, _ := r.conversation()
		most = max(most, len(c.Closed))
		for _, key := range c.Closed {
			if key == c.Asked.Letter || slices.Contains(c.Asked.Also, key) {
				t.Fatalf("%s puts the open question", key)
			}
		}
	}
	if most != 20 {
		t.Errorf("%d remembered at the most", most)
	}
}
