package audit

import (
	"fmt"

	"accord/shared/aup"
)

// The figures behind a copy that is refreshed.
const (
	copyShare  = 0.1  // of the catalogue
	copySize   = 2000 // resources, where the catalogue is not known
	copyLeast  = 500  // resources in any case
	copySame   = 0.8  // of both days' resources
	copyRepeat = 1.5  // looks a resource a day: more often, somebody asks when needed
)

// caching suspects a copy: a large part of the catalogue read on two days in a row, the same on both,
// each resource about once. From outside it cannot be known: the finding is suspected, and never
// significant by itself.
func caching(s Subject) []aup.Finding {
	term := s.Policy.Terms.Caching
	if term == nil {
		term = s.Policy.Version.Policy.Terms.Caching
	}
	today, ok := s.lastDays(1, 0)
	yesterday, before := s.lastDays(1, 1)
	if term == nil || !ok || !before {
		return nil
	}
	counted, other := s.copySizes()
	for _, keys := range s.keySets() {
		then := map[string]looked{}
		for _, l := range lookedAt(s.wholeDays(yesterday, keys), min(counted, other)) {
			then[l.resource] = l
		}
		if len(then) == 0 {
			continue
		}
		for _, l := range lookedAt(s.wholeDays(today, keys), min(counted, other)) {
			b := then[l.resource]
			if !s.large(b) || !s.large(l) {
				continue
			}
			same := b.byDate[yesterday.dates[0]].Overlap(l.byDate[today.dates[0]])
			if same < copySame {
				continue
			}
			return []aup.Finding{s.copyFound(term.Clause, l, same, yesterday, today, keys)}
		}
	}
	return nil
}

// large says whether looks on one day may be a copy being made.
func (s Subject) large(l looked) bool {
	size, other := s.copySizes()
	if t := s.Policy.Version.Policy.Terms.Crawling; t != nil && !t.Counts(l.template()) {
		size = other
	}
	return l.distinct >= size && float64(l.looks) <= copyRepeat*l.distinct
}

// copySizes are how many resources a copy has at least: of what the catalogue counts, and of anything else.
func (s Subject) copySizes() (counted, other float64) {
	t := s.Policy.Version.Policy.Terms.Crawling
	if t == nil || t.Catalogue == 0 {
		return copySize, copySize
	}
	counted = max(copyLeast, copyShare*float64(t.Catalogue))
	if len(t.Of) == 0 {
		return counted, counted
	}
	return counted, copySize
}

func (s Subject) copyFound(clause aup.ClauseID, l looked, same float64, yesterday, today stretch, keys []aup.KeyID) aup.Finding {
	f := aup.Finding{Detector: "caching", Term: aup.TermCaching, Clause: clause, Measured: l.distinct, Unit: "resources", From: yesterday.from,
		Until: today.until, Keys: keys[:min(len(keys), maxNamed)], Examples: l.examples, Suspected: true}
	f.Reason = fmt.Sprintf("About %s different resources of %q were read on %s (UTC), each about once, and %s of them were the same as the day before: "+
		"this looks like a copy that is refreshed. From outside, it can only be suspected.", count(l.distinct), l.resource, today.first(), percent(min(1, same)))
	if agreement, ok := s.permitted(aup.PermitCache, today); ok {
		f.Covered, f.Agreement = true, agreement
		f.Reason += fmt.Sprintf(" Agreement %d permits it.", agreement)
	}
	return f
}
