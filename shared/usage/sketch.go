package usage

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// SketchSize is how many hashes a Sketch keeps: counts below it are exact, and the standard error of
// larger estimates is about 9 % (1/sqrt(SketchSize-2)).
const SketchSize = 128

// Sketch is a bounded sample of a set of hashes: the SketchSize lowest. It estimates how many there are
// and how much two sets overlap. Merging is the union of sets. The zero Sketch is the empty set, and a
// nil one reads as empty.
type Sketch struct {
	low []uint32 // the hashes' high 32 bits: ascending, distinct, at most SketchSize
}

// Add adds one element by its Hash.
func (s *Sketch) Add(hash uint64) { s.add(uint32(hash >> 32)) }

func (s *Sketch) add(h uint32) {
	n := len(s.low)
	if n == SketchSize && h >= s.low[n-1] {
		return
	}
	i := below(s.low, h)
	if i < n && s.low[i] == h {
		return
	}
	if n < SketchSize {
		s.low = append(s.low, 0)
		n++
	}
	copy(s.low[i+1:n], s.low[i:n-1])
	s.low[i] = h
}

// below counts the hashes under h. It has no branch that depends on them: where h belongs is a coin toss
// at every step.
func below(low []uint32, h uint32) int {
	from, n := 0, len(low)
	for n > 1 {
		half := n / 2
		_, under := bits.Sub32(low[from+half-1], h, 0)
		from += half & -int(under)
		n -= half
	}
	if n == 1 {
		_, under := bits.Sub32(low[from], h, 0)
		from += int(under)
	}
	return from
}

// Merge makes s the union of s and o. It shares no memory with o.
func (s *Sketch) Merge(o *Sketch) {
	if o.Len() == 0 {
		return
	}
	if len(s.low) == 0 {
		s.low = slices.Clone(o.low)
		return
	}
	var room [SketchSize]uint32
	a, b, out := s.low, o.low, room[:0]
	for len(out) < SketchSize && len(a)+len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0] < b[0]:
			out, a = append(out, a[0]), a[1:]
		case len(a) == 0 || b[0] < a[0]:
			out, b = append(out, b[0]), b[1:]
		default:
			out, a, b = append(out, a[0]), a[1:], b[1:]
		}
	}
	s.low = append(s.low[:0], out...)
}

// Len returns how many hashes are kept.
func (s *Sketch) Len() int {
	if s == nil {
		return 0
	}
	return len(s.low)
}

// Hashes returns what is kept, rising.
func (s *Sketch) Hashes() []uint32 {
	if s == nil {
		return nil
	}
	return slices.Clone(s.low)
}

// Exact says whether the sketch still holds every element, so that Estimate is a count.
func (s *Sketch) Exact() bool { return s.Len() < SketchSize }

// Estimate returns how many distinct elements were added: exactly while Exact, about that beyond.
func (s *Sketch) Estimate() float64 {
	if s.Exact() {
		return float64(s.Len())
	}
	return float64(SketchSize-1) / (float64(s.low[SketchSize-1]) / math.MaxUint32)
}

// Error is the standard deviation of Estimate, as a share of it: 0 where it is exact, up to 9 %.
func (s *Sketch) Error() float64 {
	if s.Exact() {
		return 0
	}
	return math.Sqrt(max(0, 1-SketchSize/s.Estimate()) / SketchSize)
}

// Overlap estimates the share of the union of s and o that is in both: 1 for equal sets, 0 for disjoint
// or empty ones.
func (s *Sketch) Overlap(o *Sketch) float64 {
	var union Sketch
	union.Merge(s)
	union.Merge(o)
	if union.Len() == 0 {
		return 0
	}
	both := 0
	for _, h := range union.low {
		if s.has(h) && o.has(h) {
			both++
		}
	}
	return float64(both) / float64(union.Len())
}

func (s *Sketch) has(hash uint32) bool {
	if s == nil {
		return false
	}
	_, there := slices.BinarySearch(s.low, hash)
	return there
}

// Equal says whether both keep the same hashes.
func (s *Sketch) Equal(o *Sketch) bool {
	if s.Len() != o.Len() {
		return false
	}
	return s.Len() == 0 || slices.Equal(s.low, o.low)
}

// MarshalText writes HashName, a colon and the base64 of the hashes, ascending and little-endian.
func (s *Sketch) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, 4*s.Len())
	if s != nil {
		for _, h := range s.low {
			raw = binary.LittleEndian.AppendUint32(raw, h)
		}
	}
	return base64.RawStdEncoding.AppendEncode([]byte(HashName+":"), raw), nil
}

// UnmarshalText reads what MarshalText wrote, and refuses anything else.
func (s *Sketch) UnmarshalText(text []byte) error {
	name, body, _ := strings.Cut(string(text), ":")
	if name != HashName {
		return fmt.Errorf("sketch: hashed by %.32q, but this version reads only %q", name, HashName)
	}
	raw, err := base64.RawStdEncoding.Strict().DecodeString(body)
	if err != nil {
		return fmt.Errorf("sketch: %w", err)
	}
	if len(raw)%4 != 0 || len(raw)/4 > SketchSize {
		return fmt.Errorf("sketch: %d bytes are not up to %d hashes of 4", len(raw), SketchSize)
	}
	low := make([]uint32, 0, len(raw)/4)
	for i := 0; i < len(raw); i += 4 {
		h := binary.LittleEndian.Uint32(raw[i:])
		if len(low) > 0 && h <= low[len(low)-1] {
			return fmt.Errorf("sketch: hash %d is not above the one before", len(low))
		}
		low = append(low, h)
	}
	s.low = low
	return nil
}
