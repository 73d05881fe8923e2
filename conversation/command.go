package conversation

import (
	"slices"
	"time"
)

// command obeys a command, whatever was asked and however old the letter it answers.
// It reports whether the reply was one: a word that means nothing here is an answer.
func (t *turn) command(r Reply) bool {
	cmd := r.Heard.Command
	if cmd.Verb == NoCommand {
		return false
	}
	if t.c.End != NotEnded {
		return t.afterEnd(cmd)
	}
	pending := t.c.Pending
	obey := t.commandFor(cmd, pending, t.c.placeOf(r, t.now))
	if obey == nil {
		return false
	}
	if t.c.Held != "" && cmd.Verb != VerbStop && cmd.Verb != VerbForgetMe && cmd.Verb != VerbDelete {
		t.out.Hold = "held"
		return true
	}
	t.c.Pending = NoCommand
	t.seal()
	obey()
	return true
}

// commandFor returns what obeys a command here, or nil where it is no command.
func (t *turn) commandFor(cmd Command, pending Verb, at place) func() {
	switch cmd.Verb {
	case VerbStop:
		return t.stop
	case VerbPause:
		return func() { t.pause(cmd.Until); t.tellPaused() }
	case VerbSkip:
		return t.skip
	case VerbHelp:
		return func() { t.again(KindHelp, t.commands) }
	case VerbPath:
		return t.path
	case VerbExport:
		return func() { t.tell(KindExport, func(s *Say) { s.Held = t.c.export(t.now) }) }
	case VerbWrong:
		return t.undo
	case VerbForgetMe, VerbDelete:
		return func() { t.forget(cmd.Verb, pending) }
	case VerbNewWhy:
		return t.newWhy
	case VerbLanguage:
		return func() { t.speak(cmd.Language) }
	case VerbStart:
		return t.start()
	}
	return t.sharingCommand(cmd.Verb, at)
}

// sharingCommand returns what obeys a command about who sees what.
func (t *turn) sharingCommand(v Verb, at place) func() {
	asked := t.c.Stage == StageShare && at != shown && at != copied
	switch {
	case v == VerbHold:
		return t.hold
	case v == VerbOK && at == shown:
		return t.agree
	case v == VerbPrivate && asked:
		return t.keepWhy
	case v == VerbPrivate:
		return func() { t.private(at) }
	case v == VerbShare && asked:
		return t.shareWhy
	case v == VerbShare && at == shown:
		return t.agree
	case v == VerbShare:
		return t.share
	}
	return nil
}

// seal keeps a second thought from undoing a command that came after the first.
func (t *turn) seal() {
	if t.c.Last != nil {
		last := *t.c.Last
		last.Sealed = true
		t.c.Last = &last
	}
}

// afterEnd obeys what a person who left may still write: start, and the two words that delete.
func (t *turn) afterEnd(cmd Command) bool {
	pending := t.c.Pending
	t.c.Pending = NoCommand
	switch cmd.Verb {
	case VerbForgetMe, VerbDelete:
		t.forget(cmd.Verb, pending)
	case VerbExport:
		t.tell(KindExport, func(s *Say) { s.Held = t.c.export(t.now) })
	case VerbStart:
		t.comeBack()
	case VerbOn, VerbAfresh:
		if pending != VerbStart {
			return false
		}
		t.reopen()
		if cmd.Verb == VerbAfresh {
			t.archive()
			t.ask(StageGoal, KindGoal, 0, "")
			return true
		}
		t.again(KindResume)
	case VerbStop:
	default:
		return false
	}
	return true
}

// comeBack asks whether to go on or start afresh; with nothing said yet it just begins.
func (t *turn) comeBack() {
	if t.c.Ladder.Goal == "" {
		t.reopen()
		t.ask(StageGoal, KindGoal, 0, "")
		return
	}
	t.c.Pending = VerbStart
	t.tell(KindRestart)
}

func (t *turn) reopen() { t.c.End, t.c.EraseAt = NotEnded, time.Time{} }

func (t *turn) stop() {
	t.end(Stopped)
	t.tell(KindStopped, func(s *Say) { s.At = t.c.EraseAt.In(t.now.Location()) })
}

// pause sets the pause and takes back what waits.
func (t *turn) pause(w When) {
	until := w.resolve(t.now, t.p.Hours)
	if until.IsZero() {
		until = When{Days: t.p.PauseDays}.resolve(t.now, t.p.Hours)
	}
	t.c.Paused, t.c.Until, t.c.Preview = true, t.p.Hours.Open(until).UTC(), nil
	t.out.Withdraw = true
}

