package audit

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"accord/shared/aup"
	"accord/shared/usage"
)

// The figures behind an order.
const (
	leastMarch   = 90   // different numbers in a row, about: its order speaks where a walk's number alone would not
	leastInOrder = 20   // resources of the sample
	inOrder      = 0.75 // of those, met one after the other: chance, which brings 9 of 20, never gets there
	marchDensity = 0.4  // of the numbers in between were asked for: a list that is sorted has gaps
	leastRow     = 150  // different numbers in a row, about, in any order: more than a walk's, for they are a part of what was asked for
	rowDensity   = 0.75 // of the numbers in between were asked for in one window only: who knows a block comes back
)

// march is a run of numbers that were met in their order.
type march struct {
	low, high uint64
	inOrder   int
	of        int
	order     bool    // that they were met in order was needed
	by        float64 // what they count by, where it is more than one
	beside    string  // a path of which all but the number is theirs, too; empty where there is nothing else
	as        usage.Numbering
}

// inOrder finds a row of numbers, of whatever kind.
func (c *crawl) inOrder(s *Subject) (found march, ok bool) {
	if found, ok = c.marched(s, c.keys); !ok {
		found, ok = c.advanced(s)
	}
	found.as = c.numbering
	if !ok {
		found, ok = c.beside(s)
	}
	if !ok {
		found, ok = c.amid(s)
	}
	return found, ok
}

// said says how the numbers were met.
func (m march) said() string {
	row := fmt.Sprintf("among them a row from %s to %s", m.as.Text(m.low), m.as.Text(m.high))
	if m.by > 1 {
		row = fmt.Sprintf("among them a row of one number in %.0f from %s to %s", m.by, m.as.Text(m.low), m.as.Text(m.high))
	}
	switch {
	case m.order:
		return fmt.Sprintf("%s, one after the other (%d of a sample of %d)", row, m.inOrder, m.of)
	case m.beside != "":
		return fmt.Sprintf("%s in the place of one number of %s, each about once", row, m.beside)
	}
	return row + ", each in one go"
}

// marched looks for numbers without gaps that were met one after the other, each once, up or down, among
// whatever else was asked for: honest use of the same key has no order, but for reading what is new. Without gaps at all, the order
// does not matter. Which numbers a sample stands for is found by trying all there are.
func (l *looked) marched(s *Subject, keys []aup.KeyID) (found march, ok bool) {
	if !l.single() || len(l.marks) < leastInOrder || l.written >= edits*l.distinct {
		return found, false
	}
	rate := float64(len(l.marks)) / l.distinct
	if int(leastMarch*rate) > len(l.marks) || len(l.marks)-int(l.cameAgain()) < leastInOrder {
		return found, false
	}
	met := l.met(s.Index)
	by := unit(met)
	news := func(row []number) bool {
		return l.newest(l.among(s.Index, row), 1/rate, s.written(l.template()), &s.Population, keys)
	}
	if found, ok = row(met, rate, leastMarch, marchDensity/by, true, news); !ok {
		found, ok = row(met, rate, leastRow, rowDensity/by, false, news)
	}
	found.by = by
	return found, ok
}

// row finds so many numbers of a sample, taken at a rate, that lie as densely, and in order where that is asked for, and
// are not what is new.
func row(met []number, rate, least, density float64, order bool, news func([]number) bool) (found march, ok bool) {
	k := max(leastInOrder, int(math.Ceil(least*rate)))
	for i := 0; i+k <= len(met); i++ {
		some := met[i : i+k]
		low, high := some[0].number, some[k-1].number
		if float64(k)/rate < density*float64(high-low) {
			continue
		}
		n := max(rising(some, 1), rising(some, -1))
		if order && float64(n) >= inOrder*float64(k) || !order && spread(some) {
			if news(some) {
				i += k - 1
				continue
			}
			return march{low: low, high: high, inOrder: n, of: k, order: order}, true
		}
	}
	return found, false
}

// spread says whether looks came in more than one window, so that coming back would have shown.
func spread(some []number) bool {
	at := map[int64]int{}
	for _, m := range some {
		if at[m.at]++; 2*at[m.at] > len(some) {
			return false
		}
	}
	return true
}

// number is a number and when it was looked at.
type number struct {
	number uint64
	at     int64
}

// met are the numbers of the sample that were looked at in one window only, rising.
func (l *looked) met(index *usage.Index) []number {
	var met []number
	for _, m := range l.marks {
		if n, known := l.known(index)[m.hash]; known && !m.again {
			met = append(met, number{n, m.at})
		}
	}
	slices.SortFunc(met, func(a, b number) int { return cmp.Compare(a.number, b.number) })
	return met
}

// among are all numbers of the sample within a row, rising, with those that were looked at again: who waits for the next record asks for
// it until it is there.
func (l *looked) among(index *usage.Index, row []number) []number {
	low, high := row[0].number, row[len(row)-1].number
	return slices.DeleteFunc(l.firsts(index), func(n number) bool { return n.number < low || n.number > high })
}

// rising is how many can be left of some numbers so that each was met in a later window than the one before, or
// in an earlier one where sign is negative.
func rising(some []number, sign int64) int {
	var room [usage.SketchSize]int64
	ends := room[:0] // of the shortest-ending rows of each length
	for _, m := range some {
		i, _ := slices.BinarySearch(ends, sign*m.at)
		if i == len(ends) {
			ends = append(ends, 0)
		}
		ends[i] = sign * m.at
	}
	return len(ends)
}
