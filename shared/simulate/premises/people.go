package premises

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// people are the honest kinds at which somebody looks at what is read, or is about to.
func (w *World) people() []traffic.Kind {
	return []traffic.Kind{
		{Name: "review site, famous and forgotten kitchens", Play: w.bind(reviewSite)},
		{Name: "poisoning line in an outbreak", Play: w.bind(outbreakLine)},
		{Name: "case officers, each patient's meals once", Play: w.bind(caseOfficers)},
		{Name: "hygiene app in the street", Play: w.bind(hygieneApp)},
		{Name: "diners who look some streets further", Play: w.bind(diners)},
		{Name: "ratings loaded for every pin", Play: w.bind(pins)},
		{Name: "night owl who scrolls a town", Play: w.bind(nightOwl)},
		{Name: "inspectors who write up their visits", Play: w.bind(inspectors)},
		{Name: "authority amending what it sent in", Play: w.bind(amending)},
	}
}

// reviewSite shows a rating beside what guests wrote: mostly of kitchens everybody knows or in a few towns, sometimes of any.
func reviewSite(a Actor) {
	towns := a.towns(3)
	for _, at := range a.Awake(a.N(250)) {
		i := oneOf(a, []int{a.famous(), a.famous(), a.local(oneOf(a, towns)), a.local(oneOf(a, towns)), a.local(oneOf(a, towns))})
		if a.IntN(12) == 0 {
			i = a.IntN(len(a.shops))
		}
		switch a.IntN(4) {
		case 0:
			a.Get(at, named, fmt.Sprintf("/search/name/%s/1", a.shops[i].name))
		case 1:
			a.postcode(at, a.shops[i].code)
		}
		a.open(at.Add(a.gap(time.Second, 20*time.Second)), i)
		if a.IntN(3) == 0 {
			a.inspections(at.Add(a.gap(25*time.Second, 2*time.Minute)), i)
		}
	}
}

// outbreakLine answers the telephone day and night. Twice a town falls ill, and its people ask about a few kitchens.
func outbreakLine(a Actor) {
	for _, at := range a.AnyTime(a.N(110)) {
		a.advise(at, a.local(a.town()))
	}
	for range 2 {
		town, from := a.town(), a.Begins()
		blamed := []int{a.local(town), a.local(town), a.local(town)}
		for range a.N(65) {
			at := from.Add(time.Duration(a.ExpFloat64() * float64(100*time.Minute)))
			a.advise(at, oneOf(a, append(blamed, a.local(town))))
		}
	}
}

// advise tells a caller, or a case officer, of a kitchen.
func (a Actor) advise(at time.Time, i int) {
	a.postcode(at, a.shops[i].code)
	a.open(at.Add(a.gap(5*time.Second, 40*time.Second)), i)
	if a.IntN(5) < 2 {
		a.lastReport(at.Add(a.gap(45*time.Second, 3*time.Minute)), i)
	}
}

// caseOfficers ask each patient where they ate, and look up every kitchen that is named, once.
func caseOfficers(a Actor) {
	known, region := map[int]bool{}, a.IntN(len(a.in))
	for _, at := range a.Office(a.N(75)) {
		for range 1 + a.IntN(4) {
			at = at.Add(a.gap(time.Minute, 9*time.Minute))
			if i := a.local((region + a.IntN(5+int(3*a.Busy))) % len(a.in)); !known[i] {
				known[i] = true
				a.advise(at, i)
			}
		}
	}
}

// hygieneApp is on many telephones: each asks what is around it from a network of its own, and opens what it stands before.
func hygieneApp(a Actor) {
	for _, at := range a.Awake(a.N(125)) {
		a.Source = fmt.Sprintf("198.%d.%d.%d", 18+a.IntN(2), a.IntN(256), a.IntN(256))
		town := a.town()
		for range 1 + a.IntN(3) {
			i := a.local(town)
			a.spot(at, circle, a.shops[i].lat+a.IntN(3)-1, a.shops[i].lon+a.IntN(3)-1, 500)
			if a.IntN(3) > 0 {
				a.open(at.Add(a.gap(2*time.Second, 30*time.Second)), i)
			}
			at = at.Add(a.gap(40*time.Second, 15*time.Minute))
		}
	}
}

// diners want a table somewhere clean, and draw the circle wider until there is one.
func diners(a Actor) {
	for _, at := range a.Awake(a.N(105)) {
		next, i := a.Clock(at, a.gap(3*time.Second, 20*time.Second)), a.local(a.town())
		lat, lon := a.shops[i].lat+a.IntN(7)-3, a.shops[i].lon+a.IntN(7)-3
		for metres, found := 400, false; !found && metres <= 12_800; metres *= 2 {
			a.spot(next(), circle, lat, lon, metres)
			found = a.IntN(3) == 0
		}
		if a.IntN(4) > 0 {
			a.open(next(), i)
		}
	}
}

// pins is a map of a guide book's towns, which loads the rating behind each pin before anybody touches one.
func pins(a Actor) {
	towns := a.towns(2 + int(a.Busy)/4)
	for _, at := range a.Awake(a.N(46)) {
		s := a.shops[a.local(oneOf(a, towns))]
		south, west, side := s.lat-a.IntN(3), s.lon-a.IntN(3), 3+a.IntN(3)
		a.spot(at, square, south, west, side)
		found := a.inside(south, west, side)
		slices.Sort(found)
		for n, i := range found[:min(len(found), 16)] {
			a.open(at.Add(time.Duration(300+60*n+a.IntN(150))*time.Millisecond), i)
		}
	}
}

// nightOwl scrolls down the lists of some towns, now and then very far, and opens what looks bad.
func nightOwl(a Actor) {
	towns := append(a.towns(2), a.IntN(len(a.in)/8))
	for _, at := range a.Awake(a.N(48)) {
		next, town := a.Clock(at, a.gap(time.Second, 12*time.Second)), oneOf(a, towns)
		for page := 1; page <= a.pages(town)+1 && a.IntN(14) > 0; page++ {
			a.page(next(), town, page)
			if a.IntN(5) == 0 {
				a.open(next(), a.local(town))
			}
		}
	}
}

// inspectors look a kitchen up before they go in, and enter what they found; some entries need a second look.
func inspectors(a Actor) {
	area, span := a.IntN(len(a.in)), 1+int(a.Busy)/2
	for _, at := range a.Office(a.N(85)) {
		i, next := a.local((area+a.IntN(span))%len(a.in)), a.Clock(at, a.gap(40*time.Second, 4*time.Minute))
		a.open(next(), i)
		a.inspections(next(), i)
		if a.IntN(3) > 0 {
			a.Do(next(), "POST", visits, a.shops[i].path()+"/inspections", 201)
			a.open(next(), i)
		}
	}
}

// amending is an authority that corrects a block of numbers it once sent in at a go: its clerk follows the printed list, takes
// up where it was left, and turns back to some.
func amending(a Actor) {
	block, line := int(a.Busy*float64(50+a.IntN(50))), 0
	first := a.IntN(len(a.shops) - block)
	for _, at := range a.Office(a.N(140)) {
		i := first + line%block
		if line += 1 + a.IntN(2); a.IntN(4) == 0 {
			i = first + a.IntN(1+line%block)
		}
		a.open(at, i)
		if saved := at.Add(a.gap(15*time.Second, 2*time.Minute)); a.IntN(5) < 3 {
			a.Do(saved, "PUT", entry, a.shops[i].path(), 200)
			a.open(saved.Add(time.Second), i)
		}
	}
}
