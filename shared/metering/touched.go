package metering

import (
	"maps"
	"slices"
	"time"

	"accord/shared/table"
	"accord/shared/usage"
)

// Touched lists the windows that changes of the usage table put parts of, each once, the earliest first.
func Touched(changes []table.Change) []WindowPart {
	seen := map[WindowPart]bool{}
	for _, c := range changes {
		if w, ok := ParseWindowPart(c.PK); ok && c.New != nil {
			seen[w] = true
		}
	}
	return slices.SortedFunc(maps.Keys(seen), WindowPart.compare)
}

// PartsOf lists all parts of the window that a moment lies in.
func (m *Meter) PartsOf(at time.Time) []WindowPart {
	var parts []WindowPart
	for n := range m.parts.at(at) {
		parts = append(parts, WindowPart{usage.WindowOf(at), n})
	}
	return parts
}
