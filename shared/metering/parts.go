package metering

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"accord/shared/usage"
)

// MaxParts is the most parts that a window can have.
const MaxParts = 64

// Parts says how many parts a window is split over, by its start: entries in the order of their time, the
// first from the beginning. A line is put by the start of its window and not by when it comes in, so that a
// number that is changed from a moment on divides no window, however late its lines are.
type Parts []struct {
	From   time.Time
	Number int
}

// ParseParts reads "1", or "1, 4 from 2027-02-01T00:00Z" with any number of such changes.
func ParseParts(text string) (Parts, error) {
	var p Parts
	for i, entry := range strings.Split(text, ",") {
		number, from, dated := strings.Cut(strings.TrimSpace(entry), " from ")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > MaxParts {
			return nil, fmt.Errorf("%q is not a whole number from 1 to %d", number, MaxParts)
		}
		var at time.Time
		if dated != (i > 0) {
			return nil, fmt.Errorf("%q: the first number has no date and each after it has one, as in 1, 4 from 2027-02-01T00:00Z", entry)
		}
		if dated {
			if at, err = time.Parse(startLayout, from); err != nil || !usage.WindowOf(at).Equal(at) {
				return nil, fmt.Errorf("%q is not the start of a window, such as 2027-02-01T00:00Z: UTC, minutes in fives", from)
			}
			if !at.After(p[i-1].From) {
				return nil, fmt.Errorf("%q does not come after the change before it", from)
			}
		}
		p = append(p, Parts{{at, n}}...)
	}
	return p, nil
}

// at is how many parts the window has that a moment lies in: one where nothing is said.
func (p Parts) at(moment time.Time) int {
	n, start := 1, usage.WindowOf(moment)
	for i, e := range p {
		if i == 0 || !start.Before(e.From) {
			n = max(e.Number, 1)
		}
	}
	return n
}

// most is the largest number of parts that any window has.
func (p Parts) most() int {
	n := 1
	for _, e := range p {
		n = max(n, e.Number)
	}
	return n
}
