package audit

import "accord/shared/usage"

// The figures behind a short walk: blocks of usage.CellSize, for shorter lists are read whole by anybody.
const (
	leastShort = 2 * usage.CellSize // different numbers, where either parts of them were read along or gaps were met
	leastBoth  = usage.CellSize     // where both
)

// short says whether fewer numbers than a walk has were gone through as in one, where something tells that nobody owns them: they and parts of them
// that were read, such as opening times, are as many resources as a walk has numbers; or they have gaps, which only who counts asks for; or both.
func (l *looked) short(index *usage.Index) bool {
	if l.distinct < leastBoth || !l.foreign() || !l.dense(l.slots()) && !l.inUnits(index) {
		return false
	}
	l.gone = l.gaps()
	if l.gone == 0 && l.distinct < leastShort {
		return false
	}
	l.parts = l.partsOf()
	return l.distinct+l.parts >= minWalk || l.gone > 0 && l.distinct >= leastShort
}
