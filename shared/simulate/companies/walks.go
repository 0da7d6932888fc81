package companies

import (
	"fmt"
	"math"
	"time"

	"accord/shared/simulate/traffic"
)

// walks are the crawls that go by number.
func (w *World) walks() []traffic.Kind {
	return []traffic.Kind{
		{Name: "number after number", Crawls: true, Ordered: true, Play: w.bind(func(a Actor) { a.walk(a.ticks(), a.low(), 1, a.N(650)) })},
		{Name: "newest first, without those known", Crawls: true, Ordered: true, Play: w.bind(newestFirst)},
		{Name: "in strides, then those between", Crawls: true, Ordered: true, Play: w.bind(strides)},
		{Name: "workers with a range each", Crawls: true, Ordered: true, Play: w.bind(ranges)},
		{Name: "starts again from a checkpoint", Crawls: true, Ordered: true, Play: w.bind(checkpoints)},
		{Name: "a stretch every night", Crawls: true, Ordered: true, Play: w.bind(nights)},
		{Name: "documents behind many addresses", Crawls: true, Ordered: true, Play: w.bind(papers)},
	}
}

// ticks are the moments of a crawler's requests: it has a pace of its own, from six a second to two a minute.
func (a Actor) ticks() func() time.Time {
	return a.Clock(a.Begins(), time.Duration(float64(160*time.Millisecond)*math.Pow(2, 7.5*a.Float64())))
}

// low is a company somewhere in the first half of its series.
func (a Actor) low() company { return a.companies[a.IntN(len(a.companies)*2/5)] }

// walk asks for n numbers of a series, a step apart, and gives the one after.
func (a Actor) walk(next func() time.Time, c company, step, n int) company {
	for range n {
		a.number(next(), c)
		c.serial += uint64(step)
	}
	return c
}

// newestFirst goes down, leaves out what it has from elsewhere, and takes the officers of each company along.
func newestFirst(a Actor) {
	c, next, known := a.companies[len(a.companies)*4/5-1-a.IntN(100)], a.ticks(), a.IntN(40)
	for range a.N(550) {
		if a.number(next(), c) && a.IntN(3) > 0 {
			a.officers(next(), a.index[c])
		}
		for c.serial--; a.IntN(100) < known; c.serial-- {
		}
	}
}

// strides goes over the same range again and again, each time one further.
func strides(a Actor) {
	next, c, stride, n := a.ticks(), a.low(), 3+a.IntN(8), a.N(700)
	for k := range stride {
		a.walk(next, company{c.series, c.serial + uint64(k)}, stride, n/stride)
	}
}

// ranges are workers at different speeds, each in a part of its own.
func ranges(a Actor) {
	c, from, workers, n := a.low(), a.Begins(), 2+a.IntN(6), a.N(800)
	for k := range workers {
		next := a.Clock(from, time.Duration(workers)*time.Duration(1+a.IntN(5))*time.Second)
		a.walk(next, company{c.series, c.serial + uint64(k*n/workers)}, 1, n/workers)
	}
}

// checkpoints walks until it breaks down, and begins again some way back; now and then it asks for a number twice.
func checkpoints(a Actor) {
	c, next := a.low(), a.ticks()
	for n := a.N(750); n > 0; {
		stretch := 30 + a.IntN(90)
		for range stretch {
			c = a.walk(next, c, 1, 1)
			c.serial -= uint64(a.IntN(9) / 8)
		}
		c.serial -= uint64(a.IntN(25))
		n -= stretch
	}
}

// nights goes on every night from where it stopped.
func nights(a Actor) {
	c, n := a.low(), a.N(240)
	for d := range 3 {
		c = a.walk(a.Clock(a.Night(d), time.Duration(float64(2+a.IntN(50))/a.Busy*float64(time.Second))), c, 1, n)
	}
}

// papers takes documents as they were numbered, each from another of the addresses of a botnet.
func papers(a Actor) {
	id, next := a.documents[a.IntN(len(a.documents)/2)], a.ticks()
	for range a.N(700) {
		a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
		a.paper(next(), id)
		id++
	}
}
