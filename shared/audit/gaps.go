package audit

import (
	"maps"
	"slices"
)

// unfound is the share of the looks, or of the numbers, up to which nothing was found: who owns a block, or is told what is new, asks for what is there; who counts meets
// gaps.
const unfound = 0.05

// gaps is how many looks found nothing, about, where those are enough to tell of gaps; else 0. Those count that somebody waits at, too.
func (l *looked) gaps() float64 {
	if n := l.notThere(); n > unfound*float64(l.looks) {
		return n
	}
	return 0
}

// notThere is how many answers were 404, about.
func (l *looked) notThere() (n float64) {
	missed := l.missed()
	for _, at := range slices.Sorted(maps.Keys(missed)) { // in one order, so that the sum is the same each time
		n += missed[at]
	}
	return n
}

// missed is how many answers were 404 in each window, in windows since 1970: the resource's share of those in the windows in which it was looked at.
// Which resource they were about is not kept by window.
func (l *looked) missed() map[int64]float64 {
	n := map[int64]float64{}
	for i := range l.days {
		for _, w := range l.days[i].Looks[l.resource] {
			if all := l.days[i].Windows[w.Window]; all.NotFound > 0 {
				n[w.Window/windowSeconds] += float64(all.NotFound) * float64(w.N) / float64(all.Requests)
			}
		}
	}
	return n
}

// neverThere is how many answers were 404, about, and not because it was too early: who waits for the next record asks for it until it is
// there, in the same window or in the next one in which it asks at all. Beyond what is counted, only the sums of both tell.
func (l *looked) neverThere() (n float64) {
	if !l.exact {
		return l.notThere() - l.askedAgain()
	}
	again := map[int64]float64{}
	looks := byWindow(l.resource, l.days)
	for _, w := range looks {
		again[w.Window/windowSeconds] = float64(w.N)
	}
	for _, m := range l.marks {
		again[m.at]--
	}
	missed, waiting := l.missed(), l.waiting()
	for i, w := range looks {
		waited := again[w.Window/windowSeconds]
		if i+1 < len(looks) {
			waited += again[looks[i+1].Window/windowSeconds]
		}
		n += max(0, missed[w.Window/windowSeconds]-waiting*waited)
	}
	return n
}

// waiting is the share of what came again in another window that may have been waited for: it was the highest number of those that were first met in its own.
// Who goes back over what was there comes again to any.
func (l *looked) waiting() float64 {
	highest := map[int64]uint64{}
	for _, m := range l.marks {
		highest[m.at] = max(highest[m.at], l.numbers[m.hash])
	}
	waited, again := 0.0, l.cameAgain()
	for _, m := range l.marks {
		if m.again && l.numbers[m.hash] == highest[m.at] {
			waited++
		}
	}
	if again == 0 {
		return 1
	}
	return waited / again
}

// askedAgain is how many looks were at what had been asked for before, about: who waits for the next record asks for it until it is there.
func (l *looked) askedAgain() float64 {
	if l.single() {
		return float64(l.looks) - min(l.distinct, l.span)
	}
	return float64(l.looks) - l.distinct
}
