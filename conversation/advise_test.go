package conversation_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"whyloop/conversation"
)

// adviser is a listener that keeps what it is asked a second time, and says the same to all of it.
type adviser struct {
	conversation.Listener
	asked []string
	names []string
	says  func(conversation.Verdict) conversation.Verdict
}

func (a *adviser) Advise(_ context.Context, _ conversation.Ladder, h conversation.Heard, names []string) conversation.Verdict {
	a.asked, a.names = append(a.asked, h.Text), names
	return a.says(h.Verdict)
}

func advised(t *testing.T) (*stage, *adviser) {
	s := newStage(t)
	a := &adviser{Listener: s.coach.Listener, says: func(v conversation.Verdict) conversation.Verdict { return v }}
	s.coach.Listener = a
	return s, a
}

// Only an answer in the ladder is ever put to anybody else: no goal, command, question about the method,
// sharing, step or check-in.
func TestOnlyAnswersAreAdvisedOn(t *testing.T) {
	s, a := advised(t)
	s.play(`! enrol
Sam: yes
@ +20m
Sam: close eight deals
@ +20m
Sam: a bonus
@ +20m
Sam: help
@ +20m
Sam: pay off my loans
@ +20m
Sam: that's it
@ +20m
Sam: no, it's more that my kids see me rested
@ +20m
Sam: that's it
@ +20m
Sam: yes
@ +20m
Sam: private
@ +20m
Sam: call Priya
@ +20m
Sam: after lunch
`)
	want := []string{"a bonus", "pay off my loans", "that's it", "it's more that my kids see me rested", "that's it"}
	if !slices.Equal(a.asked, want) {
		t.Errorf("asked about %q, want %q", a.asked, want)
	}
	if names := strings.Join(a.names, " "); !strings.Contains(names, "Sam") || !strings.Contains(names, "Robin") || !strings.Contains(names, "Kim") || strings.Contains(names, "@") {
		t.Errorf("the names are %q", a.names)
	}
	if c, _ := s.conversation(); len(c.Steps) != 1 {
		t.Errorf("the play went elsewhere: %+v", c.State)
	}
}

// A second thought that arrives in time is put once, with what it is joined to.
func TestAdviceOnASecondThought(t *testing.T) {
	s, a := advised(t)
	s.play("! enrol\n@ +20m\nSam: yes\n@ +20m\nSam: close eight deals\n@ +20m\nSam: a bonus\nSam (why): and a rest\n")
	if want := []string{"a bonus", "a bonus\nand a rest"}; !slices.Equal(a.asked, want) {
		t.Errorf("asked about %q, want %q", a.asked, want)
	}
}

// What is advised is what is decided on.
func TestAdviceIsTaken(t *testing.T) {
	s, a := advised(t)
	a.says = func(conversation.Verdict) conversation.Verdict {
		return conversation.Verdict{Label: conversation.Repeat, Repeats: []int{conversation.GoalIndex}, Why: conversation.GoalIndex, Confirm: true}
	}
	s.play("! enrol\n@ +20m\nSam: yes\n@ +20m\nSam: close eight deals\n@ +20m\nSam: my children\n")
	if c, _ := s.conversation(); c.Stage != conversation.StageConfirm {
		t.Errorf("the conversation is at %s", c.Stage)
	}
}

// TestRepsAreToldOfARemoteJudge: before the first answer, on either way to it, and ever after in the footer.
func TestRepsAreToldOfARemoteJudge(t *testing.T) {
	const told = "a language model on another server gets your goal and answers"
	for _, way := range []string{"! enrol\n@ +20m\nSam: yes\n@ +20m\nSam: close eight deals\n@ +20m\nSam: a bonus\n@ +20m\n", "! enrol\n@ +20m\nSam: I want to close eight deals\n@ +20m\nSam: a bonus\n@ +20m\n"} {
		s := newStage(t)
		s.coach.Policy.RemoteJudge = true
		s.play(way)
		warned := 0
		for i, l := range s.read {
			body, footer, _ := strings.Cut(l.Text, "\n-- \n")
			if !strings.Contains(footer, told) {
				t.Errorf("%s: the footer is %q", l.Kind, footer)
			}
			if strings.Contains(body, told) {
				warned++
				if i != 1 {
					t.Errorf("%s, letter %d, says it in the letter", l.Kind, i)
				}
			}
		}
		if warned != 1 || len(s.read) < 3 {
			t.Errorf("%d letters, %d of them say it in the letter", len(s.read), warned)
		}
	}
	s := newStage(t)
	s.play("! enrol\n@ +20m\nSam: yes\n@ +20m\nSam: close eight deals\n@ +20m\n")
	for _, l := range s.read {
		if strings.Contains(l.Text, "language model") {
			t.Errorf("%s speaks of a model although none is asked", l.Kind)
		}
	}
}
