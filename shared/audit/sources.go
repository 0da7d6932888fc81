package audit

import (
	"fmt"
	"maps"
	"slices"

	"accord/shared/aup"
	"accord/shared/usage"
)

// sureSources is how many times the limit must be measured where networks are estimated, not counted.
const sureSources = 1.3

// sources judges from how many networks each key was used, today and yesterday: the worst key speaks for
// the consumer. A day that began before Since cannot be taken apart and is left out.
func sources(s Subject) (findings []aup.Finding) {
	pick := func(t aup.Terms) *aup.Sources { return t.Sources }
	for ago := 1; ago >= 0; ago-- {
		st, ok := s.lastDays(1, ago)
		if !ok {
			continue
		}
		b := generous(s, st, pick, func(a, b *aup.Sources) bool { return a.Networks > b.Networks })
		if b.standard == nil && b.bound == nil {
			continue
		}
		key, networks, exact := s.widest(st)
		beyond := func(limit int64) bool {
			return networks > float64(limit) && (exact || networks >= sureSources*float64(limit))
		}
		f := aup.Finding{Detector: "sources", Term: aup.TermSources, Measured: networks, Unit: "networks a day", From: st.from, Until: st.until,
			Keys: []aup.KeyID{key}, Agreement: b.agreement}
		f.Reason = fmt.Sprintf("One key was used from %s networks on %s (UTC)", count(networks), st.first())
		if b.bound != nil && beyond(b.bound.Networks) {
			f.Clause, f.Allowed = b.bound.Clause, float64(b.bound.Networks)
			f.Reason += fmt.Sprintf("; %s allows %s.", s.document(b.agreement), count(f.Allowed))
			findings = append(findings, f)
		} else if b.standard != nil && beyond(b.standard.Networks) {
			f.Clause, f.Allowed, f.Covered = b.standard.Clause, float64(b.standard.Networks), true
			f.Reason += fmt.Sprintf("; agreement %d allows it.", b.agreement)
			findings = append(findings, f)
		}
	}
	return findings
}

// widest is the key that was used from the most networks.
func (s Subject) widest(st stretch) (key aup.KeyID, networks float64, exact bool) {
	for _, k := range slices.Sorted(maps.Keys(s.Keys)) {
		var all usage.Sketch
		for _, d := range st.days(s.Keys[k]) {
			if s.whole(d) {
				all.Merge(d.Merged.Networks)
			}
		}
		if n := all.Estimate(); n > networks {
			key, networks, exact = k, n, all.Exact()
		}
	}
	return key, networks, exact
}
