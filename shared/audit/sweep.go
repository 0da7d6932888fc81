package audit

import (
	"maps"
	"slices"
	"time"

	"accord/shared/usage"
)

// The figures behind a sweep.
const (
	sweepLooks    = 200  // looks
	mostlyNew     = 0.6  // of the looks, at least, are first ones, as a sketch estimates: three of its errors below 85 %
	sweepRun      = 18   // full windows in a row: 90 minutes, longer than nearly every batch
	shortRun      = 12   // full windows in a row, where a large share of the catalogue or two days speak for it too
	shortPace     = 0.25 // variance over mean in a run of fewer than sweepRun: chance comes below it once in 150 runs
	sweepShare    = 0.01 // of the catalogue, or of the span of numbers: below, a sweep would not be worth the while
	minPace       = 6    // looks in a window, on average: below, office work may be as even
	steadyPace    = 0.35 // variance of the looks in a window over their mean: people's is 1 or more
	roundTheClock = 14   // full hours in a row in which looks came evenly: nobody is awake so long
	someMisses    = 150  // looks from which misses are weighed that came from the first to the last
	missLooks     = 500  // and from which any are: a sorted list may begin with what is gone, as old numbers close first
	missShare     = 0.15 // of the looks were answered 404: a list that somebody keeps has fewer
	missedEach    = 0.1  // of each part of them
	mostThere     = 1e8  // resources: who finds so many of a span that there would have to be more knows where to look, as who reads the numbers on books
	scattered     = 2    // different numbers in a block, on average, up to which they are guesses and not neighbours
	leastShown    = 0.6  // of repeats can be seen: three windows or more
	anotherDay    = 100  // different resources on each of two days
	aListAgain    = 0.1  // of the last day's resources, from which they are a list's
	sameAsBefore  = 0.05 // of a sample, up to which it came but once
)

// pace is the longest run of windows in which looks came as evenly as only a program makes them.
type pace struct {
	windows     int
	length      int64 // of a window, in seconds
	first, last int64 // Unix seconds of the starts of the outermost of them
	mean        float64
}

const hour = int64(time.Hour / time.Second)

// steadiest finds the pace in looks by window: by five minutes, and where that shows none, by the hour.
func steadiest(looks usage.Series) pace {
	if p := steadiestOf(looks, windowSeconds); p.windows >= shortRun {
		return p
	}
	var hours usage.Series
	for _, w := range looks {
		hours = hours.Plus(w.Window-w.Window%hour, w.N)
	}
	if p := steadiestOf(hours, hour); p.windows >= roundTheClock {
		return p
	}
	return pace{}
}

// steadiestOf finds the pace in looks by windows of some length. The windows at both ends of a run are only partly used,
// and lines of the last two may still be on their way: they do not count.
func steadiestOf(looks usage.Series, step int64) (best pace) {
	for from := 0; from < len(looks); {
		until := from + 1
		for until < len(looks) && looks[until].Window == looks[until-1].Window+step {
			until++
		}
		if run := looks[from:until]; len(run) > 3+best.windows {
			if p, ok := steady(run[1 : len(run)-2]); ok {
				best, best.length = p, step
			}
		}
		from = until
	}
	return best
}

func steady(run usage.Series) (p pace, ok bool) {
	mean, variance := spreading(run)
	return pace{windows: len(run), first: run[0].Window, last: run[len(run)-1].Window, mean: mean}, mean >= minPace && (variance <= shortPace*mean || variance <= steadyPace*mean && len(run) >= sweepRun)
}

// spreading is the mean and the variance of the looks in some windows.
func spreading(run usage.Series) (mean, variance float64) {
	sum, squares := 0.0, 0.0
	for _, w := range run {
		n := float64(w.N)
		sum += n
		squares += n * n
	}
	n := float64(len(run))
	mean = sum / n
	return mean, (squares - n*mean*mean) / max(1, n-1)
}

// swept says whether one new resource after the other was read at a steady pace: for longer than a batch
// takes, or over a large share of the catalogue, or on two days that have nothing in common. What is
// read again the next day is a list, however long, and a job that goes round one slowly may take a day to come back.
func (l *looked) swept(catalogue float64, covered bool) bool {
	if catalogue <= 0 && !l.several {
		catalogue = l.span
	}
	if l.distinct < sweepShare*catalogue || l.pace.windows < shortRun {
		return false
	}
	share, days := l.again()
	switch {
	case days && share > aListAgain:
		return false
	case days, covered:
		return true
	}
	return l.pace.windows >= sweepRun && l.pace.length != hour
}

// novel says whether nearly all of enough looks were first ones. Where a sketch's error hides that, the sample itself tells: what it
// holds came in one window only, and the looks in so many windows that more would have shown.
func (l *looked) novel() bool {
	if !l.mostlyNew() || l.distinct >= novelLooks*float64(l.looks) {
		return l.mostlyNew()
	}
	shown := l.shown()
	return !l.exact && shown >= leastShown && len(l.marks) > 0 && l.cameAgain() <= sameAsBefore*shown*float64(len(l.marks))
}

// shown is the share of repeats that lie in another window than the first look, and so can be seen.
func (l *looked) shown() float64 {
	n, together := float64(l.looks), 0.0
	for _, w := range l.byWindow {
		together += float64(w.N) / n * float64(w.N) / n
	}
	return 1 - together
}

// mostlyNew says whether most of enough looks were first ones, whatever a sketch's error. By itself it tells nothing: who uses what is popular looks so, too.
func (l *looked) mostlyNew() bool {
	return l.looks >= sweepLooks && l.distinct >= mostlyNew*float64(l.looks)
}

// guessed says whether new resources were asked for of which many do not exist: who keeps a list, or asks
// for what people ask for, knows what there is. Neighbours do not count: who loads what is next to a place
// that is shown cannot know whether there is one.
func (l *looked) guessed() bool {
	if l.looks < someMisses || l.distinct < novelLooks*float64(l.looks) || !l.numeric || l.distinct > scattered*l.cells {
		return false
	}
	missed := l.missed()
	share := float64(missed.Sum()) / float64(l.looks)
	return share >= missShare && (1-share)*l.span <= mostThere && (l.looks >= missLooks || l.throughout(missed))
}

// throughout says whether many were missed in each of three parts of the looks, a quarter of them at least, one after the other.
func (l *looked) throughout(missed usage.Series) bool {
	parts, looks, gone := 0, int64(0), int64(0)
	for _, w := range l.byWindow {
		if looks, gone = looks+w.N, gone+missed.At(w.Window); 4*looks < l.looks {
			continue
		}
		if float64(gone) < missedEach*float64(looks) {
			return false
		}
		parts, looks, gone = parts+1, 0, 0
	}
	return parts >= 3
}

// again is the share of the last day's resources that was read on the days before, too; ok is false where one of
// them saw too few.
func (l *looked) again() (share float64, ok bool) {
	var before, last usage.Sketch
	for i, date := range slices.Sorted(maps.Keys(l.byDate)) {
		if i == len(l.byDate)-1 {
			last.Merge(l.byDate[date])
		} else {
			before.Merge(l.byDate[date])
		}
	}
	var union usage.Sketch
	union.Merge(&before)
	union.Merge(&last)
	both := before.Overlap(&last) * union.Estimate()
	return both / last.Estimate(), before.Len() >= anotherDay && last.Len() >= anotherDay
}
