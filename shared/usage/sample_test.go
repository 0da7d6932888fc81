package usage

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// However they lie, hashes end up in order.
func TestSpreadSorts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SliceOfN(rapid.Uint32(), 0, maxAdded).Draw(t, "hashes")
		want := slices.Sorted(slices.Values(a))
		if spread(a); !slices.Equal(a, want) {
			t.Errorf("%v, want %v", a, want)
		}
	})
}

// BenchmarkSpread is spread, and slices.Sort on the same hashes.
func BenchmarkSpread(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	hashes := make([]uint32, maxAdded)
	for i := range hashes {
		hashes[i] = rng.Uint32()
	}
	a := make([]uint32, len(hashes))
	for name, sort := range map[string]func([]uint32){"spread": spread, "slices.Sort": slices.Sort[[]uint32]} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				copy(a, hashes)
				sort(a)
			}
		})
	}
}
