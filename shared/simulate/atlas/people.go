package atlas

import (
	"time"

	"accord/shared/simulate/traffic"
)

// honest are the honest kinds, written for a held-out test without knowledge of the detectors.
func (g *atlas) honest() []traffic.Kind {
	return []traffic.Kind{
		{Name: "health site with visitors", Play: g.bind(client.visitors)},
		{Name: "out-of-hours line that widens its search", Play: g.bind(client.outOfHours)},
		{Name: "results loaded before the click", Play: g.bind(client.beforeTheClick)},
		{Name: "scrolling far down", Play: g.bind(client.farDown)},
		{Name: "transport desk of a region, all alike", Play: g.bind(client.transportDesk)},
		{Name: "assistant that calls tools", Play: g.bind(client.assistant)},
		{Name: "discharge team, each patient's address", Play: g.bind(client.discharge)},
		{Name: "group that edits its own numbers", Play: g.bind(client.ownNumbers)},
		{Name: "contract list every night", Play: g.bind(client.contractList)},
		{Name: "six workers on own opening times", Play: g.bind(client.ownHours)},
		{Name: "invoices by provider code", Play: g.bind(client.invoices)},
		{Name: "reader of the change feed", Play: g.bind(client.changeFeed)},
		{Name: "warm-up at every release", Play: g.bind(client.release)},
		{Name: "first load of a region's address book", Play: g.bind(client.addressBook)},
	}
}

func (c client) visitors() { c.visit(c.N(115)) }

// visit is what n people do on a site: they search where they live, and open one or two of the first results.
func (c client) visit(n int) {
	for _, at := range c.Awake(n) {
		found := c.search(at, c.somewhere(), c.IntN(len(unitKinds)), 1)
		for i := range 1 + c.IntN(2) {
			u := found[c.IntN(1+c.IntN(len(found)))]
			c.read(at.Add(time.Duration(8+20*i)*time.Second), u)
			if c.IntN(3) == 0 {
				c.hours(at.Add(time.Duration(11+20*i)*time.Second), u, 0)
			}
		}
	}
}

// outOfHours is a telephone line at all hours: from where the caller stands, further out until something is open. No
// two callers stand in the same spot.
func (c client) outOfHours() {
	for _, at := range c.AnyTime(c.N(65)) {
		area, right, up := c.somewhere(), c.Float64(), c.Float64()
		for _, km := range []int{2, 5, 10, 20, 40} {
			c.within(at, area, right, up, km)
			if at = at.Add(2 * time.Second); c.IntN(3) == 0 {
				break
			}
		}
		for _, u := range c.near(area, -1, 1+c.IntN(3)) {
			c.hours(at, u, 0)
		}
	}
}

// beforeTheClick is a site whose framework loads every result in view before anybody clicks.
func (c client) beforeTheClick() {
	inView := 4 + c.IntN(4)
	for _, at := range c.Awake(c.N(48)) {
		found := c.search(at, c.somewhere(), c.IntN(2), 1)[:inView]
		for i, u := range found {
			c.read(at.Add(time.Duration(300+40*i)*time.Millisecond), u)
		}
		c.contacts(at.Add(15*time.Second), found[c.IntN(inView)])
	}
}

// farDown is a comparison site without page numbers: some people scroll on and on, and open little.
func (c client) farDown() {
	c.visit(c.N(25))
	for _, at := range c.Awake(c.N(18)) {
		area, kind := c.somewhere(), c.IntN(len(unitKinds))
		for page := range min(40, 3+int(8*c.ExpFloat64())) {
			found := c.search(at, area, kind, page+1)
			if at = at.Add(time.Duration(900+c.IntN(4000)) * time.Millisecond); c.IntN(6) == 0 && len(found) > 0 {
				c.read(at, found[c.IntN(len(found))])
				at = at.Add(20 * time.Second)
			}
		}
	}
}

// transportDesk drives patients to every service of a region alike; a booking is looked at again before the journey.
func (c client) transportDesk() {
	region := c.near(c.IntN(len(c.areas)), -1, c.N(160))
	for _, at := range c.Office(c.N(170)) {
		u := region[c.IntN(len(region))]
		c.read(at, u)
		if c.IntN(2) == 0 {
			c.contacts(at.Add(5*time.Second), u)
		}
		c.read(at.Add(time.Duration(1+c.IntN(5))*time.Hour), u)
	}
}

// assistant is a chatbot that answers with what it looks up: a search, a few of its results in parallel, their hours.
func (c client) assistant() {
	for _, at := range c.Awake(c.N(60)) {
		area, kind := c.somewhere(), c.IntN(len(unitKinds))
		found := c.search(at, area, kind, 1)
		if c.IntN(4) == 0 {
			found = c.search(at.Add(9*time.Second), area, kind, 2)
			at = at.Add(9 * time.Second)
		}
		for i, u := range found[:min(len(found), 2+c.IntN(3))] {
			c.read(at.Add(time.Duration(1500+c.IntN(200))*time.Millisecond), u)
			if i < 2 {
				c.hours(at.Add(4*time.Second), u, c.IntN(2))
			}
		}
	}
}

// discharge is a hospital's ward: every patient lives somewhere else in its surroundings, and needs a clinic there.
func (c client) discharge() {
	around := c.outward(c.somewhere())[:12]
	for _, at := range c.Office(c.N(95)) {
		area, right, up := around[c.IntN(len(around))], c.Float64(), c.Float64()
		c.within(at, area, right, up, 3)
		if c.IntN(3) == 0 {
			c.within(at.Add(10*time.Second), area, right, up, 8)
		}
		u := c.near(area, 4, 3)[c.IntN(3)]
		c.read(at.Add(25*time.Second), u)
		c.hours(at.Add(40*time.Second), u, 1)
	}
}
