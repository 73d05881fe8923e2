package hearing

// A table maps hashes to small numbers. Words are looked up three times each, and
// a Go map would be most of a decision's time.
type table struct {
	keys []uint64 // 0: free
	vals []int32
	mask uint64
}

// tableFor makes an empty table for n keys.
func tableFor(n int) table {
	size := 16
	for size < 2*n {
		size *= 2
	}
	return table{keys: make([]uint64, size), vals: make([]int32, size), mask: uint64(size - 1)}
}

// put adds a key that the table has not yet; of two that are the same the first counts.
func (t *table) put(k uint64, v int32) {
	i := k & t.mask
	for t.keys[i] != 0 {
		if t.keys[i] == k {
			return
		}
		i = (i + 1) & t.mask
	}
	t.keys[i], t.vals[i] = k, v
}

// newTable makes a table of a map's keys; value i stands for the i-th of what it returns.
func newTable[V any](m map[uint64]V) (table, []V) {
	t := tableFor(len(m))
	out := make([]V, 0, len(m))
	for k, v := range m {
		t.put(k, int32(len(out)))
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
