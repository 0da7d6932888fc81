package audit

import (
	"cmp"
	"slices"
	"strings"

	"accord/shared/usage"
)

// The figures behind rows beside each other.
const (
	longRow   = 400  // numbers: more than a year has days, of which somebody may read one place's
	thinRow   = 0.2  // of the numbers of a row were asked for, where so many are not there that nobody's list it is
	notThere  = 0.25 // of the looks were answered 404: who has a list knows what there is
	secondRow = 40   // numbers of another row, such as the next day's
)

// beside looks for a walk under one value of all parameters but one, and under another value after it: the numbers of each day, the items of each
// list, asked for about once and without many gaps. It looks around the paths that are kept as examples, some of which a long walk is likely to have.
// Who meets what is not there, and has no list, walks with a single row, or with several of as many together.
func (c *crawl) beside(s *Subject) (found march, ok bool) {
	template := c.template()
	if strings.Count(template, "{") < 2 || c.distinct < minWalk || c.written >= edits*c.distinct || c.distinct < firstLooks*float64(c.looks) {
		return found, false
	}
	longest, all, rows := 0.0, 0.0, []usage.Row(nil)
	for _, path := range c.examples {
		if dated(path, s.Now) {
			continue
		}
		for _, r := range c.sample.Rows(template, path, 1) {
			n := c.along(r)
			if n < secondRow || slices.ContainsFunc(rows, func(o usage.Row) bool { return overlap(o, r) }) || c.rowNews(s, r) {
				continue
			}
			rows, all = append(rows, r), all+n
			if n > longest {
				longest, found = n, march{low: r.Low, high: r.High, of: len(r.Numbers), beside: path, as: r.As}
			}
		}
	}
	return found, longest >= longRow || longest >= minWalk && len(rows) > 1 || all >= minWalk && c.blindly()
}

// amid looks for a walk amid other numbers, such as those that a developer tried before: around the paths that are kept as examples. Where a quarter
// of the answers are 404, gaps make it no less of one: nobody has a list of what is not there.
func (c *crawl) amid(s *Subject) (found march, ok bool) {
	if !c.walkable() || c.distinct < firstLooks*float64(c.looks) {
		return found, false
	}
	template, by := c.template(), stride(c.firsts(s.Index))
	for _, path := range c.examples {
		for _, r := range c.sample.Rows(template, path, uint64(by)) {
			slots := r.Slots()
			met := slots * float64(len(r.Numbers)) / float64(max(1, r.Below))
			blind := met >= thinRow*slots && c.blindly()
			if met >= minWalk && (blind || c.along(r) > 0) && !c.rowNews(s, r) {
				return march{low: r.Low, high: r.High, of: len(r.Numbers), beside: path, by: by, as: r.As}, true
			}
		}
	}
	return found, false
}

// blindly says whether so much of what was asked for is not there that nobody's list it was.
func (c *crawl) blindly() bool { return c.notThere() >= notThere*float64(c.looks) }

// along is how many numbers of a row were met, if it was gone through with few gaps and without coming back.
func (c *crawl) along(r usage.Row) float64 {
	if len(r.Numbers) < leastInOrder/2 {
		return 0
	}
	slots := r.Slots()
	row := looked{exact: c.exact, err: c.err, distinct: slots * float64(len(r.Numbers)) / float64(r.Below)}
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
	row := c.looked
	row.numbering = r.As
	return row.newest(some, r.Slots()/float64(r.Below), worldPace, &s.Population, c.keys)
}
