package schools

import (
	"math/rand/v2"
	"slices"
	"testing"

	"accord/shared/simulate/traffic"
)

func draw(seed uint64) *Register { return Draw(rand.New(rand.NewPCG(seed, 0)), traffic.Small) }

// Numbers rise, schools have six digits and childcare seven, and every establishment lies on its authority's road.
func TestRegisterIsWellFormed(t *testing.T) {
	for seed := range uint64(3) {
		w := draw(seed)
		if n := len(w.numbers); n != Catalogue(traffic.Small) || len(w.home) != n || len(w.lastReport) != n {
			t.Fatalf("seed %d: %d establishments, %d homes, %d reports", seed, n, len(w.home), len(w.lastReport))
		}
		for i, n := range w.numbers {
			if i > 0 && n <= w.numbers[i-1] {
				t.Errorf("seed %d: %d comes after %d", seed, n, w.numbers[i-1])
			}
			if i < w.schools && (n < 100_000 || n > 999_999) || i >= w.schools && (n < 1_000_000 || n > 9_999_999) {
				t.Errorf("seed %d: the %dth establishment has the number %d", seed, i, n)
			}
			if !slices.Contains(w.road[w.home[i]], i) {
				t.Errorf("seed %d: the %dth establishment is not where it belongs", seed, i)
			}
		}
	}
}

// No two postcodes are the same, and each lies beside an establishment.
func TestPostcodesAreDifferent(t *testing.T) {
	w, seen := draw(1), map[string]bool{}
	for _, p := range w.postcodes {
		if seen[p.text] || p.place >= len(w.road[p.authority]) {
			t.Errorf("%+v is there twice, or nowhere", p)
		}
		seen[p.text] = true
	}
}

// There are as many kinds of each sort as were wanted, and a crawl by number is a crawl.
func TestKindsAreOfEverySort(t *testing.T) {
	var honest, ordered, unordered, hidden int
	for _, k := range Kinds(rand.New(rand.NewPCG(1, 0)), traffic.Small) {
		switch {
		case k.Hidden && !k.Crawls || k.Ordered && !k.Crawls:
			t.Errorf("%+v", k)
		case !k.Crawls:
			honest++
		case k.Hidden:
			hidden++
		case k.Ordered:
			ordered++
		default:
			unordered++
		}
	}
	if honest != 16 || ordered != 7 || unordered != 5 || hidden != 1 {
		t.Errorf("%d honest, %d ordered, %d unordered, %d hidden", honest, ordered, unordered, hidden)
	}
}
