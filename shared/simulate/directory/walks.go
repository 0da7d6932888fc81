package directory

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// The crawls that go by number, or by a code or a date in place of one. Most crawlers try a few
// calls by hand before.

// tries are a developer's first calls, before a crawl begins: a few services, each more than once.
func (a actor) tries(before time.Time) {
	few := a.draw(a.between(1, 4), a.directory.byName)
	for range a.between(0, 14) {
		a.open(before.Add(-a.wait(2*time.Minute, 5*time.Hour)), few[a.IntN(len(few))])
	}
}

// somewhere is the number of a service, of which so many at least come behind it: where a crawler finds it worth its
// while, which is where one number in four or more was given.
func (a actor) somewhere(behind int) uint64 {
	const near = 40
	all := a.directory.services
	for {
		i := a.IntN(max(1, len(all)-behind))
		if all[min(i+near, len(all)-1)].id-all[i].id < 4*near {
			return all[i].id
		}
	}
}

// upwards counts upwards from some number and leaves out some at random, as those do who are after a sample.
func upwards(a actor) {
	begins, most, n := a.Begins(), a.between(2, 6), a.many(350, 850)
	a.tries(begins)
	id, next := a.somewhere(n), a.Clock(begins, a.wait(150*time.Millisecond, 12*time.Second))
	for range n {
		a.try(next(), id)
		id += 1 + a.Uint64N(uint64(most)) //nolint:gosec // at least 2
	}
}

// poolOfWorkers has several threads count upwards, each in its own stretch; when one is told to wait they all do, and ask again.
func poolOfWorkers(a actor) {
	at, n := a.Begins(), a.many(400, 900)
	a.tries(at)
	all, next := a.directory.services, make([]uint64, a.between(3, 8))
	first, stretch := a.IntN(len(all)/3), a.between(n/2, len(all)*2/3)/len(next)
	for w := range next {
		next[w] = all[first+w*stretch].id
	}
	gap, patience := a.wait(60*time.Millisecond, 3*time.Second), a.between(25, 250)
	for range n {
		w := a.IntN(len(next))
		if a.IntN(patience) == 0 {
			a.Do(at, "GET", healthService, fmt.Sprint("/HealthcareService/", next[w]), 429)
			at = at.Add(a.wait(20*time.Second, 5*time.Minute))
		}
		a.try(at, next[w])
		next[w]++
		at = at.Add(time.Duration(a.ExpFloat64() * float64(gap)))
	}
}

// dayByDay asks for what was registered on one day after the other, from some year on or backwards from today, and reads it all.
func dayByDay(a actor) {
	begins, step, from := a.Begins(), 1, -a.between(1200, oldest-100)
	if a.tries(begins); a.IntN(3) == 0 {
		step, from = -1, -1
	}
	next := a.Clock(begins, a.wait(200*time.Millisecond, 8*time.Second))
	for left := a.many(400, 850); left > 0 && from < 0 && from > -oldest; from += step {
		a.Get(next(), published, "/published/"+traffic.Day(from))
		found := a.directory.since[-from]
		for _, i := range found {
			a.open(next(), i)
		}
		left -= 1 + len(found)
	}
}

// resuming reads lists of services page by page and each service on them; it crashes now and then, and begins again
// with the page on which it stopped.
func resuming(a actor) {
	const onPage = 25
	d, at, n := a.directory, a.Begins(), a.many(400, 850)
	a.tries(at)
	page, gap, crash := a.IntN(max(1, (len(d.services)-n)/onPage)), a.wait(100*time.Millisecond, 6*time.Second), a.between(60, 400)
	for n > 0 {
		a.Get(at, servicePages, fmt.Sprint("/services/pages/", page+1))
		crashed := false
		for i := page * onPage; i < min((page+1)*onPage, len(d.services)) && !crashed; i++ {
			at = at.Add(gap/2 + time.Duration(a.Int64N(int64(gap))))
			a.open(at, i)
			n--
			crashed = a.IntN(crash) == 0
		}
		at = at.Add(gap)
		if crashed {
			at = at.Add(a.wait(2*time.Minute, 6*time.Hour))
			continue
		}
		page++
	}
}

// nested goes through organisations in the order of their codes; of each it reads what it runs, and of that some parts.
func nested(a actor) {
	d, begins := a.directory, a.Begins()
	parts := a.Perm(3)[:a.between(1, 3)]
	n, next := a.many(400, 900), a.Clock(begins, a.wait(100*time.Millisecond, 4*time.Second))
	a.tries(begins)
	for o := a.IntN(len(d.orgs) * 2 / 3); n > 0 && o < len(d.orgs); o++ {
		a.org(next(), d.byCode[o], runBy, "")
		a.org(next(), d.byCode[o], servicesOf, "/HealthcareService")
		n -= 2
		for _, i := range d.runs[d.byCode[o]] {
			a.open(next(), i)
			for _, p := range parts {
				switch at := next(); p {
				case 0:
					a.hours(at, i)
				case 1:
					a.aspect(at, i, endpointsOf, "/Endpoint")
				case 2:
					a.site(at, i)
				}
			}
			n -= 1 + len(parts)
		}
	}
}

// halfDone counts down from the newest number as fast as it may, and stops half-way for good.
func halfDone(a actor) {
	begins := a.Begins()
	a.tries(begins)
	all, next := a.directory.services, a.Clock(begins, a.wait(50*time.Millisecond, 900*time.Millisecond))
	id := all[len(all)-1-a.IntN(50)].id
	for range a.many(350, 750) {
		a.try(next(), id)
		id--
	}
}

// bisected asks for the middle of what lies between two numbers it knows, then for the middles of both halves, and so on.
func bisected(a actor) {
	begins, n := a.Begins(), a.many(350, 750)
	a.tries(begins)
	low := a.somewhere(n)
	width := uint64(n) * uint64(a.between(2, 12)) //nolint:gosec // positive
	next := a.Clock(begins, a.wait(150*time.Millisecond, 8*time.Second))
	open := [][2]uint64{{low, low + width}}
	for k := 0; k < n && k < len(open); k++ {
		lo, hi := open[k][0], open[k][1]
		middle := (lo + hi) / 2
		a.try(next(), middle)
		if middle > lo {
			open = append(open, [2]uint64{lo, middle}, [2]uint64{middle, hi})
		}
	}
}

// refreshed reads all services of one sort from end to end, and again a day later: the rows of a table in the order of a hash,
// which may be another the second time.
func refreshed(a actor) {
	d, sort := a.directory, a.IntN(len(sorts))
	all := slices.DeleteFunc(slices.Clone(d.byName), func(i int) bool { return d.services[i].sort != sort })
	all = a.draw(len(all), all)
	first, gap := a.dayAt(0, 0, 30), a.wait(200*time.Millisecond, 15*time.Second)
	a.tries(first)
	for _, begins := range []time.Time{first, first.Add(a.wait(18*time.Hour, 36*time.Hour))} {
		next := a.Clock(begins, gap)
		for _, i := range all {
			a.open(next(), i)
		}
		if a.IntN(2) == 0 {
			all = shuffled(a.Rand, all)
		}
	}
}
