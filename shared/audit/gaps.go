package audit

import (
	"strings"

	"accord/shared/usage"
)

// The figures behind gaps: who owns a block, or is told what is new, asks for what is there; who counts up meets gaps.
const (
	gapShare = 0.1  // of the looks found nothing, beyond which nobody owns what was looked at: up to there some may have closed
	unfound  = 0.05 // of the numbers, up to which none of what is new is a gap
)

// gaps is how many looks found nothing, where those are enough to tell of gaps; else 0. What somebody waits for counts, too; a part that is not there, such as
// opening times, does not: there may be none.
func (l *looked) gaps() float64 {
	if n := l.notThere(); n > gapShare*float64(l.looks) && strings.HasSuffix(l.resource, "}") {
		return n
	}
	return 0
}

// notThere is how many answers were 404.
func (l *looked) notThere() float64 { return float64(l.missed().Sum()) }

func (l *looked) missed() (sum usage.Series) {
	for i := range l.days {
		sum = sum.Merge(l.days[i].Missed[l.resource])
	}
	return sum
}

// neverThere is how many answers were 404, and not, about, because it was too early: who waits for the next record asks for it until it is
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
		n += max(0, float64(missed.At(w.Window))-waiting*waited)
	}
	return n
}

// waiting is the share of what came again in another window that may have been waited for: it was the highest number of those that were first met in its own.
// Who goes back over what was there comes again to any.
func (l *looked) waiting() float64 {
	numbers, highest, waited := l.known(nil), map[int64]uint64{}, 0.0
	for _, m := range l.marks {
		highest[m.at] = max(highest[m.at], numbers[m.hash])
	}
	for _, m := range l.marks {
		if m.again && numbers[m.hash] == highest[m.at] {
			waited++
		}
	}
	return waited / max(1, l.cameAgain())
}

// askedAgain is how many looks were at what had been asked for before, about: who waits for the next record asks for it until it is there.
func (l *looked) askedAgain() float64 {
	if l.single() {
		return float64(l.looks) - min(l.distinct, l.span)
	}
	return float64(l.looks) - l.distinct
}
