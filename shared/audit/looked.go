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
	exact     bool    // distinct is counted, not estimated
	err       float64 // of distinct: a standard deviation, as a share of it
	numeric   bool
	low, high uint64  // as they are counted in numbering
	span      float64 // how many numbers there are from low to high
	numbering usage.Numbering
	several   bool          // the numbers are written in several ways, such as codes of several prefixes: their span says nothing
	unit      float64       // what the numbers count by, where it is more than one and they are a walk; see unit
	cells     float64       // how many blocks of usage.CellSize numbers were touched
	touched   *usage.Sketch // those
	parts     float64       // how many parts of them were read, too; see short
	gone      float64       // how many looks found nothing, where that is enough to tell of gaps; see short
	written   float64       // how many different ones were changed, themselves or a part of them
	examples  []string

	cellsExact bool
	pace       pace
	byWindow   usage.Series             // looks, where most were first ones
	sample     *usage.Sketch            // of what was read
	marks      []mark                   // when the resources of the sample were looked at; none where it is not known
	byDate     map[string]*usage.Sketch // what was read on each day
	days       []usage.Day              // that it is of
	numbers    map[uint32]uint64        // of the sample's hashes, once they were looked for; see known
}

// lookedAt gathers the resources that were looked at at least so often on some days. Resources that share a
// line, that no template matched or that take no parameter tell nothing.
func lookedAt(days []usage.Day, least float64) (all []looked) {
	looks := map[string]int64{}
	for i := range days {
		for name, of := range days[i].Looks {
			looks[name] += of.Sum()
		}
	}
	for _, name := range slices.Sorted(maps.Keys(looks)) {
		if float64(looks[name]) >= least && strings.Contains(name, "{") && usage.Reads(name) {
			l := gather(name, looks[name], days)
			l.written, l.marks = written(name, days), marksOf(name, l.sample, days)
			if l.distinct >= mostlyNew*float64(l.looks) {
				l.byWindow = byWindow(name, days)
			}
			if l.mostlyNew() {
				l.pace = steadiest(l.byWindow)
			}
			all = append(all, l)
		}
	}
	return all
}

// template is the resource template that was looked at, without its method.
func (l *looked) template() string {
	_, template, _ := strings.Cut(l.resource, " ")
	return template
}

// wholeDays are the days of some keys in a stretch. A day that began before Since cannot be taken apart, and is left out.
func (s Subject) wholeDays(st stretch, keys []aup.KeyID) (days []usage.Day) {
	for _, key := range keys {
		for _, d := range st.days(s.Keys[key]) {
			if s.whole(d) {
				days = append(days, d)
			}
		}
	}
	return days
}

func gather(name string, looks int64, days []usage.Day) looked {
	l := looked{resource: name, looks: looks, days: days, low: math.MaxUint64, byDate: map[string]*usage.Sketch{}}
	var distinct, cells usage.Sketch
	for _, d := range days {
		r := d.Merged.Resources[name]
		if r == nil {
			continue
		}
		distinct.Merge(r.Distinct)
		cells.Merge(r.Cells)
		if l.byDate[d.Date] == nil {
			l.byDate[d.Date] = new(usage.Sketch)
		}
		l.byDate[d.Date].Merge(r.Distinct)
		if r.Numbers != nil {
			l.numeric, l.low, l.high = true, min(l.low, r.Numbers.Min), max(l.high, r.Numbers.Max)
		}
		l.examples = append(l.examples, r.Examples...)
	}
	l.sample = &distinct
	l.distinct, l.exact = min(distinct.Estimate(), float64(looks)), distinct.Exact()
	l.err, l.touched, l.cells, l.cellsExact = distinct.Error(), &cells, cells.Estimate(), cells.Exact()
	slices.SortFunc(l.examples, func(a, b string) int { return cmp.Or(cmp.Compare(usage.Hash(a), usage.Hash(b)), cmp.Compare(a, b)) })
	l.examples = slices.Compact(l.examples)
	l.examples = l.examples[:min(len(l.examples), usage.MaxExamples)]
	if l.numeric {
		l.numbered(&cells)
		l.count()
	}
	return l
}

// count makes distinct as sharp as it can be where a span of numbers may have been gone through: a sketch's own error would
// hide one walk in twenty. It looks through the span, so it does so only where a walk could be, within four errors.
func (l *looked) count() {
	if l.exact || !l.single() || l.distinct < maybe*walkDensity*l.span || l.distinct < maybe*firstLooks*float64(l.looks) {
		return
	}
	if met, ok := l.sample.Met(l.numbering, l.low, l.high); ok {
		l.distinct, l.err = min(met, float64(l.looks)), l.err*math.Sqrt(max(0, 1-met/l.span))
	}
}

func byWindow(name string, days []usage.Day) (sum usage.Series) {
	for i := range days {
		sum = sum.Merge(days[i].Looks[name])
	}
	return sum
}

// changes are the methods that read nothing.
var changes = []string{"PUT", "PATCH", "DELETE"}

// written is how many different resources of the template were changed: they themselves, or one of their parts, such as the opening times of a service.
func written(name string, days []usage.Day) (n float64) {
	_, template, _ := strings.Cut(name, " ")
	changed := map[string]*usage.Sketch{}
	for _, d := range days {
		for other, r := range d.Merged.Resources {
			method, part, _ := strings.Cut(other, " ")
			if slices.Contains(changes, method) && (part == template || strings.HasPrefix(part, template+"/")) {
				if changed[other] == nil {
					changed[other] = new(usage.Sketch)
				}
				changed[other].Merge(r.Distinct)
			}
		}
	}
	for _, of := range changed {
		n = max(n, of.Estimate())
	}
	return n
}

// made is how many resources of the template were made, at most: by POST on what has all but the last of its parameters.
func (l *looked) made() float64 {
	template := l.template()
	last := strings.LastIndex(template, "/{")
	if last <= 0 {
		return 0
	}
	n := int64(0)
	for i := range l.days {
		n += l.days[i].LooksAt(usage.ResourceName("POST", template[:last]))
	}
	return float64(n)
}
