package atlas

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// crawling are the crawling kinds.
func (g *atlas) crawling() []traffic.Kind {
	return []traffic.Kind{
		{Name: "workers that take blocks of numbers", Crawls: true, Ordered: true, Play: g.bind(client.blocks)},
		{Name: "walk that goes back to its checkpoint", Crawls: true, Ordered: true, Play: g.bind(client.checkpoint)},
		{Name: "kind by kind, page and entries", Crawls: true, Ordered: true, Play: g.bind(client.kindByKind)},
		{Name: "each number with its parts", Crawls: true, Ordered: true, Play: g.bind(client.eachWithParts)},
		{Name: "newest first, over the holes", Crawls: true, Ordered: true, Play: g.bind(client.newestFirst)},
		{Name: "provider codes by the alphabet", Crawls: true, Ordered: true, Play: g.bind(client.byAlphabet)},
		{Name: "point by point over the map", Crawls: true, Ordered: true, Play: g.bind(client.pointByPoint)},
		{Name: "a little every evening, by number", Crawls: true, Ordered: true, Play: g.bind(client.evenings)},
		{Name: "old copy, shuffled among workers", Crawls: true, Play: g.bind(client.oldCopy)},
		{Name: "frontier of links", Crawls: true, Play: g.bind(client.frontier)},
		{Name: "points at random, and what is new there", Crawls: true, Play: g.bind(client.randomPoints)},
		{Name: "by day among repeated visits", Crawls: true, Play: g.bind(client.likeVisitors)},
		{Name: "numbers tried at random", Crawls: true, Play: g.bind(client.tried)},
		{Name: "bursts from changing addresses", Crawls: true, Play: g.bind(client.bursts)},
		{Name: "throttled, and back again", Crawls: true, Play: g.bind(client.throttled)},
		{Name: "provider by provider, by name", Crawls: true, Play: g.bind(client.byName)},
		{Name: "hidden among visitors", Crawls: true, Hidden: true, Play: g.bind(client.amongVisitors)},
	}
}

// blocks is a queue of blocks of numbers, which workers at several addresses take one after another.
func (c client) blocks() {
	n, workers, block := c.N(900), 3+c.IntN(6), 20+c.IntN(60)
	first := c.units[c.IntN(len(c.units)*2/3)].number
	next := c.paced(n)
	begun := next()
	gap := next().Sub(begun) * time.Duration(workers)
	free := make([]time.Time, workers)
	for w := range free {
		free[w] = begun.Add(time.Duration(w) * gap / time.Duration(workers))
	}
	for b := 0; b < n/block; b++ {
		w := 0
		for i := range free {
			if free[i].Before(free[w]) {
				w = i
			}
		}
		c.Source = fmt.Sprintf("198.19.40.%d", 10+w)
		for i := range block {
			c.numbered(free[w], first+uint64(b*block+i))
			free[w] = free[w].Add(gap/2 + time.Duration(c.Int64N(int64(gap))))
		}
	}
}

// checkpoint is a script that notes where it is now and then, fails, is started again, and reads the last part again.
func (c client) checkpoint() {
	n, every := c.N(900), 15+c.IntN(30)
	number, next := c.units[c.IntN(len(c.units)*2/3)].number, c.paced(n)
	noted, away := number, time.Duration(0)
	for i := range n {
		c.numbered(next().Add(away), number)
		if number++; i%every == 0 {
			noted = number
		}
		if c.IntN(60) == 0 {
			number = noted
			away += time.Duration(c.IntN(300)) * time.Second
		}
	}
}

// kindByKind turns the pages of a kind from the first on, and reads every entry of each.
func (c client) kindByKind() {
	left := c.N(780)
	next := c.paced(left)
	for _, kind := range c.Perm(len(unitKinds)) {
		for offset := 0; offset < len(c.byKind[kind]); offset += 25 {
			c.Get(next(), ofKind, fmt.Sprintf("/kinds/%s/from/%d", unitKinds[kind], offset))
			for _, u := range c.byKind[kind][offset:min(offset+25, len(c.byKind[kind]))] {
				c.read(next(), u)
			}
			if left -= 26; left < 0 {
				return
			}
		}
	}
}

// eachWithParts goes up the numbers, and takes the contacts and the opening times of each that is in use.
func (c client) eachWithParts() {
	n := c.N(400)
	number, next := c.units[c.IntN(len(c.units)*2/3)].number, c.paced(2*n)
	for range n {
		at := next()
		if number++; !c.numbered(at, number) {
			continue
		}
		u, _ := slices.BinarySearchFunc(c.units, number, func(u unit, n uint64) int { return int(u.number) - int(n) })
		c.contacts(at.Add(150*time.Millisecond), u)
		c.hours(next(), u, 0)
	}
}

// newestFirst goes down from the highest number, and jumps when it has found nothing for a while.
func (c client) newestFirst() {
	n := c.N(780)
	number, next, misses := c.units[len(c.units)-1].number, c.paced(n), 0
	for range n {
		if misses++; c.numbered(next(), number) {
			misses = 0
		}
		if number--; misses > 12 {
			number -= 20
		}
	}
}

// byAlphabet tries one code after another, and turns the pages of every provider it finds.
func (c client) byAlphabet() {
	n := c.N(740)
	from, next := c.providers[c.IntN(len(c.providers)/2)], c.paced(n)
	for v := from; n > 0; v++ {
		p, there := slices.BinarySearch(c.providers, v)
		if n--; !there {
			c.Do(next(), "GET", providerAt, "/providers/"+code(v), 404)
			continue
		}
		c.Get(next(), providerAt, "/providers/"+code(v))
		for page := 0; page*pageSize < len(c.owned[p]); page++ {
			c.Get(next(), ownedBy, fmt.Sprintf("/providers/%s/services/%d", code(v), page+1))
			n--
		}
	}
}

// pointByPoint lays a grid over the map and asks what is within a few kilometres of each point, to the right along one
// row and back along the next.
func (c client) pointByPoint() {
	n, perArea := c.N(700), 2
	if c.IntN(2) == 0 {
		perArea = 3
	}
	row, next := c.across*perArea, c.paced(n)
	for i := range min(n, row*row) {
		x, y := i%row, i/row
		if y%2 == 1 {
			x = row - 1 - x
		}
		right, up := float64(x%perArea)/float64(perArea), float64(y%perArea)/float64(perArea)
		c.within(next(), y/perArea*c.across+x/perArea, right, up, 5)
	}
}

// evenings is somebody's script that runs at home from after supper until bedtime, with a person's pauses, and goes on
// the next evening where it stopped.
func (c client) evenings() {
	n := c.N(700)
	number := c.units[c.IntN(len(c.units)*2/3)].number
	for d := range 3 {
		from := traffic.Start.AddDate(0, 0, d).Add(19*time.Hour + time.Duration(c.IntN(40))*time.Minute)
		next := c.Clock(from, min(20*time.Second, 4*time.Hour/time.Duration(n/3)))
		for range n / 3 {
			c.numbered(next(), number)
			number++
		}
	}
}
