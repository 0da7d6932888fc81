package usage_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"accord/shared/usage"

	"pgregory.net/rapid"
)

// What is a number, and what a text.
func TestWhichValuesAreNumbers(t *testing.T) {
	for _, c := range []struct {
		says, value string
		number      bool
	}{
		{"plain digits", "81001", true},
		{"zeros before them", "00081001", true},
		{"nought", "0", true},
		{"as many digits as are read", strings.Repeat("9", 18), true},
		{"one more", strings.Repeat("9", 19), false},
		{"a letter before them", "A81001", true},
		{"a sign between", "RBK-00421", true},
		{"three letters, seven digits", "SVC0001234", true},
		{"as few digits as a code has", "A001", true},
		{"fewer: the outward half of a postcode", "AB10", false},
		{"as many digits as a code has", "A999999999", true},
		{"one more", "A9999999999", false},
		{"as long a prefix as there is", "abcdefghijk-100", true},
		{"one letter more", "abcdefghijkl-100", false},
		{"a prefix without a letter", "--100", false},
		{"a sign", "+447", false},
		{"less than nought", "-447", false},
		{"a point", "1.500", false},
		{"a whole postcode", "SW1A2AA", false},
		{"a postcode with its space", "AB1%202CD", false},
		{"digits in the prefix", "B2-100", false},
		{"letters at the end", "A81001B", false},
		{"a date", "2027-01-15", false},
		{"a quarter", "2027Q100", false},
		{"a geohash", "gcpvj0du", false},
		{"a UUID", "9f1b6c1e-7f7e-4b57-9d43-0f8f3a5c0123", false},
		{"a UUID without hyphens", "abcdefabcdefabcdefabcdefabcde123", false},
		{"a name", "john42", false},
		{"letters of other scripts alone are none", "é100", false},
		{"nothing", "undefined", false},
	} {
		for _, template := range []string{"/p/{id}", "/p/{id}/notes"} {
			var s usage.Summary
			path := "/live" + strings.Replace(template, "{id}", c.value, 1)
			s.Add(usage.Call{At: start, Method: "GET", Template: template, Path: path, Status: 200})
			r := s.Resources["GET "+template]
			if got := r.Numbers != nil; got != c.number || got != (r.Cells.Len() == 1) {
				t.Errorf("%s: %q: a number: %v", c.says, path, got)
			}
			if rows := r.Distinct.Rows(template, path, 1); (len(rows) == 1 && len(rows[0].Numbers) == 1) != c.number {
				t.Errorf("%s: %q: rows %+v", c.says, path, rows)
			}
		}
	}
}

// What is hashed of a value is its letters, but for plain numbers: stored sketches go on.
func TestHashesStayAsTheyWere(t *testing.T) {
	for value, want := range map[string]uint64{
		"A81001": 3637464809, "00081001": 3844765979, "81001": 2171729411, "RBK-00421": 118475393,
	} {
		var s usage.Summary
		s.Add(usage.Call{At: start, Method: "GET", Template: "/p/{id}", Path: "/live/p/" + value, Status: 200})
		if got := s.Resources["GET /p/{id}"].Distinct.Hashes(); len(got) != 1 || uint64(got[0]) != want {
			t.Errorf("%q: %d; want %d", value, got, want)
		}
	}
}

// writing is a way in which numbers may be written.
func writing(t *rapid.T) (format string) {
	prefix := rapid.SampledFrom([]string{"", "A", "B", "RBK-", "abcdefghijk-", "é.x"}).Draw(t, "prefix")
	if width := rapid.IntRange(0, 9).Draw(t, "width"); width > 0 {
		return fmt.Sprintf("%s%%0%dd", prefix, width)
	}
	return prefix + "%d"
}

