package atlas

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// ownNumbers is the office of a large group, whose services were given numbers in a row: every day somebody goes on
// through them, looks, corrects, and looks again.
func (c client) ownNumbers() {
	n := c.N(70)
	first := c.IntN(len(c.units) - n)
	gap := min(time.Minute, 8*time.Hour/time.Duration(n))
	for d := range 3 {
		next := c.Clock(traffic.Start.AddDate(0, 0, d).Add(8*time.Hour+30*time.Minute), gap)
		for i := range n * 2 / 3 {
			u, at := first+(d*n*2/3+i)%n, next()
			if c.read(at, u); c.IntN(2) == 0 {
				c.Do(at.Add(gap/3), "PUT", unitAt, fmt.Sprint("/services/", c.units[u].number), 200)
				c.read(at.Add(gap/2), u)
			}
		}
	}
}

// list are about n services of several providers and neighbourhoods, by number, as contracts have them; a few have
// closed since.
func (c client) list(n int) (numbers []uint64) {
	for len(numbers) < n {
		part := c.owned[c.IntN(len(c.owned))]
		if c.IntN(3) == 0 {
			part = c.near(c.somewhere(), c.IntN(len(unitKinds)), 8)
		}
		for _, u := range part {
			number := c.units[u].number
			if c.IntN(30) == 0 {
				number = c.units[0].number - 1 - c.Uint64N(50_000)
			}
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// contractList is a referral system that renews, every night and by number, whatever it has contracts with.
func (c client) contractList() {
	own := c.list(c.N(190))
	for d := range 3 {
		next := c.Clock(c.Night(d), time.Second)
		for _, number := range own {
			c.numbered(next(), number)
		}
	}
}

// ownHours is a chain that puts its own opening times on its site, twice a day: six workers at six addresses take
// service after service, three days of each.
func (c client) ownHours() {
	own := c.shuffled(c.N(30))
	slices.Sort(own)
	for run := range 6 {
		from := traffic.Start.Add(time.Duration(run)*12*time.Hour + 4*time.Hour)
		for i, u := range own {
			c.Source = fmt.Sprintf("198.18.77.%d", 1+i%6)
			for day := range 3 {
				c.hours(from.Add(time.Duration(200*(i/6*3+day)+c.IntN(700))*time.Millisecond), u, day)
			}
		}
	}
}

// invoices are checked in the evening, sorted by the code of who sent them: some send many, and some codes are misread.
func (c client) invoices() {
	senders := c.Perm(len(c.providers))[:c.N(45)]
	for d := range 3 {
		var batch []int
		for range c.N(95) {
			batch = append(batch, c.providers[senders[min(c.IntN(len(senders)), c.IntN(len(senders)))]])
		}
		slices.Sort(batch)
		next := c.Clock(traffic.Start.AddDate(0, 0, d).Add(19*time.Hour), 2*time.Second)
		for _, v := range batch {
			if c.IntN(12) == 0 {
				c.Do(next(), "GET", providerAt, "/providers/"+code(v)+"0", 404)
				continue
			}
			c.Get(next(), providerAt, "/providers/"+code(v))
		}
	}
}

// changeFeed catches up with ten days of changes, page after page, then asks for new pages and renews what it keeps
// of what changed.
func (c client) changeFeed() {
	own := c.shuffled(c.N(50))
	page := func(at time.Time, day time.Time, page int) {
		c.Get(at, changedOn, fmt.Sprintf("/changes/%s/%d", day.Format(time.DateOnly), page))
	}
	from := traffic.Start.Add(time.Duration(c.IntN(6)) * time.Hour)
	next := c.Clock(from, time.Second)
	for day := -10; day < 0; day++ {
		for p := range 3 + c.IntN(5) {
			page(next(), traffic.Start.AddDate(0, 0, day), p+1)
		}
	}
	next = c.Clock(from.Add(time.Hour), time.Duration(100/c.Busy)*time.Minute)
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		for back := range 2 {
			page(at.Add(time.Duration(1-back)*time.Second), at, max(1, 1+at.Hour()/4-back))
		}
		for i := range 1 + c.IntN(5) {
			c.read(at.Add(time.Duration(2+i)*time.Second), own[c.IntN(len(own))])
		}
	}
}

// release is a site that fills its cache with what is asked for most, by number, whenever a new version goes live.
func (c client) release() {
	c.visit(c.N(45))
	var top []int
	for range c.N(90) {
		top = append(top, c.near(c.somewhere(), c.IntN(len(unitKinds)), 1)...)
	}
	slices.Sort(top)
	top = slices.Compact(top)
	for _, at := range c.Office(3 + c.IntN(4)) {
		for i, u := range top {
			c.read(at.Add(time.Duration(i)*120*time.Millisecond), u)
		}
	}
}

// addressBook is a health board that fills its own book with the services of its region, once; its staff look them up
// from then on.
func (c client) addressBook() {
	region := c.near(c.IntN(len(c.areas)), -1, c.N(140))
	from := traffic.Start.Add(9*time.Hour + time.Duration(c.IntN(20))*time.Hour)
	next := c.Clock(from, 700*time.Millisecond)
	for _, i := range c.Perm(len(region)) {
		c.read(next(), region[i])
	}
	loaded := next()
	for _, at := range c.Office(c.N(200)) {
		if at.After(loaded) {
			c.read(at, region[c.IntN(len(region))])
		}
	}
}
