package urgent

import (
	"math/rand/v2"
	"testing"

	"accord/shared/simulate/traffic"
)

// Numbers rise, those that are gone are nobody's, and every service is of one organisation and found in its town.
func TestSignpostsAreWellFormed(t *testing.T) {
	size := traffic.Small
	s := newSignposts(rand.New(rand.NewPCG(1, 2)), size)
	if len(s.points) != Catalogue(size) || s.points[s.newer-1].number >= firstNewer || s.points[s.newer].number < firstNewer {
		t.Errorf("%d services, of which the national series begins at %d", len(s.points), s.newer)
	}
	for i := 1; i < len(s.points); i++ {
		if s.points[i-1].number >= s.points[i].number {
			t.Fatalf("two services in a row have the numbers %d and %d", s.points[i-1].number, s.points[i].number)
		}
	}
	for _, number := range s.gone {
		if _, there := s.find(number); there {
			t.Errorf("%d is gone and there", number)
		}
	}
	inTowns, run, codes := 0, 0, map[string]bool{}
	for _, town := range s.towns {
		inTowns += len(town.points)
		for _, code := range town.codes {
			if codes[code] {
				t.Errorf("two places have the postcode %s", code)
			}
			codes[code] = true
		}
	}
	for _, own := range s.runBy {
		run += len(own)
	}
	if inTowns != len(s.points) || run != len(s.points) {
		t.Errorf("%d of %d services are in towns, %d are run by somebody", inTowns, len(s.points), run)
	}
}
