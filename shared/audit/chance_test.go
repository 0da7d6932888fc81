package audit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"accord/shared/audit"
	"accord/shared/aup"
	"accord/shared/usage"
)

// In whatever order and whatever batches lines arrive, the findings are the same.
func TestScatteringChangesNothing(t *testing.T) {
	calls := append(spread(key, today, 5, 1200, ordered(1)), spread("key-two", today.AddDate(0, 0, -1), 20, 300, popular(50))...)
	want, wantNotices := audit.Detect(subject(days(calls...)))
	if len(want) != 2 {
		t.Fatalf("want a volume and a crawling finding, got %+v", want)
	}
	rapid.Check(t, func(t *rapid.T) {
		scattered := append([]usage.Call(nil), calls...)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		r.Shuffle(len(scattered), func(i, j int) { scattered[i], scattered[j] = scattered[j], scattered[i] })
		got, notices := audit.Detect(subject(days(scattered...)))
		if diff := cmp.Diff(want, got) + cmp.Diff(wantNotices, notices); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Flat demand is the hardest honest use: nothing is popular, so only chance repeats. It is never flagged,
// however far it goes, whether the catalogue is known or not.
func TestChanceIsNotCrawling(t *testing.T) {
	for _, size := range []int{150, 500, 2000, 5000} {
		for seed := range uint64(12) {
			r := rand.New(rand.NewPCG(seed, uint64(size)))
			var sum usage.Summary
			day := usage.Day{Date: "2027-01-15"}
			for i, next := 1, 105; i <= 2*size; i++ {
				sum.Add(call(key, today, 1000+r.IntN(size)))
				if i < next {
					continue
				}
				next = i + i/16
				day.Put(today, sum)
				s := crawled(int64(size), .02, nil)
				s.Keys = map[aup.KeyID][]usage.Day{key: {day}}
				if found := of("crawling", s); len(found) > 0 {
					t.Fatalf("seed %d, after %d looks among %d: %s", seed, i, size, found[0].Reason)
				}
			}
		}
	}
}

// Nor where the sample is full and begins to estimate, and a few more different ones are easily met by chance.
func TestChanceWhereCountingEnds(t *testing.T) {
	for seed := range uint64(800) {
		r := rand.New(rand.NewPCG(seed, 6))
		var sum usage.Summary
		for i := range 260 {
			if sum.Add(call(key, today, 5000+r.IntN(300))); i < 115 || i%8 > 0 {
				continue
			}
			day := usage.Day{Date: "2027-01-15"}
			day.Put(today, sum)
			s := crawled(0, 0, nil)
			s.Keys = map[aup.KeyID][]usage.Day{key: {day}}
			if found := of("crawling", s); len(found) > 0 {
				t.Fatalf("seed %d, after %d looks: %s", seed, i, found[0].Reason)
			}
		}
	}
}

// Nor over days in which returns show, where ids are no numbers: what is met by chance comes again.
func TestChanceComesAgain(t *testing.T) {
	for seed := range uint64(300) {
		const size, windows = 3000, 200
		r := rand.New(rand.NewPCG(seed, 3))
		day := usage.Day{Date: "2027-01-15"}
		for w := range windows {
			at := today.Add(time.Duration(w) * usage.Window)
			var sum usage.Summary
			for range r.IntN(6) {
				sum.Add(call(key, at, fmt.Sprint("n", r.IntN(size))))
			}
			day.Put(at, sum)
			if w < windows/2 || w%5 > 0 {
				continue
			}
			s := crawled(size, .2, nil)
			s.Keys = map[aup.KeyID][]usage.Day{key: {day}}
			if found := of("crawling", s); len(found) > 0 {
				t.Fatalf("seed %d, window %d: %s", seed, w, found[0].Reason)
			}
		}
	}
}

// A block of a hundred is somebody's own, wherever it lies and however many others far off are asked for, too.
func TestABlockOfAHundredIsNoWalk(t *testing.T) {
	for first := 50_000; first < 50_032; first += 5 {
		for strays := range 24 {
			for _, far := range []int{300, 7000, 100_000_000} {
				calls := append(burst(100, shuffled(first, 100)), burst(strays, func(i int) any { return first + (1+i)*far })...)
				if found := of("crawling", crawled(0, 0, calls)); len(found) > 0 {
					t.Fatalf("from %d on, with %d others %d apart: got %+v", first, strays, far, found)
				}
			}
		}
	}
}

// A walk without gaps is found however long it is and wherever it begins, in any order, even within one window; from the share
// that the policy calls significant on, it is extreme. A sketch's estimate of it may be wrong, but the walk is not.
func TestNoLengthHidesAWalk(t *testing.T) {
	const catalogue, significant = 6000, .2
	for n := minWalk; n <= catalogue; n += 1 + n/25 {
		for _, first := range []int{1, 977, 50_000} {
			for order, next := range []func(int) any{ordered(first), shuffled(first, n)} {
				found := of("crawling", crawled(catalogue, significant, burst(n, next)))
				if len(found) != 1 || !slices.Contains(found[0].Families, "walk") {
					t.Fatalf("%d from %d on, order %d: got %+v", n, first, order, found)
				}
				if extreme := n >= catalogue*significant; found[0].Extreme != extreme {
					t.Errorf("%d from %d on, order %d: extreme %v; want %v", n, first, order, found[0].Extreme, extreme)
				}
			}
		}
	}
}
