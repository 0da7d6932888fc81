package usage

import (
	"cmp"
	"slices"
)

// Series is a figure by window, rising by time: a run of it is read without sorting.
type Series []Figure

// Figure is what one window says.
type Figure struct {
	Window int64 `json:"window"` // Unix second of its start
	N      int64 `json:"n"`
}

// At is a window's figure; 0 where there is none.
func (s Series) At(window int64) int64 {
	if i, there := s.find(window); there {
		return s[i].N
	}
	return 0
}

// Sum adds all figures up.
func (s Series) Sum() (total int64) {
	for _, f := range s {
		total += f.N
	}
	return total
}

func (s Series) find(window int64) (int, bool) {
	return slices.BinarySearchFunc(s, window, func(f Figure, at int64) int { return cmp.Compare(f.Window, at) })
}

// Plus adds to a window's figure. As append does, it may use the memory of s.
func (s Series) Plus(window, n int64) Series {
	if last := len(s) - 1; last < 0 || s[last].Window < window {
		return append(s, Figure{window, n})
	}
	i, there := s.find(window)
	if !there {
		return slices.Insert(s, i, Figure{window, n})
	}
	s[i].N += n
	return s
}

// without leaves a window out. It may use the memory of s.
func (s Series) without(window int64) Series {
	if i, there := s.find(window); there {
		return slices.Delete(s, i, i+1)
	}
	return s
}

// Merge is the series of two: where both have a window, its figures are added. It shares no memory with o.
func (s Series) Merge(o Series) Series {
	s = slices.Grow(s, len(o))
	for _, f := range o {
		s = s.Plus(f.Window, f.N)
	}
	return s
}
