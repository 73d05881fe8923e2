package main

import (
	"strconv"

	"whyloop/conversation"
)

// guide says in two sentences what a newcomer can do next.
type guide struct {
	Text    string
	Example string // what Sam might answer; "" when it is the clock's turn
	Clock   bool   // the clock is to be pushed
	Held    bool   // the admin has to let it go on
	Manager string // the manager's mail to look at; "" when there is none to point to
}

// guide goes by where the conversation stands.
func (g *game) guide(s shelf) guide {
	c := s.c
	switch {
	case !s.waits.IsZero() && s.waits.After(g.clock.Now()):
		return guide{Text: "whyloop has its answer ready and waits for " + s.waits.In(g.loc).Format("Monday 15:04") +
			", for it writes in working hours only. Go on to the next letter.", Clock: true}
	case c.End != conversation.NotEnded:
		return guide{Text: "Sam has left, so whyloop keeps silent. Reply start to come back, or start over."}
	case c.Held != "":
		return guide{Text: "whyloop has written as many letters as it ever does in a day or a week, and waits until its admin has looked. Be the admin, and let it go on.", Held: true}
	case c.Paused:
		return guide{Text: "Sam’s coaching is paused. Reply start to end that sooner, or move the clock on.", Clock: true}
	case previewWaits(c):
		return guide{Text: "This is the exact text that Dana may get. Reply ok to let it go, hold to keep this week back, or send your own version.", Example: "ok"}
	case c.Stage == conversation.StageActive:
		return g.guideActive(s)
	}
	return guideReply(c)
}

// previewWaits: the summary was shown to the rep and they have not said anything about it.
func previewWaits(c conversation.Conversation) bool {
	return c.Preview != nil && len(c.Preview.Letters) > 0 && !c.Preview.OK && !c.Preview.Hold
}

// guideActive is for when nothing is asked.
func (g *game) guideActive(s shelf) guide {
	switch {
	case s.c.Preview != nil && s.c.Preview.OK:
		return guide{Text: "Sam has said ok. Go on to the next letter, and the summary reaches Dana.", Clock: true}
	case len(s.manager) > 0:
		return guide{Text: "Dana has her summary: open it in her inbox, and look for any of Sam’s answers. Then go on to see how a step is followed up.",
			Clock: true, Manager: "m" + strconv.Itoa(len(s.manager))}
	}
	return guide{Text: "Sam has a step, and nothing is asked of him now. Go on to the next letter: on Thursday he is shown what Dana would get.", Clock: true}
}

// guideReply is for when a question is open. The examples lead a hurried newcomer to a why.
func guideReply(c conversation.Conversation) guide {
	switch c.Stage {
	case conversation.StageInvited:
		return guide{Text: "You are Sam, a salesperson, and this invitation has just arrived. Answer it below in your own words, or send the example.", Example: "yes, why not"}
	case conversation.StageGoal:
		return guide{Text: "Name a goal, of work or of life: one sentence is plenty. Nobody but Sam sees it.", Example: exampleGoal}
	case conversation.StageWhy:
		return guide{Text: "Say what that would get you; whyloop asks again until your answer stops changing. When there is nothing underneath, repeat yourself or say that’s it.",
			Example: exampleAnswer(c.Ladder)}
	case conversation.StageConfirm:
		return guide{Text: "The answers have come round, so this may be Sam’s why. Reply yes, or put it another way.", Example: "yes, that's it"}
	case conversation.StagePick:
		return guide{Text: "whyloop has asked enough and shows everything Sam said. Pick one by its number, or in words.", Example: "2"}
	case conversation.StageShare:
		return guide{Text: "The why is Sam’s own. Reply private to keep it so, or share to let Dana see that one line.", Example: "private"}
	case conversation.StageStep:
		return guide{Text: "Not a plan, only the next tiny step. Name something that takes ten minutes.", Example: exampleStep(c)}
	case conversation.StageWhen:
		return guide{Text: "A step with a moment is a step that happens. Say when, in the form after this I will do that.", Example: "After my first coffee tomorrow, I will"}
	case conversation.StageCheckIn:
		return guide{Text: "A week has gone by and whyloop asks how the step went. Done, half and not yet are all fine.", Example: exampleOutcome(c)}
	}
	return guide{Text: "Answer the newest letter in your own words. Or go on to the next letter.", Example: "yes"}
}

// The examples tell one story. Who tells another of their own gets none that would not fit it.
const (
	exampleGoal = "Close 20 deals this quarter"
	exampleTry  = "Call Priya at Acme and ask what she needs to decide"
)

// exampleAnswer is what Sam answers to "What will that get you?".
func exampleAnswer(l conversation.Ladder) string {
	answers := []string{"A bigger commission, honestly", "I could finally pay off the car loan",
		"I'd be there for my kids in the evenings", "As I said, I'd be there for my kids in the evenings"}
	own := l.Goal != exampleGoal
	for i, r := range l.Rungs {
		own = own || r.Answer != answers[min(i, len(answers)-1)]
	}
	switch {
	case !own:
		return answers[min(len(l.Rungs), len(answers)-1)]
	case len(l.Rungs) >= 2:
		return "That's it"
	}
	return ""
}

func exampleStep(c conversation.Conversation) string {
	if len(c.Steps) == 0 {
		return exampleTry
	}
	return "Send one mail that I have put off"
}

func exampleOutcome(c conversation.Conversation) string {
	if n := len(c.Steps); n > 0 && c.Steps[n-1].Text == exampleTry {
		return "done - she wants a demo! Next I'll send her two dates for it"
	}
	return "half"
}

// ladderOf draws the way so far.
func ladderOf(c conversation.Conversation) ladderView {
	v := ladderView{Goal: c.Ladder.Goal, Why: c.Why, Stage: stageName(c)}
	for _, r := range c.Ladder.Rungs {
		v.Rungs = append(v.Rungs, r.Answer)
	}
	return v
}

// stageName says where a conversation stands.
func stageName(c conversation.Conversation) string {
	if c.End != conversation.NotEnded {
		return "Ended: " + string(c.End)
	}
	switch c.Stage {
	case conversation.StageInvited:
		return "Invited"
	case conversation.StageGoal:
		return "Asked for a goal"
	case conversation.StageWhy:
		return "Climbing: what will that get you?"
	case conversation.StageConfirm:
		return "Is this the why?"
	case conversation.StagePick:
		return "Picking a why"
	case conversation.StageShare:
		return "Who may see the why?"
	case conversation.StageStep, conversation.StageWhen:
		return "Finding a tiny step"
	case conversation.StageCheckIn:
		return "How did the step go?"
	case conversation.StageCheck:
		return "Is the why still true?"
	}
	return "A step is under way"
}
