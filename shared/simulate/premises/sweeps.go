package premises

import (
	"time"

	"accord/shared/simulate/traffic"
)

// sweeps are the crawls that do not go by number, and the one that other use hides.
func (w *World) sweeps() []traffic.Kind {
	return []traffic.Kind{
		{Name: "numbers of an old file, dealt like cards", Crawls: true, Play: w.bind(dealt)},
		{Name: "postcodes of the post, and who stands there", Crawls: true, Play: w.bind(postcodes)},
		{Name: "squares of the kingdom, divided when full", Crawls: true, Play: w.bind(squares)},
		{Name: "circles let out till they meet", Crawls: true, Play: w.bind(circles)},
		{Name: "lists of authorities to their last page", Crawls: true, Play: w.bind(lists)},
		{Name: "copy beneath a takeaway site", Crawls: true, Hidden: true, Play: w.bind(beneath)},
	}
}

// dealt asks for numbers of a file somebody published, in no order; some are closed, some are asked for by two workers.
func dealt(a Actor) {
	n, twice := a.N(760), 8+a.IntN(30)
	next := a.pace(a.Begins(), n)
	for _, i := range a.Perm(len(a.shops))[:n] {
		a.number(next(), a.shops[i].id+uint64(a.IntN(12)/11))
		if a.IntN(twice) == 0 {
			a.open(next(), i)
		}
	}
}

// postcodes goes through a file of postcodes, sorted or not, and opens some of what it finds.
func postcodes(a Actor) {
	n, opens := a.N(680), a.IntN(8)
	order, next, first := a.Perm(len(a.codes)), a.pace(a.Begins(), 2*n), a.IntN(len(a.codes)/2)
	if sorted := a.IntN(2) == 0; sorted {
		for k := range n {
			order[k] = first + k
		}
	}
	for _, code := range order[:n] {
		a.postcode(next(), code)
		a.openSome(next, a.at[code], opens)
	}
}

// openSome opens so many in twelve.
func (a Actor) openSome(next func() time.Time, found []int, inTwelve int) {
	for _, i := range found {
		if a.IntN(12) < inTwelve {
			a.open(next(), i)
		}
	}
}

// squares covers the country with squares of some dozen miles, and divides each that has more than fits on one answer.
func squares(a Actor) {
	left, side, full := a.N(560), 40<<a.IntN(2), 4+a.IntN(12)
	next := a.pace(a.Begins(), left)
	var cover func(south, west, side int)
	cover = func(south, west, side int) {
		if left--; left < 0 {
			return
		}
		a.spot(next(), square, south, west, side)
		if half := side / 2; half > 1 && len(a.inside(south, west, side)) > full {
			for q := range 4 {
				cover(south+q%2*half, west+q/2*half, half)
			}
		}
	}
	for _, i := range a.Perm(15 * 15) {
		cover(5000+i/15*side, -500+i%15*side, side)
	}
}

// circles puts circle after circle into the country, lets each out until its answer is full, and opens some of that.
func circles(a Actor) {
	n, opens := a.N(150), a.IntN(2)
	next := a.pace(a.Begins(), 5*n)
	for range n {
		lat, lon, found := 5015+a.IntN(780), -485+a.IntN(620), []int(nil)
		for km := 1; km <= 16 && len(found) < 20; km *= 2 {
			a.spot(next(), circle, lat, lon, 1000*km)
			found = a.inside(lat-km, lon-km, 2*km)
		}
		a.openSome(next, found, opens)
	}
}

// lists turns the pages of one authority after another to the end, and opens some of what is on them.
func lists(a Actor) {
	pages, opens := a.N(520), a.IntN(2)
	next := a.pace(a.Begins(), 3*pages)
	for _, authority := range a.Perm(len(a.in)) {
		for page := 1; page <= a.pages(authority)+1 && pages > 0; page++ {
			a.page(next(), authority, page)
			if all := a.in[authority]; page <= a.pages(authority) {
				a.openSome(next, all[(page-1)*perPage:min(page*perPage, len(all))], opens)
			}
			pages--
		}
	}
}

// beneath is a site that shows menus and, one request in eleven, copies the register from a number on.
func beneath(a Actor) {
	towns := a.towns(4)
	for _, at := range a.Awake(a.N(1000)) {
		i := oneOf(a, []int{a.famous(), a.local(oneOf(a, towns))})
		if a.IntN(3) == 0 {
			a.postcode(at, a.shops[i].code)
		}
		a.open(at.Add(4*time.Second), i)
	}
	n := len(a.Calls) / 10
	id, next := a.middle(n), a.Clock(a.Begins(), 26*time.Hour/time.Duration(1+n))
	for k := range n {
		a.number(next(), id+uint64(k))
	}
}
