package stops

import (
	"math/rand/v2"
	"slices"
	"testing"

	"accord/shared/simulate/traffic"
)

// Every stop has one number, which its authority gave it, stands in one town, and can be asked for.
func TestTheWorldIsWellFormed(t *testing.T) {
	for _, size := range []traffic.Size{traffic.Small, traffic.Large} {
		w := draw(rand.New(rand.NewPCG(1, 2)), size)
		if len(w.numbers) != Catalogue(size) || len(w.famous) != Catalogue(size) {
			t.Fatalf("%s: %d stops, %d asked for; want %d", size.Name, len(w.numbers), len(w.famous), Catalogue(size))
		}
		for i, number := range w.numbers[1:] {
			if number <= w.numbers[i] {
				t.Fatalf("%s: %d comes after %d", size.Name, number, w.numbers[i])
			}
		}
		stands := make([]int, len(w.numbers))
		for _, town := range w.towns {
			for _, i := range town.stops {
				stands[i]++
			}
		}
		if slices.ContainsFunc(stands, func(n int) bool { return n != 1 }) {
			t.Errorf("%s: a stop does not stand in one town", size.Name)
		}
	}
}

// Blocks follow each other, hold all numbers, and are big enough for those who look after some of them.
func TestAuthoritiesNumberTheirOwnStops(t *testing.T) {
	for seed := range uint64(20) {
		w := draw(rand.New(rand.NewPCG(seed, 2)), traffic.Small)
		past := 0
		for _, b := range w.blocks {
			if b.first != past || b.past-b.first < 60 || len(b.famous) != b.past-b.first {
				t.Errorf("block %+v begins after %d", b, past)
			}
			past = b.past
			if w.numbers[b.first] <= b.zero || w.numbers[b.past-1] >= b.zero+100_000 {
				t.Errorf("block %d has numbers from %d to %d", b.zero, w.numbers[b.first], w.numbers[b.past-1])
			}
		}
		if past != len(w.numbers) {
			t.Errorf("the blocks end at %d of %d", past, len(w.numbers))
		}
	}
}

// Names of towns and codes of lines tell them apart; a line calls at each of its stops once.
func TestTownsAndLinesAreToldApart(t *testing.T) {
	w := draw(rand.New(rand.NewPCG(3, 4)), traffic.Large)
	called := map[string]bool{}
	for _, town := range w.towns {
		if called[town.name] || len(town.stops) == 0 {
			t.Errorf("town %q is one of two, or has no stops", town.name)
		}
		called[town.name] = true
	}
	for _, l := range w.lines {
		if called[l.code] || len(l.stops) < 10 {
			t.Errorf("line %q is one of two, or has %d stops", l.code, len(l.stops))
		}
		called[l.code] = true
		if rest := slices.Compact(slices.Sorted(slices.Values(l.stops))); len(rest) != len(l.stops) {
			t.Errorf("line %s calls at a stop twice", l.code)
		}
	}
}

// A plan leaves the holes at the end of a block behind it.
func TestAPlanGoesOnWithTheNextAuthority(t *testing.T) {
	w := draw(rand.New(rand.NewPCG(5, 6)), traffic.Small)
	a := Actor{traffic.New(1, 1), w}
	for i, b := range w.blocks {
		plan := a.plan(w.numbers[b.past-1], 33)
		if want := w.blocks[(i+1)%authorities].zero + 1; !slices.Contains(plan, want) {
			t.Errorf("from %d on no number is %d", plan[0], want)
		}
	}
}
