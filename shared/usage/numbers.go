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
	most := s.low[s.Len()-1]
	coarse := bits.Len32(most) - 12
	var some [1 << 12 / 64]uint64 // by their highest bits, which hashes there are: most numbers end here
	for _, h := range s.low {
		some[h>>max(0, coarse)/64] |= 1 << (h >> max(0, coarse) % 64)
	}
	found := make(map[uint32]uint64, s.Len())
	for n := low; n <= high; n++ {
		h := as.of(n)
		if top := h >> max(0, coarse); h <= most && some[top/64]>>(top%64)&1 != 0 && s.has(h) {
			found[h] = n
		}
	}
	return found
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
