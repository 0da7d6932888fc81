package bookings

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

// honest are the honest kinds.
func (c *campaign) honest() []traffic.Kind {
	return []traffic.Kind{
		{Name: "booking site of a campaign", Play: c.bind(bookingSite)},
		{Name: "helpline after an announcement", Play: c.bind(announced)},
		{Name: "surgery that asks who is due", Play: c.bind(whoIsDue)},
		{Name: "chain that checks its pharmacies overnight", Play: c.bind(chainOvernight)},
		{Name: "app server that backs off", Play: c.bind(backOff)},
		{Name: "supplier with a suite of tests", Play: c.bind(suiteOfTests)},
		{Name: "appointment app in many pockets", Play: c.bind(pockets)},
		{Name: "canary of a status page", Play: c.bind(canary)},
		{Name: "council page kept warm", Play: c.bind(keptWarm)},
		{Name: "rota clerk", Play: c.bind(rotaClerk)},
		{Name: "coordinator of a run of sites", Play: c.bind(coordinator)},
		{Name: "results that load before the click", Play: c.bind(beforeTheClick)},
		{Name: "list scrolled on a telephone", Play: c.bind(thumbed)},
		{Name: "search that widens until there is a dose", Play: c.bind(untilADose)},
		{Name: "courier to any site", Play: c.bind(courier)},
		{Name: "invitations sent at night by workers", Play: c.bind(invitations)},
	}
}

// visit is somebody who looks for an appointment: what is around, a site or two, their sessions, and perhaps a booking.
func (a actor) visit(at time.Time, town int) {
	c := a.campaign
	a.look(at, around, c.outcode[town], 5+5*a.IntN(2))
	for range 1 + a.IntN(2) {
		s := a.liked(town)
		at = at.Add(a.think())
		a.numbered(at, vaccinator, c.sites[s])
		a.look(at.Add(300*time.Millisecond), diary, c.sites[s])
		at = at.Add(a.think())
		a.numbered(at, sitting, c.held[s][a.IntN(2)])
	}
	if a.IntN(3) == 0 {
		a.book(at.Add(a.think()))
	}
}

// book takes a slot, if nobody else was faster.
func (a actor) book(at time.Time) {
	if a.IntN(15) == 0 {
		a.send(at, "POST", "/bookings", 409)
		return
	}
	a.send(at, "POST", "/bookings", 201)
	a.look(at.Add(time.Second), booking, a.reference())
}

// reference is a booking's, and tells nothing.
func (a actor) reference() string { return fmt.Sprintf("%010x", a.Uint64()>>24) }

// bookingSite is where the public books.
func bookingSite(a actor) {
	for _, at := range a.byDay(a.N(62)) {
		a.visit(at, a.peopled())
	}
}

// announced is a helpline: it books for those who ring, and more ring when a town is in the news.
func announced(a actor) {
	for _, at := range a.AnyTime(a.N(38)) {
		a.visit(at, a.peopled())
	}
	for range 2 {
		news := a.peopled()
		next := a.Clock(traffic.Start.Add(time.Duration(a.Int64N(int64(traffic.Length)))), 25*time.Second)
		for range a.N(10) {
			a.visit(next(), news)
			a.visit(next(), a.peopled())
		}
	}
}

// keptWarm is the page of a council: what its towns ask for is asked for again when it is some hours old.
func keptWarm(a actor) {
	c, ttl, fresh := a.campaign, time.Duration(2+a.IntN(4))*time.Hour, map[int]time.Time{}
	first, towns := a.IntN(len(c.crowd)/2), 2+a.N(6)
	for _, at := range a.byDay(a.N(260)) {
		town := c.crowd[first+a.IntN(towns)]
		s := a.liked(town)
		if at.Before(fresh[s]) {
			continue
		}
		fresh[s] = at.Add(ttl)
		a.look(at, around, c.outcode[town], 5)
		a.numbered(at.Add(100*time.Millisecond), vaccinator, c.sites[s])
		a.look(at.Add(200*time.Millisecond), diary, c.sites[s])
	}
}

// pockets is an app that asks from each person's own network, most often for what is near or whether the booking stands.
func pockets(a actor) {
	c := a.campaign
	for _, at := range a.byDay(a.N(130)) {
		a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
		town := a.peopled()
		switch a.IntN(4) {
		case 0:
			a.visit(at, town)
		case 1:
			a.send(at, "GET", booking, []int{200, 200, 200, 200, 404}[a.IntN(5)], a.reference())
		default:
			a.look(at, around, c.outcode[town], 10)
			a.numbered(at.Add(a.think()), vaccinator, c.sites[a.liked(town)])
		}
	}
}

// beforeTheClick loads the first results while they are still being read, and the first sessions of the site that is opened.
func beforeTheClick(a actor) {
	c, ahead := a.campaign, 2+a.IntN(4)
	for _, at := range a.byDay(a.N(58)) {
		town := a.peopled()
		a.look(at, around, c.outcode[town], 10)
		for i, s := range c.inTown[town][:min(ahead, len(c.inTown[town]))] {
			a.numbered(at.Add(time.Duration(i+2)*90*time.Millisecond), vaccinator, c.sites[s])
		}
		at = at.Add(a.think())
		for i, no := range c.held[a.liked(town)][:2] {
			a.numbered(at.Add(time.Duration(i)*70*time.Millisecond), sitting, no)
		}
	}
}

// thumbed shows the list of people's area page by page as they scroll; most stop soon, some never.
func thumbed(a actor) {
	c, home := a.campaign, a.peopled()
	for _, at := range a.byDay(a.N(42)) {
		s := a.liked([]int{home, home, a.peopled()}[a.IntN(3)])
		area, vaccine := int(c.sites[s]/perArea), vaccines[a.IntN(1+a.IntN(len(vaccines)))]
		for page := range min(c.pages(area), int(3/a.Float64())) {
			a.look(at, siteList, area, vaccine, page+1)
			at = at.Add(a.think() / 3)
		}
		a.numbered(at.Add(a.think()), vaccinator, c.sites[s])
	}
}

// untilADose looks for a vaccine that few sites have, further and further away.
func untilADose(a actor) {
	c := a.campaign
	for _, at := range a.byDay(a.N(110)) {
		town := a.peopled()
		for _, km := range []int{2, 5, 10, 25, 50, 100} {
			a.look(at, around, c.outcode[town], km)
			at = at.Add(time.Second/2 + time.Duration(a.Int64N(int64(time.Second))))
			if a.IntN(3) == 0 {
				break
			}
		}
		a.numbered(at.Add(a.think()), vaccinator, c.sites[a.liked(town)])
	}
}
