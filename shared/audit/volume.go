package audit

import (
	"fmt"

	"accord/shared/aup"
	"accord/shared/usage"
)

// volume judges the consumer's requests of today and yesterday (UTC), over all keys.
func volume(s Subject) (findings []aup.Finding, notices []aup.UsageNotice) {
	for ago := 1; ago >= 0; ago-- {
		st, ok := s.lastDays(1, ago)
		if !ok {
			continue
		}
		l := s.limit(st, func(t aup.Terms) *aup.Limit { return t.PerDay })
		if l.standard == nil && l.bound == nil {
			continue
		}
		requests, keys := s.requests(st)
		if n, ok := s.step(st, l.bound, requests); ok {
			notices = append(notices, n)
		}
		f := aup.Finding{Detector: "volume", Term: aup.TermPerDay, Measured: float64(requests), Unit: "requests a day",
			From: st.from, Until: st.until, Keys: named(keys)}
		what := fmt.Sprintf("%s requests on %s (UTC) over %s", count(f.Measured), st.first(), plural(len(keys), "key"))
		if f, ok := s.hold(f, l, what, "a day"); ok {
			findings = append(findings, f)
		}
	}
	return findings, notices
}

// requests is how many requests a day saw over all keys, and which keys made them: for each key the
// larger of what was logged and what GetUsage says. GetUsage only knows whole days.
func (s Subject) requests(st stretch) (total int64, keys map[aup.KeyID]int64) {
	keys = map[aup.KeyID]int64{}
	for key, all := range s.Keys {
		for _, d := range st.days(all) {
			n := s.logged(d)
			if gateway, known := d.GatewayTotal(); known && s.whole(d) && s.Doubt.OverCounted == "" {
				n = max(n, gateway)
			}
			if n > 0 {
				keys[key] += n
				total += n
			}
		}
	}
	return total, keys
}

func (s Subject) logged(d usage.Day) (n int64) {
	since := s.Since.Unix()
	for w, c := range d.Windows {
		if w >= since {
			n += c.Requests
		}
	}
	return n
}

// step is the notice of the highest step that was reached.
func (s Subject) step(st stretch, l *aup.Limit, requests int64) (n aup.UsageNotice, ok bool) {
	if l == nil {
		return n, false
	}
	for _, step := range l.Notify {
		if requests > 0 && float64(requests) >= step*float64(l.Limit) && step > n.Step {
			n = aup.UsageNotice{Term: aup.TermPerDay, Clause: l.Clause, Step: step, Period: st.dates[0],
				Measured: float64(requests), Allowed: float64(l.Limit), At: s.Now.UTC()}
		}
	}
	return n, n.Step > 0
}
