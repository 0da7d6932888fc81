package schools

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// shuffledFile is the file of all numbers, shuffled among a few workers; some of it they ask again at the end.
func shuffledFile(c Caller) {
	begin, gap, workers := c.Begins(), c.gap(), 1+c.IntN(4)
	all := c.Perm(len(c.numbers))[:c.N(740)]
	all = append(all, all[:len(all)/25]...)
	for k := range workers {
		next := c.Clock(begin, gap*time.Duration(workers))
		for i := k; i < len(all); i += workers {
			c.look(next(), all[i])
		}
	}
}

// everyHour takes a handful of establishments an hour, day and night, from changing addresses, with what places they have.
func everyHour(c Caller) {
	all, each, next := c.Perm(len(c.numbers)), max(7, c.N(900)/150), c.gap()/4
	for k, i := range all[:72*each] {
		if k%each == 0 {
			c.Source = fmt.Sprintf("198.18.%d.%d", c.IntN(256), c.IntN(256))
		}
		at := traffic.Start.Add(time.Duration(k/each)*time.Hour + time.Duration(k%each)*next + c.think())
		c.look(at, i)
		if c.IntN(3) > 0 {
			c.room(at.Add(next/3), i)
		}
	}
}

// everyPostcode goes through a file of postcodes, one by one, some of each town, or all over the country.
func everyPostcode(c Caller) {
	next, from, step := c.Clock(c.Begins(), c.gap()), c.IntN(len(c.postcodes)), []int{1, 7, 7919}[c.IntN(3)]
	for k := range c.N(600) {
		c.near(next(), c.postcodes[(from+k*step)%len(c.postcodes)], 5, 1)
	}
}

// everyAuthority pages through the list of each authority to its end, and opens some of what is listed.
func everyAuthority(c Caller) {
	next, left, opens := c.Clock(c.Begins(), c.gap()), c.N(640), c.Float64()*0.9
	for _, authority := range c.Perm(len(c.codes)) {
		for row, i := range c.road[authority] {
			if left > 0 && row%perPage == 0 {
				c.list(next(), authority, 1+row/perPage)
				left--
			}
			if left > 0 && c.Float64() < opens {
				c.look(next(), i)
				left--
			}
		}
	}
}

// circles lets out the radius around a town until all of it is covered, and reads whatever it had not seen; then the next.
func circles(c Caller) {
	next, left, seen := c.Clock(c.Begins(), c.gap()), c.N(600), map[int]bool{}
	for left > 0 {
		town := c.living(c.IntN(len(c.codes)))
		for step, miles := range []int{1, 2, 4, 8, 16, 32} {
			c.near(next(), town, miles, 1)
			for _, i := range c.around(town, 3<<step) {
				if !seen[i] {
					c.look(next(), i)
					left--
				}
				seen[i] = true
			}
		}
	}
}

// copyUnder is a large site for families whose owner copies schools by number, some left out, in one request of eleven.
func copyUnder(c Caller) {
	for _, at := range c.Awake(int(440*c.Busy) + c.N(60)) {
		c.visit(at)
	}
	i := c.IntN(c.schools / 3)
	for _, at := range c.Awake(len(c.Calls) / 10) {
		c.look(at, i)
		i += 1 + c.IntN(2)
	}
}
