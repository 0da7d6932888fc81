package judge

import (
	"maps"
	"slices"
	"time"

	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/metering"
	"accord/shared/usage"
)

// Doubt is what holding the log against GetUsage says of the keys' figures, in words.
func Doubt(keys map[aup.KeyID][]usage.Day, now time.Time) audit.Doubt {
	var d audit.Doubt
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if what := implausible(keys[key]); what != "" {
			return audit.Doubt{OverCounted: "key " + string(key) + ", " + what}
		}
		for _, day := range keys[key] {
			r := metering.Reconcile(day, now)
			switch r.Doubt() {
			case metering.Incomplete:
				d.Missing = "key " + string(key) + ", " + r.String()
			case metering.OverCounted:
				d.OverCounted = "key " + string(key) + ", " + r.String()
			}
		}
	}
	return d
}
