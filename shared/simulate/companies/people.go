package companies

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// people are the honest kinds with a person at the other end of most requests.
func (w *World) people() []traffic.Kind {
	return []traffic.Kind{
		{Name: "company search site", Play: w.bind(site)},
		{Name: "hotline of the registrar", Play: w.bind(hotline)},
		{Name: "bank that opens accounts", Play: w.bind(onboarding)},
		{Name: "app for tradespeople", Play: w.bind(app)},
		{Name: "investigator who widens", Play: w.bind(investigator)},
		{Name: "results loaded ahead", Play: w.bind(loadsAhead)},
		{Name: "journalist who scrolls deep", Play: w.bind(scroller)},
		{Name: "clerks of the registrar", Play: w.bind(clerks)},
	}
}

// names are how many names people search by.
const names = 900

// wanted draws a company as the public does: known ones, those just founded, and any other.
func (a Actor) wanted() int {
	return []int{a.IntN(len(a.companies)), a.founded(), a.demand[a.Zipf(len(a.demand))]}[min(2, a.IntN(8))]
}

// founded draws one of the companies that were entered last.
func (a Actor) founded() int { return len(a.companies)*4/5 - 1 - a.IntN(len(a.companies)/25) }

// think is how long somebody reads before the next click.
func (a Actor) think() time.Duration {
	return 3*time.Second + time.Duration(a.ExpFloat64()*20*float64(time.Second))
}

// look is somebody who opens a company's page, and perhaps what hangs on it. It gives when they are done.
func (a Actor) look(at time.Time, i int) time.Time {
	a.profile(at, i)
	for at = at.Add(a.think()); a.IntN(5) < 2; at = at.Add(a.think()) {
		switch a.IntN(3) {
		case 0:
			a.officers(at, i)
		case 1:
			a.filings(at, i, 1)
		default:
			a.paper(at, a.documents[2*len(a.companies)+a.filed[i]]) // of the last of three years
		}
	}
	return at
}

// site is where anybody looks companies up: a search or a link from elsewhere, then a page or a few.
func site(a Actor) {
	for _, at := range a.Awake(a.N(75)) {
		if a.IntN(3) > 0 {
			a.search(at, a.Zipf(names), 1)
			at = at.Add(a.think())
		}
		for range 1 + a.IntN(3) {
			at = a.look(at, a.wanted())
		}
	}
}

// hotline is a desk that answers day and night; when a deadline for accounts nears, everybody calls at once.
func hotline(a Actor) {
	for _, at := range a.AnyTime(a.N(130)) {
		a.look(at, a.wanted())
	}
	for range 2 {
		next := a.Clock(traffic.Start.Add(time.Duration(a.Int64N(int64(traffic.Length)))), 9*time.Second)
		for range a.N(90) {
			a.filings(next(), a.wanted(), 1)
		}
	}
}

// onboarding checks each company that opens an account, once, in working hours: most were founded lately.
func onboarding(a Actor) {
	for _, at := range a.Office(a.N(110)) {
		i := []int{a.IntN(len(a.companies)), a.founded(), a.founded()}[a.IntN(3)]
		a.profile(at, i)
		a.officers(at.Add(a.think()), i)
		a.officer(at.Add(time.Minute), a.boards[i][0])
	}
}

// app is on many phones, each behind another address: who is registered near here, and is this firm sound?
func app(a Actor) {
	for _, at := range a.Awake(a.N(130)) {
		a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
		i := a.wanted()
		a.address(at, a.seats[i])
		a.look(at.Add(a.think()), i)
	}
}

// investigator follows a case outwards: who else is at this address, then within some kilometres, then who sits where.
func investigator(a Actor) {
	for _, at := range a.Office(a.N(16)) {
		i := a.IntN(len(a.companies))
		at = a.look(at, i)
		for _, km := range []int{1, 2, 5, 10, 20, 50}[:2+a.IntN(5)] {
			a.Get(at, within, fmt.Sprintf("/addresses/%s/within/%d", a.postcodes[a.seats[i]], km))
			at = at.Add(a.think())
		}
		for _, o := range a.boards[i] {
			a.officer(at, o)
			at = at.Add(a.think())
			for _, other := range a.posts[o] {
				at = a.look(at, other)
			}
		}
	}
}

// loadsAhead is a site that loads the companies on a page of results before anybody clicks.
func loadsAhead(a Actor) {
	ahead := 4 + a.IntN(7)
	for _, at := range a.Awake(a.N(34)) {
		name := a.Zipf(names)
		a.search(at, name, 1)
		for k, i := range a.hits(name, 1)[:ahead] {
			a.profile(at.Add(time.Duration(300+80*k)*time.Millisecond), i)
		}
	}
}

// scroller reads long results to their end, and opens one now and then.
func scroller(a Actor) {
	for _, at := range a.Office(a.N(15)) {
		name := a.Zipf(names)
		for page := range 8 + a.IntN(30) {
			a.search(at, name, page+1)
			at = at.Add(a.think() / 3)
			if a.IntN(6) == 0 {
				at = a.look(at, a.hits(name, page+1)[a.IntN(10)])
			}
		}
	}
}

// clerks take what came in by post, company after company, and put it into the register.
func clerks(a Actor) {
	for _, at := range a.Office(a.N(95)) {
		i := a.IntN(len(a.companies))
		a.profile(at, i)
		at = at.Add(a.think())
		if a.IntN(3) > 0 {
			a.Do(at, []string{"PUT", "PATCH"}[a.IntN(2)], profile, "/companies/"+a.companies[i].String(), 200)
			a.profile(at.Add(time.Second), i)
		}
	}
}
