package accesslog

// table finds what was met before by its text, or by its two texts: a hash table with open addressing,
// which costs a line half of what a map does.
type table[V interface{ Is(a, b string) bool }] struct {
	slots []slot[V] // a power of two of them, at most half in use
	n     int
}

type slot[V any] struct {
	hash uint64
	used bool
	v    V
}

// get returns the zero V for what was not put.
func (t *table[V]) get(hash uint64, a, b string) (v V) {
	if len(t.slots) == 0 {
		return v
	}
	for i := hash; ; i++ {
		s := &t.slots[i&uint64(len(t.slots)-1)]
		if !s.used || s.hash == hash && s.v.Is(a, b) {
			return s.v
		}
	}
}

// put adds what get does not find.
func (t *table[V]) put(hash uint64, v V) {
	if t.n++; 2*t.n > len(t.slots) {
		old := t.slots
		t.slots = make([]slot[V], max(64, 2*len(old)))
		for _, s := range old {
			if s.used {
				t.place(s)
			}
		}
	}
	t.place(slot[V]{hash, true, v})
}

func (t *table[V]) place(s slot[V]) {
	i := s.hash
	for t.slots[i&uint64(len(t.slots)-1)].used {
		i++
	}
	t.slots[i&uint64(len(t.slots)-1)] = s
}
