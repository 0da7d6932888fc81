package usage_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"accord/shared/usage"
)

var series = rapid.Custom(func(t *rapid.T) (s usage.Series) {
	for range rapid.IntRange(0, 40).Draw(t, "figures") {
		s = s.Plus(rapid.Int64Range(-5, 30).Draw(t, "window"), rapid.Int64Range(1, 9).Draw(t, "n"))
	}
	return s
})

func TestASeriesRisesAndAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := series.Draw(t, "a"), series.Draw(t, "b")
		got := slices.Clone(a).Merge(b)
		if !slices.IsSortedFunc(got, func(x, y usage.Figure) int { return cmp.Or(cmp.Compare(x.Window, y.Window), 1) }) {
			t.Errorf("does not rise: %v", got)
		}
		for w := int64(-6); w <= 31; w++ {
			equal(t, "a window", a.At(w)+b.At(w), got.At(w))
		}
		equal(t, "the sum", a.Sum()+b.Sum(), got.Sum())
		equal(t, "commutes", slices.Clone(b).Merge(a), got)
	})
}

// An index finds what looking through all numbers finds, at the edges of its blocks and near the ends of all numbers.
func TestAnIndexFindsTheSameNumbers(t *testing.T) {
	var index usage.Index
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.OneOf(rapid.Uint64Range(0, 1<<15), rapid.Uint64Max(1_000_000_000_000_000_000), rapid.Uint64Range(math.MaxUint64-1<<15, math.MaxUint64-1<<14)).Draw(t, "low")
		wide := rapid.Uint64Range(0, 1<<14).Draw(t, "wide")
		numbers := rapid.SliceOfN(rapid.Uint64Range(low, low+wide), 0, 200).Draw(t, "numbers")
		var s usage.Summary
		for _, n := range numbers {
			s.Add(usage.Call{At: start, Method: "GET", Template: "/p/{id}", Path: fmt.Sprint("/live/p/", n), Status: 200})
		}
		s.Add(usage.Call{At: start, Method: "GET", Template: "/p/{id}", Path: "/live/p/elsewhere", Status: 200})
		sample := s.Resources["GET /p/{id}"].Distinct
		from := low + rapid.Uint64Range(0, wide).Draw(t, "from")
		until := from + rapid.Uint64Range(0, low+wide-from).Draw(t, "until")
		equal(t, "numbers", sample.Numbers(plain, from, until), index.Numbers(sample, plain, from, until))
		if none := index.Numbers(sample, plain, 0, 1<<60); none != nil {
			t.Errorf("%d numbers found in a span that is too wide to look through", len(none))
		}
	})
}

func BenchmarkIndex(b *testing.B) {
	var s usage.Sketch
	for n := range 1000 {
		s.Add(usage.Hash(string(rune(n))))
	}
	var index usage.Index
	for b.Loop() {
		index.Numbers(&s, plain, 0, 1<<17-1)
	}
}
