package usage

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
)

// SketchSize is how many hashes a Sketch keeps: counts below it are exact, and the standard error of
// larger estimates is about 9 % (1/sqrt(SketchSize-2)).
const SketchSize = 128

// HashName names the function Hash, and stands at the front of every stored sketch: hashes made by
// different functions must never be merged.
const HashName = "fnv1a-splitmix64"

// Hash is the 64-bit hash under which sketches, examples and resources are sampled. It is FNV-1a
// finished by the mixer of splitmix64, because FNV alone leaves the high bits of short strings, by which
// the lowest hashes are chosen, far from uniform. Its values are stored: it can never change its meaning.
func Hash[T string | []byte](v T) uint64 { return finish(hashOn(hashStart, v)) }

const hashStart uint64 = 14695981039346656037

func hashOn[T string | []byte](h uint64, v T) uint64 {
	for i := range len(v) {
		h = (h ^ uint64(v[i])) * 1099511628211
	}
	return h
}

func finish(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// Sketch is a bounded sample of a set of hashes: the SketchSize lowest. It estimates how many there are
// and how much two sets overlap. Merging is the union of sets. The zero Sketch is the empty set, and a
// nil one reads as empty.
type Sketch struct {
	low []uint64 // ascending, distinct, at most SketchSize
}

// Add adds one element by its Hash.
func (s *Sketch) Add(hash uint64) {
	n := len(s.low)
	if n == SketchSize && hash >= s.low[n-1] {
		return
	}
	i, there := slices.BinarySearch(s.low, hash)
	switch {
	case there:
	case n == SketchSize:
		copy(s.low[i+1:], s.low[i:n-1])
		s.low[i] = hash
	default:
		s.low = slices.Insert(s.low, i, hash)
	}
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
	a, b := s.low, o.low
	out := make([]uint64, 0, min(len(a)+len(b), SketchSize))
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
	s.low = out
}

// Len returns how many hashes are kept.
func (s *Sketch) Len() int {
	if s == nil {
		return 0
	}
	return len(s.low)
}

// Exact says whether the sketch still holds every element, so that Estimate is a count.
func (s *Sketch) Exact() bool { return s.Len() < SketchSize }

// Estimate returns how many distinct elements were added: exactly while Exact, about that beyond.
func (s *Sketch) Estimate() float64 {
	if s.Exact() {
		return float64(s.Len())
	}
	return float64(SketchSize-1) / (float64(s.low[SketchSize-1]) / math.MaxUint64)
}

// All yields the kept hashes in ascending order.
func (s *Sketch) All() iter.Seq[uint64] {
	if s == nil {
		return func(func(uint64) bool) {}
	}
	return slices.Values(s.low)
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

func (s *Sketch) has(hash uint64) bool {
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
	raw := make([]byte, 0, 8*s.Len())
	for h := range s.All() {
		raw = binary.LittleEndian.AppendUint64(raw, h)
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
	if len(raw)%8 != 0 || len(raw)/8 > SketchSize {
		return fmt.Errorf("sketch: %d bytes are not up to %d hashes of 8", len(raw), SketchSize)
	}
	low := make([]uint64, 0, len(raw)/8)
	for i := 0; i < len(raw); i += 8 {
		h := binary.LittleEndian.Uint64(raw[i:])
		if len(low) > 0 && h <= low[len(low)-1] {
			return fmt.Errorf("sketch: hash %d is not above the one before", len(low))
		}
		low = append(low, h)
	}
	s.low = low
	return nil
}
