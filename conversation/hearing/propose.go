package hearing

import (
	"strings"

	"whyloop/conversation"
)

// Propose returns the why and its best wording as Judge would have, had it been sure that
// the answer repeats the one at index at. An index that no rung has stands for the goal.
func (h *Listener) Propose(l conversation.Ladder, answer string, at int) (why int, wording string) {
	if at < 0 || at >= len(l.Rungs) {
		at = conversation.GoalIndex
	}
	answer = strings.ToValidUTF8(answer, "")
	var r reading
	h.read(&r, l, answer)
	return h.wording(l, &r, h.compare(&r)[at+1])
}
