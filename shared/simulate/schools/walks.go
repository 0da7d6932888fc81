package schools

import (
	"fmt"
	"math"
	"time"

	"accord/shared/simulate/traffic"
)

// gap is how long a harvester waits between two requests: from a fifth of a second to half a minute.
func (c Caller) gap() time.Duration { return time.Duration(2e8 * math.Pow(150, c.Float64())) }

// middle is the number of a school in the first half of them.
func (c Caller) middle() uint64 { return c.numbers[c.IntN(c.schools/2)] }

// count asks for numbers from one on, and goes back a bit when it was stopped. It tells where it would go on.
func (c Caller) count(next func() time.Time, n uint64, step, times int) uint64 {
	for range times {
		c.number(next(), n)
		if n += uint64(step); c.IntN(150) == 0 {
			n -= uint64(step * c.IntN(20))
		}
	}
	return n
}

// latestDown wants the new nurseries first, and leaves a stretch out when too many in it are gone.
func latestDown(c Caller) {
	next, n := c.Clock(c.Begins(), c.gap()), c.numbers[len(c.numbers)-1-c.IntN(200)]
	gone, bears := 0, 4+c.IntN(6)
	for range c.N(560) {
		if gone++; c.number(next(), n) {
			gone = 0
		} else if gone >= bears {
			n, gone = n-uint64(5+c.IntN(10)), 0
		}
		n--
	}
}

// lastDigits are ten workers, or fewer with several digits each: each goes up in strides, at a speed of its own.
func lastDigits(c Caller) {
	begin, base, gap, workers := c.Begins(), c.middle(), c.gap(), []int{2, 5, 10}[c.IntN(3)]
	for k := range workers {
		own := time.Duration(float64(gap) * (0.8 + 0.5*c.Float64()))
		c.count(c.Clock(begin, own*time.Duration(workers)), base+uint64(k), workers, c.N(620)/workers)
	}
}

// cloudBatches deals out batches of numbers to functions that each have an address of their own; some are done twice.
func cloudBatches(c Caller) {
	n, batch, at, gap := c.middle(), 8+c.IntN(25), c.Begins(), c.gap()/2
	for left := c.N(680); left > 0; left -= batch {
		c.Source = fmt.Sprintf("198.18.%d.%d", c.IntN(256), c.IntN(256))
		c.count(c.Clock(at, 2*gap), n, 1, batch)
		if at = at.Add(gap * time.Duration(batch)); c.IntN(12) > 0 {
			n += uint64(batch)
		}
	}
}

// shifts has somebody start the program each morning and stop it in the evening; it goes up, or down from the latest.
func shifts(c Caller) {
	n, step, day := c.middle(), 1, c.N(230)
	if c.IntN(3) == 0 {
		n, step = c.numbers[c.schools-1], -1
	}
	for d := range 3 {
		morning := traffic.Start.AddDate(0, 0, d).Add(8*time.Hour + 10*c.think())
		n = c.count(c.Clock(morning, 8*time.Hour/time.Duration(day)), n, step, day)
	}
}

// wholeSchools knows which numbers there are, and reads of each all that there is, once more when its program has crashed.
func wholeSchools(c Caller) {
	next, i := c.Clock(c.Begins(), c.gap()/2), c.IntN(c.schools/2)
	for range c.N(280) {
		c.room(next(), i)
		c.inspection(next(), i)
		if i++; c.IntN(45) == 0 {
			i -= min(i, c.IntN(14))
		}
	}
}

// downloaded goes up the file of all numbers from changing addresses; what it has from elsewhere it leaves out.
func downloaded(c Caller) {
	next, want, i := c.Clock(c.Begins(), c.gap()), 0.3+0.5*c.Float64(), c.IntN(len(c.numbers)/4)
	for left := c.N(580); left > 0 && i < len(c.numbers); i++ {
		if c.IntN(30) == 0 {
			c.Source = fmt.Sprintf("198.19.%d.%d", c.IntN(256), c.IntN(256))
		}
		if c.Float64() < want {
			c.look(next(), i)
			left--
		}
	}
}
