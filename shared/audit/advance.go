package audit

import (
	"math"
	"slices"
)

// The figures behind going on while coming back.
const (
	leastSteps  = 3    // windows in which it went on: in fewer no order shows
	evenAdvance = 0.15 // of all there are, up to which the new ones ran ahead of the looks, or fell behind
	busyWorld   = 240  // new records an hour, up to which who comes back to them may be at work with them
)

// advanced looks for a walk of which most looks went back: numbers without gaps were first met in their order, up or
// down, and one new one after so many looks, from the first to the last. People's looks meet what is new to them in no order; who comes to know
// a block of numbers, or turns pages, meets most of it in the first of the looks.
func (c *crawl) advanced(s *Subject) (found march, ok bool) {
	if !c.walkable() || c.distinct >= firstLooks*float64(c.looks) || c.distinct < rowDensity*c.slots()/withDigit {
		return found, false
	}
	some := c.firsts(s.Index)
	each := c.distinct / float64(len(c.marks))
	trim := int(strays * float64(len(some)))
	some = some[trim : len(some)-trim]
	if len(some) < leastInOrder {
		return found, false
	}
	low, high := some[0].number, some[len(some)-1].number
	if each*float64(len(some)) < rowDensity*float64(high-low)/unit(some) || c.newest(some, each, busyWorld, &s.Population, c.keys) {
		return found, false
	}
	for range 2 {
		if reached, out := frontier(some); float64(out) <= strays*float64(len(some)) && c.evenly(some[0].number, reached) {
			return march{low: low, high: high, inOrder: len(some) - out, of: len(some), order: true}, true
		}
		slices.Reverse(some)
	}
	return found, false
}

// evenly says whether the end of what was met moved on as looks were made, in enough windows to tell.
func (l *looked) evenly(begin uint64, reached []number) bool {
	if len(reached) < leastSteps {
		return false
	}
	looks := byWindow(l.resource, l.days)
	from, all := float64(begin), float64(looks.Sum())
	whole := float64(reached[len(reached)-1].number) - from
	done, i := 0.0, 0
	for _, r := range reached {
		for i < len(looks) && looks[i].Window <= r.at*windowSeconds {
			done += float64(looks[i].N)
			i++
		}
		if math.Abs(done/all-(float64(r.number)-from)/whole) > evenAdvance {
			return false
		}
	}
	return true
}
