package audit

import (
	"maps"
	"slices"
	"strings"

	"accord/shared/usage"
)

// leastParted is how many different numbers there are at least in a walk that takes parts of them along: two blocks of usage.CellSize.
const leastParted = 2 * usage.CellSize

// parted says whether numbers were gone through as in a walk, and with them parts of them, such as opening times: fewer numbers than a walk has,
// and as many resources.
func (l *looked) parted() bool {
	if !l.single() || l.distinct < leastParted || l.written >= edits*l.distinct || !l.dense(l.slots()) {
		return false
	}
	l.parts = l.partsOf()
	return l.distinct+l.parts >= minWalk
}

// partsOf is how many parts of such numbers were read, each kind with few gaps.
func (l *looked) partsOf() (n float64) {
	looks := map[string]int64{}
	for i := range l.days {
		for name, of := range l.days[i].Looks {
			if name != l.resource && stem(name) == stem(l.resource) && usage.Reads(name) {
				looks[name] += of.Sum()
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(looks)) {
		if part := gather(name, looks[name], l.days); part.numeric && part.distinct >= walkDensity*part.slots() {
			n += part.distinct
		}
	}
	return n
}

// stem is the template of what a resource is a part of, or is: all up to the last parameter.
func stem(name string) string {
	_, template, _ := strings.Cut(name, " ")
	return template[:strings.LastIndexByte(template, '}')+1]
}
