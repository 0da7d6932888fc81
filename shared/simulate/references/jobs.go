package references

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// migration reads a company's own records once, by number, to move them; the next morning it checks that none is missing.
// Its numbers are scattered over all. Before and after, people work with them.
func migration(a actor) {
	own := a.Some(300 + a.IntN(200))
	for _, at := range a.Office(a.N(120)) {
		a.ref(at, own[a.Zipf(len(own))])
	}
	slices.Sort(own)
	evening := traffic.Start.AddDate(0, 0, a.IntN(2)).Add(19 * time.Hour)
	for _, from := range []time.Time{evening, evening.Add(12 * time.Hour)} {
		next := a.Clock(from, 3*time.Second)
		for _, id := range own {
			a.ref(next(), id)
		}
	}
}

// hourlyBranches asks at each full hour of the day whether a chain's branches are open.
func hourlyBranches(a actor) {
	own := a.Some(a.N(22))
	for d := range 3 {
		for hour := 8; hour < 20; hour++ {
			at := traffic.Start.AddDate(0, 0, d).Add(time.Duration(hour) * time.Hour)
			for i, id := range own {
				a.part(at.Add(time.Duration(i)*150*time.Millisecond), opening, "/opening", id)
			}
		}
	}
}

// warming is a new client, which first loads its own region, a twenty-fifth of all, and then shows what people of
// the region ask for, at most an hour old.
func warming(a actor) {
	region, n := a.IntN(25), len(a.IDs)/25
	id := func(i int) uint64 { return a.IDs[(i*25+region)%len(a.IDs)] }
	begins := traffic.Start.Add(time.Duration(6+a.IntN(24)) * time.Hour)
	next := a.Clock(begins, 2*time.Second)
	for _, i := range a.Perm(n) {
		a.ref(next(), id(i))
	}
	fresh := map[int]time.Time{}
	for _, at := range a.Awake(a.N(650)) {
		if i := a.Zipf(n); at.After(begins.Add(time.Hour)) && at.Sub(fresh[i]) > time.Hour {
			fresh[i] = at
			a.ref(at, id(i))
		}
	}
}

// loadTest asks for the same fifty as fast as it can, for some minutes, three times.
func loadTest(a actor) {
	own := a.Some(50)
	for d := range 3 {
		from := traffic.Start.AddDate(0, 0, d).Add(time.Duration(9*60+a.IntN(480)) * time.Minute)
		next := a.Clock(from, 200*time.Millisecond)
		for range a.N(190) {
			a.ref(next(), own[a.IntN(len(own))])
		}
	}
}

// subscriber asks every quarter of an hour what has changed, and reads that: the bulletins written since, in the order
// of their numbers, and now and then a service.
func subscriber(a actor) {
	quarter, known := 15*time.Minute, a.newest(traffic.Start)
	offset := time.Duration(a.IntN(900)) * time.Second
	for at := traffic.Start.Add(offset); at.Before(traffic.Start.Add(traffic.Length)); at = at.Add(quarter) {
		a.Get(at, changes, fmt.Sprint("/changes/", at.Add(-quarter).Unix()))
		next := a.Clock(at.Add(time.Second), 300*time.Millisecond)
		for ; known < a.newest(at); known++ {
			a.bulletin(next(), known+1)
		}
		if a.IntN(3) == 0 {
			a.ref(next(), a.Any())
		}
	}
}

// yesterday writes a clinic's encounters as they happen, and reads each again in the following night for the bill.
// Other clinics' encounters have the numbers between.
func yesterday(a actor) {
	for d := -1; d < 3; d++ {
		next := a.Clock(a.Night(d+1), 1500*time.Millisecond)
		number := 1 + a.IntN(20)
		for _, at := range a.inDay(d, a.N(100)) {
			a.Do(at, "POST", encounters, "/encounters/"+traffic.Day(d), 201)
			a.Get(next(), encounter, fmt.Sprintf("/encounters/%s/%d", traffic.Day(d), number))
			number += 1 + int(a.ExpFloat64()*18)
		}
	}
}

// inDay are n moments of the working hours of a day.
func (a actor) inDay(d, n int) []time.Time {
	return a.Moments(n, func() time.Duration {
		return time.Duration((float64(24*d) + 8 + 10*a.Float64()) * float64(time.Hour))
	})
}

// backingOff works off what people have asked for elsewhere; told to slow down, it waits twice as long each time.
func backingOff(a actor) {
	for range 5 {
		at := traffic.Start.Add(time.Duration(a.Int64N(int64(traffic.Length - 2*time.Hour))))
		for range a.N(90) {
			id := a.Popular()
			for wait := time.Second; a.IntN(6) == 0; wait *= 2 {
				a.Do(at, "GET", service, fmt.Sprint("/services/", checked(id)), 429)
				at = at.Add(wait)
			}
			a.ref(at, id)
			at = at.Add(time.Duration(a.ExpFloat64() * float64(4*time.Second)))
		}
	}
}

// rotas shows who is on duty at a company's sites, today and tomorrow, read anew at each full hour.
func rotas(a actor) {
	site, sites := a.IntN(900), a.N(4)
	for hour := range 72 {
		at := traffic.Start.Add(time.Duration(hour) * time.Hour)
		for i := range 2 * sites {
			a.Get(at.Add(time.Duration(i)*time.Second), rota, fmt.Sprintf("/rotas/s%d/%s", site+i/2*31, traffic.Day(hour/24+i%2)))
		}
	}
}
