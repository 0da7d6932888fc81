package audit

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// Some numbers that somebody happens to look at count by nothing: nine in ten of twenty are even now and then.
func TestChanceHasNoStride(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	for i := range 20_000 {
		some := make([]number, leastInOrder+r.IntN(20))
		for k := range some {
			some[k].number = r.Uint64N(100_000)
		}
		slices.SortFunc(some, func(a, b number) int { return cmp.Compare(a.number, b.number) })
		if by := stride(some); by != 1 {
			t.Fatalf("the %d. time, %d numbers seem to count by %v", i, len(some), by)
		}
	}
}
