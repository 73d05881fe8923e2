package hearing

// A table maps hashes to small numbers. Words are looked up three times each, and
// a Go map would be most of a decision's time.
type table struct {
	keys []uint64 // 0: free
	vals []int32
	mask uint64
}

// newTable makes a table of a map's keys; value i stands for the i-th of what it returns.
func newTable[V any](m map[uint64]V) (table, []V) {
	size := 16
	for size < 2*len(m) {
		size *= 2
	}
	t := table{keys: make([]uint64, size), vals: make([]int32, size), mask: uint64(size - 1)}
	out := make([]V, 0, len(m))
	for k, v := range m {
		i := k & t.mask
		for t.keys[i] != 0 {
			i = (i + 1) & t.mask
		}
		t.keys[i], t.vals[i] = k, int32(len(out))
		out = append(out, v)
	}
	return t, out
}

// at is the number of a key, or -1.
func (t *table) at(k uint64) int32 {
	if t.keys == nil {
		return -1
	}
	for i := k & t.mask; t.keys[i] != 0; i = (i + 1) & t.mask {
		if t.keys[i] == k {
			return t.vals[i]
		}
	}
	return -1
}
