package dispensers

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// sweeps are the crawling kinds without an order of numbers, the hidden one last.
func (w *World) sweeps() []traffic.Kind {
	return []traffic.Kind{
		{Name: "whole register as a shuffled queue", Crawls: true, Play: w.bind(queue)},
		{Name: "lattice of points for each kind", Crawls: true, Play: w.bind(lattice)},
		{Name: "ladder of miles at every postcode", Crawls: true, Play: w.bind(ladder)},
		{Name: "lists of all areas, then who is on them", Crawls: true, Play: w.bind(allLists)},
		{Name: "appointments of every practice, every day", Crawls: true, Play: w.bind(everyPractice)},
		{Name: "comparison site that also copies", Crawls: true, Hidden: true, Play: w.bind(alsoCopies)},
	}
}

// queue is a list of all numbers, shuffled; a few workers take from it, and what failed goes to its end.
func queue(a Actor) {
	next := a.Clock(a.Begins(), a.pause())
	var again []uint64
	for _, id := range a.some(a.N(680)) {
		if a.IntN(40) == 0 {
			a.Do(next(), "GET", one, fmt.Sprint("/providers/", id), 429)
			again = append(again, id)
			continue
		}
		a.ask(next(), id, details)
	}
	for _, id := range again {
		a.ask(next(), id, details)
	}
}

// lattice lays points over the country, and asks at each which of every kind are nearest.
func lattice(a Actor) {
	next, step := a.Clock(a.Begins(), a.pause()), 0.05+0.1*a.Float64()
	south, west, wide := 50.2+3*a.Float64(), -4.5+2*a.Float64(), 12+a.IntN(25)
	for i := range a.N(210) {
		lat, lon := south+step*float64(i/wide), west+1.6*step*float64(i%wide)
		for _, kind := range []string{"pharmacy", "dentist", "optician"} {
			a.Get(next(), byPoint, fmt.Sprintf("/nearest/%s/point/%.3f/%.3f", kind, lat, lon))
		}
	}
}

// ladder goes from postcode to postcode, some of each area, and at each up the same rungs for one kind of provider.
func ladder(a Actor) {
	next, every, kind := a.Clock(a.Begins(), a.pause()), 5+a.IntN(50), anyKind(a.Rand)
	rungs := [][]int{{10}, {5, 20}, {2, 5, 10, 25}}[a.IntN(3)]
	left, order := a.N(600), a.Perm(len(a.areas))
	for i := a.IntN(codesEach); left > 0; i += every {
		code, _, _ := a.postcode(order[i/codesEach%len(order)], i%codesEach)
		for _, miles := range rungs {
			a.Get(next(), within, fmt.Sprintf("/nearest/%s/postcode/%s/within/%d", kind, code, miles))
			left--
		}
	}
}

// allLists takes the list of each area to its last page, and of each provider on it what it offers.
func allLists(a Actor) {
	next, left := a.Clock(a.Begins(), a.pause()), a.N(620)
	for _, i := range a.Perm(len(a.areas)) {
		in := a.areas[i]
		for page := 0; page <= len(in.members)/10; page++ {
			a.Get(next(), listed, fmt.Sprintf("/areas/%s/providers/%d", in.outcode, page+1))
			for _, p := range in.members[10*page : min(len(in.members), 10*page+10)] {
				a.ask(next(), a.ids[p], services)
				left--
			}
		}
		if left < 0 {
			return
		}
	}
}

// everyPractice reads the free appointments of one dentist after the other, in no order, on each of the three days.
func everyPractice(a Actor) {
	n := a.N(330)
	var dentists []uint64
	for _, i := range a.Perm(len(a.ids)) {
		if a.providers[i].kind == "dentist" && len(dentists) < n {
			dentists = append(dentists, a.ids[i])
		}
	}
	for d := range 3 {
		next := a.Clock(traffic.Start.Add(time.Duration(24*d+a.IntN(12))*time.Hour), time.Duration(1+a.IntN(60))*time.Second/time.Duration(a.Busy))
		for _, i := range a.Perm(len(dentists)) {
			a.free(next(), dentists[i], traffic.Day(d+1))
		}
	}
}

// alsoCopies compares what providers offer for its visitors, and takes one page more for itself with every tenth that they
// open, in no order.
func alsoCopies(a Actor) {
	a.visits(a.Awake(int(1000 * a.Busy)))
	for i, id := range a.some(len(a.Calls) / 10) {
		a.ask(a.Calls[10*i].At.Add(a.thinks()), id, details)
	}
}
