package usage_test

import (
	"fmt"
	"testing"

	"accord/shared/usage"

	"github.com/google/go-cmp/cmp"
)

// plain is how numbers are written where no path says otherwise.
var plain = usage.NumberingOf("/p/{id}", nil)

// Which numbers a sample stands for is found again, whatever else is in it.
func TestNumbersOfASample(t *testing.T) {
	var s usage.Summary
	want := map[uint64]bool{}
	for i := range 100 {
		n := uint64(5_000_000 + i*i)
		want[n] = true
		s.Add(usage.Call{At: start, Method: "GET", Template: "/p/{id}", Path: fmt.Sprint("/live/p/", n), Status: 200})
	}
	s.Add(usage.Call{At: start, Method: "GET", Template: "/p/{id}", Path: "/live/p/undefined", Status: 200})
	sample := s.Resources["GET /p/{id}"].Distinct
	numbers := sample.Numbers(plain, 5_000_000, 5_010_000)
	for h, n := range numbers {
		if !want[n] {
			t.Errorf("%d was found for %d", n, h)
		}
	}
	if len(numbers) != 100 || sample.Len() != 101 {
		t.Errorf("%d numbers found of a sample of %d; want 100 of 101", len(numbers), sample.Len())
	}
	cells := s.Resources["GET /p/{id}"].Cells
	if diff := cmp.Diff(numbers, sample.NumbersIn(cells, plain, 4_000_000, 6_000_000)); diff != "" {
		t.Errorf("in a span thirty times as wide, by the cells that were touched: %s", diff)
	}
	if wide := sample.NumbersIn(cells, plain, 0, 1<<60); wide != nil {
		t.Errorf("%d numbers found in a span that is too wide for that, too", len(wide))
	}
	if wide := sample.Numbers(plain, 0, 1<<60); wide != nil {
		t.Errorf("%d numbers found in a span that is too wide to look through", len(wide))
	}
}

// Codes have cells of their own, and are found in those.
func TestCodesOfASample(t *testing.T) {
	var s usage.Summary
	for i := range 90 {
		s.Add(usage.Call{At: start, Method: "GET", Template: "/p/{id}", Path: fmt.Sprintf("/live/p/RBK-%08d", 400_000+i*2100), Status: 200})
	}
	r := s.Resources["GET /p/{id}"]
	if found := r.Distinct.NumbersIn(r.Cells, usage.NumberingOf("/p/{id}", r.Examples), 0, 4_000_000); len(found) != 90 {
		t.Errorf("%d of 90 codes were found", len(found))
	}
}

func BenchmarkNumbers(b *testing.B) {
	var s usage.Sketch
	for i := range 1000 {
		s.Add(usage.Hash(fmt.Sprint(i)))
	}
	for b.Loop() {
		s.Numbers(plain, 0, 1<<17-1)
	}
}

// Numbers met without a gap are counted, however many; half of them are estimated three in ten better than by the sketch alone.
func TestMetNumbers(t *testing.T) {
	for n := usage.SketchSize; n <= 6000; n += 97 {
		var all, half usage.Summary
		for i := range n {
			call := usage.Call{At: start, Method: "GET", Template: "/p/{id}", Path: fmt.Sprint("/live/p/", 1000+i), Status: 200}
			if all.Add(call); i%2 == 0 {
				half.Add(call)
			}
		}
		if met, ok := all.Resources["GET /p/{id}"].Distinct.Met(plain, 1000, uint64(999+n)); !ok || met != float64(n) {
			t.Errorf("%d numbers without a gap: %v, %v", n, met, ok)
		}
		met, ok := half.Resources["GET /p/{id}"].Distinct.Met(plain, 1000, uint64(999+n))
		if rate := 2 * met / float64(n); ok && (rate < .7 || rate > 1.35) {
			t.Errorf("every second one of %d: %v", n, met)
		}
	}
}

func BenchmarkMet(b *testing.B) {
	var s usage.Sketch
	for i := range 6000 {
		s.Add(usage.Hash(fmt.Sprint(i)))
	}
	for b.Loop() {
		s.Met(plain, 1, 6000)
	}
}
