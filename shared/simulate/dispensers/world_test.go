package dispensers

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"accord/shared/simulate/traffic"
)

func TestEveryProviderHasItsNumberAndArea(t *testing.T) {
	for _, size := range []traffic.Size{traffic.Small, traffic.Large} {
		w := draw(rand.New(rand.NewPCG(1, 2)), size)
		if len(w.ids) != Catalogue(size) || len(w.providers) != len(w.ids) || !slices.IsSorted(w.ids) || len(slices.Compact(slices.Clone(w.ids))) != len(w.ids) {
			t.Errorf("%s: %d numbers, %d providers", size.Name, len(w.ids), len(w.providers))
		}
		members, names, codes := 0, map[string]bool{}, map[string]bool{}
		for home, in := range w.areas {
			members += len(in.members)
			names[in.outcode] = true
			for i := range codesEach {
				code, _, _ := w.postcode(home, i)
				codes[code] = true
			}
		}
		if members != len(w.ids) || len(names) != len(w.areas) || len(codes) != codesEach*len(w.areas) {
			t.Errorf("%s: %d in %d areas, %d names, %d postcodes", size.Name, members, len(w.areas), len(names), len(codes))
		}
	}
}

// Whoever crawls asks for enough, and whoever does not asks for little.
func TestKindsDoWhatTheyAreSaidTo(t *testing.T) {
	for i, k := range Kinds(rand.New(rand.NewPCG(3, 4)), traffic.Small) {
		for seed := range uint64(20) {
			a := traffic.New(seed+100*uint64(i), traffic.Small.Busy)
			k.Play(a)
			asked, read := map[string]bool{}, map[string]bool{}
			for _, c := range a.Calls {
				asked[c.Path] = true
				if parts := strings.Split(c.Path, "/"); parts[2] == "providers" {
					read[parts[3]] = true
				}
			}
			if k.Crawls && len(asked) < 300 {
				t.Errorf("%s crawls and asks for %d things", k.Name, len(asked))
			}
			if !k.Crawls && len(read) > Catalogue(traffic.Small)/20 {
				t.Errorf("%s is honest and reads %d of %d", k.Name, len(read), Catalogue(traffic.Small))
			}
		}
	}
}
