package dispensers

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// walks are the crawling kinds that go along the order of the numbers.
func (w *World) walks() []traffic.Kind {
	all := []traffic.Kind{
		{Name: "from the first provider up, three parts each", Play: w.bind(partsUpward)},
		{Name: "last provider first, with naps", Play: w.bind(downward)},
		{Name: "every n-th provider, in passes", Play: w.bind(passes)},
		{Name: "machines that share the range", Play: w.bind(machines)},
		{Name: "sorted spreadsheet with rows left out", Play: w.bind(spreadsheet)},
		{Name: "copy that falls over and goes back", Play: w.bind(fallsOver)},
		{Name: "evenings outward from the middle", Play: w.bind(evenings)},
		{Name: "upward through a pool of proxies", Play: w.bind(proxies)},
	}
	for i := range all {
		all[i].Crawls, all[i].Ordered = true, true
	}
	return all
}

// pause is the gap between a harvester's requests: scripts are tuned to some rate, and anything from a tenth of a second to
// a minute is found.
func (a Actor) pause() time.Duration {
	gap := 100 * time.Millisecond
	for range a.IntN(10) {
		gap *= 2
	}
	return gap
}

// inside is a number somewhere between the first and the last.
func (a Actor) inside() uint64 { return a.ids[a.IntN(len(a.ids)*3/4)] }

// partsUpward begins with the first number there is, or near it, and reads all there is to each that it finds.
func partsUpward(a Actor) {
	id, next := a.ids[0]-uint64(a.IntN(20)), a.Clock(a.Begins(), a.pause())
	for range a.N(260) {
		a.ask(next(), id, details)
		if _, there := slices.BinarySearch(a.ids, id); there {
			a.ask(next(), id, hours)
			a.ask(next(), id, services)
		}
		id++
	}
}

// downward begins with a provider that opened lately, and goes back to older ones; it rests for some minutes now and then.
func downward(a Actor) {
	id, at, gap := a.ids[len(a.ids)-1-a.IntN(200)], a.Begins(), a.pause()
	rests := 40 + a.IntN(150)
	for i := range a.N(560) {
		a.ask(at, id-uint64(i), details)
		at = at.Add(gap/2 + time.Duration(a.Int64N(int64(gap))))
		if i%rests == rests-1 {
			at = at.Add(time.Duration(2+a.IntN(25)) * time.Minute)
		}
	}
}

// passes take every n-th number first, then those after each.
func passes(a Actor) {
	first, step, next := a.inside(), 3+a.IntN(9), a.Clock(a.Begins(), a.pause())
	each := a.N(560)/step + 1
	for pass := range step {
		for i := range each {
			a.ask(next(), first+uint64(i*step+pass), details)
		}
	}
}

// machines have a part of the range each, and go up in it at their own speed.
func machines(a Actor) {
	k, from, gap, first := 3+a.IntN(5), a.Begins(), a.pause(), a.inside()
	each := a.N(560)/k + 1
	for m := range k {
		a.Source = fmt.Sprintf("203.0.113.%d", 1+m+a.IntN(200))
		next := a.Clock(from.Add(time.Duration(a.IntN(60))*time.Second), gap*time.Duration(k*(60+a.IntN(80)))/100)
		for i := range each {
			a.ask(next(), first+uint64(m*each+i), details)
		}
	}
}

// spreadsheet is a list of numbers that was found elsewhere: it is sorted, a third or more of the providers are missing from
// it, and some in it have closed.
func spreadsheet(a Actor) {
	missing := 0.3 + 0.4*a.Float64()
	i, next, what := a.IntN(len(a.ids)/2), a.Clock(a.Begins(), a.pause()), []string{details, hours}[a.IntN(2)]
	for n := a.N(540); n > 0 && i < len(a.ids); i++ {
		if a.Float64() > missing {
			a.ask(next(), a.ids[i]+uint64(a.IntN(30)/29), what)
			n--
		}
	}
}

// fallsOver crashes, and starts again at its last note of how far it was; a request that times out is made again.
func fallsOver(a Actor) {
	id, next := a.inside(), a.Clock(a.Begins(), a.pause())
	for last := id + uint64(a.N(540)); id < last; id -= uint64(5 + a.IntN(18)) {
		for range 25 + a.IntN(60) {
			if a.IntN(15) == 0 {
				a.Do(next(), "GET", one, fmt.Sprint("/providers/", id), 504)
			}
			a.ask(next(), id, details)
			id++
		}
	}
}

// evenings are a private harvester's: for some hours of each day it goes on from where it was, up from the middle and
// down from it by turns.
func evenings(a Actor) {
	middle, n := a.ids[len(a.ids)/3+a.IntN(len(a.ids)/3)], a.N(190)
	up, down := middle-1, middle
	for d := range 3 {
		from := traffic.Start.Add(time.Duration(24*d+18)*time.Hour + time.Duration(a.IntN(3600))*time.Second)
		next := a.Clock(from, time.Duration(2+a.IntN(3))*time.Hour/time.Duration(n))
		for i := range n {
			if stretch := 10 + 5*d; i/stretch%2 == 0 {
				up++
				a.ask(next(), up, details)
			} else {
				down--
				a.ask(next(), down, details)
			}
		}
	}
}

// proxies lend each request another address; some of their answers never arrive, and the next address asks again.
func proxies(a Actor) {
	id, next, what := a.inside(), a.Clock(a.Begins(), a.pause()), []string{details, hours, services}[a.IntN(3)]
	for range a.N(600) {
		a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
		a.ask(next(), id, what)
		if a.IntN(8) > 0 {
			id++
		}
	}
}
