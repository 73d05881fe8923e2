package hearing

import (
	"cmp"
	_ "embed"
	"math"
	"slices"
	"strconv"
	"strings"

	"whyloop/conversation"
)

// What a reply does in the dialogue is told by its words, two by two, by the classes
// they belong to, and by how much substance they leave: a multinomial logistic model
// (Jurafsky & Martin, Speech and Language Processing, ch. 5), small enough to read.
// Its weights stand in data/acts.tsv and are fitted by TestFitActs.

// An act is what a reply does.
type act int

// The acts.
const (
	actAnswer act = iota
	actExhausted
	actStuck
	actQuestion
	actDeflect
	actCommand
	acts // how many
)

func (a act) label() conversation.Label {
	return [...]conversation.Label{conversation.New, conversation.Exhausted, conversation.Stuck, conversation.Question, conversation.Deflect, conversation.Commanded}[a]
}

// actModel is the weight of every cue for every act.
type actModel struct {
	at      table
	weights [][acts]float32
	names   []string
	sets    []string // of the classes of words, as cues name them: "@neg"
}

//go:embed data/acts.tsv
var actTable string

// readActs reads lines of a cue and its weights in hundredths, parted by tabs. Lines it cannot read
// are left out.
func readActs(data string) *actModel {
	n := strings.Count(data, "\n")
	m := &actModel{at: tableFor(n), weights: make([][acts]float32, 0, n), names: make([]string, 0, n)}
	for _, name := range setList() {
		m.sets = append(m.sets, "@"+name)
	}
	for line := range strings.Lines(data) {
		name, rest, ok := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		if !ok || name == "# cue" {
			continue
		}
		var w [acts]float32
		for i := range w {
			var field string
			field, rest, _ = strings.Cut(rest, "\t")
			x, _ := strconv.Atoi(field)
			w[i] = float32(x) / 100
		}
		m.at.put(hashOf([]byte(name)), int32(len(m.names)))
		m.weights, m.names = append(m.weights, w), append(m.names, name)
	}
	return m
}

// chances are those of each act, given the cues of a reply.
func (m *actModel) chances(cues []uint64) (p [acts]float64) {
	var odds [acts]float64
	for _, c := range cues {
		if i := m.at.at(c); i >= 0 {
			for k, w := range m.weights[i] {
				odds[k] += float64(w)
			}
		}
	}
	return softmax(odds)
}

// loudest names the words that spoke most for an act and against an answer.
func (m *actModel) loudest(cues []uint64, a act) string {
	type voice struct {
		name string
		by   float32
	}
	var voices []voice
	for _, c := range cues {
		i := m.at.at(c)
		if i < 0 || m.names[i] == "1" || strings.ContainsAny(m.names[i], "~@") { // no word: how much, and of what class
			continue
		}
		if by := m.weights[i][a] - m.weights[i][actAnswer]; by > 0.3 {
			voices = append(voices, voice{strings.Trim(m.names[i], "^ .,"), by})
		}
	}
	slices.SortStableFunc(voices, func(x, y voice) int { return cmp.Compare(y.by, x.by) })
	var out []string
	for _, v := range voices {
		if !slices.ContainsFunc(out, func(o string) bool { return strings.Contains(o, v.name) || strings.Contains(v.name, o) }) && len(out) < 3 && v.name != "" {
			out = append(out, v.name)
		}
	}
	return strings.Join(out, ", ")
}

// softmax turns odds into chances that add up to 1.
func softmax(odds [acts]float64) (p [acts]float64) {
	top := odds[0]
	for _, o := range odds[1:] {
		top = max(top, o)
	}
	sum := 0.0
	for k, o := range odds {
		p[k] = math.Exp(o - top)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
	return p
}

// sureAct is how sure it has to be that a reply is no answer.
const sureAct = 0.55

// likeliest is the act that a reply is taken for.
func likeliest(p [acts]float64) act {
	if p[actAnswer] > 1-sureAct {
		return actAnswer
	}
	best := actExhausted
	for a := actExhausted; a < acts; a++ {
		if p[a] > p[best] {
			best = a
		}
	}
	return best
}
