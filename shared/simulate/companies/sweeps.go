package companies

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// sweeps are the crawls that do not go by number, and one that hides.
func (w *World) sweeps() []traffic.Kind {
	return []traffic.Kind{
		{Name: "shuffled list of all numbers", Crawls: true, Play: w.bind(shuffled)},
		{Name: "every postcode", Crawls: true, Play: w.bind(everyPostcode)},
		{Name: "every name, page after page", Crawls: true, Play: w.bind(everyName)},
		{Name: "from officer to officer", Crawls: true, Play: w.bind(snowball)},
		{Name: "circles that grow", Crawls: true, Play: w.bind(circles)},
		{Name: "walk under a busy site", Crawls: true, Hidden: true, Play: w.bind(hidden)},
	}
}

// shuffled bought a list of numbers, and takes the companies and some of their filings in any order.
func shuffled(a Actor) {
	next := a.ticks()
	for _, i := range a.own(a.N(600)) {
		a.profile(next(), i)
		if a.IntN(4) == 0 {
			a.filings(next(), i, 1)
		}
	}
}

// everyPostcode goes through the postcodes as a file lists them, and takes the companies at each.
func everyPostcode(a Actor) {
	next, first := a.ticks(), a.IntN(len(a.postcodes)/2)
	for code := range a.N(450) {
		code = (first + code) % len(a.postcodes)
		a.address(next(), code)
		for _, i := range a.tenants[code][:min(2, len(a.tenants[code]))] {
			a.profile(next(), i)
		}
	}
}

// everyName searches by name after name, reads each to its last page, however deep, and opens some of what it finds.
func everyName(a Actor) {
	next := a.ticks()
	for name := range a.N(23) {
		for page := range 1 + a.IntN(30) {
			a.search(next(), name, page+1)
			for _, i := range a.hits(name, page+1)[:a.IntN(4)] {
				a.profile(next(), i)
			}
		}
	}
}

// snowball goes from a company to its officers, to their other companies, and so on.
func snowball(a Actor) {
	next, seen, queue := a.ticks(), map[int]bool{}, a.own(5)
	for n := a.N(210); len(seen) < n && len(queue) > 0; queue = queue[1:] {
		i := queue[0]
		if seen[i] {
			continue
		}
		seen[i] = true
		a.officers(next(), i)
		for _, o := range a.boards[i] {
			a.officer(next(), o)
			queue = append(queue, a.posts[o]...)
		}
	}
}

// circles covers the map: around one postcode after the other, ever wider, and then what was found.
func circles(a Actor) {
	next, spread := a.ticks(), 2+a.IntN(7)
	for k := range a.N(125) {
		code := k * spread % len(a.postcodes)
		for _, km := range []int{1, 3, 10, 30} {
			a.Get(next(), within, fmt.Sprintf("/addresses/%s/within/%d", a.postcodes[code], km))
		}
		for _, i := range a.tenants[code] {
			a.profile(next(), i)
		}
	}
}

// hidden is a busy site, and under it walks one request of eleven, for as long as a day and more.
func hidden(a Actor) {
	for n := int(a.Busy * float64(3100+a.IntN(500))); len(a.Calls) < n; {
		site(a)
	}
	n := len(a.Calls) / 10
	a.walk(a.Clock(a.Begins(), 25*time.Hour/time.Duration(n)), a.low(), 1, n)
}
