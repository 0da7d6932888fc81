package urgent

import (
	"fmt"
	"time"

	"accord/shared/simulate/traffic"
)

func (s *signposts) honest() []traffic.Kind {
	return []traffic.Kind{
		{Name: "website that finds a service", Play: s.bind(finder)},
		{Name: "telephone advice with rushes", Play: s.bind(telephoneAdvice)},
		{Name: "discharge desk, each patient once", Play: s.bind(dischargeDesk)},
		{Name: "tablets of ambulance crews", Play: s.bind(tablets)},
		{Name: "advisers who look further out", Play: s.bind(furtherOut)},
		{Name: "answers loaded before they are opened", Play: s.bind(loadedAhead)},
		{Name: "planners who scroll far down", Play: s.bind(planners)},
		{Name: "interpreters needed anywhere", Play: s.bind(interpreters)},
		{Name: "area team that corrects entries", Play: s.bind(corrections)},
		{Name: "chain that enters holiday hours", Play: s.bind(holidayHours)},
		{Name: "dispatch system through an outage", Play: s.bind(dispatchOutage)},
		{Name: "supplier that connects its product", Play: s.bind(supplier)},
		{Name: "trust that checks its services at night", Play: s.bind(trustAtNight)},
		{Name: "commissioner with a long list", Play: s.bind(commissioner)},
		{Name: "wallboard of free places", Play: s.bind(wallboard)},
		{Name: "portal that keeps its answers fresh", Play: s.bind(portal)},
	}
}

// enquiry is somebody who needs help, and what there is for them in their town, the most used first.
type enquiry struct {
	code  string
	need  int
	found []int
}

// enquire draws who calls from an area: more people live in some towns, and need some things more.
func (a actor) enquire(area int) enquiry {
	s := a.signposts
	t := s.towns[a.Zipf(len(s.towns))/numAreas*numAreas+area]
	e := enquiry{code: t.codes[a.IntN(len(t.codes))], need: min(int(a.ExpFloat64()*3), len(needs)-1)}
	for _, i := range t.points {
		if s.points[i].need == e.need {
			e.found = append(e.found, i)
		}
	}
	if len(e.found) == 0 {
		e.found = []int{a.IntN(len(s.points))}
	}
	return e
}

// choose is which answer somebody takes: mostly one of the first.
func (a actor) choose(e enquiry) int { return e.found[min(int(a.ExpFloat64()*2), len(e.found)-1)] }

// unwell are n moments when people call for help: in the evening most of all.
func (a actor) unwell(n int) []time.Time {
	return a.Moments(n, func() time.Duration {
		hour := 19 + 3*a.NormFloat64()
		if a.IntN(3) == 0 {
			hour = 24 * a.Float64()
		}
		return time.Duration((float64(24*a.IntN(3)) + hour) * float64(time.Hour))
	})
}

// pause is the time a person takes before the next thing.
func (a actor) pause(about time.Duration) time.Duration {
	return about/3 + time.Duration(a.ExpFloat64()*float64(about)*2/3)
}

// finder is a public website, entered by postcode or from a search engine, that keeps a service for a quarter of an hour.
func finder(a actor) {
	kept := map[int]time.Time{}
	for _, at := range a.unwell(a.N(190)) {
		e := a.enquire(a.IntN(numAreas))
		if a.IntN(6) == 0 {
			e.found = []int{a.IntN(len(a.signposts.points))}
		} else {
			a.search(at, e.code, e.need, 5, 1)
		}
		for range 1 + a.IntN(2) {
			at = at.Add(a.pause(20 * time.Second))
			if i := a.choose(e); at.Sub(kept[i]) > 15*time.Minute {
				kept[i] = at
				a.read(at, pointPage, i)
			}
		}
	}
}

// advise is a call to an adviser, who offers what has room and sends the case there.
func (a actor) advise(at time.Time, area int) {
	e := a.enquire(area)
	a.search(at, e.code, e.need, 10, 1)
	for range 1 + a.IntN(2) {
		at = at.Add(a.pause(40 * time.Second))
		a.read(at, pointRoom, a.choose(e))
	}
	if a.IntN(3) > 0 {
		a.read(at.Add(a.pause(time.Minute)), pointSend, a.choose(e))
	}
}

// telephoneAdvice is a busy service for an area, with a few rushes in which calls come every few seconds.
func telephoneAdvice(a actor) {
	area := a.IntN(numAreas)
	for _, at := range a.unwell(a.N(125)) {
		a.advise(at, area)
	}
	for range 2 + a.IntN(2) {
		next := a.Clock(traffic.Start.Add(time.Duration(a.Int64N(int64(traffic.Length-3*time.Hour)))), time.Duration(3+a.IntN(12))*time.Second)
		for range a.N(40) {
			a.advise(next(), area)
		}
	}
}

// dischargeDesk finds care at home for each patient who leaves hospital, once; most live in the hospital's area.
func dischargeDesk(a actor) {
	home := a.IntN(numAreas)
	for _, at := range a.Office(a.N(120)) {
		e := a.enquire([]int{home, home, home, a.IntN(numAreas)}[a.IntN(4)])
		a.Get(at, codePage, "/postcodes/"+e.code)
		a.search(at.Add(2*time.Second), e.code, e.need, 5, 1)
		a.read(at.Add(a.pause(time.Minute)), pointSend, a.choose(e))
	}
}

// tablets are in ambulances all over an area, each on another mobile address when it asks.
func tablets(a actor) {
	area := a.IntN(numAreas)
	for _, at := range a.unwell(a.N(130)) {
		a.Source = a.address()
		e := a.enquire(area)
		a.search(at, e.code, e.need, 20, 1)
		i := a.choose(e)
		for _, template := range []string{pointPage, pointRoom, pointOpen}[:1+a.IntN(3)] {
			at = at.Add(a.pause(8 * time.Second))
			a.read(at, template, i)
		}
	}
}

func (a actor) address() string {
	return fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
}

// furtherOut widens the search until something is open.
func furtherOut(a actor) {
	area := a.IntN(numAreas)
	for _, at := range a.unwell(a.N(110)) {
		e := a.enquire(area)
		for _, miles := range []int{2, 5, 10, 20, 40, 60} {
			a.search(at, e.code, e.need, miles, 1)
			if at = at.Add(a.pause(15 * time.Second)); a.IntN(5) < 2 {
				break
			}
		}
		a.read(at, pointRoom, a.choose(e))
	}
}

// loadedAhead is an app that loads the first answers before anybody opens one.
func loadedAhead(a actor) {
	area, ahead := a.IntN(numAreas), 3+a.IntN(6)
	for _, at := range a.unwell(a.N(70)) {
		e := a.enquire(area)
		a.search(at, e.code, e.need, 10, 1)
		for k, i := range e.found[:min(ahead, len(e.found))] {
			a.read(at.Add(time.Duration(300+60*k)*time.Millisecond), pointPage, i)
		}
		a.read(at.Add(a.pause(30*time.Second)), pointOpen, a.choose(e))
	}
}
