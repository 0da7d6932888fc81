package premises

import (
	"math/rand/v2"
	"slices"
	"testing"

	"accord/shared/simulate/traffic"
)

func TestTheRegisterIsWellFormed(t *testing.T) {
	w := draw(rand.New(rand.NewPCG(1, 2)), traffic.Small)
	if len(w.shops) != Catalogue(traffic.Small) {
		t.Fatalf("%d premises, the policy says %d", len(w.shops), Catalogue(traffic.Small))
	}
	if !slices.IsSortedFunc(w.shops, func(a, b shop) int { return int(a.id) - int(b.id) }) {
		t.Error("the numbers do not rise")
	}
	codes := slices.Clone(w.codes)
	if slices.Sort(codes); len(slices.Compact(codes)) != len(w.at) {
		t.Error("two postcodes are the same")
	}
	for i, s := range w.shops {
		if found, there := w.find(s.id); !there || found != i || i > 0 && w.shops[i-1].id == s.id {
			t.Fatalf("number %d is not one of one premises", s.id)
		}
		if !slices.Contains(w.in[s.authority], i) || !slices.Contains(w.at[s.code], i) || !slices.Contains(w.inside(s.lat, s.lon, 1), i) {
			t.Fatalf("%s is not where it is", s.path())
		}
		if len(s.inspected) == 0 || s.owner >= 0 && !slices.Contains(w.owned[s.owner], i) {
			t.Fatalf("%s was never inspected, or is not owned by its owner", s.path())
		}
	}
}
