package simulate

import (
	"strings"
	"testing"

	"accord/shared/aup"
)

// Whoever is called honest reads little of what there is, and whoever is said to crawl reads a lot of different things.
func TestLabelsOfLaterSetsAreTrue(t *testing.T) {
	for set, resource := range map[Set]string{Fourth: "HealthcareService", Fifth: "practices", Sixth: "services"} {
		size := Small
		size.Set = set
		for seed := uint64(1); seed <= 3; seed++ {
			c := New(seed, size)
			if c.Len() < 55_000 || c.Len() > 80_000 {
				t.Errorf("%s set, seed %d: %d lines", set, seed, c.Len())
			}
			for _, k := range c.Keys {
				read, asked := c.differentThings(k.ID, resource)
				if share := float64(read) / float64(size.Catalogue()); !k.Kind.Crawls && share > 0.07 {
					t.Errorf("%s set, seed %d: %s is honest and reads %.1f %% of what there is", set, seed, k.Kind.Name, 100*share)
				}
				if k.Kind.Crawls && asked < 300 {
					t.Errorf("%s set, seed %d: %s crawls and asks for %d things", set, seed, k.Kind.Name, asked)
				}
			}
		}
	}
}

// differentThings counts what a key asked for: of a resource, and of all.
func (c *Corpus) differentThings(key aup.KeyID, resource string) (read, asked int) {
	one, all := map[string]bool{}, map[string]bool{}
	for _, call := range c.calls {
		if call.key != key {
			continue
		}
		all[call.path] = true
		if parts := strings.Split(call.path, "/"); parts[2] == resource {
			one[parts[3]] = true
		}
	}
	return len(one), len(all)
}
