package simulate

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"accord/shared/aup"
)

var (
	aName = regexp.MustCompile(`^[a-z]+-[a-z-]+-[a-z]+$`)
	aCode = regexp.MustCompile(`^([A-Z]\d{5}|F[A-Z]{2}\d\d)$`)
)

// The directory of the fourth set is one: numbers rise, codes and names are well formed, no code is given twice.
func TestTheDirectoryIsWellFormed(t *testing.T) {
	for _, size := range []Size{Small, Large} {
		size.Set = Fourth
		d := newDirectory(rand.New(rand.NewPCG(3, 3)), size)
		if len(d.services) != size.Catalogue() {
			t.Errorf("%s: %d services, want %d", size.Name, len(d.services), size.Catalogue())
		}
		for i, s := range d.services {
			if i > 0 && s.id <= d.services[i-1].id || s.id < 1e9 || s.id >= 1e10 {
				t.Fatalf("%s: %d follows %d", size.Name, s.id, d.services[i-1].id)
			}
			if !aName.MatchString(s.name) || s.since < 1 || s.since > oldest {
				t.Fatalf("%s: %+v", size.Name, s)
			}
		}
		given := map[string]bool{}
		for _, code := range d.orgs {
			if given[code] || !aCode.MatchString(code) {
				t.Errorf("%s: code %s", size.Name, code)
			}
			given[code] = true
		}
	}
}

// Whoever is called honest reads little of the directory, and whoever is said to crawl reads a lot of different things.
func TestLabelsOfTheFourthSetAreTrue(t *testing.T) {
	size := Small
	size.Set = Fourth
	for seed := uint64(1); seed <= 3; seed++ {
		c := New(seed, size)
		if c.Len() < 55_000 || c.Len() > 80_000 {
			t.Errorf("seed %d: %d lines", seed, c.Len())
		}
		read, asked := map[aup.KeyID]map[string]bool{}, map[aup.KeyID]map[string]bool{}
		for _, k := range c.Keys {
			read[k.ID], asked[k.ID] = map[string]bool{}, map[string]bool{}
		}
		for _, call := range c.calls {
			asked[call.key][call.path] = true
			if parts := strings.Split(call.path, "/"); parts[2] == "HealthcareService" {
				read[call.key][parts[3]] = true
			}
		}
		for _, k := range c.Keys {
			if share := float64(len(read[k.ID])) / float64(size.Catalogue()); !k.Kind.Crawls && share > 0.07 {
				t.Errorf("seed %d: %s is honest and reads %.1f %% of the directory", seed, k.Kind.Name, 100*share)
			}
			if k.Kind.Crawls && len(asked[k.ID]) < 300 {
				t.Errorf("seed %d: %s crawls and asks for %d things", seed, k.Kind.Name, len(asked[k.ID]))
			}
		}
	}
}
