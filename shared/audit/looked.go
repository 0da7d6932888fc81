package audit

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"accord/shared/aup"
	"accord/shared/usage"
)

// looked is what some keys looked at of one method and resource template, in a stretch.
type looked struct {
	resource  string
	looks     int64
	distinct  float64
	exact     bool // distinct is counted, not estimated
	numeric   bool
	low, high uint64
	span      float64 // how many numbers there are from low to high
	examples  []string
}

// looked gathers the resources that were looked at often enough to tell anything. Resources that share a
// line, that no template matched or that take no parameter tell nothing. A day that began before Since cannot be taken apart
// and is left out.
func (s Subject) looked(st stretch, keys []aup.KeyID) []looked {
	looks := map[string]int64{}
	var days []usage.Day
	for _, key := range keys {
		for _, d := range st.days(s.Keys[key]) {
			if !s.whole(d) {
				continue
			}
			days = append(days, d)
			for name := range d.Looks {
				looks[name] += d.LooksAt(name)
			}
		}
	}
	var all []looked
	for _, name := range slices.Sorted(maps.Keys(looks)) {
		if looks[name] >= minWalk && strings.Contains(name, "{") {
			all = append(all, gather(name, looks[name], days))
		}
	}
	return all
}

func gather(name string, looks int64, days []usage.Day) looked {
	l := looked{resource: name, looks: looks, low: math.MaxUint64}
	var distinct usage.Sketch
	for _, d := range days {
		r := d.Merged.Resources[name]
		if r == nil {
			continue
		}
		distinct.Merge(r.Distinct)
		if r.Numbers != nil {
			l.numeric, l.low, l.high = true, min(l.low, r.Numbers.Min), max(l.high, r.Numbers.Max)
		}
		l.examples = append(l.examples, r.Examples...)
	}
	l.distinct, l.exact = min(distinct.Estimate(), float64(looks)), distinct.Exact()
	if l.numeric {
		l.span = float64(l.high-l.low) + 1
	}
	slices.SortFunc(l.examples, func(a, b string) int { return cmp.Or(cmp.Compare(usage.Hash(a), usage.Hash(b)), cmp.Compare(a, b)) })
	l.examples = slices.Compact(l.examples)
	l.examples = l.examples[:min(len(l.examples), usage.MaxExamples)]
	return l
}

// repeatsMissing says whether so many times more different ones were met than looks at random among a
// number of them would have met. Real demand is less even than chance, and meets fewer still.
func (l *looked) repeatsMissing(among, times float64) bool {
	if among <= 0 {
		return false
	}
	byChance := among * -math.Expm1(-float64(l.looks)/among)
	return l.distinct >= times*byChance
}
