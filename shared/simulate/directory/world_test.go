package directory

import (
	"math/rand/v2"
	"regexp"
	"testing"

	"accord/shared/simulate/traffic"
)

var (
	aName = regexp.MustCompile(`^[a-z]+-[a-z-]+-[a-z]+$`)
	aCode = regexp.MustCompile(`^([A-Z]\d{5}|F[A-Z]{2}\d\d)$`)
)

// The directory is one: numbers rise, codes and names are well formed, no code is given twice.
func TestTheDirectoryIsWellFormed(t *testing.T) {
	for _, size := range []traffic.Size{traffic.Small, traffic.Large} {
		d := newDirectory(rand.New(rand.NewPCG(3, 3)), size)
		if len(d.services) != Catalogue(size) {
			t.Errorf("%s: %d services, want %d", size.Name, len(d.services), Catalogue(size))
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
