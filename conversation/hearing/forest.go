package hearing

import (
	_ "embed"
	"encoding/binary"
	"math"
)

// A forest is a sum of small decision trees, each of which mends what those before it leave wrong:
// gradient boosting (Friedman 2001). It hears what a weighted sum cannot, such as "the words are the same,
// and that means little next to the answer just before". TestFit grows it.
type forest struct {
	base  float32 // the logarithm of the odds where nothing else says anything
	tilt  float32 // how much of the nearest earlier answer's own odds is believed before any tree
	roots []int32
	nodes []node
}

// A node sends a value up to its limit to the left; a leaf, whose left is itself, adds its limit.
type node struct {
	limit       float32
	of          uint8
	left, right int32
}

//go:embed data/again.bin
var againTable []byte

// The embedded form, little-endian: the base, the tilt, the number of trees, then each tree in preorder: of a node
// what it looks at, of a leaf isLeaf, and its limit.
const isLeaf = 0xff

// readForest reads the embedded form; of one that is cut short it takes nothing.
func readForest(data []byte) *forest {
	f := &forest{}
	const head = 10
	if len(data) < head {
		return f
	}
	f.base, f.tilt = math.Float32frombits(binary.LittleEndian.Uint32(data)), math.Float32frombits(binary.LittleEndian.Uint32(data[4:]))
	trees := int(binary.LittleEndian.Uint16(data[8:]))
	data = data[head:]
	f.nodes = make([]node, 0, len(data)/5)
	for range trees {
		f.roots = append(f.roots, int32(len(f.nodes)))
		var ok bool
		if data, ok = f.readTree(data, 0); !ok {
			return &forest{}
		}
	}
	return f
}

// treeDeep is beyond how deep any tree grows.
const treeDeep = 64

func (f *forest) readTree(data []byte, deep int) (rest []byte, ok bool) {
	if len(data) < 5 || deep > treeDeep || data[0] != isLeaf && int(data[0]) >= standSize {
		return nil, false
	}
	at := int32(len(f.nodes))
	f.nodes = append(f.nodes, node{limit: math.Float32frombits(binary.LittleEndian.Uint32(data[1:])), of: data[0], left: at, right: at})
	if data = data[5:]; f.nodes[at].of == isLeaf {
		return data, true
	}
	f.nodes[at].left = at + 1
	if data, ok = f.readTree(data, deep+1); !ok {
		return nil, false
	}
	f.nodes[at].right = int32(len(f.nodes))
	return f.readTree(data, deep+1)
}

// chance is what the trees say together, from 0 to 1.
func (f *forest) chance(t *standing) float64 { return logistic(float64(f.odds(t))) }

func (f *forest) odds(t *standing) float32 {
	sum := f.base + f.tilt*t[standBest]
	for _, at := range f.roots {
		n := &f.nodes[at]
		for n.of != isLeaf {
			if t[n.of] <= n.limit {
				n = &f.nodes[n.left]
			} else {
				n = &f.nodes[n.right]
			}
		}
		sum += n.limit
	}
	return sum
}
