package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/shared/aup"
)

// rate judges the consumer's busiest minute of today and of yesterday. Minutes are summed over the keys
// from each key's busiest, so the figure is at most the truth.
func rate(s Subject) (findings []aup.Finding) {
	for ago := 1; ago >= 0; ago-- {
		st, ok := s.lastDays(1, ago)
		if !ok {
			continue
		}
		l := s.limit(st, func(t aup.Terms) *aup.Limit { return t.PerMinute })
		if l.standard == nil && l.bound == nil {
			continue
		}
		minute, requests, keys := s.busiest(st)
		from := time.Unix(minute*60, 0).UTC()
		f := aup.Finding{Detector: "rate", Term: aup.TermPerMinute, Measured: float64(requests), Unit: "requests a minute",
			From: from, Until: from.Add(time.Minute - time.Second), Keys: named(keys)}
		what := fmt.Sprintf("%s requests in the minute from %s (UTC) over %s",
			count(f.Measured), from.Format(aup.LongMinute), plural(len(keys), "key"))
		if f, ok := s.hold(f, l, what, "a minute"); ok {
			findings = append(findings, f)
		}
	}
	return findings
}

// busiest finds the day's minute with the most requests, the earliest of equal ones, and whose they are.
func (s Subject) busiest(st stretch) (minute, requests int64, keys map[aup.KeyID]int64) {
	since, sum := s.Since.Unix(), map[int64]int64{}
	for _, all := range s.Keys {
		for _, d := range st.days(all) {
			for m, n := range d.Merged.Minutes {
				if m*60 >= since {
					sum[m] += n
				}
			}
		}
	}
	for m, n := range sum {
		if n > requests || n == requests && m < minute {
			minute, requests = m, n
		}
	}
	keys = map[aup.KeyID]int64{}
	for key, all := range s.Keys {
		for _, d := range st.days(all) {
			if n := d.Merged.Minutes[minute]; n > 0 {
				keys[key] = n
			}
		}
	}
	return minute, requests, keys
}

// maxNamed is how many keys a finding names: the busiest. Findings are frozen in events.
const maxNamed = 10

func named(keys map[aup.KeyID]int64) []aup.KeyID {
	order := slices.SortedFunc(maps.Keys(keys), func(a, b aup.KeyID) int {
		return cmp.Or(cmp.Compare(keys[b], keys[a]), cmp.Compare(a, b))
	})
	return order[:min(len(order), maxNamed)]
}
