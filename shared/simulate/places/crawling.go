package places

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// crawling are the crawling kinds that the detectors were tuned on.
func (w *World) crawling() []traffic.Kind {
	return []traffic.Kind{
		{Name: "ordered walk up", Crawls: true, Ordered: true, Play: w.bind(func(a Actor) { a.walk(a.Begins(), a.Pace(), 1, a.N(400)) })},
		{Name: "ordered walk down", Crawls: true, Ordered: true, Play: w.bind(func(a Actor) { a.walk(a.Begins(), a.Pace(), -1, a.N(400)) })},
		{Name: "parallel workers on one walk", Crawls: true, Ordered: true, Play: w.bind(parallel)},
		{Name: "several frontiers", Crawls: true, Ordered: true, Play: w.bind(frontiers)},
		{Name: "walk in strides", Crawls: true, Ordered: true, Play: w.bind(func(a Actor) { a.walk(a.Begins(), a.Pace(), 2+a.IntN(4), a.N(400)) })},
		{Name: "slow walk over days", Crawls: true, Ordered: true, Play: w.bind(slowWalk)},
		{Name: "unordered sweep", Crawls: true, Play: w.bind(sweep)},
		{Name: "sweep of postcodes", Crawls: true, Play: w.bind(sweepCodes)},
		{Name: "sweep of the map", Crawls: true, Ordered: true, Play: w.bind(sweepMap)},
		{Name: "guessing numbers", Crawls: true, Play: w.bind(guessing)},
		{Name: "sweep by day for days", Crawls: true, Play: w.bind(dailySweep)},
		{Name: "hidden in honest use", Crawls: true, Hidden: true, Play: w.bind(hidden)},
	}
}

// walk goes through the numbers from a place on.
func (a Actor) walk(from time.Time, gap time.Duration, step, n int) {
	id, next := a.Any(), a.Clock(from, gap)
	for range n {
		a.number(next(), id)
		id += uint64(step)
	}
}

// parallel is one walk divided among workers that run ahead of each other.
func parallel(a Actor) {
	id, from, workers := a.Any(), a.Begins(), 3+a.IntN(6)
	gap := a.Pace()
	for i := range a.N(500) {
		jitter := time.Duration(a.Int64N(int64(time.Duration(4*workers) * gap)))
		a.number(from.Add(time.Duration(i)*gap+jitter), id+uint64(i))
	}
}

// frontiers are a few walks at once, up and down.
func frontiers(a Actor) {
	from, gap, k := a.Begins(), a.Pace(), 2+a.IntN(3)
	n := a.N(500)
	for i := range k {
		a.walk(from, gap*time.Duration(k), 1-2*(i%2), n/k)
	}
}

// slowWalk goes through some numbers an hour.
func slowWalk(a Actor) {
	a.walk(traffic.Start, time.Duration(1000/a.Busy)*time.Second, 1, 300*int(a.Busy))
}

// sweep goes through all numbers, shuffled.
func sweep(a Actor) {
	next := a.Clock(a.Begins(), a.Pace()+time.Second)
	for _, id := range a.Some(a.N(900)) {
		a.number(next(), id)
	}
}

// sweepCodes goes through all postcodes, shuffled.
func sweepCodes(a Actor) {
	next := a.Clock(a.Begins(), a.Pace()+time.Second)
	order := a.Perm(len(a.codes))
	for _, i := range order[:min(len(order), a.N(900))] {
		a.code(next(), i)
	}
}

// sweepMap goes through the squares of a map, row by row.
func sweepMap(a Actor) {
	next := a.Clock(a.Begins(), a.Pace())
	width, n := 20+a.IntN(20), a.N(500)
	east, north := 100+a.IntN(300), 100+a.IntN(300)
	for i := range n {
		a.Get(next(), square, fmt.Sprintf("/map/%d/%d", east+i%width, north+i/width))
	}
}

// hidden is a front end that walks in one request of ten.
func hidden(a Actor) {
	frontEnd(a)
	frontEnd(a)
	from := a.Begins()
	a.walk(from, 26*time.Hour/time.Duration(1+len(a.Calls)/10), 1, len(a.Calls)/10)
}

// guessing asks for any number of the range, whether there is a place or not.
func guessing(a Actor) {
	next := a.Clock(a.Begins(), a.Pace()+time.Second)
	first, last := a.IDs[0], a.IDs[len(a.IDs)-1]
	for range a.N(600) {
		a.number(next(), first+a.Uint64N(last-first))
	}
}

// dailySweep reads another part of everything every day.
func dailySweep(a Actor) {
	order := a.Some(a.N(1200))
	for i, id := range order {
		a.number(traffic.Start.Add(time.Duration(i)*traffic.Length/time.Duration(len(order))), id)
	}
}
