package hearing

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"whyloop/conversation"
)

// spoken is the cues of a reply, and what it does.
type spoken struct {
	act  act
	cues []uint64
}

// A taker takes the cues of replies and remembers their names.
type taker struct {
	h     *Listener
	names map[uint64]string
}

func (k *taker) take(lad conversation.Ladder, text string, label conversation.Label) spoken {
	a := actAnswer // a repetition is an answer
	for b := actAnswer; b < acts; b++ {
		if b.label() == label {
			a = b
		}
	}
	ss := sentences(text)
	r := &reading{}
	k.h.read(r, lad, text)
	r = k.h.inOwn(r, lad, text)
	c := cuer{note: func(name string, hash uint64) { k.names[hash] = name }}
	k.h.cuesOf(&c, r, ss)
	return spoken{act: a, cues: c.cues}
}

// ladders takes every reply of some ladders.
func (k *taker) ladders(ls []labelled) (out []spoken) {
	for _, l := range ls {
		lad := conversation.Ladder{Goal: l.Goal}
		for _, tn := range l.Turns {
			s := k.take(lad, tn.A, tn.Label)
			out = append(out, s)
			if s.act == actAnswer {
				lad.Rungs = append(lad.Rungs, conversation.Rung{Answer: tn.A})
			}
		}
	}
	return out
}

// others takes what was written apart from ladders: single replies; and steps and triples, which are
// answers all.
func (k *taker) others(t testing.TB) (out []spoken) {
	lad := conversation.Ladder{Goal: "sell 20 cars", Rungs: []conversation.Rung{{Answer: "a bonus"}, {Answer: "a house for my family"}}}
	for _, name := range []string{"single-replies", "replies-1", "replies-2", "replies-3"} {
		for _, line := range lines(t, "testdata/"+name+".tsv") {
			label, text, _ := strings.Cut(line, "\t")
			out = append(out, k.take(lad, text, conversation.Label(label)))
		}
	}
	for _, text := range lines(t, "testdata/steps.txt") {
		out = append(out, k.take(lad, text, conversation.New))
	}
	for _, name := range []string{"triples-1", "triples-2"} {
		for _, line := range lines(t, "testdata/"+name+".txt") {
			three := strings.Split(line, " | ")
			out = append(out, k.take(lad, three[0], conversation.New))
			after := conversation.Ladder{Goal: lad.Goal, Rungs: []conversation.Rung{{Answer: three[0]}}}
			out = append(out, k.take(after, three[1], conversation.New), k.take(after, three[2], conversation.New))
		}
	}
	return out
}

// fitActs is multinomial logistic regression (Adagrad), with a penalty on large weights, over the cues
// that were met twice.
func fitActs(ss []spoken) map[uint64]*[acts]float64 {
	const rounds, rate, penalty = 40, 0.15, 0.001
	count := map[uint64]int{}
	for _, s := range ss {
		cs := slices.Clone(s.cues)
		slices.Sort(cs)
		for _, c := range slices.Compact(cs) {
			count[c]++
		}
	}
	w, g2 := map[uint64]*[acts]float64{}, map[uint64]*[acts]float64{}
	for c, n := range count {
		if n >= 3 {
			w[c], g2[c] = new([acts]float64), new([acts]float64)
		}
	}
	rnd := rand.New(rand.NewSource(1))
	for range rounds {
		for _, i := range rnd.Perm(len(ss)) {
			var odds [acts]float64
			for _, c := range ss[i].cues {
				if x := w[c]; x != nil {
					for k := range odds {
						odds[k] += x[k]
					}
				}
			}
			p := softmax(odds)
			p[ss[i].act]--
			for _, c := range ss[i].cues {
				x, g := w[c], g2[c]
				if x == nil {
					continue
				}
				for k := range p {
					d := p[k] + penalty*x[k]
					g[k] += d * d
					x[k] -= rate * d / (math.Sqrt(g[k]) + 0.3)
				}
			}
		}
	}
	return w
}

// tableOf writes fitted weights as data/acts.tsv holds them, without those that say next to nothing.
func tableOf(w map[uint64]*[acts]float64, names map[uint64]string) string {
	const least = 0.2
	var out []string
	for c, x := range w {
		top := 0.0
		line := names[c]
		for _, y := range x {
			top = max(top, math.Abs(y))
			line += fmt.Sprintf("\t%.0f", 100*y)
		}
		if top >= least {
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return "# cue\tanswer\texhausted\tstuck\tquestion\tdeflect\tcommand\n" + strings.Join(out, "\n") + "\n"
}

// TestFitActs writes data/acts.tsv anew, when asked to.
func TestFitActs(t *testing.T) {
	if !*fitFlag {
		t.Skip("only with -fit")
	}
	k := &taker{h: New(), names: map[uint64]string{}}
	train := k.others(t)
	for _, w := range writers(t) {
		if w.name != os.Getenv("WITHOUT") {
			train = append(train, k.ladders(w.ladders)...)
		}
	}
	if err := os.WriteFile("data/acts.tsv", []byte(tableOf(fitActs(train), k.names)), 0o644); err != nil {
		t.Fatal(err)
	}
}