func (t *turn) tellPaused() {
	t.tell(KindPaused, func(s *Say) { s.At = t.c.Until.In(t.now.Location()) })
}

// start comes back from a pause, or says yes to an invite; else it is no command.
func (t *turn) start() func() {
	if t.c.Stage == StageInvited && !t.c.Paused {
		return func() { t.ask(StageGoal, KindGoal, 0, "") }
	}
	return func() { t.wake(); t.again(KindResume) }
}

// skip lets the open question be, and says when another comes.
func (t *turn) skip() {
	t.out.Withdraw = true
	switch t.c.Stage {
	case StageShare:
		t.keepWhy()
	case StageWhen:
		t.rest()
	case StageInvited:
		t.decline()
	case StageStep, StageCheckIn, StageActive:
		t.c.Stage = StageActive
		t.open(Asked{})
		t.startWeeks()
		t.skipped(t.c.Week.CheckIn)
	default:
		if t.c.Deflects > 0 { // REASSURE offered it: "reply skip and we'll just find a tiny step"
			t.leaveWhy()
			return
		}
		t.skipped(t.p.Hours.Open(t.p.Hours.AddWorkdays(t.now, t.p.SkipFor)))
		t.c.AskAt = t.p.Hours.Open(t.p.Hours.AddWorkdays(t.now, t.p.SkipFor)).UTC()
	}
}

func (t *turn) skipped(again time.Time) {
	t.tell(KindSkip, func(s *Say) { s.At = again.In(t.now.Location()) })
}

// commands fills in what HELP lists: the commands that make sense now.
func (t *turn) commands(s *Say) {
	s.Commands = []Verb{VerbSkip, VerbWrong, VerbPath}
	if t.c.Stage == StageShare || t.c.Preview != nil || t.c.Sharing.Why || t.c.Sharing.Cc {
		s.Commands = append(s.Commands, VerbPrivate)
	}
	if t.c.Stage == StageShare || !t.c.Sharing.Cc && !t.c.Rep.Lead {
		s.Commands = append(s.Commands, VerbShare)
	}
	if t.c.Preview != nil {
		s.Commands = append(s.Commands, VerbHold)
	}
	if t.c.Why != "" {
		s.Commands = append(s.Commands, VerbNewWhy)
	}
	s.Commands = append(s.Commands, VerbPause, VerbStop, VerbForgetMe)
}

// path says the ladder and all tiny steps so far.
func (t *turn) path() {
	t.again(KindPath, func(s *Say) { s.Steps = t.c.Steps })
}

// undo takes the last answer back, and asks its question again.
func (t *turn) undo() {
	var gone string
	t.out.Withdraw = true
	switch n := len(t.c.Ladder.Rungs); {
	case t.c.Last != nil:
		gone = t.c.Last.Text
		t.takeBack()
		t.c.Last, t.c.Preview = nil, nil
	case n > 0 && t.c.Stage == StageWhy:
		gone = t.c.Ladder.Rungs[n-1].Answer
		t.c.Ladder.Rungs = slices.Clone(t.c.Ladder.Rungs[:n-1])
		t.c.Asked.Kind, t.c.Asked.Variant, t.c.Asked.About = KindWhy, 0, t.lastAnswer()
	default:
		t.again(KindNow)
		return
	}
	t.again(KindUndone, func(s *Say) { s.Answer, s.Previous = gone, t.lastAnswer() })
}

// forget asks for the second word, and deletes at it.
func (t *turn) forget(v, pending Verb) {
	if v == VerbDelete && pending == VerbForgetMe {
		say := t.prompt(KindForgotten, 0, "")
		say.Key, say.Thread = t.key(KindForgotten), t.thread
		t.erase()
		t.send(*say)
		return
	}
	t.c.Pending = VerbForgetMe
	t.tell(KindForget)
}

// newWhy puts the old ladder away and asks for a goal.
func (t *turn) newWhy() {
	t.archive()
	t.ask(StageGoal, KindNewWhy, 0, "")
}

func (t *turn) archive() {
	if t.c.Ladder.Goal != "" {
		t.c.Past = append(slices.Clone(t.c.Past), t.c.Ladder)
	}
	t.c.Ladder, t.c.Why = Ladder{}, ""
	t.c.Sharing.Why, t.c.Sharing.Line, t.c.Sharing.Draft = false, "", ""
	t.c.Last = nil
}
