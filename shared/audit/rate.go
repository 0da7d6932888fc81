package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"accord/shared/aup"
	"accord/shared/usage"
)

// rate judges the consumer's busiest minute of today and of yesterday. Minutes are summed over the keys
// from each key's busiest, so the figure is at most the truth. Where it could end in a suspension, the latest minute of which
// the same is true is found as well: what it does to the service is asked of what ended last.
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
		minutes := s.minutes(st)
		worst, ok := s.minute(st, l, busiest(minutes), minutes)
		if !ok {
			continue
		}
		findings = append(findings, worst)
		if !worst.Extreme {
			continue
		}
		for _, m := range slices.Backward(slices.Sorted(maps.Keys(minutes))) {
			at := time.Unix(m*60, 0)
			if !usage.WindowOf(at).After(usage.WindowOf(worst.From)) {
				break
			}
			if last, _ := s.minute(st, l, m, minutes); last.Extreme {
				findings = append(findings, last)
				break
			}
		}
	}
	return findings
}

// minute holds the requests of one minute against the limit.
func (s Subject) minute(st stretch, l limit, minute int64, minutes map[int64]int64) (aup.Finding, bool) {
	keys := map[aup.KeyID]int64{}
	for key, all := range s.Keys {
		for _, d := range st.days(all) {
			if n := d.Merged.Minutes[minute]; n > 0 {
				keys[key] = n
			}
		}
	}
	from := time.Unix(minute*60, 0).UTC()
	f := aup.Finding{Detector: "rate", Term: aup.TermPerMinute, Measured: float64(minutes[minute]), Unit: "requests a minute",
		From: from, Until: from.Add(time.Minute - time.Second), Keys: named(keys)}
	what := fmt.Sprintf("%s requests in the minute from %s (UTC) over %s",
		count(f.Measured), from.Format(aup.LongMinute), plural(len(keys), "key"))
	return s.hold(f, l, what, "a minute")
}

// minutes are the requests of the minutes that the keys' days remember, by minute since 1970.
func (s Subject) minutes(st stretch) map[int64]int64 {
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
	return sum
}

// busiest is the minute with the most requests, the earliest of equal ones.
func busiest(minutes map[int64]int64) (busiest int64) {
	for m, n := range minutes {
		if most := minutes[busiest]; n > most || n == most && m < busiest {
			busiest = m
		}
	}
	return busiest
}

// maxNamed is how many keys a finding names: the busiest. Findings are frozen in events.
const maxNamed = 10

func named(keys map[aup.KeyID]int64) []aup.KeyID {
	order := slices.SortedFunc(maps.Keys(keys), func(a, b aup.KeyID) int {
		return cmp.Or(cmp.Compare(keys[b], keys[a]), cmp.Compare(a, b))
	})
	return order[:min(len(order), maxNamed)]
}
