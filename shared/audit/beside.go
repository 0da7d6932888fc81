package audit

import (
	"cmp"
	"slices"
	"strings"

	"accord/shared/usage"
)

// The figures behind rows beside each other.
const (
	longRow   = 400 // numbers: more than a year has days, of which somebody may read one place's
	secondRow = 40  // numbers of another row, such as the next day's
)

// beside looks for a walk under one value of all parameters but one, and under another value after it: the numbers of each day, the items of each
// list, asked for about once and without many gaps. It looks around the paths that are kept as examples, some of which a long walk is likely to have.
func (c *crawl) beside(s *Subject) (found march, ok bool) {
	_, template, _ := strings.Cut(c.resource, " ")
	if strings.Count(template, "{") < 2 || c.distinct < minWalk || c.written >= edits*c.distinct || c.distinct < firstLooks*float64(c.looks) {
		return found, false
	}
	longest, met, several := 0.0, usage.Row{}, false
	for _, path := range c.examples {
		if dated(path, s.Now) {
			continue
		}
		for _, r := range c.sample.Rows(template, path) {
			n := c.along(r)
			if n < secondRow || c.rowNews(s, r) {
				continue
			}
			several = several || len(met.Numbers) > 0 && !overlap(met, r)
			if n > longest {
				longest, met, found = n, r, march{low: r.Low, high: r.High, of: len(r.Numbers), beside: path}
			}
		}
	}
	return found, longest >= longRow || longest >= minWalk && several
}

// along is how many numbers of a row were met, if it was gone through with few gaps and without coming back.
func (c *crawl) along(r usage.Row) float64 {
	if len(r.Numbers) < leastInOrder/2 {
		return 0
	}
	slots := float64(r.High-r.Low) + 1
	row := looked{exact: c.exact, distinct: slots * float64(len(r.Numbers)) / float64(r.Below)}
	row.looks = int64(float64(c.looks) * row.distinct / c.distinct)
	if !row.dense(slots) {
		return 0
	}
	return row.distinct
}

// overlap says whether two rows cross, or are one.
func overlap(a, b usage.Row) bool {
	for h := range a.Numbers {
		if _, in := b.Numbers[h]; in {
			return true
		}
	}
	return false
}

// rowNews says whether a row is what is new.
func (c *crawl) rowNews(s *Subject, r usage.Row) bool {
	var some []number
	for _, m := range c.marks {
		if n, in := r.Numbers[m.hash]; in {
			some = append(some, number{n, m.at})
		}
	}
	slices.SortFunc(some, func(a, b number) int { return cmp.Compare(a.number, b.number) })
	return c.newest(some, (float64(r.High-r.Low)+1)/float64(r.Below), worldPace, &s.Population, c.keys)
}
