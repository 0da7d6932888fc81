package atlas

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// oldCopy goes through an old copy of the atlas, which workers share out among themselves in no order; some of what
// it lists has closed.
func (c client) oldCopy() {
	units := c.shuffled(c.N(780))
	next, workers := c.paced(len(units)), 2+c.IntN(5)
	for _, u := range units {
		c.Source = fmt.Sprintf("198.19.41.%d", 1+c.IntN(workers))
		number := c.units[u].number
		if c.IntN(10) == 0 {
			number = c.units[0].number - 1 - c.Uint64N(50_000)
		}
		c.numbered(next(), number)
	}
}

// frontier follows links: a service has a provider and an area, a provider has services, an area has those near it.
// What is followed next is any link that was seen and not yet followed.
func (c client) frontier() {
	n := c.N(780)
	next, seen, open := c.paced(n), map[string]bool{}, []func(){}
	push := func(name string, follow func()) {
		if !seen[name] {
			seen[name], open = true, append(open, follow)
		}
	}
	var service func(u int)
	services := func(units []int) {
		for _, u := range units {
			push(fmt.Sprint("service ", u), func() { service(u) })
		}
	}
	service = func(u int) {
		c.read(next(), u)
		p, area, kind := c.units[u].provider, c.units[u].area, c.units[u].kind
		push(fmt.Sprint("provider ", p), func() {
			c.Get(next(), ownedBy, fmt.Sprintf("/providers/%s/services/1", code(c.providers[p])))
			services(c.owned[p][:min(pageSize, len(c.owned[p]))])
		})
		push(fmt.Sprint("area ", area, kind), func() { services(c.search(next(), area, kind, 1)) })
	}
	services(c.search(next(), c.somewhere(), 0, 1))
	for range n {
		i := c.IntN(len(open))
		follow := open[i]
		open = slices.Delete(open, i, i+1)
		follow()
	}
}

// randomPoints throws points at the map, as long as there is something new near them.
func (c client) randomPoints() {
	left := c.N(820)
	next, had := c.paced(left), map[int]bool{}
	for left > 0 {
		area := c.IntN(len(c.areas))
		c.within(next(), area, c.Float64(), c.Float64(), 4)
		left--
		for _, u := range c.near(area, -1, 6+c.IntN(20)) {
			if !had[u] {
				had[u] = true
				c.read(next(), u)
				left--
			}
		}
	}
}

// likeVisitors keeps people's hours and hides its list among what people look at again and again.
func (c client) likeVisitors() {
	units := c.shuffled(c.N(740))
	for i, at := range c.Awake(len(units)) {
		c.read(at, units[i])
		if c.IntN(2) == 0 {
			c.read(at.Add(time.Duration(5+c.IntN(60))*time.Second), c.near(c.somewhere(), c.IntN(2), 1)[0])
		}
	}
}

// tried throws numbers between the first and the last; half of them are in use.
func (c client) tried() {
	n := c.N(900)
	first, last, next := c.units[0].number, c.units[len(c.units)-1].number, c.paced(n)
	for range n {
		c.numbered(next(), first+c.Uint64N(last-first))
	}
}

// bursts reads some dozens in a minute, each time from another address, and lies low for half an hour or so.
func (c client) bursts() {
	units := c.shuffled(c.N(740))
	size := max(40, len(units)/40) + c.IntN(20)
	at := c.Begins().Add(-time.Hour)
	if at.Before(traffic.Start) {
		at = traffic.Start
	}
	for burst := range slices.Chunk(units, size) {
		c.Source = fmt.Sprintf("198.19.%d.%d", c.IntN(200), c.IntN(256))
		next := c.Clock(at, time.Minute/time.Duration(size))
		for _, u := range burst {
			c.read(next(), u)
		}
		at = at.Add(20*time.Minute + time.Duration(c.IntN(20))*time.Minute)
	}
}

// throttled goes faster than it may, is refused, waits longer each time, and asks for the same again.
func (c client) throttled() {
	units := c.shuffled(c.N(740))
	at := c.Begins()
	for _, u := range units {
		wait := 2 * time.Second
		for c.IntN(25) == 0 || wait > 2*time.Second && c.IntN(2) == 0 {
			c.Do(at, "GET", unitAt, fmt.Sprint("/services/", c.units[u].number), 429)
			at, wait = at.Add(wait), 2*wait
		}
		c.read(at, u)
		at = at.Add(time.Duration(100+c.IntN(900)) * time.Millisecond)
	}
}

// byName has a list of providers by name, which says nothing about their codes, and reads each with all its services.
func (c client) byName() {
	left := c.N(820)
	next := c.paced(left)
	for _, p := range c.Perm(len(c.providers)) {
		name := code(c.providers[p])
		c.Get(next(), providerAt, "/providers/"+name)
		for i, u := range c.owned[p] {
			if i%pageSize == 0 {
				c.Get(next(), ownedBy, fmt.Sprintf("/providers/%s/services/%d", name, 1+i/pageSize))
			}
			c.read(next(), u)
		}
		if left -= 2 + len(c.owned[p]); left < 0 {
			return
		}
	}
}

// amongVisitors is a site with many visitors, and in one request of ten or so somebody copies the atlas through it.
func (c client) amongVisitors() {
	c.visit(c.N(900))
	units := c.shuffled(len(c.Calls) / 10)
	from := c.Begins()
	next := c.Clock(from, traffic.Start.Add(traffic.Length).Sub(from)/time.Duration(len(units)+1))
	for _, u := range units {
		c.read(next(), u)
	}
}
