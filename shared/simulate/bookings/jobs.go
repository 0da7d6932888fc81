package bookings

import (
	"maps"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// whoIsDue is a surgery: it asks of each patient once, and records the dose.
func whoIsDue(a actor) {
	lots := a.lots
	fridge := lots[a.IntN(20)*len(lots)/21:][:3]
	for _, at := range a.Office(a.N(220)) {
		a.look(at, eligible, a.somebody())
		if a.IntN(2) == 0 {
			a.look(at.Add(3*a.think()), doseLot, fridge[a.IntN(len(fridge))])
			a.send(at.Add(5*a.think()), "POST", "/doses", 201)
		}
	}
}

// somebody is a person's number, which tells nothing.
func (a actor) somebody() uint64 { return 4_000_000_000 + a.Uint64N(3_000_000_000) }

// chainOvernight compares what a company knows of its sites with what the service knows, every night. It registered
// some of them together; some have closed.
func chainOvernight(a actor) {
	sites, own := a.sites, map[uint64]bool{}
	for n := a.N(110); len(own) < n; {
		first := a.midway(sites)
		for i := range 1 + a.Uint64N(12) {
			own[first+i] = true
		}
	}
	gap := 200*time.Millisecond + a.haste()/8
	for d := range 3 {
		next := a.Clock(a.Night(d), gap)
		for _, no := range slices.Sorted(maps.Keys(own)) {
			if a.numbered(next(), vaccinator, no) && a.IntN(4) == 0 {
				a.send(next(), "PUT", vaccinator, 200, no)
			}
		}
	}
}

// backOff serves an app, and through an outage asks again after longer and longer waits.
func backOff(a actor) {
	bookingSite(a)
	out := traffic.Start.Add(time.Duration(a.Int64N(int64(traffic.Length - time.Hour))))
	back := out.Add(time.Duration(15+a.IntN(25)) * time.Minute)
	for range a.N(18) {
		no := a.sites[a.liked(a.peopled())]
		at := out.Add(time.Duration(a.Int64N(int64(back.Sub(out)))))
		for wait := time.Second; at.Before(back) && wait < 64*time.Second; wait *= 2 {
			a.send(at, "GET", vaccinator, 503, no)
			at = at.Add(wait + time.Duration(a.Int64N(int64(wait))))
		}
		if !at.Before(back) {
			a.numbered(at, vaccinator, no)
		}
	}
}

// suiteOfTests is a developer at work: by hand, then the tests, which ask for the same few things in the same order.
func suiteOfTests(a actor) {
	c := a.campaign
	first := a.midway(c.sites)
	for _, at := range a.Office(a.N(18)) {
		a.send(at, "GET", vaccinator, 400, "undefined")
		a.look(at.Add(a.think()), siteList, firstArea, vaccines[0], 1)
		next := a.Clock(at.Add(5*a.think()), time.Second)
		a.count(next, vaccinator, 0, 1, 3)
		a.count(next, vaccinator, first, 1, 6+a.IntN(4))
		a.count(next, sitting, c.sessions[0], 1, 4)
		a.send(next(), "POST", "/bookings", 400)
		a.book(next())
	}
}

// canary asks for the same site and session, day and night.
func canary(a actor) {
	c, site := a.campaign, a.liked(a.peopled())
	next := a.Clock(traffic.Start, time.Duration(float64(500+a.IntN(600))/a.Busy)*time.Second)
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		a.numbered(at, vaccinator, c.sites[site])
		if a.IntN(3) == 0 {
			a.numbered(at.Add(time.Second), sitting, c.held[site][0])
		}
	}
}

// rotaClerk moves sessions about at a few sites, and looks whether it is right.
func rotaClerk(a actor) {
	c := a.campaign
	mine := a.Perm(len(c.sites))[:2+a.IntN(4)]
	for _, at := range a.Office(a.N(85)) {
		s := mine[a.IntN(len(mine))]
		a.look(at, diary, c.sites[s])
		if a.IntN(4) == 0 {
			a.send(at.Add(6*a.think()), "POST", diary, 201, c.sites[s])
			continue
		}
		no := c.held[s][a.IntN(2)]
		a.numbered(at.Add(a.think()), sitting, no)
		a.send(at.Add(5*a.think()), "PATCH", sitting, 200, no)
		a.look(at.Add(9*a.think()), diary, c.sites[s])
	}
}

// coordinator goes through the sites that came in together, from the first to the last, and sets right what is wrong.
func coordinator(a actor) {
	sites, n := a.sites, a.N(70)
	first := a.IntN(len(sites) - n)
	for d := range 3 {
		next := a.Clock(traffic.Start.Add(time.Duration(24*d+9)*time.Hour), 7*time.Hour/time.Duration(n))
		for _, no := range sites[first : first+n] {
			at := next()
			a.numbered(at, vaccinator, no)
			if a.IntN(5) < 2 {
				a.send(at.Add(3*a.think()), "PATCH", vaccinator, 200, no)
				a.numbered(at.Add(5*a.think()), vaccinator, no)
			}
		}
	}
}

// courier looks up where each delivery goes; every site is as likely as any other.
func courier(a actor) {
	sites := a.sites
	for _, at := range a.Office(a.N(215)) {
		a.numbered(at, vaccinator, sites[a.IntN(len(sites))])
		a.send(at.Add(3*a.think()), "POST", "/deliveries", 201)
	}
}

// invitations checks a long list of people every night, shared out among workers, before letters go out.
func invitations(a actor) {
	people := make([]uint64, a.N(175))
	for i := range people {
		people[i] = a.somebody()
	}
	slices.Sort(people)
	workers, gap := 2+a.Int64N(5), time.Second/4+a.haste()/8
	for d := range 3 {
		from := a.Night(d)
		for i, no := range people {
			a.look(from.Add(time.Duration(i)*gap+time.Duration(a.Int64N(3*workers*int64(gap)))), eligible, no)
		}
	}
}
