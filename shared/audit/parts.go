package audit

import (
	"maps"
	"slices"
	"strings"

	"accord/shared/usage"
)

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
		if part := gather(name, looks[name], l.days); part.numeric && part.distinct >= walkDensity*min(part.slots(), part.span/max(1, l.unit)) {
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
