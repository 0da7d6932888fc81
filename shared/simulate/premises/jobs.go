package premises

import (
	"fmt"
	"slices"
	"time"

	"accord/shared/simulate/traffic"
)

// jobs are the honest kinds at which machines read what somebody is answerable for, or what many others ask of them.
func (w *World) jobs() []traffic.Kind {
	return []traffic.Kind{
		{Name: "franchise that checks its kitchens before dawn", Play: w.bind(franchise)},
		{Name: "takeaway portal through an outage", Play: w.bind(takeawayPortal)},
		{Name: "till maker's first weeks", Play: w.bind(tillMaker)},
		{Name: "uptime probe of one rating", Play: w.bind(probe)},
		{Name: "ratings kept until they are a day old", Play: w.bind(keptRatings)},
		{Name: "insurer's renewals at night, by workers", Play: w.bind(renewals)},
		{Name: "wholesaler's drops, all alike", Play: w.bind(drops)},
	}
}

// franchise asks who the register thinks is of the brand, then for each kitchen of its own list, and reads what is new.
func franchise(a Actor) {
	owner := a.IntN(len(a.owners))
	own := append(a.Perm(len(a.shops))[:a.N(110)], a.owned[owner]...)
	slices.Sort(own)
	own = slices.Compact(own)
	for day := range 3 {
		next := a.Clock(a.Night(day), a.gap(200*time.Millisecond, 5*time.Second))
		for page := range 1 + len(a.owned[owner])/perPage {
			a.Get(next(), company, fmt.Sprintf("/businesses/%s/premises/%d", a.owners[owner], page+1))
		}
		for _, i := range own {
			if a.open(next(), i); a.IntN(12) == 0 || slices.Contains(a.changed[day], i) {
				a.lastReport(next(), i)
			}
		}
	}
}

// takeawayPortal shows the rating above each menu. While the register is down every page tries again, each time after twice as
// long, and what was not answered is asked for afterwards.
func takeawayPortal(a Actor) {
	out, long := a.Begins(), a.gap(15*time.Minute, 90*time.Minute)
	meals := a.Moments(a.N(45), func() time.Duration { return out.Sub(traffic.Start) + time.Duration(a.Int64N(int64(long))) })
	for _, at := range append(a.Awake(a.N(260)), meals...) {
		i := oneOf(a, []int{a.famous(), a.local(0), a.local(a.IntN(10) * 7 % len(a.in))})
		if at.After(out) && at.Before(out.Add(long)) {
			for wait := time.Second; wait < time.Minute && at.Before(out.Add(long)); wait *= 2 {
				a.Do(at, "GET", entry, a.shops[i].path(), oneOf(a, []int{503, 503, 504, 429}))
				at = at.Add(wait/2 + time.Duration(a.Int64N(int64(wait))))
			}
			at = out.Add(long + time.Duration(a.Int64N(int64(5*time.Minute))))
		}
		a.open(at, i)
	}
}

// tillMaker builds a till that prints the rating on the receipt: examples of the manual, mistakes, tests, and a few pilot shops.
func tillMaker(a Actor) {
	pilots := a.Perm(len(a.shops))[:6+a.IntN(10)]
	for n, at := range a.Office(a.N(190)) {
		i := oneOf(a, pilots)
		switch draw := a.IntN(60); {
		case n < 12:
			a.Do(at, "GET", entry, "/premises/"+[]string{"1", "123456", "undefined", "%7Bid%7D"}[n%4], 404-n%4/2*4)
		case draw < 4:
			a.Do(at, "GET", entry, a.shops[i].path(), oneOf(a, []int{401, 403, 429}))
		case draw < 7:
			for k, pilot := range pilots {
				a.open(at.Add(time.Duration(300*k)*time.Millisecond), pilot)
				a.lastReport(at.Add(time.Duration(300*k+120)*time.Millisecond), pilot)
			}
		case draw < 25:
			a.postcode(at, a.shops[i].code)
		default:
			a.open(at, i)
		}
	}
}

// probe asks for one rating, and now and then for one postcode, all day and night.
func probe(a Actor) {
	i, next := a.famous(), a.Clock(traffic.Start, time.Duration(float64(a.gap(4*time.Minute, 14*time.Minute))/a.Busy))
	for at := next(); at.Before(traffic.Start.Add(traffic.Length)); at = next() {
		if a.open(at, i); a.IntN(3) == 0 {
			a.postcode(at.Add(time.Second), a.shops[i].code)
		}
	}
}

// keptRatings is a town guide that keeps what it was told for some hours, forgets what the list of changes names, and asks again
// when the next visitor comes.
func keptRatings(a Actor) {
	kept, fresh, day := map[int]time.Time{}, a.gap(4*time.Hour, 24*time.Hour), -1
	towns := append(a.towns(int(a.Busy)), a.IntN(len(a.in)))
	for _, at := range a.Awake(a.N(800)) {
		if today := int(at.Sub(traffic.Start) / (24 * time.Hour)); today != day {
			day = today
			for page := range 1 + len(a.changed[day])/perPage {
				a.Get(at.Add(time.Duration(page-60)*time.Second), changes, fmt.Sprintf("/changes/%s/%d", traffic.Day(day-1), page+1))
			}
			for _, i := range a.changed[day] {
				delete(kept, i)
			}
		}
		i := a.local(oneOf(a, towns))
		if a.IntN(20) == 0 {
			i = a.famous()
		}
		if at.Sub(kept[i]) > fresh {
			kept[i] = at
			a.open(at, i)
		}
	}
}

// renewals goes by number through the kitchens that are insured, with a few workers; some have closed since.
func renewals(a Actor) {
	insured, workers, pause := a.Perm(len(a.shops))[:a.N(185)], 2+a.IntN(5), a.gap(300*time.Millisecond, 4*time.Second)
	slices.Sort(insured)
	for day := range 3 {
		from := a.Night(day)
		for n, i := range insured {
			at := from.Add(time.Duration(n/workers)*pause + time.Duration(a.Int64N(int64(2*pause))))
			if i%31 > 0 {
				a.open(at, i)
			} else {
				a.Do(at, "GET", entry, fmt.Sprint("/premises/", a.shops[i].id-30_000), 404)
			}
		}
	}
}

// drops asks before each delivery whether a customer may still sell: every customer is supplied as often as any other.
func drops(a Actor) {
	customers := a.Perm(len(a.shops))[:a.N(170)]
	rounds := a.Moments(a.N(430), func() time.Duration {
		return time.Duration((float64(24*a.IntN(3)) + 3 + 8*a.Float64()) * float64(time.Hour))
	})
	for _, at := range rounds {
		a.open(at, oneOf(a, customers))
	}
}
