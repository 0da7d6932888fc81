package usage

import "math/bits"

// maxDecoded is among how many numbers those of a sample are looked for: half a millisecond.
const maxDecoded = 1 << 17

// Numbers finds which number from low to high each hash of s stands for, in the order of the hashes, under a
// template whose only parameter they are: nothing is stored of the numbers themselves. There are none where the span
// is too wide to look through; a hash for which none is found, such as a text's, is left out.
func (s *Sketch) Numbers(template string, low, high uint64) map[uint32]uint64 {
	if s.Len() == 0 || high < low || high-low >= maxDecoded {
		return nil
	}
	seed, most := Hash(template), s.low[s.Len()-1]
	coarse := bits.Len32(most) - 12
	var some [1 << 12 / 64]uint64 // by their highest bits, which hashes there are: most numbers end here
	for _, h := range s.low {
		some[h>>max(0, coarse)/64] |= 1 << (h >> max(0, coarse) % 64)
	}
	found := make(map[uint32]uint64, s.Len())
	for n := low; n <= high; n++ {
		h := uint32(hashNumber(seed, n) >> 32)
		if top := h >> max(0, coarse); h <= most && some[top/64]>>(top%64)&1 != 0 && s.has(h) {
			found[h] = n
		}
	}
	return found
}
