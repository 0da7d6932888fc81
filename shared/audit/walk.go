package audit

import (
	"math"
	"strings"

	"accord/shared/usage"
)

// The figures behind a walk.
const (
	walkDensity = 0.34 // of the numbers in the cells that were touched: more than one in three. Five frontiers by 117 ids, eight by 180
	firstLooks  = 0.8  // of the looks are first ones, as far as a sketch can tell
	farBeyond   = 1.4  // times as many distinct ones as looks at random would have reached, where it may suspend, besides coverage and volume
	maybe       = 0.65 // of density and first looks, as a sketch estimates them: four of its errors below what a walk has
	luck        = 5    // standard deviations that chance never reaches: a consumer is judged dozens of times a day
	sharp       = 4    // and those of an estimate that it never reaches: it is drawn once for all of them
	minCollide  = 10   // repeats that looks at random would have brought, from which their absence tells
	edits       = 0.25 // of the resources read were written: an editor's own
	creations   = 0.8  // of as many as were read were made, by POST on what they are a part of: who makes records reads them
)

// walk says whether numeric ids were gone through with few gaps and without coming back, in any order.
// Chance has no such luck: by the time that looks at random have met half of a block of numbers, they
// have met many of it twice. Numbers are looked at in cells, so that strays and several frontiers do not
// hide a walk.
func (l *looked) walk(index *usage.Index) bool {
	if l.distinct < minWalk {
		return l.short(index)
	}
	return l.foreign() && (l.dense(l.slots()) || l.even() || l.strides() || l.inUnits(index))
}

// walkable says whether there are numbers enough to walk through, which are not an editor's own.
func (l *looked) walkable() bool { return l.distinct >= minWalk && l.foreign() }

// foreign says whether what is looked at has numbers, which are not an editor's own.
func (l *looked) foreign() bool { return l.single() && l.written < edits*l.distinct }

// single says whether what is looked at has one number and nothing else, so that the span of numbers is that of all there is.
func (l *looked) single() bool { return l.numeric && strings.Count(l.resource, "{") == 1 }

// dense is a walk without gaps, or with short ones, among so many numbers.
func (l *looked) dense(slots float64) bool {
	return l.distinct >= walkDensity*slots && (l.exact || l.distinct >= firstLooks*float64(l.looks)) && l.repeatsMissing(slots)
}

// slots is how many numbers there are in the cells that were touched.
func (l *looked) slots() float64 { return min(usage.CellSize*l.cells, l.span) }

// even is a walk in short strides, or one that leaves numbers out: over the whole of its span nothing
// came twice, where chance would have brought many repeats.
func (l *looked) even() bool {
	looks := float64(l.looks)
	repeats := looks - byChance(looks, l.span)
	return l.exact && repeats >= minCollide && looks-l.distinct <= repeats/10
}

// strides is a walk in long strides: it touches every cell, or more of them than looks at random over
// the same span would have.
func (l *looked) strides() bool {
	looks, all := float64(l.looks), l.span/usage.CellSize
	if l.distinct < 0.95*looks && l.exact || all < minWalk/4 {
		return false
	}
	if l.cellsExact {
		return beyondLuck(l.cells, looks, all, 0)
	}
	return l.cells >= farBeyond*byChance(looks, all)
}

// beyondLuck says whether looks at random among slots would hardly ever have met so many different ones, counted or
// estimated with such an error.
func beyondLuck(met, looks, slots, err float64) bool {
	rate, chance := looks/slots, byChance(looks, slots)
	variance := max(1, slots*(math.Exp(-rate)-(1+rate)*math.Exp(-2*rate)))
	return met-chance > math.Hypot(luck*math.Sqrt(variance), sharp*err*chance)
}

// byChance is how many of some slots that many looks at random meet.
func byChance(looks, slots float64) float64 { return slots * -math.Expm1(-looks/slots) }

// repeatsMissing says whether more different ones were met than looks at random among so many would have met. Real demand is
// less even than chance, and meets fewer still.
func (l *looked) repeatsMissing(among float64) bool {
	return among > 0 && beyondLuck(l.distinct, float64(l.looks), among, l.err)
}

// farMissing says the same of what may suspend.
func (l *looked) farMissing(among float64) bool {
	return l.repeatsMissing(among) && l.distinct >= farBeyond*byChance(float64(l.looks), among)
}
