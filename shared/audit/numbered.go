package audit

import (
	"fmt"
	"slices"

	"accord/shared/usage"
)

// numbered works out how the numbers are written and what they span. An example without a cell may mean that numbers, or codes, are what a few
// names, or hexadecimal ids, happen to look like, or that most were stored as texts: half of the sample must be found then, or it is one of texts.
func (l *looked) numbered(cells *usage.Sketch) {
	template := l.template()
	span := usage.Span{Min: l.low, Max: l.high}
	l.numbering = usage.NumberingOf(template, l.examples)
	if low, high, ok := l.numbering.Within(span); ok {
		l.low, l.high = low, high
	} else {
		l.several = true
	}
	l.span = float64(l.high-l.low) + 1
	text := func(path string) bool { return !cells.CellOf(template, path) }
	if slices.ContainsFunc(l.examples, text) && (l.several || 2*len(l.known(nil)) < l.sample.Len()) {
		l.numeric, l.span = false, 0
	}
}

// walked says what a walk's numbers fill, and what told of a short one.
func (c *crawl) walked() (said string) {
	span := fmt.Sprintf("of the span from %s to %s", c.numbering.Text(c.low), c.numbering.Text(c.high))
	switch {
	case c.several:
		said = fmt.Sprintf("their numbers, written in several ways, fill %s of %s blocks of %d", percent(min(1, c.distinct/(usage.CellSize*c.cells))), count(c.cells), usage.CellSize)
	case c.unit > 1:
		said = fmt.Sprintf("their numbers, one in %.0f, fill %s %s", c.unit, percent(min(1, c.distinct*c.unit/c.span)), span)
	default:
		said = fmt.Sprintf("their numbers fill %s %s", percent(min(1, c.distinct/c.span)), span)
	}
	if c.parts > 0 {
		said += fmt.Sprintf(", and %s parts of them were read, too", count(c.parts))
	}
	if c.gone > 0 {
		said += fmt.Sprintf(", and %s of the looks found nothing (404)", count(c.gone))
	}
	return said
}
