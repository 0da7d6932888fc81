package audit

import (
	"fmt"

	"accord/shared/aup"
)

// leastForShare is how many requests a day must have before a share of them means anything.
const leastForShare = 200

// errorFlood judges the share of a day's requests that were the caller's errors, today and yesterday.
// Being throttled is no error of that sort. Missing lines may be the good ones: then nothing is said.
func errorFlood(s Subject) (findings []aup.Finding) {
	pick := func(t aup.Terms) *aup.ErrorShare { return t.Errors }
	for ago := 1; ago >= 0 && s.Doubt.Missing == ""; ago-- {
		st, ok := s.lastDays(1, ago)
		if !ok {
			continue
		}
		b := generous(s, st, pick, func(a, b *aup.ErrorShare) bool { return a.Limit > b.Limit })
		if b.standard == nil && b.bound == nil {
			continue
		}
		failed, all, keys := s.failed(st)
		if all < leastForShare {
			continue
		}
		f := aup.Finding{Detector: "errors", Term: aup.TermErrors, Measured: float64(failed) / float64(all), Unit: "share of a day's requests",
			From: st.from, Until: st.until, Keys: named(keys), Agreement: b.agreement}
		f.Reason = fmt.Sprintf("%s of %s requests on %s (UTC) were answered with the caller's errors (4xx)", count(float64(failed)), count(float64(all)), st.first())
		if b.bound != nil && f.Measured > b.bound.Limit {
			f.Clause, f.Allowed = b.bound.Clause, b.bound.Limit
			f.Reason += fmt.Sprintf(": %s, where %s allows %s.", percent(f.Measured), s.document(b.agreement), percent(f.Allowed))
			findings = append(findings, f)
		} else if b.standard != nil && f.Measured > b.standard.Limit {
			f.Clause, f.Allowed, f.Covered = b.standard.Clause, b.standard.Limit, true
			f.Reason += fmt.Sprintf(": %s, where agreement %d allows it.", percent(f.Measured), b.agreement)
			findings = append(findings, f)
		}
	}
	return findings
}

// failed is how many of the requests of a stretch were the caller's errors, and whose those are.
func (s Subject) failed(st stretch) (failed, all int64, keys map[aup.KeyID]int64) {
	keys = map[aup.KeyID]int64{}
	for key, days := range s.Keys {
		for _, d := range st.days(days) {
			for w, c := range d.Windows {
				if w < s.Since.Unix() {
					continue
				}
				all += c.Requests
				if n := c.ClientErrors - c.Throttled; n > 0 {
					failed += n
					keys[key] += n
				}
			}
		}
	}
	return failed, all, keys
}