// However numbers are written, what is found of a sample is what was put in: by all three ways of looking, with an index or without.
func TestNumbersAreFoundAsTheyWereWritten(t *testing.T) {
	var index usage.Index
	rapid.Check(t, func(t *rapid.T) {
		format := writing(t)
		low := rapid.Uint64Range(100, 900_000_000).Draw(t, "low")
		if rapid.Bool().Draw(t, "short") {
			low = 100 + low%20_000
		}
		var s usage.Summary
		want := map[uint64]bool{}
		for _, n := range rapid.SliceOfN(rapid.Uint64Range(low, low+300), 1, 200).Draw(t, "numbers") {
			want[n] = true
			s.Add(usage.Call{At: start, Method: "GET", Template: "/p/{id}", Path: fmt.Sprintf("/live/p/"+format, n), Status: 200})
		}
		r := s.Resources["GET /p/{id}"]
		as := usage.NumberingOf("/p/{id}", r.Examples)
		first, last, within := as.Within(*r.Numbers)
		if !within || last-first > 300 || !r.Cells.CellOf("/p/{id}", r.Examples[0]) {
			t.Fatalf("%s: from %d to %d: %v", format, first, last, within)
		}
		if text := fmt.Sprintf(format, last); as.Text(last) != text && len(text) > 1 && strings.Contains(r.Examples[0], "/0") {
			t.Errorf("%s: %d is written %s", format, last, as.Text(last))
		}
		found := r.Distinct.Numbers(as, first, last)
		equal(t, "by an index", found, index.Numbers(r.Distinct, as, first, last))
		rows := r.Distinct.Rows("/p/{id}", r.Examples[0], 1)
		for _, all := range []map[uint32]uint64{found, rows[0].Numbers} {
			for h, n := range all {
				if !want[n] {
					t.Errorf("%s: %d was found for %d", format, n, h)
				}
			}
		}
		if padded := widthOf(format); (padded == 0 || last < pow10(padded-1)) && len(found) != r.Distinct.Len() {
			t.Errorf("%s: %d of %d found from %d to %d", format, len(found), r.Distinct.Len(), first, last)
		}
		if met, ok := r.Distinct.Met(as, first, last); ok && (met < .6*float64(len(want)) || met > 1.5*float64(len(want))) {
			t.Errorf("%s: %d were met, and %.0f seem so", format, len(want), met)
		}
	})
}

func widthOf(format string) (n int) {
	_, after, _ := strings.Cut(format, "%")
	_, _ = fmt.Sscanf(after, "0%dd", &n)
	return n
}

func pow10(n int) uint64 { return uint64(math.Pow10(max(0, n))) }

// What examples tell of how numbers are written.
func TestNumberingOfExamples(t *testing.T) {
	for _, c := range []struct {
		says    string
		paths   []string
		written string // of 421
	}{
		{"nothing is known: plain", nil, "421"},
		{"plain", []string{"/live/p/7"}, "421"},
		{"a zero shows the width", []string{"/live/p/12345", "/live/p/00007"}, "00421"},
		{"without one, none is known", []string{"/live/p/12345"}, "421"},
		{"a shorter one shows that there is none", []string{"/live/p/0123", "/live/p/77"}, "421"},
		{"widths disagree", []string{"/live/p/0123", "/live/p/00077"}, "421"},
		{"a prefix", []string{"/live/p/A81001", "/live/p/A81002"}, "A421"},
		{"a prefix and zeros", []string{"/live/p/RBK-00077"}, "RBK-00421"},
		{"several prefixes", []string{"/live/p/A81001", "/live/p/B81002"}, "A421"},
		{"codes and plain numbers", []string{"/live/p/A81001", "/live/p/81002"}, "A421"},
		{"texts are none", []string{"/live/p/A81001", "/live/p/undefined", "/live/q"}, "A421"},
	} {
		as := usage.NumberingOf("/p/{id}", c.paths)
		if as.Text(421) != c.written {
			t.Errorf("%s: %s", c.says, as.Text(421))
		}
	}
}

// No two prefixes share a cell, and no code lies among plain numbers.
func TestCodesOfTwoPrefixesAreApart(t *testing.T) {
	for _, c := range []struct {
		says   string
		ids    []string
		cells  float64
		coded  bool
		within bool // what the first one's numbering counts
	}{
		{"one prefix, one block", []string{"A81025", "A81026", "A81050"}, 1, true, true},
		{"two prefixes", []string{"A81025", "B81025"}, 2, true, false},
		{"with and without", []string{"A81025", "81025"}, 2, true, false},
		{"great letters and small", []string{"A81025", "a81025"}, 2, true, false},
		{"zeros or none, a number is one", []string{"0081025", "81025"}, 1, false, true},
		{"plain numbers as high as they are", []string{strings.Repeat("9", 18)}, 1, false, true},
	} {
		var s usage.Summary
		for _, id := range c.ids {
			s.Add(usage.Call{At: start, Method: "GET", Template: "/p/{id}", Path: "/live/p/" + id, Status: 200})
		}
		r := s.Resources["GET /p/{id}"]
		if _, _, within := usage.NumberingOf("/p/{id}", []string{"/live/p/" + c.ids[0]}).Within(*r.Numbers); within != c.within {
			t.Errorf("%s: within: %v", c.says, within)
		}
		if r.Cells.CellOf("/p/{id}", "/live/p/Z777") || r.Cells.CellOf("/p/{id}", "/live/p/z") {
			t.Errorf("%s: nobody asked for Z777, nor has z a cell", c.says)
		}
		if r.Cells.Estimate() != c.cells || r.Numbers.Max >= 1<<60 != c.coded || r.Numbers.Max >= 1<<62 {
			t.Errorf("%s: %.0f cells, %+v", c.says, r.Cells.Estimate(), r.Numbers)
		}
	}
}
