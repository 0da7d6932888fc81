package usage

import (
	"math/bits"
	"slices"
)

// sample is a Sketch while it is being made. Hashes are put behind those that are in order, and put in
// order once there are many: what a hash costs is then mostly one write.
type sample struct {
	low   []uint32 // the first sorted of them as in a Sketch, then those added since, in any order
	limit uint32   // hashes above it are not among the SketchSize lowest
	order int      // how many are in order
}

// maxAdded is how many hashes may be there before they are put in order.
const maxAdded = 2 * SketchSize

func (s *sample) add(hash uint64) { s.addHigh(uint32(hash >> 32)) }

func (s *sample) addHigh(h uint32) {
	if s.order == SketchSize && h >= s.limit {
		return
	}
	if n := len(s.low); n > 0 && s.low[n-1] == h {
		return // who calls again calls from where it called
	}
	if s.low = append(s.low, h); len(s.low) == maxAdded {
		s.settle()
	}
}

// settle puts all in order.
func (s *sample) settle() []uint32 {
	if s.order == len(s.low) {
		return s.low
	}
	if len(s.low) <= 24 {
		insertion(s.low, s.order)
	} else {
		spread(s.low)
	}
	s.low = slices.Compact(s.low)
	s.low = s.low[:min(len(s.low), SketchSize)]
	if s.order = len(s.low); s.order == SketchSize {
		s.limit = s.low[SketchSize-1]
	}
	return s.low
}

// spread sorts hashes. They lie evenly, so that one pass brings each to within a place or two of where it
// belongs, and insertion does the rest: slices.Sort takes more than twice as long (BenchmarkSpread), and was a seventh
// of what counting a line costs.
func spread(a []uint32) {
	var highest uint32
	for _, h := range a {
		highest = max(highest, h)
	}
	shift := max(bits.Len32(highest), 8) - 8
	var ends [256]uint16
	for _, h := range a {
		ends[h>>shift]++
	}
	end := uint16(0)
	for i, n := range ends {
		ends[i], end = end, end+n
	}
	var room [maxAdded]uint32
	out := room[:len(a)]
	for _, h := range a {
		bucket := h >> shift
		out[ends[bucket]] = h
		ends[bucket]++
	}
	copy(a, out)
	insertion(a, 1)
}

// insertion sorts a few numbers, the first of which are in order.
func insertion(a []uint32, order int) {
	for i := max(order, 1); i < len(a); i++ {
		h, at := a[i], i
		for at > 0 && a[at-1] > h {
			a[at] = a[at-1]
			at--
		}
		a[at] = h
	}
}

// merge adds hashes that ascend.
func (s *sample) merge(b []uint32) {
	for _, h := range b {
		if s.order == SketchSize && h >= s.limit {
			return
		}
		s.addHigh(h)
	}
}

func (s *sample) mergeSketch(o *Sketch) {
	if o != nil {
		s.merge(o.low)
	}
}

// sketch returns a sketch of its own, and none for the empty set.
func (s *sample) sketch() *Sketch {
	if len(s.low) == 0 {
		return nil
	}
	return &Sketch{slices.Clone(s.settle())}
}
