package usage

import "math/bits"

// maxDecoded is among how many numbers those of a sample are looked for: half a millisecond where they are plain, five where zeros or a prefix are written before them.
const maxDecoded = 1 << 17

// Numbers finds which number from low to high each hash of s stands for, in the order of the hashes, written in one way under a
// template whose only parameter they are: nothing is stored of the numbers themselves. There are none where the span
// is too wide to look through; a hash for which none is found, such as a text's, is left out.
func (s *Sketch) Numbers(as Numbering, low, high uint64) map[uint32]uint64 {
	if s.Len() == 0 || high < low || high-low >= maxDecoded {
		return nil
	}
	among, found := s.lookup(), make(map[uint32]uint64, s.Len())
	for n := low; n <= high; n++ {
		if h := as.of(n); among.has(h) {
			found[h] = n
		}
	}
	return found
}

// NumbersIn is Numbers in a span that may be CellSize times as wide, since the cells of all numbers are known: only in those are they looked for.
func (s *Sketch) NumbersIn(cells *Sketch, as Numbering, low, high uint64) map[uint32]uint64 {
	if s.Len() == 0 || cells.Len() == 0 || !cells.Exact() || high < low || (high-low)/CellSize >= maxDecoded {
		return nil
	}
	touched, among, found := cells.lookup(), s.lookup(), make(map[uint32]uint64, s.Len())
	for cell := low >> cellBits; cell <= high>>cellBits; cell++ {
		first := cell << cellBits
		if !touched.has(uint32(hashNumber(0, (baseOf(as.prefix)|first)>>cellBits) >> 32)) {
			continue
		}
		for n := max(low, first); n <= min(high, first+CellSize-1); n++ {
			if h := as.of(n); among.has(h) {
				found[h] = n
			}
		}
	}
	return found
}

// lookup says which hashes a sketch has, most often by a single bit.
type lookup struct {
	of     *Sketch
	most   uint32
	coarse int
	some   [1 << 12 / 64]uint64 // by their highest bits, which hashes there are: most numbers end here
}

// lookup is for a sketch that is not empty.
func (s *Sketch) lookup() *lookup {
	l := &lookup{of: s, most: s.low[s.Len()-1]}
	l.coarse = max(0, bits.Len32(l.most)-12)
	for _, h := range s.low {
		l.some[h>>l.coarse/64] |= 1 << (h >> l.coarse % 64)
	}
	return l
}

func (l *lookup) has(hash uint32) bool {
	top := hash >> l.coarse
	return hash <= l.most && l.some[top/64]>>(top%64)&1 != 0 && l.of.has(hash)
}

// Met estimates how many numbers from low to high were met, where s is full and all of its hashes are theirs: of those that
// would be kept, had they all been met, it knows which were. Numbers without a gap are counted so, and the error of
// any others is that of Estimate times the root of the share that was not met. ok is false where that is not so, or
// the span is too wide to look through.
func (s *Sketch) Met(as Numbering, low, high uint64) (met float64, ok bool) {
	if s.Exact() || high < low || high-low >= maxDecoded {
		return 0, false
	}
	most, below, kept := s.low[SketchSize-1], 0, 0
	for n := low; n <= high; n++ {
		if h := as.of(n); h <= most {
			below++
			if s.has(h) {
				kept++
			}
		}
	}
	if kept < SketchSize {
		return 0, false
	}
	return float64(high-low+1) * (SketchSize - 1) / float64(below-1), true
}
