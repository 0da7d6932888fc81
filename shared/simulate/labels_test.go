package simulate

import (
	"strings"
	"testing"

	"accord/shared/aup"
)

// Whoever is called honest reads little of what there is, and whoever is said to crawl reads a lot of different things.
func TestLabelsOfLaterSetsAreTrue(t *testing.T) {
	for set, resource := range map[string]string{"fourth": "HealthcareService", "fifth": "practices", "sixth": "services", "seventh": "companies", "eighth": "sites", "ninth": "services", "tenth": "establishments", "eleventh": "providers", "twelfth": "premises", "thirteenth": "stops"} {
		size := Small
		size.Set = set
		for seed := uint64(1); seed <= 3; seed++ {
			c := New(seed, size)
			if c.Len() < 55_000 || c.Len() > 80_000 {
				t.Errorf("%s set, seed %d: %d lines", set, seed, c.Len())
			}
			read, asked := c.differentThings(resource)
			for _, k := range c.Keys {
				if share := float64(len(read[k.ID])) / float64(size.Catalogue()); !k.Kind.Crawls && share > 0.07 {
					t.Errorf("%s set, seed %d: %s is honest and reads %.1f %% of what there is", set, seed, k.Kind.Name, 100*share)
				}
				if k.Kind.Crawls && len(asked[k.ID]) < 300 {
					t.Errorf("%s set, seed %d: %s crawls and asks for %d things", set, seed, k.Kind.Name, len(asked[k.ID]))
				}
			}
		}
	}
}

// differentThings is what each key asked for: of a resource, and of all.
func (c *Corpus) differentThings(resource string) (read, asked map[aup.KeyID]map[string]bool) {
	read, asked = map[aup.KeyID]map[string]bool{}, map[aup.KeyID]map[string]bool{}
	for _, k := range c.Keys {
		read[k.ID], asked[k.ID] = map[string]bool{}, map[string]bool{}
	}
	for _, l := range c.lines {
		asked[l.key][l.Path] = true
		if parts := strings.Split(l.Path, "/"); parts[2] == resource {
			read[l.key][parts[3]] = true
		}
	}
	return read, asked
}
