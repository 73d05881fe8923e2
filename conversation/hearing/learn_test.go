package hearing

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"whyloop/conversation"
)

// A trial is a ladder whose answers have been compared, so that forests and thresholds can be tried quickly.
type trial struct {
	want  int
	turns []trialTurn
}

type trialTurn struct {
	answer  bool
	confirm bool // it is no answer, and this is what was decided
	x       standing
}

// trialsOf takes how each answer stands, with a listener's fitted weights.
func trialsOf(h *Listener, ls []labelled) []trial {
	out := make([]trial, len(ls))
	for n, l := range ls {
		out[n].want = l.stop()
		lad := conversation.Ladder{Goal: l.Goal}
		for _, tn := range l.Turns {
			v := h.Judge(lad, tn.A)
			tt := trialTurn{confirm: v.Confirm, answer: v.Label == conversation.New || v.Label == conversation.Repeat}
			if tt.answer {
				tt.x = h.standing(lad, tn.A)
				lad.Rungs = append(lad.Rungs, conversation.Rung{Answer: tn.A})
			}
			out[n].turns = append(out[n].turns, tt)
		}
	}
	return out
}

func (h *Listener) standing(l conversation.Ladder, answer string) standing {
	var r reading
	h.read(&r, l, answer)
	likes := h.compare(&r)
	return standingOf(likes, nearest(likes), h.off)
}

// shortened is how much the last of a ladder counts next to the whole.
const shortened = 0.25

// examplesOf takes how each answer labelled new or repeat stands, by ladder: among all that was said, and
// among the last of it only. Writers end their ladders when they are long, and a listener must not learn
// that who has said little does not repeat it.
func examplesOf(h *Listener, ls []labelled, weight float64) [][]example {
	out := make([][]example, len(ls))
	for n, l := range ls {
		lad, at := conversation.Ladder{Goal: l.Goal}, []int{}
		for i, tn := range l.Turns {
			if tn.Label != conversation.New && tn.Label != conversation.Repeat {
				continue
			}
			y, said := truth(tn.Label == conversation.Repeat), len(lad.Rungs)
			from := 0
			if said > 1 {
				from = max(0, said-1-(n+i)%said)
			}
			if tn.Label == conversation.Repeat {
				if from = slices.Index(at, slices.Max(tn.Repeats)); from < 0 {
					from = 0
				}
			}
			whole, last := h.standing(lad, tn.A), h.standing(conversation.Ladder{Goal: l.Goal, Rungs: lad.Rungs[from:]}, tn.A)
			out[n] = append(out[n], example{whole, y, weight * (1 - shortened)}, example{last, y, weight * shortened})
			lad.Rungs, at = append(lad.Rungs, conversation.Rung{Answer: tn.A}), append(at, i)
			if y == 0 {
				text := fmt.Sprintf(onceMore[(n+i)%len(onceMore)], strings.TrimRight(tn.A, ".! "))
				alone := conversation.Ladder{Goal: l.Goal, Rungs: lad.Rungs[said:]}
				out[n] = append(out[n], example{h.standing(lad, text), 1, weight * literally}, example{h.standing(alone, text), 1, weight * literally})
			}
		}
	}
	return out
}

// onceMore are the ways in which an answer is given once more in the same words. Writers of ladders find them
// too plain, people do not; each counts a little.
var onceMore = [...]string{"%s", "%s again", "still %s", "%s, like i said", "%s really"}

const literally = 0.05

// learn fits everything that tells whether an answer repeats an earlier one, on ladders heard by
// some listeners; the first is the one that is to judge.
func learn(hs []*Listener, ls []labelled, trees int) {
	var ss [][]sample
	for _, h := range hs {
		ss = append(ss, samplesOf(h, ls)...)
	}
	w := fit(ss, hs[0].off)
	examples := make([][]example, len(ls))
	for _, h := range hs {
		h.fitted = &w
		for n, ex := range examplesOf(h, ls, 1/float64(len(hs))) {
			examples[n] = append(examples[n], ex...)
		}
	}
	shift := settled(trialsOf(hs[0], ls), examples, trees)
	hs[0].again = growForest(slices.Concat(examples...), trees)
	hs[0].again.base += shift
}

const (
	mostEarly = 0.06 // below the 8 in 100 that are allowed, for what is unseen goes worse
	parts     = 4
)

// settled is by how much a forest's odds are to be shifted for most ladders to stop exactly right and few
// early: each ladder judged by a forest that was grown without it.
func settled(ts []trial, examples [][]example, trees int) float32 {
	odds := make([][]float32, len(ts))
	for fold := range parts {
		var ex []example
		for n := range examples {
			if n%parts != fold {
				ex = append(ex, examples[n]...)
			}
		}
		f := growForest(ex, trees)
		for n := fold; n < len(ts); n += parts {
			for i := range ts[n].turns {
				o := float32(math.Inf(-1))
				if tt := &ts[n].turns[i]; tt.answer {
					o = f.odds(&tt.x)
				} else if tt.confirm {
					o = float32(math.Inf(1))
				}
				odds[n] = append(odds[n], o)
			}
		}
	}
	level := float32(math.Log(unsure / (1 - unsure)))
	best, shift := -1.0, float32(0)
	for s := float32(-2); s <= 2; s += 0.125 {
		right, early := 0.0, 0.0
		for n, t := range ts {
			have := slices.IndexFunc(odds[n], func(o float32) bool { return o+s >= level })
			right += truth(have == t.want)
			early += truth(have >= 0 && (have < t.want || t.want < 0))
		}
		if v := right - 3*max(0, early-mostEarly*float64(len(ts))); v > best {
			best, shift = v, s
		}
	}
	return shift
}
