package hearing

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"whyloop/conversation"
)

var (
	dataFlag  = flag.String("ladders", "", "file of labelled ladders")
	failsFlag = flag.Bool("fails", false, "list what goes wrong")
)

// labelled is one ladder of the data, as its README describes.
type labelled struct {
	ID, Lang, Goal string
	WhyTurn        *int `json:"why_turn"`
	Turns          []struct {
		A       string
		Label   conversation.Label
		Repeats []int
	}
}

func readLadders(t testing.TB, name string) []labelled {
	f, err := os.Open(name)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	var out []labelled
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var l labelled
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// sample is one answer compared with everything before it.
type sample struct {
	rows   [][measures]float64
	repeat []bool
}

// samplesOf takes the measures of every answer labelled new or repeat.
func samplesOf(h *Listener, ls []labelled) [][]sample {
	out := make([][]sample, len(ls))
	for n, l := range ls {
		lad := conversation.Ladder{Goal: l.Goal}
		idx := []int{-1}
		for i, tn := range l.Turns {
			if tn.Label != conversation.New && tn.Label != conversation.Repeat {
				continue
			}
			r := h.read(lad, tn.A)
			s := sample{}
			for j, lk := range h.compare(&r) {
				rep := tn.Label == conversation.Repeat && slices.Contains(tn.Repeats, idx[j])
				if tn.Label == conversation.Repeat && !rep {
					continue // whether it also repeats this one is not told
				}
				s.rows = append(s.rows, lk.m)
				s.repeat = append(s.repeat, rep)
			}
			out[n] = append(out[n], s)
			lad.Rungs = append(lad.Rungs, conversation.Rung{Answer: tn.A})
			idx = append(idx, i)
		}
	}
	return out
}

// fit is logistic regression by gradient descent, with a penalty on large weights.
func fit(ss [][]sample, off feature) (out [2][measures]float64) {
	for near := range 2 {
		out[near] = fit1(ss, off, float64(near))
	}
	return out
}

func fit1(ss [][]sample, off feature, near float64) [measures]float64 {
	var w [measures]float64
	var g2 [measures]float64
	for range 3000 {
		var grad [measures]float64
		n := 0.0
		for _, l := range ss {
			for _, s := range l {
				for i := range s.rows {
					if s.rows[i][mNone] > 0 || s.rows[i][mNear] != near {
						continue // nothing to weigh
					}
					y, k := 0.0, 1/math.Sqrt(float64(len(s.rows)))
					if s.repeat[i] {
						y, k = 1, 1
					}
					d := (chance(&s.rows[i], &w, off) - y) * k
					for j, x := range s.rows[i] {
						grad[j] += d * x
					}
					n += k
				}
			}
		}
		for j := range w {
			if silenced(j, off) {
				continue
			}
			g := grad[j]/n + 0.0006*w[j]*truth(j != mBias)
			g2[j] += g * g
			w[j] -= 0.3 * g / (math.Sqrt(g2[j]) + 1e-9)
		}
	}
	return w
}

func TestFit(t *testing.T) {
	if *dataFlag == "" {
		t.Skip("no -ladders")
	}
	h := New()
	ls := readLadders(t, *dataFlag)
	ss := samplesOf(h, ls)
	w := fit(ss, 0)
	names := []string{"mBias", "mCoverA", "mCoverE", "mBoth", "mExact", "mClean", "mNone", "mFresh", "mNovel", "mAdds", "mSwap", "mContra", "mRoles", "mCrossed", "mFiller", "mNear", "mNearSame", "mNearSyn", "mNames", "mGoal", "mBack", "mJust", "mMass", "mLetters", "mRest", "mLiteral"}
	for near, name := range [...]string{"far", "near"} {
		fmt.Print("weights ", name, ": ")
		for i, n := range names {
			if w[near][i] != 0 {
				fmt.Printf("%s: %.2f, ", n, w[near][i])
			}
		}
		fmt.Println()
	}
	for _, th := range []float64{0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6} {
		fmt.Printf("th %.2f fitted: %v\n", th, stops(ss, ls, func(int) [2][measures]float64 { return w }, th))
	}
	const folds = 5
	var ws [folds][2][measures]float64
	for k := range folds {
		var part [][]sample
		for i := range ss {
			if i%folds != k {
				part = append(part, ss[i])
			}
		}
		ws[k] = fit(part, 0)
	}
	for _, th := range []float64{0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6} {
		fmt.Printf("th %.2f crossed: %v\n", th, stops(ss, ls, func(i int) [2][measures]float64 { return ws[i%folds] }, th))
	}
	if *failsFlag {
		listFails(h, ls, w)
	}
}

// stops counts the ladders stopped right, early and late, by likeness alone.
func stops(ss [][]sample, ls []labelled, w func(int) [2][measures]float64, th float64) string {
	right, early, late, n := 0, 0, 0, 0
	for i, l := range ss {
		wi := w(i)
		want := slices.ContainsFunc(ls[i].Turns, func(t struct {
			A       string
			Label   conversation.Label
			Repeats []int
		}) bool {
			return t.Label == conversation.Repeat
		})
		n++
		got := ""
		for _, s := range l {
			p := 0.0
			for j := range s.rows {
				p = math.Max(p, chance(&s.rows[j], &wi[int(s.rows[j][mNear])], 0))
			}
			rep := slices.Contains(s.repeat, true)
			if p >= th {
				got = "early"
				if rep {
					got = "right"
				}
				break
			}
			if rep {
				got = "late"
				break
			}
		}
		switch {
		case got == "early":
			early++
		case got == "late":
			late++
		case got == "right", !want && got == "":
			right++
		}
	}
	return fmt.Sprintf("right %.3f early %.3f late %.3f of %d", float64(right)/float64(n), float64(early)/float64(n), float64(late)/float64(n), n)
}

func talkOnly(h *Listener, r *reading, a string) bool {
	_, ok := h.noAnswer(r, conversation.Ladder{}, nil)
	return ok
}

func listFails(h *Listener, ls []labelled, w [2][measures]float64) {
	for _, l := range ls {
		idx := []int{-1}
		lad := conversation.Ladder{Goal: l.Goal}
		for i, tn := range l.Turns {
			if tn.Label != conversation.New && tn.Label != conversation.Repeat {
				continue
			}
			r := h.read(lad, tn.A)
			likes := h.compare(&r)
			for j := range likes {
				likes[j].p = chance(&likes[j].m, &w[int(likes[j].m[mNear])], 0)
			}
			v := h.verdict(lad, &r, likes)
			if v.Confirm != (tn.Label == conversation.Repeat) && !talkOnly(h, &r, tn.A) {
				gold := ""
				for j, lk := range likes {
					if j > 0 && tn.Label == conversation.Repeat && slices.Contains(tn.Repeats, idx[j]) {
						gold = fmt.Sprintf("   GOLD %.2f %q A%.2f E%.2f fresh%.2f", lk.p, lad.Rungs[j-1].Answer, lk.m[mCoverA], lk.m[mCoverE], lk.m[mFresh])
					}
				}
				fmt.Println(l.ID, i, tn.Label, tn.Repeats, v.Because, gold)
			}
			lad.Rungs = append(lad.Rungs, conversation.Rung{Answer: tn.A})
			idx = append(idx, i)
		}
	}
}

// TestReplies scores a file of single replies, tab-separated: label, reply.
func TestReplies(t *testing.T) {
	data, err := os.ReadFile("/work/shared/ladders/single-replies.tsv")
	if err != nil {
		t.Skip(err)
	}
	h := New()
	lad := conversation.Ladder{Goal: "sell 20 cars", Rungs: []conversation.Rung{{Answer: "a bonus"}, {Answer: "a house for my family"}}}
	right, n := 0, 0
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		label, text, _ := strings.Cut(line, "\t")
		n++
		v := h.Judge(lad, text)
		if string(v.Label) == label {
			right++
		} else {
			fmt.Println(label, "heard as", v.Label, ":", text, "|", v.Because)
		}
	}
	fmt.Println(right, "of", n)
}
