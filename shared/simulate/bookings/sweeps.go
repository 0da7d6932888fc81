package bookings

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// evenings fetches all that is on a list of sites, shuffled, a third on each of three evenings.
func evenings(a actor) {
	sites := a.sites
	gap, order := a.haste()/2, a.Perm(len(sites))[:min(len(sites), a.N(600))]
	third := len(order)/3 + 1
	var next func() time.Time
	for i, s := range order {
		if i%third == 0 {
			next = a.Clock(traffic.Start.Add(time.Duration(24*(i/third)+17)*time.Hour+a.think()*60), gap)
		}
		a.numbered(next(), vaccinator, sites[s])
	}
}

// widerAndWider asks around every outcode, further out as long as there is more, from one address after another.
func widerAndWider(a actor) {
	codes, next := a.outcode, a.Clock(a.Begins(), a.haste())
	order := a.Perm(len(codes))
	for i, n := 0, a.N(580); n > 0; i++ {
		for _, km := range []int{5, 10, 25, 50, 100}[:3+a.IntN(3)] {
			a.look(next(), around, codes[order[i%len(order)]], km)
			n--
		}
		if i%10 == 0 {
			a.Source = fmt.Sprintf("198.18.%d.%d", a.IntN(256), a.IntN(256))
		}
	}
}

// countryGrid goes over the country square by square, there and back.
func countryGrid(a actor) {
	east, north, width, next := 100+a.IntN(300), 50+a.IntN(500), 15+a.IntN(30), a.Clock(a.Begins(), a.haste())
	for i := range a.N(560) {
		x, y := i%width, i/width
		if y%2 == 1 {
			x = width - 1 - x
		}
		a.look(next(), gridSquare, east+x, north+y)
	}
}

// triedLots tries every code that a lot might have, in no order.
func triedLots(a actor) {
	lots, next := a.lots, a.Clock(a.Begins(), a.haste())
	serials := len(lots) / len(makers) * 11 / 5
	for _, i := range a.Perm(len(makers) * serials)[:a.N(580)] {
		code, status := fmt.Sprintf("%s%04d", makers[i%len(makers)], 1000+i/len(makers)), 404
		if _, there := slices.BinarySearch(lots, code); there {
			status = 200
		}
		a.send(next(), "GET", doseLot, status, code)
	}
}

// lastPage reads the list of every area and vaccine until there are no more pages.
func lastPage(a actor) {
	c, next := a.campaign, a.Clock(a.Begins(), a.haste())
	n, first := a.N(580), a.IntN(areas)
	for i := 0; n > 0 && i < areas*len(vaccines); i++ {
		area, vaccine := firstArea+(first+i/len(vaccines))%areas, vaccines[i%len(vaccines)]
		last := c.pages(area)
		for page := range last {
			a.look(next(), siteList, area, vaccine, page+1)
		}
		a.send(next(), "GET", siteList, 404, area, vaccine, last+1)
		n -= last + 1
	}
}

// onTheSide serves the public, and at two visits of three takes another session for itself.
func onTheSide(a actor) {
	no := a.midway(a.sessions)
	for _, at := range a.byDay(a.N(460)) {
		a.visit(at, a.peopled())
		if a.IntN(3) > 0 {
			a.numbered(at.Add(a.think()), sitting, no)
			no++
		}
	}
}
