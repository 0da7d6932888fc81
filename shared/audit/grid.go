package audit

import (
	"math"
	"slices"
	"strings"

	"accord/shared/usage"
)

// The figures behind a grid.
const (
	leastGrid = 120  // different places: more than a walk's numbers, for who looks at a map moves over it; still counted, not estimated
	mostGrid  = 2048 // up to which its sample is close enough together to be found within half a millisecond
	gridAgain = 0.05 // of its places, up to which nobody came back
	inABox    = 8    // of the sample, about, that a box around a place holds where all was read
)

// patch is a part of a grid that was read place by place.
type patch struct {
	usage.Patch
	full float64 // the share of the places in it and around it that was read
}

// gridded looks for places that lie side by side, each asked for once, where looks at random among as many would have
// brought repeats: a map square by square, tiles, rows, spirals. In which order does not matter. Half of all that was
// looked at must be of it, and hardly a rest in it: who turns pages does so now and then.
func (l *looked) gridded() (found patch, ok bool) {
	template := l.template()
	if strings.Count(template, "{") < 2 || l.distinct < leastGrid || l.distinct > mostGrid ||
		l.distinct < firstLooks*float64(l.looks) || float64(longest(l.byWindow).looks) < burstShare*float64(l.looks) || l.written >= edits*l.distinct {
		return found, false
	}
	rate := float64(l.sample.Len()) / l.distinct
	reach := max(2, math.Ceil((math.Sqrt(inABox/rate)-1)/2))
	for _, path := range l.examples {
		if p := l.sample.Patch(template, path, int64(reach)); 2*len(p.Hashes) >= l.sample.Len() {
			found.Patch = p
			break
		}
	}
	places := float64(len(found.Hashes)) / rate
	if places < leastGrid {
		return found, false
	}
	found.full = float64(found.Kept) / float64(found.Below)
	return found, found.full >= walkDensity && l.patched(found, places, places/found.full)
}

// patched says whether so many places among some slots were read without coming back. Chance alone is not enough: who turns
// the pages of a list, or moves over a map, does not come back on the way.
func (l *looked) patched(p patch, places, slots float64) bool {
	again := 0
	for _, m := range l.marks {
		if m.again && slices.Contains(p.Hashes, m.hash) {
			again++
		}
	}
	if float64(again) > gridAgain*float64(len(p.Hashes)) {
		return false
	}
	looks := float64(l.looks) * places / l.distinct
	return beyondLuck(places, looks, slots, l.err) || !l.exact && l.neverAgain(slots*l.distinct/places)
}
