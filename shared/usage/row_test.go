package usage_test

import (
	"fmt"
	"testing"

	"accord/shared/usage"
)

// Around a path the numbers that were met are found, and how many of those between would be in the sample.
func TestRowsLieAroundAPath(t *testing.T) {
	const template = "/days/{day}/{number}/notes"
	for _, n := range []int{60, 127, 400, 2000} {
		var s usage.Summary
		for i := range n {
			if i%10 < 9 {
				s.Add(usage.Call{Method: "GET", Template: template, Path: fmt.Sprintf("/live/days/2027-01-10/%d/notes", 500+i), Status: 200})
			}
		}
		sample := s.Resources["GET "+template].Distinct
		rows := sample.Rows(template, "/live/days/2027-01-10/530/notes", 1)
		if len(rows) != 1 {
			t.Fatalf("%d numbers: got %d rows", n, len(rows))
		}
		r := rows[0]
		met := float64(r.High-r.Low+1) * float64(len(r.Numbers)) / float64(r.Below)
		if want := .9 * float64(n); r.Low < 500 || r.High >= uint64(500+n) || n < 2000 && len(r.Numbers) != sample.Len() || met < .85*want || met > 1.1*want {
			t.Errorf("%d numbers from 500 on: got %d to %d, %d of %d, which is %.0f; want %.0f", n, r.Low, r.High, len(r.Numbers), r.Below, met, want)
		}
		for h, number := range r.Numbers {
			if number < r.Low || number > r.High || (number-500)%10 == 9 {
				t.Errorf("hash %d is said to be of %d, which nobody asked for", h, number)
			}
		}
	}
}

// What does not fit, or has no whole numbers, has no rows.
func TestNoRows(t *testing.T) {
	var s usage.Sketch
	s.Add(usage.Hash("any"))
	for _, path := range []string{"", "/live/days/2027-01-10", "/live/days/a/b/notes", "/live/days/a/1.5/notes", "/live/days/a/-3/notes"} {
		if rows := s.Rows("/days/{day}/{number}/notes", path, 1); len(rows) != 0 {
			t.Errorf("%q: got %+v", path, rows)
		}
	}
	if rows := new(usage.Sketch).Rows("/days/{day}/{number}/notes", "/live/days/a/7/notes", 1); rows != nil {
		t.Errorf("of nothing: got %+v", rows)
	}
}
